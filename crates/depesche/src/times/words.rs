//! The words that time expressions are made of: `words.tsv` in, a table from word forms to their classes out.

use crate::engine::BuildError;
use rustc_hash::FxHashMap;

const FILE: &str = "data/de/times/words.tsv";
const SOURCE: &str = include_str!("../../data/de/times/words.tsv");

/// The endings that `~` stands for in the data files, and that adjectives without a class are known by.
pub(super) const ADJECTIVE_ENDINGS: [&str; 5] = ["e", "en", "er", "es", "em"];

/// What a word can mean in a time expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Sense {
    /// Class of the word; an index of [`Words`].
    pub class: u16,
    /// The value as it stands in the table; an index of [`Words`].
    pub symbol: u16,
    /// The value as a number: hundredths for numerals, the plain number elsewhere, 0 for names.
    pub number: i32,
    /// Whether the sense needs the start of a sentence: a capital that another word owns ("Morgen").
    pub initial: bool,
}

/// Word forms and their senses.
#[derive(Debug, Default)]
pub(super) struct Words {
    classes: Vec<Box<str>>,
    class_ids: FxHashMap<Box<str>, u16>,
    symbols: Vec<Box<str>>,
    symbol_ids: FxHashMap<Box<str>, u16>,
    forms: FxHashMap<Box<str>, Vec<Sense>>,
    folded: FxHashMap<Box<str>, Vec<Sense>>,
    /// By class: forms of several words.
    phrases: FxHashMap<u16, Vec<(Vec<u16>, Sense)>>,
}

/// An error in a data file of this room.
pub(super) fn bad_row(file: &str, line: usize, message: impl Into<String>) -> BuildError {
    BuildError::Data { file: file.to_string(), line, message: message.into() }
}

/// The rows of a table that say something, with line numbers and columns.
pub(super) fn rows(source: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    source
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|(i, l)| (i + 1, l.split('\t').map(str::trim).collect()))
}

impl Words {
    pub fn new() -> Result<Words, BuildError> {
        Words::parse(FILE, SOURCE)
    }

    pub fn parse(file: &str, source: &str) -> Result<Words, BuildError> {
        let mut words = Words::default();
        words.symbol("");
        let mut plain: Vec<(Box<str>, Sense)> = Vec::new();
        for (line, columns) in rows(source) {
            let [class, value, forms] = columns[..] else {
                return Err(bad_row(file, line, "expected three columns: class, value, forms"));
            };
            let named = |c: char| c.is_ascii_uppercase() || c == '_';
            if class.is_empty() || !class.chars().all(named) {
                return Err(bad_row(file, line, format!("`{class}` is no class; classes are CAPITALS")));
            }
            if value == "+" {
                words.compose(class, forms, &mut plain).map_err(|m| bad_row(file, line, m))?;
                continue;
            }
            let sense = words.sense(class, value).map_err(|m| bad_row(file, line, m))?;
            for form in forms.split(' ').filter(|f| !f.is_empty()) {
                if form.contains('_') {
                    words.phrase(form, sense);
                    continue;
                }
                for form in inflected(form) {
                    plain.push((form.into(), sense));
                }
            }
        }
        words.index(plain);
        Ok(words)
    }

    /// A sense with this value in the table's notation.
    pub fn sense(&mut self, class: &str, value: &str) -> Result<Sense, String> {
        let number = if class == "NUM" || class.starts_with("NUM_") {
            hundredths(value).ok_or_else(|| format!("`{value}` is no number"))?
        } else {
            value.parse().unwrap_or(0)
        };
        Ok(Sense { class: self.class(class), symbol: self.symbol(value), number, initial: false })
    }

    /// "Dienstagabend": every form of the first class before every form of the second. The compound has the number
    /// of the first and the symbol of the second.
    fn compose(&mut self, class: &str, parts: &str, plain: &mut Vec<(Box<str>, Sense)>) -> Result<(), String> {
        let Some((first, second)) = parts.split_once(' ') else {
            return Err("expected the two classes that are composed".to_string());
        };
        let of = |name: &str, words: &Words| {
            let id = words.class_ids.get(name).copied();
            let forms: Vec<_> = plain.iter().filter(|(_, s)| Some(s.class) == id).cloned().collect();
            if forms.is_empty() { Err(format!("no forms of class `{name}` above this row")) } else { Ok(forms) }
        };
        let (first, second) = (of(first, self)?, of(second, self)?);
        let class = self.class(class);
        for (a, x) in &first {
            for (b, y) in &second {
                let form = format!("{a}{}", b.to_lowercase());
                plain.push((form.into(), Sense { class, symbol: y.symbol, number: x.number, initial: false }));
            }
        }
        Ok(())
    }

    fn phrase(&mut self, form: &str, sense: Sense) {
        let parts = form.split('_').map(|w| self.literal(w)).collect();
        self.phrases.entry(sense.class).or_default().push((parts, sense));
    }

    fn index(&mut self, plain: Vec<(Box<str>, Sense)>) {
        let add = |table: &mut FxHashMap<Box<str>, Vec<Sense>>, form: &str, sense: Sense| {
            let senses = table.entry(form.into()).or_default();
            if !senses.iter().any(|s| s.class == sense.class) {
                senses.push(sense);
            }
        };
        let mut capital = Vec::new();
        for (form, sense) in &plain {
            add(&mut self.forms, form, *sense);
            add(&mut self.folded, &form.to_lowercase(), *sense);
            if form.starts_with(char::is_lowercase) {
                capital.push((capitalised(form), *sense));
            }
        }
        let owned: Vec<bool> = capital.iter().map(|(form, _)| self.forms.contains_key(form.as_str())).collect();
        for ((form, sense), owned) in capital.into_iter().zip(owned) {
            add(&mut self.forms, &form, Sense { initial: owned, ..sense });
        }
    }

    /// The class of a word that a rule names by its form.
    pub fn literal(&mut self, word: &str) -> u16 {
        let lower = word.to_lowercase();
        let class = self.class(&lower);
        let sense = Sense { class, symbol: 0, number: 0, initial: false };
        for form in [lower.clone(), capitalised(&lower), word.to_string()] {
            let senses = self.forms.entry(form.into()).or_default();
            if !senses.iter().any(|s| s.class == class) {
                senses.push(sense);
            }
        }
        let senses = self.folded.entry(lower.into()).or_default();
        if !senses.iter().any(|s| s.class == class) {
            senses.push(sense);
        }
        class
    }

    /// The number of a class; a new one if there is none of that name.
    pub fn class(&mut self, name: &str) -> u16 {
        intern(&mut self.classes, &mut self.class_ids, name)
    }

    /// The number of a class that has words.
    pub fn known_class(&self, name: &str) -> Option<u16> {
        self.class_ids.get(name).copied()
    }

    /// Number of classes.
    pub fn class_count(&self) -> usize {
        self.classes.len()
    }

    /// The name of a class.
    pub fn class_name(&self, class: u16) -> &str {
        self.classes.get(class as usize).map_or("", |c| c)
    }

    fn symbol(&mut self, name: &str) -> u16 {
        intern(&mut self.symbols, &mut self.symbol_ids, name)
    }

    /// A value as it stands in the table.
    pub fn symbol_name(&self, symbol: u16) -> &str {
        self.symbols.get(symbol as usize).map_or("", |s| s)
    }

    /// The forms of a class that have several words, each word as the class of its literal.
    pub fn phrases(&self, class: u16) -> &[(Vec<u16>, Sense)] {
        self.phrases.get(&class).map_or(&[], |p| p)
    }

    /// The senses of a word as it is written; words in capitals are read in any case.
    pub fn senses(&self, word: &str) -> &[Sense] {
        if let Some(senses) = self.forms.get(word) {
            return senses;
        }
        let capitals = word.chars().nth(1).is_some_and(char::is_uppercase);
        if capitals { self.folded.get(word.to_lowercase().as_str()).map_or(&[], |s| s) } else { &[] }
    }
}

fn intern(names: &mut Vec<Box<str>>, ids: &mut FxHashMap<Box<str>, u16>, name: &str) -> u16 {
    if let Some(&id) = ids.get(name) {
        return id;
    }
    let id = names.len() as u16;
    names.push(name.into());
    ids.insert(name.into(), id);
    id
}

fn capitalised(form: &str) -> String {
    let mut chars = form.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The forms that a form with `~` stands for: an adjective's endings.
fn inflected(form: &str) -> Vec<String> {
    match form.strip_suffix('~') {
        Some(stem) => {
            let stem = stem.strip_suffix('e').unwrap_or(stem);
            [""].iter().chain(&ADJECTIVE_ENDINGS).map(|e| format!("{stem}{e}")).collect()
        }
        None => vec![form.to_string()],
    }
}

/// A numeral's value in hundredths; `X` (unknown) is -1.
fn hundredths(value: &str) -> Option<i32> {
    if value == "X" {
        return Some(-1);
    }
    let (whole, decimals) = value.split_once('.').unwrap_or((value, "0"));
    let decimals: i32 = format!("{decimals:0<2}").parse().ok()?;
    whole.parse::<i32>().ok()?.checked_mul(100)?.checked_add(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes<'w>(words: &'w Words, form: &str) -> Vec<(&'w str, bool)> {
        words.senses(form).iter().map(|s| (words.class_name(s.class), s.initial)).collect()
    }

    #[test]
    fn capitals_belong_to_nouns_first() {
        let words = Words::parse("t", "PART\tMO\tMorgen\nDAY\t1\tmorgen\nDAY\t0\theute\n").unwrap();
        assert_eq!(classes(&words, "Morgen"), [("PART", false), ("DAY", true)]);
        assert_eq!(classes(&words, "morgen"), [("DAY", false)]);
        assert_eq!(classes(&words, "Heute"), [("DAY", false)]);
        assert_eq!(classes(&words, "MORGEN").len(), 2);
    }

    #[test]
    fn inflects_composes_and_counts() {
        let table = "NUM\t1.5\tanderthalb~\nWEEKDAY\t2\tDienstag\nPART\tEV\tAbend\nWEEKDAY_PART\t+\tWEEKDAY PART\n";
        let words = Words::parse("t", table).unwrap();
        assert_eq!(words.senses("anderthalben")[0].number, 150);
        let evening = words.senses("Dienstagabend")[0];
        assert_eq!((evening.number, words.symbol_name(evening.symbol)), (2, "EV"));
    }

    #[test]
    fn malformed_rows_are_named() {
        for (table, message) in [
            ("# fine\nNUM\tzwei\tzwei\n", "t:2: `zwei` is no number"),
            ("NUM\t2\n", "t:1: expected three columns: class, value, forms"),
            ("Num\t2\tzwei\n", "t:1: `Num` is no class; classes are CAPITALS"),
            ("A\t+\tB C\n", "t:1: no forms of class `B` above this row"),
        ] {
            assert_eq!(Words::parse("t", table).unwrap_err().to_string(), message);
        }
    }
}
