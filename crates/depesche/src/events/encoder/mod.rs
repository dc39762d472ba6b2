//! The encoder: a sentence with what is known of its tokens in; for each candidate a score of every event type out.
//!
//! The linear classifiers see a candidate through features that somebody thought of; the encoder reads the whole
//! sentence with layers of bidirectional simple recurrent units (Lei et al. 2018) over learned vectors of lemmas,
//! senses and frames. Each errs where the other does not, so the judge adds up their scores. Only sentences with a
//! candidate that the linear classifier finds at all likely are read, in batches, in whole numbers.

pub mod features;
pub mod layout;
mod section;

use super::scene::Scene;
use crate::model::{Model, ModelError};
use crate::syntax::matrix::{Left, add_product, add_scaled, leaky_all, recur, tanh_all};
use crate::syntax::rounded::{Rounded, restore, round};
use layout::{CLASSES, Layout, PLACES};
use rustc_hash::FxHashMap;
pub use section::{SECTION, Section};

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
}

impl Piece {
    /// The place of a candidate's head: of the candidate itself if its head stands outside.
    pub fn head(&self, scene: &Scene<'_>, token: usize) -> usize {
        let head = scene.reading.analysis.head(token).filter(|h| (self.first..self.last).contains(h));
        head.unwrap_or(token) - self.first
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
                out.push(Piece { first, last, candidates: here });
            }
        }
    }
    out
}

impl Encoder {
    /// Takes its section out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model) -> Result<Encoder, ModelError> {
        let s = Section::from_bytes(model.section(SECTION)?)?;
        let layout = Layout::new(s.shape);
        let rounded = |p: crate::syntax::network::Part| Rounded::new(&s.weights[p.range()], p.rows, p.columns);
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

    /// Hands the scores of the classes (no event, then the types) of every candidate in the pieces to `take`, with the
    /// candidate's number.
    pub fn score(&self, scene: &Scene<'_>, pieces: &[Piece], mut take: impl FnMut(usize, &[f32])) {
        let mut from = 0;
        while from < pieces.len() {
            let mut rows = 0;
            let mut to = from;
            while to < pieces.len() && rows < BATCH {
                rows += pieces[to].last - pieces[to].first;
                to += 1;
            }
            self.score_batch(scene, &pieces[from..to], rows, &mut take);
            from = to;
        }
    }

    fn part(&self, part: crate::syntax::network::Part) -> &[f32] {
        &self.weights[part.range()]
    }

    fn score_batch(&self, scene: &Scene<'_>, pieces: &[Piece], rows: usize, take: &mut impl FnMut(usize, &[f32])) {
        let shape = self.layout.shape;
        let (n, wide) = (shape.embed, 2 * shape.hidden);
        let mut embedded = vec![0.0; rows * n];
        let mut keys = Vec::new();
        let tokens = pieces.iter().flat_map(|p| p.first..p.last);
        for (token, sum) in tokens.zip(embedded.chunks_exact_mut(n)) {
            features::of_token(scene, token, &mut keys);
            for row in keys.iter().filter_map(|k| self.rows.get(k)) {
                add_scaled(sum, &self.vectors[*row as usize * n..][..n], self.scales[*row as usize]);
            }
        }
        let [weights, bias] = self.layout.input;
        let mut below: Vec<f32> = self.part(bias).iter().copied().cycle().take(rows * wide).collect();
        add_product(rows, wide, n, Left::plain(&embedded, n), self.part(weights), &mut below);
        tanh_all(&mut below);
        let (mut rounded, mut gates) = (Vec::new(), Vec::new());
        round(&below, &mut rounded);
        let first = rounded.clone();
        let mut above = vec![0.0; rows * wide];
        for ([_, bias, state], weights) in self.layout.layers.iter().zip(&self.layers) {
            restore(&rounded, &mut below);
            weights.multiply(rows, &rounded, self.part(*bias), &mut gates);
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
            round(&below, &mut rounded);
        }

        // What a candidate is judged by: itself, its head, the mean of the sentence, and itself before the layers.
        let mut seen = Vec::new();
        let mut mean = vec![0.0; wide];
        let mut mean_rounded = Vec::new();
        let mut row = 0;
        for piece in pieces {
            let len = piece.last - piece.first;
            mean.fill(0.0);
            for state in below[row * wide..][..len * wide].chunks_exact(wide) {
                mean.iter_mut().zip(state).for_each(|(m, x)| *m += x / len as f32);
            }
            round(&mean, &mut mean_rounded);
            for (_, token) in &piece.candidates {
                let own = (row + token - piece.first) * wide;
                let head = (row + piece.head(scene, *token)) * wide;
                seen.extend_from_slice(&rounded[own..own + wide]);
                seen.extend_from_slice(&rounded[head..head + wide]);
                seen.extend_from_slice(&mean_rounded);
                seen.extend_from_slice(&first[own..own + wide]);
            }
            row += len;
        }
        let count = seen.len() / (PLACES * wide);
        let mut middle = Vec::new();
        self.middle.multiply(count, &seen, self.part(self.layout.middle[1]), &mut middle);
        leaky_all(&mut middle);
        let [weights, bias] = self.layout.output;
        let mut scores: Vec<f32> = self.part(bias).iter().copied().cycle().take(count * weights.columns).collect();
        let left = Left::plain(&middle, shape.middle);
        add_product(count, weights.columns, shape.middle, left, self.part(weights), &mut scores);
        let numbers = pieces.iter().flat_map(|p| p.candidates.iter().map(|c| c.0));
        for (number, row) in numbers.zip(scores.chunks_exact(weights.columns)) {
            take(number, &row[..CLASSES]);
        }
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
        model.remove(SECTION);
        assert!(Engine::builder().model(model.clone()).build().is_err());
        model.remove(crate::events::linear::SECTION);
        assert!(Engine::builder().model(model).build().is_ok());
    }
}
