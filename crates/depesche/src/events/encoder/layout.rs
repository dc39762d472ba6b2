//! The network's sizes and the places of its weights: what training and reading must agree on.

use crate::syntax::network::{Part, Row};

/// How many states a question is answered by: its own token's, its head's, the mean of the sentence's, its own before
/// the layers.
pub const PLACES: usize = 4;

/// Sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Numbers in a feature vector.
    pub embed: usize,
    /// Units of a recurrent layer in one direction.
    pub hidden: usize,
    /// Recurrent layers.
    pub layers: usize,
    /// Units between the states and the scores.
    pub middle: usize,
    /// Numbers that a question brings beside the states: those of a feature vector or none.
    pub own: usize,
    /// Classes that are scored.
    pub classes: usize,
}

impl Shape {
    /// Numbers that a question is answered by.
    pub fn seen(&self) -> usize {
        PLACES * 2 * self.hidden + self.own
    }
}

/// Where each part lies in the flat vector of weights.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Sizes.
    pub shape: Shape,
    /// Feature vectors to the first layer, and its bias.
    pub input: [Part; 2],
    /// For each recurrent layer: weights, biases, weights of the state in the gates.
    pub layers: Vec<[Part; 3]>,
    /// What a question is answered by to the units between, and their bias.
    pub middle: [Part; 2],
    /// The scores, and their bias.
    pub output: [Part; 2],
    /// Length of the flat vector.
    pub len: usize,
}

impl Layout {
    /// The layout for these sizes.
    pub fn new(shape: Shape) -> Layout {
        let mut row = Row::default();
        let Shape { embed, hidden, layers, middle, classes, .. } = shape;
        let wide = 2 * hidden;
        let input = [row.part(embed, wide), row.part(1, wide)];
        let layers = (0..layers).map(|_| row.recurrent(hidden)).collect();
        let middle_parts = [row.part(shape.seen(), middle), row.part(1, middle)];
        let columns = classes.next_multiple_of(16);
        let output = [row.part(middle, columns), row.part(1, columns)];
        Layout { input, layers, middle: middle_parts, output, len: row.len, shape }
    }

    /// All parts, in their order in the vector.
    pub fn parts(&self) -> Vec<Part> {
        let mut out = self.input.to_vec();
        out.extend(self.layers.iter().flatten());
        out.extend(self.middle);
        out.extend(self.output);
        out
    }
}
