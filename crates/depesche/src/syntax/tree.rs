//! Decoding: a table of attachment scores in, the best tree with exactly one root out.
//!
//! Maximum spanning arborescence after Chu and Liu (1965) and Edmonds (1967). Most sentences need no search: if
//! the best head of every token already makes a tree, that is the answer.

/// Memory of the decoder, kept between sentences.
#[derive(Debug, Default)]
pub struct Decoder {
    heads: Vec<usize>,
    colour: Vec<u32>,
}

impl Decoder {
    /// The head of each of `n` tokens (0 for the root, else the token's number from 1), by scores in rows of
    /// `width` > n: row i, column h is the score of token i + 1 under h.
    pub fn decode(&mut self, n: usize, scores: &[f32], width: usize) -> &[usize] {
        self.heads.clear();
        self.heads.push(0);
        for i in 0..n {
            let row = &scores[i * width..i * width + n + 1];
            let mut best = 0;
            for (h, s) in row.iter().enumerate() {
                if h != i + 1 && *s > row[best] {
                    best = h;
                }
            }
            self.heads.push(best);
        }
        if n > 0 && !self.is_tree() {
            self.search(n, scores, width);
        }
        &self.heads[1..]
    }

    /// Whether the heads make one tree with one root.
    fn is_tree(&mut self) -> bool {
        if self.heads[1..].iter().filter(|h| **h == 0).count() != 1 {
            return false;
        }
        self.colour.clear();
        self.colour.resize(self.heads.len(), 0);
        self.colour[0] = u32::MAX;
        for i in 1..self.heads.len() {
            let mut at = i;
            while self.colour[at] == 0 {
                self.colour[at] = i as u32;
                at = self.heads[at];
            }
            if self.colour[at] == i as u32 {
                return false;
            }
            // What hangs on a finished path is finished.
            let mut back = i;
            while self.colour[back] == i as u32 {
                self.colour[back] = u32::MAX;
                back = self.heads[back];
            }
        }
        true
    }

    fn search(&mut self, n: usize, scores: &[f32], width: usize) {
        // A root costs so much that the best tree has just one (Zmigrod, Vieira and Cotterell 2020 discuss the bound).
        let (low, high) = (0..n)
            .flat_map(|i| &scores[i * width..i * width + n + 1])
            .filter(|s| s.is_finite())
            .fold((f32::MAX, f32::MIN), |(a, b), s| (a.min(*s), b.max(*s)));
        let span = f64::from(high - low).max(1.0);
        let cost = span * (n as f64 + 1.0);
        let m = n + 1;
        let mut table = vec![f64::NEG_INFINITY; m * m];
        for i in 1..m {
            for h in (0..m).filter(|h| *h != i) {
                let s = f64::from(scores[(i - 1) * width + h]).max(f64::from(low));
                table[i * m + h] = if h == 0 { s - cost } else { s };
            }
        }
        let best = arborescence(m, &table);
        self.heads.clear();
        self.heads.extend(best);
    }
}

/// Heads of the maximum arborescence rooted in 0; `table[i * m + h]` is the score of i under h.
fn arborescence(m: usize, table: &[f64]) -> Vec<usize> {
    let mut heads = vec![0; m];
    for i in 1..m {
        let row = &table[i * m..(i + 1) * m];
        heads[i] = (0..m).filter(|h| *h != i).fold(0, |b, h| if row[h] > row[b] { h } else { b });
    }
    let Some(cycle) = cycle(&heads) else {
        return heads;
    };
    // Contract the cycle into one node, solve, and open it where the solution enters it.
    let inside = |i: usize| cycle.contains(&i);
    let mut outer: Vec<usize> = (0..m).filter(|i| !inside(*i)).collect();
    let node = outer.len();
    let small = node + 1;
    let mut reduced = vec![f64::NEG_INFINITY; small * small];
    let mut enter = vec![0; node];
    let mut leave = vec![0; node];
    for (a, &i) in outer.iter().enumerate() {
        for (b, &h) in outer.iter().enumerate() {
            reduced[a * small + b] = table[i * m + h];
        }
        if i != 0 {
            let best =
                cycle.iter().copied().fold(cycle[0], |b, h| if table[i * m + h] > table[i * m + b] { h } else { b });
            leave[a] = best;
            reduced[a * small + node] = table[i * m + best];
        }
        let gain = |c: usize| table[c * m + i] - table[c * m + heads[c]];
        let best = cycle.iter().copied().fold(cycle[0], |b, c| if gain(c) > gain(b) { c } else { b });
        enter[a] = best;
        reduced[node * small + a] = gain(best);
    }
    let solved = arborescence(small, &reduced);
    for a in 1..node {
        heads[outer[a]] = if solved[a] == node { leave[a] } else { outer[solved[a]] };
    }
    let from = solved[node];
    heads[enter[from]] = outer.swap_remove(from);
    heads
}

fn cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut colour = vec![0; heads.len()];
    for i in 1..heads.len() {
        let mut at = i;
        while at != 0 && colour[at] == 0 {
            colour[at] = i;
            at = heads[at];
        }
        if at != 0 && colour[at] == i {
            let mut found = vec![at];
            let mut next = heads[at];
            while next != at {
                found.push(next);
                next = heads[next];
            }
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(n: usize, scores: &[f32], heads: &[usize]) -> f32 {
        (0..n).map(|i| scores[i * (n + 1) + heads[i]]).sum()
    }

    fn well_formed(heads: &[usize]) -> bool {
        heads.iter().filter(|h| **h == 0).count() == 1
            && (1..=heads.len()).all(|i| {
                let (mut at, mut steps) = (i, 0);
                while at != 0 && steps <= heads.len() {
                    at = heads[at - 1];
                    steps += 1;
                }
                at == 0
            })
    }

    /// All trees of up to four tokens are tried.
    #[test]
    fn finds_the_best_tree() {
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 1e6
        };
        let mut decoder = Decoder::default();
        for round in 0..400 {
            let n = 1 + round % 4usize;
            let scores: Vec<f32> = (0..n * (n + 1)).map(|_| random()).collect();
            let mut best = f32::MIN;
            for code in 0..(n + 1).pow(n as u32) {
                let heads: Vec<usize> = (0..n).map(|i| code / (n + 1).pow(i as u32) % (n + 1)).collect();
                if (0..n).all(|i| heads[i] != i + 1) && well_formed(&heads) {
                    best = best.max(total(n, &scores, &heads));
                }
            }
            let heads = decoder.decode(n, &scores, n + 1).to_vec();
            assert!(well_formed(&heads), "{heads:?}");
            assert!((total(n, &scores, &heads) - best).abs() < 1e-3);
        }
    }
}
