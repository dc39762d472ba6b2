//! The learned recogniser of names: tokens in, names with their kinds out.
//!
//! Finds what no table has: persons, places, organisations and other names. A linear-chain CRF labels each sentence;
//! a second pass sees how the first labelled the same words elsewhere in the document, so that a surname that is
//! clear once is clear everywhere (Chieu and Ng 2003, Krishnan and Manning 2006).

pub mod features;
pub mod labels;
mod tagger;

pub use labels::NameType;
pub use tagger::{Lattice, Tagger};

use crate::analysis::Analysis;
use crate::knowledge::{Kind, Knowledge, Match, MatchKind, Part};
use crate::model::{Model, ModelError};
use crate::morphology::{ClassId, Found, LexTag, Lexicon, TagSet};
use crate::reading::Reading;
use features::Token;
use labels::LABELS;
use rustc_hash::FxHashMap;
use tagger::take;

/// Name of the recogniser's section in the model.
pub const SECTION: &str = "names";

/// Texts of no more sentences get no second pass.
const SHORT_DOCUMENT: usize = 2;

/// What a capital letter costs the label "outside": training hides features, which makes the model a little too shy.
const CAPITAL: f32 = 0.3;

/// Names of more tokens are not looked for in the gazetteer.
const LONGEST_PHRASE: usize = 5;

/// A name in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// First token.
    pub first: usize,
    /// Last token, inclusive.
    pub last: usize,
    /// Kind of name.
    pub kind: NameType,
}

/// Names of persons and places, as hashes of their forms with the bits of [`features::gazetteer`].
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    forms: FxHashMap<u32, u16>,
}

impl Gazetteer {
    /// The bits of a form, zero if it is in no list.
    pub fn bits(&self, form: &str) -> u16 {
        self.forms.get(&features::form_hash(form)).copied().unwrap_or_default()
    }

    /// Adds bits to a form.
    pub fn add(&mut self, form: &str, bits: u16) {
        *self.forms.entry(features::form_hash(form)).or_default() |= bits;
    }

    /// Marks names of several words in the tokens of a text.
    pub fn mark_phrases(&self, text: &str, analysis: &Analysis, tokens: &mut [Token]) {
        use features::gazetteer as bit;
        for sentence in &analysis.sentences {
            let mut i = sentence.first as usize;
            while i < sentence.last as usize {
                let start = analysis.tokens[i].start as usize;
                let last = (sentence.last as usize - 1).min(i + LONGEST_PHRASE - 1);
                let longest = (i + 1..=last).rev().filter(|_| tokens[i].capital).find_map(|j| {
                    let phrase = &text[start..analysis.tokens[j].end as usize];
                    Some((j, self.bits(phrase))).filter(|f| f.1 != 0)
                });
                let Some((j, bits)) = longest else {
                    i += 1;
                    continue;
                };
                let place = bits & (bit::TOWN | bit::REGION | bit::COUNTRY) != 0;
                let organisation = bits & bit::ORG_B != 0;
                for (k, t) in tokens[i..=j].iter_mut().enumerate() {
                    let mark = |on, b, inside| u16::from(on) * if k == 0 { b } else { inside };
                    t.gazetteer |= mark(place, bit::PLACE_B, bit::PLACE_I)
                        | mark(organisation, bit::ORG_B, bit::ORG_I)
                        | bits & bit::OTHER;
                }
                i = j + 1;
            }
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut forms: Vec<(u32, u16)> = self.forms.iter().map(|(&h, &b)| (h, b)).collect();
        forms.sort_unstable();
        out.extend((forms.len() as u32).to_le_bytes());
        out.extend(forms.iter().flat_map(|f| f.0.to_le_bytes()));
        out.extend(forms.iter().flat_map(|f| f.1.to_le_bytes()));
    }

    fn read(bytes: &mut &[u8]) -> Option<Gazetteer> {
        let n = u32::from_le_bytes(*take::<4>(bytes)?) as usize;
        let (hashes, rest) = bytes.split_at_checked(n.checked_mul(4)?)?;
        let (bits, rest) = rest.split_at_checked(n.checked_mul(2)?)?;
        *bytes = rest;
        let hashes = hashes.as_chunks::<4>().0.iter().map(|h| u32::from_le_bytes(*h));
        let bits = bits.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b));
        Some(Gazetteer { forms: hashes.zip(bits).collect() })
    }
}

/// What the first pass said of a form in the whole document: how often it was outside and in a name of each kind.
#[derive(Debug, Clone, Copy, Default)]
struct Counts([u16; 1 + NameType::ALL.len()]);

/// Finds names.
#[derive(Debug, Clone)]
pub struct Recogniser {
    /// What the classes of the lexicon mean to the features.
    classes: Vec<u16>,
    gazetteer: Gazetteer,
    first: Tagger,
    second: Tagger,
}

/// Memory of the recogniser, reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    features: Vec<u32>,
    emissions: Vec<[f32; LABELS]>,
    lattice: Lattice,
    labels: Vec<u8>,
    all: Vec<u8>,
}

impl Recogniser {
    /// A recogniser from its trained parts.
    pub fn from_parts(lexicon: &Lexicon, gazetteer: Gazetteer, first: Tagger, second: Tagger) -> Recogniser {
        Recogniser { classes: class_bits(lexicon), gazetteer, first, second }
    }

    /// Takes the recogniser out of the model.
    ///
    /// # Errors
    /// If its section is missing or malformed.
    pub fn new(model: &Model, lexicon: &Lexicon) -> Result<Recogniser, ModelError> {
        let mut bytes = model.section(SECTION)?;
        let bytes = &mut bytes;
        let malformed = ModelError::Malformed(SECTION);
        let parts = (|| Some((Gazetteer::read(bytes)?, Tagger::read(bytes)?, Tagger::read(bytes)?)))();
        let (gazetteer, first, second) = parts.ok_or(malformed)?;
        Ok(Recogniser::from_parts(lexicon, gazetteer, first, second))
    }

    /// The bytes of the model's section.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.gazetteer.write(&mut out);
        self.first.write(&mut out);
        self.second.write(&mut out);
        out
    }

    /// The lists of names.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// What is known of each token of a text: its form, the lexicon, the lists of names and the tables.
    pub fn look(&self, reading: &Reading<'_>, knowledge: &Knowledge, matches: &[Match]) -> Vec<Token> {
        let analysis = reading.analysis;
        let mut lower = String::new();
        let tag = |i: usize| analysis.tokens[i].upos as u8;
        let head = |i: usize| analysis.head(i).map_or(0, |h| (h as i64 - i as i64) as i16);
        let mut tokens: Vec<Token> = (0..reading.len())
            .map(|i| {
                let seen = (word_bits(&self.classes, reading, i), tag(i));
                let token = Token::new(reading.form(i), &mut lower, seen, |f| self.gazetteer.bits(f));
                token.in_tree(analysis.tokens[i].deprel as u8, head(i))
            })
            .collect();
        self.gazetteer.mark_phrases(reading.text, analysis, &mut tokens);
        for m in matches {
            mark_match(knowledge.row(m.row).kind, m, &mut tokens);
        }
        tokens
    }

    /// The names of a text, of which the tables have been asked.
    pub fn read(&self, reading: &Reading<'_>, knowledge: &Knowledge, matches: &[Match]) -> Vec<Name> {
        let mut tokens = self.look(reading, knowledge, matches);
        self.find(reading.analysis, &mut tokens, &mut Scratch::default())
    }

    /// The names that the first pass finds: first token, last token (inclusive) and kind.
    pub fn first_pass(
        &self,
        analysis: &Analysis,
        tokens: &[Token],
        scratch: &mut Scratch,
    ) -> Vec<(usize, usize, NameType)> {
        label(&self.first, analysis, tokens, scratch);
        let mut names = Vec::new();
        labels::decode(&scratch.all, |first, last, kind| names.push((first, last, kind)));
        names
    }

    /// The names of a text; `tokens` has what is known of each token.
    pub fn find(&self, analysis: &Analysis, tokens: &mut [Token], scratch: &mut Scratch) -> Vec<Name> {
        label(&self.first, analysis, tokens, scratch);
        if is_document(analysis) {
            note_document(tokens, &scratch.all);
            label(&self.second, analysis, tokens, scratch);
        }
        let mut names = Vec::new();
        labels::decode(&scratch.all, |first, last, kind| names.push(Name { first, last, kind }));
        names
    }
}

/// Whether a text gets a second pass: a lone sentence has no document that could tell more.
pub fn is_document(analysis: &Analysis) -> bool {
    analysis.sentences.len() > SHORT_DOCUMENT
}

/// What the lexicon says of a token.
fn word_bits(classes: &[u16], reading: &Reading<'_>, token: usize) -> u16 {
    use features::word;
    let Some(entry) = reading.analysis.lexical.get(token) else { return 0 };
    let bits = |class: ClassId| classes.get(class.0 as usize).copied().unwrap_or_default();
    let small = bits(entry.small) & !(word::NOUN | word::NAME);
    match entry.found {
        Found::Exact => bits(entry.class) | small,
        Found::Compound => bits(entry.class) & !word::NAME | word::COMPOUND | small,
        _ => small,
    }
}

/// For each class of the lexicon the bits of [`features::word`].
fn class_bits(lexicon: &Lexicon) -> Vec<u16> {
    use features::word;
    const NOUNS: TagSet = TagSet::of(&[LexTag::Noun, LexTag::Abbreviation]);
    const NAMES: TagSet = TagSet::of(&[LexTag::GivenName, LexTag::FamilyName, LexTag::PlaceName, LexTag::OtherName]);
    const VERBS: TagSet = TagSet::of(&[
        LexTag::Verb,
        LexTag::Infinitive,
        LexTag::InfinitiveZu,
        LexTag::VerbPastParticiple,
        LexTag::Imperative,
    ]);
    const ADJECTIVES: TagSet = TagSet::of(&[
        LexTag::Adjective,
        LexTag::AdjectivePredicative,
        LexTag::PresentParticiple,
        LexTag::PresentParticiplePredicative,
        LexTag::PastParticiple,
        LexTag::PastParticiplePredicative,
    ]);
    let open = TagSet(NOUNS.0 | NAMES.0 | VERBS.0 | ADJECTIVES.0);
    (0..lexicon.class_count())
        .map(|c| {
            let tags = lexicon.tags(ClassId(c as u16));
            let bit = |set: TagSet, bit: u16| if tags.meets(set) { bit } else { 0 };
            bit(NOUNS, word::NOUN)
                | bit(NAMES, word::NAME)
                | bit(VERBS, word::VERB)
                | bit(ADJECTIVES, word::ADJECTIVE)
                | bit(TagSet(!open.0), word::FUNCTION)
        })
        .collect()
}

/// Notes in the tokens what a match of the tables says of them.
fn mark_match(kind: Kind, m: &Match, tokens: &mut [Token]) {
    use features::gazetteer as bit;
    let place = (bit::PLACE_B, bit::PLACE_I);
    let (first, further) = match (m.part, m.kind, kind) {
        (Part::Whole, MatchKind::Name, Kind::State) => (bit::COUNTRY | bit::PLACE_B, bit::COUNTRY | bit::PLACE_I),
        (Part::Whole, MatchKind::Name, Kind::Capital | Kind::Place) => place,
        (Part::Whole, MatchKind::Name, Kind::Organisation | Kind::Seat) => (bit::ORG_B, bit::ORG_I),
        (Part::Whole, MatchKind::Name, Kind::Person) => (bit::PERSON_B, bit::PERSON_I),
        (Part::Whole, MatchKind::Surname, _) => (bit::SURNAME, bit::SURNAME),
        (Part::Whole | Part::Back, MatchKind::Office, _) => (bit::OFFICE, bit::OFFICE),
        (Part::Whole | Part::Back, MatchKind::Agent, _) => (bit::AGENT, bit::AGENT),
        (Part::Whole, MatchKind::Adjective | MatchKind::Demonym | MatchKind::Derived, _) => (bit::PEOPLE, bit::PEOPLE),
        _ => return,
    };
    for (k, t) in tokens.iter_mut().enumerate().take(m.last + 1).skip(m.first) {
        t.gazetteer |= if k == m.first { first } else { further };
    }
}

/// Labels all sentences with one tagger; the labels are in `scratch.all`.
fn label(tagger: &Tagger, analysis: &Analysis, tokens: &[Token], scratch: &mut Scratch) {
    scratch.all.clear();
    for sentence in &analysis.sentences {
        let Some(tokens) = tokens.get(sentence.tokens()) else { continue };
        scratch.emissions.clear();
        for i in 0..tokens.len() {
            features::features(tokens, i, &mut scratch.features);
            let mut e = tagger.emission(&scratch.features);
            if tokens[i].capital {
                e[labels::OUTSIDE as usize] -= CAPITAL;
            }
            scratch.emissions.push(e);
        }
        tagger.decode(&scratch.emissions, &mut scratch.lattice, &mut scratch.labels);
        scratch.all.extend_from_slice(&scratch.labels);
    }
}

/// Writes into each capitalised token what `labels` say of the other tokens with its form: 0 for nothing, else one
/// more than twice the commonest kind, and one more again where all agree.
pub fn note_document(tokens: &mut [Token], labels: &[u8]) {
    let mut counts: FxHashMap<u32, Counts> = FxHashMap::default();
    let class = |label: u8| labels::type_of(label).map_or(0, |t| 1 + t as usize);
    for (t, &l) in tokens.iter().zip(labels).filter(|(t, _)| t.capital) {
        let n = &mut counts.entry(t.stem()).or_default().0[class(l)];
        *n = n.saturating_add(1);
    }
    for (t, &l) in tokens.iter_mut().zip(labels).filter(|(t, _)| t.capital) {
        let Some(mut n) = counts.get(&t.stem()).map(|c| c.0) else { continue };
        n[class(l)] -= 1;
        let total: u32 = n.iter().map(|&n| u32::from(n)).sum();
        let best = (0..n.len()).rev().max_by_key(|&k| n[k]).unwrap_or_default();
        t.document = if total == 0 { 0 } else { 1 + 2 * best as u8 + u8::from(u32::from(n[best]) == total) };
    }
}
