//! Noun phrases: their extent, and their base form (nominative, without article), which is what actors are called by.

use crate::morphology::{Upos, feats};
use crate::reading::Reading;
use crate::syntax::Deprel;
use std::ops::Range;

fn is_capital(form: &str) -> bool {
    form.starts_with(char::is_uppercase)
}

/// The noun that an adjective modifies: its head in the tree, or the next noun.
pub(super) fn modified(reading: &Reading<'_>, adjective: usize) -> usize {
    let analysis = reading.analysis;
    let sentence = analysis.tokens[adjective].sentence;
    let noun = |i: usize| {
        analysis.tokens.get(i).is_some_and(|t| t.sentence == sentence)
            && match analysis.tokens[i].upos {
                Upos::Noun | Upos::Propn => true,
                Upos::X => is_capital(reading.form(i)),
                _ => false,
            }
    };
    if noun(adjective + 1) {
        return adjective + 1;
    }
    if let Some(head) = analysis.head(adjective).filter(|&h| h > adjective && h - adjective <= 6 && noun(h)) {
        return head;
    }
    (adjective + 1..=adjective + 4).find(|&i| noun(i)).unwrap_or(adjective)
}

/// Whether a token may stand between the article and the noun.
fn is_attribute(reading: &Reading<'_>, i: usize) -> bool {
    let form = reading.form(i);
    match reading.analysis.tokens[i].upos {
        Upos::Adj | Upos::Num => true,
        // Words in -er from places are written as names: "Berliner Polizei".
        Upos::Propn | Upos::Noun => is_capital(form) && form.ends_with("er"),
        _ => false,
    }
}

/// First token of the noun phrase in front of its head, without article and preposition.
pub(super) fn first_of(reading: &Reading<'_>, head: usize) -> usize {
    let sentence = reading.analysis.tokens[head].sentence;
    let inside = |i: usize| reading.analysis.tokens[i].sentence == sentence;
    let mut first = head;
    while first > 0 && head - first < 6 && inside(first - 1) && is_attribute(reading, first - 1) {
        first -= 1;
    }
    first
}

/// Whether the phrase that begins at `first` has a definite article or the like before it.
pub(super) fn is_definite(reading: &Reading<'_>, first: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return false };
    let t = &reading.analysis.tokens[before];
    let form = reading.form(before);
    t.feats.is(&feats::DEFINITE, "Def")
        || matches!(
            form.to_lowercase().as_str(),
            "der" | "die" | "das" | "dem" | "den" | "des" | "im" | "am" | "zum" | "zur" | "vom" | "beim" | "ins"
        )
}

/// Whether a noun phrase is plural: by its number word, or else by the features of its noun.
pub(super) fn is_plural(reading: &Reading<'_>, first: usize, head: usize) -> bool {
    let numeral = (first..head).find(|&i| reading.analysis.tokens[i].upos == Upos::Num);
    match numeral {
        Some(i) => {
            !matches!(reading.form(i).to_lowercase().as_str(), "1" | "ein" | "eine" | "einen" | "einem" | "einer")
        }
        None => reading.analysis.tokens[head].feats.is(&feats::NUMBER, "Plur"),
    }
}

/// The ending of an attribute that stands first in the nominative without an article.
fn strong_ending(reading: &Reading<'_>, first: usize, head: usize) -> &'static str {
    let t = &reading.analysis.tokens[head];
    match t.feats.get(&feats::GENDER) {
        _ if is_plural(reading, first, head) => "e",
        Some("Masc") => "er",
        Some("Neut") => "es",
        _ => "e",
    }
}

/// An adjective with another ending.
fn with_ending(adjective: &str, ending: &str) -> String {
    for old in ["en", "em", "er", "es", "e"] {
        if let Some(stem) = adjective.strip_suffix(old).filter(|s| s.chars().count() > 2) {
            return format!("{stem}{ending}");
        }
    }
    adjective.to_string()
}

/// The phrase's attributes in the nominative, each with a space behind it.
pub(super) fn attributes(reading: &Reading<'_>, first: usize, head: usize) -> String {
    let ending = strong_ending(reading, first, head);
    let mut out = String::new();
    for i in first..head {
        let form = reading.form(i);
        if reading.analysis.tokens[i].upos == Upos::Adj && !form.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(&with_ending(form, ending));
        } else {
            out.push_str(form);
        }
        out.push(' ');
    }
    out
}

/// Ends of nouns for people whose plural is in -e ("Offiziere"); other plurals in -en are the same in all cases
/// ("Demonstranten", "Soldaten").
const STRONG: [&str; 9] = ["ier", "är", "eur", "ling", "ar", "eund", "eind", "ieb", "könig"];

/// A noun in the nominative of its number.
pub(super) fn nominative(reading: &Reading<'_>, first: usize, head: usize) -> String {
    let form = reading.form(head);
    let t = &reading.analysis.tokens[head];
    let lemma = reading.lemma(head);
    let case = t.feats.get(&feats::CASE);
    if !is_plural(reading, first, head) {
        let known = t.feats.is(&feats::NUMBER, "Sing") && is_capital(lemma);
        return if known { lemma.to_string() } else { form.to_string() };
    }
    // The dative plural's ending: "Kritikern", "Offizieren", but not "Soldaten".
    let dative =
        case == Some("Dat") || reading.analysis.tokens[first..head].iter().any(|t| t.feats.is(&feats::CASE, "Dat"));
    let strong = |stem: &str| {
        stem.strip_suffix('e') == Some(lemma) && STRONG.iter().any(|ending| lemma.to_lowercase().ends_with(ending))
    };
    match form.strip_suffix('n') {
        Some(stem) if dative && (stem.ends_with("er") || stem.ends_with("el") || strong(stem)) => stem.to_string(),
        _ => form.to_string(),
    }
}

/// Words that begin a genitive.
const GENITIVE: [&str; 10] = ["der", "des", "eines", "einer", "ihrer", "ihres", "seiner", "seines", "dieser", "dieses"];

/// The bytes of a short genitive right behind a noun or number, from its end on: " der Opposition" in "Anhänger der
/// Opposition", " ihrer Redakteure" in "zwei ihrer Redakteure".
pub(super) fn genitive_behind(reading: &Reading<'_>, head: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 4;
    let analysis = reading.analysis;
    let article = analysis.tokens.get(head + 1)?;
    if article.upos != Upos::Det || !GENITIVE.contains(&reading.form(head + 1)) {
        return None;
    }
    let noun = analysis.children(head).iter().map(|c| *c as usize).find(|c| {
        let t = &analysis.tokens[*c];
        *c > head + 1 && *c <= head + LONGEST && t.deprel == Deprel::Nmod && analysis.head(head + 1) == Some(*c)
    })?;
    Some(analysis.tokens[head].end as usize..analysis.tokens[noun].end as usize)
}

/// A name as it is called, whatever space stands between its words in the text.
pub(super) fn single_spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The base form of a name of several words: adjectives and genitives in the nominative.
pub(super) fn base_of_name(reading: &Reading<'_>, first: usize, last: usize) -> String {
    let tokens = &reading.analysis.tokens;
    let name = &reading.text[tokens[first].start as usize..tokens[last].end as usize];
    let lemma = reading.lemma(last);
    // A genitive shows at the head; in names of several words the head is not known for sure, so only single words
    // and adjectives before one noun are put into the nominative.
    if first == last {
        let genitive = tokens[last].feats.is(&feats::CASE, "Gen");
        return if genitive && is_capital(lemma) { lemma.to_string() } else { name.to_string() };
    }
    if (first..last).all(|i| tokens[i].upos == Upos::Adj) {
        return attributes(reading, first, last) + &nominative(reading, first, last);
    }
    single_spaced(name)
}
