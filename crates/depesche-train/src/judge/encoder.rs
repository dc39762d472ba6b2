//! Trains the encoders of the event layer (`depesche::events::encoder`): pieces of sentences with questions and their
//! right answers in, the network's weights out. The gradients are written out by hand.

use super::Source;
use crate::neural::adam::{self, Adam};
use crate::neural::net::{Right, Span, add_columns, bias_rows, cross_entropy, sentence_mask, times};
use crate::neural::random::Random;
use crate::neural::recurrent::Recurrent;
use depesche::events::encoder::layout::{Layout, PLACES, Shape};
use depesche::events::encoder::{Piece, Question, Section};
use depesche::events::plover::TYPES;
use depesche::events::scene::Scene;
use depesche::syntax::matrix::{LEAK, Left, add_product, leaky, tanh, transpose};
use rustc_hash::FxHashMap;

/// Sizes of the encoder that is asked for types.
pub const OF_TYPES: Shape = Shape { embed: 32, hidden: 64, layers: 2, middle: 96, own: 0, classes: TYPES.len() + 1 };
/// Sizes of the encoder that is asked for parts in an event.
pub const OF_ROLES: Shape = Shape { own: 32, classes: 3, ..OF_TYPES };
/// How often a feature must occur.
const LEAST: u32 = 24;
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

/// A question of a lesson with its answer.
#[derive(Debug)]
pub struct Labelled {
    /// What is asked; the number of the piece says nothing here.
    pub question: Question,
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
    /// The document with which it is left out in cross-validation.
    pub group: usize,
    /// Whether the document was written for the training.
    pub written: bool,
    /// Keys of all tokens.
    keys: Vec<u32>,
    /// Where each token's keys end.
    ends: Vec<usize>,
    /// Questions.
    pub asked: Vec<Labelled>,
}

impl Lesson {
    /// What a piece of a scene teaches when these questions are asked about it.
    pub fn new(scene: &Scene<'_>, piece: &Piece, source: Source, asked: Vec<Labelled>) -> Lesson {
        let Source { document, group, written } = source;
        let mut lesson = Lesson { document, group, written, asked, ..Lesson::default() };
        let mut keys = Vec::new();
        for token in piece.first..piece.last {
            piece.keys(scene, token, &mut keys);
            lesson.keys.extend_from_slice(&keys);
            lesson.ends.push(lesson.keys.len());
        }
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
    /// What the questions are answered by.
    seen: Vec<f32>,
    middle: Vec<f32>,
    middle_mask: Vec<f32>,
    scores: Vec<f32>,
}

impl Network {
    /// Trains a network of this shape on the lessons.
    pub fn train(shape: Shape, lessons: &[&Lesson]) -> Network {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        let asked = lessons.iter().flat_map(|l| l.asked.iter().flat_map(|a| &a.question.keys));
        lessons.iter().flat_map(|l| &l.keys).chain(asked).for_each(|k| *counts.entry(*k).or_default() += 1);
        let mut keys: Vec<u32> = counts.into_iter().filter(|(_, n)| *n >= LEAST).map(|(k, _)| k).collect();
        keys.sort_unstable();
        let layout = Layout::new(shape);
        let mut random = Random::new(SEED);
        let mut p = vec![0.0; layout.len];
        let mut matrices = vec![layout.input[0], layout.middle[0], layout.output[0]];
        matrices.extend(layout.layers.iter().map(|l| l[0]));
        for m in matrices {
            let scale = (3.0 / m.rows as f32).sqrt();
            p[m.range()].iter_mut().for_each(|x| *x = random.signed() * scale);
        }
        let mut table: Vec<f32> = (0..keys.len() * shape.embed).map(|_| random.signed() * 0.1).collect();
        table.resize((keys.len() + 1) * shape.embed, 0.0);
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
                let scale = 1.0 / batch.iter().map(|l| l.asked.len()).sum::<usize>().max(1) as f32;
                let norm = gradient.iter().map(|g| g * g).sum::<f32>().sqrt() * scale;
                let scale = if norm > 1.0 { scale / norm } else { scale };
                adam.step(0, &mut network.p, &gradient, rate, scale);
                table_adam.step_rows(&mut network.table, shape.embed, &mut pass.used, &d_embedded, rate, scale);
            }
        }
        network
    }

    /// Scores of the classes for every question of the lessons, in their order.
    pub fn predict(&self, lessons: &[&Lesson]) -> Vec<Vec<f32>> {
        let (columns, classes) = (self.layout.output[0].columns, self.layout.shape.classes);
        let batches = lessons.chunks(32).map(|batch| self.forward(batch, None).scores);
        batches.flat_map(|s| s.chunks_exact(columns).map(|row| row[..classes].to_vec()).collect::<Vec<_>>()).collect()
    }

    /// The section of the model.
    pub fn section(&self) -> Vec<u8> {
        let shape = self.layout.shape;
        Section::to_bytes(shape, &self.p, &self.keys, &self.table[..self.keys.len() * shape.embed])
    }

    fn forward(&self, lessons: &[&Lesson], mut random: Option<&mut Random>) -> Pass {
        let shape = self.layout.shape;
        let (n, h, wide) = (shape.embed, shape.hidden, 2 * shape.hidden);
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
        // What the questions bring stands behind the tokens.
        let questions = || lessons.iter().flat_map(|l| &l.asked);
        let count = questions().count();
        if shape.own > 0 {
            for (i, a) in questions().enumerate() {
                let known = a.question.keys.iter().filter_map(|k| self.rows.get(k));
                used.extend(known.map(|row| (*row, 1.0, rows + i)));
            }
        }
        let mut embedded = vec![0.0; rows * n + count * shape.own];
        for (row, weight, at) in &used {
            let v = &self.table[*row as usize * n..][..n];
            embedded[at * n..][..n].iter_mut().zip(v).for_each(|(e, x)| *e += weight * x);
        }
        let part = |p: depesche::syntax::network::Part| &self.p[p.range()];
        let mut first = bias_rows(part(self.layout.input[1]), rows);
        add_product(rows, wide, n, Left::plain(&embedded[..rows * n], n), part(self.layout.input[0]), &mut first);
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
        let mut own = embedded[rows * n..].chunks_exact(shape.own.max(1));
        let nobody = vec![0.0; wide];
        for (lesson, span) in lessons.iter().zip(&spans) {
            let mut mean = vec![0.0; wide];
            for state in top[span.at * wide..][..span.len * wide].chunks_exact(wide) {
                mean.iter_mut().zip(state).for_each(|(m, x)| *m += x / span.len as f32);
            }
            for a in &lesson.asked {
                let at = |place: usize| (span.at + place) * wide;
                let own_at = a.question.own.map(at);
                seen.extend_from_slice(own_at.map_or(&nobody, |i| &top[i..i + wide]));
                seen.extend_from_slice(&top[at(a.question.head)..][..wide]);
                seen.extend_from_slice(&mean);
                seen.extend_from_slice(own_at.map_or(&nobody, |i| &first[i..i + wide]));
                seen.extend(own.next().into_iter().flatten().map(|x| tanh(*x)));
            }
        }
        let mut middle = bias_rows(part(self.layout.middle[1]), count);
        let left = Left::plain(&seen, shape.seen());
        add_product(count, shape.middle, shape.seen(), left, part(self.layout.middle[0]), &mut middle);
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
            shape.middle,
            Left::plain(&middle, shape.middle),
            part(weights),
            &mut scores,
        );
        Pass { spans, used, embedded, first, layers, top, seen, middle, middle_mask, scores }
    }

    /// Adds the gradient of all weights to `g`; gives that of the sums of feature vectors.
    fn backward(&self, lessons: &[&Lesson], pass: &mut Pass, g: &mut [f32]) -> Vec<f32> {
        let shape = self.layout.shape;
        let (n, h, wide) = (shape.embed, shape.hidden, 2 * shape.hidden);
        let (m, all) = (shape.middle, shape.seen());
        let [weights, bias] = self.layout.output;
        let columns = weights.columns;
        let mut d_scores = std::mem::take(&mut pass.scores);
        let labels = lessons.iter().flat_map(|l| l.asked.iter().map(|a| a.label));
        for (row, label) in d_scores.chunks_exact_mut(columns).zip(labels) {
            let (d, padding) = row.split_at_mut(shape.classes);
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
        let tokens = pass.first.len() / wide;
        let mut d_embedded = vec![0.0; pass.embedded.len()];
        let mut d_own = d_embedded[tokens * n..].chunks_exact_mut(shape.own.max(1));
        let mut rows = d_seen.chunks_exact(all).zip(pass.seen.chunks_exact(all));
        for (lesson, span) in lessons.iter().zip(&pass.spans) {
            let mut d_mean = vec![0.0; wide];
            for (a, (d, seen)) in lesson.asked.iter().zip(&mut rows) {
                let add = |to: &mut [f32], d: &[f32]| to.iter_mut().zip(d).for_each(|(t, x)| *t += x);
                let at = |place: usize| (span.at + place) * wide;
                if let Some(own) = a.question.own.map(at) {
                    add(&mut d_top[own..own + wide], &d[..wide]);
                    add(&mut d_first[own..own + wide], &d[3 * wide..4 * wide]);
                }
                add(&mut d_top[at(a.question.head)..][..wide], &d[wide..2 * wide]);
                add(&mut d_mean, &d[2 * wide..3 * wide]);
                let brought = d[PLACES * wide..].iter().zip(&seen[PLACES * wide..]);
                let to = d_own.next().into_iter().flatten();
                to.zip(brought).for_each(|(to, (d, y))| *to = d * (1.0 - y * y));
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
        let embedded = &pass.embedded[..tokens * n];
        add_product(n, wide, tokens, Left::transposed(embedded, n), &d_first, &mut g[weights.range()]);
        add_columns(&d_first, &mut g[bias.range()]);
        let back = transpose(&self.p[weights.range()], n, wide);
        add_product(tokens, n, wide, Left::plain(&d_first, wide), &back, &mut d_embedded[..tokens * n]);
        d_embedded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lesson over words, with questions: own place, head's place, answer.
    fn lesson(words: &[u32], asked: &[(Option<usize>, usize, usize)], written: bool) -> Lesson {
        let labelled = |&(own, head, label): &(Option<usize>, usize, usize)| Labelled {
            question: Question { piece: 0, own, head, keys: vec![200 + label as u32, 210] },
            label,
            example: 0,
        };
        Lesson {
            written,
            keys: words.iter().flat_map(|w| [*w, 100 + w % 3]).collect(),
            ends: (1..=words.len()).map(|i| 2 * i).collect(),
            asked: asked.iter().map(labelled).collect(),
            ..Lesson::default()
        }
    }

    fn loss(network: &Network, lessons: &[&Lesson]) -> f64 {
        let labels = lessons.iter().flat_map(|l| l.asked.iter().map(|a| a.label));
        let losses = network.predict(lessons).into_iter().zip(labels).map(|(scores, label)| {
            let sum: f64 = scores.iter().map(|x| f64::from(*x).exp()).sum();
            sum.ln() - f64::from(scores[label])
        });
        losses.sum()
    }

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        const STEP: f32 = 2e-3;
        let a = lesson(&[1, 2, 3, 4, 1], &[(Some(1), 0, 2), (None, 4, 0)], false);
        let b = lesson(&[4, 3, 2], &[(Some(0), 2, 1)], true);
        let both = [&a, &b];
        for shape in [OF_TYPES, OF_ROLES] {
            let mut network = Network::train(shape, &both.repeat(LEAST as usize));
            let mut pass = network.forward(&both, None);
            let mut g = vec![0.0; network.layout.len];
            let d_embedded = network.backward(&both, &mut pass, &mut g);
            // Compares a slope with the change of the loss when the number at hand goes up and down by a step.
            let check = |network: &mut Network, number: fn(&mut Network, usize) -> &mut f32, i: usize, slope: f32| {
                let kept = *number(network, i);
                let mut moved = |by: f32| {
                    *number(network, i) = kept + by;
                    loss(network, &both)
                };
                let want = (moved(STEP) - moved(-STEP)) / f64::from(2.0 * STEP);
                moved(0.0);
                assert!((want - f64::from(slope)).abs() < 1e-4 + 0.02 * want.abs(), "{i}: {want} but {slope}");
            };
            for i in (0..g.len()).step_by(g.len() / 97) {
                check(&mut network, |network, i| &mut network.p[i], i, g[i]);
            }
            // Vectors of the words, and of what the questions bring.
            for row in 0..network.keys.len() as u32 {
                let places = pass.used.iter().filter(|u| u.0 == row);
                let slope = places.map(|(_, weight, at)| weight * d_embedded[at * shape.embed + 3]).sum();
                check(&mut network, |network, i| &mut network.table[i], row as usize * shape.embed + 3, slope);
            }
        }
    }

    #[test]
    fn training_learns_and_gives_the_same_each_time() {
        let a = lesson(&[1, 2, 3, 4, 1], &[(Some(1), 0, 2), (None, 4, 0)], false);
        let lessons: Vec<&Lesson> = std::iter::repeat_n(&a, 2000).collect();
        for shape in [OF_TYPES, OF_ROLES] {
            let network = Network::train(shape, &lessons);
            let scores = network.predict(&[&a]);
            assert!(scores[0].iter().all(|s| *s <= scores[0][2]) && scores[1].iter().all(|s| *s <= scores[1][0]));
            assert_eq!(network.section(), Network::train(shape, &lessons).section());
        }
    }
}
