//! Status: whether an event has happened, by negation, modality, mood, tense and the words round its predicate.

use super::scene::Scene;
use crate::engine::BuildError;
use crate::morphology::Upos;
use crate::record::Status;
use crate::syntax::Deprel;
use crate::syntax::clause::{Modal, Mood, Tense};
use rustc_hash::FxHashMap;

const FILE: (&str, &str) = ("status.tsv", include_str!("../../data/de/frames/status.tsv"));

/// What a word does to the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Word,
    Governor,
}

/// Words that decide the status.
#[derive(Debug)]
pub struct StatusWords {
    words: FxHashMap<&'static str, Status>,
    governors: FxHashMap<&'static str, Status>,
}

/// The status after the rules, with the cues for the judge.
#[derive(Debug, Clone)]
pub struct Reasoned {
    /// What the rules say.
    pub status: Status,
    /// The cues found, best first.
    pub cues: Vec<&'static str>,
}

impl Reasoned {
    /// Notes a cue; the first that departs from actual decides.
    fn say(&mut self, cue: &'static str, status: Status) {
        if self.status == Status::Actual {
            self.status = status;
        }
        self.cues.push(cue);
    }
}

impl StatusWords {
    /// The words in the program.
    ///
    /// # Errors
    /// If the table has a malformed row.
    pub fn new() -> Result<StatusWords, BuildError> {
        let mut out = StatusWords { words: FxHashMap::default(), governors: FxHashMap::default() };
        for (n, row) in FILE.1.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
            let fail = |message: String| BuildError::Data { file: FILE.0.to_string(), line: n + 1, message };
            let (class, words) = row.split_once('\t').ok_or_else(|| fail("expected a class and words".into()))?;
            let (status, role) = match class {
                "planned-word" => (Status::Planned, Role::Word),
                "possible-word" => (Status::Possible, Role::Word),
                "negated-word" => (Status::Negated, Role::Word),
                "planned-governor" => (Status::Planned, Role::Governor),
                "possible-governor" => (Status::Possible, Role::Governor),
                "negated-governor" => (Status::Negated, Role::Governor),
                other => return Err(fail(format!("`{other}` is no class of words"))),
            };
            let map = if role == Role::Word { &mut out.words } else { &mut out.governors };
            for w in words.split(' ') {
                map.entry(w).or_insert(status);
            }
        }
        Ok(out)
    }

    /// The status of the act that a token reports.
    pub fn reason(&self, scene: &Scene<'_>, token: usize) -> Reasoned {
        let mut out = Reasoned { status: Status::Actual, cues: Vec::new() };
        let c = &scene.clauses;
        let verbal = matches!(scene.reading.analysis.tokens[token].upos, Upos::Verb | Upos::Aux);
        for child in c.children(token) {
            let lemma = scene.reading.lemma(child);
            if let Some(s) = self.words.get(lemma).or_else(|| self.words.get(lemma.to_lowercase().as_str())) {
                match s {
                    Status::Planned => out.say("planned-word", Status::Planned),
                    Status::Possible => out.say("possible-word", Status::Possible),
                    _ => out.say("negated-word", Status::Negated),
                }
            }
        }
        let predicate = if verbal { Some(token) } else { c.predicate_of(token) };
        if let Some(p) = predicate {
            let own = p == token;
            if c.is_negated(p) {
                if own {
                    out.say("negated", Status::Negated);
                } else {
                    out.cues.push("governor-negated");
                }
            }
            if c.is_conditional(p) {
                if own { out.say("conditional", Status::Possible) } else { out.cues.push("governor-conditional") }
            }
            let perfect = matches!(c.tense(p), Tense::Perfect);
            match c.modal(p) {
                Some(Modal::Shall) if own => {
                    let hearsay = scene.reading.analysis.tokens[p].deprel != Deprel::Aux
                        && c.auxiliaries(p).any(|a| matches!(scene.reading.form(a), "haben" | "sein" | "worden"));
                    if hearsay || perfect {
                        out.say("hearsay", Status::Possible)
                    } else {
                        out.say("shall", Status::Planned)
                    }
                }
                Some(Modal::Want) if own => out.say("want", Status::Planned),
                Some(Modal::Can | Modal::May | Modal::Like) if own => out.say("can", Status::Possible),
                Some(Modal::Must) if own => out.say("must", Status::Possible),
                Some(_) => out.cues.push("governor-modal"),
                None => {}
            }
            if c.is_conditional_mood(p) {
                if own { out.say("would", Status::Possible) } else { out.cues.push("governor-would") }
            } else if c.tense(p) == Tense::Future {
                if own { out.say("future", Status::Planned) } else { out.cues.push("governor-future") }
            }
            match c.mood(p) {
                Mood::SubjunctiveTwo => out.cues.push("subjunctive-2"),
                Mood::SubjunctiveOne => out.cues.push("subjunctive-1"),
                _ => {}
            }
            match c.tense(p) {
                Tense::Present => out.cues.push("present"),
                Tense::Past => out.cues.push("past"),
                Tense::Perfect => out.cues.push("perfect"),
                Tense::Pluperfect => out.cues.push("pluperfect"),
                Tense::Future => out.cues.push("future-tense"),
            }
            if own && c.is_zu_infinitive(p) {
                out.cues.push("infinitive");
            }
        }
        let above = if verbal { scene.governor(token) } else { predicate.filter(|p| *p != token) };
        if let Some(g) = above {
            let embedded = !verbal
                || matches!(
                    scene.reading.analysis.tokens[token].deprel,
                    Deprel::Xcomp | Deprel::Ccomp | Deprel::Acl | Deprel::Obj
                );
            let lemma = scene.reading.analysis.predicate(g).to_lowercase();
            if embedded && let Some(s) = self.governors.get(lemma.as_str()) {
                match s {
                    Status::Planned => out.say("planned-governor", Status::Planned),
                    Status::Possible => out.say("possible-governor", Status::Possible),
                    _ => out.say("negated-governor", Status::Negated),
                }
            }
        }
        if let Some(head) = scene.reading.analysis.head(token)
            && above != Some(head)
            && let Some(s) = self.governors.get(scene.reading.lemma(head).to_lowercase().as_str())
        {
            match s {
                Status::Planned => out.say("planned-noun", Status::Planned),
                Status::Possible => out.say("possible-noun", Status::Possible),
                _ => out.say("negated-noun", Status::Negated),
            }
        }
        out
    }
}
