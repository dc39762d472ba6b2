//! The words by which offices and references back are read: `data/de/actors/words.tsv`.

use crate::engine::BuildError;
use crate::record::Sector;
use rustc_hash::FxHashMap;

const FILE: &str = "de/actors/words.tsv";
const TABLE: &str = include_str!("../../data/de/actors/words.tsv");
const SECTORS_FILE: &str = "de/actors/sectors.tsv";
const SECTORS: &str = include_str!("../../data/de/actors/sectors.tsv");

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
    /// Noun for somebody with the same office elsewhere.
    Counterpart,
    /// Noun that states no office.
    NoRole,
    /// Preposition that makes a capital a place.
    Local,
    /// Preposition before whom something is done with or against: a capital behind it is a government.
    Toward,
    /// Verb that says of a capital what it says of a town.
    Town,
    /// Adjective: not of the state that the text is about.
    Abroad,
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
    const NAMES: [(&str, Class); 18] = [
        ("former", Class::Former),
        ("designated", Class::Designated),
        ("current", Class::Current),
        ("part", Class::Part),
        ("counterpart", Class::Counterpart),
        ("no-role", Class::NoRole),
        ("local", Class::Local),
        ("toward", Class::Toward),
        ("town", Class::Town),
        ("abroad", Class::Abroad),
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
    /// Words of organisations' names and ends of such words (with a hyphen), with the sector that they tell.
    sectors: Vec<(&'static str, Sector)>,
    /// Adjectives before nouns for actors, without ending, with the sector that they tell.
    adjectives: FxHashMap<&'static str, Sector>,
}

fn error(file: &str, line: usize, message: &str) -> BuildError {
    BuildError::Data { file: file.to_string(), line, message: message.to_string() }
}

/// An adjective without each ending that it may have.
fn stems(adjective: &str) -> impl Iterator<Item = &str> {
    ["", "e", "en", "er", "es", "em"].into_iter().filter_map(|e| adjective.strip_suffix(e))
}

/// The rows of a table of two columns: line, first cell, second cell.
fn rows(
    file: &'static str,
    table: &'static str,
) -> impl Iterator<Item = (usize, &'static str, Result<&'static str, BuildError>)> {
    table.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')).map(move |(i, row)| {
        let (a, b) = row.split_once('\t').unwrap_or((row, ""));
        (i + 1, a, if b.is_empty() { Err(error(file, i + 1, "expected two columns")) } else { Ok(b) })
    })
}

impl Words {
    /// Reads the table.
    ///
    /// # Errors
    /// If a row is malformed.
    pub(super) fn new() -> Result<Words, BuildError> {
        let mut words = Words {
            forms: FxHashMap::default(),
            ends: Vec::new(),
            sectors: Vec::new(),
            adjectives: FxHashMap::default(),
        };
        for (line, class, form) in rows(FILE, TABLE) {
            let form = form?;
            let class = Class::NAMES.iter().find(|n| n.0 == class).ok_or_else(|| error(FILE, line, "unknown class"))?;
            match form.strip_prefix('-') {
                Some(end) => words.ends.push((end, class.1)),
                None => {
                    words.forms.insert(form, class.1);
                }
            }
        }
        for (line, sector, word) in rows(SECTORS_FILE, SECTORS) {
            let sector = Sector::parse(sector).ok_or_else(|| error(SECTORS_FILE, line, "unknown sector"))?;
            let word = word?;
            match word.strip_prefix('~') {
                Some(adjective) => {
                    words.adjectives.insert(adjective, sector);
                }
                None => words.sectors.push((word, sector)),
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
        stems(&form.to_lowercase()).find_map(|stem| {
            let end = || self.ends.iter().find(|(end, _)| stem.ends_with(end)).map(|e| e.1);
            self.get(stem).or_else(end)
        })
    }

    /// The sector that an adjective tells of the actors that it describes ("oppositionelle"), whatever its ending.
    pub(super) fn sector_of_adjective(&self, form: &str) -> Option<Sector> {
        stems(&form.to_lowercase()).find_map(|stem| self.adjectives.get(stem).copied())
    }

    /// The sector that a name of an organisation tells; of several words the last counts.
    pub(super) fn sector_of(&self, name: &str) -> Option<Sector> {
        name.split_whitespace().rev().find_map(|word| {
            let lower = word.to_lowercase();
            let tells = |(known, _): &&(&str, Sector)| match known.strip_prefix('-') {
                Some(end) => lower.ends_with(end),
                None => *known == word,
            };
            self.sectors.iter().find(tells).map(|s| s.1)
        })
    }

    /// The class of a noun that takes up a name: the form, or its end in a compound ("Nachbarland"), in the singular
    /// with or without the ending of the genitive.
    pub(super) fn noun(&self, form: &str) -> Option<Class> {
        ["", "s", "es", "ses"].iter().filter_map(|e| form.strip_suffix(e)).find_map(|stem| self.get(stem))
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
