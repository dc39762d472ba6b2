//! A linear classifier over hashed features: the form in which the judge's decisions are stored in the model.

use crate::model::ModelError;
use crate::packing::{Reader, read_keys, write_keys};
use rustc_hash::FxHashMap;

/// The name of the model's section.
pub const SECTION: &str = "judge";

/// Hash of a feature, made of its parts.
pub fn hash(parts: &[&str]) -> u32 {
    // FNV-1a with a separator between the parts; its quality is enough and it has no state to keep stable.
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for part in parts {
        for b in part.bytes() {
            h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
        h = (h ^ 0xff).wrapping_mul(0x0100_0000_01b3);
    }
    (h ^ (h >> 32)) as u32
}

/// A set of features of one decision.
#[derive(Debug, Default, Clone)]
pub struct Bag {
    /// Hashes; the same one may stand there twice.
    pub features: Vec<u32>,
    /// What they were made of, kept only where somebody asks for explanations.
    pub names: Option<Vec<String>>,
}

impl Bag {
    /// Adds a feature.
    pub fn add(&mut self, parts: &[&str]) {
        self.features.push(hash(parts));
        if let Some(names) = &mut self.names {
            names.push(parts.join(" "));
        }
    }

    /// Forgets all features.
    pub fn clear(&mut self) {
        self.features.clear();
        if let Some(names) = &mut self.names {
            names.clear();
        }
    }
}

/// Weights of features for a number of classes.
#[derive(Debug, Default, Clone)]
pub struct Linear {
    classes: usize,
    rows: FxHashMap<u32, u32>,
    weights: Vec<i8>,
    scale: f32,
}

impl Linear {
    /// From trained weights: for each feature one weight a class, features sorted.
    pub fn new(classes: usize, rows: &[(u32, Vec<f32>)]) -> Linear {
        let largest = rows.iter().flat_map(|r| &r.1).fold(1e-6f32, |m, w| m.max(w.abs()));
        // No finer than needed: small numbers compress well.
        const STEP: f32 = 1.0 / 32.0;
        let scale = (largest / f32::from(i8::MAX)).max(STEP);
        let mut out = Linear { classes, rows: FxHashMap::default(), weights: Vec::new(), scale };
        for (feature, weights) in rows {
            out.rows.insert(*feature, (out.weights.len() / classes) as u32);
            out.weights.extend(weights.iter().map(|w| (w / scale).round() as i8));
        }
        out
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Whether a feature has weights.
    pub fn knows(&self, feature: u32) -> bool {
        self.rows.contains_key(&feature)
    }

    /// The weight of a feature for a class.
    pub fn weight(&self, feature: u32, class: usize) -> f32 {
        self.rows
            .get(&feature)
            .map_or(0.0, |r| f32::from(self.weights[*r as usize * self.classes + class]) * self.scale)
    }

    /// Adds to a known feature's weight for a class.
    pub fn raise(&mut self, feature: u32, class: usize, by: f32) {
        if let Some(row) = self.rows.get(&feature) {
            let weight = &mut self.weights[*row as usize * self.classes + class];
            *weight = weight.saturating_add((by / self.scale).round() as i8);
        }
    }

    /// Adds the weights of the features to `scores`, one a class.
    pub fn score(&self, features: &[u32], scores: &mut [f32]) {
        let mut sums = [0i32; MAX_CLASSES];
        let sums = &mut sums[..self.classes.min(scores.len())];
        for feature in features {
            if let Some(row) = self.rows.get(feature) {
                let from = *row as usize * self.classes;
                for (sum, w) in sums.iter_mut().zip(&self.weights[from..from + self.classes]) {
                    *sum += i32::from(*w);
                }
            }
        }
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score += *sum as f32 * self.scale;
        }
    }

    /// Appends the classifier's bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut rows: Vec<(u32, u32)> = self.rows.iter().map(|(f, r)| (*f, *r)).collect();
        rows.sort_unstable();
        out.extend((rows.len() as u32).to_le_bytes());
        out.extend((self.classes as u32).to_le_bytes());
        out.extend(self.scale.to_le_bytes());
        write_keys(&rows.iter().map(|r| r.0).collect::<Vec<_>>(), out);
        for (_, row) in &rows {
            let from = *row as usize * self.classes;
            out.extend(self.weights[from..from + self.classes].iter().map(|w| *w as u8));
        }
    }

    /// Takes a classifier off the front of `bytes`.
    ///
    /// # Errors
    /// If the bytes do not hold one.
    pub fn read(bytes: &mut &[u8]) -> Result<Linear, ModelError> {
        let n = take_u32(bytes)? as usize;
        let classes = take_u32(bytes)? as usize;
        let scale = f32::from_bits(take_u32(bytes)?);
        let fits = n.checked_mul(4usize.saturating_add(classes)).is_some_and(|size| size <= bytes.len());
        if classes == 0 || classes > MAX_CLASSES || !fits || !scale.is_finite() {
            return Err(MALFORMED);
        }
        let mut out = Linear { classes, scale, rows: FxHashMap::default(), weights: Vec::with_capacity(n * classes) };
        out.rows.reserve(n);
        let mut reader = Reader { rest: bytes, name: SECTION };
        let keys = read_keys(n, &mut reader)?;
        out.rows.extend(keys.into_iter().zip(0..));
        *bytes = reader.rest;
        let (weights, rest) = bytes.split_at_checked(n * classes).ok_or(MALFORMED)?;
        out.weights.extend(weights.iter().map(|w| *w as i8));
        *bytes = rest;
        Ok(out)
    }
}

/// The most classes that a classifier may have.
pub const MAX_CLASSES: usize = 96;
/// A damaged section.
pub const MALFORMED: ModelError = ModelError::Malformed("judge");

/// Takes a number off the front of `bytes`.
///
/// # Errors
/// If there are too few bytes.
pub fn take_u32(bytes: &mut &[u8]) -> Result<u32, ModelError> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(MALFORMED)?;
    *bytes = rest;
    Ok(u32::from_le_bytes(*number))
}

/// Turns scores into probabilities.
pub fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = (*s - largest).exp();
        sum += *s;
    }
    scores.iter_mut().for_each(|s| *s /= sum);
}
