//! How the sections of the model file hold keys, vectors and weights in few bytes: numbers in, bytes out, and back.

use crate::model::ModelError;
use crate::syntax::network::Part;

/// Feature vectors, of which a word sums up many, are rounded to steps this many times as wide, which makes the file smaller.
const COARSE: f32 = 6.0;

/// Appends sorted keys: planes of bytes of their differences compress better than the keys.
pub fn write_keys(keys: &[u32], out: &mut Vec<u8>) {
    let deltas: Vec<u32> = std::iter::once(0).chain(keys.iter().copied()).zip(keys).map(|(a, b)| b - a).collect();
    for plane in 0..4 {
        out.extend(deltas.iter().map(|d| d.to_le_bytes()[plane]));
    }
}

/// Takes keys off a section.
///
/// # Errors
/// If there are too few bytes.
pub fn read_keys(count: usize, r: &mut Reader<'_>) -> Result<Vec<u32>, ModelError> {
    let planes: [&[u8]; 4] = [r.take(count)?, r.take(count)?, r.take(count)?, r.take(count)?];
    let mut key = 0u32;
    let keys = (0..count).map(|i| {
        key = key.wrapping_add(u32::from_le_bytes(planes.map(|p| p[i])));
        key
    });
    Ok(keys.collect())
}

/// Appends feature vectors of `embed` numbers: the factors of all, then the vectors, rounded.
pub fn write_vectors(embed: usize, vectors: &[f32], out: &mut Vec<u8>) {
    let scales: Vec<f32> = vectors.chunks_exact(embed).map(|v| scale(v.iter()) * COARSE).collect();
    scales.iter().for_each(|s| out.extend(s.to_le_bytes()));
    for (v, s) in vectors.chunks_exact(embed).zip(&scales) {
        out.extend(v.iter().map(|x| round(*x, *s) as u8));
    }
}

/// Appends the parts of the flat vector of weights: each column of a matrix with its factor, rounded; single rows as
/// they are.
pub fn write_weights(parts: &[Part], weights: &[f32], out: &mut Vec<u8>) {
    for part in parts {
        let values = &weights[part.range()];
        if !is_rounded(*part) {
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
}

/// Takes the flat vector of weights, of length `len`, off a section.
///
/// # Errors
/// If there are too few bytes.
pub fn read_weights(parts: &[Part], len: usize, r: &mut Reader<'_>) -> Result<Vec<f32>, ModelError> {
    let mut weights = vec![0.0; len];
    for part in parts {
        let values = &mut weights[part.range()];
        if !is_rounded(*part) {
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
    Ok(weights)
}

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
