//! Features of a candidate: what the judge sees of a predicate before it says whether and which event it reports.

use super::candidates::Candidate;
use super::frames::Slot;
use super::linear::Bag;
use super::plover;
use super::scene::{Scene, kind_name, sector_name};
use crate::morphology::{Upos, feats};
use crate::record::{StatementKind, Status};
use crate::syntax::Deprel;
use crate::syntax::clause::Voice;

/// A bucket for a count.
fn few(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3..=5 => "3-5",
        6..=10 => "6-10",
        _ => "many",
    }
}

/// A bucket for a share.
fn share(x: f32) -> &'static str {
    match x {
        x if x < 0.05 => "none",
        x if x < 0.25 => "little",
        x if x < 0.5 => "some",
        x if x < 0.75 => "much",
        _ => "most",
    }
}

/// Type and sector of the first entity that a token denotes, or what kind of phrase it is.
fn participant(scene: &Scene<'_>, token: usize) -> String {
    match scene.denoted(token).first() {
        Some(e) => {
            let e = &scene.actors.entities[*e];
            format!("{}/{}", kind_name(e.kind), sector_name(e.sector))
        }
        None if !scene.inside(token).is_empty() => "inside".to_string(),
        None => scene.reading.analysis.tokens[token].upos.as_str().to_lowercase(),
    }
}

/// The features by which type and existence of an event are judged.
pub fn of_candidate(scene: &Scene<'_>, candidate: &Candidate, bag: &mut Bag) {
    let token = candidate.token;
    let analysis = scene.reading.analysis;
    let t = &analysis.tokens[token];
    let c = &scene.clauses;
    let lemma = analysis.predicate(token).to_lowercase();
    let upos = t.upos.as_str();
    bag.add(&["bias"]);
    bag.add(&["upos", upos]);
    bag.add(&["lemma", &lemma]);
    let chars: Vec<usize> = lemma.char_indices().map(|(i, _)| i).collect();
    if t.upos == Upos::Noun {
        for n in [5, 7] {
            if chars.len() > n {
                bag.add(&["end", &lemma[chars[chars.len() - n]..]]);
            }
        }
        if chars.len() > 8 {
            bag.add(&["front", &lemma[..chars[6]]]);
        }
    }
    let relation = t.deprel.as_str();
    bag.add(&["rel", upos, relation]);

    // What the frames say.
    let known = scene.matches[token].as_deref();
    let mut types: Vec<&'static str> = Vec::new();
    if let Some(m) = known {
        for (i, id) in m.frames.iter().enumerate() {
            let frame = scene.frames.frame(*id);
            let pattern = scene.frames.pattern(*id);
            let name = plover::type_name(pattern.kind);
            bag.add(&["frame", &frame.predicate, name]);
            if i < m.phrases {
                bag.add(&["phrase", name]);
            }
            if !types.contains(&name) {
                let prior = format!("{:.1}", pattern.prior);
                let how = if i < m.phrases {
                    "phrase"
                } else if m.derived {
                    "derived"
                } else if m.participle {
                    "participle"
                } else {
                    upos
                };
                bag.add(&["type", name]);
                bag.add(&["type", name, how]);
                bag.add(&["type", name, "first", if types.is_empty() { "yes" } else { "no" }]);
                bag.add(&["type", name, "prior", &prior]);
                bag.add(&["type", name, "prior", &prior, how]);
                types.push(name);
            }
        }
        if m.at > 0 {
            bag.add(&["compound", &lemma[m.at..]]);
            bag.add(&["compound-front", &lemma[..m.at]]);
        }
        bag.add(&["types", few(types.len())]);
    } else {
        bag.add(&["no-frame", upos]);
    }
    let best = types.first().copied().unwrap_or("-");
    if types.len() > 1 {
        bag.add(&["types", &types.join("+")]);
    }
    bag.add(&["best", best, relation]);

    // Status and grammar.
    let status = candidate.reasoned.status;
    let status_name = match status {
        Status::Actual => "actual",
        Status::Planned => "planned",
        Status::Possible => "possible",
        Status::Negated => "negated",
    };
    bag.add(&["status", status_name]);
    for cue in &candidate.reasoned.cues {
        bag.add(&["cue", cue]);
        for name in &types {
            bag.add(&["cue", cue, name]);
        }
    }
    let verbal = matches!(t.upos, Upos::Verb | Upos::Aux);
    if verbal {
        let voice = match c.voice(token) {
            Voice::Active => "active",
            Voice::Passive => "passive",
            Voice::Stative => "stative",
        };
        bag.add(&["voice", voice]);
        bag.add(&["voice", best, voice]);
        if c.is_reflexive(token) {
            bag.add(&["reflexive"]);
            bag.add(&["reflexive", &lemma]);
        }
        for complement in c.complements(token) {
            let p = analysis.predicate(complement).to_lowercase();
            bag.add(&["complement"]);
            bag.add(&["complement", best]);
            bag.add(&["complement", &lemma]);
            if let Some(m) = scene.matches[complement].as_deref() {
                let name = plover::type_name(scene.frames.pattern(m.frames[0]).kind);
                bag.add(&["complement-type", name]);
                bag.add(&["complement-type", best, name]);
                bag.add(&["complement-type", &lemma, name]);
            }
            bag.add(&["complement-lemma", &p]);
        }
    } else {
        let article = c.children(token).find(|d| analysis.tokens[*d].deprel == Deprel::Det);
        let article = article.map_or("none", |d| {
            let f = analysis.tokens[d].feats;
            if f.is(&feats::POSS, "Yes") {
                "possessive"
            } else if f.is(&feats::DEFINITE, "Def") {
                "definite"
            } else if f.is(&feats::DEFINITE, "Ind") {
                "indefinite"
            } else {
                "other"
            }
        });
        bag.add(&["article", best, article]);
        let number = t.feats.get(&feats::NUMBER).unwrap_or("-");
        bag.add(&["number", best, number]);
        if let Some(p) = c.preposition(token) {
            bag.add(&["preposition", p]);
            bag.add(&["preposition", best, p]);
        }
        for a in c.children(token).filter(|a| analysis.tokens[*a].deprel == Deprel::Amod) {
            let a = scene.reading.lemma(a).to_lowercase();
            bag.add(&["amod", &a]);
        }
    }

    // Arguments.
    let mut people = 0;
    for (slot, head) in &candidate.filled {
        let who = participant(scene, *head);
        let named = !scene.denoted(*head).is_empty();
        people += usize::from(named);
        bag.add(&["slot", slot.name()]);
        bag.add(&["slot", slot.name(), &who]);
        bag.add(&["slot", best, slot.name()]);
        bag.add(&["slot", best, slot.name(), &who]);
        bag.add(&["slot", &lemma, slot.name()]);
        if !named {
            let l = scene.reading.lemma(*head).to_lowercase();
            bag.add(&["slot-lemma", slot.name(), &l]);
            bag.add(&["slot-lemma", &lemma, &l]);
            if let Some(m) = scene.matches[*head].as_deref() {
                let name = plover::type_name(scene.frames.pattern(m.frames[0]).kind);
                bag.add(&["slot-type", slot.name(), name]);
                bag.add(&["slot-type", &lemma, name]);
                bag.add(&["slot-type", best, slot.name(), name]);
            }
        }
        if matches!(slot, Slot::Subject) && named {
            let e = &scene.actors.entities[scene.denoted(*head)[0]];
            bag.add(&["subject-sector", &lemma, sector_name(e.sector)]);
        }
    }
    for e in scene.inside(token) {
        people += 1;
        let e = &scene.actors.entities[*e];
        bag.add(&["inside", kind_name(e.kind)]);
        bag.add(&["inside", best, kind_name(e.kind)]);
    }
    bag.add(&["people", few(people)]);
    bag.add(&["people", best, few(people)]);

    // What governs it.
    if let Some(g) = candidate.governor {
        let l = analysis.predicate(g).to_lowercase();
        bag.add(&["governor", &l]);
        bag.add(&["governor", best, &l]);
        bag.add(&["governor", relation, &l]);
        if let Some(m) = scene.matches[g].as_deref() {
            let pattern = scene.frames.pattern(m.frames[0]);
            let name = plover::type_name(pattern.kind);
            bag.add(&["governor-type", relation, name]);
            bag.add(&["governor-type", best, relation, name]);
            if m.parts.contains(&token) {
                bag.add(&["part-of-phrase"]);
                bag.add(&["part-of-phrase", best]);
            }
        } else {
            bag.add(&["governor-type", relation, "none"]);
        }
        if let Some(s) = c.subject(g) {
            bag.add(&["governor-subject", best, &participant(scene, s)]);
        }
    } else {
        bag.add(&["governor", "none"]);
    }
    if let Some(h) = analysis.head(token) {
        let l = analysis.predicate(h).to_lowercase();
        bag.add(&["head", &l]);
        bag.add(&["head", best, &l]);
        if let Some(m) = scene.matches[h].as_deref() {
            let name = plover::type_name(scene.frames.pattern(m.frames[0]).kind);
            bag.add(&["head-type", best, relation, name]);
        }
    }

    // Its neighbours.
    let sentence = analysis.sentences[t.sentence as usize];
    for (offset, label) in [(-2i64, "-2"), (-1, "-1"), (1, "+1"), (2, "+2")] {
        let at = token as i64 + offset;
        if at >= i64::from(sentence.first) && at < i64::from(sentence.last) {
            let l = scene.reading.lemma(at as usize).to_lowercase();
            bag.add(&["near", label, &l]);
        }
    }
    for (before, n) in [("before", candidate.same_before), ("after", candidate.same_after)] {
        bag.add(&["same", before, few(n as usize)]);
        bag.add(&["same", before, best, few(n as usize)]);
    }

    // Speech.
    match scene.statement(token) {
        None => {
            bag.add(&["speech", "none"]);
            bag.add(&["speech", best, "none"]);
        }
        Some(s) => {
            let s = &scene.statements[s];
            let kind = match s.kind {
                StatementKind::Direct => "direct",
                StatementKind::Indirect => "indirect",
                StatementKind::Reported => "reported",
                StatementKind::FreeIndirect => "free",
                StatementKind::IndirectFreeIndirect => "indirect-free",
            };
            bag.add(&["speech", kind]);
            bag.add(&["speech", best, kind]);
            let who = s
                .speaker
                .as_ref()
                .and_then(|p| p.entities.first())
                .map_or("nobody", |e| sector_name(scene.actors.entities[*e].sector));
            bag.add(&["speaker", who]);
            bag.add(&["speaker", best, who]);
            if upos == "ADJ" || upos == "NOUN" {
                bag.add(&["speech", upos, best, kind, if who == "nobody" { "nobody" } else { "somebody" }]);
            }
        }
    }

    // Sentence and document.
    let here = &scene.sentence_entities[t.sentence as usize];
    bag.add(&["entities", best, few(here.len())]);
    for e in here.iter().take(6) {
        let e = &scene.actors.entities[*e];
        let sector = sector_name(e.sector);
        bag.add(&["entity", sector]);
        bag.add(&["entity", best, sector]);
    }
    bag.add(&["political", share(scene.political)]);
    bag.add(&["political", best, share(scene.political)]);
    bag.add(&["document-type", best, share(candidate.type_share)]);
    if scene.title.iter().any(|w| lemma.len() > 4 && (w.contains(&lemma) || lemma.contains(w.as_str()))) {
        bag.add(&["title"]);
        bag.add(&["title", best]);
    }
    bag.add(&["position", best, few(t.sentence as usize)]);
    bag.add(&["earlier", few(candidate.earlier as usize)]);
    bag.add(&["earlier", best, few(candidate.earlier as usize)]);
    for (i, w) in candidate.document_types.iter().enumerate().take(2) {
        bag.add(&["document", w]);
        bag.add(&["document", best, w, if i == 0 { "1" } else { "2" }]);
    }
    for w in candidate.sentence_types.iter().filter(|w| **w != best) {
        bag.add(&["beside", best, w]);
    }
}

/// Features of mode and status: the candidate's own, fewer and with the type.
pub fn of_event(scene: &Scene<'_>, candidate: &Candidate, kind: &str, bag: &mut Bag) {
    let token = candidate.token;
    let analysis = scene.reading.analysis;
    let lemma = analysis.predicate(token).to_lowercase();
    bag.add(&["bias"]);
    bag.add(&["type", kind]);
    bag.add(&["lemma", &lemma]);
    if let Some(m) = scene.matches[token].as_deref() {
        for id in &m.frames {
            let frame = scene.frames.frame(*id);
            let pattern = scene.frames.pattern(*id);
            let name = plover::type_name(pattern.kind);
            if name == kind {
                bag.add(&["frame", &frame.predicate]);
                bag.add(&["mode", kind, pattern.mode.name().unwrap_or("-")]);
            }
            bag.add(&["frame-type", kind, name]);
        }
        if m.at > 0 {
            bag.add(&["compound", &lemma[m.at..]]);
            bag.add(&["compound-front", &lemma[..m.at]]);
        }
    }
    let status = candidate.reasoned.status as u8;
    bag.add(&["status", &status.to_string()]);
    bag.add(&["status", kind, &status.to_string()]);
    for cue in &candidate.reasoned.cues {
        bag.add(&["cue", cue]);
        bag.add(&["cue", kind, cue]);
        bag.add(&["cue", analysis.tokens[token].upos.as_str(), cue]);
    }
    for (slot, head) in &candidate.filled {
        let l = analysis.predicate(*head).to_lowercase();
        bag.add(&["slot", kind, slot.name(), &participant(scene, *head)]);
        bag.add(&["slot-lemma", kind, &l]);
        if let Some(m) = scene.matches[*head].as_deref() {
            let name = plover::type_name(scene.frames.pattern(m.frames[0]).kind);
            bag.add(&["slot-type", kind, name]);
        }
    }
    for complement in scene.clauses.complements(token) {
        let p = analysis.predicate(complement).to_lowercase();
        bag.add(&["complement", kind, &p]);
        if let Some(m) = scene.matches[complement].as_deref() {
            let name = plover::type_name(scene.frames.pattern(m.frames[0]).kind);
            bag.add(&["complement-type", kind, name]);
        }
    }
    if let Some(g) = candidate.governor {
        let l = analysis.predicate(g).to_lowercase();
        bag.add(&["governor", &l]);
        bag.add(&["governor", kind, &l]);
    }
    let t = &analysis.tokens[token];
    bag.add(&["rel", t.deprel.as_str()]);
    for a in scene.clauses.children(token).filter(|a| analysis.tokens[*a].deprel != Deprel::Punct) {
        bag.add(&["child", &scene.reading.lemma(a).to_lowercase()]);
    }
    let sentence = analysis.sentences[t.sentence as usize];
    for i in sentence.tokens() {
        let u = analysis.tokens[i].upos;
        if matches!(u, Upos::Noun | Upos::Verb | Upos::Adj) {
            bag.add(&["word", kind, &scene.reading.lemma(i).to_lowercase()]);
        }
    }
    if scene.statement(token).is_some() {
        bag.add(&["speech", kind]);
    }
    for e in scene.sentence_entities[t.sentence as usize].iter().take(6) {
        bag.add(&["entity", kind, sector_name(scene.actors.entities[*e].sector)]);
    }
    for w in &candidate.sentence_types {
        bag.add(&["beside", kind, w]);
    }
}

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
    pub standing: super::scene::Standing,
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
    fn name(self) -> &'static str {
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
    use super::scene::Standing;
    let analysis = scene.reading.analysis;
    let token = candidate.token;
    let upos = analysis.tokens[token].upos.as_str();
    let lemma = analysis.predicate(token).to_lowercase();
    let who = match (aspirant.entities.first(), &aspirant.likely) {
        (Some(e), _) => {
            let e = &scene.actors.entities[*e];
            (kind_name(e.kind), sector_name(e.sector))
        }
        (None, Some((kind, sector))) => (*kind, *sector),
        (None, None) => ("phrase", "-"),
    };
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
            if aspirant.entities.is_empty() {
                let l = scene.reading.lemma(head).to_lowercase();
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
