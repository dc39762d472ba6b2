//! Adam (Kingma and Ba 2015) for dense parameters and for the few rows of a table that a batch uses.

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.98;

/// The moments of a vector of parameters.
pub struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
}

/// The learning rate of a step (from 1): a short rise, a straight fall over `total` steps, and the correction of young moments.
pub fn rate(top: f32, step: usize, total: usize) -> f32 {
    let warm = (step as f32 / 150.0).min(1.0);
    let left = (1.0 - step as f32 / (total as f32 * 1.02)).max(0.02);
    let correct = (1.0 - BETA2.powi(step as i32)).sqrt() / (1.0 - BETA1.powi(step.min(1000) as i32));
    top * warm * left * correct
}

impl Adam {
    /// For so many parameters.
    pub fn new(len: usize) -> Adam {
        Adam { mean: vec![0.0; len], square: vec![0.0; len] }
    }

    /// A step for the parameters `p`, which are those from `at` on, along the gradient `g` times `scale`.
    pub fn step(&mut self, at: usize, p: &mut [f32], g: &[f32], rate: f32, scale: f32) {
        let (m, v) = (&mut self.mean[at..at + g.len()], &mut self.square[at..at + g.len()]);
        for j in 0..g.len() {
            let g = g[j] * scale;
            m[j] = BETA1 * m[j] + (1.0 - BETA1) * g;
            v[j] = BETA2 * v[j] + (1.0 - BETA2) * g * g;
            p[j] -= rate * m[j] / (v[j].sqrt() + 1e-8);
        }
    }

    /// A step for the rows of a table that were `used`: row, weight, and which of the sums in `d` it went into.
    pub fn step_rows(
        &mut self,
        table: &mut [f32],
        width: usize,
        used: &mut [(u32, f32, usize)],
        d: &[f32],
        rate: f32,
        scale: f32,
    ) {
        used.sort_by_key(|(row, _, at)| (*row, *at));
        let mut sum = vec![0.0; width];
        for group in used.chunk_by(|a, b| a.0 == b.0) {
            sum.fill(0.0);
            for (_, weight, at) in group {
                sum.iter_mut().zip(&d[at * width..][..width]).for_each(|(s, d)| *s += weight * d);
            }
            let at = group[0].0 as usize * width;
            self.step(at, &mut table[at..at + width], &sum, rate, scale);
        }
    }
}
