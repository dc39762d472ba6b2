//! The readings of verbs: trees and lexicon in, verb form, mood, tense, person and number out.
//!
//! A verb with an auxiliary is a participle or infinitive, one with "zu" an infinitive, any other finite if it can be.
//! Among finite readings the subject decides: "er habe" can only be a subjunctive, "ich habe" is not.

use super::feats::{MOOD, NUMBER, PERSON, VERB_FORM};
use super::lexicon::{Lexicon, Reading};
use super::lextag::{LexTag, TagSet};
use super::upos::Upos;
use crate::analysis::Analysis;
use crate::syntax::Deprel;

const FINITE: TagSet = TagSet::of(&[LexTag::Verb, LexTag::Auxiliary, LexTag::Modal, LexTag::Imperative]);
const VERBS: TagSet = TagSet::of(&[
    LexTag::Verb,
    LexTag::Infinitive,
    LexTag::InfinitiveZu,
    LexTag::VerbPastParticiple,
    LexTag::Imperative,
    LexTag::Auxiliary,
    LexTag::AuxiliaryNonfinite,
    LexTag::Modal,
    LexTag::ModalNonfinite,
]);
const AUXILIARIES: TagSet =
    TagSet::of(&[LexTag::Auxiliary, LexTag::AuxiliaryNonfinite, LexTag::Modal, LexTag::ModalNonfinite]);

/// The verb form that the surroundings ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Finite,
    /// Beside a modal verb or "zu".
    Infinitive,
    /// Beside "haben", "sein", "werden".
    Participle,
    /// Beside an auxiliary of an unknown kind.
    Nonfinite,
}

/// The likeliest reading of a verb or auxiliary.
pub(super) fn reading(text: &str, lexicon: &Lexicon, analysis: &Analysis, token: usize) -> Option<Reading> {
    let entry = &analysis.lexical[token];
    let exact = lexicon.readings(entry.class);
    let readings = || exact.iter().chain(lexicon.readings(entry.small)).filter(|r| VERBS.has(r.tag));
    readings().next()?;
    let wanted = wanted(lexicon, analysis, token);
    let subject = Subject::of(text, analysis, token);
    let auxiliary = analysis.tokens[token].upos == Upos::Aux;
    let rank = |r: &&Reading| {
        let finite = FINITE.has(r.tag);
        let infinitive = r.feats.is(&VERB_FORM, "Inf");
        let form = match (wanted, finite, infinitive) {
            (Wanted::Finite, true, _) | (Wanted::Infinitive, _, true) | (Wanted::Nonfinite, false, _) => 3,
            (Wanted::Participle, false, false) => 3,
            (Wanted::Participle, false, true) => 2,
            (Wanted::Finite, false, false) | (Wanted::Infinitive, false, false) => 1,
            _ => 0,
        };
        let person = r.feats.get(&PERSON).is_none_or(|p| p == subject.person);
        let number = r.feats.get(&NUMBER).is_none_or(|n| subject.number.is_none_or(|s| s == n));
        let mood = match r.feats.get(&MOOD) {
            Some("Imp") => 0,
            Some("Sub") => 1,
            _ => 2,
        };
        let kind = AUXILIARIES.has(r.tag) == auxiliary;
        // "gehört" is rather "hören" than "gehören" as a participle; among finite forms the irregular verb is commoner
        // ("dachte": "denken", not "dachen").
        let rule = lexicon.rule(r.rule);
        let common = rule.map_or(0, |rule| if finite { rule.append.len() } else { usize::from(rule.cut.is_some()) });
        (form, r.tag != LexTag::Imperative, u32::from(person) + u32::from(number), mood, kind, common)
    };
    readings().max_by_key(rank).copied()
}

/// What the surroundings of a verb ask for.
fn wanted(lexicon: &Lexicon, analysis: &Analysis, token: usize) -> Wanted {
    let tags = |i: usize| {
        let e = &analysis.lexical[i];
        TagSet(lexicon.tags(e.class).0 | lexicon.tags(e.small).0)
    };
    let t = &analysis.tokens[token];
    let helper = matches!(t.deprel, Deprel::Aux | Deprel::Cop) && t.upos == Upos::Aux;
    let verb = if helper { analysis.head(token).unwrap_or(token) } else { token };
    let helpers = || {
        let children = analysis.children(verb).iter().map(|c| *c as usize);
        children.filter(|c| *c != token && matches!(analysis.tokens[*c].deprel, Deprel::Aux | Deprel::Cop))
    };
    if !helper {
        let zu = |c: &u32| {
            analysis.tokens[*c as usize].upos == Upos::Part && analysis.tokens[*c as usize].deprel == Deprel::Mark
        };
        if analysis.children(token).iter().any(zu) {
            return Wanted::Infinitive;
        }
        let mut kinds = helpers().filter(|c| analysis.tokens[*c].deprel == Deprel::Aux).map(tags);
        let Some(first) = kinds.next() else { return Wanted::Finite };
        let all = kinds.fold(first, |a, b| TagSet(a.0 | b.0));
        let auxiliary = TagSet::of(&[LexTag::Auxiliary, LexTag::AuxiliaryNonfinite]);
        return if all.meets(auxiliary) {
            Wanted::Participle
        } else if all.meets(AUXILIARIES) {
            Wanted::Infinitive
        } else {
            Wanted::Nonfinite
        };
    }
    // Of several helpers one is finite: the one that can be nothing else, or else the first.
    let finite = TagSet::of(&[LexTag::Auxiliary, LexTag::Modal]);
    let nonfinite = TagSet::of(&[LexTag::AuxiliaryNonfinite, LexTag::ModalNonfinite]);
    if !tags(token).meets(finite) {
        return Wanted::Nonfinite;
    }
    let other = helpers().any(|c| tags(c).meets(finite) && (!tags(c).meets(nonfinite) || c < token));
    if other && tags(token).meets(nonfinite) { Wanted::Nonfinite } else { Wanted::Finite }
}

/// Person and number of a verb's subject.
struct Subject {
    person: &'static str,
    number: Option<&'static str>,
}

impl Subject {
    fn of(text: &str, analysis: &Analysis, token: usize) -> Subject {
        let subject_of = |verb: usize| {
            let children = analysis.children(verb).iter().map(|c| *c as usize);
            children.into_iter().find(|c| analysis.tokens[*c].deprel == Deprel::Nsubj)
        };
        let above = || {
            let up = matches!(analysis.tokens[token].deprel, Deprel::Aux | Deprel::Cop | Deprel::Conj);
            analysis.head(token).filter(|_| up).and_then(subject_of)
        };
        let Some(subject) = subject_of(token).or_else(above) else { return Subject { person: "3", number: None } };
        let feats = analysis.tokens[subject].feats;
        let person = match analysis.form(text, subject) {
            "ich" | "Ich" | "wir" | "Wir" => "1",
            "du" | "Du" => "2",
            _ => "3",
        };
        let joined = |c: &u32| analysis.tokens[*c as usize].deprel == Deprel::Conj;
        let number = if analysis.children(subject).iter().any(joined) { None } else { feats.get(&NUMBER) };
        Subject { person, number }
    }
}
