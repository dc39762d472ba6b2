//! Matching: a text in, the places where a rule's pattern stands out, the longest first served.

use super::rules::{Rules, Variant};
use super::shape::{self, Shape};
use super::words::{ADJECTIVE_ENDINGS, Sense, Words};

/// Four digits in these bounds are a year unless something speaks against it; round ones outside count things more often.
const MODERN: std::ops::RangeInclusive<i32> = 1850..=2049;

/// Four digits beyond this are no year.
const LATEST: i32 = 2100;

/// A word, number or sign of the text, with what it can mean in a time expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Atom {
    pub start: u32,
    pub end: u32,
    first: u32,
    len: u8,
    /// Whether a sentence, heading or quotation can begin here.
    pub initial: bool,
    /// Whether a blank line or line end stands before.
    pub new_line: bool,
    /// Whether it is a word with a capital that no table lists, such as a name.
    unlisted: bool,
    /// Whether a full stop belongs to the number ("17.").
    stopped: bool,
}

/// The classes that numbers and signs have by their shape.
#[derive(Debug)]
pub(super) struct ShapeClasses {
    ndate: u16,
    nday: u16,
    nmoment: u16,
    nmonth: u16,
    clock: u16,
    clock_dot: u16,
    ord: u16,
    decade: u16,
    year: u16,
    year_rare: u16,
    year_round: u16,
    num: u16,
    glue: u16,
    dash: u16,
    adj: u16,
    inner: u16,
    word: u16,
}

impl ShapeClasses {
    /// Makes the classes known, so that rules can name them.
    pub fn new(words: &mut Words) -> ShapeClasses {
        words.class("NAME");
        ShapeClasses {
            ndate: words.class("NDATE"),
            nday: words.class("NDAY"),
            nmoment: words.class("NMOMENT"),
            nmonth: words.class("NMONTH"),
            clock: words.class("CLOCK"),
            clock_dot: words.class("CLOCK_DOT"),
            ord: words.class("ORD"),
            decade: words.class("DECADE"),
            year: words.class("YEAR"),
            year_rare: words.class("YEAR_RARE"),
            year_round: words.class("YEAR_ROUND"),
            num: words.class("NUM"),
            glue: words.class("GLUE"),
            dash: words.class("DASH"),
            adj: words.class("ADJ"),
            inner: words.class("INNER"),
            word: words.class("WORD"),
        }
    }
}

/// The atoms of one text.
#[derive(Debug, Default)]
pub(super) struct Atoms {
    pub list: Vec<Atom>,
    senses: Vec<Sense>,
}

impl Atoms {
    /// The senses of an atom.
    pub fn senses(&self, atom: &Atom) -> &[Sense] {
        &self.senses[atom.first as usize..atom.first as usize + atom.len as usize]
    }

    /// The sense of an atom in a class.
    pub fn sense(&self, atom: usize, class: u16) -> Option<Sense> {
        self.senses(self.list.get(atom)?).iter().copied().find(|s| s.class == class)
    }

    /// Reads a text into atoms.
    pub fn read(text: &str, words: &Words, shapes: &ShapeClasses) -> Atoms {
        let mut atoms = Atoms::default();
        atoms.list.reserve(text.len() / 6);
        let bytes = text.as_bytes();
        let (mut at, mut initial, mut new_line) = (0, true, true);
        while at < bytes.len() {
            let b = bytes[at];
            if b == b'\n' {
                (initial, new_line) = (true, true);
                at += 1;
                continue;
            }
            if b == b' ' || b == b'\t' || b == b'\r' {
                at += 1;
                continue;
            }
            let start = at;
            let first = atoms.senses.len();
            let mut stopped = false;
            let mut word = false;
            if b.is_ascii_digit() {
                let (len, shape) = shape::scan(&bytes[at..]);
                at += len;
                stopped = matches!(shape, Shape::Ordinal(_));
                if shape == Shape::Other && bytes.get(at).is_some_and(|&b| shape::is_letter(b)) {
                    at = word_end(text, at);
                } else {
                    atoms.number(shape, shapes);
                }
            } else {
                let end = word_end(text, at);
                if end > at {
                    word = true;
                    at = end;
                    atoms.word(&text[start..end], initial, words, shapes);
                } else {
                    let c = text[at..].chars().next().unwrap_or(' ');
                    at += c.len_utf8();
                    if c.is_whitespace() {
                        continue;
                    }
                    let inside = start > 0 && !bytes[start - 1].is_ascii_whitespace();
                    let glued = inside && bytes.get(at).is_some_and(|&b| b.is_ascii_digit() || shape::is_letter(b));
                    let hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}');
                    if hyphen && glued {
                        atoms.push_sense(shapes.glue, 0);
                    } else if hyphen || matches!(c, '–' | '—') {
                        atoms.push_sense(shapes.dash, 0);
                    } else {
                        atoms.senses.extend_from_slice(words.senses(&text[start..at]));
                    }
                    initial |= matches!(
                        c,
                        '.' | '!'
                            | '?'
                            | ':'
                            | '…'
                            | '"'
                            | '„'
                            | '“'
                            | '”'
                            | '«'
                            | '»'
                            | '‚'
                            | '–'
                            | '—'
                            | '('
                            | '['
                    );
                }
            }
            let len = (atoms.senses.len() - first).min(u8::MAX as usize) as u8;
            let unlisted = word
                && atoms.senses[first..].iter().all(|s| s.class == shapes.word)
                && text[start..].starts_with(char::is_uppercase);
            let (first, start, end) = (first as u32, start as u32, at as u32);
            atoms.list.push(Atom { start, end, first, len, initial, new_line, unlisted, stopped });
            new_line = false;
            if word || stopped || b.is_ascii_digit() {
                initial = false;
            }
        }
        atoms
    }

    fn push_sense(&mut self, class: u16, number: i32) {
        self.senses.push(Sense { class, symbol: 0, number, initial: false });
    }

    fn word(&mut self, word: &str, initial: bool, words: &Words, shapes: &ShapeClasses) {
        let before = self.senses.len();
        let found = words.senses(word);
        self.senses.extend(found.iter().filter(|s| initial || !s.initial));
        let after_time_word = self.list.last().is_some_and(|a| a.len > 0);
        if self.senses.len() > before || !after_time_word {
            return;
        }
        // Words of no class are read only behind one that has some.
        if word.starts_with(char::is_lowercase) {
            let adjective = word.len() > 4 && ADJECTIVE_ENDINGS.iter().any(|e| word.ends_with(e));
            self.push_sense(if adjective { shapes.adj } else { shapes.inner }, 0);
        } else {
            self.push_sense(shapes.word, 0);
        }
    }

    fn number(&mut self, shape: Shape, c: &ShapeClasses) {
        match shape {
            Shape::Date { year: Some(y), month, day } => {
                self.push_sense(c.ndate, y * 10_000 + i32::from(month) * 100 + i32::from(day));
            }
            Shape::Date { year: None, month, day } => self.push_sense(c.nday, i32::from(month) * 100 + i32::from(day)),
            Shape::DateTime { year, month, day, hour, minute } => {
                // The time of day lies in the symbol's place: a moment is read as one word.
                let number = year * 10_000 + i32::from(month) * 100 + i32::from(day);
                let symbol = (i32::from(hour) * 100 + i32::from(minute)) as u16;
                self.senses.push(Sense { class: c.nmoment, symbol, number, initial: false });
            }
            Shape::Month { year, month } => self.push_sense(c.nmonth, year * 100 + i32::from(month)),
            Shape::Clock { hour, minute, dotted } => {
                let class = if dotted { c.clock_dot } else { c.clock };
                self.push_sense(class, i32::from(hour) * 100 + i32::from(minute));
            }
            Shape::Ordinal(n) => {
                self.push_sense(c.ord, n);
                self.push_sense(c.num, n * 100);
            }
            Shape::Decade(n) => self.push_sense(c.decade, n),
            Shape::Year(n) => {
                let class = match n {
                    n if MODERN.contains(&n) => Some(c.year),
                    n if n > LATEST => None,
                    n if n % 50 == 0 => Some(c.year_round),
                    _ => Some(c.year_rare),
                };
                if let Some(class) = class {
                    self.push_sense(class, n);
                }
                self.push_sense(c.num, n * 100);
            }
            Shape::Years(n) => self.push_sense(c.year, n),
            Shape::Number(n) => self.push_sense(c.num, n),
            Shape::Other => {}
        }
    }
}

/// The end of the word that begins at `at`; `at` itself if none does.
fn word_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&b) = bytes.get(end) {
        if b.is_ascii_alphanumeric() {
            end += 1;
        } else if b < 0x80 {
            break;
        } else {
            match text[end..].chars().next() {
                Some(c) if c.is_alphanumeric() || ('\u{300}'..'\u{370}').contains(&c) => end += c.len_utf8(),
                _ => break,
            }
        }
    }
    end
}

/// A place where a pattern stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub variant: u32,
    /// First atom of the pattern, words beside the expression included.
    pub first: u32,
    /// First atom of the expression.
    pub start_atom: u32,
    /// Bytes of the expression.
    pub start: u32,
    pub end: u32,
}

/// Finds the patterns of a text; where two share words, the one that begins first, else the longest, else the one
/// with most words beside it, else the one that stands first in the table.
pub(super) fn matches(atoms: &Atoms, rules: &Rules) -> Vec<Match> {
    let mut all = Vec::new();
    for first in 0..atoms.list.len() {
        for sense in atoms.senses(&atoms.list[first]) {
            if let Some(node) = rules.start(sense.class) {
                walk(atoms, rules, first, first + 1, (node, sense.class), &mut all);
            }
        }
    }
    let context = |m: &Match| rules.variants[m.variant as usize].elements.len();
    let rank = |m: &Match| rules.variants[m.variant as usize].rule;
    all.sort_by(|a, b| {
        let place = a.start.cmp(&b.start).then(b.end.cmp(&a.end));
        place.then_with(|| context(b).cmp(&context(a))).then_with(|| rank(a).cmp(&rank(b)))
    });
    let mut end = 0;
    all.retain(|m| {
        let free = m.start >= end;
        if free {
            end = m.end;
        }
        free
    });
    all
}

/// Follows the trie from `node`, behind a word that was read as `class`; the next atom is at `at`.
fn walk(atoms: &Atoms, rules: &Rules, first: usize, at: usize, (node, class): (u32, u16), all: &mut Vec<Match>) {
    for &variant in rules.accepts(node) {
        let shape = &rules.variants[variant as usize];
        if let Some((start, end)) = extent(atoms, rules, shape, first, at) {
            let start_atom = (first + shape.left) as u32;
            all.push(Match { variant, first: first as u32, start_atom, start, end });
        }
    }
    // "17." is a number only before the end of the sentence.
    let ends = atoms.list[at - 1].stopped && rules.is_number(class);
    let Some(atom) = atoms.list.get(at).filter(|a| !a.new_line && !ends) else { return };
    for sense in atoms.senses(atom) {
        if let Some(next) = rules.next(node, sense.class) {
            walk(atoms, rules, first, at + 1, (next, sense.class), all);
        }
    }
}

/// The bytes of the expression, unless a forbidden word stands beside it.
fn extent(atoms: &Atoms, rules: &Rules, variant: &Variant, first: usize, end: usize) -> Option<(u32, u32)> {
    let rule = &rules.rules[variant.rule as usize];
    let (from, to) = (first + variant.left, end - variant.right);
    let has = |atom: Option<&Atom>, classes: &[u16]| {
        !classes.is_empty() && atom.is_some_and(|a| atoms.senses(a).iter().any(|s| classes.contains(&s.class)))
    };
    let name = |atom: Option<&Atom>| rules.forbids_name(rule) && atom.is_some_and(|a| a.unlisted);
    let line_start = atoms.list[from].new_line;
    let before = from.checked_sub(1).filter(|_| !line_start).and_then(|i| atoms.list.get(i));
    let after = atoms.list.get(to).filter(|a| !a.new_line);
    if has(before, &rule.not_before) || name(before) || has(after, &rule.not_after) {
        return None;
    }
    let last = &atoms.list[to - 1];
    // The stop belongs to "17." the day, not to "17" the number before the end of the sentence.
    let as_number = rules.is_number(variant.elements[variant.elements.len() - variant.right - 1].class);
    let stop = u32::from(last.stopped && as_number);
    Some((atoms.list[from].start, last.end - stop))
}
