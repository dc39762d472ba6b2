//! Lemmas as Universal Dependencies has them: a form, its part of speech, its readings in; the lemma out.
//!
//! First come forms whose lemma the treebanks tell and the lexicon does not (pronouns, articles, contractions); then
//! the lexicon's reading that fits the part of speech and the features; then rules of last resort.

use super::bytes::Bytes;
use super::cells::Cells;
use super::feats::{CASE, Feats};
use super::lexicon::{Entry, Found, Hash, Lexicon, Reading};
use super::lextag::{LexTag, TagSet};
use super::rule::{Case, Rule, set_case};
use super::upos::Upos;
use crate::model::{Model, ModelError};
use rustc_hash::FxHashMap;

/// Forms with a lemma of their own.
#[derive(Debug, Default)]
pub struct Lemmatizer {
    exceptions: FxHashMap<u64, Rule>,
}

/// The key of a form with a part of speech.
fn key(form: &str, upos: Upos) -> u64 {
    let mut hash = Hash::EMPTY;
    for b in form.bytes().rev() {
        hash = hash.before(b);
    }
    let (bucket, print) = hash.before(upos as u8).place();
    (bucket as u64) << 24 | u64::from(print)
}

const NOUNS: TagSet = TagSet::of(&[LexTag::Noun]);
const NAMES: TagSet =
    TagSet::of(&[LexTag::GivenName, LexTag::FamilyName, LexTag::PlaceName, LexTag::OtherName, LexTag::Noun]);
const ADJECTIVES: TagSet = TagSet::of(&[
    LexTag::Adjective,
    LexTag::AdjectivePredicative,
    LexTag::PresentParticiple,
    LexTag::PresentParticiplePredicative,
    LexTag::PastParticiple,
    LexTag::PastParticiplePredicative,
]);
const DETERMINERS: TagSet = TagSet::of(&[
    LexTag::DefiniteArticle,
    LexTag::IndefiniteArticle,
    LexTag::Possessive,
    LexTag::Demonstrative,
    LexTag::Indefinite,
    LexTag::Relative,
]);
const PRONOUNS: TagSet = TagSet(DETERMINERS.0 | TagSet::of(&[LexTag::Personal, LexTag::Reflexive]).0);

impl Lemmatizer {
    /// Takes the section `lemmas` out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model) -> Result<Lemmatizer, ModelError> {
        Lemmatizer::read(model.section("lemmas")?).ok_or(ModelError::Malformed("lemmas"))
    }

    fn read(bytes: &[u8]) -> Option<Lemmatizer> {
        let mut b = Bytes(bytes);
        let mut exceptions = FxHashMap::default();
        for _ in 0..b.u16()? {
            exceptions.insert(b.u64()?, Rule::read(&mut b)?);
        }
        b.0.is_empty().then_some(Lemmatizer { exceptions })
    }

    /// The bytes of the section: forms written small with part of speech and lemma.
    pub fn to_bytes<'a>(rows: impl ExactSizeIterator<Item = (&'a str, Upos, &'a str)>) -> Vec<u8> {
        let mut out = (rows.len() as u16).to_le_bytes().to_vec();
        for (form, upos, lemma) in rows {
            out.extend(key(form, upos).to_le_bytes());
            Rule::between(form, lemma).write(&mut out);
        }
        out
    }

    /// Appends the lemma of a token to `out`; `verb` is the reading of a verb.
    pub fn lemma(
        &self,
        lexicon: &Lexicon,
        token: (&str, Upos, Feats),
        entry: &Entry,
        verb: Option<&Reading>,
        out: &mut String,
    ) {
        let (form, upos, feats) = token;
        let shouted = form.len() > 1 && !form.chars().any(char::is_lowercase);
        let small;
        // "DIE" and "STELLT" are written small, "NATO" is not.
        let form = if shouted && !matches!(upos, Upos::Noun | Upos::Propn | Upos::Num | Upos::Sym | Upos::X) {
            small = form.to_lowercase();
            &small
        } else {
            form
        };
        if self.exception(form, upos, out) {
            return;
        }
        let (wanted, case) = match upos {
            Upos::Noun => (NOUNS, Case::Upper),
            Upos::Propn if entry.found == Found::Exact => (NAMES, Case::Keep),
            Upos::Propn => (TagSet::default(), Case::Keep),
            Upos::Adj => (ADJECTIVES, Case::Lower),
            Upos::Det => (DETERMINERS, Case::Lower),
            Upos::Pron => (PRONOUNS, Case::Lower),
            Upos::Verb | Upos::Aux => (TagSet::default(), Case::Lower),
            Upos::Num | Upos::Punct | Upos::Sym | Upos::X => return out.push_str(form),
            _ => (TagSet::default(), Case::Lower),
        };
        let begin = out.len();
        let small = Entry { class: entry.small, found: Found::Small, ..*entry };
        let best = match (verb, upos) {
            (Some(verb), _) => Some((*verb, *entry)),
            (None, Upos::Verb | Upos::Aux) => None,
            _ => best(lexicon, wanted, feats, entry)
                .map(|r| (r, *entry))
                .or_else(|| best(lexicon, wanted, feats, &small).map(|r| (r, small))),
        };
        match best {
            Some((reading, entry)) => lexicon.lemma(form, &entry, &reading, out),
            None if upos == Upos::Propn => out.push_str(bare_name(form, feats)),
            None if upos == Upos::Noun && lexicon.tags(entry.small).meets(ADJECTIVES) => nominalised(form, out),
            None => out.push_str(form),
        }
        if case != Case::Keep {
            set_case(out, begin, case);
        }
    }

    /// Appends the lemma if the form has one of its own.
    fn exception(&self, form: &str, upos: Upos, out: &mut String) -> bool {
        let begin = out.len();
        out.push_str(form);
        set_case(out, begin, Case::Lower);
        let rule = self.exceptions.get(&key(&out[begin..], upos));
        if let Some(rule) = rule {
            let small = out.split_off(begin);
            rule.apply(&small, out);
        } else {
            out.truncate(begin);
        }
        rule.is_some()
    }
}

/// The first reading with one of the tags, better one that agrees with the features.
fn best(lexicon: &Lexicon, wanted: TagSet, feats: Feats, entry: &Entry) -> Option<Reading> {
    let readings = || lexicon.readings(entry.class).iter().filter(|r| wanted.has(r.tag));
    let cells = Cells::of(feats);
    let agrees = |r: &&Reading| !Cells::of(r.feats).and(cells).is_empty();
    readings().find(agrees).or_else(|| readings().next()).copied()
}

/// An adjective as a noun: "des Abgeordneten" is a form of "Abgeordnete".
fn nominalised(form: &str, out: &mut String) {
    let stem = ["en", "er", "es", "em", "e"].iter().find_map(|e| form.strip_suffix(e));
    out.push_str(stem.unwrap_or(form));
    if stem.is_some() {
        out.push('e');
    }
}

/// A name without the ending of the genitive.
fn bare_name(form: &str, feats: Feats) -> &str {
    let stem = form.strip_suffix(['\'', '’']).unwrap_or(form);
    match stem.strip_suffix('s') {
        Some(bare) if feats.is(&CASE, "Gen") && bare.chars().count() > 3 && !bare.ends_with(['s', 'u', 'i', 'x']) => {
            bare
        }
        _ => stem,
    }
}
