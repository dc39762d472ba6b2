//! The training loop: batches, hidden features, falling learning rate, evaluation.

use super::Options;
use super::adam::{self, Adam};
use super::corpus::{Sentence, Types};
use super::net::{self, Dropout, Pass, Soft, Span, Target, width};
use super::random::Random;
use depesche::morphology::Upos;
use depesche::syntax::Deprel;
use depesche::syntax::network::{LABELS, Layout, Shape, TAGS};
use depesche::syntax::section::Section;
use depesche::syntax::tree::Decoder;

/// Number of treebanks, and one more for a text of unknown kind.
pub const BANKS: usize = 4;
/// The number of the unknown kind.
pub const UNKNOWN: usize = 3;
/// How often the kind of a training sentence is hidden, so that the network learns to tell it from the text.
const HIDDEN_KIND: f32 = 0.5;

/// Figures of an evaluation.
#[derive(Debug, Default, Clone, Copy)]
pub struct Figures {
    tokens: usize,
    tag: usize,
    head: usize,
    both: usize,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |n: usize| 100.0 * n as f64 / self.tokens.max(1) as f64;
        write!(f, "upos {:.2} uas {:.2} las {:.2}", share(self.tag), share(self.head), share(self.both))
    }
}

/// A network in training.
pub struct Trainer {
    pub layout: Layout,
    pub p: Vec<f32>,
    /// Feature vectors, then those of the treebanks.
    pub table: Vec<f32>,
    options: Options,
    random: Random,
    adam: Adam,
    table_adam: Adam,
    steps: usize,
}

impl Trainer {
    pub fn new(shape: Shape, features: usize, options: Options) -> Trainer {
        let mut random = Random::new(options.seed);
        let layout = Layout::new(shape);
        let p = net::initial(&layout, &mut random);
        let table: Vec<f32> = (0..(features + BANKS) * shape.embed).map(|_| random.signed() * 0.3).collect();
        let (adam, table_adam) = (Adam::new(p.len()), Adam::new(table.len()));
        Trainer { layout, p, table, options, random, adam, table_adam, steps: 0 }
    }

    /// Takes over the weights of another network of the same shape.
    pub fn continue_from(&mut self, other: Trainer) {
        self.p = other.p;
        self.table = other.table;
    }

    pub fn run(&mut self, types: &Types<'_>, train: &[Sentence], tests: &[(&str, Vec<Sentence>)]) {
        let began = std::time::Instant::now();
        let tokens: usize = train.iter().map(|s| s.types.len()).sum();
        let total = self.options.epochs * tokens / self.options.batch;
        let mut order: Vec<usize> = (0..train.len()).collect();
        let mut gradient = vec![0.0; self.layout.len];
        for epoch in 1..=self.options.epochs {
            self.random.shuffle(&mut order);
            let mut loss = 0.0;
            let mut at = 0;
            while at < order.len() {
                let mut batch = Vec::new();
                let mut n = 0;
                while at < order.len() && n < self.options.batch {
                    batch.push(&train[order[at]]);
                    n += train[order[at]].types.len();
                    at += 1;
                }
                loss += self.step(types, &batch, &mut gradient, total);
            }
            if epoch % 6 == 0 || epoch == self.options.epochs {
                let mut line = String::new();
                for (name, sentences) in tests {
                    for bank in [0, 2, UNKNOWN] {
                        line += &format!(
                            " | {name}/{bank} {}",
                            evaluate(std::slice::from_ref(self), types, sentences, bank)
                        );
                    }
                }
                eprintln!(
                    "epoch {epoch}: loss {:.3} {:.0} s{line}",
                    loss / tokens as f32,
                    began.elapsed().as_secs_f32()
                );
            }
        }
    }

    /// The section of the model: the network as it reads texts of one treebank's kind.
    pub fn section(&self, types: &Types<'_>, bank: usize) -> Vec<u8> {
        let embed = self.layout.shape.embed;
        let (vectors, banks) = self.table.split_at(self.table.len() - BANKS * embed);
        Section::to_bytes(self.layout.shape, &self.p, &types.keys, vectors, &banks[bank * embed..][..embed])
    }

    fn step(&mut self, types: &Types<'_>, batch: &[&Sentence], gradient: &mut [f32], total: usize) -> f32 {
        let o = &self.options;
        let embed = self.layout.shape.embed;
        let mut spans = Vec::new();
        let targets: Vec<&Target> = batch.iter().map(|s| &s.target).collect();
        let mut used: Vec<(u32, f32, usize)> = Vec::new();
        let banks = self.table.len() / embed - BANKS;
        let mut rows = 0;
        for s in batch {
            spans.push(Span { at: rows, len: s.types.len() });
            let bank = if self.random.unit() < HIDDEN_KIND { UNKNOWN } else { s.bank };
            for t in &s.types {
                let rare = o.drop_word / (o.drop_word + types.counts[*t as usize] as f32);
                let hide = [
                    self.random.unit() < (o.drop_group + rare).min(0.9),
                    self.random.unit() < o.drop_group,
                    self.random.unit() < o.drop_group,
                ];
                for f in types.rows[*t as usize].iter().filter(|f| !hide[f.group as usize]) {
                    used.push((f.row, f.weight, rows));
                }
                used.push(((banks + bank) as u32, 1.0, rows));
                rows += 1;
            }
        }
        let mut embedded = vec![0.0; rows * embed];
        for (row, weight, at) in &used {
            let v = &self.table[*row as usize * embed..][..embed];
            embedded[at * embed..][..embed].iter_mut().zip(v).for_each(|(e, x)| *e += weight * x);
        }
        let dropout = Dropout { layer: o.drop_layer, head: o.drop_head };
        let pass = net::forward(&self.layout, &self.p, embedded, &spans, Some((dropout, &mut self.random)));
        gradient.fill(0.0);
        let (loss, d_embedded) = net::backward(&self.layout, &self.p, pass, &spans, &targets, gradient);

        self.steps += 1;
        let rate = adam::rate(self.options.rate, self.steps, total);
        let scale = 1.0 / rows as f32;
        let norm = gradient.iter().map(|g| g * g).sum::<f32>().sqrt() * scale;
        let scale = if norm > 1.0 { scale / norm } else { scale };
        self.adam.step(0, &mut self.p, gradient, rate, scale);
        self.table_adam.step_rows(&mut self.table, embed, &mut used, &d_embedded, rate, scale);
        loss
    }

    /// Runs the network over sentences as if they came from a treebank.
    fn read(&self, types: &Types<'_>, sentences: &[&Sentence], bank: usize) -> (Vec<Span>, Pass) {
        let embed = self.layout.shape.embed;
        let banks = self.table.len() / embed - BANKS;
        let mut spans = Vec::new();
        let mut embedded = Vec::new();
        for s in sentences {
            spans.push(Span { at: embedded.len() / embed, len: s.types.len() });
            for t in &s.types {
                let at = embedded.len();
                embedded.extend_from_slice(&self.table[(banks + bank) * embed..][..embed]);
                for f in &types.rows[*t as usize] {
                    let v = &self.table[f.row as usize * embed..][..embed];
                    embedded[at..].iter_mut().zip(v).for_each(|(e, x)| *e += f.weight * x);
                }
            }
        }
        let pass = net::forward(&self.layout, &self.p, embedded, &spans, None);
        (spans, pass)
    }
}

/// Lets networks parse sentences together, as if they came from a treebank: their probabilities are averaged.
pub fn parse(teachers: &[Trainer], types: &Types<'_>, sentences: &[&Sentence], bank: usize) -> Vec<Target> {
    let share = 1.0 / teachers.len() as f32;
    let passes: Vec<(Vec<Span>, Pass)> = teachers.iter().map(|t| t.read(types, sentences, bank)).collect();
    let Some((spans, _)) = passes.first() else { return Vec::new() };
    let mut decoder = Decoder::default();
    let mut out: Vec<Target> = Vec::new();
    for (k, span) in spans.iter().enumerate() {
        let n = width(span.len);
        let mut soft = Soft {
            arcs: vec![0.0; span.len * n],
            labels: vec![0.0; span.len * LABELS],
            tags: vec![0.0; span.len * TAGS],
        };
        for (_, pass) in &passes {
            for i in 0..span.len {
                let mut row = pass.arc_scores[k][i * n..][..span.len + 1].to_vec();
                row[i + 1] = f32::MIN;
                net::softmax(&mut row);
                soft.arcs[i * n..].iter_mut().zip(&row).for_each(|(s, p)| *s += share * p);
                let mut row = pass.tag_scores[(span.at + i) * TAGS..][..Upos::COUNT].to_vec();
                net::softmax(&mut row);
                soft.tags[i * TAGS..].iter_mut().zip(&row).for_each(|(s, p)| *s += share * p);
            }
        }
        let logs: Vec<f32> = soft.arcs.iter().map(|p| p.max(1e-9).ln()).collect();
        let heads = decoder.decode(span.len, &logs, n).to_vec();
        out.push(Target { heads, soft: Some(soft), weight: 1.0, ..Target::default() });
    }
    let heads: Vec<usize> = out.iter().flat_map(|t| &t.heads).copied().collect();
    for (teacher, (spans, pass)) in teachers.iter().zip(&passes) {
        let mut scores = net::label_scores(&teacher.layout, &teacher.p, pass, spans, &heads);
        for (target, span) in out.iter_mut().zip(spans) {
            let Some(soft) = &mut target.soft else { continue };
            for i in 0..span.len {
                let row = &mut scores[(span.at + i) * LABELS..][..Deprel::COUNT];
                if target.heads[i] == 0 {
                    row.fill(f32::MIN);
                    row[Deprel::Root as usize] = 0.0;
                } else {
                    row[Deprel::Root as usize] = f32::MIN;
                }
                net::softmax(row);
                soft.labels[i * LABELS..].iter_mut().zip(row.iter()).for_each(|(s, p)| *s += share * p);
            }
        }
    }
    let best = |row: &[f32]| (0..row.len()).fold(0, |b, j| if row[j] > row[b] { j } else { b });
    for target in &mut out {
        if let Some(soft) = &target.soft {
            target.labels = soft.labels.chunks_exact(LABELS).map(best).collect();
            target.tags = soft.tags.chunks_exact(TAGS).map(best).collect();
        }
    }
    out
}

/// Scores networks on gold tokens.
pub fn evaluate(teachers: &[Trainer], types: &Types<'_>, sentences: &[Sentence], bank: usize) -> Figures {
    let mut f = Figures::default();
    for chunk in sentences.chunks(64) {
        let batch: Vec<&Sentence> = chunk.iter().collect();
        for (s, p) in chunk.iter().map(|s| &s.target).zip(parse(teachers, types, &batch, bank)) {
            for i in 0..s.heads.len() {
                f.tokens += 1;
                f.tag += usize::from(s.tags[i] == p.tags[i]);
                f.head += usize::from(s.heads[i] == p.heads[i]);
                f.both += usize::from(s.heads[i] == p.heads[i] && s.labels[i] == p.labels[i]);
            }
        }
    }
    f
}
