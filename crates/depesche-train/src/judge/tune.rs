//! Tunes what the judge does with its scores: predictions of examples in, which the models that gave them have not seen,
//! shares of the encoders, thresholds and calibration out.

use super::softmax::Example;
use super::{Lessons, best};
use depesche::events::decide::SECOND;
use depesche::events::judge::Settings;
use std::collections::{BTreeMap, BTreeSet};

/// Shares of the encoder in the scores that are tried.
const SHARES: [f32; 7] = [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0];

/// Probabilities with the encoder's share in the scores, where it gave any.
pub fn mix(kinds: &[Vec<f32>], encoded: &[(usize, Vec<f32>)], share: f32) -> Vec<Vec<f32>> {
    let mut out = kinds.to_vec();
    for (example, scores) in encoded {
        let mixed = &mut out[*example];
        for (p, s) in mixed.iter_mut().zip(scores) {
            *p = (1.0 - share) * p.max(1e-9).ln() + share * s;
        }
        depesche::events::linear::softmax(mixed);
    }
    out
}

/// How much an encoder counts: of shares that do nearly as well the largest, since the encoder that is kept learns from
/// more articles than those that are tried.
pub fn share(figure: impl Fn(f32) -> f32) -> f32 {
    const NEARLY: f32 = 0.002;
    let figures = SHARES.map(|share| (share, figure(share)));
    let best = figures.iter().fold(0.0f32, |m, x| m.max(x.1));
    figures.iter().rev().find(|x| x.1 >= best - NEARLY).map_or(0.0, |x| x.0)
}

/// F1 of three counts.
fn f1(hit: usize, system: usize, gold: usize) -> f32 {
    if hit == 0 { 0.0 } else { 2.0 * hit as f32 / (system + gold) as f32 }
}

/// Of pairs of thresholds, behind their F1, that do nearly as well as the best the strictest, first for an event, then for
/// a repetition: a wrong event costs an analyst more than none.
fn strictest(all: Vec<(f32, f32, f32)>) -> (f32, f32, f32) {
    const NEARLY: f32 = 0.008;
    let best = all.iter().fold(0.0f32, |m, x| m.max(x.0));
    let near = all.into_iter().filter(|x| x.0 >= best - NEARLY);
    near.max_by(|a, b| a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2))).unwrap_or((0.0, 0.45, 0.45))
}

/// Chooses the thresholds of events and the calibration; gives the F1 of the types.
pub fn tune_events(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) -> f32 {
    // Articles that report few events are many in the training data and few where the engine is used for events.
    const EVENTFUL: usize = 4;
    let mut in_document: BTreeMap<usize, usize> = BTreeMap::new();
    lessons.gold.iter().for_each(|(key, n)| *in_document.entry(key.0).or_default() += n);
    let eventful: BTreeSet<usize> =
        in_document.into_iter().filter(|(d, n)| *d < lessons.own && *n >= EVENTFUL).map(|(d, _)| d).collect();
    let total: usize = lessons.gold.iter().filter(|(k, _)| eventful.contains(&k.0)).map(|(_, n)| n).sum();
    let score = |event: f32, repeated: f32| {
        let mut system: BTreeMap<(usize, usize, usize), Vec<f32>> = BTreeMap::new();
        for (p, place) in
            predictions.iter().zip(&lessons.places).filter(|(_, place)| eventful.contains(&place.document))
        {
            if 1.0 - p[0] >= event {
                let kind = best(&p[1..]);
                system.entry((place.document, place.sentence, kind)).or_default().push(1.0 - p[0]);
            }
        }
        let (mut hit, mut n) = (0, 0);
        for (key, mut ps) in system {
            ps.sort_by(|a, b| b.total_cmp(a));
            let count = ps.iter().enumerate().filter(|(i, p)| *i == 0 || **p >= repeated).count();
            n += count;
            hit += count.min(lessons.gold.get(&key).copied().unwrap_or(0));
        }
        f1(hit, n, total)
    };
    let mut all: Vec<(f32, f32, f32)> = Vec::new();
    for e in (14..60).step_by(2) {
        for r in (e..90).step_by(6) {
            let (event, repeated) = (e as f32 / 100.0, r as f32 / 100.0);
            all.push((score(event, repeated), event, repeated));
        }
    }
    let top = strictest(all);
    (settings.event, settings.repeated) = (top.1, top.2);
    calibrate(lessons, predictions, settings);
    top.0
}

/// Platt's calibration: probability that an accepted candidate is an event of its type.
fn calibrate(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) {
    let data: Vec<(f32, f32)> = predictions
        .iter()
        .zip(&lessons.kinds)
        .filter(|(p, e)| e.document < lessons.own && 1.0 - p[0] >= settings.event)
        .map(|(p, e)| {
            let x = (1.0 - p[0]).clamp(1e-4, 1.0 - 1e-4);
            ((x / (1.0 - x)).ln(), f32::from(u8::from(best(&p[1..]) + 1 == e.label)))
        })
        .collect();
    let (mut a, mut b) = (1.0f32, 0.0f32);
    for _ in 0..2000 {
        let (mut ga, mut gb) = (0.0, 0.0);
        for (x, y) in &data {
            let d = 1.0 / (1.0 + (-(a * x + b)).exp()) - y;
            ga += d * x;
            gb += d;
        }
        a -= 0.5 * ga / data.len() as f32;
        b -= 0.5 * gb / data.len() as f32;
    }
    (settings.slope, settings.offset) = (a, b);
}

/// How much the other classes than the first are raised, since they are rare and would seldom be chosen: of values that do
/// nearly as well the highest. Gives the accuracy, too.
pub fn lean(predictions: &[Vec<f32>], examples: &[Example], own: usize) -> (f32, f32) {
    const NEARLY: f32 = 0.001;
    let of_corpus = || predictions.iter().zip(examples).filter(|(_, e)| e.document < own);
    let accuracy = |raised: f32| {
        let right = of_corpus().filter(|(p, e)| {
            let scores: Vec<f32> =
                p.iter().enumerate().map(|(i, p)| p.max(1e-9).ln() + if i > 0 { raised } else { 0.0 }).collect();
            best(&scores) == e.label
        });
        right.count() as f32 / of_corpus().count().max(1) as f32
    };
    let tried: Vec<(f32, f32)> = (0..16).map(|i| i as f32 / 10.0).map(|raised| (accuracy(raised), raised)).collect();
    let top = tried.iter().fold(0.0f32, |m, x| m.max(x.0));
    tried.into_iter().rev().find(|x| x.0 >= top - NEARLY).unwrap_or((0.0, 0.0))
}

/// Chooses the thresholds of roles, given the gold events; gives the F1 of the arguments and that of the pairs of actor
/// and recipient, whose mean is made best: an analyst counts the pairs. Of pairs of thresholds that do nearly as well the
/// strictest for the context: given a wrong event, which is not seen here, everybody from there is wrong.
pub fn tune_roles(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) -> (f32, f32) {
    const NEARLY: f32 = 0.012;
    let own = lessons.roles.partition_point(|e| e.document < lessons.own);
    let events: Vec<std::ops::Range<usize>> = lessons.role_places[..own]
        .chunk_by(|a, b| a.0 == b.0)
        .scan(0, |from, event| {
            *from += event.len();
            Some(*from - event.len()..*from)
        })
        .collect();
    let score = |role: f32, context: f32| {
        let (mut arguments, mut pairs) = ((0, 0), (0, 0, 0));
        for event in &events {
            let gold = lessons.role_gold[lessons.role_places[event.start].0];
            let counts = [1, 2].map(|r| {
                let chosen = choose(lessons, predictions, event.clone(), r, role, context);
                (chosen.iter().filter(|j| lessons.roles[**j].label == r).count(), chosen.len(), gold[r - 1])
            });
            let [a, b] = counts.map(|(hit, n, gold)| {
                arguments = (arguments.0 + hit, arguments.1 + n);
                (if n == 0 && gold == 0 { 1 } else { hit }, n.max(1), gold.max(1))
            });
            pairs = (pairs.0 + a.0 * b.0, pairs.1 + a.1 * b.1, pairs.2 + a.2 * b.2);
        }
        (f1(arguments.0, arguments.1, lessons.own_arguments), f1(pairs.0, pairs.1, pairs.2))
    };
    let mut all: Vec<(f32, f32, f32)> = Vec::new();
    for r in (8..60).step_by(4) {
        for c in (8..60).step_by(4) {
            let (role, context) = (r as f32 / 100.0, c as f32 / 100.0);
            let (arguments, pairs) = score(role, context);
            all.push(((arguments + pairs) / 2.0, role, context));
        }
    }
    let best = all.iter().fold(0.0f32, |m, x| m.max(x.0));
    let near = all.into_iter().filter(|x| x.0 >= best - NEARLY);
    let top = near.max_by(|a, b| a.2.total_cmp(&b.2).then(a.0.total_cmp(&b.0))).unwrap_or((0.0, 0.3, 0.3));
    (settings.role, settings.context) = (top.1, top.2);
    score(top.1, top.2)
}

/// The examples of one event that get a role, as the engine chooses them.
fn choose(
    lessons: &Lessons,
    predictions: &[Vec<f32>],
    event: std::ops::Range<usize>,
    role: usize,
    least_here: f32,
    least_context: f32,
) -> Vec<usize> {
    let chosen = |in_context: bool, least: f32| {
        let fits = |j: &usize| {
            let p = &predictions[*j];
            lessons.role_places[*j].1 == in_context && p[role] >= least && p[role] > p[3 - role]
        };
        let mut out: Vec<usize> = event.clone().filter(fits).collect();
        out.sort_by(|a, b| predictions[*b][role].total_cmp(&predictions[*a][role]));
        out
    };
    let mut here = chosen(false, least_here);
    let Some(first) = here.first().copied() else {
        return chosen(true, least_context).into_iter().take(1).collect();
    };
    let slot = &lessons.role_slots[first];
    here.retain(|j| {
        let same = slot.is_some() && lessons.role_slots[*j] == *slot;
        *j == first || same || predictions[*j][role] >= least_here + SECOND
    });
    here
}
