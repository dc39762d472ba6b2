//! The lexicon: a form in, its possible readings out, in well under a microsecond.
//!
//! Half a million forms share a few thousand classes; a class is a list of readings, each a part of speech, features
//! and a lemma rule. The table holds no forms but 40-bit fingerprints of them: 16 bits choose a bucket, 24 bits are
//! compared. An unknown word is taken for a known one once in two million times; in return the table is a fifth of
//! the size of a trie and a lookup costs one cache miss. Forms are hashed from their end, so that one pass over a
//! word gives the fingerprints of all its endings, which is what splitting compounds needs.

use super::bytes::Bytes;
use super::feats::Feats;
use super::lextag::{LexTag, TagSet};
use super::rule::{Case, Rule};
use crate::model::{Model, ModelError};

/// Number of the class of a form; 0 is "not in the lexicon".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ClassId(pub u16);

impl ClassId {
    /// The class of forms that are not in the lexicon; it has no reading.
    pub const NONE: ClassId = ClassId(0);

    /// Whether the form is in the lexicon.
    pub fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// One reading of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Part of speech.
    pub tag: LexTag,
    /// Features; for a preposition the case it governs.
    pub feats: Feats,
    /// Number of the lemma rule.
    pub rule: u16,
}

/// How a form was found in the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Found {
    /// Not at all.
    #[default]
    No,
    /// As it stands.
    Exact,
    /// Written small: a word at the beginning of a sentence, or an adjective used as a noun.
    Small,
    /// By its last part, a known word.
    Compound,
    /// By its ending, as words with this ending usually are.
    Guess,
}

/// What the lexicon says about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entry {
    /// Class of the form, or of the part by which it was found.
    pub class: ClassId,
    /// Class of the form written small, if it begins with a capital.
    pub small: ClassId,
    /// How `class` was found.
    pub found: Found,
    /// Where the part begins by which the form was found.
    pub part: u16,
}

/// The lexicon.
#[derive(Debug)]
pub struct Lexicon {
    /// Where the buckets begin in `prints`.
    buckets: Vec<u32>,
    prints: Vec<u32>,
    classes: Vec<u16>,
    starts: Vec<u32>,
    readings: Vec<Reading>,
    tags: Vec<TagSet>,
    rules: Vec<Rule>,
}

/// Number of buckets.
pub(super) const BUCKETS: usize = 1 << 16;
/// A byte in front of an ending makes it the key of a guess.
pub const GUESS_SMALL: u8 = 1;
/// The same for words with a capital.
pub const GUESS_CAPITAL: u8 = 2;
/// Longest ending that is guessed from (bytes).
pub const LONGEST_ENDING: usize = 10;
/// Parts of compounds shorter than this (bytes) are not looked for.
const SHORTEST_PART: usize = 4;
/// Longer words are not looked up.
const LONGEST_WORD: usize = 200;

/// Hashes bytes from the end of a word to its beginning.
#[derive(Debug, Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    /// The hash of no byte.
    pub const EMPTY: Hash = Hash(0xcbf2_9ce4_8422_2325);

    /// The hash of a whole form.
    pub fn of(form: &str) -> Hash {
        form.bytes().rev().fold(Hash::EMPTY, Hash::before)
    }

    /// The hash with one more byte in front (FNV-1a).
    #[must_use]
    pub fn before(self, byte: u8) -> Hash {
        Hash((self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// Bucket and fingerprint (the finaliser of MurmurHash3).
    pub fn place(self) -> (usize, u32) {
        let mut h = self.0;
        h = (h ^ h >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h = (h ^ h >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        h ^= h >> 33;
        ((h >> 48) as usize, (h >> 24) as u32 & 0xff_ffff)
    }
}

impl Lexicon {
    /// Takes the section `lexicon` out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model) -> Result<Lexicon, ModelError> {
        Lexicon::read(model.section("lexicon")?).ok_or(ModelError::Malformed("lexicon"))
    }

    fn read(bytes: &[u8]) -> Option<Lexicon> {
        let mut b = Bytes(bytes);
        let mut buckets = Vec::with_capacity(BUCKETS + 1);
        buckets.push(0);
        for n in b.take(BUCKETS)? {
            buckets.push(buckets.last()? + u32::from(*n));
        }
        let n = *buckets.last()? as usize;
        let (low, mid, high) = (b.take(n)?, b.take(n)?, b.take(n)?);
        let print = |i: usize| u32::from(low[i]) | u32::from(mid[i]) << 8 | u32::from(high[i]) << 16;
        let (class_low, class_high) = (b.take(n)?, b.take(n)?);
        let classes: Vec<u16> = (0..n).map(|i| u16::from_le_bytes([class_low[i], class_high[i]])).collect();
        let mut rules = Vec::new();
        for _ in 0..b.u16()? {
            rules.push(Rule::read(&mut b)?);
        }
        let (mut starts, mut readings, mut tags) = (vec![0, 0], Vec::new(), vec![TagSet::default()]);
        for _ in 0..b.u16()? {
            let first = readings.len();
            for _ in 0..b.u8()? {
                let (tag, feats, rule) = (LexTag::from_number(b.u8()?)?, Feats(b.u64()?), b.u16()?);
                readings.push(Reading { tag, feats, rule: Some(rule).filter(|r| (*r as usize) < rules.len())? });
            }
            tags.push(readings[first..].iter().fold(TagSet::default(), |s, r| TagSet(s.0 | TagSet::of(&[r.tag]).0)));
            starts.push(readings.len() as u32);
        }
        let known = classes.iter().all(|c| (*c as usize) < tags.len());
        let lexicon = Lexicon { buckets, prints: (0..n).map(print).collect(), classes, starts, readings, tags, rules };
        (known && b.0.is_empty()).then_some(lexicon)
    }

    /// The class of a form as it stands.
    pub fn get(&self, form: &str) -> ClassId {
        if form.len() > LONGEST_WORD { ClassId::NONE } else { self.at(Hash::of(form)) }
    }

    /// The class of the form with this hash.
    pub fn at(&self, hash: Hash) -> ClassId {
        let (bucket, print) = hash.place();
        let (a, b) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let found = self.prints[a..b].iter().position(|p| *p == print);
        found.map_or(ClassId::NONE, |i| ClassId(self.classes[a + i]))
    }

    /// The readings of a class.
    pub fn readings(&self, class: ClassId) -> &[Reading] {
        let i = class.0 as usize;
        match self.starts.get(i..i + 2) {
            Some(&[a, b]) => &self.readings[a as usize..b as usize],
            _ => &[],
        }
    }

    /// The parts of speech of a class.
    pub fn tags(&self, class: ClassId) -> TagSet {
        self.tags.get(class.0 as usize).copied().unwrap_or_default()
    }

    /// Number of classes, the empty one included.
    pub fn class_count(&self) -> usize {
        self.tags.len()
    }

    /// A lemma rule.
    pub fn rule(&self, rule: u16) -> Option<&Rule> {
        self.rules.get(rule as usize)
    }

    /// Appends to `out` the lemma that a reading of `entry` gives a form: its last part's lemma behind its other parts.
    pub fn lemma(&self, form: &str, entry: &Entry, reading: &Reading, out: &mut String) {
        let Some(rule) = self.rule(reading.rule) else { return out.push_str(form) };
        let part = entry.part as usize;
        if part == 0 || !form.is_char_boundary(part) || entry.found == Found::Guess {
            return rule.apply(form, out);
        }
        let glued = !form[..part].ends_with('-');
        out.push_str(&form[..part]);
        let begin = out.len();
        if glued && reading.tag == LexTag::Noun {
            // Looked up as a noun of its own: with a capital.
            let mut word = form[part..].to_string();
            super::rule::set_case(&mut word, 0, Case::Upper);
            rule.apply(&word, out);
            super::rule::set_case(out, begin, Case::Lower);
        } else {
            rule.apply(&form[part..], out);
        }
    }

    /// What the lexicon says about a form: as it stands, written small, by its last part or by its ending.
    pub fn find(&self, form: &str) -> Entry {
        let capital = form.starts_with(char::is_uppercase);
        if form.len() > LONGEST_WORD || !form.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '\''))
        {
            return Entry { class: self.get(form), found: Found::Exact, ..Entry::default() }.normal();
        }
        let small = if capital { self.at(small(form)) } else { ClassId::NONE };
        let class = self.get(form);
        if class.is_some() {
            return Entry { class, small, found: Found::Exact, part: 0 };
        }
        if small.is_some() {
            return Entry { class: small, small, found: Found::Small, part: 0 };
        }
        if capital && form.len() > 1 && !form.chars().any(char::is_lowercase) {
            return self.shouted(form);
        }
        let part = form.rfind('-').map_or(0, |i| i + 1);
        let tail = &form[part..];
        if part > 0 && !tail.is_empty() {
            let class = self.get(tail);
            if class.is_some() {
                return Entry { class, small, found: Found::Compound, part: part as u16 };
            }
        }
        let mut entry = self.ending(form, part, capital);
        entry.small = small;
        entry
    }

    /// Finds a form in capitals by the same form written small, with a capital or without.
    fn shouted(&self, form: &str) -> Entry {
        let mut word = form.to_lowercase();
        let small = self.get(&word);
        super::rule::set_case(&mut word, 0, Case::Upper);
        let class = if small.is_some() { small } else { self.get(&word) };
        Entry { class, small, found: Found::Small, part: 0 }.normal()
    }

    /// Finds a form by the longest known word at its end, or else by its ending.
    fn ending(&self, form: &str, from: usize, capital: bool) -> Entry {
        let bytes = form.as_bytes();
        let (mut hash, mut best, mut guess) = (Hash::EMPTY, Entry::default(), Entry::default());
        let mark = if capital { GUESS_CAPITAL } else { GUESS_SMALL };
        let mut at = form.len();
        for c in form[from..].chars().rev() {
            let behind = hash;
            at -= c.len_utf8();
            hash = bytes[at..at + c.len_utf8()].iter().rev().fold(hash, |h, b| h.before(*b));
            let length = form.len() - at;
            if length <= LONGEST_ENDING {
                let class = self.at(hash.before(mark));
                if class.is_some() {
                    guess = Entry { class, found: Found::Guess, part: at as u16, ..Entry::default() };
                }
            }
            if length < SHORTEST_PART || at < from + 3 || !c.is_lowercase() {
                continue;
            }
            let (class, wanted) = if capital { (self.at(upper(behind, c)), NOUNS) } else { (self.at(hash), INFLECTED) };
            if class.is_some() && self.tags(class).meets(wanted) {
                best = Entry { class, found: Found::Compound, part: at as u16, ..Entry::default() };
            }
        }
        if best.class.is_some() { best } else { guess }
    }
}

/// What the last part of a compound noun may be.
const NOUNS: TagSet = TagSet::of(&[LexTag::Noun]);
/// What the last part of a word written small may be.
const INFLECTED: TagSet = TagSet::of(&[
    LexTag::Adjective,
    LexTag::AdjectivePredicative,
    LexTag::PresentParticiple,
    LexTag::PastParticiple,
    LexTag::PastParticiplePredicative,
    LexTag::Verb,
    LexTag::Infinitive,
    LexTag::InfinitiveZu,
    LexTag::VerbPastParticiple,
    LexTag::Adverb,
]);

impl Entry {
    fn normal(mut self) -> Entry {
        if !self.class.is_some() {
            self.found = Found::No;
        }
        self
    }
}

/// The hash of a form with its first letter written small.
fn small(form: &str) -> Hash {
    let mut chars = form.chars();
    let Some(first) = chars.next() else { return Hash::EMPTY };
    let rest = Hash::of(chars.as_str());
    let mut buffer = [0; 4];
    let mut lower = first.to_lowercase();
    let c = if lower.len() == 1 { lower.next().unwrap_or(first) } else { first };
    c.encode_utf8(&mut buffer).bytes().rev().fold(rest, Hash::before)
}

/// The hash of a word's rest with the letter `c`, written as a capital, in front.
fn upper(rest: Hash, c: char) -> Hash {
    let mut buffer = [0; 4];
    let mut upper = c.to_uppercase();
    let c = if upper.len() == 1 { upper.next().unwrap_or(c) } else { c };
    c.encode_utf8(&mut buffer).bytes().rev().fold(rest, Hash::before)
}

#[cfg(test)]
mod tests {
    use super::*;

    static LEXICON: std::sync::LazyLock<Lexicon> = std::sync::LazyLock::new(|| {
        let model = Model::from_bytes(include_bytes!("../../model/de.model")).unwrap();
        Lexicon::new(&model).unwrap()
    });

    fn lemmas(form: &str, tag: LexTag) -> Vec<String> {
        let entry = LEXICON.find(form);
        let mut out: Vec<String> = LEXICON
            .readings(entry.class)
            .iter()
            .filter(|r| r.tag == tag)
            .map(|r| {
                let mut out = String::new();
                LEXICON.lemma(form, &entry, r, &mut out);
                out
            })
            .collect();
        out.dedup();
        out
    }

    #[test]
    fn forms_have_readings_and_lemmas() {
        assert_eq!(lemmas("lehnte", LexTag::Verb), ["lehnen"]);
        assert_eq!(lemmas("Häuser", LexTag::Noun), ["Haus"]);
        assert_eq!(lemmas("abgelehnt", LexTag::VerbPastParticiple), ["ablehnen"]);
        assert_eq!(lemmas("abzulehnen", LexTag::InfinitiveZu), ["ablehnen"]);
        assert_eq!(lemmas("scharfer", LexTag::Adjective), ["scharf"]);
        let muss = LEXICON.readings(LEXICON.get("müsse"));
        assert!(muss.iter().any(|r| r.tag == LexTag::Modal && r.feats.is(&super::super::feats::MOOD, "Sub")));
    }

    #[test]
    fn unknown_words_are_found_by_their_last_part() {
        for (form, lemma) in [
            ("Krisendiplomatentreffens", "Krisendiplomatentreffen"),
            ("Sicherheitsrat-Resolutionen", "Sicherheitsrat-Resolution"),
            ("UN-Vetomächten", "UN-Vetomacht"),
        ] {
            let entry = LEXICON.find(form);
            assert_eq!(entry.found, Found::Compound, "{form}");
            assert_eq!(lemmas(form, LexTag::Noun), [lemma]);
        }
        assert_eq!(LEXICON.find("Demonstrierenden").found, Found::Small);
        assert_eq!(LEXICON.find("Qrxitierungen").found, Found::Guess);
        assert_eq!(LEXICON.find("Xqz"), Entry::default());
    }

    #[test]
    fn a_capital_shows_both_readings() {
        let entry = LEXICON.find("Arm");
        assert!(LEXICON.tags(entry.class).has(LexTag::Noun));
        assert!(LEXICON.tags(entry.small).has(LexTag::AdjectivePredicative));
    }

    #[test]
    fn a_damaged_section_is_refused() {
        let model = Model::from_bytes(include_bytes!("../../model/de.model")).unwrap();
        let bytes = model.section("lexicon").unwrap();
        assert!(Lexicon::read(&bytes[..bytes.len() - 1]).is_none());
        assert!(Lexicon::read(&[]).is_none());
        assert!(Lexicon::read(&[0; BUCKETS]).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_form_can_be_looked_up(form in proptest::prelude::any::<String>()) {
            let entry = LEXICON.find(&form);
            for reading in LEXICON.readings(entry.class) {
                LEXICON.lemma(&form, &entry, reading, &mut String::new());
            }
        }
    }
}
