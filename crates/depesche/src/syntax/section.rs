//! The section `parser` of the model file: the network's numbers, rounded to few bits.

use super::network::{Layout, Part, Shape};
use crate::model::ModelError;

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
        // Planes of bytes of the sorted keys' differences compress better than the keys.
        let deltas: Vec<u32> = std::iter::once(0).chain(keys.iter().copied()).zip(keys).map(|(a, b)| b - a).collect();
        for plane in 0..4 {
            out.extend(deltas.iter().map(|d| d.to_le_bytes()[plane]));
        }
        let scales: Vec<f32> = vectors.chunks_exact(shape.embed).map(|v| scale(v.iter()) * COARSE).collect();
        scales.iter().for_each(|s| out.extend(s.to_le_bytes()));
        for (v, s) in vectors.chunks_exact(shape.embed).zip(&scales) {
            out.extend(v.iter().map(|x| round(*x, *s) as u8));
        }
        ground.iter().for_each(|x| out.extend(x.to_le_bytes()));
        for part in Layout::new(shape).parts() {
            let values = &weights[part.range()];
            if !is_rounded(part) {
                values.iter().for_each(|x| out.extend(x.to_le_bytes()));
                continue;
            }
            for column in 0..part.columns {
                let column = || values.iter().skip(column).step_by(part.columns);
                let scale = scale(column());
                out.extend(scale.to_le_bytes());
                out.extend(column().map(|x| round(*x, scale) as u8));
            }
        }
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
        let planes: [&[u8]; 4] = [r.take(count)?, r.take(count)?, r.take(count)?, r.take(count)?];
        let mut key = 0u32;
        let keys = (0..count).map(|i| {
            key = key.wrapping_add(u32::from_le_bytes(planes.map(|p| p[i])));
            key
        });
        let keys = keys.collect();
        let scales = r.floats(count)?;
        let vectors = r.take(count.checked_mul(embed).ok_or(ModelError::Malformed("parser"))?)?;
        let vectors = vectors.iter().map(|b| *b as i8).collect();
        let ground = r.floats(embed)?;
        let layout = Layout::new(shape);
        let mut weights = vec![0.0; layout.len];
        for part in layout.parts() {
            let values = &mut weights[part.range()];
            if !is_rounded(part) {
                values.copy_from_slice(&r.floats(values.len())?);
                continue;
            }
            for column in 0..part.columns {
                let scale = r.floats(1)?[0];
                let rounded = r.take(part.rows)?;
                for (x, b) in values.iter_mut().skip(column).step_by(part.columns).zip(rounded) {
                    *x = scale * f32::from(*b as i8);
                }
            }
        }
        if !r.rest.is_empty() {
            return Err(ModelError::Malformed("parser"));
        }
        Ok(Section { shape, weights, keys, vectors, scales, ground })
    }
}

/// No network of ours has more units in a layer; keeps a damaged file from asking for much memory.
const LARGEST: usize = 1024;

/// Feature vectors, of which a word sums up many, are rounded to steps this many times as wide, which makes the file smaller.
const COARSE: f32 = 6.0;

fn is_rounded(part: Part) -> bool {
    part.rows > 1
}

fn scale<'a>(values: impl Iterator<Item = &'a f32>) -> f32 {
    values.fold(1e-9f32, |m, x| m.max(x.abs())) / 127.0
}

fn round(x: f32, scale: f32) -> i8 {
    (x / scale).round().clamp(-127.0, 127.0) as i8
}

/// Reads numbers off a section.
pub struct Reader<'a> {
    /// What is left.
    pub rest: &'a [u8],
    /// Name of the section, for errors.
    pub name: &'static str,
}

impl<'a> Reader<'a> {
    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or(ModelError::Malformed(self.name))?;
        self.rest = tail;
        Ok(head)
    }

    /// The next `N` sizes.
    pub fn sizes<const N: usize>(&mut self) -> Result<[usize; N], ModelError> {
        let mut out = [0; N];
        for (x, b) in out.iter_mut().zip(self.take(4 * N)?.chunks_exact(4)) {
            *x = u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize;
        }
        Ok(out)
    }

    /// The next `n` numbers.
    pub fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.take(n.checked_mul(4).ok_or(ModelError::Malformed(self.name))?)?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }
}
