//! Features of participants: what the judge sees of somebody who may take part before it says in which role.

use super::candidates::Candidate;
use super::features::few;
use super::frames::Slot;
use super::linear::Bag;
use super::scene::{Scene, Standing, kind_name, sector_name};
use crate::morphology::{Upos, feats};

/// The path through the tree from one token to another, as relations up and down; none if it is long.
fn path(scene: &Scene<'_>, from: usize, to: usize) -> Option<String> {
    const LONGEST: usize = 4;
    let analysis = scene.reading.analysis;
    let up = |start: usize| {
        std::iter::successors(Some(start), move |i| analysis.head(*i)).take(LONGEST + 1).collect::<Vec<usize>>()
    };
    let (a, b) = (up(from), up(to));
    let (i, j) = a.iter().enumerate().find_map(|(i, x)| b.iter().position(|y| x == y).map(|j| (i, j)))?;
    if i + j > LONGEST {
        return None;
    }
    let mut out = String::new();
    for x in &a[..i] {
        out.push_str(analysis.tokens[*x].deprel.as_str());
        out.push('<');
    }
    for x in b[..j].iter().rev() {
        out.push('>');
        out.push_str(analysis.tokens[*x].deprel.as_str());
    }
    Some(out)
}

/// Who may take part: a noun phrase of the sentence, something inside the trigger, or somebody from the context.
#[derive(Debug, Clone, PartialEq)]
pub struct Aspirant {
    /// The entities meant; none where the phrase names nobody known yet.
    pub entities: Vec<usize>,
    /// Kind and sector of the entity that would be made.
    pub likely: Option<(&'static str, &'static str)>,
    /// How it stands in the text.
    pub standing: Standing,
    /// The slot of the predicate that it fills, if any, and how directly (0 itself, 1 as a conjunct).
    pub slot: Option<Slot>,
    /// Whether the frame asks for it as actor or as recipient.
    pub wanted: Wanted,
    /// For context: how it got here ("speaker", "previous", "before", "document").
    pub source: &'static str,
    /// How many sentences back the context lies.
    pub back: usize,
    /// Roles that it had in earlier events: same type actor, same type recipient, other actor, other recipient.
    pub history: [bool; 4],
}

impl Aspirant {
    /// Kind and sector of who is meant, as features name them.
    pub fn who(&self, scene: &Scene<'_>) -> (&'static str, &'static str) {
        match (self.entities.first(), self.likely) {
            (Some(e), _) => {
                let e = &scene.actors.entities[*e];
                (kind_name(e.kind), sector_name(e.sector))
            }
            (None, Some(likely)) => likely,
            (None, None) => ("phrase", "-"),
        }
    }
}

/// What the frame says about a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing.
    Not,
    /// It is the actor's.
    Actor,
    /// It is the recipient's.
    Recipient,
}

impl Wanted {
    /// Its name in features.
    pub fn name(self) -> &'static str {
        match self {
            Wanted::Not => "-",
            Wanted::Actor => "A",
            Wanted::Recipient => "R",
        }
    }
}

/// Features of somebody's part in an event.
pub fn of_aspirant(
    scene: &Scene<'_>,
    candidate: &Candidate,
    kind: &str,
    mode: &str,
    aspirant: &Aspirant,
    bag: &mut Bag,
) {
    let analysis = scene.reading.analysis;
    let token = candidate.token;
    let upos = analysis.tokens[token].upos.as_str();
    let lemma = analysis.predicate(token).to_lowercase();
    let who = aspirant.who(scene);
    bag.add(&["bias"]);
    if aspirant.entities.is_empty() {
        bag.add(&["new", who.0, who.1]);
        bag.add(&["new", kind, who.0, aspirant.wanted.name()]);
    }
    bag.add(&["who", who.0, who.1]);
    bag.add(&["who", kind, who.0]);
    bag.add(&["who", kind, who.0, who.1]);
    let wanted = aspirant.wanted.name();
    bag.add(&["wanted", wanted]);
    bag.add(&["wanted", wanted, kind]);
    bag.add(&["wanted", wanted, who.0]);
    bag.add(&["several", if aspirant.entities.len() > 1 { "yes" } else { "no" }]);
    let present = |role: Wanted| candidate.wanted.iter().any(|(w, _)| *w == role);
    let lacking = match (present(Wanted::Actor), present(Wanted::Recipient)) {
        (true, true) => "none",
        (true, false) => "recipient",
        (false, true) => "actor",
        (false, false) => "both",
    };
    let place = match aspirant.standing {
        Standing::Phrase(_) => "phrase",
        Standing::Inside(_) => "inside",
        Standing::Context => "context",
    };
    bag.add(&["place", place, kind]);
    bag.add(&["lacking", place, lacking, who.0]);
    bag.add(&["lacking", place, lacking, kind]);
    for (i, h) in aspirant.history.iter().enumerate() {
        if *h {
            let n = ["same-A", "same-R", "other-A", "other-R"][i];
            bag.add(&["history", n, place]);
            bag.add(&["history", n, kind, place]);
            bag.add(&["history", n, place, lacking, wanted]);
        }
    }
    match aspirant.standing {
        Standing::Phrase(head) | Standing::Inside(head) => {
            let slot = aspirant.slot.as_ref().map_or("-", Slot::name);
            bag.add(&["slot", slot, upos]);
            bag.add(&["slot", slot, kind, upos]);
            bag.add(&["slot", slot, kind, who.0]);
            bag.add(&["slot", slot, kind, who.1]);
            bag.add(&["slot", slot, &lemma]);
            bag.add(&["slot", slot, wanted, who.0]);
            if slot == "-" {
                bag.add(&["unslotted", lacking, who.0, who.1]);
                bag.add(&["unslotted", kind, mode, who.1]);
            }
            if let Some(p) = path(scene, token, head) {
                bag.add(&["path", upos, &p]);
                bag.add(&["path", upos, &p, who.0]);
                bag.add(&["path", kind, upos, &p]);
                if let Some(q) = scene.clauses.preposition(head) {
                    bag.add(&["path", upos, &p, q]);
                    bag.add(&["path", kind, &p, q]);
                }
            } else {
                bag.add(&["far", upos]);
            }
            if let Some(q) = scene.clauses.preposition(head) {
                bag.add(&["preposition", q, kind]);
                bag.add(&["preposition", q, who.0]);
            }
            // The subject of the verb that governs the trigger ("führten Gespräche", "kündigte an, … zu").
            if let Some(g) = candidate.governor {
                let l = analysis.predicate(g).to_lowercase();
                let relation = if scene.clauses.agent(g) == Some(head) {
                    "agent"
                } else if scene.clauses.patient(g) == Some(head) {
                    "patient"
                } else if scene.clauses.dative(g) == Some(head) {
                    "dative"
                } else {
                    "-"
                };
                bag.add(&["governor", relation, upos, analysis.tokens[token].deprel.as_str()]);
                bag.add(&["governor", relation, kind]);
                if relation != "-" {
                    bag.add(&["governor", relation, &l]);
                    bag.add(&["governor", relation, kind, slot, lacking]);
                }
            }
            let distance = head.abs_diff(token);
            let side = if head < token { "before" } else { "after" };
            bag.add(&["distance", side, few(distance / 2)]);
            bag.add(&["distance", side, few(distance / 2), who.0, kind]);
            for class in scene.classes(head) {
                bag.add(&["sense", class]);
                bag.add(&["sense", class, kind]);
                bag.add(&["sense", class, wanted]);
                bag.add(&["sense", class, kind, slot]);
                bag.add(&["sense", class, upos, slot]);
            }
            for class in scene.classes(token) {
                bag.add(&["trigger-sense", class, slot]);
                bag.add(&["trigger-sense", class, slot, who.0]);
            }
            if aspirant.entities.is_empty() {
                let l = scene.reading.lemma(head).to_lowercase();
                let class = scene.frames.participant_class(&l).unwrap_or("thing");
                bag.add(&["class", class]);
                bag.add(&["class", class, kind]);
                bag.add(&["class", class, wanted]);
                bag.add(&["class", class, slot, upos]);
                bag.add(&["class", class, kind, slot]);
                bag.add(&["class", class, lacking, wanted]);
                bag.add(&["noun", &l]);
                bag.add(&["noun", kind, &l]);
                bag.add(&["noun", slot, wanted]);
                let chars: Vec<usize> = l.char_indices().map(|(i, _)| i).collect();
                if chars.len() > 5 {
                    bag.add(&["noun-end", &l[chars[chars.len() - 5]..], wanted]);
                }
                if scene.matches[head].is_some() {
                    bag.add(&["noun", "has-frame", wanted]);
                }
                if analysis.tokens[head].feats.is(&feats::NUMBER, "Plur") {
                    bag.add(&["noun", "plural", wanted]);
                }
            }
            let spoken = scene.statement(token);
            let speaks = aspirant.entities.iter().any(|e| scene.speakers(token).contains(e));
            if speaks {
                bag.add(&["speaks", kind]);
                bag.add(&["speaks", kind, slot]);
            }
            if spoken.is_some() && scene.statement(head) != spoken {
                bag.add(&["outside-speech", kind, if speaks { "speaker" } else { "other" }]);
            }
            if analysis.tokens[head].upos == Upos::Pron {
                bag.add(&["pronoun", slot, kind]);
            }
        }
        Standing::Context => {
            bag.add(&["context", aspirant.source, lacking]);
            bag.add(&["context", aspirant.source, kind]);
            bag.add(&["context", aspirant.source, kind, who.1]);
            bag.add(&["context", aspirant.source, kind, lacking, who.0]);
            bag.add(&["context", aspirant.source, lacking, few(aspirant.back), who.0]);
            let n = aspirant.entities.first().map_or(0, |e| scene.mention_counts[*e] as usize);
            bag.add(&["context-mentions", few(n), kind]);
            bag.add(&["context-upos", upos, aspirant.source, lacking]);
            bag.add(&["context-wanted", aspirant.source, lacking, mode, kind]);
        }
    }
}
