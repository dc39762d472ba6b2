//! Learns from the treebanks the lemmas that the lexicon does not tell: section `lemmas`.

use crate::corpora::GoldSentence;
use depesche::morphology::lemma::Lemmatizer;
use depesche::morphology::{Feats, Lexicon, Upos};
use std::collections::BTreeMap;

/// Parts of speech of which a single occurrence is trusted: their words are few and have conventional lemmas.
const CLOSED: [Upos; 3] = [Upos::Adp, Upos::Det, Upos::Pron];
/// Parts of speech of which nothing is learned: their lemma is the form, or depends on more than the form.
const SKIPPED: [Upos; 7] = [Upos::Aux, Upos::Num, Upos::Propn, Upos::Punct, Upos::Sym, Upos::Verb, Upos::X];

/// For each gold lemma of a form: how often it stands there, and how often the lemmatiser says otherwise.
type Counts<'a> = BTreeMap<&'a str, (u32, u32)>;

/// The bytes of the section.
pub fn learn(lexicon: &Lexicon, sentences: &[GoldSentence]) -> Vec<u8> {
    let mut lemmas: BTreeMap<(String, Upos), Counts<'_>> = BTreeMap::new();
    let plain = Lemmatizer::default();
    let mut out = String::new();
    for sentence in sentences {
        for t in &sentence.tokens {
            let Some(upos) = Upos::parse(&t.upos).filter(|u| !SKIPPED.contains(u)) else { continue };
            let form = &sentence.text[t.start..t.end];
            out.clear();
            plain.lemma(lexicon, (form, upos, Feats::parse(&t.feats)), &lexicon.find(form), None, &mut out);
            let (all, wrong) = lemmas.entry((form.to_lowercase(), upos)).or_default().entry(&t.lemma).or_default();
            *all += 1;
            *wrong += u32::from(out.to_lowercase() != t.lemma.to_lowercase());
        }
    }
    let mut rows = Vec::new();
    for ((form, upos), found) in &lemmas {
        let total: u32 = found.values().map(|n| n.0).sum();
        let Some((lemma, (n, wrong))) = found.iter().max_by_key(|(_, n)| n.0) else { continue };
        let trusted = total >= 2 || CLOSED.contains(upos);
        // The treebanks' lemmas are in part spelt as before 1996.
        let old = lemma.contains('ß') && form.contains("ss");
        if trusted && 2 * wrong > total && 2 * n > total && !old {
            rows.push((form.as_str(), *upos, *lemma));
        }
    }
    eprintln!("{} forms with a lemma of their own", rows.len());
    Lemmatizer::to_bytes(rows.into_iter())
}
