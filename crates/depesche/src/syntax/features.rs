//! What the parser sees of a word: a form and its lexicon entries in, weighted feature keys out.
//!
//! Every feature depends on the form alone, so the sum of their vectors is computed once per distinct form and kept.
//! Feature keys are hashes; training keeps the keys it saw often enough, any other is passed over when reading.

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

/// The lexicon as the parser needs it: the tags of a form (such as "SUB:NOM:PLU:MAS"), none for an unknown form.
pub trait TagSource {
    /// Appends the tags of exactly this form to `out`; their order does not matter.
    fn tags<'s>(&'s self, form: &str, out: &mut Vec<&'s str>);
}

const AFFIX: f32 = 0.5;

/// Puts the features of `form` into `out`.
pub fn extract(form: &str, lexicon: &impl TagSource, out: &mut Vec<Feature>) {
    out.clear();
    let lower = form.to_lowercase();
    let mut add = |kind: &str, value: &str, weight: f32, group: Group| {
        out.push(Feature { key: key(kind, value), weight, group });
    };
    add("w", form, 1.0, Group::Word);
    add("l", &lower, 1.0, Group::Word);
    let ends: Vec<usize> = lower.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
    for n in 1..=4.min(ends.len()) {
        add(["p1", "p2", "p3", "p4"][n - 1], &lower[..ends[n - 1]], AFFIX, Group::Affix);
    }
    for (kind, n) in [("s1", 1), ("s2", 2), ("s3", 3), ("s4", 4), ("s5", 5), ("s7", 7)] {
        if n < ends.len() {
            add(kind, &lower[ends[ends.len() - n - 1]..], AFFIX, Group::Affix);
        }
    }
    add("sh", &shape(form), 1.0, Group::Affix);

    let mut tags = Vec::new();
    lexicon.tags(form, &mut tags);
    let exact = !tags.is_empty();
    tag_features("t", &mut tags, &mut add);
    let capital = form.chars().next().is_some_and(char::is_uppercase);
    let mut lowered = false;
    if capital {
        tags.clear();
        lexicon.tags(&lower, &mut tags);
        lowered = !tags.is_empty();
        tag_features("tl", &mut tags, &mut add);
    }
    if !exact && !lowered {
        tags.clear();
        tail(&lower, capital, &ends, lexicon, &mut tags);
        tag_features("tt", &mut tags, &mut add);
    }
}

/// The tags of the longest known tail of an unknown word: the head of a compound.
fn tail<'s>(lower: &str, capital: bool, ends: &[usize], lexicon: &'s impl TagSource, tags: &mut Vec<&'s str>) {
    /// A shorter tail says too little.
    const SHORTEST: usize = 4;
    /// No German word is longer, but a damaged text may have any token.
    const LONGEST: usize = 40;
    let after_hyphen = lower.rfind('-').map_or(0, |i| i + 1);
    for (i, &at) in ends.iter().enumerate() {
        let left = ends.len() - i - 1;
        if left > LONGEST || at < after_hyphen {
            continue;
        }
        if left < SHORTEST && at != after_hyphen {
            return;
        }
        let tail = &lower[at..];
        if capital {
            let mut word = String::with_capacity(tail.len() + 2);
            let mut chars = tail.chars();
            word.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            word.push_str(chars.as_str());
            lexicon.tags(&word, tags);
        }
        if tags.is_empty() {
            lexicon.tags(tail, tags);
        }
        if !tags.is_empty() {
            return;
        }
    }
}

/// Features of a set of tags: the set, and each part of speech alone, with its case, and with all of its inflection.
fn tag_features(kind: &str, tags: &mut Vec<&str>, add: &mut impl FnMut(&str, &str, f32, Group)) {
    if tags.is_empty() {
        add(kind, "", 1.0, Group::Lexicon);
        return;
    }
    tags.sort_unstable();
    tags.dedup();
    add(kind, &tags.join(" "), 1.0, Group::Lexicon);
    let mut parts: Vec<String> = Vec::new();
    for tag in tags.iter() {
        let fields: Vec<&str> = tag.split(':').collect();
        let pos = match fields[0] {
            "PRO" | "ART" | "PRP" | "KON" | "EIG" | "ADV" => fields[..2.min(fields.len())].join(":"),
            other => other.to_string(),
        };
        let inflection: Vec<&str> = fields.iter().copied().filter(|f| INFLECTION.contains(f)).collect();
        if let Some(case) = inflection.iter().find(|f| CASES.contains(f)) {
            parts.push(format!("{pos} {case}"));
        }
        parts.push(format!("{pos}={}", inflection.join(" ")));
        parts.push(pos);
    }
    parts.sort_unstable();
    parts.dedup();
    let weight = 1.0 / (parts.len() as f32).sqrt();
    for part in &parts {
        add(kind, part, weight, Group::Lexicon);
    }
}

const CASES: &[&str] = &["NOM", "GEN", "DAT", "AKK"];
const INFLECTION: &[&str] = &[
    "NOM", "GEN", "DAT", "AKK", "SIN", "PLU", "MAS", "FEM", "NEU", "ALG", "1", "2", "3", "INF", "IMP", "PA1", "PA2",
    "KJ1", "KJ2", "PRT", "PRÄ", "EIZ", "GRU", "KOM", "SUP",
];

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
