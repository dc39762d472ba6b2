//! What the encoder knows of a token and of somebody who may take part: hashed keys, each of which has a vector in the
//! model.

use crate::events::features::few;
use crate::events::frames::Slot;
use crate::events::linear::hash;
use crate::events::plover;
use crate::events::roles::Aspirant;
use crate::events::scene::{Scene, Standing, kind_name, sector_name, speech_name};

/// Puts the keys of a token into `keys`.
pub fn of_token(scene: &Scene<'_>, token: usize, keys: &mut Vec<u32>) {
    keys.clear();
    let mut add = |parts: &[&str]| keys.push(hash(parts));
    let analysis = scene.reading.analysis;
    let t = &analysis.tokens[token];
    let lemma = analysis.predicate(token).to_lowercase();
    let (upos, relation) = (t.upos.as_str(), t.deprel.as_str());
    add(&["lemma", &lemma]);
    add(&["upos", upos]);
    add(&["rel", relation]);
    add(&["rel", upos, relation]);
    // The ends of words stand for compounds and derivations that were not seen.
    for (kind, n) in [("end3", 3), ("end5", 5), ("end7", 7)] {
        if let Some((at, _)) = lemma.char_indices().rev().nth(n - 1).filter(|(at, _)| *at > 0) {
            add(&[kind, &lemma[at..]]);
        }
    }
    let capital = scene.reading.form(token).starts_with(char::is_uppercase);
    add(&["shape", upos, if capital { "capital" } else { "small" }]);
    for class in scene.classes(token) {
        add(&["sense", class]);
    }
    match scene.matches[token].as_deref() {
        None => add(&["frame", "none"]),
        Some(m) => {
            let mut seen = 0u32;
            for (i, id) in m.frames.iter().enumerate() {
                let pattern = scene.frames.pattern(*id);
                let name = plover::type_name(pattern.kind);
                if i == 0 {
                    let sure = if pattern.prior >= 0.7 { "sure" } else { "unsure" };
                    add(&["first", name, sure]);
                }
                if seen & 1 << pattern.kind as u32 == 0 {
                    seen |= 1 << pattern.kind as u32;
                    add(&["frame", name]);
                }
            }
            if m.at > 0 {
                add(&["lemma", &lemma[m.at..]]);
            }
        }
    }
    for e in scene.denoted(token).iter().take(2) {
        let e = &scene.actors.entities[*e];
        add(&["entity", kind_name(e.kind)]);
        add(&["entity", kind_name(e.kind), sector_name(e.sector)]);
    }
    if !scene.inside(token).is_empty() {
        add(&["inside"]);
    }
    let speech = scene.statement(token).map_or("none", |s| speech_name(scene.statements[s].kind));
    add(&["speech", speech]);
    keys.push(hash(&["feats", upos]) ^ (t.feats.0 as u32).wrapping_mul(0x9e37_79b9) ^ (t.feats.0 >> 32) as u32);
}

/// The key of an event's trigger.
pub fn mark(kind: &str) -> u32 {
    hash(&["trigger", kind])
}

/// Keys of somebody who may take part in the event at `trigger`, beside the states of the sentence.
pub fn of_aspirant(scene: &Scene<'_>, trigger: usize, kind: &str, aspirant: &Aspirant) -> Vec<u32> {
    let mut keys = Vec::with_capacity(24);
    let mut add = |parts: &[&str]| keys.push(hash(parts));
    let (who, sector) = aspirant.who(scene);
    let wanted = aspirant.wanted.name();
    let slot = aspirant.slot.as_ref().map_or("-", Slot::name);
    add(&["event", kind]);
    add(&["who", who]);
    add(&["who", who, sector]);
    add(&["who", who, kind]);
    add(&["wanted", wanted]);
    add(&["wanted", wanted, kind]);
    if aspirant.entities.is_empty() {
        add(&["new", who]);
    }
    for (i, _) in aspirant.history.iter().enumerate().filter(|(_, h)| **h) {
        add(&["history", few(i)]);
    }
    let place = match aspirant.standing {
        Standing::Phrase(head) | Standing::Inside(head) => {
            add(&["slot", slot]);
            add(&["slot", slot, kind]);
            let side = if head < trigger { "before" } else { "after" };
            add(&["distance", side, few(head.abs_diff(trigger))]);
            if matches!(aspirant.standing, Standing::Phrase(_)) { "phrase" } else { "inside" }
        }
        Standing::Context => {
            add(&["source", aspirant.source]);
            add(&["source", aspirant.source, few(aspirant.back)]);
            add(&["source", aspirant.source, kind]);
            let mentions = aspirant.entities.first().map_or(0, |e| scene.mention_counts[*e] as usize);
            add(&["mentions", few(mentions)]);
            "context"
        }
    };
    add(&["place", place]);
    add(&["place", place, kind]);
    keys
}
