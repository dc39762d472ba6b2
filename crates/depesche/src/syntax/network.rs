//! The network's sizes and the places of its weights: what training and reading must agree on.

/// Columns of the relation scores, padded.
pub const LABELS: usize = 48;
/// Columns of the part of speech scores, padded.
pub const TAGS: usize = 32;
/// Number of relative positions of a head.
pub const BUCKETS: usize = 32;
/// The position of the root.
pub const ROOT_BUCKET: usize = 31;

/// The relative position of head `k` seen from dependent `i`.
pub fn bucket(i: usize, k: usize) -> usize {
    let (side, distance) = if k > i { (15, k - i) } else { (0, i - k) };
    side + match distance {
        0..=8 => distance,
        9..=11 => 9,
        12..=15 => 10,
        16..=21 => 11,
        22..=30 => 12,
        _ => 13,
    }
}

/// Sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Numbers in a feature vector.
    pub embed: usize,
    /// Units of a recurrent layer in one direction.
    pub hidden: usize,
    /// Recurrent layers.
    pub layers: usize,
    /// Numbers of a word as a head or dependent.
    pub arc: usize,
    /// Hidden units of the relation scorer.
    pub label: usize,
    /// Hidden units of the part of speech scorer.
    pub tag: usize,
}

impl Shape {
    /// Columns of all projections.
    pub fn projected(&self) -> usize {
        2 * self.arc + 2 * self.label + self.tag
    }

    /// Columns of words as dependents.
    pub fn dependent_columns(&self) -> std::ops::Range<usize> {
        0..self.arc
    }

    /// Columns of words as heads.
    pub fn head_columns(&self) -> std::ops::Range<usize> {
        self.arc..2 * self.arc
    }

    /// Columns of words as dependents of a relation.
    pub fn label_dependent_columns(&self) -> std::ops::Range<usize> {
        2 * self.arc..2 * self.arc + self.label
    }

    /// Columns of words as heads of a relation.
    pub fn label_head_columns(&self) -> std::ops::Range<usize> {
        2 * self.arc + self.label..2 * self.arc + 2 * self.label
    }

    /// Columns of both sides of a relation.
    pub fn label_columns(&self) -> std::ops::Range<usize> {
        2 * self.arc..2 * self.arc + 2 * self.label
    }

    /// Columns of the part of speech scorer.
    pub fn tag_columns(&self) -> std::ops::Range<usize> {
        2 * self.arc + 2 * self.label..self.projected()
    }
}

/// A part of the flat parameter vector: a matrix of `rows` × `columns`.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// First number.
    pub at: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Part {
    /// Its place in the flat vector.
    pub fn range(self) -> std::ops::Range<usize> {
        self.at..self.at + self.rows * self.columns
    }
}

/// Lays parts one behind the other.
#[derive(Debug, Default)]
pub struct Row {
    /// Numbers so far.
    pub len: usize,
}

impl Row {
    /// The next part.
    pub fn part(&mut self, rows: usize, columns: usize) -> Part {
        let part = Part { at: self.len, rows, columns };
        self.len += rows * columns;
        part
    }

    /// A recurrent layer of so many units in each direction: weights, biases, weights of the state in the gates.
    pub fn recurrent(&mut self, hidden: usize) -> [Part; 3] {
        [self.part(2 * hidden, 6 * hidden), self.part(1, 6 * hidden), self.part(1, 4 * hidden)]
    }
}

/// Where each part lies.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Sizes.
    pub shape: Shape,
    /// Feature vectors to the first layer, and its bias.
    pub input: [Part; 2],
    /// For each recurrent layer: weights, biases, weights of the state in the gates.
    pub layers: Vec<[Part; 3]>,
    /// The projections and their bias.
    pub project: [Part; 2],
    /// The arc matrix, its bias for heads, the root as head, the vectors of relative positions.
    pub arc: [Part; 4],
    /// Relation scorer: positions, root, bias, output, output bias.
    pub label: [Part; 5],
    /// Part of speech scorer and its bias.
    pub tag: [Part; 2],
    /// Length of the flat vector.
    pub len: usize,
}

impl Layout {
    /// The layout for these sizes.
    pub fn new(shape: Shape) -> Layout {
        let mut row = Row::default();
        let Shape { embed, hidden, layers, arc, label, tag } = shape;
        let wide = 2 * hidden;
        let input = [row.part(embed, wide), row.part(1, wide)];
        let layers = (0..layers).map(|_| row.recurrent(hidden)).collect();
        let project = [row.part(wide, shape.projected()), row.part(1, shape.projected())];
        let arc = [row.part(arc, arc), row.part(1, arc), row.part(1, arc), row.part(BUCKETS, arc)];
        let label = [
            row.part(BUCKETS, label),
            row.part(1, label),
            row.part(1, label),
            row.part(label, LABELS),
            row.part(1, LABELS),
        ];
        let tag = [row.part(tag, TAGS), row.part(1, TAGS)];
        Layout { input, layers, project, arc, label, tag, len: row.len, shape }
    }

    /// All parts, in their order in the vector.
    pub fn parts(&self) -> Vec<Part> {
        let mut out = self.input.to_vec();
        out.extend(self.layers.iter().flatten());
        out.extend(self.project);
        out.extend(self.arc);
        out.extend(self.label);
        out.extend(self.tag);
        out
    }
}
