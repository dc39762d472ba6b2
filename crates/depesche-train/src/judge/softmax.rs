//! Multinomial logistic regression over hashed features, trained with AdaGrad (Duchi, Hazan and Singer 2011) and an
//! L2 penalty; deterministic.

use depesche::events::linear::{Linear, softmax};
use rustc_hash::FxHashMap;

/// One decision to learn from.
#[derive(Debug, Clone)]
pub struct Example {
    /// Hashes of its features.
    pub features: Vec<u32>,
    /// The right class.
    pub label: usize,
    /// The classes that may be chosen; empty for all.
    pub allowed: Vec<usize>,
    /// Scores that some classes start with.
    pub offset: Option<(usize, f32)>,
    /// How much it counts.
    pub weight: f32,
    /// The document that it is from.
    pub document: usize,
    /// The document with which it is left out in cross-validation.
    pub group: usize,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Number of classes.
    pub classes: usize,
    /// Class that does not make a feature worth keeping (the class "nothing"); features must occur with another one.
    pub idle: Option<usize>,
    /// How often a feature must occur.
    pub least: u32,
    /// How often it must occur with a class other than the idle one.
    pub least_active: u32,
    /// Rounds over the data.
    pub rounds: usize,
    /// Learning rate.
    pub rate: f32,
    /// L2 penalty.
    pub penalty: f32,
}

/// Trains on the examples.
pub fn train(examples: &[&Example], plan: &Plan) -> Linear {
    let mut counts: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
    for e in examples {
        let mut own = e.features.clone();
        own.sort_unstable();
        own.dedup();
        for f in own {
            let c = counts.entry(f).or_default();
            c.0 += 1;
            c.1 += u32::from(plan.idle != Some(e.label));
        }
    }
    let mut kept: Vec<u32> =
        counts.iter().filter(|(_, c)| c.0 >= plan.least && c.1 >= plan.least_active).map(|(f, _)| *f).collect();
    kept.sort_unstable();
    let index: FxHashMap<u32, usize> = kept.iter().enumerate().map(|(i, f)| (*f, i)).collect();
    let n = plan.classes;
    let mut weights = vec![0.0f32; kept.len() * n];
    let mut squares = vec![1e-2f32; kept.len() * n];
    let rows: Vec<Vec<usize>> =
        examples.iter().map(|e| e.features.iter().filter_map(|f| index.get(f).copied()).collect()).collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    // The mean of the weights after each of the later rounds generalises better than the last ones.
    let mut means = vec![0.0f32; kept.len() * n];
    let skipped = plan.rounds / 3;
    let mut scores = vec![0.0f32; n];
    for round in 0..plan.rounds {
        for i in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(i, (seed >> 33) as usize % (i + 1));
        }
        let rate = plan.rate / (1.0 + round as f32 * 0.1);
        for &k in &order {
            let e = examples[k];
            let row = &rows[k];
            scores.fill(0.0);
            for f in row {
                for (s, w) in scores.iter_mut().zip(&weights[f * n..f * n + n]) {
                    *s += w;
                }
            }
            if let Some((class, x)) = e.offset {
                scores[class] += x;
            }
            if !e.allowed.is_empty() {
                for (class, s) in scores.iter_mut().enumerate() {
                    if !e.allowed.contains(&class) {
                        *s = f32::NEG_INFINITY;
                    }
                }
            }
            softmax(&mut scores);
            for (class, p) in scores.iter_mut().enumerate() {
                *p = (*p - f32::from(u8::from(class == e.label))) * e.weight;
            }
            for f in row {
                let range = f * n..f * n + n;
                for ((w, q), g) in weights[range.clone()].iter_mut().zip(&mut squares[range]).zip(&scores) {
                    if *g == 0.0 {
                        continue;
                    }
                    let g = g + plan.penalty * *w;
                    *q += g * g;
                    *w -= rate * g / q.sqrt();
                }
            }
        }
        if round >= skipped {
            means.iter_mut().zip(&weights).for_each(|(m, w)| *m += w);
        }
    }
    let share = 1.0 / (plan.rounds - skipped) as f32;
    let out: Vec<(u32, Vec<f32>)> = kept
        .iter()
        .enumerate()
        .map(|(i, f)| (*f, means[i * n..i * n + n].iter().map(|w| w * share).collect::<Vec<f32>>()))
        .filter(|(_, w)| w.iter().any(|w| w.abs() > 0.02))
        .collect();
    Linear::new(n, &out)
}

/// Probabilities of the classes for an example.
pub fn predict(model: &Linear, e: &Example) -> Vec<f32> {
    let mut scores = vec![0.0f32; model.classes()];
    model.score(&e.features, &mut scores);
    if let Some((class, x)) = e.offset {
        scores[class] += x;
    }
    if !e.allowed.is_empty() {
        for (class, s) in scores.iter_mut().enumerate() {
            if !e.allowed.contains(&class) {
                *s = f32::NEG_INFINITY;
            }
        }
    }
    softmax(&mut scores);
    scores
}

/// Predicts each example with a model that has not seen its document, nor those modelled on it.
pub fn cross_validate(examples: &[Example], plan: &Plan, folds: usize) -> Vec<Vec<f32>> {
    let mut out = vec![Vec::new(); examples.len()];
    for fold in 0..folds {
        let seen: Vec<&Example> = examples.iter().filter(|e| e.group % folds != fold).collect();
        let model = train(&seen, plan);
        for (i, e) in examples.iter().enumerate().filter(|(_, e)| e.group % folds == fold) {
            out[i] = predict(&model, e);
        }
    }
    out
}
