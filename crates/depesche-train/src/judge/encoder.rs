//! Trains the encoder of the event layer (`depesche::events::encoder`): pieces of sentences with labelled candidates in,
//! the network's weights out. The gradients are written out by hand.

use crate::neural::adam::{self, Adam};
use crate::neural::net::{Right, Span, add_columns, bias_rows, cross_entropy, sentence_mask, times};
use crate::neural::random::Random;
use crate::neural::recurrent::Recurrent;
use depesche::events::encoder::layout::{CLASSES, Layout, PLACES, Shape};
use depesche::events::encoder::{Piece, Section, features};
use depesche::events::scene::Scene;
use depesche::syntax::matrix::{LEAK, Left, add_product, leaky, tanh, transpose};
use rustc_hash::FxHashMap;

const SHAPE: Shape = Shape { embed: 32, hidden: 64, layers: 2, middle: 96 };
/// How often a feature must occur.
const LEAST: u32 = 12;
const SEED: u64 = 7;
const EPOCHS: usize = 7;
const RATE: f32 = 2.5e-3;
/// Tokens of a batch.
const BATCH: usize = 1000;
/// Chance of hiding a token's lemma.
const HIDE_LEMMA: f32 = 0.1;
/// Chance of hiding a unit: of a recurrent layer's input (for a whole sentence), and of the units between.
const DROP_LAYER: f32 = 0.3;
const DROP_MIDDLE: f32 = 0.4;

/// A labelled candidate of a lesson.
#[derive(Debug, Clone, Copy)]
pub struct Labelled {
    /// Its place in the piece.
    pub place: usize,
    /// Its head's place.
    pub head: usize,
    /// The right class.
    pub label: usize,
    /// Its number among all examples.
    pub example: usize,
}

/// A piece of a sentence to learn from.
#[derive(Debug, Default)]
pub struct Lesson {
    /// The document that it is from.
    pub document: usize,
    /// Whether the document was written for the training.
    pub written: bool,
    /// Keys of all tokens.
    keys: Vec<u32>,
    /// Where each token's keys end.
    ends: Vec<usize>,
    /// Candidates.
    pub candidates: Vec<Labelled>,
}

impl Lesson {
    /// What a piece of a scene teaches; `labels` are those of all candidates of the document, whose examples begin at
    /// `offset`.
    pub fn new(
        scene: &Scene<'_>,
        piece: &Piece,
        document: usize,
        written: bool,
        labels: &[usize],
        offset: usize,
    ) -> Lesson {
        let mut lesson = Lesson { document, written, ..Lesson::default() };
        let mut keys = Vec::new();
        for token in piece.first..piece.last {
            features::of_token(scene, token, &mut keys);
            lesson.keys.extend_from_slice(&keys);
            lesson.ends.push(lesson.keys.len());
        }
        let labelled = piece.candidates.iter().map(|(number, token)| Labelled {
            place: token - piece.first,
            head: piece.head(scene, *token),
            label: labels[*number],
            example: offset + number,
        });
        lesson.candidates = labelled.collect();
        lesson
    }

    fn tokens(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(from, to)| &self.keys[*from..*to])
    }
}

/// A network in training, or trained.
pub struct Network {
    layout: Layout,
    p: Vec<f32>,
    keys: Vec<u32>,
    rows: FxHashMap<u32, u32>,
    /// Feature vectors, then the one that all tokens of written articles get.
    table: Vec<f32>,
}

/// What the backward pass needs of the forward pass.
struct Pass {
    spans: Vec<Span>,
    /// Row, weight and token of every feature that was seen.
    used: Vec<(u32, f32, usize)>,
    embedded: Vec<f32>,
    first: Vec<f32>,
    layers: Vec<Recurrent>,
    top: Vec<f32>,
    /// States that the candidates are judged by.
    seen: Vec<f32>,
    middle: Vec<f32>,
    middle_mask: Vec<f32>,
    scores: Vec<f32>,
}

impl Network {
    /// Trains a network on the lessons.
    pub fn train(lessons: &[&Lesson]) -> Network {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        lessons.iter().flat_map(|l| &l.keys).for_each(|k| *counts.entry(*k).or_default() += 1);
        let mut keys: Vec<u32> = counts.into_iter().filter(|(_, n)| *n >= LEAST).map(|(k, _)| k).collect();
        keys.sort_unstable();
        let layout = Layout::new(SHAPE);
        let mut random = Random::new(SEED);
        let mut p = vec![0.0; layout.len];
        let mut matrices = vec![layout.input[0], layout.middle[0], layout.output[0]];
        matrices.extend(layout.layers.iter().map(|l| l[0]));
        for m in matrices {
            let scale = (3.0 / m.rows as f32).sqrt();
            p[m.range()].iter_mut().for_each(|x| *x = random.signed() * scale);
        }
        let mut table: Vec<f32> = (0..keys.len() * SHAPE.embed).map(|_| random.signed() * 0.1).collect();
        table.resize((keys.len() + 1) * SHAPE.embed, 0.0);
        let rows = keys.iter().enumerate().map(|(i, k)| (*k, i as u32)).collect();
        let mut network = Network { layout, p, keys, rows, table };
        let (mut adam, mut table_adam) = (Adam::new(network.p.len()), Adam::new(network.table.len()));
        let tokens: usize = lessons.iter().map(|l| l.ends.len()).sum();
        let total = EPOCHS * tokens / BATCH;
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let mut gradient = vec![0.0; network.layout.len];
        let mut steps = 0;
        for _ in 0..EPOCHS {
            random.shuffle(&mut order);
            let mut at = 0;
            while at < order.len() {
                let mut batch = Vec::new();
                let mut n = 0;
                while at < order.len() && n < BATCH {
                    batch.push(lessons[order[at]]);
                    n += lessons[order[at]].ends.len();
                    at += 1;
                }
                let mut pass = network.forward(&batch, Some(&mut random));
                gradient.fill(0.0);
                let d_embedded = network.backward(&batch, &mut pass, &mut gradient);
                steps += 1;
                let rate = adam::rate(RATE, steps, total);
                let scale = 1.0 / batch.iter().map(|l| l.candidates.len()).sum::<usize>() as f32;
                let norm = gradient.iter().map(|g| g * g).sum::<f32>().sqrt() * scale;
                let scale = if norm > 1.0 { scale / norm } else { scale };
                adam.step(0, &mut network.p, &gradient, rate, scale);
                table_adam.step_rows(&mut network.table, SHAPE.embed, &mut pass.used, &d_embedded, rate, scale);
            }
        }
        network
    }

    /// Scores of the classes for every candidate of the lessons, in their order.
    pub fn predict(&self, lessons: &[&Lesson]) -> Vec<Vec<f32>> {
        let columns = self.layout.output[0].columns;
        let batches = lessons.chunks(32).map(|batch| self.forward(batch, None).scores);
        batches.flat_map(|s| s.chunks_exact(columns).map(|row| row[..CLASSES].to_vec()).collect::<Vec<_>>()).collect()
    }

    /// The section of the model.
    pub fn section(&self) -> Vec<u8> {
        Section::to_bytes(SHAPE, &self.p, &self.keys, &self.table[..self.keys.len() * SHAPE.embed])
    }

    fn forward(&self, lessons: &[&Lesson], mut random: Option<&mut Random>) -> Pass {
        let (n, h, wide) = (SHAPE.embed, SHAPE.hidden, 2 * SHAPE.hidden);
        let (mut spans, mut used, mut rows) = (Vec::new(), Vec::new(), 0);
        for lesson in lessons {
            spans.push(Span { at: rows, len: lesson.ends.len() });
            for keys in lesson.tokens() {
                // The first key is the lemma's.
                let hide = random.as_mut().is_some_and(|r| r.unit() < HIDE_LEMMA);
                let keys = keys.iter().skip(usize::from(hide));
                used.extend(keys.filter_map(|k| self.rows.get(k)).map(|row| (*row, 1.0, rows)));
                if lesson.written {
                    used.push((self.keys.len() as u32, 1.0, rows));
                }
                rows += 1;
            }
        }
        let mut embedded = vec![0.0; rows * n];
        for (row, weight, at) in &used {
            let v = &self.table[*row as usize * n..][..n];
            embedded[at * n..][..n].iter_mut().zip(v).for_each(|(e, x)| *e += weight * x);
        }
        let part = |p: depesche::syntax::network::Part| &self.p[p.range()];
        let mut first = bias_rows(part(self.layout.input[1]), rows);
        add_product(rows, wide, n, Left::plain(&embedded, n), part(self.layout.input[0]), &mut first);
        first.iter_mut().for_each(|x| *x = tanh(*x));
        let mut layers = Vec::new();
        let mut top = first.clone();
        for parts in &self.layout.layers {
            let mask = match &mut random {
                Some(random) => sentence_mask(&spans, rows, wide, DROP_LAYER, random),
                None => vec![1.0; rows * wide],
            };
            let (layer, out) = Recurrent::forward(h, &self.p, parts, &spans, &top, mask);
            layers.push(layer);
            top = out;
        }
        let mut seen = Vec::new();
        for (lesson, span) in lessons.iter().zip(&spans) {
            let mut mean = vec![0.0; wide];
            for state in top[span.at * wide..][..span.len * wide].chunks_exact(wide) {
                mean.iter_mut().zip(state).for_each(|(m, x)| *m += x / span.len as f32);
            }
            for c in &lesson.candidates {
                let (own, head) = ((span.at + c.place) * wide, (span.at + c.head) * wide);
                seen.extend_from_slice(&top[own..own + wide]);
                seen.extend_from_slice(&top[head..head + wide]);
                seen.extend_from_slice(&mean);
                seen.extend_from_slice(&first[own..own + wide]);
            }
        }
        let count = seen.len() / (PLACES * wide);
        let mut middle = bias_rows(part(self.layout.middle[1]), count);
        let left = Left::plain(&seen, PLACES * wide);
        add_product(count, SHAPE.middle, PLACES * wide, left, part(self.layout.middle[0]), &mut middle);
        middle.iter_mut().for_each(|x| *x = leaky(*x));
        let mut middle_mask = vec![1.0; middle.len()];
        if let Some(random) = random {
            let kept = 1.0 / (1.0 - DROP_MIDDLE);
            middle_mask.iter_mut().for_each(|m| *m = if random.unit() < DROP_MIDDLE { 0.0 } else { kept });
            middle = times(&middle, &middle_mask);
        }
        let [weights, bias] = self.layout.output;
        let mut scores = bias_rows(part(bias), count);
        add_product(
            count,
            weights.columns,
            SHAPE.middle,
            Left::plain(&middle, SHAPE.middle),
            part(weights),
            &mut scores,
        );
        Pass { spans, used, embedded, first, layers, top, seen, middle, middle_mask, scores }
    }

    /// Adds the gradient of all weights to `g`; gives that of the sums of feature vectors.
    fn backward(&self, lessons: &[&Lesson], pass: &mut Pass, g: &mut [f32]) -> Vec<f32> {
        let (n, h, wide) = (SHAPE.embed, SHAPE.hidden, 2 * SHAPE.hidden);
        let (m, all) = (SHAPE.middle, PLACES * wide);
        let [weights, bias] = self.layout.output;
        let columns = weights.columns;
        let mut d_scores = std::mem::take(&mut pass.scores);
        let labels = lessons.iter().flat_map(|l| l.candidates.iter().map(|c| c.label));
        for (row, label) in d_scores.chunks_exact_mut(columns).zip(labels) {
            let (d, padding) = row.split_at_mut(CLASSES);
            cross_entropy(d, Right::One(label), 1.0);
            padding.fill(0.0);
        }
        let count = d_scores.len() / columns;
        add_product(m, columns, count, Left::transposed(&pass.middle, m), &d_scores, &mut g[weights.range()]);
        add_columns(&d_scores, &mut g[bias.range()]);
        let mut d_middle = vec![0.0; count * m];
        let back = transpose(&self.p[weights.range()], m, columns);
        add_product(count, m, columns, Left::plain(&d_scores, columns), &back, &mut d_middle);
        for ((d, x), mask) in d_middle.iter_mut().zip(&pass.middle).zip(&pass.middle_mask) {
            *d *= if *x > 0.0 { *mask } else { LEAK * *mask };
        }
        let [weights, bias] = self.layout.middle;
        add_product(all, m, count, Left::transposed(&pass.seen, all), &d_middle, &mut g[weights.range()]);
        add_columns(&d_middle, &mut g[bias.range()]);
        let mut d_seen = vec![0.0; count * all];
        let back = transpose(&self.p[weights.range()], all, m);
        add_product(count, all, m, Left::plain(&d_middle, m), &back, &mut d_seen);

        let mut d_top = vec![0.0; pass.top.len()];
        let mut d_first = vec![0.0; pass.first.len()];
        let mut rows = d_seen.chunks_exact(all);
        for (lesson, span) in lessons.iter().zip(&pass.spans) {
            let mut d_mean = vec![0.0; wide];
            for (c, d) in lesson.candidates.iter().zip(&mut rows) {
                let add = |to: &mut [f32], d: &[f32]| to.iter_mut().zip(d).for_each(|(t, x)| *t += x);
                let (own, head) = ((span.at + c.place) * wide, (span.at + c.head) * wide);
                add(&mut d_top[own..own + wide], &d[..wide]);
                add(&mut d_top[head..head + wide], &d[wide..2 * wide]);
                add(&mut d_mean, &d[2 * wide..3 * wide]);
                add(&mut d_first[own..own + wide], &d[3 * wide..]);
            }
            for state in d_top[span.at * wide..][..span.len * wide].chunks_exact_mut(wide) {
                state.iter_mut().zip(&d_mean).for_each(|(d, m)| *d += m / span.len as f32);
            }
        }
        for (layer, parts) in pass.layers.iter().zip(&self.layout.layers).rev() {
            d_top = layer.backward(h, &self.p, parts, &pass.spans, &d_top, g);
        }
        d_first.iter_mut().zip(&d_top).for_each(|(d, x)| *d += x);
        d_first.iter_mut().zip(&pass.first).for_each(|(d, y)| *d *= 1.0 - y * y);
        let [weights, bias] = self.layout.input;
        let tokens = pass.embedded.len() / n;
        add_product(n, wide, tokens, Left::transposed(&pass.embedded, n), &d_first, &mut g[weights.range()]);
        add_columns(&d_first, &mut g[bias.range()]);
        let mut d_embedded = vec![0.0; pass.embedded.len()];
        let back = transpose(&self.p[weights.range()], n, wide);
        add_product(tokens, n, wide, Left::plain(&d_first, wide), &back, &mut d_embedded);
        d_embedded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(words: &[u32], candidates: &[(usize, usize, usize)], written: bool) -> Lesson {
        let labelled = |&(place, head, label): &(usize, usize, usize)| Labelled { place, head, label, example: 0 };
        Lesson {
            document: 0,
            written,
            keys: words.iter().flat_map(|w| [*w, 100 + w % 3]).collect(),
            ends: (1..=words.len()).map(|i| 2 * i).collect(),
            candidates: candidates.iter().map(labelled).collect(),
        }
    }

    fn loss(network: &Network, lessons: &[&Lesson]) -> f64 {
        let labels = lessons.iter().flat_map(|l| l.candidates.iter().map(|c| c.label));
        let losses = network.predict(lessons).into_iter().zip(labels).map(|(scores, label)| {
            let sum: f64 = scores.iter().map(|x| f64::from(*x).exp()).sum();
            sum.ln() - f64::from(scores[label])
        });
        losses.sum()
    }

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let a = lesson(&[1, 2, 3, 4, 1], &[(1, 0, 3), (4, 4, 0)], false);
        let b = lesson(&[4, 3, 2], &[(0, 2, 7)], true);
        let both = [&a, &b];
        let mut network = Network::train(&both.repeat(4));
        let mut pass = network.forward(&both, None);
        let mut g = vec![0.0; network.layout.len];
        network.backward(&both, &mut pass, &mut g);
        for i in (0..g.len()).step_by(g.len() / 97) {
            const STEP: f32 = 1e-2;
            let kept = network.p[i];
            network.p[i] = kept + STEP;
            let above = loss(&network, &both);
            network.p[i] = kept - STEP;
            let below = loss(&network, &both);
            network.p[i] = kept;
            let want = (above - below) / f64::from(2.0 * STEP);
            assert!((want - f64::from(g[i])).abs() < 1e-4 + 0.02 * want.abs(), "{i}: {want} but {}", g[i]);
        }
    }

    #[test]
    fn training_learns_and_gives_the_same_each_time() {
        let a = lesson(&[1, 2, 3, 4, 1], &[(1, 0, 3), (4, 4, 0)], false);
        let lessons: Vec<&Lesson> = std::iter::repeat_n(&a, 4000).collect();
        let network = Network::train(&lessons);
        let scores = network.predict(&[&a]);
        assert!(scores[0].iter().all(|s| *s <= scores[0][3]) && scores[1].iter().all(|s| *s <= scores[1][0]));
        assert_eq!(network.section(), Network::train(&lessons).section());
    }
}
