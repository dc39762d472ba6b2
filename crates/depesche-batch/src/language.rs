//! Which language a text is in, so that foreign articles of an archive are not read as German.

use whatlang::{Lang, detect};

/// Texts with fewer letters than this are taken as they are: too little to tell.
const MIN_LETTERS: usize = 60;
/// How much of a text is looked at, in characters.
const SAMPLE: usize = 2_000;

/// The ISO 639-3 code of the language if the text is certainly not German.
pub fn foreign(text: &str) -> Option<&'static str> {
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    let sample = &text[..end];
    if sample.chars().filter(|c| c.is_alphabetic()).take(MIN_LETTERS).count() < MIN_LETTERS {
        return None;
    }
    let found = detect(sample)?;
    (found.lang() != Lang::Deu && found.is_reliable()).then(|| found.lang().code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_articles_are_told_from_german_ones() {
        let german = "Der Minister reiste am Montag nach Bonn, um mit seinem Amtskollegen über die Lage zu beraten.";
        let english =
            "The minister travelled to Bonn on Monday to talk with his counterpart about the situation there.";
        let french = "Le ministre s'est rendu lundi à Bonn pour discuter de la situation avec son homologue allemand.";
        assert_eq!(foreign(german), None);
        assert_eq!(foreign(english), Some("eng"));
        assert_eq!(foreign(french), Some("fra"));
        assert_eq!(foreign("Talks in Bonn"), None);
    }
}
