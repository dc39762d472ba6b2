//! Candidates: from a scene, the predicates that may report an event, and for each those who may take part in it.

use super::frames::{FrameId, Part, Slot, Slots};
use super::plover;
use super::roles::{Aspirant, Wanted};
use super::scene::{Scene, Standing, kind_name, sector_name};
use super::status::{Reasoned, StatusWords};
use crate::morphology::Upos;
use crate::record::EventType;
use crate::syntax::Deprel;
use rustc_hash::FxHashMap;

/// A predicate that may report an event.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its token.
    pub token: usize,
    /// Slots that are filled.
    pub filled: Vec<(Slot, usize)>,
    /// Status after the rules.
    pub reasoned: Reasoned,
    /// The predicate above it.
    pub governor: Option<usize>,
    /// How many predicates of the same type stand before it in the sentence.
    pub same_before: u8,
    /// How many behind it.
    pub same_after: u8,
    /// Share of its type in all that the frames know in the document.
    pub type_share: f32,
    /// How often its lemma stood in the document before.
    pub earlier: u8,
    /// The document's most frequent types.
    pub document_types: Vec<&'static str>,
    /// The types that the frames know in its sentence.
    pub sentence_types: Vec<&'static str>,
    /// Who fills the slots of the chosen frame.
    pub wanted: Vec<(Wanted, usize)>,
}

/// The candidates of a document: every word that a frame knows, and every verb, noun and adjective that `familiar`
/// takes (the words that the judge has learned to know).
pub fn candidates(scene: &Scene<'_>, words: &StatusWords, familiar: impl Fn(usize) -> bool) -> Vec<Candidate> {
    let analysis = scene.reading.analysis;
    let best =
        |i: usize| scene.matches[i].as_deref().map(|m| scene.frames.pattern(m.frames[0])).map(|p| (p.kind, p.prior));
    let mut totals = [0.0f32; plover::TYPES.len()];
    for i in 0..scene.reading.len() {
        if let Some((kind, prior)) = best(i) {
            totals[kind as usize] += prior;
        }
    }
    let all: f32 = totals.iter().sum::<f32>().max(1.0);
    let mut order: Vec<usize> = (0..totals.len()).filter(|i| totals[*i] > 0.0).collect();
    order.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]));
    let document_types: Vec<&'static str> = order.iter().take(2).map(|i| plover::TYPES[*i].1).collect();

    let mut seen: FxHashMap<&str, u8> = FxHashMap::default();
    let mut out = Vec::new();
    for sentence in &analysis.sentences {
        let here: Vec<(usize, EventType)> = sentence.tokens().filter_map(|i| Some((i, best(i)?.0))).collect();
        let mut sentence_types: Vec<&'static str> = Vec::new();
        for (_, kind) in &here {
            let name = plover::type_name(*kind);
            if !sentence_types.contains(&name) {
                sentence_types.push(name);
            }
        }
        let mut before = [0u8; plover::TYPES.len()];
        let mut all_here = [0u8; plover::TYPES.len()];
        here.iter().for_each(|(_, k)| all_here[*k as usize] = all_here[*k as usize].saturating_add(1).min(9));
        for token in sentence.tokens() {
            let t = &analysis.tokens[token];
            if !matches!(t.upos, Upos::Verb | Upos::Noun | Upos::Adj | Upos::Adv | Upos::Aux | Upos::Propn) {
                continue;
            }
            let known = scene.matches[token].is_some();
            let content = matches!(t.upos, Upos::Verb | Upos::Noun | Upos::Adj);
            let auxiliary = matches!(t.deprel, Deprel::Aux | Deprel::Cop);
            // The noun of a light-verb construction is no candidate beside its verb.
            let part = known && scene.construction(token, best(token).map(|b| b.0)).is_some();
            if auxiliary || part || !(known || (content && familiar(token))) {
                continue;
            }
            let own = best(token).map(|b| b.0);
            let same_before = own.map_or(0, |k| before[k as usize]);
            let same_after = own.map_or(0, |k| all_here[k as usize].saturating_sub(before[k as usize] + 1));
            if let Some(k) = own {
                before[k as usize] = (before[k as usize] + 1).min(8);
            }
            let count = seen.entry(analysis.predicate(token)).or_default();
            let earlier = *count;
            *count = count.saturating_add(1).min(9);
            out.push(Candidate {
                token,
                filled: scene.filled(token),
                reasoned: words.reason(scene, token),
                governor: scene.governor(token),
                same_before,
                same_after,
                type_share: own.map_or(0.0, |k| totals[k as usize] / all),
                earlier,
                document_types: document_types.clone(),
                sentence_types: sentence_types.clone(),
                wanted: Vec::new(),
            });
        }
    }
    out
}

/// The frame by which a candidate reports an event of this type: the first whose conditions hold.
pub fn frame_for(scene: &Scene<'_>, candidate: &Candidate, kind: EventType) -> Option<FrameId> {
    let m = scene.matches[candidate.token].as_deref()?;
    let of_type: Vec<FrameId> = m.frames.iter().copied().filter(|id| scene.frames.pattern(*id).kind == kind).collect();
    best_frame(scene, candidate, &of_type).or(of_type.first().copied())
}

/// Of several frames the first whose condition holds; failing that the first without a condition.
pub fn best_frame(scene: &Scene<'_>, candidate: &Candidate, frames: &[FrameId]) -> Option<FrameId> {
    let conditional = |id: FrameId| {
        let p = scene.frames.pattern(id);
        p.condition.is_some() || !p.with.is_empty()
    };
    let holding = frames.iter().copied().find(|id| conditional(*id) && conditions_hold(scene, candidate, *id));
    holding.or_else(|| frames.iter().copied().find(|id| !conditional(*id)))
}

/// Whether a frame's conditions hold.
pub fn conditions_hold(scene: &Scene<'_>, candidate: &Candidate, id: FrameId) -> bool {
    let pattern = scene.frames.pattern(id);
    let named = |words: &[Box<str>]| {
        let near = scene.clauses.children(candidate.token);
        near.map(|t| scene.reading.lemma(t).to_lowercase()).any(|l| words.iter().any(|w| l.ends_with(&**w)))
    };
    if !pattern.with.is_empty() && !named(&pattern.with) {
        return false;
    }
    let Some(condition) = &pattern.condition else { return true };
    let slots = if condition.of_actor { &pattern.actors } else { &pattern.recipients };
    fillers(scene, candidate, id, slots).iter().flat_map(|t| scene.denoted(*t)).any(|e| {
        let e = &scene.actors.entities[*e];
        condition.any.iter().any(|w| &**w == sector_name(e.sector) || w.eq_ignore_ascii_case(kind_name(e.kind)))
    })
}

/// The tokens that fill a role's slots.
fn fillers(scene: &Scene<'_>, candidate: &Candidate, id: FrameId, slots: &Slots) -> Vec<usize> {
    let m = scene.matches[candidate.token].as_deref();
    let nominal = m.is_some_and(|m| m.derived);
    let transitive = scene.frames.pattern(id).recipients.places.contains(&Slot::Object);
    let mut out: Vec<usize> = Vec::new();
    for place in &slots.places {
        // The noun made from a verb has its object as genitive, its subject with "durch" or, if it has no object,
        // as genitive.
        let find = |slot: &Slot| candidate.filled.iter().find(|(s, _)| s == slot).map(|f| f.1);
        let found = match place {
            Slot::Subject if nominal && transitive => find(&Slot::Preposition("durch".into())),
            Slot::Subject if nominal => find(&Slot::Genitive).or_else(|| find(&Slot::Preposition("durch".into()))),
            Slot::Object if nominal => find(&Slot::Genitive),
            Slot::Own => Some(candidate.token),
            slot => find(slot),
        };
        if let Some(token) = found
            && !out.contains(&token)
        {
            out.push(token);
            if !slots.all {
                break;
            }
        }
    }
    out
}

/// Works out who fills the slots of the frame.
pub fn want(scene: &Scene<'_>, candidate: &mut Candidate, frame: Option<FrameId>) {
    candidate.wanted.clear();
    let Some(id) = frame else {
        // Without a frame the commonest valency is assumed.
        let role = |slot: &Slot| match slot {
            Slot::Subject => Some(Wanted::Actor),
            Slot::Object | Slot::Dative => Some(Wanted::Recipient),
            _ => None,
        };
        candidate.wanted = candidate.filled.iter().filter_map(|(s, t)| Some((role(s)?, *t))).collect();
        return;
    };
    let pattern = scene.frames.pattern(id);
    let actors = fillers(scene, candidate, id, &pattern.actors);
    let recipients = fillers(scene, candidate, id, &pattern.recipients);
    candidate.wanted.extend(actors.iter().map(|t| (Wanted::Actor, *t)));
    candidate.wanted.extend(recipients.iter().filter(|t| !actors.contains(t)).map(|t| (Wanted::Recipient, *t)));
}

/// Who took part in an earlier event of the document.
#[derive(Debug, Clone)]
pub struct Past {
    /// Type of the event.
    pub kind: EventType,
    /// Its sentence.
    pub sentence: usize,
    /// Its actors.
    pub actors: Vec<usize>,
    /// Its recipients.
    pub recipients: Vec<usize>,
}

/// Of several phrases for the same entities the one that the frame asks for, else the one in a slot, else the nearest.
fn one_for_each_entity(all: Vec<Aspirant>, token: usize) -> Vec<Aspirant> {
    let rank = |a: &Aspirant| {
        let distance = a.standing.head().map_or(usize::MAX, |head| head.abs_diff(token));
        (a.wanted == Wanted::Not, a.slot.is_none(), distance)
    };
    let mut out: Vec<Aspirant> = Vec::with_capacity(all.len());
    for a in all {
        match out.iter_mut().find(|b| !a.entities.is_empty() && b.entities == a.entities) {
            Some(b) if rank(&a) < rank(b) => *b = a,
            Some(_) => {}
            None => out.push(a),
        }
    }
    out
}

/// Everybody who may take part in the event that a candidate reports.
pub fn aspirants(
    scene: &Scene<'_>,
    candidate: &Candidate,
    kind: EventType,
    frame: Option<FrameId>,
    past: &[Past],
) -> Vec<Aspirant> {
    const SENTENCES_BACK: usize = 3;
    const PAST_EVENTS: usize = 4;
    const PAST_LOOKED_AT: usize = 24;
    let token = candidate.token;
    let sentence = scene.reading.analysis.tokens[token].sentence as usize;
    let history = |entities: &[usize]| {
        let mut h = [false; 4];
        for p in past.iter().rev().take(PAST_LOOKED_AT) {
            let at = usize::from(p.kind != kind) * 2;
            h[at] |= p.actors.iter().any(|e| entities.contains(e));
            h[at + 1] |= p.recipients.iter().any(|e| entities.contains(e));
        }
        h
    };
    let mut out: Vec<Aspirant> = Vec::new();
    let mut add = |entities: Vec<usize>, standing, slot, wanted, source, back| {
        let history = history(&entities);
        let likely = match standing {
            Standing::Phrase(head) if entities.is_empty() => {
                scene.likely(head).map(|e| (kind_name(e.kind), sector_name(e.sector)))
            }
            _ => None,
        };
        // A phrase that names nobody takes no part.
        if !entities.is_empty() || likely.is_some() {
            out.push(Aspirant { entities, likely, standing, slot, wanted, source, back, history });
        }
    };
    let pattern = frame.map(|id| scene.frames.pattern(id));
    let asks = |slot: &Slot| {
        pattern.map_or(Wanted::Not, |p| {
            if p.actors.places.contains(slot) {
                Wanted::Actor
            } else if p.recipients.places.contains(slot) {
                Wanted::Recipient
            } else {
                Wanted::Not
            }
        })
    };
    let parts = scene.matches[token].as_deref().map_or(&[][..], |m| m.parts.as_slice());
    for at in std::iter::once(token).chain(parts.iter().copied()) {
        for entity in scene.inside(at) {
            let slot = if scene.is_adjective_of(at, *entity) { Slot::StateAdjective } else { Slot::Compound };
            let wanted = asks(&slot);
            add(vec![*entity], Standing::Inside(at), Some(slot), wanted, "", 0);
        }
    }
    if let Some(p) = pattern
        && scene.part(token) == Part::Noun
    {
        let own = p.actors.places.contains(&Slot::Own) || p.recipients.places.contains(&Slot::Own);
        if own || !scene.denoted(token).is_empty() {
            add(scene.denoted(token).to_vec(), Standing::Phrase(token), Some(Slot::Own), asks(&Slot::Own), "", 0);
        }
    } else if !scene.denoted(token).is_empty() {
        add(scene.denoted(token).to_vec(), Standing::Phrase(token), Some(Slot::Own), Wanted::Not, "", 0);
    }
    for head in scene.phrases(token) {
        if parts.contains(&head) {
            continue;
        }
        let first = scene.clauses.first_conjunct(head);
        let slot =
            candidate.filled.iter().find(|f| f.1 == head).or_else(|| candidate.filled.iter().find(|f| f.1 == first));
        let wanted =
            candidate.wanted.iter().find(|w| w.1 == head).or_else(|| candidate.wanted.iter().find(|w| w.1 == first));
        add(
            scene.meant(head).to_vec(),
            Standing::Phrase(head),
            slot.map(|s| s.0.clone()),
            wanted.map_or(Wanted::Not, |w| w.0),
            "",
            0,
        );
    }
    let mut out = one_for_each_entity(out, token);
    // The context: who speaks, who took part before, who was named before, whom the document is about.
    let mut context: Vec<(usize, &'static str, usize)> = Vec::new();
    context.extend(scene.speakers(token).iter().map(|e| (*e, "speaker", 0)));
    for p in past.iter().rev().take(PAST_EVENTS) {
        let back = sentence.saturating_sub(p.sentence);
        let source = if p.kind == kind { "past-same" } else { "past-other" };
        context.extend(p.actors.iter().chain(&p.recipients).map(|e| (*e, source, back)));
    }
    for back in 1..=SENTENCES_BACK.min(sentence) {
        context.extend(scene.sentence_entities[sentence - back].iter().map(|e| (*e, "before", back)));
    }
    context.extend(scene.prominent.iter().map(|e| (*e, "document", 9)));
    let mut known: Vec<usize> = out.iter().flat_map(|a| a.entities.iter().copied()).collect();
    for (entity, source, back) in context {
        if !known.contains(&entity) {
            known.push(entity);
            let entities = vec![entity];
            let history = history(&entities);
            out.push(Aspirant {
                entities,
                likely: None,
                standing: Standing::Context,
                slot: None,
                wanted: Wanted::Not,
                source,
                back,
                history,
            });
        }
    }
    out
}
