//! Senses: the word lists in `data/de/senses` in; for a lemma its semantic classes ("attack", "court", "athlete") out.
//!
//! They let the judge carry over what it has learned of some words to others of the same class: whether "erörtern" is
//! a talk, whether the subject of "schlagen" is a team or the police.

use crate::engine::BuildError;
use rustc_hash::FxHashMap;

const NOUNS: (&str, &str) = ("nouns.txt", include_str!("../../data/de/senses/nouns.txt"));
const WORDS: (&str, &str) = ("words.txt", include_str!("../../data/de/senses/words.txt"));
/// A compound's last part must have this many bytes to give its classes.
const SHORTEST_PART: usize = 4;
/// No class.
const NONE: u8 = u8::MAX;

/// The classes of a word, at most three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes([u8; 3]);

impl Classes {
    /// No class at all.
    pub const EMPTY: Classes = Classes([NONE; 3]);

    fn add(&mut self, class: u8) -> bool {
        match self.0.iter_mut().find(|c| **c == NONE) {
            Some(free) => {
                *free = class;
                true
            }
            None => false,
        }
    }

    /// Indices of the classes.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().take_while(|c| *c != NONE)
    }
}

/// The semantic lexicon.
#[derive(Debug, Default)]
pub struct Senses {
    names: Vec<&'static str>,
    nouns: FxHashMap<Box<str>, Classes>,
    words: FxHashMap<&'static str, Classes>,
}

impl Senses {
    /// The word lists in the program.
    ///
    /// # Errors
    /// If a list has a word before its first class, or a word under more than three.
    pub fn german() -> Result<Senses, BuildError> {
        let mut senses = Senses::default();
        for (file, text) in [NOUNS, WORDS] {
            let mut class: Option<u8> = None;
            for (number, line) in text.lines().enumerate() {
                let bad = |message: &str| BuildError::Data {
                    file: file.to_string(),
                    line: number + 1,
                    message: message.to_string(),
                };
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                if let Some(name) = line.strip_prefix("==") {
                    class = Some(senses.class(name.trim()).ok_or_else(|| bad("too many classes"))?);
                    continue;
                }
                let class = class.ok_or_else(|| bad("a word before the first `== class`"))?;
                for word in line.split(',').map(str::trim).filter(|w| !w.is_empty()) {
                    let classes = if file == NOUNS.0 {
                        senses.nouns.entry(word.to_lowercase().into()).or_insert(Classes::EMPTY)
                    } else {
                        senses.words.entry(word).or_insert(Classes::EMPTY)
                    };
                    if !classes.add(class) {
                        return Err(bad("a word under more than three classes"));
                    }
                }
            }
        }
        Ok(senses)
    }

    fn class(&mut self, name: &'static str) -> Option<u8> {
        let at = self.names.iter().position(|n| *n == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        u8::try_from(at).ok().filter(|c| *c != NONE)
    }

    /// Number of classes.
    pub fn class_count(&self) -> usize {
        self.names.len()
    }

    /// The name of a class.
    pub fn name(&self, class: u8) -> &'static str {
        self.names.get(usize::from(class)).copied().unwrap_or("")
    }

    /// The classes of a noun by its lemma in lower case; a compound that is not listed has those of the longest listed
    /// noun at its end.
    pub fn noun(&self, lemma: &str) -> Classes {
        if let Some(found) = self.nouns.get(lemma) {
            return *found;
        }
        let mut rest = lemma;
        while let Some(first) = rest.chars().next() {
            rest = &rest[first.len_utf8()..];
            if rest.len() < SHORTEST_PART {
                break;
            }
            if let Some(found) = self.nouns.get(rest) {
                return *found;
            }
        }
        Classes::EMPTY
    }

    /// The classes of a verb (infinitive with its prefix) or adjective in lower case.
    pub fn word(&self, lemma: &str) -> Classes {
        self.words.get(lemma).copied().unwrap_or(Classes::EMPTY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_take_the_classes_of_their_last_part() {
        let senses = Senses::german().expect("the lists are sound");
        let names = |c: Classes| c.iter().map(|c| senses.name(c)).collect::<Vec<_>>();
        assert!(names(senses.noun("gericht")).contains(&"court"));
        assert_eq!(names(senses.noun("landesverwaltungsgericht")), names(senses.noun("verwaltungsgericht")));
        assert!(names(senses.word("verhandeln")).contains(&"talk"));
        assert_eq!(senses.word("xyz"), Classes::EMPTY);
    }
}
