//! Features of tokens for the recogniser: what a token looks like, what it is in the lexicon and the gazetteers, and
//! the same of its neighbours.
//!
//! A feature is a 32-bit hash of its template and values; nothing is spelt out at run time. Training and reading use
//! this very code, so they cannot disagree.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// What the lexicon says about a form, a set of bits.
pub mod word {
    /// The form is a common noun.
    pub const NOUN: u16 = 1;
    /// The form in small letters is a verb.
    pub const VERB: u16 = 2;
    /// The form in small letters is an adjective or participle.
    pub const ADJECTIVE: u16 = 4;
    /// The form in small letters is a function word or adverb.
    pub const FUNCTION: u16 = 8;
    /// The form is a name.
    pub const NAME: u16 = 16;
    /// Only the last part of the form is in the lexicon ("Außenminister").
    pub const COMPOUND: u16 = 32;
}

/// What the gazetteers say about a form, a set of bits.
pub mod gazetteer {
    /// A given name of men.
    pub const GIVEN_M: u16 = 1;
    /// A given name of women.
    pub const GIVEN_F: u16 = 2;
    /// A family name.
    pub const SURNAME: u16 = 4;
    /// A town.
    pub const TOWN: u16 = 8;
    /// A region, a river, mountains.
    pub const REGION: u16 = 16;
    /// A country.
    pub const COUNTRY: u16 = 32;
    /// First token of a place in the knowledge tables.
    pub const PLACE_B: u16 = 64;
    /// Further token of a place in the knowledge tables.
    pub const PLACE_I: u16 = 128;
    /// First token of an organisation in the knowledge tables.
    pub const ORG_B: u16 = 256;
    /// Further token of an organisation in the knowledge tables.
    pub const ORG_I: u16 = 512;
    /// First token of a person in the knowledge tables.
    pub const PERSON_B: u16 = 1024;
    /// Further token of a person in the knowledge tables.
    pub const PERSON_I: u16 = 2048;
    /// An office or title in the knowledge tables ("Außenminister", "Dr.").
    pub const OFFICE: u16 = 4096;
    /// A work, product or event.
    pub const OTHER: u16 = 8192;
    /// A common noun for actors in the knowledge tables ("Landgericht", "Demonstranten").
    pub const AGENT: u16 = 16384;
    /// A state's adjective, a people's name, a word in -er from a place.
    pub const PEOPLE: u16 = 32768;
}

/// At most so many groups of three letters of a form are looked at.
const TRIGRAMS: usize = 10;

/// What is known of a token before its neighbours are looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Token {
    form: u32,
    /// The form without an ending that may be a genitive's.
    stem: u32,
    lower: u32,
    shape: u32,
    prefixes: [u32; 3],
    suffixes: [u32; 4],
    /// Whether the token is a quotation mark.
    quote: bool,
    /// Part behind the last hyphen, in lower case; zero without a hyphen.
    tail: u32,
    /// Part before the first hyphen, as it stands; zero without a hyphen.
    front: u32,
    /// Gazetteer bits of the front.
    front_gazetteer: u16,
    /// Bits of [`word`].
    pub word: u16,
    /// Part of speech.
    tag: u8,
    /// Relation to the head in the tree.
    relation: u8,
    /// Distance to the head in tokens; zero for a root.
    head: i16,
    /// Hashes of groups of three letters inside the form, for forms with a capital letter.
    trigrams: [u32; TRIGRAMS],
    /// Bits of [`gazetteer`].
    pub gazetteer: u16,
    /// Whether the token begins with a capital letter.
    pub capital: bool,
    /// What the rest of the document says about the form; zero in the first pass.
    pub document: u8,
}

fn hash(bytes: &[u8]) -> u32 {
    let mut h = FxHasher::default();
    h.write(bytes);
    let h = h.finish();
    (h ^ (h >> 32)) as u32
}

/// The hash under which a form is kept in the gazetteer.
pub fn form_hash(form: &str) -> u32 {
    hash(form.as_bytes())
}

/// Runs of capitals, small letters and digits, other characters as they are: "Xx-Xx", "XX", "0.".
fn shape(form: &str) -> u32 {
    let (mut out, mut n, mut last) = ([0u8; 12], 0, 0u8);
    for c in form.chars() {
        let class = match c {
            _ if c.is_lowercase() => b'x',
            _ if c.is_uppercase() => b'X',
            _ if c.is_numeric() => b'0',
            _ if c.is_ascii() => c as u8,
            '„' | '“' | '”' | '»' | '«' | '‚' | '‘' => b'"',
            '–' | '—' => b'-',
            _ => b'?',
        };
        // One capital and several are told apart ("Xx", "XXx"), longer runs are not.
        let run = n >= 2 && out[n - 2] == class;
        if n == out.len() || (class == last && (class != b'X' || run)) {
            continue;
        }
        out[n] = class;
        n += 1;
        last = class;
    }
    hash(&out[..n])
}

impl Token {
    /// Looks at a form. `word` are the bits of the lexicon, `tag` is the part of speech, `gazetteer` gives the bits of the gazetteers, both for any string.
    pub fn new(form: &str, lower: &mut String, (word, tag): (u16, u8), gazetteer: impl Fn(&str) -> u16) -> Token {
        lower.clear();
        lower.extend(form.chars().flat_map(char::to_lowercase));
        let mut t = Token {
            form: hash(form.as_bytes()),
            stem: hash(form.trim_end_matches(['s', '\'', '’']).as_bytes()),
            lower: hash(lower.as_bytes()),
            shape: shape(form),
            word,
            tag,
            capital: form.starts_with(char::is_uppercase),
            quote: matches!(form, "„" | "“" | "”" | "\"" | "»" | "«" | "‚" | "‘" | "'"),
            ..Token::default()
        };
        if t.capital {
            t.gazetteer = match gazetteer(form) {
                // Genitives ("Merkels", "Ruttes") are not in the lists.
                0 => {
                    form.strip_suffix('s').or(form.strip_suffix('\'')).or(form.strip_suffix('’')).map_or(0, &gazetteer)
                }
                bits => bits,
            };
        }
        for (k, (i, _)) in lower.char_indices().skip(2).take(3).enumerate() {
            t.prefixes[k] = hash(&lower.as_bytes()[..i]);
        }
        for (k, (i, _)) in lower.char_indices().rev().skip(1).take(4).enumerate() {
            t.suffixes[k] = hash(&lower.as_bytes()[i..]);
        }
        if t.capital {
            let mut starts = lower.char_indices().map(|c| c.0);
            let mut window = [starts.next().unwrap_or(0), starts.next().unwrap_or(0), starts.next().unwrap_or(0)];
            for (slot, next) in t.trigrams.iter_mut().zip(starts.chain([lower.len()])) {
                *slot = hash(&lower.as_bytes()[window[0]..next]);
                window = [window[1], window[2], next];
            }
        }
        if let (Some((front, _)), Some((_, tail))) = (form.split_once('-'), lower.rsplit_once('-'))
            && !front.is_empty()
        {
            t.front = hash(front.as_bytes());
            t.tail = hash(tail.as_bytes());
            t.front_gazetteer = gazetteer(front);
        }
        t
    }

    /// The token with its place in the tree: number of its relation, distance to its head.
    #[must_use]
    pub fn in_tree(self, relation: u8, head: i16) -> Token {
        Token { relation, head, ..self }
    }

    /// The hash of the form without a genitive's ending, for counting a name's occurrences in the document.
    pub fn stem(&self) -> u32 {
        self.stem
    }
}

/// How far the words around a token are looked at for what the sentence is about.
const AROUND: usize = 6;
/// How far names and offices around a token are looked at.
const FAR: usize = 8;

const EDGE_BITS: u16 = 0x8000;

/// The place beyond the ends of a sentence.
const EDGE: Token = Token {
    form: 1,
    stem: 1,
    lower: 1,
    shape: 1,
    prefixes: [0; 3],
    suffixes: [0; 4],
    quote: false,
    tail: 0,
    front: 0,
    front_gazetteer: 0,
    word: EDGE_BITS,
    tag: u8::MAX,
    relation: u8::MAX,
    head: 0,
    trigrams: [0; TRIGRAMS],
    gazetteer: 0,
    capital: false,
    document: 0,
};

fn mix(template: u32, a: u32, b: u32) -> u32 {
    let mut h = (u64::from(a) << 32 | u64::from(b)) ^ u64::from(template).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h = (h ^ (h >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 32)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (h >> 32) as u32
}

/// Collects the features of token `i` of a sentence.
pub fn features(sentence: &[Token], i: usize, out: &mut Vec<u32>) {
    out.clear();
    let at = |d: isize| -> &Token { i.checked_add_signed(d).and_then(|k| sentence.get(k)).unwrap_or(&EDGE) };
    let (t, p, pp, n, nn) = (at(0), at(-1), at(-2), at(1), at(2));
    let bits = |x: &Token| u32::from(x.word) << 16 | u32::from(x.gazetteer);
    let mut add = |template: u32, a: u32, b: u32| out.push(mix(template, a, b));

    add(0, 0, 0);
    add(1, t.form, 0);
    add(2, t.lower, 0);
    add(3, t.shape, 0);
    add(4, bits(t), 0);
    add(5, u32::from(t.gazetteer), t.shape);
    add(6, u32::from(t.word), u32::from(i == 0));
    for k in 0..3 {
        if t.prefixes[k] != 0 {
            add(10 + k as u32, t.prefixes[k], u32::from(t.capital));
        }
    }
    for k in 0..4 {
        if t.suffixes[k] != 0 {
            add(15 + k as u32, t.suffixes[k], u32::from(t.capital));
        }
    }
    if t.front != 0 {
        add(20, t.front, 0);
        add(21, t.tail, 0);
        add(22, u32::from(t.front_gazetteer), t.word.into());
        add(23, u32::from(t.front_gazetteer), t.tail);
    }
    // One feature for each gazetteer bit generalises over the combinations.
    for b in (0..16).filter(|b| t.gazetteer >> b & 1 == 1) {
        add(25, b, 0);
        add(26, b, u32::from(t.word & word::NOUN));
    }
    for (k, x) in [(30, p), (40, n), (50, pp), (60, nn)] {
        add(k, x.form, 0);
        add(k + 1, x.shape, 0);
        add(k + 2, bits(x), 0);
        add(k + 3, x.lower, t.shape);
    }
    for (k, x) in [(70, p), (80, n)] {
        add(k, x.lower, t.lower);
        add(k + 1, x.suffixes[1], t.shape);
        add(k + 2, x.suffixes[2], t.shape);
        add(k + 3, bits(x), bits(t));
        add(k + 4, x.gazetteer.into(), t.gazetteer.into());
        add(k + 5, x.shape, t.shape);
        add(k + 6, x.suffixes[2], t.gazetteer.into());
        add(k + 7, x.prefixes[1], t.shape);
        add(k + 8, x.tail, t.shape);
    }
    add(90, mix(0, p.shape, t.shape), n.shape);
    add(91, mix(0, bits(p), bits(t)), bits(n));
    add(92, p.lower, n.lower);
    add(93, mix(0, pp.lower, p.lower), t.shape);
    add(94, mix(0, n.lower, nn.lower), t.shape);
    add(95, mix(0, p.gazetteer.into(), t.gazetteer.into()), n.gazetteer.into());
    let (tag, tag_before, tag_behind) = (u32::from(t.tag), u32::from(p.tag), u32::from(n.tag));
    add(110, tag, t.shape);
    add(111, tag, u32::from(t.gazetteer));
    add(112, tag_before, tag);
    add(113, tag, tag_behind);
    add(114, tag_before << 8 | tag, tag_behind);
    add(115, tag, t.word.into());
    add(116, u32::from(pp.tag) << 8 | tag_before, tag);

    let (relation, head) = (u32::from(t.relation), if t.head == 0 { &EDGE } else { at(isize::from(t.head)) });
    add(120, relation, t.shape);
    add(121, relation, head.lower);
    add(122, relation << 8 | u32::from(head.tag), u32::from(t.gazetteer));
    add(123, head.lower, t.shape);
    add(124, bits(head), relation);
    add(125, head.suffixes[2], t.shape);

    if t.capital {
        around(sentence, i, &mut add);
    }
    quoted(sentence, i, &mut add);
    for &x in t.trigrams.iter().filter(|&&x| x != 0) {
        add(130, x, 0);
    }
    if t.document != 0 {
        add(100, t.document.into(), 0);
        add(101, t.document.into(), u32::from(t.gazetteer));
        add(102, t.document.into(), t.word.into());
    }
    if p.document != 0 {
        add(103, p.document.into(), t.shape);
    }
    if n.document != 0 {
        add(104, n.document.into(), t.shape);
    }
}

/// What the words around a token tell of it wherever they stand: content words ("Album", "Tor"), and which kinds of
/// names and offices there are.
fn around(sentence: &[Token], i: usize, add: &mut impl FnMut(u32, u32, u32)) {
    let t = &sentence[i];
    let others = |reach: usize| {
        let near = sentence.iter().enumerate().take(i + reach + 1).skip(i.saturating_sub(reach));
        near.filter(move |(k, _)| *k != i).map(|(_, x)| x)
    };
    for x in others(AROUND).filter(|x| x.word & word::FUNCTION == 0 && x.prefixes[1] != 0) {
        add(150, x.lower, 0);
    }
    let kinds = others(FAR).fold(0, |kinds, x| kinds | x.gazetteer);
    for b in (0..16).filter(|b| kinds >> b & 1 == 1) {
        add(152, b, u32::from(t.gazetteer));
        add(153, b, t.shape);
    }
}

/// For a token between quotation marks: how much stands between them, and the word before them ("Film", "Zeitung").
fn quoted(sentence: &[Token], i: usize, add: &mut impl FnMut(u32, u32, u32)) {
    let left = (i.saturating_sub(AROUND)..i).rev().find(|&k| sentence[k].quote);
    let right = (i + 1..(i + 1 + AROUND).min(sentence.len())).find(|&k| sentence[k].quote);
    let (Some(left), Some(right)) = (left, right) else { return };
    let before = left.checked_sub(1).map_or(&EDGE, |k| &sentence[k]);
    add(160, (i - left) as u32, (right - i) as u32);
    add(161, (right - left) as u32, sentence[i].shape);
    add(162, before.lower, 0);
    add(163, before.suffixes[2], 0);
    add(164, (right - left) as u32, before.word.into());
}
