//! A section of the model file with a network's numbers, rounded to few bits.

use super::layout::{Layout, Shape};
use crate::model::ModelError;
use crate::packing::{Reader, read_keys, read_weights, write_keys, write_vectors, write_weights};

/// What the section holds.
#[derive(Debug)]
pub struct Section {
    /// Sizes of the network.
    pub shape: Shape,
    /// All weights, as [`Layout`] places them.
    pub weights: Vec<f32>,
    /// Keys of the features, by row.
    pub keys: Vec<u32>,
    /// Feature vectors, rounded.
    pub vectors: Vec<i8>,
    /// Factor of each feature vector.
    pub scales: Vec<f32>,
}

impl Section {
    /// Rounds the network; `keys` are sorted.
    pub fn to_bytes(shape: Shape, weights: &[f32], keys: &[u32], vectors: &[f32]) -> Vec<u8> {
        let mut out = Vec::new();
        for n in [shape.embed, shape.hidden, shape.layers, shape.middle, shape.own, shape.classes, keys.len()] {
            out.extend((n as u32).to_le_bytes());
        }
        write_keys(keys, &mut out);
        write_vectors(shape.embed, vectors, &mut out);
        write_weights(&Layout::new(shape).parts(), weights, &mut out);
        out
    }

    /// Reads the section of this name.
    ///
    /// # Errors
    /// If the bytes do not have its shape.
    pub fn from_bytes(name: &'static str, bytes: &[u8]) -> Result<Section, ModelError> {
        let malformed = || ModelError::Malformed(name);
        let mut r = Reader { rest: bytes, name };
        let [embed, hidden, layers, middle, own, classes, count] = r.sizes()?;
        let shape = Shape { embed, hidden, layers, middle, own, classes };
        let large = [embed, hidden, middle].iter().any(|n| !n.is_multiple_of(16) || *n == 0 || *n > LARGEST);
        let known = (own == 0 || own == embed) && (1..=LARGEST).contains(&classes);
        if large || !known || !hidden.is_multiple_of(32) || layers > 8 {
            return Err(malformed());
        }
        let keys = read_keys(count, &mut r)?;
        let scales = r.floats(count)?;
        let vectors = r.take(count.checked_mul(embed).ok_or_else(malformed)?)?.iter().map(|b| *b as i8).collect();
        let layout = Layout::new(shape);
        let weights = read_weights(&layout.parts(), layout.len, &mut r)?;
        if r.rest.is_empty() { Ok(Section { shape, weights, keys, vectors, scales }) } else { Err(malformed()) }
    }
}

/// No network of ours has more units in a layer; keeps a damaged file from asking for much memory.
const LARGEST: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_refused() {
        let shape = Shape { embed: 16, hidden: 32, layers: 1, middle: 16, own: 16, classes: 3 };
        let weights = vec![0.1; Layout::new(shape).len];
        let bytes = Section::to_bytes(shape, &weights, &[1, 5], &[0.2; 32]);
        assert_eq!(Section::from_bytes("some", &bytes).expect("whole").keys, [1, 5]);
        for n in 0..bytes.len() {
            assert!(Section::from_bytes("some", &bytes[..n]).is_err(), "{n} bytes");
        }
    }
}
