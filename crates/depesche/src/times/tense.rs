//! Tense: the words round a time expression in, whether its clause looks back or ahead out. Trees and tags are not
//! needed: the nearest finite verb is found by a word list and by the endings of weak verbs.

use super::matching::{Atom, Atoms};
use super::words::{ADJECTIVE_ENDINGS, bad_row, rows};
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

/// Where an affix stands.
#[derive(Debug)]
enum Affix {
    Prefix(Box<str>),
    Infix(Box<str>),
    Suffix(Box<str>),
}

impl Affix {
    /// Reads "ge-", "-ge-" or "-iert".
    fn parse(s: &str) -> Option<Affix> {
        Some(match (s.strip_prefix('-'), s.strip_suffix('-')) {
            (Some(_), Some(_)) => Affix::Infix(s.trim_matches('-').into()),
            (Some(suffix), None) => Affix::Suffix(suffix.into()),
            (None, Some(prefix)) => Affix::Prefix(prefix.into()),
            (None, None) => return None,
        })
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Affix::Prefix(p) => word.starts_with(&**p),
            Affix::Suffix(s) => word.ends_with(&**s),
            // Behind at least two letters, as in "abgesagt".
            Affix::Infix(i) => word.get(2..).is_some_and(|w| w.contains(&**i)),
        }
    }
}

/// Signs of tense by word form.
#[derive(Debug)]
pub(super) struct Tenses {
    forms: FxHashMap<Box<str>, Sign>,
    /// Endings of preterites that are not listed.
    preterite: Vec<Affix>,
    /// Past participles have one of the first and one of the second.
    participle: Vec<Affix>,
    participle_end: Vec<Affix>,
}

impl Tenses {
    pub fn new() -> Result<Tenses, BuildError> {
        Tenses::parse(FILE, SOURCE)
    }

    fn parse(file: &str, source: &str) -> Result<Tenses, BuildError> {
        let (mut forms, mut preterite) = (FxHashMap::default(), Vec::new());
        let (mut participle, mut participle_end) = (Vec::new(), Vec::new());
        for (line, columns) in rows(source) {
            let [sign, words] = columns[..] else {
                return Err(bad_row(file, line, "expected two columns: sign, forms"));
            };
            let affixes = match sign {
                "PRETERITE" => Some(&mut preterite),
                "PARTICIPLE" => Some(&mut participle),
                "PARTICIPLE_END" => Some(&mut participle_end),
                _ => None,
            };
            if let Some(affixes) = affixes {
                for word in words.split(' ') {
                    let no_affix = || bad_row(file, line, format!("`{word}` is no affix; expected ge-, -ge- or -iert"));
                    affixes.push(Affix::parse(word).ok_or_else(no_affix)?);
                }
                continue;
            }
            let sign = match sign {
                "PAST" => Sign::Past,
                "FUTURE" => Sign::Future,
                "PRESENT" => Sign::Present,
                "AUXILIARY" => Sign::Auxiliary,
                "NOTHING" => Sign::Nothing,
                "ARTICLE" => Sign::Article,
                other => return Err(bad_row(file, line, format!("`{other}` is no sign of tense"))),
            };
            for word in words.split(' ') {
                forms.insert(word.into(), sign);
            }
        }
        Ok(Tenses { forms, preterite, participle, participle_end })
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
                if window.iter().any(|a| self.is_participle(slice(text, a))) {
                    Direction::Past
                } else {
                    Direction::Future
                }
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
            None if lower && word.len() >= 5 && self.preterite.iter().any(|a| a.fits(word)) => {
                let before = i.checked_sub(1).map(|b| slice(text, &atoms.list[b]))?;
                let adjective = self.forms.get(before) == Some(&Sign::Article)
                    || (before.starts_with(char::is_lowercase)
                        && ADJECTIVE_ENDINGS[1..].iter().any(|e| before.ends_with(e)));
                (!adjective).then_some(Sign::Past)
            }
            None => None,
        }
    }

    /// Whether the word has the shape of a past participle.
    fn is_participle(&self, word: &str) -> bool {
        let has = |affixes: &[Affix]| affixes.iter().any(|a| a.fits(word));
        word.len() > 5 && word.starts_with(char::is_lowercase) && has(&self.participle_end) && has(&self.participle)
    }
}

fn slice<'t>(text: &'t str, atom: &Atom) -> &'t str {
    text.get(atom.start as usize..atom.end as usize).unwrap_or_default()
}
