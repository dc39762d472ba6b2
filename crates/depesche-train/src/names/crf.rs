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
}

type Weights = [f32; LABELS];

struct Trainer {
    weights: Vec<Weights>,
    /// Penalty that each weight has received so far.
    paid: Vec<Weights>,
    transitions: [[f32; LABELS]; LABELS],
    /// Penalty that each weight could have received so far.
    due: f32,
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
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut step = 0usize;
    for epoch in 0..settings.epochs {
        for i in (1..order.len()).rev() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(i, (random % (i as u64 + 1)) as usize);
        }
        let mut loss = 0.0;
        for &e in &order {
            let rate = settings.rate * 0.87f32.powf(step as f32 / order.len() as f32);
            t.due += rate * settings.penalty / order.len() as f32;
            let drop: f32 = std::env::var("DROP").ok().and_then(|v| v.parse().ok()).unwrap_or(0.4);
            let kept: Vec<Vec<u32>> = numbered[e]
                .iter()
                .map(|t| {
                    t.iter()
                        .copied()
                        .filter(|_| {
                            random ^= random << 13;
                            random ^= random >> 7;
                            random ^= random << 17;
                            (random >> 40) as f32 / (1u64 << 24) as f32 >= drop
                        })
                        .collect()
                })
                .collect();
            loss += t.learn(&kept, &examples[e].labels, rate);
            step += 1;
        }
        if epoch + 1 == settings.epochs || epoch % 5 == 4 {
            let live = t.weights.iter().filter(|w| w.iter().any(|&x| x != 0.0)).count();
            eprintln!("  epoch {:2}: loss {loss:.0}, {live} of {} features", epoch + 1, hashes.len());
        }
    }
    for f in 0..hashes.len() {
        t.pay(f);
    }
    let drop: f32 = std::env::var("DROP").ok().and_then(|v| v.parse().ok()).unwrap_or(0.4);
    t.weights.iter_mut().flatten().for_each(|w| *w *= 1.0 - drop);
    t.quantise(&hashes)
}

impl Trainer {
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

    /// One step of gradient descent; returns the negative log-likelihood before it.
    fn learn(&mut self, features: &[Vec<u32>], gold: &[u8], rate: f32) -> f64 {
        let n = features.len();
        if n == 0 {
            return 0.0;
        }
        let mut emissions = vec![[0.0f32; LABELS]; n];
        let mut loss = 0.0f64;
        for (e, fs) in emissions.iter_mut().zip(features) {
            for &f in fs {
                self.pay(f as usize);
                for (x, w) in e.iter_mut().zip(&self.weights[f as usize]) {
                    *x += w;
                }
            }
        }
        for (i, &g) in gold.iter().enumerate() {
            loss -= f64::from(emissions[i][g as usize]);
            if i > 0 {
                loss -= f64::from(self.transitions[g as usize][gold[i - 1] as usize]);
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
            loss += f64::from(top);
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
            loss += f64::from(total).ln();
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
        loss
    }

    /// The trained weights in one byte each.
    fn quantise(&self, hashes: &[u32]) -> Tagger {
        let top = self.weights.iter().flatten().fold(1e-3f32, |m, w| m.max(w.abs()));
        let unit = top / 127.0;
        let mut features: Vec<(u32, [i8; LABELS])> = hashes
            .iter()
            .zip(&self.weights)
            .map(|(&h, w)| (h, w.map(|x| (x / unit).round() as i8)))
            .filter(|(_, row)| row.iter().any(|&x| x != 0))
            .collect();
        features.sort_unstable();
        Tagger::new(&features, unit, self.transitions)
    }
}
