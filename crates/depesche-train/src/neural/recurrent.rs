//! A layer of bidirectional simple recurrent units (Lei et al. 2018) with its gradient.

#![allow(clippy::needless_range_loop)] // counted loops over arrays are what the compiler turns into registers

use super::net::{Span, add_columns, bias_rows, times};
use depesche::syntax::matrix::{Left, add_product, sigmoid, tanh, transpose};
use depesche::syntax::network::Part;

/// What the backward pass needs of a layer's forward pass.
pub struct Recurrent {
    /// Input after dropout.
    x: Vec<f32>,
    mask: Vec<f32>,
    /// Candidate, forget and reset gates of both directions (rows of 6 × hidden).
    gates: Vec<f32>,
    /// States of both directions (rows of 2 × hidden).
    state: Vec<f32>,
}

impl Recurrent {
    /// Runs a layer of `h` units in each direction over the output of the layer below; gives its output, too.
    pub fn forward(
        h: usize,
        p: &[f32],
        [weights, bias, peep]: &[Part; 3],
        spans: &[Span],
        below: &[f32],
        mask: Vec<f32>,
    ) -> (Recurrent, Vec<f32>) {
        let wide = 2 * h;
        let rows = below.len() / wide;
        let x = times(below, &mask);
        let mut gates = bias_rows(&p[bias.range()], rows);
        add_product(rows, 6 * h, wide, Left::plain(&x, wide), &p[weights.range()], &mut gates);
        let mut state = vec![0.0; rows * wide];
        let mut out = vec![0.0; rows * wide];
        let peep = &p[peep.range()];
        for span in spans {
            for backward in [false, true] {
                let (g0, s0) = if backward { (3 * h, h) } else { (0, 0) };
                let peep = &peep[if backward { 2 * h } else { 0 }..][..2 * h];
                let unit = Unit { h, g0, s0, peep, at: span.at, len: span.len, backward };
                unit.run(&mut gates, &x, &mut state, &mut out);
            }
        }
        (Recurrent { x, mask, gates, state }, out)
    }

    /// Adds the gradients of the layer's parameters to `g`; gives the gradient of the output below.
    pub fn backward(
        &self,
        h: usize,
        p: &[f32],
        [weights, bias, peep_part]: &[Part; 3],
        spans: &[Span],
        d_out: &[f32],
        g: &mut [f32],
    ) -> Vec<f32> {
        let wide = 2 * h;
        let rows = d_out.len() / wide;
        let mut d_gates = vec![0.0; rows * 6 * h];
        let mut d_x = vec![0.0; rows * wide];
        let mut d_peep = vec![0.0; 4 * h];
        for span in spans {
            for backward in [false, true] {
                let (g0, s0) = if backward { (3 * h, h) } else { (0, 0) };
                let peep = &p[peep_part.range()][if backward { 2 * h } else { 0 }..][..2 * h];
                let d_peep = &mut d_peep[if backward { 2 * h } else { 0 }..][..2 * h];
                let unit = Unit { h, g0, s0, peep, at: span.at, len: span.len, backward };
                unit.run_back(self, d_out, &mut d_gates, &mut d_x, d_peep);
            }
        }
        g[peep_part.range()].iter_mut().zip(&d_peep).for_each(|(g, d)| *g += d);
        add_product(wide, 6 * h, rows, Left::transposed(&self.x, wide), &d_gates, &mut g[weights.range()]);
        add_columns(&d_gates, &mut g[bias.range()]);
        let back = transpose(&p[weights.range()], wide, 6 * h);
        add_product(rows, wide, 6 * h, Left::plain(&d_gates, 6 * h), &back, &mut d_x);
        d_x.iter_mut().zip(&self.mask).for_each(|(d, m)| *d *= m);
        d_x
    }
}

/// The recurrent units of one direction over one sentence.
struct Unit<'a> {
    h: usize,
    /// First column of their gates.
    g0: usize,
    /// First column of their states.
    s0: usize,
    peep: &'a [f32],
    at: usize,
    len: usize,
    backward: bool,
}

/// A method that is compiled once for each vector width; the results are the same.
macro_rules! for_every_width {
    ($name:ident, $avx512:ident, $avx2:ident, $plain:ident, ($($arg:ident: $ty:ty),*)) => {
        fn $name(&self, $($arg: $ty),*) {
            #[cfg(target_arch = "x86_64")]
            {
                if std::is_x86_feature_detected!("avx512f") {
                    // SAFETY: the feature was detected.
                    return unsafe { self.$avx512($($arg),*) };
                }
                if std::is_x86_feature_detected!("avx2") {
                    // SAFETY: the feature was detected.
                    return unsafe { self.$avx2($($arg),*) };
                }
            }
            self.$plain($($arg),*);
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f")]
        fn $avx512(&self, $($arg: $ty),*) {
            self.$plain($($arg),*);
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $avx2(&self, $($arg: $ty),*) {
            self.$plain($($arg),*);
        }
    };
}

impl Unit<'_> {
    for_every_width!(run, run_avx512, run_avx2, run_plain, (
        gates: &mut [f32], x: &[f32], state: &mut [f32], out: &mut [f32]
    ));
    for_every_width!(run_back, run_back_avx512, run_back_avx2, run_back_plain, (
        layer: &Recurrent, d_out: &[f32], d_gates: &mut [f32], d_x: &mut [f32], d_peep: &mut [f32]
    ));

    fn token(&self, step: usize) -> usize {
        self.at + if self.backward { self.len - 1 - step } else { step }
    }

    #[inline(always)]
    fn run_plain(&self, gates: &mut [f32], x: &[f32], state: &mut [f32], out: &mut [f32]) {
        let (h, wide) = (self.h, 2 * self.h);
        let mut before = vec![0.0; h];
        let (peep_f, peep_r) = self.peep[..2 * h].split_at(h);
        for step in 0..self.len {
            let t = self.token(step);
            let g = &mut gates[t * 6 * h + self.g0..][..3 * h];
            let (z, rest) = g.split_at_mut(h);
            let (f, r) = rest.split_at_mut(h);
            let x = &x[t * wide + self.s0..][..h];
            let c = &mut state[t * wide + self.s0..][..h];
            let o = &mut out[t * wide + self.s0..][..h];
            for j in 0..h {
                f[j] = sigmoid(f[j] + peep_f[j] * before[j]);
                r[j] = sigmoid(r[j] + peep_r[j] * before[j]);
                c[j] = f[j] * before[j] + (1.0 - f[j]) * z[j];
                o[j] = r[j] * tanh(c[j]) + (1.0 - r[j]) * x[j];
            }
            before.copy_from_slice(c);
        }
    }

    #[inline(always)]
    fn run_back_plain(
        &self,
        layer: &Recurrent,
        d_out: &[f32],
        d_gates: &mut [f32],
        d_x: &mut [f32],
        d_peep: &mut [f32],
    ) {
        let (h, wide) = (self.h, 2 * self.h);
        let zeros = vec![0.0; h];
        let mut d_state = vec![0.0; h];
        let (peep_f, peep_r) = self.peep[..2 * h].split_at(h);
        let (d_peep_f, d_peep_r) = d_peep[..2 * h].split_at_mut(h);
        for step in (0..self.len).rev() {
            let t = self.token(step);
            let before = match step {
                0 => &zeros[..],
                _ => &layer.state[self.token(step - 1) * wide + self.s0..][..h],
            };
            let gates = &layer.gates[t * 6 * h + self.g0..][..3 * h];
            let (z, f, r) = (&gates[..h], &gates[h..2 * h], &gates[2 * h..]);
            let c = &layer.state[t * wide + self.s0..][..h];
            let x = &layer.x[t * wide + self.s0..][..h];
            let d_o = &d_out[t * wide + self.s0..][..h];
            let d_x = &mut d_x[t * wide + self.s0..][..h];
            let d_gates = &mut d_gates[t * 6 * h + self.g0..][..3 * h];
            let (d_z, rest) = d_gates.split_at_mut(h);
            let (d_f, d_r) = rest.split_at_mut(h);
            for j in 0..h {
                let y = tanh(c[j]);
                let reset = d_o[j] * (y - x[j]) * r[j] * (1.0 - r[j]);
                d_x[j] = d_o[j] * (1.0 - r[j]);
                let state = d_state[j] + d_o[j] * r[j] * (1.0 - y * y);
                let forget = state * (before[j] - z[j]) * f[j] * (1.0 - f[j]);
                d_z[j] = state * (1.0 - f[j]);
                d_f[j] = forget;
                d_r[j] = reset;
                d_peep_f[j] += forget * before[j];
                d_peep_r[j] += reset * before[j];
                d_state[j] = state * f[j] + forget * peep_f[j] + reset * peep_r[j];
            }
        }
    }
}
