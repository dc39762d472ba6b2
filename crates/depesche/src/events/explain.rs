//! Explanations: for each event of a text which frame and file line it comes from, which grammatical cues gave its
//! status, which features weighed most with the judge, and how each participant was found.

use super::EventLayer;
use super::candidates::{Candidate, Past, aspirants, candidates, want};
use super::decide::{Draft, Who, users_frame};
use super::linear::{Bag, hash};
use super::scene::{Scene, Standing};
use super::{encoder, features};
use crate::record::{Found, Weight, Why};

/// How many weights are shown.
const SHOWN: usize = 8;
/// What the encoder's part in the score is called among the weights.
const ENCODER: &str = "whole sentence";

impl EventLayer {
    /// Explains drafts, which stand in the order of the text.
    pub(super) fn explain(&self, scene: &Scene<'_>, drafts: &[Draft]) -> Vec<Why> {
        let all = candidates(scene, &self.words, |_| true);
        let mut past: Vec<Past> = Vec::new();
        let known =
            |who: &[Who]| who.iter().filter_map(|w| if let Who::Entity(e) = w { Some(*e) } else { None }).collect();
        let mut out = Vec::with_capacity(drafts.len());
        for d in drafts {
            let found = all.binary_search_by_key(&d.token, |c| c.token);
            out.push(match found {
                Ok(candidate) => self.explain_draft(scene, &all[candidate], d, &past),
                Err(_) => Why { predicate: scene.reading.analysis.predicate(d.token).to_string(), ..Why::default() },
            });
            past.push(Past {
                kind: d.kind,
                sentence: d.sentence,
                actors: known(&d.actors),
                recipients: known(&d.recipients),
            });
        }
        out
    }

    fn explain_draft(&self, scene: &Scene<'_>, candidate: &Candidate, d: &Draft, past: &[Past]) -> Why {
        let reading = &scene.reading;
        let mut candidate = candidate.clone();
        want(scene, &mut candidate, d.frame);
        let mut found = Vec::new();
        for a in aspirants(scene, &candidate, d.kind, d.frame, past) {
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
                for (part, list) in [("actor", &d.actors), ("recipient", &d.recipients)] {
                    if list.contains(&w) {
                        let name = match w {
                            Who::Entity(e) => scene.actors.entities[e].name.clone(),
                            Who::Phrase(head) => reading.form(head).to_string(),
                        };
                        found.push(Found { part: part.to_string(), name, way: way.clone() });
                    }
                }
            }
        }
        let users = users_frame(scene, &candidate).is_some();
        Why {
            predicate: reading.analysis.predicate(d.token).to_string(),
            decided_by: if users || self.judge.is_none() { "frame" } else { "judge" }.to_string(),
            frame: d.frame.map(|f| self.frames.frame(f).predicate.to_string()),
            origin: d.frame.map(|f| self.frames.origin(f)).map(|(file, line)| format!("{file}:{line}")),
            cues: candidate.reasoned.cues.iter().map(|cue| cue.to_string()).collect(),
            weights: if users { Vec::new() } else { self.weights(scene, &candidate, d) },
            participants: found,
        }
    }

    fn weights(&self, scene: &Scene<'_>, candidate: &Candidate, d: &Draft) -> Vec<Weight> {
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
                (name, (1.0 - judge.settings.encoder) * weight)
            })
            .collect();
        let pieces = encoder::pieces(scene, &[d.token], |_| true);
        judge.encoder.score(scene, &pieces, |_, scores| {
            out.push((ENCODER.to_string(), judge.settings.encoder * (scores[class] - scores[0])));
        });
        out.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        out.dedup();
        out.truncate(SHOWN);
        let rounded = |weight: f32| (f64::from(weight) * 1000.0).round() / 1000.0;
        out.into_iter().map(|(feature, weight)| Weight { feature, weight: rounded(weight) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::record::{EventType, Status, Why};
    use crate::{Document, Engine, Input, Layers};

    const TEXT: &str = "Polen bespitzelte die Regierung in Budapest. Danach verurteilte Estland den Angriff.";

    fn read(frames: &str) -> Document {
        let engine = Engine::builder().frames_text("mine.frames", frames).build().unwrap();
        engine.read(Input::new(TEXT).layers(Layers { why: true, ..Layers::default() })).unwrap()
    }

    fn why(doc: &Document, predicate: &str) -> Option<Why> {
        doc.events.iter().filter_map(|e| e.why.clone()).find(|why| why.predicate == predicate)
    }

    #[test]
    fn a_frame_is_named_with_file_and_line() {
        let why = why(&read(""), "verurteilen").unwrap();
        assert_eq!((why.decided_by.as_str(), why.frame.as_deref()), ("judge", Some("verurteilen")));
        assert!(why.origin.unwrap().starts_with("accuse.frames:"));
        assert!(!why.weights.is_empty());
        assert!(why.participants.iter().any(|p| p.part == "actor" && p.name == "Estland" && p.way == "subj"));
    }

    #[test]
    fn the_users_frame_decides_and_lends_its_label() {
        let doc = read("== ACCUSE disapprove\n-- verb A:subj R:acc label:Spitzelei prior:0.8\nbespitzeln\n");
        let event = doc.events.iter().find(|e| e.label.is_some()).unwrap();
        assert_eq!((event.kind, event.label.as_deref(), event.confidence), (EventType::Accuse, Some("Spitzelei"), 0.8));
        let why = event.why.as_ref().unwrap();
        assert_eq!((why.decided_by.as_str(), why.origin.as_deref()), ("frame", Some("mine.frames:3")));
    }

    #[test]
    fn explanations_change_nothing_else() {
        let engine = Engine::german().unwrap();
        let mut explained = engine.read(Input::new(TEXT).layers(Layers { why: true, ..Layers::ALL })).unwrap().record();
        assert!(explained.events.iter().all(|e| e.why.is_some()));
        explained.events.iter_mut().for_each(|e| e.why = None);
        assert_eq!(explained, engine.read(Input::new(TEXT).layers(Layers::ALL)).unwrap().record());
    }

    #[test]
    fn a_denied_act_is_negated_unless_it_is_a_refusal() {
        let engine = Engine::german().unwrap();
        let status = |text: &str| engine.read(text).unwrap().events[0].status;
        assert_eq!(status("Russland hat Estland nicht angegriffen."), Status::Negated);
        assert_eq!(status("Der Präsident hat Estland nie besucht."), Status::Negated);
        assert_eq!(status("Russland hat Estland angegriffen."), Status::Actual);
        assert_eq!(status("China wies die Vorwürfe zurück."), Status::Actual);
    }

    #[test]
    fn unsure_events_are_left_out_on_request() {
        let sure = Engine::builder().min_confidence(0.99).build().unwrap();
        assert!(sure.read(TEXT).unwrap().events.is_empty());
        assert!(!Engine::german().unwrap().read(TEXT).unwrap().events.is_empty());
    }
}
