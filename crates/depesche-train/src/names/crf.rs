//! Trains a linear-chain conditional random field with stochastic gradient descent and an L1 penalty.
//!
//! Lafferty et al. 2001; the penalty is applied lazily and cumulatively (Tsuruoka, Tsujii and Ananiadou 2009), which
//! leaves few features with weights, so that the model stays small.

use depesche::actors::names::Tagger;
use depesche::actors::names::labels::{LABELS, may_begin, may_end, may_follow};
use rustc_hash::FxHashMap;

/// A sentence for training: hashed features of each token and its label.
#[derive(Debug, Clone)]
pub struct Example {
    /// Features, token by token.
    pub features: Vec<Vec<u32>>,
    /// Labels.
    pub labels: Vec<u8>,
    /// How much the sentence counts.
    pub weight: f32,
}

/// Settings of a training run.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Passes over the examples.
    pub epochs: usize,
    /// Strength of the L1 penalty, summed over all examples.
    pub penalty: f32,
    /// Learning rate of the first epoch.
    pub rate: f32,
    /// Features seen less often are left out.
    pub cutoff: u32,
    /// Share of a token's features that are hidden at a time, so that none is relied upon alone.
    pub dropout: f32,
    /// Runs with different random numbers, whose weights are averaged.
    pub runs: u64,
}

type Weights = [f32; LABELS];

struct Trainer {
    weights: Vec<Weights>,
    /// Penalty that each weight has received so far.
    paid: Vec<Weights>,
    transitions: [[f32; LABELS]; LABELS],
    /// Penalty that each weight could have received so far.
    due: f32,
    /// Sums of the weights after the later epochs.
    sums: Vec<Weights>,
    transition_sums: [[f32; LABELS]; LABELS],
    summed: usize,
}

/// Trains a tagger.
pub fn train(examples: &[Example], settings: Settings) -> Tagger {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for f in examples.iter().flat_map(|e| e.features.iter().flatten()) {
        *counts.entry(*f).or_default() += 1;
    }
    // Numbers are given in the order of the text, so that the result does not depend on the map.
    let mut ids: FxHashMap<u32, u32> = FxHashMap::default();
    let mut hashes = Vec::new();
    let numbered: Vec<Vec<Vec<u32>>> = examples
        .iter()
        .map(|e| {
            let known = |f: &&u32| counts[f] >= settings.cutoff;
            let mut id = |f: &u32| {
                *ids.entry(*f).or_insert_with(|| {
                    hashes.push(*f);
                    hashes.len() as u32 - 1
                })
            };
            e.features.iter().map(|t| t.iter().filter(known).map(&mut id).collect()).collect()
        })
        .collect();
    let mut t = Trainer {
        weights: vec![[0.0; LABELS]; hashes.len()],
        paid: vec![[0.0; LABELS]; hashes.len()],
        transitions: [[0.0; LABELS]; LABELS],
        due: 0.0,
        sums: vec![[0.0; LABELS]; hashes.len()],
        transition_sums: [[0.0; LABELS]; LABELS],
        summed: 0,
    };
    for run in 0..settings.runs {
        t.forget();
        t.run(&numbered, examples, settings, Random(0x2545_F491_4F6C_DD1D + (run << 32)));
    }
    eprintln!("  {} sentences, {} features", examples.len(), hashes.len());
    t.quantise(&hashes, settings)
}

/// How fast the learning rate falls from epoch to epoch.
const DECAY: f32 = 0.87;

/// Numbers that look random (Marsaglia's xorshift), the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number from 0 to 1.
    fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

impl Trainer {
    /// Begins anew, but keeps what has been summed up.
    fn forget(&mut self) {
        self.weights.fill([0.0; LABELS]);
        self.paid.fill([0.0; LABELS]);
        self.transitions = [[0.0; LABELS]; LABELS];
        self.due = 0.0;
    }

    /// Learns from all examples, again and again.
    fn run(&mut self, numbered: &[Vec<Vec<u32>>], examples: &[Example], settings: Settings, mut random: Random) {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut step = 0usize;
        let mut kept: Vec<Vec<u32>> = Vec::new();
        for epoch in 0..settings.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, (random.next() % (i as u64 + 1)) as usize);
            }
            for &e in &order {
                let rate = settings.rate * DECAY.powf(step as f32 / order.len() as f32);
                self.due += rate * settings.penalty / order.len() as f32;
                kept.resize_with(numbered[e].len(), Vec::new);
                for (kept, all) in kept.iter_mut().zip(&numbered[e]) {
                    kept.clear();
                    kept.extend(all.iter().filter(|_| random.share() >= settings.dropout));
                }
                self.learn(&kept, &examples[e].labels, rate * examples[e].weight);
                step += 1;
            }
            if epoch >= settings.epochs / 2 {
                self.average();
            }
        }
    }

    /// Adds the weights as they are now to the average that is kept in the end.
    fn average(&mut self) {
        for f in 0..self.weights.len() {
            self.pay(f);
        }
        for (sum, w) in self.sums.iter_mut().flatten().zip(self.weights.iter().flatten()) {
            *sum += w;
        }
        for (sum, w) in self.transition_sums.iter_mut().flatten().zip(self.transitions.iter().flatten()) {
            *sum += w;
        }
        self.summed += 1;
    }

    /// Brings the weights of a feature up to date with the penalty.
    fn pay(&mut self, feature: usize) {
        for (w, paid) in self.weights[feature].iter_mut().zip(&mut self.paid[feature]) {
            let before = *w;
            *w = if before > 0.0 {
                (before - (self.due + *paid)).max(0.0)
            } else if before < 0.0 {
                (before + (self.due - *paid)).min(0.0)
            } else {
                0.0
            };
            *paid += *w - before;
        }
    }

    /// One step of gradient descent on the negative log-likelihood of a sentence.
    fn learn(&mut self, features: &[Vec<u32>], gold: &[u8], rate: f32) {
        let n = features.len();
        if n == 0 {
            return;
        }
        let mut emissions = vec![[0.0f32; LABELS]; n];
        for (e, fs) in emissions.iter_mut().zip(features) {
            for &f in fs {
                self.pay(f as usize);
                for (x, w) in e.iter_mut().zip(&self.weights[f as usize]) {
                    *x += w;
                }
            }
        }
        // Potentials, scaled token by token so that the sums stay in range.
        let mut link = [[0.0f32; LABELS]; LABELS];
        for (b, row) in link.iter_mut().enumerate() {
            for (a, x) in row.iter_mut().enumerate() {
                if may_follow(a as u8, b as u8) {
                    *x = self.transitions[b][a].exp();
                }
            }
        }
        for e in &mut emissions {
            let top = e.iter().copied().fold(f32::MIN, f32::max);
            *e = e.map(|x| (x - top).exp());
        }
        let mut forward = vec![[0.0f32; LABELS]; n];
        let mut scale = vec![1.0f32; n];
        for i in 0..n {
            let mut row = [0.0; LABELS];
            for b in 0..LABELS {
                let sum: f32 = if i == 0 {
                    f32::from(u8::from(may_begin(b as u8)))
                } else {
                    forward[i - 1].iter().zip(&link[b]).map(|(x, y)| x * y).sum()
                };
                row[b] = sum * emissions[i][b];
                if i + 1 == n && !may_end(b as u8) {
                    row[b] = 0.0;
                }
            }
            let total = row.iter().sum::<f32>().max(1e-30);
            scale[i] = total;
            forward[i] = row.map(|x| x / total);
        }
        let mut expected = [[0.0f32; LABELS]; LABELS];
        let mut behind: Weights = std::array::from_fn(|b| f32::from(u8::from(may_end(b as u8))));
        for i in (0..n).rev() {
            let mut gradient: Weights = std::array::from_fn(|b| forward[i][b] * behind[b]);
            gradient[gold[i] as usize] -= 1.0;
            let flat: Weights = std::array::from_fn(|b| emissions[i][b] * behind[b] / scale[i]);
            if i > 0 {
                let mut next = [0.0; LABELS];
                for b in 0..LABELS {
                    for a in 0..LABELS {
                        let x = link[b][a] * flat[b];
                        next[a] += x;
                        expected[b][a] += x * forward[i - 1][a];
                    }
                }
                expected[gold[i] as usize][gold[i - 1] as usize] -= 1.0;
                behind = next;
            }
            for &f in &features[i] {
                for (w, g) in self.weights[f as usize].iter_mut().zip(&gradient) {
                    *w -= rate * g;
                }
            }
        }
        for (w, e) in self.transitions.iter_mut().flatten().zip(expected.iter().flatten()) {
            *w -= rate * e;
        }
    }

    /// The averaged weights in one byte each.
    fn quantise(&self, hashes: &[u32], settings: Settings) -> Tagger {
        let n = self.summed.max(1) as f32;
        let top = self.sums.iter().flatten().fold(1e-3f32, |m, w| m.max(w.abs()));
        let unit = top / 127.0;
        let mut features: Vec<(u32, [i8; LABELS])> = hashes
            .iter()
            .zip(&self.sums)
            .map(|(&h, w)| (h, w.map(|x| (x / unit).round() as i8)))
            .filter(|(_, row)| row.iter().any(|&x| x != 0))
            .collect();
        features.sort_unstable();
        // All features are there when reading: what was learnt without some of them counts so much less.
        Tagger::new(&features, unit / n * (1.0 - settings.dropout), self.transition_sums.map(|row| row.map(|w| w / n)))
    }
}
