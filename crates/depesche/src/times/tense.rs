//! Tense: the words round a time expression in, whether its clause looks back or ahead out. Trees and tags are not
//! needed: the nearest finite verb is found by a word list and by the endings of weak verbs.

use super::matching::{Atom, Atoms};
use super::words::{bad_row, rows};
use crate::engine::BuildError;
use rustc_hash::FxHashMap;

const FILE: &str = "data/de/times/tense.tsv";
const SOURCE: &str = include_str!("../../data/de/times/tense.tsv");
/// How many words are looked at on each side.
const WINDOW: usize = 25;
/// What a comma adds to the distance, since the verb of another clause says less.
const COMMA: usize = 6;

/// Where the verb places its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    Future,
    /// No verb, or one that says nothing.
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Past,
    Future,
    Present,
    /// "hat": past with a participle, otherwise present.
    Auxiliary,
    /// Looks like a weak preterite but is none.
    Nothing,
    /// An article: behind it "geplante" is an adjective.
    Article,
}

/// Signs of tense by word form.
#[derive(Debug)]
pub(super) struct Tenses {
    forms: FxHashMap<Box<str>, Sign>,
}

impl Tenses {
    pub fn new() -> Result<Tenses, BuildError> {
        Tenses::parse(FILE, SOURCE)
    }

    fn parse(file: &str, source: &str) -> Result<Tenses, BuildError> {
        let mut forms = FxHashMap::default();
        for (line, columns) in rows(source) {
            let [sign, words] = columns[..] else {
                return Err(bad_row(file, line, "expected two columns: sign, forms"));
            };
            let sign = match sign {
                "PAST" => Sign::Past,
                "FUTURE" => Sign::Future,
                "PRESENT" => Sign::Present,
                "AUXILIARY" => Sign::Auxiliary,
                "NOTHING" => Sign::Nothing,
                "ARTICLE" => Sign::Article,
                other => return Err(bad_row(file, line, format!("`{other}` is no sign of tense"))),
            };
            forms.extend(words.split(' ').map(|w| (w.into(), sign)));
        }
        Ok(Tenses { forms })
    }

    /// The direction of the clause round the expression at `start..end`, looking no further than the sentence, whose
    /// bytes are `sentence`.
    pub fn direction(&self, text: &str, atoms: &Atoms, at: usize, end: u32, sentence: (u32, u32)) -> Direction {
        let list = &atoms.list;
        let inside = |a: &Atom| a.start >= sentence.0 && a.end <= sentence.1;
        let mut best: Option<(usize, Sign)> = None;
        let (mut distance, mut left) = (0, at);
        for _ in 0..WINDOW {
            let Some(i) = left.checked_sub(1).filter(|&i| inside(&list[i])) else { break };
            left = i;
            distance += self.step(text, atoms, i, distance, &mut best);
        }
        let mut right = list[at..].iter().position(|a| a.start >= end).map_or(list.len(), |n| at + n);
        distance = 0;
        for _ in 0..WINDOW {
            if !list.get(right).is_some_and(inside) {
                break;
            }
            distance += self.step(text, atoms, right, distance, &mut best);
            right += 1;
        }
        match best {
            Some((_, Sign::Past)) => Direction::Past,
            Some((_, Sign::Future)) => Direction::Future,
            Some((_, Sign::Present)) => Direction::Future,
            Some((_, Sign::Auxiliary)) => {
                let window = &list[left..right.min(list.len())];
                if window.iter().any(|a| is_participle(slice(text, a))) { Direction::Past } else { Direction::Future }
            }
            _ => Direction::Open,
        }
    }

    /// Looks at one word; gives what it adds to the distance.
    fn step(&self, text: &str, atoms: &Atoms, i: usize, distance: usize, best: &mut Option<(usize, Sign)>) -> usize {
        let word = slice(text, &atoms.list[i]);
        if let Some(sign) = self.sign(text, atoms, i, word)
            && best.is_none_or(|(d, _)| distance < d)
        {
            *best = Some((distance, sign));
        }
        if word == "," { COMMA } else { 1 }
    }

    fn sign(&self, text: &str, atoms: &Atoms, i: usize, word: &str) -> Option<Sign> {
        let lower = word.starts_with(char::is_lowercase);
        let listed = match self.forms.get(word) {
            None if !lower && atoms.list[i].initial => self.forms.get(word.to_lowercase().as_str()),
            found => found,
        };
        match listed {
            Some(Sign::Nothing | Sign::Article) => None,
            Some(&sign) => Some(sign),
            None if lower && word.len() >= 5 && (word.ends_with("te") || word.ends_with("ten")) => {
                let before = i.checked_sub(1).map(|b| slice(text, &atoms.list[b]))?;
                let adjective = self.forms.get(before) == Some(&Sign::Article)
                    || (before.starts_with(char::is_lowercase)
                        && ["en", "er", "es", "em"].iter().any(|e| before.ends_with(e)));
                (!adjective).then_some(Sign::Past)
            }
            None => None,
        }
    }
}

fn slice<'t>(text: &'t str, atom: &Atom) -> &'t str {
    text.get(atom.start as usize..atom.end as usize).unwrap_or_default()
}

/// Whether the word has the shape of a past participle.
fn is_participle(word: &str) -> bool {
    let ending = word.ends_with('t') || word.ends_with("en");
    let shape = ["ge", "be", "ver", "ent", "er", "zer", "miss"].iter().any(|p| word.starts_with(p))
        || (word.ends_with("iert"))
        || [
            "abge",
            "ange",
            "aufge",
            "ausge",
            "beige",
            "einge",
            "festge",
            "mitge",
            "nachge",
            "vorge",
            "zuge",
            "zurückge",
        ]
        .iter()
        .any(|p| word.starts_with(p))
        || word.get(3..).is_some_and(|w| w.contains("ge"));
    word.len() > 5 && ending && shape && word.starts_with(char::is_lowercase)
}
