//! Features of a candidate: what the judge sees of a predicate before it says whether and which event it reports.

use super::candidates::Candidate;
use super::frames::Slot;
use super::linear::Bag;
use super::plover;
use super::scene::{Scene, kind_name, sector_name, speech_name};
use crate::morphology::{Upos, feats};
use crate::record::Status;
use crate::syntax::Deprel;
use crate::syntax::clause::Voice;

/// A bucket for a count.
pub(super) fn few(n: usize) -> &'static str {
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
        None => {
            let noun = scene.reading.lemma(token).to_lowercase();
            match scene.frames.participant_class(&noun) {
                Some(class) => class.to_string(),
                None => scene.reading.analysis.tokens[token].upos.as_str().to_lowercase(),
            }
        }
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

    let status = candidate.reasoned.status;
    let status_name = match status {
        Status::Actual => "actual",
        Status::Planned => "planned",
        Status::Possible => "possible",
        Status::Negated => "negated",
    };

    // What the frames say.
    let known = scene.matches[token].as_deref();
    let mut types: Vec<&'static str> = Vec::new();
    if let Some(m) = known {
        for (i, id) in m.frames.iter().enumerate() {
            let frame = scene.frames.frame(*id);
            let pattern = scene.frames.pattern(*id);
            let name = plover::type_name(pattern.kind);
            bag.add(&["frame", &frame.predicate, name]);
            if pattern.condition.is_some() && super::candidates::conditions_hold(scene, candidate, *id) {
                bag.add(&["condition", name]);
            }
            let class = frame.pattern.to_string();
            bag.add(&["pattern", &class]);
            bag.add(&["pattern", &class, relation]);
            bag.add(&["pattern", &class, share(scene.political)]);
            if i < m.phrases {
                bag.add(&["phrase", name]);
            }
            if !types.contains(&name) {
                let prior = format!("{:.1}", pattern.prior);
                bag.add(&["type", name, "political", share(scene.political), &prior]);
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
                bag.add(&["type", name, "status", status_name]);
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

    // What the semantic lexicon says.
    for class in scene.classes(token) {
        bag.add(&["sense", class]);
        bag.add(&["sense", upos, class]);
        bag.add(&["sense", best, class]);
        bag.add(&["sense", relation, class]);
    }
    for topic in &scene.topics {
        bag.add(&["topic", topic]);
        bag.add(&["topic", best, topic]);
    }

    // Status and grammar.
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
        people += usize::from(named || who == "people" || who == "bodies");
        bag.add(&["slot", slot.name()]);
        bag.add(&["slot", slot.name(), &who]);
        bag.add(&["slot", best, slot.name()]);
        bag.add(&["slot", best, slot.name(), &who]);
        bag.add(&["slot", &lemma, slot.name()]);
        for class in scene.classes(*head) {
            bag.add(&["slot-sense", slot.name(), class]);
            bag.add(&["slot-sense", best, slot.name(), class]);
            for own in scene.classes(token) {
                bag.add(&["slot-sense", "of", own, slot.name(), class]);
            }
        }
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
        for class in scene.classes(g) {
            bag.add(&["governor-sense", relation, class]);
            bag.add(&["governor-sense", best, class]);
        }
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
        for class in scene.classes(h) {
            bag.add(&["head-sense", relation, class]);
        }
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
            for class in scene.classes(at as usize) {
                bag.add(&["near-sense", label, class]);
            }
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
            let kind = speech_name(s.kind);
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
    if !scene.title_types.is_empty() {
        let met = types.iter().any(|t| scene.title_types.iter().any(|k| plover::type_name(*k) == *t));
        bag.add(&["title-type", if met { "same" } else { "other" }]);
        bag.add(&["title-type", best, if met { "same" } else { "other" }]);
        for k in &scene.title_types {
            bag.add(&["title-type", best, plover::type_name(*k)]);
        }
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

/// Features of the mode, and of the status: the candidate's own, fewer and with the type.
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
    for class in scene.classes(token) {
        bag.add(&["sense", kind, class]);
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
        for class in scene.classes(*head) {
            bag.add(&["slot-sense", kind, slot.name(), class]);
        }
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
            for class in scene.classes(i) {
                bag.add(&["word-sense", kind, class]);
            }
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
    for w in candidate.document_types.iter().take(2) {
        bag.add(&["document", kind, w]);
    }
}

/// Further features of the status: tense and mood of the trigger, its auxiliaries and its governor, and the words beside.
pub fn of_status(scene: &Scene<'_>, candidate: &Candidate, kind: &str, bag: &mut Bag) {
    let analysis = scene.reading.analysis;
    let token = candidate.token;
    let form = |i: usize| format!("{}-{:x}", analysis.tokens[i].upos.as_str(), analysis.tokens[i].feats.0);
    let lemma = |i: usize| scene.reading.lemma(i).to_lowercase();
    bag.add(&["form", &form(token)]);
    bag.add(&["form", kind, &form(token)]);
    for a in scene.clauses.children(token).filter(|a| analysis.tokens[*a].upos == Upos::Aux) {
        bag.add(&["aux-form", &lemma(a), &form(a)]);
    }
    if let Some(g) = candidate.governor {
        bag.add(&["governor-form", analysis.tokens[token].deprel.as_str(), &form(g)]);
        for a in scene.clauses.children(g).filter(|a| analysis.tokens[*a].upos != Upos::Punct) {
            bag.add(&["governor-child", &lemma(a)]);
            if analysis.tokens[a].upos == Upos::Aux {
                bag.add(&["governor-aux", &lemma(a), &form(a)]);
            }
        }
    }
    let sentence = analysis.sentences[analysis.tokens[token].sentence as usize].tokens();
    let near =
        [("-2", token.checked_sub(2)), ("-1", token.checked_sub(1)), ("+1", Some(token + 1)), ("+2", Some(token + 2))];
    for (name, i) in near.into_iter().filter_map(|(name, i)| Some((name, i.filter(|i| sentence.contains(i))?))) {
        bag.add(&["near", name, &lemma(i)]);
    }
}
