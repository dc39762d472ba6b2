//! What the parser sees of a word: a form and what the lexicon says about it in, weighted feature keys out.
//!
//! Every feature depends on the form alone, so the sum of their vectors is computed once per distinct form and kept.
//! Feature keys are hashes; training keeps the keys it saw often enough, any other is passed over when reading.

use crate::morphology::feats::CASE;
use crate::morphology::{ClassId, Feats, Found, Lexicon};

/// Which side of the word a feature shows; training hides whole groups at random, so that no group is relied on alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Group {
    /// The whole word.
    Word,
    /// Beginnings, endings and the shape.
    Affix,
    /// What the lexicon says.
    Lexicon,
}

/// A feature of a form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Hash of kind and value.
    pub key: u32,
    /// Factor of its vector.
    pub weight: f32,
    /// Its group.
    pub group: Group,
}

/// The key of a feature: FNV-1a over kind and value.
pub fn key(kind: &str, value: &str) -> u32 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for b in kind.bytes().chain([0]).chain(value.bytes()) {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    (h >> 32) as u32 ^ h as u32
}

/// What the parser sees of the lexicon's classes.
#[derive(Debug)]
pub struct Classes {
    /// Where the features of each class begin.
    starts: Vec<u32>,
    keys: Vec<(u32, f32)>,
}

impl Classes {
    /// Gives each class its features: its readings together, its parts of speech together, and each part of speech alone,
    /// with its case, and with all of its inflection.
    pub fn new(lexicon: &Lexicon) -> Classes {
        let mut out = Classes { starts: vec![0], keys: Vec::new() };
        for class in 0..lexicon.class_count() {
            let class = ClassId(class as u16);
            let mut readings: Vec<(u8, u64)> =
                lexicon.readings(class).iter().map(|r| (r.tag as u8, r.feats.0)).collect();
            readings.sort_unstable();
            readings.dedup();
            if !readings.is_empty() {
                out.keys.push((mix(1, readings.iter().flat_map(|(t, f)| [u64::from(*t), *f])), 1.0));
                out.keys.push((mix(2, [lexicon.tags(class).0]), 1.0));
                let mut parts = Vec::new();
                for (tag, feats) in readings {
                    parts.push(mix(3, [u64::from(tag)]));
                    parts.push(mix(4, [u64::from(tag), feats]));
                    if let Some(case) = Feats(feats).get(&CASE) {
                        parts.push(mix(5, case.bytes().map(u64::from).chain([u64::from(tag)])));
                    }
                }
                parts.sort_unstable();
                parts.dedup();
                let weight = 1.0 / (parts.len() as f32).sqrt();
                out.keys.extend(parts.iter().map(|p| (*p, weight)));
            }
            out.starts.push(out.keys.len() as u32);
        }
        out
    }

    fn get(&self, class: ClassId) -> &[(u32, f32)] {
        match self.starts.get(class.0 as usize..class.0 as usize + 2) {
            Some(&[a, b]) => &self.keys[a as usize..b as usize],
            _ => &[],
        }
    }
}

/// Hashes numbers of one kind.
fn mix(kind: u64, numbers: impl IntoIterator<Item = u64>) -> u32 {
    let hash = numbers.into_iter().fold(kind.wrapping_mul(0x9e37_79b9_7f4a_7c15), |h, n| {
        let h = (h ^ n).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^ h >> 32
    });
    (hash >> 32) as u32 ^ hash as u32
}

const AFFIX: f32 = 0.5;

/// Puts the features of `form` into `out`.
pub fn extract(form: &str, lexicon: &Lexicon, classes: &Classes, out: &mut Vec<Feature>) {
    out.clear();
    let lower = form.to_lowercase();
    let mut add = |kind: &str, value: &str, weight: f32, group: Group| {
        out.push(Feature { key: key(kind, value), weight, group });
    };
    add("w", form, 1.0, Group::Word);
    add("l", &lower, 1.0, Group::Word);
    let ends: Vec<usize> = lower.char_indices().map(|(i, c)| i + c.len_utf8()).take(LONGEST).collect();
    let whole = ends.last() == Some(&lower.len());
    for n in 1..=4.min(ends.len()) {
        add(["p1", "p2", "p3", "p4"][n - 1], &lower[..ends[n - 1]], AFFIX, Group::Affix);
    }
    for (kind, n) in [("s1", 1), ("s2", 2), ("s3", 3), ("s4", 4), ("s5", 5), ("s7", 7)] {
        if whole && n < ends.len() {
            add(kind, &lower[ends[ends.len() - n - 1]..], AFFIX, Group::Affix);
        }
    }
    add("sh", &shape(form), 1.0, Group::Affix);

    let entry = lexicon.find(form);
    let mut class = |class: ClassId, kind: u64| {
        for (key, weight) in classes.get(class) {
            let key = mix(16 + kind, [u64::from(*key)]);
            out.push(Feature { key, weight: *weight, group: Group::Lexicon });
        }
    };
    if entry.found != Found::Small {
        class(entry.class, entry.found as u64);
    }
    class(entry.small, Found::Small as u64);
    let found = mix(32, [entry.found as u64, u64::from(entry.small.is_some())]);
    out.push(Feature { key: found, weight: 1.0, group: Group::Lexicon });
}

/// No German word is longer, but a damaged text may have any token.
const LONGEST: usize = 80;

/// The word's shape: classes of characters, runs shortened to two.
fn shape(form: &str) -> String {
    let mut out = String::new();
    let (mut last, mut run) = (' ', 0);
    for c in form.chars() {
        let class = match c {
            _ if c.is_uppercase() => 'X',
            _ if c.is_alphabetic() => 'x',
            _ if c.is_numeric() => 'd',
            _ => c,
        };
        run = if class == last { run + 1 } else { 1 };
        last = class;
        if run <= 2 {
            out.push(class);
        }
        if out.len() > 12 {
            break;
        }
    }
    out
}
