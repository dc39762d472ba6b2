//! The neural parser: tokens in, heads, relations and parts of speech out.
//!
//! The network of [`super::network`] with frozen weights. Sentences are read in batches, so that each weight is loaded
//! once for many tokens; the first layer depends on the form alone and is remembered. All sums run in a fixed order,
//! so the trees are the same on every machine and do not depend on the batch.

use super::Deprel;
use super::features::{Classes, Feature, extract};
use super::matrix::{Left, add_product, add_scaled, leaky, leaky_all, recur, tanh_all};
use super::network::{BUCKETS, LABELS, Layout, Part, ROOT_BUCKET, Shape, TAGS, bucket};
use super::rounded::{Rounded, restore, round};
use super::section::Section;
use super::tree::Decoder;
use crate::analysis::{Analysis, Token};
use crate::model::{Model, ModelError};
use crate::morphology::{Lexicon, Upos};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Tokens of a batch; a sentence more may come on top.
const BATCH: usize = 192;
/// A longer sentence is no sentence; it is parsed in pieces of this length, so that time stays linear.
const PIECE: usize = 120;
/// Remembered forms; when they are full, all are forgotten.
const FORMS: usize = 1 << 15;

/// The neural parser.
#[derive(Debug)]
pub struct NeuralParser {
    layout: Layout,
    weights: Vec<f32>,
    /// The large matrices: of the recurrent layers, and the projections.
    layers: Vec<Rounded>,
    project: Rounded,
    /// The relative position of a head, by its distance; that of the token itself stands at PIECE.
    places: Vec<u8>,
    /// The vectors of relative positions, transposed.
    positions: Vec<f32>,
    rows: FxHashMap<u32, u32>,
    vectors: Vec<i8>,
    scales: Vec<f32>,
    /// The vector that every token gets: the kind of text.
    ground: Vec<f32>,
    classes: Classes,
}

/// A run of rows of a batch that is parsed as one tree.
#[derive(Debug, Clone, Copy)]
struct Span {
    row: usize,
    len: usize,
    /// First token of the piece, and of its sentence.
    token: usize,
    sentence: usize,
}

/// Memory of a worker.
#[derive(Debug, Default)]
pub struct Scratch {
    forms: FormCache,
    features: Vec<Feature>,
    spans: Vec<Span>,
    below: Vec<f32>,
    above: Vec<f32>,
    rounded: Vec<u8>,
    gates: Vec<f32>,
    projected: Vec<f32>,
    part: Vec<f32>,
    query: Vec<f32>,
    near: Vec<f32>,
    keys: Vec<f32>,
    scores: Vec<f32>,
    tag_scores: Vec<f32>,
    heads: Vec<usize>,
    decoder: Decoder,
}

/// The first layer of the forms seen last.
#[derive(Debug, Default)]
struct FormCache {
    slots: FxHashMap<u64, (u32, u32, u32)>,
    strings: String,
    /// The first layers, rounded.
    values: Vec<u8>,
    sum: Vec<f32>,
    layer: Vec<f32>,
    rounded: Vec<u8>,
}

impl NeuralParser {
    /// Takes its section out of the model and links it to the lexicon.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model, lexicon: &Lexicon) -> Result<NeuralParser, ModelError> {
        let s = Section::from_bytes(model.section("parser")?)?;
        let layout = Layout::new(s.shape);
        let [.., positions] = layout.arc;
        let positions = super::matrix::transpose(&s.weights[positions.range()], positions.rows, positions.columns);
        let rows = s.keys.iter().enumerate().map(|(i, k)| (*k, i as u32)).collect();
        let rounded = |p: Part| Rounded::new(&s.weights[p.range()], p.rows, p.columns);
        Ok(NeuralParser {
            layers: layout.layers.iter().map(|l| rounded(l[0])).collect(),
            project: rounded(layout.project[0]),
            layout,
            weights: s.weights,
            places: (0..2 * PIECE).map(|k| bucket(PIECE, k) as u8).collect(),
            positions,
            rows,
            vectors: s.vectors,
            scales: s.scales,
            ground: s.ground,
            classes: Classes::new(lexicon),
        })
    }

    /// Fills in head, relation and part of speech of every token.
    pub fn parse(&self, text: &str, lexicon: &Lexicon, analysis: &mut Analysis, scratch: &mut Scratch) {
        scratch.spans.clear();
        let mut row = 0;
        for s in 0..analysis.sentences.len() {
            let tokens = analysis.sentences[s].tokens();
            let mut at = tokens.start;
            while at < tokens.end {
                let len = PIECE.min(tokens.end - at);
                if row > 0 && row + len > BATCH {
                    self.parse_batch(text, lexicon, analysis, scratch);
                    scratch.spans.clear();
                    row = 0;
                }
                scratch.spans.push(Span { row, len, token: at, sentence: tokens.start });
                row += len;
                at += len;
            }
        }
        if row > 0 {
            self.parse_batch(text, lexicon, analysis, scratch);
        }
    }

    fn weights(&self, part: Part) -> &[f32] {
        &self.weights[part.range()]
    }

    fn parse_batch(&self, text: &str, lexicon: &Lexicon, analysis: &mut Analysis, s: &mut Scratch) {
        let Shape { hidden, arc, tag, .. } = self.layout.shape;
        let wide = 2 * hidden;
        let rows = s.spans.last().map_or(0, |l| l.row + l.len);

        s.rounded.clear();
        for span in &s.spans {
            for i in span.token..span.token + span.len {
                let at = s.forms.first_layer(self, lexicon, analysis.form(text, i), &mut s.features);
                s.rounded.extend_from_slice(&s.forms.values[at..at + wide]);
            }
        }
        s.below.resize(rows * wide, 0.0);
        restore(&s.rounded, &mut s.below);
        for ([_, bias, state], weights) in self.layout.layers.iter().zip(&self.layers) {
            weights.multiply(rows, &s.rounded, self.weights(*bias), &mut s.gates);
            s.above.resize(rows * wide, 0.0);
            for span in &s.spans {
                let (gates, x, out) = (
                    &s.gates[span.row * 6 * hidden..][..span.len * 6 * hidden],
                    &s.below[span.row * wide..][..span.len * wide],
                    &mut s.above[span.row * wide..][..span.len * wide],
                );
                recur(hidden, gates, x, self.weights(*state), out);
            }
            std::mem::swap(&mut s.below, &mut s.above);
            round(&s.below, &mut s.rounded);
        }
        let shape = self.layout.shape;
        self.project.multiply(rows, &s.rounded, self.weights(self.layout.project[1]), &mut s.projected);
        let (columns, linear) = (shape.projected(), shape.label_columns());
        for row in s.projected.chunks_exact_mut(columns) {
            leaky_all(&mut row[..linear.start]);
            leaky_all(&mut row[linear.end..]);
        }

        let part = |projected: &[f32], range: std::ops::Range<usize>, out: &mut Vec<f32>| {
            out.clear();
            projected.chunks_exact(columns).for_each(|row| out.extend_from_slice(&row[range.clone()]));
        };
        part(&s.projected, shape.tag_columns(), &mut s.part);
        let [weights, bias] = self.layout.tag;
        multiply(rows, tag, &s.part, self.weights(weights), self.weights(bias), &mut s.tag_scores);
        part(&s.projected, shape.dependent_columns(), &mut s.part);
        let [weights, bias, root, _] = self.layout.arc;
        multiply(rows, arc, &s.part, self.weights(weights), self.weights(bias), &mut s.query);
        s.near.clear();
        s.near.resize(rows * BUCKETS, 0.0);
        add_product(rows, BUCKETS, arc, Left::plain(&s.query, arc), &self.positions, &mut s.near);

        s.heads.clear();
        for span in &s.spans {
            let width = (span.len + 1).next_multiple_of(16);
            s.keys.clear();
            s.keys.resize(arc * width, 0.0);
            for (j, x) in self.weights(root).iter().enumerate() {
                s.keys[j * width] = *x;
            }
            for k in 0..span.len {
                let head = &s.projected[(span.row + k) * columns..][shape.head_columns()];
                head.iter().enumerate().for_each(|(j, x)| s.keys[j * width + k + 1] = *x);
            }
            s.scores.clear();
            s.scores.resize(span.len * width, 0.0);
            let query = &s.query[span.row * arc..][..span.len * arc];
            add_product(span.len, width, arc, Left::plain(query, arc), &s.keys, &mut s.scores);
            for (i, row) in s.scores.chunks_exact_mut(width).enumerate() {
                let near = &s.near[(span.row + i) * BUCKETS..][..BUCKETS];
                row[0] += near[ROOT_BUCKET];
                let places = &self.places[PIECE - i..][..span.len];
                row[1..].iter_mut().zip(places).for_each(|(x, place)| *x += near[*place as usize % BUCKETS]);
            }
            s.heads.extend_from_slice(s.decoder.decode(span.len, &s.scores, width));
        }
        self.relations(s, rows);
        self.write(analysis, s);
    }

    /// Leaves the scores of the relations to the heads in `s.scores`.
    fn relations(&self, s: &mut Scratch, rows: usize) {
        let shape = self.layout.shape;
        let (l, columns) = (shape.label, shape.projected());
        let [near, root, bias, weights, out_bias] = self.layout.label;
        let (near, root, bias) = (self.weights(near), self.weights(root), self.weights(bias));
        s.part.clear();
        s.part.resize(rows * l, 0.0);
        for span in &s.spans {
            for i in 0..span.len {
                let row = span.row + i;
                let own = &s.projected[row * columns..][shape.label_dependent_columns()];
                let (head, position) = match s.heads[row] {
                    0 => (root, ROOT_BUCKET),
                    k => (&s.projected[(span.row + k - 1) * columns..][shape.label_head_columns()], bucket(i, k - 1)),
                };
                let near = &near[position * l..][..l];
                for (j, x) in s.part[row * l..][..l].iter_mut().enumerate() {
                    *x = leaky(bias[j] + (own[j] + head[j] + near[j]));
                }
            }
        }
        multiply(rows, l, &s.part, self.weights(weights), self.weights(out_bias), &mut s.scores);
    }

    fn write(&self, analysis: &mut Analysis, s: &Scratch) {
        for span in &s.spans {
            // The root of a later piece of a sentence that was cut hangs on the sentence's root.
            let first = (span.token > span.sentence)
                .then(|| (span.sentence..span.token).find(|t| analysis.tokens[*t].head == Token::ROOT))
                .flatten();
            for i in 0..span.len {
                let row = span.row + i;
                let token = &mut analysis.tokens[span.token + i];
                let scores = &s.scores[row * LABELS..][..Deprel::COUNT];
                (token.head, token.deprel) = match (s.heads[row], first) {
                    (0, None) => (Token::ROOT, Deprel::Root),
                    (0, Some(root)) => (root as u32, Deprel::Parataxis),
                    (k, _) => ((span.token + k - 1) as u32, Deprel::ALL[best(scores, Deprel::Root as usize)]),
                };
                token.upos = Upos::ALL[best(&s.tag_scores[row * TAGS..][..Upos::COUNT], usize::MAX)];
            }
        }
    }
}

/// The index of the highest score other than `not`; of equals the first.
fn best(scores: &[f32], not: usize) -> usize {
    (0..scores.len()).filter(|j| *j != not).fold(0, |b, j| if scores[j] > scores[b] { j } else { b })
}

/// `out` = bias + x · weights.
fn multiply(rows: usize, depth: usize, x: &[f32], weights: &[f32], bias: &[f32], out: &mut Vec<f32>) {
    out.clear();
    (0..rows).for_each(|_| out.extend_from_slice(bias));
    add_product(rows, bias.len(), depth, Left::plain(x, depth), weights, out);
}

impl FormCache {
    /// Where the first layer of the form lies in `values`.
    fn first_layer(
        &mut self,
        parser: &NeuralParser,
        lexicon: &Lexicon,
        form: &str,
        features: &mut Vec<Feature>,
    ) -> usize {
        let wide = 2 * parser.layout.shape.hidden;
        let mut hasher = FxHasher::default();
        hasher.write(form.as_bytes());
        let hash = hasher.finish();
        match self.slots.get(&hash) {
            Some((start, end, slot)) if &self.strings[*start as usize..*end as usize] == form => {
                return *slot as usize * wide;
            }
            // Two forms with one hash: the later takes the place.
            Some(_) => {}
            None if self.slots.len() >= FORMS => self.clear(),
            None => {}
        }
        extract(form, lexicon, &parser.classes, features);
        self.sum.clear();
        self.sum.extend_from_slice(&parser.ground);
        let n = self.sum.len();
        for f in features.iter() {
            if let Some(row) = parser.rows.get(&f.key) {
                let scale = parser.scales[*row as usize] * f.weight;
                add_scaled(&mut self.sum, &parser.vectors[*row as usize * n..][..n], scale);
            }
        }
        let [weights, bias] = parser.layout.input;
        multiply(1, n, &self.sum, parser.weights(weights), parser.weights(bias), &mut self.layer);
        tanh_all(&mut self.layer);
        round(&self.layer, &mut self.rounded);
        let slot = self.values.len() / wide;
        self.values.extend_from_slice(&self.rounded);
        let start = self.strings.len();
        self.strings.push_str(form);
        self.slots.insert(hash, (start as u32, self.strings.len() as u32, slot as u32));
        slot * wide
    }

    fn clear(&mut self) {
        self.slots.clear();
        self.strings.clear();
        self.values.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Sentence;
    use proptest::prelude::*;

    static LEXICON: std::sync::LazyLock<Lexicon> = std::sync::LazyLock::new(|| {
        let model = Model::from_bytes(include_bytes!("../../model/de.model")).expect("the model in the program");
        Lexicon::new(&model).expect("the lexicon in the model")
    });

    /// A parser with random weights: its trees are nonsense, but they must be trees.
    fn parser() -> NeuralParser {
        let shape = Shape { embed: 16, hidden: 32, layers: 1, arc: 16, label: 16, tag: 16 };
        let mut seed = 5u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let weights: Vec<f32> = (0..Layout::new(shape).len).map(|_| random()).collect();
        let mut keys: Vec<u32> =
            "abcdefghijklmnopqrstuvwxyz".split("").map(|c| super::super::features::key("s1", c)).collect();
        keys.sort_unstable();
        keys.dedup();
        let vectors: Vec<f32> = (0..keys.len() * 16).map(|_| 4.0 * random()).collect();
        let mut model = Model::default();
        model.set("parser", Section::to_bytes(shape, &weights, &keys, &vectors, &[0.5; 16]));
        NeuralParser::new(&model, &LEXICON).expect("well-formed sections")
    }

    /// Splits at blanks and ends a sentence at each full stop.
    fn split(text: &str) -> Analysis {
        let mut a = Analysis::default();
        let mut first = 0;
        let mut at = 0;
        for word in text.split(' ') {
            if !word.is_empty() {
                a.tokens.push(Token::new(at, at + word.len(), a.sentences.len()));
            }
            at += word.len() + 1;
            if word.ends_with('.') || at > text.len() {
                let last = a.tokens.len();
                if last > first {
                    let (start, end) = (a.tokens[first].start, a.tokens[last - 1].end);
                    a.sentences.push(Sentence { start, end, first: first as u32, last: last as u32 });
                }
                first = last;
            }
        }
        a
    }

    fn parsed(text: &str) -> Analysis {
        let mut a = split(text);
        parser().parse(text, &LEXICON, &mut a, &mut Scratch::default());
        a
    }

    fn assert_trees(a: &Analysis) {
        for s in &a.sentences {
            assert_eq!(s.tokens().filter(|i| a.head(*i).is_none()).count(), 1);
            for mut i in s.tokens() {
                assert_eq!(a.head(i).is_none(), a.tokens[i].deprel == Deprel::Root);
                let mut steps = 0;
                while let Some(head) = a.head(i) {
                    assert!(s.tokens().contains(&head) && steps <= s.tokens().len());
                    i = head;
                    steps += 1;
                }
            }
        }
    }

    #[test]
    fn a_text_without_full_stops_is_one_tree() {
        let a = parsed(&"Der Minister reist nach Norden weiter ".repeat(300));
        assert_eq!(a.sentences.len(), 1);
        assert_trees(&a);
    }

    #[test]
    fn trees_do_not_depend_on_their_neighbours() {
        let one = "Die Lage bleibt angespannt.";
        let many = format!("{one} {}", "Beide Seiten schweigen. Niemand wei\u{df}, wie lange. ".repeat(90));
        let (alone, among) = (parsed(one), parsed(&many));
        assert_trees(&among);
        assert_eq!(alone.tokens[..], among.tokens[..alone.tokens.len()]);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let shape = Shape { embed: 16, hidden: 32, layers: 1, arc: 16, label: 16, tag: 16 };
        let weights = vec![0.1; Layout::new(shape).len];
        let bytes = Section::to_bytes(shape, &weights, &[1, 5], &[0.2; 32], &[0.0; 16]);
        assert_eq!(Section::from_bytes(&bytes).expect("whole").keys, [1, 5]);
        for n in 0..bytes.len() {
            assert!(Section::from_bytes(&bytes[..n]).is_err(), "{n} bytes");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_gives_one_tree_a_sentence(text in "(\\PC{0,6}[ .]{1,2}){0,40}") {
            assert_trees(&parsed(&text));
        }
    }
}
