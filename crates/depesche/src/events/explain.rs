//! Explanations: for each event of a text which frame and file line it comes from, which grammatical cues gave its
//! status, which features weighed most with the judge, and how each participant was found.

use super::EventLayer;
use super::candidates::{Candidate, aspirants, candidates, want};
use super::decide::{Draft, Who};
use super::features;
use super::linear::{Bag, hash};
use super::plover;
use super::scene::{Scene, Standing};
use crate::actors::Actors;
use crate::knowledge::Knowledge;
use crate::reading::Reading;
use crate::record::{Statement, Status};
use serde::Serialize;

/// Why an event was coded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The predicate in base form.
    pub predicate: String,
    /// First byte of its word.
    pub start: usize,
    /// First byte behind.
    pub end: usize,
    /// Type ("ASSAULT").
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Mode.
    pub mode: Option<&'static str>,
    /// Status.
    pub status: Status,
    /// The frame as it is listed; none where the judge alone knows the word.
    pub frame: Option<String>,
    /// File and line of the frame ("assault.frames:12").
    pub origin: Option<String>,
    /// Grammatical cues of the status, as the rules found them.
    pub cues: Vec<&'static str>,
    /// How sure the engine is, 0 to 1.
    pub confidence: f64,
    /// What weighed most with the judge for the type against no event: feature and weight, heaviest first.
    pub weights: Vec<(String, f32)>,
    /// Who takes part and how they were found.
    pub participants: Vec<Found>,
}

/// How a participant was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// "actor" or "recipient".
    pub role: &'static str,
    /// Name of the entity, or the words of a phrase that is to become one.
    pub name: String,
    /// Slot of the frame ("subj", "acc", "gegen"), "inside" a compound, or "context" with its source.
    pub way: String,
}

/// How many weights are shown.
const SHOWN: usize = 8;

impl EventLayer {
    /// Explains the events of a parsed text, in its order.
    pub fn explain(
        &self,
        reading: &Reading<'_>,
        knowledge: &Knowledge,
        actors: &Actors,
        statements: &[Statement],
    ) -> Vec<Explanation> {
        let scene = Scene::new(reading, knowledge, actors, statements, &self.frames);
        let drafts = self.drafts(&scene);
        let all = candidates(&scene, &self.words, |_| true);
        let drafts = drafts.iter().filter(|d| d.confidence >= self.least_confidence);
        drafts
            .filter_map(|d| {
                let candidate = all.binary_search_by_key(&d.token, |c| c.token).ok()?;
                Some(self.explain_draft(&scene, &all[candidate], d))
            })
            .collect()
    }

    fn explain_draft(&self, scene: &Scene<'_>, candidate: &Candidate, d: &Draft) -> Explanation {
        let reading = &scene.reading;
        let token = &reading.analysis.tokens[d.token];
        let mut candidate = candidate.clone();
        want(scene, &mut candidate, d.frame);
        let mut found = Vec::new();
        for a in aspirants(scene, &candidate, d.kind, d.frame, &[]) {
            let whom: Vec<Who> = match (a.entities.as_slice(), a.standing) {
                ([], Standing::Phrase(head)) => vec![Who::Phrase(head)],
                (entities, _) => entities.iter().map(|e| Who::Entity(*e)).collect(),
            };
            let way = match (&a.slot, a.standing) {
                (Some(slot), Standing::Phrase(_)) => slot.name().to_string(),
                (None, Standing::Phrase(_)) => "sentence".to_string(),
                (_, Standing::Inside(_)) => "inside".to_string(),
                (_, Standing::Context) => format!("context: {}", a.source),
            };
            for w in whom {
                for (role, list) in [("actor", &d.actors), ("recipient", &d.recipients)] {
                    if list.contains(&w) {
                        let name = match w {
                            Who::Entity(e) => scene.actors.entities[e].name.clone(),
                            Who::Phrase(head) => reading.form(head).to_string(),
                        };
                        found.push(Found { role, name, way: way.clone() });
                    }
                }
            }
        }
        Explanation {
            predicate: reading.analysis.predicate(d.token).to_string(),
            start: token.start as usize,
            end: token.end as usize,
            kind: plover::type_name(d.kind),
            mode: d.mode.name(),
            status: d.status,
            frame: d.frame.map(|f| self.frames.frame(f).predicate.to_string()),
            origin: d.frame.map(|f| self.frames.origin(f)).map(|(file, line)| format!("{file}:{line}")),
            cues: candidate.reasoned.cues.clone(),
            confidence: d.confidence,
            weights: self.weights(scene, &candidate, d),
            participants: found,
        }
    }

    fn weights(&self, scene: &Scene<'_>, candidate: &Candidate, d: &Draft) -> Vec<(String, f32)> {
        let Some(judge) = &self.judge else { return Vec::new() };
        let mut bag = Bag { features: Vec::new(), names: Some(Vec::new()) };
        features::of_candidate(scene, candidate, &mut bag);
        let class = d.kind as usize + 1;
        let mut out: Vec<(String, f32)> = bag
            .names
            .into_iter()
            .flatten()
            .map(|name| {
                let parts: Vec<&str> = name.split(' ').collect();
                let feature = hash(&parts);
                let weight = judge.kind.weight(feature, class) - judge.kind.weight(feature, 0);
                (name, weight)
            })
            .collect();
        out.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        out.dedup();
        out.truncate(SHOWN);
        out
    }
}
