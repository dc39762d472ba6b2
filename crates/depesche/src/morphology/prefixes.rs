//! Verbs whose prefix stands apart ("lehnte … ab"): trees and lexicon in, the verb with its prefix ("ablehnen") out.
//!
//! The tree says which prefix belongs to which verb. Where it does not, a prefix at the end of the clause belongs to
//! the finite verb before it if the lexicon knows the verb that the two make.

use super::feats::VERB_FORM;
use super::lexicon::Lexicon;
use super::lextag::LexTag;
use super::upos::Upos;
use crate::analysis::Analysis;
use crate::syntax::Deprel;

/// No prefix is looked for farther behind its verb (tokens).
const FAR: usize = 60;

/// Restores the separated prefixes of a text's verbs. Needs lemmas, features and trees.
pub(super) fn restore(text: &str, lexicon: &Lexicon, analysis: &mut Analysis) {
    let mut verb = String::new();
    for i in 0..analysis.tokens.len() {
        let t = analysis.tokens[i];
        if !matches!(t.upos, Upos::Verb | Upos::Aux) || !t.feats.is(&VERB_FORM, "Fin") {
            continue;
        }
        let known = |p: &usize| is_verb(lexicon, analysis.form(text, *p), analysis.lemma(i));
        // Of adverbs only those that make a known verb: "beschuldigt … wieder" is two words.
        let adposition = |p: &usize| analysis.tokens[*p].upos == Upos::Adp;
        let attached = attached(lexicon, analysis, i);
        let prefix =
            attached.filter(known).or_else(|| clause_final(text, lexicon, analysis, i)).or(attached.filter(adposition));
        let Some(prefix) = prefix else { continue };
        join(analysis.form(text, prefix), analysis.lemma(i), &mut verb);
        analysis.tokens[i].predicate = analysis.store(&verb);
    }
}

/// The verb with its prefix.
fn join(prefix: &str, lemma: &str, out: &mut String) {
    out.clear();
    out.extend(prefix.chars().flat_map(char::to_lowercase));
    out.push_str(lemma);
}

/// Whether the token may be a separated prefix.
fn is_prefix(lexicon: &Lexicon, analysis: &Analysis, token: usize) -> bool {
    lexicon.tags(analysis.lexical[token].class).has(LexTag::VerbPrefix)
        && matches!(
            analysis.tokens[token].upos,
            Upos::Adp | Upos::Adv | Upos::Adj | Upos::Part | Upos::Noun | Upos::Verb
        )
}

/// Whether the lexicon knows the verb that prefix and lemma make.
fn is_verb(lexicon: &Lexicon, prefix: &str, lemma: &str) -> bool {
    let mut verb = String::new();
    join(prefix, lemma, &mut verb);
    lexicon.tags(lexicon.get(&verb)).has(LexTag::Infinitive)
}

/// The prefix that the tree gives the verb.
fn attached(lexicon: &Lexicon, analysis: &Analysis, verb: usize) -> Option<usize> {
    let mut children = analysis.children(verb).iter().map(|c| *c as usize).filter(|c| *c > verb);
    // Relations have no subtype here; a verb's compound is its prefix.
    children.find(|c| analysis.tokens[*c].deprel == Deprel::Compound && is_prefix(lexicon, analysis, *c))
}

/// The prefix at the end of the verb's clause, if it makes a verb that the lexicon knows.
fn clause_final(text: &str, lexicon: &Lexicon, analysis: &Analysis, verb: usize) -> Option<usize> {
    let sentence = analysis.sentences.get(analysis.tokens[verb].sentence as usize)?;
    let helped = |c: &u32| analysis.tokens[*c as usize].deprel == Deprel::Aux;
    if analysis.children(verb).iter().any(helped) {
        return None;
    }
    for i in verb + 1..(sentence.last as usize).min(verb + FAR) {
        let ends = match analysis.tokens.get(i + 1).filter(|_| i + 1 < sentence.last as usize) {
            Some(next) => matches!(next.upos, Upos::Punct | Upos::Cconj),
            None => true,
        };
        let bare = analysis.children(i).is_empty() && analysis.tokens[i].deprel != Deprel::Case;
        if ends
            && bare
            && is_prefix(lexicon, analysis, i)
            && is_verb(lexicon, analysis.form(text, i), analysis.lemma(verb))
        {
            return Some(i);
        }
        // Another finite verb has prefixes of its own.
        let t = &analysis.tokens[i];
        if matches!(t.upos, Upos::Verb | Upos::Aux) && t.feats.is(&VERB_FORM, "Fin") && t.deprel != Deprel::Acl {
            return None;
        }
    }
    None
}
