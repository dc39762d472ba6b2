//! Matrix products in whole numbers: eight-bit activations times eight-bit weights.
//!
//! Whole numbers add up exactly, so every machine gets the same result by whatever instructions; only their speed
//! differs. Activations lie in -1..1, as those of simple recurrent units do.

#![allow(clippy::needless_range_loop)] // counted loops over arrays are what the compiler turns into registers

use super::matrix::for_every_width;

/// A matrix of weights, each column rounded to eight bits.
#[derive(Debug, Clone)]
pub struct Rounded {
    depth: usize,
    columns: usize,
    /// Four weights of a column side by side, then the next column.
    weights: Vec<i8>,
    /// What a column's sum is multiplied with.
    scales: Vec<f32>,
    /// What a column's sum has too much, since activations are shifted to be positive.
    shifts: Vec<i32>,
}

/// Activations are multiples of 1 / STEPS ...
const STEPS: f32 = 127.0;
/// ... shifted by this.
const SHIFT: i32 = 128;
/// Columns of a block.
const WIDTH: usize = 32;

/// Rounds activations; `out` is filled anew.
pub fn round(values: &[f32], out: &mut Vec<u8>) {
    out.resize(values.len(), 0);
    round_all(values, out);
}

for_every_width! {
    fn round_all(values: &[f32], out: &mut [u8]) {
        for (y, x) in out.iter_mut().zip(values) {
            // Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
            *y = (x.clamp(-1.0, 1.0) * STEPS + (12_582_912.0 + SHIFT as f32)).to_bits() as u8;
        }
    }
}

for_every_width! {
    /// The activations that were rounded.
    pub fn restore(rounded: &[u8], out: &mut [f32]) {
        for (y, x) in out.iter_mut().zip(rounded) {
            *y = (i32::from(*x) - SHIFT) as f32 * (1.0 / STEPS);
        }
    }
}

impl Rounded {
    /// Rounds a matrix of `depth` × `columns`; both are multiples of 16.
    pub fn new(weights: &[f32], depth: usize, columns: usize) -> Rounded {
        let column = |c: usize| weights.iter().skip(c).step_by(columns.max(1)).take(depth);
        let scales: Vec<f32> = (0..columns).map(|c| column(c).fold(1e-9f32, |m, x| m.max(x.abs())) / 127.0).collect();
        let mut out = vec![0; depth * columns];
        let mut shifts = vec![0; columns];
        for c in 0..columns {
            for (k, x) in column(c).enumerate() {
                let w = (x / scales[c]).round().clamp(-127.0, 127.0);
                out[(k / 4 * columns + c) * 4 + k % 4] = w as i8;
                shifts[c] += SHIFT * w as i32;
            }
        }
        Rounded { depth, columns, weights: out, scales: scales.iter().map(|s| s / STEPS).collect(), shifts }
    }

    /// `out` = bias + x · weights, for `rows` rows of rounded activations.
    pub fn multiply(&self, rows: usize, x: &[u8], bias: &[f32], out: &mut Vec<f32>) {
        out.resize(rows * self.columns, 0.0);
        assert!(x.len() >= rows * self.depth && bias.len() >= self.columns);
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx512vnni") && std::is_x86_feature_detected!("avx512bw") {
                // SAFETY: the features were detected.
                return unsafe { self.multiply_vnni(rows, x, bias, out) };
            }
            if std::is_x86_feature_detected!("avx2") {
                // SAFETY: the feature was detected.
                return unsafe { self.multiply_avx2(rows, x, bias, out) };
            }
        }
        self.multiply_plain(rows, x, bias, out);
    }

    /// Writes one block of sums.
    #[inline(always)]
    fn store<const W: usize>(&self, sums: &[i32; W], column: usize, bias: &[f32], out: &mut [f32]) {
        let (shifts, scales) = (&self.shifts[column..column + W], &self.scales[column..column + W]);
        let (bias, out) = (&bias[column..column + W], &mut out[column..column + W]);
        for j in 0..W {
            out[j] = (sums[j] - shifts[j]) as f32 * scales[j] + bias[j];
        }
    }

    #[inline(always)]
    fn multiply_plain(&self, rows: usize, x: &[u8], bias: &[f32], out: &mut [f32]) {
        for (x, out) in x.chunks_exact(self.depth).zip(out.chunks_exact_mut(self.columns)).take(rows) {
            for column in (0..self.columns).step_by(16) {
                let mut sums = [0i32; 16];
                for (k, x) in x.chunks_exact(4).enumerate() {
                    let w = &self.weights[(k * self.columns + column) * 4..][..64];
                    for j in 0..16 {
                        for q in 0..4 {
                            sums[j] += i32::from(x[q]) * i32::from(w[4 * j + q]);
                        }
                    }
                }
                self.store(&sums, column, bias, out);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn multiply_avx2(&self, rows: usize, x: &[u8], bias: &[f32], out: &mut [f32]) {
        use std::arch::x86_64::*;
        /// Rows that share each load of weights.
        const R: usize = 4;
        let mut row = 0;
        while row < rows {
            let high = R.min(rows - row);
            for column in (0..self.columns).step_by(8) {
                // Two sums for each column, of the even and the odd pair of its four weights.
                let mut sums = [[_mm256_setzero_si256(); 2]; R];
                for k in 0..self.depth / 4 {
                    let w = &self.weights[(k * self.columns + column) * 4..][..32];
                    // SAFETY: w has 32 bytes.
                    let (w0, w1) = unsafe {
                        let w = w.as_ptr().cast::<__m128i>();
                        (_mm256_cvtepi8_epi16(_mm_loadu_si128(w)), _mm256_cvtepi8_epi16(_mm_loadu_si128(w.add(1))))
                    };
                    for (r, sums) in sums.iter_mut().enumerate().take(high) {
                        let at = (row + r) * self.depth + 4 * k;
                        let four = i32::from_le_bytes([x[at], x[at + 1], x[at + 2], x[at + 3]]);
                        let x = _mm256_cvtepu8_epi16(_mm_set1_epi32(four));
                        sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(w0, x));
                        sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(w1, x));
                    }
                }
                for (r, sums) in sums.iter().enumerate().take(high) {
                    let pairs: [[i32; 8]; 2] = sums.map(|s| {
                        let mut out = [0; 8];
                        // SAFETY: the array has 32 bytes.
                        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), s) };
                        out
                    });
                    let total: [i32; 8] =
                        std::array::from_fn(|j| pairs[j / 4][j % 4 * 2] + pairs[j / 4][j % 4 * 2 + 1]);
                    self.store(&total, column, bias, &mut out[(row + r) * self.columns..][..self.columns]);
                }
            }
            row += high;
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn multiply_vnni(&self, rows: usize, x: &[u8], bias: &[f32], out: &mut [f32]) {
        for column in (0..self.columns).step_by(WIDTH) {
            let mut row = 0;
            while row < rows {
                let left = rows - row;
                // SAFETY: the block lies inside the matrices, whose sizes were checked.
                unsafe {
                    row += match (left, self.columns - column >= WIDTH) {
                        (8.., true) => self.block_vnni::<8, 2>(row, column, x, bias, out),
                        (4.., true) => self.block_vnni::<4, 2>(row, column, x, bias, out),
                        (2.., true) => self.block_vnni::<2, 2>(row, column, x, bias, out),
                        (_, true) => self.block_vnni::<1, 2>(row, column, x, bias, out),
                        (4.., false) => self.block_vnni::<4, 1>(row, column, x, bias, out),
                        (_, false) => self.block_vnni::<1, 1>(row, column, x, bias, out),
                    };
                }
            }
        }
    }

    /// `R` rows of 16 × `C` columns of the result; gives the number of rows.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    unsafe fn block_vnni<const R: usize, const C: usize>(
        &self,
        row: usize,
        column: usize,
        x: &[u8],
        bias: &[f32],
        out: &mut [f32],
    ) -> usize {
        use std::arch::x86_64::*;
        let mut sums = [[_mm512_setzero_si512(); C]; R];
        // SAFETY: the caller's.
        unsafe {
            let x = x.as_ptr().add(row * self.depth);
            let w = self.weights.as_ptr().add(4 * column);
            for k in 0..self.depth / 4 {
                let w = w.add(4 * k * self.columns);
                let w: [__m512i; C] = std::array::from_fn(|c| _mm512_loadu_si512(w.add(64 * c).cast()));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = _mm512_set1_epi32(x.add(r * self.depth + 4 * k).cast::<i32>().read_unaligned());
                    for c in 0..C {
                        sums[c] = _mm512_dpbusd_epi32(sums[c], x, w[c]);
                    }
                }
            }
            for (r, sums) in sums.iter().enumerate() {
                for (c, sum) in sums.iter().enumerate() {
                    let at = column + 16 * c;
                    let shift = _mm512_loadu_si512(self.shifts.as_ptr().add(at).cast());
                    let scale = _mm512_loadu_ps(self.scales.as_ptr().add(at));
                    let y = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(*sum, shift)), scale);
                    let y = _mm512_add_ps(y, _mm512_loadu_ps(bias.as_ptr().add(at)));
                    _mm512_storeu_ps(out.as_mut_ptr().add((row + r) * self.columns + at), y);
                }
            }
        }
        R
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever instructions are used, the result is the same to the last bit, and near the unrounded one.
    #[test]
    fn every_way_gives_the_same() {
        for (rows, depth, columns) in [(1, 16, 16), (7, 32, 48), (19, 64, 96)] {
            let mut seed = 9u32;
            let mut random = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
            };
            let weights: Vec<f32> = (0..depth * columns).map(|_| 3.0 * random()).collect();
            let bias: Vec<f32> = (0..columns).map(|_| random()).collect();
            let values: Vec<f32> = (0..rows * depth).map(|_| 1.1 * random()).collect();
            let mut x = Vec::new();
            round(&values, &mut x);
            let matrix = Rounded::new(&weights, depth, columns);
            let mut best = Vec::new();
            matrix.multiply(rows, &x, &bias, &mut best);
            let mut plain = vec![0.0; rows * columns];
            matrix.multiply_plain(rows, &x, &bias, &mut plain);
            assert_eq!(best, plain);
            #[cfg(target_arch = "x86_64")]
            if std::is_x86_feature_detected!("avx2") {
                let mut avx2 = vec![0.0; rows * columns];
                // SAFETY: the feature was detected.
                unsafe { matrix.multiply_avx2(rows, &x, &bias, &mut avx2) };
                assert_eq!(avx2, plain);
            }
            for i in 0..rows {
                for j in 0..columns {
                    let exact: f32 = (0..depth)
                        .map(|k| values[i * depth + k].clamp(-1.0, 1.0) * weights[k * columns + j])
                        .sum::<f32>()
                        + bias[j];
                    assert!((plain[i * columns + j] - exact).abs() < 0.15, "{} {exact}", plain[i * columns + j]);
                }
            }
        }
    }
}
