//! The encoder: a sentence with what is known of its tokens in; scores that answer questions about it out.
//!
//! The linear classifiers see a candidate through features that somebody thought of; the encoder reads the whole
//! sentence with layers of bidirectional simple recurrent units (Lei et al. 2018) over learned vectors of lemmas,
//! senses and frames. Each errs where the other does not, so the judge adds up their scores. There are two networks of
//! this make. One is asked of which type each candidate is. The other reads the sentence of an event once more, with a
//! mark on its trigger that says the type, and is asked which part somebody takes in it (as He et al. 2017 label
//! semantic roles). Sentences are read in batches, in whole numbers.

pub mod features;
pub mod layout;
mod section;

use super::roles::Aspirant;
use super::scene::Scene;
use crate::model::{Model, ModelError};
use crate::syntax::matrix::{Left, add_product, add_scaled, leaky_all, recur, tanh_all};
use crate::syntax::network::Part;
use crate::syntax::rounded::{Rounded, restore, round};
use layout::Layout;
use rustc_hash::FxHashMap;
pub use section::Section;

/// The section of the network that scores types.
pub const TYPES_SECTION: &str = "encoder";
/// The section of the network that scores parts in an event.
pub const ROLES_SECTION: &str = "role-encoder";
/// Tokens of a batch; a piece more may come on top.
const BATCH: usize = 192;
/// A longer sentence is read in pieces of this length, so that memory stays bounded.
pub const PIECE: usize = 160;

/// The network with frozen weights.
#[derive(Debug, Clone)]
pub struct Encoder {
    layout: Layout,
    weights: Vec<f32>,
    layers: Vec<Rounded>,
    middle: Rounded,
    rows: FxHashMap<u32, u32>,
    vectors: Vec<i8>,
    scales: Vec<f32>,
}

/// Tokens that are read together, and the candidates among them.
#[derive(Debug)]
pub struct Piece {
    /// First token.
    pub first: usize,
    /// First token behind.
    pub last: usize,
    /// Numbers of the candidates, and their tokens.
    pub candidates: Vec<(usize, usize)>,
    /// A token that has a further key.
    pub mark: Option<(usize, u32)>,
}

impl Piece {
    /// The place of a candidate's head: of the candidate itself if its head stands outside.
    pub fn head(&self, scene: &Scene<'_>, token: usize) -> usize {
        let head = scene.reading.analysis.head(token).filter(|h| (self.first..self.last).contains(h));
        head.unwrap_or(token) - self.first
    }

    /// The sentence of an event, or the piece of a long one, with a mark on its trigger.
    pub fn of_event(scene: &Scene<'_>, trigger: usize, kind: &str) -> Piece {
        let analysis = scene.reading.analysis;
        let sentence = analysis.sentences[analysis.tokens[trigger].sentence as usize].tokens();
        let first = trigger - (trigger - sentence.start) % PIECE;
        let last = sentence.end.min(first + PIECE);
        Piece { first, last, candidates: vec![(0, trigger)], mark: Some((trigger, features::mark(kind))) }
    }

    /// Asks which part somebody takes in the event at `trigger`; this is the piece of that number.
    pub fn question(
        &self,
        scene: &Scene<'_>,
        number: usize,
        trigger: usize,
        kind: &str,
        aspirant: &Aspirant,
    ) -> Question {
        let own = aspirant.standing.head().filter(|h| (self.first..self.last).contains(h)).map(|h| h - self.first);
        let keys = features::of_aspirant(scene, trigger, kind, aspirant);
        Question { piece: number, own, head: trigger - self.first, keys }
    }

    /// Puts the keys of a token of the piece into `keys`.
    pub fn keys(&self, scene: &Scene<'_>, token: usize, keys: &mut Vec<u32>) {
        features::of_token(scene, token, keys);
        keys.extend(self.mark.filter(|m| m.0 == token).map(|m| m.1));
    }
}

/// Cuts sentences into pieces; candidates (by token, in the order of the text) for which `wanted` says no are left out,
/// and so are pieces without any.
pub fn pieces(scene: &Scene<'_>, candidates: &[usize], wanted: impl Fn(usize) -> bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut next = 0;
    for sentence in &scene.reading.analysis.sentences {
        let tokens = sentence.tokens();
        for first in tokens.clone().step_by(PIECE) {
            let last = tokens.end.min(first + PIECE);
            let from = next;
            next += candidates[next..].iter().take_while(|t| **t < last).count();
            let here: Vec<(usize, usize)> = (from..next).filter(|c| wanted(*c)).map(|c| (c, candidates[c])).collect();
            if !here.is_empty() {
                out.push(Piece { first, last, candidates: here, mark: None });
            }
        }
    }
    out
}

/// What is asked about a piece.
#[derive(Debug)]
pub struct Question {
    /// Number of the piece among those that were read together.
    pub piece: usize,
    /// The place of the token that is asked about; none for somebody whom the sentence does not name.
    pub own: Option<usize>,
    /// The place of its head, or of the event's trigger.
    pub head: usize,
    /// Keys of what the question brings beside.
    pub keys: Vec<u32>,
}

/// Pieces as the network has read them: rounded states.
#[derive(Debug, Default)]
pub struct States {
    /// Of all tokens before the layers.
    first: Vec<u8>,
    /// And behind.
    top: Vec<u8>,
    /// Means of the pieces.
    means: Vec<u8>,
    /// First row of each piece.
    starts: Vec<usize>,
}

impl Encoder {
    /// Takes the section of this name out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model, name: &'static str) -> Result<Encoder, ModelError> {
        let s = Section::from_bytes(name, model.section(name)?)?;
        let layout = Layout::new(s.shape);
        let rounded = |p: Part| Rounded::new(&s.weights[p.range()], p.rows, p.columns);
        Ok(Encoder {
            layers: layout.layers.iter().map(|l| rounded(l[0])).collect(),
            middle: rounded(layout.middle[0]),
            rows: s.keys.iter().enumerate().map(|(i, k)| (*k, i as u32)).collect(),
            layout,
            weights: s.weights,
            vectors: s.vectors,
            scales: s.scales,
        })
    }

    /// How many classes it scores.
    pub fn classes(&self) -> usize {
        self.layout.shape.classes
    }

    /// Hands the scores of the classes of every candidate in the pieces to `take`, with the candidate's number.
    pub fn score(&self, scene: &Scene<'_>, pieces: &[Piece], mut take: impl FnMut(usize, &[f32])) {
        let mut from = 0;
        while from < pieces.len() {
            let mut rows = 0;
            let mut to = from;
            while to < pieces.len() && rows < BATCH {
                rows += pieces[to].last - pieces[to].first;
                to += 1;
            }
            let batch = &pieces[from..to];
            let states = self.read(scene, batch);
            let questions = batch.iter().enumerate().flat_map(|(i, piece)| {
                piece.candidates.iter().map(move |(_, token)| Question {
                    piece: i,
                    own: Some(token - piece.first),
                    head: piece.head(scene, *token),
                    keys: Vec::new(),
                })
            });
            let scores = self.answer(&states, questions);
            let numbers = batch.iter().flat_map(|p| p.candidates.iter().map(|c| c.0));
            numbers.zip(scores.chunks_exact(self.classes())).for_each(|(number, row)| take(number, row));
            from = to;
        }
    }

    fn part(&self, part: Part) -> &[f32] {
        &self.weights[part.range()]
    }

    /// Adds the vectors of the keys that the network knows.
    fn add_vectors(&self, keys: &[u32], sum: &mut [f32]) {
        let n = sum.len();
        for row in keys.iter().filter_map(|k| self.rows.get(k)) {
            add_scaled(sum, &self.vectors[*row as usize * n..][..n], self.scales[*row as usize]);
        }
    }

    /// Reads pieces together.
    pub fn read(&self, scene: &Scene<'_>, pieces: &[Piece]) -> States {
        let shape = self.layout.shape;
        let (n, wide) = (shape.embed, 2 * shape.hidden);
        let rows = pieces.iter().map(|p| p.last - p.first).sum();
        let mut embedded = vec![0.0; rows * n];
        let mut keys = Vec::new();
        let tokens = pieces.iter().flat_map(|p| (p.first..p.last).map(move |t| (p, t)));
        for ((piece, token), sum) in tokens.zip(embedded.chunks_exact_mut(n)) {
            piece.keys(scene, token, &mut keys);
            self.add_vectors(&keys, sum);
        }
        let [weights, bias] = self.layout.input;
        let mut below: Vec<f32> = self.part(bias).iter().copied().cycle().take(rows * wide).collect();
        add_product(rows, wide, n, Left::plain(&embedded, n), self.part(weights), &mut below);
        tanh_all(&mut below);
        let mut gates = Vec::new();
        let mut states = States::default();
        round(&below, &mut states.first);
        states.top.clone_from(&states.first);
        let mut above = vec![0.0; rows * wide];
        for ([_, bias, state], weights) in self.layout.layers.iter().zip(&self.layers) {
            restore(&states.top, &mut below);
            weights.multiply(rows, &states.top, self.part(*bias), &mut gates);
            let mut row = 0;
            for piece in pieces {
                let len = piece.last - piece.first;
                let (gates, x, out) = (
                    &gates[row * 6 * shape.hidden..][..len * 6 * shape.hidden],
                    &below[row * wide..][..len * wide],
                    &mut above[row * wide..][..len * wide],
                );
                recur(shape.hidden, gates, x, self.part(*state), out);
                row += len;
            }
            std::mem::swap(&mut below, &mut above);
            round(&below, &mut states.top);
        }
        let mut means = vec![0.0; pieces.len() * wide];
        let mut row = 0;
        for (piece, mean) in pieces.iter().zip(means.chunks_exact_mut(wide)) {
            let len = piece.last - piece.first;
            for state in below[row * wide..][..len * wide].chunks_exact(wide) {
                mean.iter_mut().zip(state).for_each(|(m, x)| *m += x / len as f32);
            }
            states.starts.push(row);
            row += len;
        }
        round(&means, &mut states.means);
        states
    }

    /// The scores of the classes, row by row, for questions about pieces that were read.
    pub fn answer(&self, states: &States, questions: impl Iterator<Item = Question>) -> Vec<f32> {
        let shape = self.layout.shape;
        let wide = 2 * shape.hidden;
        let (mut nobody, mut own_rounded) = (Vec::new(), Vec::new());
        round(&vec![0.0; wide], &mut nobody);
        let mut own = vec![0.0; shape.own];
        let mut seen = Vec::new();
        for question in questions {
            let start = states.starts[question.piece];
            let at = |place: usize| (start + place) * wide;
            let own_at = question.own.map(at);
            seen.extend_from_slice(own_at.map_or(&nobody, |i| &states.top[i..i + wide]));
            seen.extend_from_slice(&states.top[at(question.head)..][..wide]);
            seen.extend_from_slice(&states.means[question.piece * wide..][..wide]);
            seen.extend_from_slice(own_at.map_or(&nobody, |i| &states.first[i..i + wide]));
            if shape.own > 0 {
                own.fill(0.0);
                self.add_vectors(&question.keys, &mut own);
                tanh_all(&mut own);
                round(&own, &mut own_rounded);
                seen.extend_from_slice(&own_rounded);
            }
        }
        let count = seen.len() / shape.seen();
        let mut middle = Vec::new();
        self.middle.multiply(count, &seen, self.part(self.layout.middle[1]), &mut middle);
        leaky_all(&mut middle);
        let [weights, bias] = self.layout.output;
        let mut scores: Vec<f32> = self.part(bias).iter().copied().cycle().take(count * weights.columns).collect();
        let left = Left::plain(&middle, shape.middle);
        add_product(count, weights.columns, shape.middle, left, self.part(weights), &mut scores);
        scores.chunks_exact(weights.columns).flat_map(|row| &row[..shape.classes]).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventLayer;
    use crate::{Engine, Input, Layers};
    use std::collections::BTreeMap;

    /// Hands the encoder in the model and the text's scene to `look`, with the tokens as candidates.
    fn scene<T>(text: &str, look: impl FnOnce(&Encoder, &Scene<'_>, &[usize]) -> T) -> T {
        let engine = Engine::german().expect("the engine");
        let input = Input::new(text).layers(Layers::ALL);
        let read = engine.worker().inspect(input, |layer: &EventLayer, reading, knowledge, actors, _, statements| {
            let scene = Scene::new(reading, knowledge, actors, statements, layer.frames());
            let tokens: Vec<usize> = (0..reading.len()).collect();
            look(&layer.judge.as_ref().expect("a judge").encoder, &scene, &tokens)
        });
        read.expect("a document")
    }

    fn scores(encoder: &Encoder, scene: &Scene<'_>, pieces: &[Piece]) -> BTreeMap<usize, Vec<f32>> {
        let mut out = BTreeMap::new();
        encoder.score(scene, pieces, |candidate, scores| assert!(out.insert(candidate, scores.to_vec()).is_none()));
        out
    }

    #[test]
    fn scores_do_not_depend_on_what_is_read_beside() {
        let text = "Die Regierung wies zwei Diplomaten aus. Tausende demonstrierten gegen die Reform. ".repeat(20);
        scene(&text, |encoder, scene, tokens| {
            let together = scores(encoder, scene, &pieces(scene, tokens, |_| true));
            assert_eq!(together.len(), tokens.len());
            for (i, alone) in tokens.iter().map(|i| (*i, scores(encoder, scene, &pieces(scene, tokens, |c| c == *i)))) {
                assert_eq!(alone.get(&i), together.get(&i), "{i}");
                assert_eq!(alone.len(), 1);
            }
        });
    }

    #[test]
    fn a_long_sentence_is_read_in_pieces() {
        let text = format!("{}.", "Der Minister kritisierte die Regierung und ".repeat(200));
        scene(&text, |encoder, scene, tokens| {
            let pieces = pieces(scene, tokens, |_| true);
            assert!(pieces.len() > 1 && pieces.iter().all(|p| p.last - p.first <= PIECE));
            assert_eq!(scores(encoder, scene, &pieces).len(), tokens.len());
        });
    }

    #[test]
    fn a_judge_without_its_encoder_is_refused() {
        let mut model = Model::from_bytes(include_bytes!("../../../model/de.model")).expect("the model in the program");
        let whole = model.clone();
        for section in [TYPES_SECTION, ROLES_SECTION] {
            model = whole.clone();
            model.remove(section);
            assert!(Engine::builder().model(model.clone()).build().is_err());
        }
        model.remove(crate::events::linear::SECTION);
        assert!(Engine::builder().model(model).build().is_ok());
    }
}
