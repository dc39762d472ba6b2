//! The word lists that splitting needs, read from the data files.

use crate::engine::BuildError;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a full stop behind an abbreviation may mean beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Never ends a sentence.
    Inner,
    /// Is an abbreviation only before a digit.
    Number,
    /// Is an abbreviation only behind a number, and may end a sentence.
    Unit,
    /// May end a sentence.
    Final,
    /// Has its full stop inside.
    Whole,
}

/// Abbreviations, first words of sentences, endings of host names.
#[derive(Debug)]
pub(super) struct Words {
    abbreviations: FxHashMap<Box<str>, Abbreviation>,
    starters: FxHashSet<&'static str>,
    domains: FxHashSet<&'static str>,
}

/// Longer candidates are not looked up.
const LONGEST: usize = 24;

impl Words {
    pub(super) fn new() -> Result<Words, BuildError> {
        Ok(Words {
            abbreviations: abbreviations("abbreviations.tsv", include_str!("../../data/de/abbreviations.tsv"))?,
            starters: rows(include_str!("../../data/de/sentence_starters.txt")).map(|(_, w)| w).collect(),
            domains: rows(include_str!("../../data/de/domain_endings.txt")).map(|(_, w)| w).collect(),
        })
    }

    /// The kind of an abbreviation, given with its full stop.
    pub(super) fn abbreviation(&self, form: &str) -> Option<Abbreviation> {
        if form.len() > LONGEST {
            return None;
        }
        self.abbreviations.get(form).copied()
    }

    /// Whether a capitalised word marks the beginning of a sentence.
    pub(super) fn starts_sentence(&self, word: &str) -> bool {
        self.starters.contains(word)
    }

    /// Whether a host name may end so.
    pub(super) fn is_domain(&self, ending: &str) -> bool {
        self.domains.contains(ending)
    }
}

/// The rows of a data file with their line numbers, without comments and empty lines.
fn rows(file: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    file.lines().enumerate().map(|(k, l)| (k + 1, l.trim_end())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
}

fn abbreviations(name: &str, file: &'static str) -> Result<FxHashMap<Box<str>, Abbreviation>, BuildError> {
    let mut out = FxHashMap::default();
    for (line, row) in rows(file) {
        let malformed = |message: String| BuildError::Data { file: name.to_string(), line, message };
        let Some((form, kind)) = row.split_once('\t') else {
            return Err(malformed("expected an abbreviation, a tab and its kind".to_string()));
        };
        let kind = match kind {
            "title" | "inner" => Abbreviation::Inner,
            "number" => Abbreviation::Number,
            "unit" => Abbreviation::Unit,
            "final" => Abbreviation::Final,
            "whole" => Abbreviation::Whole,
            _ => return Err(malformed(format!("`{kind}` is none of title, inner, number, unit, final, whole"))),
        };
        out.insert(form.into(), kind);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_rows_name_file_and_line() {
        let err = abbreviations("a.tsv", "# Kommentar\nDr.\ttitle\nusw.\tvielleicht\n").unwrap_err();
        assert!(err.to_string().starts_with("a.tsv:3: `vielleicht`"), "{err}");
        assert!(abbreviations("a.tsv", "Dr. title\n").is_err());
    }
}
