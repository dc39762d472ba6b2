//! The linear-chain model: weights of features and of transitions, and the Viterbi search over them.
//!
//! Lafferty, McCallum and Pereira 2001. Weights are kept in one byte each; a feature that training did not keep has
//! no row. In memory the rows lie behind an open-addressing table of 32-bit feature hashes.

use super::labels::{LABELS, may_begin, may_end, may_follow};
use crate::packing::{Reader, read_keys, write_keys};

const EMPTY: u32 = u32::MAX;
/// A score that no path with a valid sequence can have.
const IMPOSSIBLE: f32 = -1e30;

/// Weights of one feature, a byte for each label.
type Row = [i8; LABELS];

/// A trained linear-chain model.
#[derive(Debug, Clone)]
pub struct Tagger {
    /// Hash of the feature and number of its row.
    slots: Vec<(u32, u32)>,
    rows: Vec<Row>,
    /// Value of one unit of a row's bytes.
    unit: f32,
    /// `transitions[b][a]`: score of label `b` behind label `a`.
    transitions: [[f32; LABELS]; LABELS],
    /// Labels that may stand before each label.
    before: Vec<Vec<u8>>,
}

impl Default for Tagger {
    /// A model that knows no feature.
    fn default() -> Self {
        Tagger::new(&[], 1.0, [[0.0; LABELS]; LABELS])
    }
}

/// Memory of the search, reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Lattice {
    /// Emission scores; the best scores of paths while the search runs.
    scores: Vec<[f32; LABELS]>,
    back: Vec<[u8; LABELS]>,
}

impl Tagger {
    /// A model from its parts: pairs of feature hash and weights, and the transitions.
    pub fn new(features: &[(u32, Row)], unit: f32, transitions: [[f32; LABELS]; LABELS]) -> Tagger {
        let size = (features.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![(0, EMPTY); size];
        for (row, &(hash, _)) in features.iter().enumerate() {
            let mut at = hash as usize & (size - 1);
            while slots[at].1 != EMPTY {
                at = (at + 1) & (size - 1);
            }
            slots[at] = (hash, row as u32);
        }
        let before = (0..LABELS as u8).map(|b| (0..LABELS as u8).filter(|&a| may_follow(a, b)).collect()).collect();
        Tagger { slots, rows: features.iter().map(|f| f.1).collect(), unit, transitions, before }
    }

    fn row(&self, feature: u32) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut at = feature as usize & mask;
        loop {
            match self.slots[at] {
                (_, EMPTY) => return None,
                (hash, row) if hash == feature => return Some(row),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Scores of the labels of a token with these features.
    pub fn emission(&self, features: &[u32]) -> [f32; LABELS] {
        // The tables are larger than the caches: all places are asked for first, so that the waits overlap.
        const AHEAD: usize = 64;
        let mask = self.slots.len() - 1;
        let mut sum = [0i32; LABELS];
        let mut rows = [0u32; AHEAD];
        for features in features.chunks(AHEAD) {
            features.iter().for_each(|f| prefetch(&self.slots[*f as usize & mask]));
            let mut found = 0;
            for row in features.iter().filter_map(|f| self.row(*f)) {
                prefetch(&self.rows[row as usize]);
                rows[found] = row;
                found += 1;
            }
            for row in &rows[..found] {
                for (s, w) in sum.iter_mut().zip(&self.rows[*row as usize]) {
                    *s += i32::from(*w);
                }
            }
        }
        sum.map(|s| s as f32 * self.unit)
    }

    /// The best valid sequence of labels for a sentence, of which `emissions` has been called token by token.
    pub fn decode(&self, emissions: &[[f32; LABELS]], lattice: &mut Lattice, labels: &mut Vec<u8>) {
        labels.clear();
        let (scores, back) = (&mut lattice.scores, &mut lattice.back);
        scores.clear();
        back.clear();
        for (i, emission) in emissions.iter().enumerate() {
            let mut best = [IMPOSSIBLE; LABELS];
            let mut from = [0u8; LABELS];
            for b in 0..LABELS {
                if i == 0 {
                    if may_begin(b as u8) {
                        best[b] = emission[b];
                    }
                    continue;
                }
                for &a in &self.before[b] {
                    let score = scores[i - 1][a as usize] + self.transitions[b][a as usize];
                    if score > best[b] {
                        (best[b], from[b]) = (score, a);
                    }
                }
                best[b] += emission[b];
            }
            scores.push(best);
            back.push(from);
        }
        let Some(last) = scores.last() else { return };
        let better = |&a: &u8, &b: &u8| last[a as usize].total_cmp(&last[b as usize]);
        let mut label = (0..LABELS as u8).filter(|&l| may_end(l)).max_by(better).unwrap_or_default();
        labels.resize(emissions.len(), 0);
        for i in (0..emissions.len()).rev() {
            labels[i] = label;
            label = back[i][label as usize];
        }
    }

    /// Appends the model to a section: number of features, unit, transitions, hashes, rows.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut features: Vec<(u32, u32)> = self.slots.iter().copied().filter(|s| s.1 != EMPTY).collect();
        features.sort_unstable();
        out.extend((features.len() as u32).to_le_bytes());
        out.extend(self.unit.to_le_bytes());
        out.extend(self.transitions.iter().flatten().flat_map(|w| w.to_le_bytes()));
        write_keys(&features.iter().map(|f| f.0).collect::<Vec<_>>(), out);
        // One label after the other: equal columns compress better than rows.
        for label in 0..LABELS {
            out.extend(features.iter().map(|f| self.rows[f.1 as usize][label] as u8));
        }
    }

    /// Reads a model off the front of a section; none if it is cut off.
    pub fn read(bytes: &mut &[u8]) -> Option<Tagger> {
        let n = u32::from_le_bytes(*take::<4>(bytes)?) as usize;
        let unit = f32::from_le_bytes(*take::<4>(bytes)?);
        let mut transitions = [[0.0; LABELS]; LABELS];
        for w in transitions.iter_mut().flatten() {
            *w = f32::from_le_bytes(*take::<4>(bytes)?);
        }
        let mut reader = Reader { rest: bytes, name: "names" };
        let hashes = read_keys(n, &mut reader).ok()?;
        let columns = reader.take(n.checked_mul(LABELS)?).ok()?;
        *bytes = reader.rest;
        let features: Vec<(u32, Row)> = hashes
            .into_iter()
            .enumerate()
            .map(|(k, hash)| (hash, std::array::from_fn(|label| columns[label * n + k] as i8)))
            .collect();
        Some(Tagger::new(&features, unit, transitions))
    }
}

/// Asks the processor to fetch what will soon be read.
#[inline(always)]
fn prefetch<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint that every x86-64 processor has; it reads nothing and cannot fault.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// The next `N` bytes.
pub(super) fn take<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>()?;
    *bytes = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_obeys_the_scheme_and_survives_a_round_trip() {
        let mut row = [0i8; LABELS];
        // Feature 7 wants "inside a person", which cannot stand alone; "single" comes second.
        (row[2], row[4]) = (100, 60);
        let tagger = Tagger::new(&[(7, row)], 0.1, [[0.0; LABELS]; LABELS]);
        let mut bytes = Vec::new();
        tagger.write(&mut bytes);
        let tagger = Tagger::read(&mut bytes.as_slice()).unwrap();
        let (mut lattice, mut labels) = (Lattice::default(), Vec::new());
        tagger.decode(&[tagger.emission(&[3]), tagger.emission(&[7, 8])], &mut lattice, &mut labels);
        assert_eq!(labels, [0, 4]);
        for cut in 0..bytes.len() {
            assert!(Tagger::read(&mut &bytes[..cut]).is_none());
        }
    }
}
