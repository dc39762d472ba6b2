//! The cue lexicon: what announces speech, writing and thought, read from `data/de/cues/`.

use crate::engine::BuildError;
use crate::record::{Medium, Stance};
use rustc_hash::FxHashMap;

const VERBS: &str = include_str!("../../data/de/cues/verbs.tsv");
const NOUNS: &str = include_str!("../../data/de/cues/nouns.tsv");
const PHRASES: &str = include_str!("../../data/de/cues/phrases.tsv");
const STANCE: &str = include_str!("../../data/de/cues/stance.tsv");

/// What the content of a cue can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Patterns(u16);

impl Patterns {
    pub(super) const DIRECT: Patterns = Patterns(1);
    pub(super) const DASS: Patterns = Patterns(2);
    pub(super) const V2: Patterns = Patterns(4);
    pub(super) const ZU: Patterns = Patterns(8);
    pub(super) const ACC: Patterns = Patterns(16);
    pub(super) const ALS: Patterns = Patterns(32);

    /// Whether a content of kind `other` is allowed.
    pub(super) fn allow(self, other: Patterns) -> bool {
        self.0 & other.0 != 0
    }

    fn with(self, other: Patterns) -> Patterns {
        Patterns(self.0 | other.0)
    }
}

/// Which argument of a verb speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Subject,
    Object,
    Dative,
    With(&'static str),
    Nobody,
}

/// How surely a cue announces speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Only beside a quotation.
    Weak,
    /// With a clause as content.
    Medium,
    /// By itself.
    Strong,
}

/// A verb that announces speech, with the words that must stand with it.
#[derive(Debug)]
pub(super) struct Verb {
    /// Words besides the verb ("Ausdruck" of "zum Ausdruck bringen"), without "sich".
    pub(super) words: Vec<&'static str>,
    pub(super) reflexive: bool,
    pub(super) patterns: Patterns,
    pub(super) prepositions: Vec<&'static str>,
    pub(super) medium: Medium,
    pub(super) strength: Strength,
    pub(super) stance: Stance,
    pub(super) speaker: Role,
    pub(super) addressee: Role,
}

/// A noun or predicative adjective that announces speech.
#[derive(Debug, Clone)]
pub(super) struct Noun {
    /// Behind "laut", "nach" and their like.
    pub(super) source: bool,
    /// With a finite clause.
    pub(super) clause: bool,
    /// With an infinitive.
    pub(super) infinitive: bool,
    /// With "sein".
    pub(super) predicate: bool,
    /// A person or a group of persons.
    pub(super) person: bool,
    /// A medium or a document: what comes from it has its medium.
    pub(super) writes: bool,
    /// A text or an occasion in which words are written or said.
    pub(super) occasion: bool,
    pub(super) medium: Medium,
    pub(super) strength: Strength,
    pub(super) stance: Stance,
}

/// Where a phrase stands to the name of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    After,
    Either,
    So,
    Continuation,
}

/// A word that announces a source without a verb.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) place: Place,
    /// Whether any noun can follow, or only one that is a source itself.
    pub(super) any: bool,
    pub(super) medium: Medium,
}

/// The whole lexicon.
#[derive(Debug, Default)]
pub(super) struct Cues {
    verbs: FxHashMap<&'static str, Vec<Verb>>,
    nouns: FxHashMap<&'static str, Noun>,
    phrases: FxHashMap<&'static str, Phrase>,
    attitudes: FxHashMap<&'static str, Stance>,
}

/// A row's columns with what is needed to complain about it.
struct Row {
    file: &'static str,
    line: usize,
    columns: Vec<&'static str>,
}

impl Row {
    fn fail(&self, message: String) -> BuildError {
        BuildError::Data { file: self.file.to_string(), line: self.line, message }
    }

    fn medium(&self, i: usize) -> Result<Medium, BuildError> {
        Ok(match self.columns[i] {
            "speech" => Medium::Speech,
            "thought" => Medium::Thought,
            "writing" => Medium::Writing,
            "speech-thought" => Medium::SpeechThought,
            "speech-writing" => Medium::SpeechWriting,
            "thought-writing" => Medium::ThoughtWriting,
            other => return Err(self.fail(format!("`{other}` is no medium"))),
        })
    }

    fn strength(&self, i: usize) -> Result<Strength, BuildError> {
        Ok(match self.columns[i] {
            "1" => Strength::Weak,
            "2" => Strength::Medium,
            "3" => Strength::Strong,
            other => return Err(self.fail(format!("`{other}` is no strength; expected 1, 2 or 3"))),
        })
    }

    fn stance(&self, i: usize) -> Result<Stance, BuildError> {
        Ok(match self.columns[i] {
            "supportive" => Stance::Supportive,
            "critical" => Stance::Critical,
            "demanding" => Stance::Demanding,
            "warning" => Stance::Warning,
            "neutral" => Stance::Neutral,
            other => return Err(self.fail(format!("`{other}` is no stance"))),
        })
    }

    fn role(&self, i: usize) -> Role {
        match self.columns[i] {
            "-" => Role::Nobody,
            "subj" => Role::Subject,
            "acc" | "obj" => Role::Object,
            "dat" => Role::Dative,
            preposition => Role::With(preposition),
        }
    }
}

/// The rows of a table that have one of the allowed numbers of columns.
fn rows(
    file: &'static str,
    table: &'static str,
    columns: std::ops::RangeInclusive<usize>,
) -> impl Iterator<Item = Result<Row, BuildError>> {
    table.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')).map(move |(n, l)| {
        let row = Row { file, line: n + 1, columns: l.split('\t').collect() };
        if columns.contains(&row.columns.len()) {
            Ok(row)
        } else {
            Err(row.fail(format!(
                "expected {} columns separated by tabs, found {}",
                columns.start(),
                row.columns.len()
            )))
        }
    })
}

impl Cues {
    /// The lexicon in the program.
    ///
    /// # Errors
    /// The first malformed row.
    pub(super) fn new() -> Result<Cues, BuildError> {
        let mut out = Cues::read(VERBS, NOUNS, PHRASES)?;
        for row in rows("cues/stance.tsv", STANCE, 2..=2) {
            let row = row?;
            let stance = row.stance(0)?;
            out.attitudes.extend(row.columns[1].split(' ').map(|word| (word, stance)));
        }
        Ok(out)
    }

    fn read(verbs: &'static str, nouns: &'static str, phrases: &'static str) -> Result<Cues, BuildError> {
        let mut out = Cues::default();
        for row in rows("cues/verbs.tsv", verbs, 6..=7) {
            out.add_verb(&row?)?;
        }
        for row in rows("cues/nouns.tsv", nouns, 5..=5) {
            out.add_noun(&row?)?;
        }
        for row in rows("cues/phrases.tsv", phrases, 4..=4) {
            out.add_phrase(&row?)?;
        }
        // The row that asks for most words is tried first.
        for verbs in out.verbs.values_mut() {
            verbs.sort_by_key(|v| std::cmp::Reverse((v.words.len(), v.reflexive)));
        }
        Ok(out)
    }

    fn add_verb(&mut self, row: &Row) -> Result<(), BuildError> {
        let mut words: Vec<&str> = row.columns[0].split(' ').collect();
        let Some(lemma) = words.pop().filter(|l| !l.is_empty()) else {
            return Err(row.fail("the verb is missing".to_string()));
        };
        let reflexive = words.contains(&"sich");
        words.retain(|w| *w != "sich");
        let (mut patterns, mut prepositions) = (Patterns::default(), Vec::new());
        for pattern in row.columns[1].split(',') {
            patterns = patterns.with(match pattern {
                "direct" => Patterns::DIRECT,
                "dass" => Patterns::DASS,
                "v2" => Patterns::V2,
                "zu" => Patterns::ZU,
                "acc" => Patterns::ACC,
                "als" => Patterns::ALS,
                _ => Patterns::default(),
            });
            match pattern {
                "zu" | "von" | "über" | "vor" | "für" | "gegen" | "auf" | "an" | "um" | "mit" | "nach" | "aus"
                | "bei" | "in" => prepositions.push(pattern),
                "direct" | "dass" | "v2" | "acc" | "als" => {}
                other => return Err(row.fail(format!("`{other}` is no pattern"))),
            }
        }
        let verb = Verb {
            words,
            reflexive,
            patterns,
            prepositions,
            medium: row.medium(2)?,
            strength: row.strength(3)?,
            stance: row.stance(4)?,
            addressee: row.role(5),
            speaker: if row.columns.len() > 6 { row.role(6) } else { Role::Subject },
        };
        self.verbs.entry(lemma).or_default().push(verb);
        Ok(())
    }

    fn add_noun(&mut self, row: &Row) -> Result<(), BuildError> {
        let uses = row.columns[1];
        let known = ["source", "clause", "zu", "predicate", "person", "writes", "occasion"];
        if let Some(other) = uses.split(',').find(|u| !known.contains(u)) {
            return Err(row.fail(format!("`{other}` is no use of a noun")));
        }
        let has = |name: &str| uses.split(',').any(|u| u == name);
        let noun = Noun {
            source: has("source"),
            clause: has("clause"),
            infinitive: has("zu"),
            predicate: has("predicate"),
            person: has("person"),
            writes: has("writes"),
            occasion: has("occasion"),
            medium: row.medium(2)?,
            strength: row.strength(3)?,
            stance: row.stance(4)?,
        };
        self.nouns.insert(row.columns[0], noun);
        Ok(())
    }

    fn add_phrase(&mut self, row: &Row) -> Result<(), BuildError> {
        let place = match row.columns[1] {
            "before" => Place::Before,
            "after" => Place::After,
            "either" => Place::Either,
            "so" => Place::So,
            "continuation" => Place::Continuation,
            other => return Err(row.fail(format!("`{other}` is no place"))),
        };
        let any = match row.columns[2] {
            "any" => true,
            "noun" => false,
            other => return Err(row.fail(format!("`{other}` is no kind of source; expected any or noun"))),
        };
        self.phrases.insert(row.columns[0], Phrase { place, any, medium: row.medium(3)? });
        Ok(())
    }

    /// The rows of a verb, those that ask for most words first.
    pub(super) fn verbs(&self, lemma: &str) -> &[Verb] {
        self.verbs.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// The row of a noun or adjective; a compound goes with its last part ("Polizeiangabe": "Angabe"), a woman with the
    /// masculine.
    pub(super) fn noun(&self, lemma: &str) -> Option<&Noun> {
        self.compound(lemma).or_else(|| self.compound(lemma.strip_suffix("in")?).filter(|n| n.person))
    }

    fn compound(&self, lemma: &str) -> Option<&Noun> {
        if let Some(found) = self.nouns.get(lemma) {
            return Some(found);
        }
        let starts = lemma.char_indices().map(|(at, _)| at).filter(|at| *at >= 3 && at + 4 <= lemma.len());
        for at in starts {
            let rest = &lemma[at..];
            let first = rest.chars().next()?;
            if first == '-' {
                if let Some(found) = self.nouns.get(&rest[1..]) {
                    return Some(found);
                }
            } else if rest.len() >= 5 {
                let upper: String = first.to_uppercase().chain(rest[first.len_utf8()..].chars()).collect();
                if let Some(found) = self.nouns.get(upper.as_str()) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// The row of a phrase in lower case.
    pub(super) fn phrase(&self, words: &str) -> Option<&Phrase> {
        self.phrases.get(words)
    }

    /// The attitude that a word in the content of a statement shows.
    pub(super) fn attitude(&self, lemma: &str) -> Option<Stance> {
        self.attitudes.get(lemma).copied()
    }

    /// Number of rows.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.verbs.values().map(Vec::len).sum::<usize>() + self.nouns.len() + self.phrases.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_large_and_well_formed() {
        assert!(Cues::new().unwrap().len() >= 500);
    }

    #[test]
    fn rows_say_what_is_wrong_with_them() {
        let read = |verbs| Cues::read(verbs, "", "").unwrap_err().to_string();
        assert_eq!(read("sagen\tdirect\n"), "cues/verbs.tsv:1: expected 6 columns separated by tabs, found 2");
        assert!(read("#\nsagen\tdirekt\tspeech\t3\tneutral\t-\n").contains("verbs.tsv:2: `direkt` is no pattern"));
        assert!(read("sagen\tdirect\tspeech\t9\tneutral\t-\n").contains("`9` is no strength"));
        assert!(Cues::read("", "Wort\tquelle\tspeech\t3\tneutral\n", "").is_err());
        assert!(Cues::read("", "", "laut\tdavor\tany\tspeech\n").is_err());
    }

    #[test]
    fn longer_rows_come_first_and_compounds_are_understood() {
        let cues = Cues::new().unwrap();
        let bringen = cues.verbs("bringen");
        assert!(bringen.iter().all(|v| !v.words.is_empty()));
        assert!(cues.verbs("wenden").iter().all(|v| v.reflexive));
        assert!(cues.noun("Polizeiangabe").is_some_and(|n| n.source));
        assert!(cues.noun("HIS-Studie").is_some_and(|n| n.medium == Medium::Writing));
        assert!(cues.noun("Haus").is_none());
    }
}
