//! Events: trees, actors and statements in; who did what to whom out.
//!
//! A text becomes a [`Scene`]: the words that the frame lexicon ([`frames`]) knows, and the noun phrases that may take
//! part, both with their semantic classes ([`senses`]). Each word is a candidate ([`candidates`]). The learned judge ([`judge`]) says from its features and from the sentence as a whole ([`encoder`]) whether it
//! reports an event, of which type and mode, with which status ([`status`] gives it the grammatical cues), and who
//! takes part in which role; without a judge the frames' own slots and priors decide. [`coding`] adds what the
//! PLOVER tables, the times and the document say.

pub mod candidates;
mod coding;
pub mod decide;
pub mod encoder;
pub mod explain;
pub mod features;
pub mod frames;
pub mod judge;
pub mod linear;
pub mod plover;
pub mod roles;
pub mod scene;
pub mod senses;
pub mod status;
pub mod words;

use crate::actors::Actors;
use crate::engine::BuildError;
use crate::knowledge::Knowledge;
use crate::model::{Model, ModelError};
use crate::reading::Reading;
use crate::record::{Event, Statement, Time};
use decide::Who;
use frames::Frames;
use judge::Judge;
use plover::Contexts;
use scene::Scene;
use status::StatusWords;

/// Finds events.
#[derive(Debug)]
pub struct EventLayer {
    frames: Frames,
    words: StatusWords,
    contexts: Contexts,
    judge: Option<Judge>,
    least_confidence: f64,
}

impl EventLayer {
    /// The frames in the program and the judge in the model; a model without a judge leaves the decision to the frames.
    ///
    /// # Errors
    /// If a frame file has a malformed entry or the judge's section is malformed.
    pub fn new(model: &Model) -> Result<EventLayer, BuildError> {
        plover::check()?;
        let judge = match model.section(linear::SECTION) {
            Ok(_) => Some(Judge::new(model)?),
            Err(ModelError::Missing(_)) => None,
            Err(e) => return Err(e.into()),
        };
        Ok(EventLayer {
            frames: Frames::german()?,
            words: StatusWords::new()?,
            contexts: Contexts::new()?,
            judge,
            least_confidence: 0.0,
        })
    }

    /// Adds the user's frames, which win over ours.
    ///
    /// # Errors
    /// If the text has a malformed line.
    pub fn add_frames(&mut self, name: &str, text: &str) -> Result<(), BuildError> {
        self.frames.add_user(name, text)
    }

    /// Leaves out events of which the engine is less sure.
    pub fn set_least_confidence(&mut self, confidence: f64) {
        self.least_confidence = confidence;
    }

    /// Decides by the frames alone, without the learned judge.
    pub fn without_judge(&mut self) {
        self.judge = None;
    }

    /// The frame lexicon.
    pub fn frames(&self) -> &Frames {
        &self.frames
    }

    /// The words that decide the status.
    pub fn status_words(&self) -> &StatusWords {
        &self.words
    }

    fn drafts(&self, scene: &Scene<'_>) -> Vec<decide::Draft> {
        match &self.judge {
            Some(judge) => decide::by_judge(scene, &self.words, judge),
            None => decide::by_rules(scene, &self.words),
        }
    }

    /// The events of a parsed text, in its order; with `explain`, each with why it was coded.
    pub fn find(
        &self,
        reading: &Reading<'_>,
        knowledge: &Knowledge,
        actors: &mut Actors,
        times: &[Time],
        statements: &[Statement],
        explain: bool,
    ) -> Vec<Event> {
        let (drafts, reasons) = {
            let scene = Scene::new(reading, knowledge, actors, statements, &self.frames);
            let drafts = self.drafts(&scene);
            let reasons = if explain { self.explain(&scene, &drafts) } else { Vec::new() };
            (coding::place_and_time(&scene, times, drafts), reasons)
        };
        let mut reasons = reasons.into_iter();
        let mut events: Vec<Event> = Vec::with_capacity(drafts.len());
        let mut bits = coding::ContextFinder::new(&self.contexts, reading);
        for draft in &drafts {
            let why = reasons.next();
            if draft.confidence < self.least_confidence {
                continue;
            }
            let own = resolve(reading, knowledge, actors, &draft.actors);
            let mut others = resolve(reading, knowledge, actors, &draft.recipients);
            others.retain(|e| !own.contains(e));
            if own.is_empty() && others.is_empty() {
                continue;
            }
            let event = coding::event(reading, &self.frames, draft, own, others, &mut bits);
            events.push(Event { why, ..event });
        }
        coding::link_repeated(&mut events);
        events
    }
}

/// The entities of a draft's participants; a phrase that names nobody yet becomes an entity now.
fn resolve(reading: &Reading<'_>, knowledge: &Knowledge, actors: &mut Actors, who: &[Who]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for w in who {
        let found = match w {
            Who::Entity(e) => vec![*e],
            Who::Phrase(token) => actors.participant(reading, knowledge, *token),
        };
        for e in found {
            if !out.contains(&e) {
                out.push(e);
            }
        }
    }
    out
}
