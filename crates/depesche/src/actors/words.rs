//! The words by which offices and references back are read: `data/de/actors/words.tsv`.

use crate::engine::BuildError;
use rustc_hash::FxHashMap;

const FILE: &str = "de/actors/words.tsv";
const TABLE: &str = include_str!("../../data/de/actors/words.tsv");

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Adjective: the office is held no more.
    Former,
    /// Adjective: the office is not yet held.
    Designated,
    /// Adjective that is no part of an office's name.
    Current,
    /// Adjective that is part of an office's name.
    Part,
    /// Preposition that makes a capital a place.
    Local,
    /// Plural noun for actors named before.
    Pair,
    /// Noun that takes up a state.
    Country,
    /// Noun that takes up an international organisation.
    Alliance,
    /// Noun that takes up an organisation.
    Organisation,
    /// Noun that takes up a company.
    Company,
    /// Noun that takes up a party.
    Party,
    /// Noun that takes up a court.
    Court,
    /// Noun that takes up a parliament.
    Parliament,
}

impl Class {
    const NAMES: [(&str, Class); 13] = [
        ("former", Class::Former),
        ("designated", Class::Designated),
        ("current", Class::Current),
        ("part", Class::Part),
        ("local", Class::Local),
        ("pair", Class::Pair),
        ("country", Class::Country),
        ("alliance", Class::Alliance),
        ("organisation", Class::Organisation),
        ("company", Class::Company),
        ("party", Class::Party),
        ("court", Class::Court),
        ("parliament", Class::Parliament),
    ];
}

/// The table.
#[derive(Debug)]
pub(super) struct Words {
    forms: FxHashMap<&'static str, Class>,
    /// Ends of words, with their class.
    ends: Vec<(&'static str, Class)>,
}

impl Words {
    /// Reads the table.
    ///
    /// # Errors
    /// If a row is malformed.
    pub(super) fn new() -> Result<Words, BuildError> {
        let mut words = Words { forms: FxHashMap::default(), ends: Vec::new() };
        for (i, row) in TABLE.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let error =
                |message: &str| BuildError::Data { file: FILE.to_string(), line: i + 1, message: message.to_string() };
            let (class, form) = row.split_once('\t').ok_or_else(|| error("expected a class and a form"))?;
            let class = Class::NAMES.iter().find(|n| n.0 == class).ok_or_else(|| error("unknown class"))?.1;
            match form.strip_prefix('-') {
                Some(end) => words.ends.push((end, class)),
                None => {
                    words.forms.insert(form, class);
                }
            }
        }
        Ok(words)
    }

    /// The class of a form as it stands.
    pub(super) fn get(&self, form: &str) -> Option<Class> {
        self.forms.get(form).copied()
    }

    /// The class of an adjective, whatever its ending.
    pub(super) fn adjective(&self, form: &str) -> Option<Class> {
        let lower = form.to_lowercase();
        let mut stems = ["", "e", "en", "er", "es", "em"].iter().filter_map(|e| lower.strip_suffix(e));
        stems.find_map(|stem| {
            let end = || self.ends.iter().find(|(end, _)| stem.ends_with(end)).map(|e| e.1);
            self.get(stem).or_else(end)
        })
    }

    /// The class of a noun that takes up a name: the form, or its end in a compound ("Nachbarland"), in the singular
    /// with or without the ending of the genitive.
    pub(super) fn noun(&self, form: &str) -> Option<Class> {
        ["", "s", "es"].iter().filter_map(|e| form.strip_suffix(e)).find_map(|stem| self.get(stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjectives_are_found_with_any_ending() {
        let words = Words::new().unwrap();
        assert_eq!(words.adjective("ehemaligen"), Some(Class::Former));
        assert_eq!(words.adjective("früherer"), Some(Class::Former));
        assert_eq!(words.adjective("außenpolitische"), Some(Class::Part));
        assert_eq!(words.adjective("grüne"), None);
        assert_eq!(words.noun("Bündnisses"), Some(Class::Alliance));
    }
}
