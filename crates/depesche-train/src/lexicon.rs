//! Compiles the list of German forms into the model's section `lexicon`.
//!
//! Forms with the same set of readings (part of speech, features, lemma rule) share a class. What no reader of news
//! needs is left out: strong and weak declension, comparatives of participles, nouns made of adjectives (they are
//! found by their adjective). Endings on which words with one class are in a clear majority become guesses.

use anyhow::{Context, Result, anyhow, bail, ensure};
use depesche::morphology::feats::{CASE, DEGREE, Feature, GENDER, MOOD, NUMBER, PERSON, TENSE, VERB_FORM};
use depesche::morphology::lexicon::{GUESS_CAPITAL, GUESS_SMALL, Hash, LONGEST_ENDING};
use depesche::morphology::rule::Rule;
use depesche::morphology::{Feats, LexTag};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A reading on its way into the model.
type Reading = (LexTag, Feats, Rule);

/// Corrections and additions, in the format of the list.
const ADDITIONS: &str = include_str!("../../depesche/data/de/forms.tsv");
/// Where the treebanks have another lemma than the list.
const CONVENTIONS: &str = include_str!("../../depesche/data/de/lemma_conventions.tsv");
/// An ending needs so many forms to become a guess.
const GUESS_FORMS: u32 = 12;
/// And this share of them in one class.
const GUESS_SHARE: f64 = 0.6;

/// The parts of speech of the list; the first row whose fields a tag begins with is taken.
const TAGS: &[(&str, LexTag)] = &[
    ("SUB", LexTag::Noun),
    ("EIG:VOR", LexTag::GivenName),
    ("EIG:NAC", LexTag::FamilyName),
    ("EIG:STD", LexTag::PlaceName),
    ("EIG:COU", LexTag::PlaceName),
    ("EIG:GEB", LexTag::PlaceName),
    ("EIG:WAT", LexTag::PlaceName),
    ("EIG:MOU", LexTag::PlaceName),
    ("EIG:STR", LexTag::PlaceName),
    ("EIG", LexTag::OtherName),
    ("ADJ:PRD", LexTag::AdjectivePredicative),
    ("ADJ", LexTag::Adjective),
    ("PA1:PRD", LexTag::PresentParticiplePredicative),
    ("PA1", LexTag::PresentParticiple),
    ("PA2:PRD", LexTag::PastParticiplePredicative),
    ("PA2", LexTag::PastParticiple),
    ("VER:AUX:INF", LexTag::AuxiliaryNonfinite),
    ("VER:AUX:PA2", LexTag::AuxiliaryNonfinite),
    ("VER:AUX:PA1", LexTag::AuxiliaryNonfinite),
    ("VER:AUX:IMP", LexTag::Imperative),
    ("VER:AUX", LexTag::Auxiliary),
    ("VER:MOD:INF", LexTag::ModalNonfinite),
    ("VER:MOD:PA2", LexTag::ModalNonfinite),
    ("VER:MOD:PA1", LexTag::ModalNonfinite),
    ("VER:MOD:IMP", LexTag::Imperative),
    ("VER:MOD", LexTag::Modal),
    ("VER:INF", LexTag::Infinitive),
    ("VER:EIZ", LexTag::InfinitiveZu),
    ("VER:PA2", LexTag::VerbPastParticiple),
    ("VER:PA1", LexTag::PresentParticiplePredicative),
    ("VER:IMP", LexTag::Imperative),
    ("VER", LexTag::Verb),
    ("ADV:PRO", LexTag::PronominalAdverb),
    ("ADV:INR", LexTag::InterrogativeAdverb),
    ("ADV", LexTag::Adverb),
    ("PRO:PER", LexTag::Personal),
    ("PRO:REF", LexTag::Reflexive),
    ("PRO:POS", LexTag::Possessive),
    ("PRO:DEM", LexTag::Demonstrative),
    ("PRO:IND", LexTag::Indefinite),
    ("PRO:RIN", LexTag::Relative),
    ("ART:DEF", LexTag::DefiniteArticle),
    ("ART:IND", LexTag::IndefiniteArticle),
    ("PRP", LexTag::Preposition),
    ("KON:NEB", LexTag::Coordinating),
    ("KON:UNT", LexTag::Subordinating),
    ("KON:VGL", LexTag::Comparing),
    ("KON:INF", LexTag::InfinitiveConjunction),
    ("KON:PRI", LexTag::Proportional),
    ("ZUS", LexTag::VerbPrefix),
    ("NEG", LexTag::Negation),
    ("ZAL", LexTag::Numeral),
    ("INJ", LexTag::Interjection),
    ("IG", LexTag::Interjection),
    ("ABK", LexTag::Abbreviation),
];

/// The fields of a tag that are features.
const FIELDS: &[(&str, &Feature, &str)] = &[
    ("NOM", &CASE, "Nom"),
    ("GEN", &CASE, "Gen"),
    ("DAT", &CASE, "Dat"),
    ("AKK", &CASE, "Acc"),
    ("SIN", &NUMBER, "Sing"),
    ("PLU", &NUMBER, "Plur"),
    ("MAS", &GENDER, "Masc"),
    ("FEM", &GENDER, "Fem"),
    ("NEU", &GENDER, "Neut"),
    ("GRU", &DEGREE, "Pos"),
    ("KOM", &DEGREE, "Cmp"),
    ("SUP", &DEGREE, "Sup"),
    ("1", &PERSON, "1"),
    ("2", &PERSON, "2"),
    ("3", &PERSON, "3"),
    ("INF", &VERB_FORM, "Inf"),
    ("EIZ", &VERB_FORM, "Inf"),
    ("PA1", &VERB_FORM, "Part"),
    ("PA2", &VERB_FORM, "Part"),
];

/// Compiles the list into the bytes of the section.
pub fn compile(corpora: &Path) -> Result<Vec<u8>> {
    let path = corpora.join("lexicon").join("german-forms.tsv.xz");
    let file = std::fs::File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut list = Vec::new();
    lzma_rs::xz_decompress(&mut std::io::BufReader::new(file), &mut list)?;
    let list = String::from_utf8(list)?;
    let additions = ADDITIONS.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    let rows: Vec<(&str, &str, &str)> = list.lines().chain(additions).map(columns).collect::<Result<_>>()?;
    let conventions = Conventions::new(&rows)?;
    let mut forms: BTreeMap<&str, BTreeSet<Reading>> = BTreeMap::new();
    for (form, lemma, tag) in rows {
        let lemma = conventions.lemma(form, lemma, tag);
        if let Some(readings) = lemma.and_then(|lemma| readings(form, lemma, tag)) {
            forms.entry(form).or_default().extend(readings);
        }
    }
    eprintln!("{} forms", forms.len());
    let mut count: BTreeMap<&BTreeSet<Reading>, u32> = BTreeMap::new();
    for readings in forms.values() {
        *count.entry(readings).or_default() += 1;
    }
    // Frequent classes get small numbers, which compress well.
    let mut classes: Vec<(&BTreeSet<Reading>, u32)> = count.into_iter().collect();
    classes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let number: FxHashMap<&BTreeSet<Reading>, u16> = classes.iter().zip(1..).map(|(c, n)| (c.0, n)).collect();
    ensure!(classes.len() < usize::from(u16::MAX), "too many classes");
    let mut entries: Vec<(Hash, u16)> = forms.iter().map(|(f, r)| (Hash::of(f), number[r])).collect();
    let guesses = guesses(&forms, &number);
    eprintln!("{} classes, {} guesses", classes.len(), guesses.len());
    entries.extend(guesses);
    Ok(write(entries, &classes.iter().map(|c| c.0).collect::<Vec<_>>()))
}

fn columns(row: &str) -> Result<(&str, &str, &str)> {
    match row.split('\t').collect::<Vec<_>>()[..] {
        [form, lemma, tag] => Ok((form, lemma, tag)),
        _ => bail!("malformed row {row:?}"),
    }
}

/// How the treebanks' lemmas differ from the list's.
struct Conventions<'a> {
    rows: Vec<[&'static str; 4]>,
    /// Adjectives without an ending.
    bare: FxHashSet<&'a str>,
    /// Nouns that are more than infinitives.
    nouns: FxHashSet<&'a str>,
}

impl<'a> Conventions<'a> {
    fn new(list: &[(&'a str, &'a str, &'a str)]) -> Result<Conventions<'a>> {
        let mut rows = Vec::new();
        for row in CONVENTIONS.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let columns: Vec<&str> = row.split('\t').collect();
            rows.push(<[&str; 4]>::try_from(columns).map_err(|_| anyhow!("malformed row {row:?}"))?);
        }
        let bare = list.iter().filter(|r| r.2.starts_with("ADJ:PRD")).map(|r| r.0).collect();
        let infinitive = |r: &&(&str, &str, &str)| r.2.ends_with(":INF");
        let nouns = list.iter().filter(|r| r.2.starts_with("SUB") && !infinitive(r)).map(|r| r.0).collect();
        Ok(Conventions { rows, bare, nouns })
    }

    /// The lemma that a row of the list shall have; none if the row is dropped.
    fn lemma(&self, form: &str, lemma: &'a str, tag: &str) -> Option<&'a str> {
        // "Tagen" is the plural of "Tag" and hardly ever "das Tagen".
        if tag.starts_with("SUB") && tag.ends_with(":INF") && self.nouns.contains(form) {
            return None;
        }
        let matches = |pattern: &str, s: &str| pattern.strip_suffix('*').map_or(pattern == s, |p| s.starts_with(p));
        let row = self.rows.iter().find(|r| tag.starts_with(r[0]) && matches(r[1], form) && matches(r[2], lemma));
        if let Some(row) = row {
            return Some(row[3]).filter(|l| *l != "-");
        }
        // "letzte", "zweite": adjectives that never stand without an ending.
        match lemma.strip_suffix('e') {
            Some(stem) if tag.starts_with("ADJ") && !self.bare.contains(lemma) => Some(stem),
            _ => Some(lemma),
        }
    }
}

/// The readings of a row: more than one for a preposition with several cases, none for what is left out.
fn readings(form: &str, lemma: &str, tag: &str) -> Option<Vec<Reading>> {
    let fields: Vec<&str> = tag.split(':').collect();
    let participle = matches!(fields[0], "PA1" | "PA2");
    if participle && fields.iter().any(|f| matches!(*f, "KOM" | "SUP")) || fields[0] == "SUB" && fields.contains(&"ADJ")
    {
        return None;
    }
    let mut found = TAGS.iter().filter(|(pattern, _)| {
        let mut wanted = pattern.split(':');
        wanted.next() == Some(fields[0]) && wanted.all(|w| fields[1..].iter().any(|f| f.split('+').any(|f| f == w)))
    });
    let tag = found.next()?.1;
    let rule = Rule::between(form, lemma);
    if tag == LexTag::Preposition {
        let cases = fields[1..].iter().flat_map(|f| f.split('+')).filter_map(|f| FIELDS.iter().find(|r| r.0 == f));
        let mut out: Vec<Reading> = cases.map(|r| (tag, Feats::NONE.with(r.1, r.2), rule.clone())).collect();
        if out.is_empty() {
            out.push((tag, Feats::NONE, rule));
        }
        return Some(out);
    }
    let mut feats = Feats::NONE;
    for field in &fields[1..] {
        if let Some((_, feature, value)) = FIELDS.iter().find(|r| r.0 == *field) {
            feats = feats.with(feature, value);
        }
        feats = match *field {
            "PRÄ" => feats.with(&MOOD, "Ind").with(&TENSE, "Pres").with(&VERB_FORM, "Fin"),
            "PRT" => feats.with(&MOOD, "Ind").with(&TENSE, "Past").with(&VERB_FORM, "Fin"),
            "KJ1" => feats.with(&MOOD, "Sub").with(&TENSE, "Pres").with(&VERB_FORM, "Fin"),
            "KJ2" => feats.with(&MOOD, "Sub").with(&TENSE, "Past").with(&VERB_FORM, "Fin"),
            "IMP" => feats.with(&MOOD, "Imp").with(&VERB_FORM, "Fin"),
            _ => feats,
        };
    }
    if feats.is(&NUMBER, "Plur") && matches!(fields[0], "ADJ" | "PA1" | "PA2" | "PRO" | "ART") {
        feats = feats.with(&GENDER, "");
    }
    Some(vec![(tag, feats, rule)])
}

/// Endings that tell the class: those on which one class is in the majority and that no longer ending contradicts.
fn guesses(forms: &BTreeMap<&str, BTreeSet<Reading>>, number: &FxHashMap<&BTreeSet<Reading>, u16>) -> Vec<(Hash, u16)> {
    let mut endings: BTreeMap<(bool, &str), BTreeMap<u16, u32>> = BTreeMap::new();
    for (form, readings) in forms {
        let open = readings.iter().all(|r| {
            r.0 <= LexTag::Imperative
                && !matches!(r.0, LexTag::GivenName | LexTag::FamilyName | LexTag::PlaceName | LexTag::OtherName)
        });
        if !open {
            continue;
        }
        let capital = form.starts_with(char::is_uppercase);
        for (at, _) in form.char_indices().skip(2).filter(|(at, _)| (2..=LONGEST_ENDING).contains(&(form.len() - at))) {
            *endings.entry((capital, &form[at..])).or_default().entry(number[readings]).or_default() += 1;
        }
    }
    let best = |key: &(bool, &str)| -> Option<u16> {
        let classes = endings.get(key)?;
        let total: u32 = classes.values().sum();
        let (class, n) = classes.iter().max_by_key(|(c, n)| (**n, std::cmp::Reverse(**c)))?;
        (total >= GUESS_FORMS && f64::from(*n) >= GUESS_SHARE * f64::from(total)).then_some(*class)
    };
    let mut out = Vec::new();
    for key in endings.keys() {
        let Some(class) = best(key) else { continue };
        // The ending without its first letter may say the same already.
        let shorter = key.1.char_indices().skip(1).find_map(|(at, _)| best(&(key.0, &key.1[at..])));
        if shorter != Some(class) {
            out.push((Hash::of(key.1).before(if key.0 { GUESS_CAPITAL } else { GUESS_SMALL }), class));
        }
    }
    out
}

/// The bytes of the section, as [`depesche::morphology::Lexicon`] reads them.
fn write(entries: Vec<(Hash, u16)>, classes: &[&BTreeSet<Reading>]) -> Vec<u8> {
    let mut entries: Vec<(usize, u32, u16)> = entries.into_iter().map(|(h, c)| (h.place().0, h.place().1, c)).collect();
    entries.sort_unstable();
    entries.dedup_by_key(|e| (e.0, e.1));
    let mut out = vec![0u8; 1 << 16];
    for (bucket, ..) in &entries {
        out[*bucket] += 1;
    }
    for byte in 0..3 {
        out.extend(entries.iter().map(|e| e.1.to_le_bytes()[byte]));
    }
    for byte in 0..2 {
        out.extend(entries.iter().map(|e| e.2.to_le_bytes()[byte]));
    }
    let rules: BTreeSet<&Rule> = classes.iter().flat_map(|c| c.iter().map(|r| &r.2)).collect();
    let rule_number: FxHashMap<&Rule, u16> = rules.iter().zip(0..).map(|(r, n)| (*r, n)).collect();
    out.extend((rules.len() as u16).to_le_bytes());
    for rule in rules {
        rule.write(&mut out);
    }
    out.extend((classes.len() as u16).to_le_bytes());
    for class in classes {
        out.push(class.len() as u8);
        for (tag, feats, rule) in *class {
            out.push(*tag as u8);
            out.extend(feats.0.to_le_bytes());
            out.extend(rule_number[rule].to_le_bytes());
        }
    }
    out
}
