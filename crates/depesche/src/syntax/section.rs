//! The section `parser` of the model file: the network's numbers, rounded to few bits.

use super::network::{Layout, Shape};
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
    /// The vector that every token gets.
    pub ground: Vec<f32>,
}

impl Section {
    /// Rounds the network: each column of a matrix to eight bits and each feature vector to between five and six, with a factor of its own.
    /// Parts of few rows are kept as they are.
    pub fn to_bytes(shape: Shape, weights: &[f32], keys: &[u32], vectors: &[f32], ground: &[f32]) -> Vec<u8> {
        let mut out = Vec::new();
        for n in [shape.embed, shape.hidden, shape.layers, shape.arc, shape.label, shape.tag, keys.len()] {
            out.extend((n as u32).to_le_bytes());
        }
        write_keys(keys, &mut out);
        write_vectors(shape.embed, vectors, &mut out);
        ground.iter().for_each(|x| out.extend(x.to_le_bytes()));
        write_weights(&Layout::new(shape).parts(), weights, &mut out);
        out
    }

    /// Reads the section.
    ///
    /// # Errors
    /// If the bytes do not have its shape.
    pub fn from_bytes(bytes: &[u8]) -> Result<Section, ModelError> {
        let mut r = Reader { rest: bytes, name: "parser" };
        let [embed, hidden, layers, arc, label, tag, count] = r.sizes()?;
        let shape = Shape { embed, hidden, layers, arc, label, tag };
        let sizes = [embed, hidden, arc, label, tag];
        if sizes.iter().any(|n| !n.is_multiple_of(16) || *n > LARGEST) || !hidden.is_multiple_of(32) || layers > 16 {
            return Err(ModelError::Malformed("parser"));
        }
        let keys = read_keys(count, &mut r)?;
        let scales = r.floats(count)?;
        let vectors = r.take(count.checked_mul(embed).ok_or(ModelError::Malformed("parser"))?)?;
        let vectors = vectors.iter().map(|b| *b as i8).collect();
        let ground = r.floats(embed)?;
        let layout = Layout::new(shape);
        let weights = read_weights(&layout.parts(), layout.len, &mut r)?;
        if !r.rest.is_empty() {
            return Err(ModelError::Malformed("parser"));
        }
        Ok(Section { shape, weights, keys, vectors, scales, ground })
    }
}

/// No network of ours has more units in a layer; keeps a damaged file from asking for much memory.
const LARGEST: usize = 1024;
