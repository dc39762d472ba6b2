//! Coreference: descriptions, pronouns and plural anaphora back to their actors.
//!
//! One pass over the text in its order. Antecedents are looked for in the clause order of Hobbs (1978), simplified:
//! earlier in the same sentence, then in the two sentences before, subjects first. Gender and number must agree as far
//! as they are known.

use super::builder::Builder;
use super::phrase;
use super::words::{Class, Words};
use crate::knowledge::{MatchKind, OfficeKind, Part};
use crate::morphology::{Upos, feats};
use crate::record::{EntityType, MentionKind, Sector};
use crate::syntax::Deprel;

/// How many sentences back an antecedent of a pronoun may stand.
const SENTENCES: u32 = 2;

/// How many mentions back a description is looked for, so that long texts take linear time.
const FAR: usize = 300;

/// How many mentions back a noun that takes up a name ("das Land") is looked for.
const NEAR: usize = 16;

/// An entity's mention as a possible antecedent.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    entity: usize,
    token: usize,
    sentence: u32,
    subject: bool,
    /// Named inside a word or by an adjective: descriptions of organisations take it up, pronouns do not.
    inside: bool,
}

/// Resolves what refers back.
pub(super) fn resolve(b: &mut Builder<'_>, words: &Words) {
    let candidates = named_before(b);
    let pairs = coordinations(b);
    let mut seen = 0;
    let mut open: Vec<Candidate> = Vec::new();
    for token in 0..b.reading.len() {
        while candidates.get(seen).is_some_and(|c| c.token < token) {
            open.push(candidates[seen]);
            seen += 1;
        }
        if b.named(token).is_some() || !b.denoted.get(token).is_empty() {
            continue;
        }
        let found = resolve_token(b, words, token, &open, &pairs);
        if let Some((entities, first, kind)) = found {
            b.mention(&entities, (first, token, token), kind, None);
            for entity in entities {
                let sentence = b.reading.analysis.tokens[token].sentence;
                let c = Candidate { entity, token, sentence, subject: is_subject(b, token), inside: false };
                open.push(c);
            }
        }
    }
}

fn is_subject(b: &Builder<'_>, token: usize) -> bool {
    let analysis = b.reading.analysis;
    let mut at = token;
    for _ in 0..4 {
        match analysis.tokens[at].deprel {
            Deprel::Nsubj => return true,
            Deprel::Conj | Deprel::Appos | Deprel::Flat => match analysis.head(at) {
                Some(head) => at = head,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// All mentions by name or description that may be taken up, in the order of the text.
fn named_before(b: &Builder<'_>) -> Vec<Candidate> {
    let tokens = &b.reading.analysis.tokens;
    let mut out: Vec<Candidate> = b
        .mentions
        .iter()
        .filter(|m| m.kind != MentionKind::Pronoun)
        .flat_map(|m| {
            let inside = matches!(m.kind, MentionKind::Compound | MentionKind::Adjective);
            let subject = !inside && (m.first..=m.last).any(|t| is_subject(b, t));
            m.entities.iter().map(move |&entity| Candidate {
                entity,
                token: m.last,
                sentence: tokens[m.last].sentence,
                subject,
                inside,
            })
        })
        .collect();
    out.sort_by_key(|c| c.token);
    out
}

/// Pairs of entities that the text names side by side ("Japan und die NATO"), with the token of the second.
fn coordinations(b: &Builder<'_>) -> Vec<(usize, usize, usize)> {
    let mut names: Vec<(usize, usize, usize)> = b
        .mentions
        .iter()
        .filter(|m| m.kind == MentionKind::Name)
        .filter_map(|m| m.entities.first().map(|&e| (m.first, m.last, e)))
        .collect();
    names.sort_unstable();
    let between = |a: usize, z: usize| {
        let mut joined = false;
        (a..z).all(|i| {
            let form = b.reading.form(i);
            joined |= matches!(form, "und" | "sowie");
            matches!(form, "und" | "sowie") || b.reading.analysis.tokens[i].upos == Upos::Det
        }) && joined
    };
    let adjacent = names.windows(2).filter(|w| w[0].2 != w[1].2 && w[1].0 <= w[0].1 + 4 && w[0].1 < w[1].0);
    adjacent.filter(|w| between(w[0].1 + 1, w[1].0)).map(|w| (w[0].2, w[1].2, w[1].1)).collect()
}

type Found = Option<(Vec<usize>, usize, MentionKind)>;

fn resolve_token(
    b: &Builder<'_>,
    words: &Words,
    token: usize,
    open: &[Candidate],
    pairs: &[(usize, usize, usize)],
) -> Found {
    let form = b.reading.form(token);
    let upos = b.reading.analysis.tokens[token].upos;
    if matches!(upos, Upos::Noun | Upos::Propn) {
        return description(b, words, token, open, pairs);
    }
    if !matches!(upos, Upos::Pron | Upos::Det | Upos::Num) {
        return None;
    }
    let lower = form.to_lowercase();
    if matches!(lower.as_str(), "beide" | "beiden" | "beider") {
        let alone =
            b.reading.analysis.tokens.get(token + 1).is_none_or(|t| t.upos != Upos::Noun && t.upos != Upos::Adj);
        let two = alone.then(|| pair(b, token, open, pairs, None)).flatten()?;
        return Some((two, token, MentionKind::Pronoun));
    }
    let entities = pronoun(b, token, &lower, upos, open)?;
    Some((entities, token, MentionKind::Pronoun))
}

/// What a pronoun of the third person stands for.
fn pronoun(b: &Builder<'_>, token: usize, form: &str, upos: Upos, open: &[Candidate]) -> Option<Vec<usize>> {
    let analysis = b.reading.analysis;
    match form {
        "der" | "die" | "das" | "den" | "dem" | "dessen" | "deren" | "denen" | "welcher" | "welche" | "welches"
            if upos == Upos::Pron =>
        {
            relative(b, token)
        }
        "er" | "ihm" | "ihn" => person(b, token, Some(false), open).map(|e| vec![e]),
        "sie" | "ihr" | "ihnen" if upos == Upos::Pron => {
            let plural = plural_verb(b, token);
            if form != "ihnen" && plural != Some(true) {
                return person(b, token, Some(true), open).map(|e| vec![e]);
            }
            None
        }
        _ => {
            // "sein Ministerium", "ihre Partei": first the subject of the clause, if it agrees.
            let stem = ["", "e", "en", "er", "es", "em"]
                .iter()
                .find_map(|e| form.strip_suffix(e).filter(|s| matches!(*s, "sein" | "ihr")))?;
            if upos != Upos::Det && !analysis.tokens[token].feats.is(&feats::POSS, "Yes") {
                return None;
            }
            let feminine = stem == "ihr";
            let sentence = analysis.tokens[token].sentence;
            let agrees = |c: &&Candidate| match b.entities[c.entity].kind {
                _ if c.inside => false,
                EntityType::Person => b.gender(c.entity).is_none_or(|f| f == feminine),
                EntityType::Place => false,
                EntityType::State => !feminine || takes_article(b, c.token),
                _ => feminine,
            };
            let here = open.iter().rev().take_while(|c| c.sentence == sentence).filter(agrees);
            let subject = here.clone().find(|c| c.subject).or_else(|| here.clone().next()).map(|c| c.entity);
            subject.or_else(|| person(b, token, Some(feminine), open)).map(|e| vec![e])
        }
    }
}

/// Whether the name at a token has an article ("die Ukraine"): then it is not neuter.
fn takes_article(b: &Builder<'_>, token: usize) -> bool {
    token.checked_sub(1).is_some_and(|i| b.reading.analysis.tokens[i].upos == Upos::Det)
}

/// The noun that a relative pronoun takes up.
fn relative(b: &Builder<'_>, token: usize) -> Option<Vec<usize>> {
    let analysis = b.reading.analysis;
    let mut at = token;
    for _ in 0..8 {
        let head = analysis.head(at)?;
        if analysis.tokens[at].deprel == Deprel::Acl && head < token {
            let ids = b.denoted.get(head);
            return (!ids.is_empty()).then(|| ids.to_vec());
        }
        at = head;
    }
    None
}

/// Whether the verb of a pronoun's clause is plural, as far as that shows.
fn plural_verb(b: &Builder<'_>, token: usize) -> Option<bool> {
    let analysis = b.reading.analysis;
    let head = analysis.head(token)?;
    let finite = std::iter::once(head).chain(analysis.children(head).iter().map(|&c| c as usize)).find(|&i| {
        let t = &analysis.tokens[i];
        matches!(t.upos, Upos::Verb | Upos::Aux) && t.feats.get(&feats::NUMBER).is_some()
    })?;
    Some(analysis.tokens[finite].feats.is(&feats::NUMBER, "Plur"))
}

/// The person named before who agrees in gender: nearest sentence first, subjects before others there.
fn person(b: &Builder<'_>, token: usize, feminine: Option<bool>, open: &[Candidate]) -> Option<usize> {
    let sentence = b.reading.analysis.tokens[token].sentence;
    let agrees = |c: &&Candidate| {
        b.entities[c.entity].kind == EntityType::Person
            && !c.inside
            && feminine.is_none_or(|f| b.gender(c.entity).is_none_or(|g| g == f))
    };
    for back in 0..=SENTENCES {
        let there = || {
            let inside = open.iter().rev().skip_while(move |c| c.sentence + back > sentence);
            inside.take_while(move |c| c.sentence + back == sentence).filter(agrees)
        };
        // The first named of a sentence is what it is about, if none is a subject.
        if let Some(c) = there().filter(|c| c.subject).last().or_else(|| there().last()) {
            return Some(c.entity);
        }
    }
    None
}

/// What a description stands for: an office of somebody named, a noun that takes up a name, "beide Seiten".
fn description(
    b: &Builder<'_>,
    words: &Words,
    token: usize,
    open: &[Candidate],
    pairs: &[(usize, usize, usize)],
) -> Found {
    let first = phrase::first_of(b.reading, token);
    let class = words.noun(b.reading.form(token));
    let number = (first.saturating_sub(1)..token).find_map(|i| count(b.reading.form(i)));
    if let (Some(Class::Pair), Some(n)) = (class, number) {
        let first = (first.saturating_sub(1)..token).find(|&i| count(b.reading.form(i)).is_some()).unwrap_or(first);
        let entities = match n {
            2 => pair(b, token, open, pairs, Some(token))?,
            n => last_states(b, open, n)?,
        };
        return Some((entities, first, MentionKind::Nominal));
    }
    if !phrase::is_definite(b.reading, first) {
        return None;
    }
    if let Some(e) = holder(b, token, open) {
        return Some((vec![e], first, MentionKind::Nominal));
    }
    let fits = |c: &&Candidate| {
        let e = &b.entities[c.entity];
        match class {
            Some(Class::Alliance) => e.kind == EntityType::Igo,
            _ if c.inside => false,
            Some(Class::Country) => e.kind == EntityType::State,
            Some(Class::Organisation) => matches!(e.kind, EntityType::Org | EntityType::Igo),
            Some(Class::Company) => e.kind == EntityType::Org && matches!(e.sector, Some(Sector::Bus) | None),
            Some(Class::Party) => {
                e.kind == EntityType::Org && matches!(e.sector, Some(Sector::Opp | Sector::Gov | Sector::Leg))
            }
            Some(Class::Court) => e.sector == Some(Sector::Jud) && e.kind != EntityType::Person,
            Some(Class::Parliament) => e.sector == Some(Sector::Leg) && e.kind != EntityType::Person,
            _ => false,
        }
    };
    class?;
    let bare = first == token;
    // Few international organisations are named in one text, so the last of them is meant from far away.
    let reach = if class == Some(Class::Alliance) { FAR } else { NEAR };
    let entity = open.iter().rev().take(reach).find(|c| bare && fits(c)).map(|c| c.entity)?;
    Some((vec![entity], first, MentionKind::Nominal))
}

/// The number that a word before a noun states.
fn count(form: &str) -> Option<usize> {
    Some(match form.to_lowercase().as_str() {
        "beide" | "beiden" | "beider" | "zwei" => 2,
        "drei" => 3,
        "vier" => 4,
        _ => return None,
    })
}

/// The person named before who holds the office that a token names: as the text says, or as the tables have it of the
/// state that the phrase names ("der frühere niederländische Regierungschef").
fn holder(b: &Builder<'_>, token: usize, open: &[Candidate]) -> Option<usize> {
    let m = b.matches_ending(token).find(|m| m.kind == MatchKind::Office && m.part != Part::Front)?;
    if b.knowledge.row(m.row).office_kind() == Some(OfficeKind::None) {
        return None;
    }
    let noun = b.knowledge.base_form(b.reading.text, m).to_lowercase();
    let noun = noun.strip_suffix("in").unwrap_or(&noun);
    let state = b.modifiers.get(token).iter().find_map(|&e| b.entities[e].code.as_deref());
    let holds = |e: usize| {
        b.roles_of(e).any(|r| {
            let theirs = r.of.map_or(&b.entities[e].code, |of| &b.entities[of].code);
            if state.is_some_and(|state| theirs.as_deref() != Some(state)) {
                return false;
            }
            let role = r.role.to_lowercase();
            let role = role.split(" für ").next().unwrap_or_default();
            role.strip_suffix("in").unwrap_or(role).ends_with(noun)
        })
    };
    let persons =
        || open.iter().rev().take(FAR).map(|c| c.entity).filter(|&e| b.entities[e].kind == EntityType::Person);
    persons().find(|&e| holds(e)).or_else(|| {
        let kind = b.knowledge.row(m.row).office_kind();
        let state = state?;
        let held = |e: usize| {
            let row = b.row_of(e).map(|row| b.knowledge.row(row))?;
            let mut terms = row.terms.iter().filter(|t| t.code.as_deref() == Some(state) && !t.office.is_empty());
            terms.find(|t| b.knowledge.office(&t.office) == kind)
        };
        persons().find(|&e| held(e).is_some())
    })
}

/// Two actors: the last two that were named side by side, or the last two of one kind.
fn pair(
    b: &Builder<'_>,
    token: usize,
    open: &[Candidate],
    pairs: &[(usize, usize, usize)],
    noun: Option<usize>,
) -> Option<Vec<usize>> {
    let masculine = noun.is_some_and(|n| {
        let form = b.reading.form(n);
        b.matches_ending(n).any(|m| m.kind == MatchKind::Office)
            || matches!(form, "Männer" | "Männern" | "Frauen" | "Politiker" | "Politikern")
    });
    let fits = |e: usize| match b.entities[e].kind {
        EntityType::Person => masculine || noun.is_none(),
        EntityType::State | EntityType::Igo | EntityType::Org | EntityType::Group => !masculine,
        _ => false,
    };
    let near = |t: usize| t < token;
    let before = || pairs[..pairs.partition_point(|p| near(p.2))].iter().rev().take(FAR);
    let side_by_side = before().find(|p| fits(p.0) && fits(p.1));
    let persons = || before().find(|p| [p.0, p.1].iter().all(|&e| b.entities[e].kind == EntityType::Person));
    if let Some(p) = side_by_side.or_else(persons) {
        return Some(vec![p.0, p.1]);
    }
    let mut last: [Vec<usize>; 2] = Default::default();
    for e in open.iter().rev().take(FAR).map(|c| c.entity).filter(|&e| fits(e)) {
        let alike = &mut last[usize::from(b.entities[e].kind == EntityType::Person)];
        if !alike.contains(&e) {
            alike.push(e);
        }
        if alike.len() == 2 {
            alike.reverse();
            return Some(std::mem::take(alike));
        }
    }
    None
}

/// The last `n` states named, in the order of the text.
fn last_states(b: &Builder<'_>, open: &[Candidate], n: usize) -> Option<Vec<usize>> {
    let mut last: Vec<usize> = Vec::new();
    for e in open.iter().rev().take(FAR).map(|c| c.entity).filter(|&e| b.entities[e].kind == EntityType::State) {
        if !last.contains(&e) {
            last.push(e);
        }
        if last.len() == n {
            last.reverse();
            return Some(last);
        }
    }
    None
}
