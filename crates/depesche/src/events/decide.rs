//! Decisions: candidates in; drafts of events out, by the judge or by the frames alone.

use super::candidates::{Candidate, Past, aspirants, best_frame, candidates, frame_for, want};
use super::encoder::{self, Piece, States};
use super::features;
use super::frames::FrameId;
use super::judge::{Judge, Settings, mode_class};
use super::linear::{Bag, hash, softmax};
use super::plover::{self, Mode, TYPES};
use super::roles::{self, Aspirant, Wanted};
use super::scene::{Scene, Standing};
use super::status::StatusWords;
use crate::record::{EventType, Status};

/// Somebody who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A known entity.
    Entity(usize),
    /// The noun phrase with this head, which names nobody yet.
    Phrase(usize),
}

/// An event before its entities are made.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The candidate's token.
    pub token: usize,
    /// Further tokens of the trigger.
    pub parts: Vec<usize>,
    /// Type.
    pub kind: EventType,
    /// Mode.
    pub mode: Mode,
    /// Status.
    pub status: Status,
    /// The frame that gave it, if one did.
    pub frame: Option<FrameId>,
    /// Who acts.
    pub actors: Vec<Who>,
    /// Who is acted upon.
    pub recipients: Vec<Who>,
    /// How sure the engine is.
    pub confidence: f64,
    /// Sentence.
    pub sentence: usize,
    /// Statement that reports it.
    pub statement: Option<usize>,
    /// Entity that is its place.
    pub place: Option<usize>,
    /// ISO date or period.
    pub date: Option<String>,
}

/// The statuses in the order of their classes.
pub const STATUSES: [Status; 4] = [Status::Actual, Status::Planned, Status::Possible, Status::Negated];

fn draft(scene: &Scene<'_>, candidate: &Candidate, kind: EventType, frame: Option<FrameId>) -> Draft {
    let token = candidate.token;
    Draft {
        token,
        parts: scene.matches[token].as_deref().map_or(Vec::new(), |m| m.parts.clone()),
        kind,
        mode: frame.map_or(Mode::NONE, |f| scene.frames.pattern(f).mode),
        status: candidate.reasoned.status,
        frame,
        actors: Vec::new(),
        recipients: Vec::new(),
        confidence: 1.0,
        sentence: scene.reading.analysis.tokens[token].sentence as usize,
        statement: scene.statement(token),
        place: None,
        date: None,
    }
}

/// The guide's tie-breaks: future cooperation is a promise made, future retreat a concession planned, a verbal act is
/// actual.
pub fn tie_break(kind: EventType, status: Status) -> (EventType, Status) {
    use EventType::{Agree, Aid, Concede, Consult, Cooperate, Retreat, Support};
    match (kind, status) {
        (Consult | Support | Cooperate | Aid, Status::Planned) => (Agree, Status::Actual),
        (Retreat | Concede, Status::Planned) => (Concede, Status::Planned),
        (Agree, Status::Planned) => (Agree, Status::Actual),
        other => other,
    }
}

/// From which prior on a frame decides by itself.
const LEAST_PRIOR: f32 = 0.5;

// ------------------------------------------------------------ by rules

/// Drafts by the frames alone.
pub fn by_rules(scene: &Scene<'_>, words: &StatusWords) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for mut candidate in candidates(scene, words, |_| false) {
        let Some(m) = scene.matches[candidate.token].as_deref() else { continue };
        let frame = best_frame(scene, &candidate, &m.frames);
        let Some(frame) = frame.filter(|f| scene.frames.pattern(*f).prior >= LEAST_PRIOR) else { continue };
        let pattern = scene.frames.pattern(frame);
        // The noun of a light-verb construction, and the content of a demand, are no events of their own.
        let governed = candidate.governor.and_then(|g| scene.matches[g].as_deref()).is_some_and(|g| {
            g.parts.contains(&candidate.token)
                || matches!(
                    scene.frames.pattern(g.frames[0]).kind,
                    EventType::Request | EventType::Accuse | EventType::Agree | EventType::Threaten
                )
        });
        if governed {
            continue;
        }
        want(scene, &mut candidate, Some(frame));
        let mut d = draft(scene, &candidate, pattern.kind, Some(frame));
        let status = if d.status == Status::Actual { pattern.status } else { d.status };
        (d.kind, d.status) = tie_break(pattern.kind, status);
        d.confidence = f64::from(pattern.prior);
        for a in aspirants(scene, &candidate, d.kind, Some(frame), &[]) {
            let role = match a.wanted {
                Wanted::Actor => &mut d.actors,
                Wanted::Recipient => &mut d.recipients,
                Wanted::Not => continue,
            };
            enlist(role, &a);
        }
        if d.actors.is_empty() {
            d.actors.extend(scene.speakers(candidate.token).iter().map(|e| Who::Entity(*e)));
        }
        if !(d.actors.is_empty() && d.recipients.is_empty()) {
            out.push(d);
        }
    }
    out
}

fn enlist(role: &mut Vec<Who>, aspirant: &Aspirant) {
    let mut add = |w| {
        if !role.contains(&w) {
            role.push(w);
        }
    };
    match (aspirant.entities.as_slice(), aspirant.standing) {
        ([], Standing::Phrase(token)) => add(Who::Phrase(token)),
        (entities, _) => entities.iter().for_each(|e| add(Who::Entity(*e))),
    }
}

// ------------------------------------------------------------ by the judge

/// Drafts by the learned judge.
pub fn by_judge(scene: &Scene<'_>, words: &StatusWords, judge: &Judge) -> Vec<Draft> {
    let analysis = scene.reading.analysis;
    let familiar = |token: usize| judge.kind.knows(hash(&["lemma", &analysis.predicate(token).to_lowercase()]));
    let mut bag = Bag::default();
    let mut judged: Vec<(Candidate, EventType, f32)> = Vec::new();
    let all = candidates(scene, words, familiar);
    for (candidate, scores) in
        judge_kinds(scene, &all, judge, &mut bag).into_iter().enumerate().map(|(i, s)| (&all[i], s))
    {
        let (kind, p) = match users_frame(scene, candidate) {
            Some(frame) => (scene.frames.pattern(frame).kind, 1.0),
            None => most_probable(scores),
        };
        if p >= judge.settings.event {
            judged.push((candidate.clone(), kind, p));
        }
    }
    let mut keep = without_repetitions(scene, &judged, judge).into_iter();
    judged.retain(|_| keep.next().unwrap_or(false));
    let mut past: Vec<Past> = Vec::new();
    let mut out: Vec<Draft> = Vec::new();
    let mut sentences = States::default();
    for (i, (mut candidate, kind, p)) in judged.iter().cloned().enumerate() {
        if i % READ_TOGETHER == 0 {
            let next = judged[i..].iter().take(READ_TOGETHER);
            let pieces: Vec<Piece> =
                next.map(|(c, kind, _)| Piece::of_event(scene, c.token, plover::type_name(*kind))).collect();
            sentences = judge.role_encoder.read(scene, &pieces);
        }
        // A retyped candidate keeps the valency of the frame that it has.
        let first = scene.matches[candidate.token].as_deref().map(|m| m.frames[0]);
        let users = users_frame(scene, &candidate);
        let frame = users.or_else(|| frame_for(scene, &candidate, kind)).or(first);
        want(scene, &mut candidate, frame);
        let mut d = draft(scene, &candidate, kind, frame);
        d.mode = judge_mode(scene, &candidate, kind, frame, judge, &mut bag);
        d.status = judge_status(scene, &candidate, kind, judge, &mut bag);
        if denied(scene, &candidate, kind, frame) {
            d.status = Status::Negated;
        }
        d.confidence = judge.settings.confidence(p);
        if let Some(pattern) = users.map(|f| scene.frames.pattern(f)) {
            (d.mode, d.confidence) = (pattern.mode, f64::from(pattern.prior));
        }
        let everybody = aspirants(scene, &candidate, d.kind, d.frame, &past);
        let scored = judge_roles(scene, &candidate, &d, everybody, (&sentences, i % READ_TOGETHER), judge, &mut bag);
        assign_roles(&mut d, scored, &judge.settings);
        let entities = |who: &[Who]| {
            who.iter().filter_map(|w| if let Who::Entity(e) = w { Some(*e) } else { None }).collect::<Vec<usize>>()
        };
        past.push(Past {
            kind,
            sentence: d.sentence,
            actors: entities(&d.actors),
            recipients: entities(&d.recipients),
        });
        out.push(d);
    }
    out
}

/// The user's frame for a candidate, where there is one that decides in the judge's place: the user knows better.
pub fn users_frame(scene: &Scene<'_>, candidate: &Candidate) -> Option<FrameId> {
    let m = scene.matches[candidate.token].as_deref().filter(|m| scene.frames.is_users(m.frames[0]))?;
    best_frame(scene, candidate, &m.frames).filter(|f| scene.frames.pattern(*f).prior >= LEAST_PRIOR)
}

/// Scores of the classes, no event and the types.
pub type Scores = [f32; TYPES.len() + 1];

/// Least probability by the linear classifier alone for which the encoder is asked.
const LIKELY: f32 = 0.01;

/// The scores of every candidate: the linear classifier's, and with them the encoder's where there is something to
/// decide.
pub fn judge_kinds(scene: &Scene<'_>, all: &[Candidate], judge: &Judge, bag: &mut Bag) -> Vec<Scores> {
    let mut out: Vec<Scores> = Vec::with_capacity(all.len());
    for candidate in all {
        bag.clear();
        features::of_candidate(scene, candidate, bag);
        let mut scores = [0.0; TYPES.len() + 1];
        judge.kind.score(&bag.features, &mut scores);
        out.push(scores);
    }
    let tokens: Vec<usize> = all.iter().map(|c| c.token).collect();
    let pieces = encoder::pieces(scene, &tokens, |c| most_probable(out[c]).1 >= LIKELY);
    let share = judge.settings.encoder;
    judge.encoder.score(scene, &pieces, |candidate, scores| {
        for (own, more) in out[candidate].iter_mut().zip(scores) {
            *own = (1.0 - share) * *own + share * more;
        }
    });
    out
}

/// The most probable type and the probability that there is an event at all.
fn most_probable(mut scores: Scores) -> (EventType, f32) {
    softmax(&mut scores);
    let best = (1..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(1);
    (TYPES[best - 1].0, 1.0 - scores[0])
}

/// Which of the judged candidates stay when those of one type in one sentence must be surer than the first.
fn without_repetitions(scene: &Scene<'_>, judged: &[(Candidate, EventType, f32)], judge: &Judge) -> Vec<bool> {
    let sentence = |i: usize| scene.reading.analysis.tokens[judged[i].0.token].sentence;
    let mut keep = vec![true; judged.len()];
    let mut from = 0;
    while from < judged.len() {
        let to = (from..judged.len()).find(|i| sentence(*i) != sentence(from)).unwrap_or(judged.len());
        for (kind, _) in TYPES {
            let mut same: Vec<usize> = (from..to).filter(|i| judged[*i].1 == *kind).collect();
            same.sort_by(|a, b| judged[*b].2.total_cmp(&judged[*a].2));
            for i in same.into_iter().skip(1) {
                keep[i] = judged[i].2 >= judge.settings.repeated;
            }
        }
        from = to;
    }
    keep
}

fn judge_mode(
    scene: &Scene<'_>,
    candidate: &Candidate,
    kind: EventType,
    frame: Option<FrameId>,
    judge: &Judge,
    bag: &mut Bag,
) -> Mode {
    bag.clear();
    features::of_event(scene, candidate, plover::type_name(kind), bag);
    let mut scores = [0.0f32; super::linear::MAX_CLASSES];
    judge.mode.score(&bag.features, &mut scores[..judge.mode.classes()]);
    let own = frame.map(|f| scene.frames.pattern(f)).filter(|p| p.kind == kind).map_or(Mode::NONE, |p| p.mode);
    scores[mode_class(kind, own)] += judge.settings.frame_mode;
    let score = |m: Mode| scores[mode_class(kind, m)];
    plover::modes(kind).fold(Mode::NONE, |best, m| if score(m) > score(best) { m } else { best })
}

/// Whether the grammar denies the act itself. The judge has seen too few denials to know them. A word that reports a
/// refusal only because it is denied ("nicht zustimmen") has no frame of that type, and what was refused did happen.
fn denied(scene: &Scene<'_>, candidate: &Candidate, kind: EventType, frame: Option<FrameId>) -> bool {
    let cue = candidate.reasoned.cues.first().is_some_and(|cue| matches!(*cue, "negated" | "negated-word"));
    cue && kind != EventType::Reject && frame.is_some_and(|f| scene.frames.pattern(f).kind == kind)
}

fn judge_status(scene: &Scene<'_>, candidate: &Candidate, kind: EventType, judge: &Judge, bag: &mut Bag) -> Status {
    bag.clear();
    features::of_event(scene, candidate, plover::type_name(kind), bag);
    features::of_status(scene, candidate, plover::type_name(kind), bag);
    let mut scores = [0.0f32; 4];
    judge.status.score(&bag.features, &mut scores);
    let best = (0..4).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
    STATUSES[best]
}

/// How much surer a second participant in one role must be that is not coordinated with the first.
pub const SECOND: f32 = 0.2;

/// How many events' sentences the encoder of the roles reads together.
const READ_TOGETHER: usize = 8;

/// Probabilities of no part, actor and recipient for everybody who may take part in an event, whose sentence the encoder
/// has read as the piece of this number.
fn judge_roles(
    scene: &Scene<'_>,
    candidate: &Candidate,
    d: &Draft,
    everybody: Vec<Aspirant>,
    (sentences, piece): (&States, usize),
    judge: &Judge,
    bag: &mut Bag,
) -> Vec<([f32; 3], Aspirant)> {
    let (kind, mode) = (plover::type_name(d.kind), d.mode.name().unwrap_or("-"));
    let place = Piece::of_event(scene, candidate.token, kind);
    let question = |a: &Aspirant| place.question(scene, piece, candidate.token, kind, a);
    let encoded = judge.role_encoder.answer(sentences, everybody.iter().map(question));
    let share = judge.settings.role_encoder;
    let scored = everybody.into_iter().zip(encoded.chunks_exact(3)).map(|(a, encoded)| {
        bag.clear();
        roles::of_aspirant(scene, candidate, kind, mode, &a, bag);
        let mut scores = [0.0f32; 3];
        judge.role.score(&bag.features, &mut scores);
        scores.iter_mut().zip(encoded).for_each(|(own, more)| *own = (1.0 - share) * *own + share * more);
        softmax(&mut scores);
        (scores, a)
    });
    scored.collect()
}

/// Fills in actors and recipients.
fn assign_roles(d: &mut Draft, scored: Vec<([f32; 3], Aspirant)>, settings: &Settings) {
    for role in [1, 2] {
        let list = if role == 1 { &mut d.actors } else { &mut d.recipients };
        let other = 3 - role;
        // Phrases of the sentence first; somebody from the context only where the sentence names nobody.
        let mut here: Vec<&([f32; 3], Aspirant)> = scored
            .iter()
            .filter(|(p, a)| a.standing != Standing::Context && p[role] >= settings.role && p[role] > p[other])
            .collect();
        here.sort_by(|a, b| b.0[role].total_cmp(&a.0[role]));
        let best_slot = here.first().and_then(|(_, a)| a.slot.clone());
        let mut first = true;
        // A second one must be coordinated with the first or surer.
        here.retain(|(p, a)| {
            std::mem::take(&mut first) || (a.slot.is_some() && a.slot == best_slot) || p[role] >= settings.role + SECOND
        });
        // They are listed as the text has them.
        here.sort_by_key(|(_, a)| a.standing.head());
        here.iter().for_each(|(_, a)| enlist(list, a));
        if list.is_empty() {
            let best = scored
                .iter()
                .filter(|(p, a)| a.standing == Standing::Context && p[role] >= settings.context && p[role] > p[other])
                .max_by(|a, b| a.0[role].total_cmp(&b.0[role]));
            if let Some((_, a)) = best {
                enlist(list, a);
            }
        }
    }
    if d.actors.is_empty() && d.recipients.is_empty() {
        let best = scored.iter().max_by(|a, b| a.0[0].total_cmp(&b.0[0]).reverse());
        if let Some((p, a)) = best {
            enlist(if p[1] >= p[2] { &mut d.actors } else { &mut d.recipients }, a);
        }
    }
}
