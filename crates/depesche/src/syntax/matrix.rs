//! Matrix products and elementwise functions, for reading and for training.
//!
//! Every output is the sum of its products in the order of `k`, without fused multiply-add, so the result is the same
//! on every machine whatever its vector width; the vector units only change the speed.

#![allow(clippy::needless_range_loop)] // counted loops over arrays are what the compiler turns into registers

/// Columns of the register block.
pub const COLS: usize = 32;
/// Depth of a block, chosen so that a panel of the right matrix stays in the first-level cache.
const DEPTH: usize = 256;

/// The left factor: row and column stride let it be read transposed.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    values: &'a [f32],
    row: usize,
    column: usize,
}

impl<'a> Left<'a> {
    /// The matrix as it lies in memory, rows of `width`.
    pub fn plain(values: &'a [f32], width: usize) -> Self {
        Left { values, row: width, column: 1 }
    }

    /// The transpose of the matrix that lies in memory with rows of `width`.
    pub fn transposed(values: &'a [f32], width: usize) -> Self {
        Left { values, row: 1, column: width }
    }
}

/// Compiles a function once for each vector width and runs the widest that the machine has; the results are the same.
macro_rules! for_every_width {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        $vis fn $name($($arg: $ty),*) {
            #[inline(always)]
            fn plain($($arg: $ty),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw")]
            fn avx512($($arg: $ty),*) {
                plain($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn avx2($($arg: $ty),*) {
                plain($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            {
                if std::is_x86_feature_detected!("avx512f") && std::is_x86_feature_detected!("avx512bw") {
                    // SAFETY: the features were detected.
                    return unsafe { avx512($($arg),*) };
                }
                if std::is_x86_feature_detected!("avx2") {
                    // SAFETY: the feature was detected.
                    return unsafe { avx2($($arg),*) };
                }
            }
            plain($($arg),*)
        }
    };
}
pub(crate) use for_every_width;

for_every_width! {
    /// Adds `a` (m × k) times `b` (k × n, rows of `n`) to `c` (m × n, rows of `n`); `n` is a multiple of 16.
    pub fn add_product(m: usize, n: usize, k: usize, a: Left<'_>, b: &[f32], c: &mut [f32]) {
        if m == 0 || n == 0 || k == 0 {
            return;
        }
        assert!(n.is_multiple_of(16), "the width is padded");
        assert!((m - 1) * a.row + (k - 1) * a.column < a.values.len());
        assert!(k * n <= b.len() && m * n <= c.len());
        for depth in (0..k).step_by(DEPTH) {
            let deep = DEPTH.min(k - depth);
            let mut column = 0;
            while column < n {
                let wide = n - column >= COLS;
                let mut row = 0;
                while row < m {
                    let left = Left { values: &a.values[row * a.row + depth * a.column..], ..a };
                    // SAFETY: rows, columns and depth stay inside the sizes checked above.
                    row += unsafe {
                        let b = b.as_ptr().add(depth * n + column);
                        let c = c.as_mut_ptr().add(row * n + column);
                        match (m - row, wide) {
                            (8.., true) => block::<8, COLS>(deep, n, left, b, c),
                            (4.., true) => block::<4, COLS>(deep, n, left, b, c),
                            (_, true) => block::<1, COLS>(deep, n, left, b, c),
                            (8.., false) => block::<8, 16>(deep, n, left, b, c),
                            (4.., false) => block::<4, 16>(deep, n, left, b, c),
                            (_, false) => block::<1, 16>(deep, n, left, b, c),
                        }
                    };
                }
                column += if wide { COLS } else { 16 };
            }
        }
    }
}

/// One block of the result, held in registers; gives its rows.
#[inline(always)]
unsafe fn block<const R: usize, const C: usize>(k: usize, n: usize, a: Left<'_>, b: *const f32, c: *mut f32) -> usize {
    let mut sums = [[0f32; C]; R];
    // SAFETY: the caller's.
    unsafe {
        for r in 0..R {
            for j in 0..C {
                sums[r][j] = *c.add(r * n + j);
            }
        }
        let a0 = a.values.as_ptr();
        for p in 0..k {
            let b = &*b.add(p * n).cast::<[f32; C]>();
            for (r, sum) in sums.iter_mut().enumerate() {
                let x = *a0.add(r * a.row + p * a.column);
                for j in 0..C {
                    sum[j] += x * b[j];
                }
            }
        }
        for r in 0..R {
            for j in 0..C {
                *c.add(r * n + j) = sums[r][j];
            }
        }
    }
    R
}

/// The transpose of `a` (rows × columns).
pub fn transpose(a: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; rows * columns];
    for (i, row) in a.chunks_exact(columns).take(rows).enumerate() {
        for (j, x) in row.iter().enumerate() {
            out[j * rows + i] = *x;
        }
    }
    out
}

/// The exponential, from basic operations only, so that it is the same everywhere; within 2e-7 relative.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    // Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
    const SHIFT: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + SHIFT;
    let n = shifted - SHIFT;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 5e-1;
    let y = p * r * r + r + 1.0;
    y * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

/// The logistic function.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// Slope of the leaky rectifier below zero.
pub const LEAK: f32 = 0.1;

/// The leaky rectifier.
#[inline(always)]
pub fn leaky(x: f32) -> f32 {
    if x > 0.0 { x } else { LEAK * x }
}

for_every_width! {
    /// Applies the leaky rectifier.
    pub fn leaky_all(values: &mut [f32]) {
        values.iter_mut().for_each(|x| *x = leaky(*x));
    }
}

for_every_width! {
    /// Applies the hyperbolic tangent.
    pub fn tanh_all(values: &mut [f32]) {
        values.iter_mut().for_each(|x| *x = tanh(*x));
    }
}

for_every_width! {
    /// Adds `scale` times a rounded vector.
    pub fn add_scaled(sum: &mut [f32], vector: &[i8], scale: f32) {
        sum.iter_mut().zip(vector).for_each(|(s, v)| *s += scale * f32::from(*v));
    }
}

/// Units that are run through the sentence together, so that their state stays in registers.
const UNITS: usize = 32;

for_every_width! {
    /// One layer of simple recurrent units (Lei et al. 2018) over a sentence, in both directions: `gates` holds
    /// candidate, forget and reset of each direction before their functions (rows of 6 × hidden), `x` the layer's input
    /// and `out` its output (rows of 2 × hidden), `peep` the weights of the state in the gates.
    pub fn recur(hidden: usize, gates: &[f32], x: &[f32], peep: &[f32], out: &mut [f32]) {
        let wide = 2 * hidden;
        let len = x.len() / wide;
        for direction in 0..2 {
            for unit in (0..hidden).step_by(UNITS) {
                let peep = &peep[direction * wide + unit..];
                let (Some(forget), Some(reset)) = (peep.first_chunk::<UNITS>(), peep[hidden..].first_chunk::<UNITS>())
                else {
                    return;
                };
                let mut state = [0f32; UNITS];
                for step in 0..len {
                    let t = if direction == 0 { step } else { len - 1 - step };
                    let gates = &gates[(2 * t + direction) * 3 * hidden + unit..];
                    let at = t * wide + direction * hidden + unit;
                    let (Some(z), Some(f), Some(r), Some(x), Some(o)) = (
                        gates.first_chunk::<UNITS>(),
                        gates[hidden..].first_chunk::<UNITS>(),
                        gates[2 * hidden..].first_chunk::<UNITS>(),
                        x[at..].first_chunk::<UNITS>(),
                        out[at..].first_chunk_mut::<UNITS>(),
                    ) else {
                        return;
                    };
                    for j in 0..UNITS {
                        let f = sigmoid(f[j] + forget[j] * state[j]);
                        let r = sigmoid(r[j] + reset[j] * state[j]);
                        let c = f * state[j] + (1.0 - f) * z[j];
                        o[j] = r * tanh(c) + (1.0 - r) * x[j];
                        state[j] = c;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_is_the_plain_sum_in_every_shape() {
        for (m, n, k) in [(1, 16, 3), (9, 48, 300), (17, 32, 5)] {
            let a: Vec<f32> = (0..m * k).map(|i| (i * 7 % 13) as f32 - 6.0).collect();
            let b: Vec<f32> = (0..k * n).map(|i| (i * 5 % 11) as f32 - 5.0).collect();
            let mut want = vec![1.0; m * n];
            for i in 0..m {
                for j in 0..n {
                    want[i * n + j] += (0..k).map(|p| a[i * k + p] * b[p * n + j]).sum::<f32>();
                }
            }
            let mut c = vec![1.0; m * n];
            add_product(m, n, k, Left::plain(&a, k), &b, &mut c);
            assert_eq!(c, want);
            let mut c = vec![1.0; m * n];
            add_product(m, n, k, Left::transposed(&transpose(&a, m, k), m), &b, &mut c);
            assert_eq!(c, want);
        }
    }

    #[test]
    fn functions_are_close() {
        for i in -400..400 {
            let x = i as f32 / 20.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-6, "{x}");
            assert!((tanh(x) - x.tanh()).abs() < 1e-6, "{x}");
        }
    }
}
