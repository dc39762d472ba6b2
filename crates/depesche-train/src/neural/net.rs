//! The network with its gradients, written out by hand.
//!
//! Sum of feature vectors → one tanh layer (all of it a function of the form) → layers of bidirectional simple
//! recurrent units (Lei et al. 2018) → projections → biaffine arc scores with relative positions (Dozat and Manning 2017;
//! Shaw et al. 2018), relation scores from a hidden layer over dependent and head (Kiperwasser and Goldberg 2016), and
//! parts of speech. A batch is a run of sentences whose tokens lie in rows of one matrix.

use super::random::Random;
use super::recurrent::Recurrent;
use depesche::morphology::Upos;
use depesche::syntax::Deprel;
use depesche::syntax::matrix::{LEAK, Left, add_product, leaky, tanh, transpose};
#[cfg(test)]
use depesche::syntax::network::Shape;
use depesche::syntax::network::{BUCKETS, LABELS, Layout, ROOT_BUCKET, TAGS, bucket};

/// Fresh parameters.
pub fn initial(layout: &Layout, random: &mut Random) -> Vec<f32> {
    let mut p = vec![0.0; layout.len];
    let mut matrices = vec![layout.input[0], layout.project[0], layout.arc[0], layout.label[3], layout.tag[0]];
    matrices.extend(layout.layers.iter().map(|l| l[0]));
    for m in matrices {
        let scale = (3.0 / m.rows as f32).sqrt();
        p[m.range()].iter_mut().for_each(|x| *x = random.signed() * scale);
    }
    for m in [layout.arc[2], layout.arc[3], layout.label[0], layout.label[1]] {
        p[m.range()].iter_mut().for_each(|x| *x = random.signed() * 0.1);
    }
    p
}

/// A sentence inside a batch.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// First row.
    pub at: usize,
    /// Number of rows.
    pub len: usize,
}

/// Probabilities that teachers gave to the analyses of a sentence.
#[derive(Debug, Default, Clone)]
pub struct Soft {
    /// Of heads: rows of [`width`].
    pub arcs: Vec<f32>,
    /// Of relations to the head: rows of [`LABELS`].
    pub labels: Vec<f32>,
    /// Of parts of speech: rows of [`TAGS`].
    pub tags: Vec<f32>,
}

/// What is right in a sentence.
#[derive(Debug, Default, Clone)]
pub struct Target {
    /// Heads: 0 for the root, else the token's number from 1.
    pub heads: Vec<usize>,
    /// Relations.
    pub labels: Vec<usize>,
    /// Parts of speech.
    pub tags: Vec<usize>,
    /// Probabilities to learn in place of the single right answers.
    pub soft: Option<Soft>,
    /// How much its tokens count.
    pub weight: f32,
}

/// Probabilities of hiding numbers while training.
#[derive(Debug, Clone, Copy)]
pub struct Dropout {
    /// Of the input of each recurrent layer; the same for a whole sentence.
    pub layer: f32,
    /// Of the projections.
    pub head: f32,
}

/// The results of the forward pass, as far as the backward pass needs them.
pub struct Pass {
    rows: usize,
    embedded: Vec<f32>,
    first: Vec<f32>,
    layers: Vec<Recurrent>,
    top: Vec<f32>,
    top_mask: Vec<f32>,
    /// Projections after the rectifier (not of the label parts) and dropout.
    projected: Vec<f32>,
    projected_mask: Vec<f32>,
    query: Vec<f32>,
    /// Scores of parts of speech, rows of [`TAGS`].
    pub tag_scores: Vec<f32>,
    /// Arc scores, one table for each sentence: rows of `width(len)`, column 0 is the root.
    pub arc_scores: Vec<Vec<f32>>,
}

/// Columns of the arc table of a sentence.
pub fn width(len: usize) -> usize {
    (len + 1).next_multiple_of(16)
}

/// A bias in every row.
pub fn bias_rows(bias: &[f32], rows: usize) -> Vec<f32> {
    bias.iter().copied().cycle().take(bias.len() * rows).collect()
}

/// Adds the sum of every column.
pub fn add_columns(from: &[f32], to: &mut [f32]) {
    for row in from.chunks_exact(to.len()) {
        to.iter_mut().zip(row).for_each(|(t, x)| *t += x);
    }
}

/// The mask of one sentence-wise dropout.
pub fn sentence_mask(spans: &[Span], rows: usize, columns: usize, p: f32, random: &mut Random) -> Vec<f32> {
    let mut out = vec![1.0; rows * columns];
    if p > 0.0 {
        let mut mask = vec![0.0; columns];
        for s in spans {
            mask.iter_mut().for_each(|m| *m = if random.unit() < p { 0.0 } else { 1.0 / (1.0 - p) });
            for row in out[s.at * columns..(s.at + s.len) * columns].chunks_exact_mut(columns) {
                row.copy_from_slice(&mask);
            }
        }
    }
    out
}

/// Products number by number.
pub fn times(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(x, y)| x * y).collect()
}

/// Runs the network over embedded tokens; without `dropout` as when reading.
pub fn forward(
    layout: &Layout,
    p: &[f32],
    embedded: Vec<f32>,
    spans: &[Span],
    dropout: Option<(Dropout, &mut Random)>,
) -> Pass {
    let shape = layout.shape;
    let (h, wide) = (shape.hidden, 2 * shape.hidden);
    let rows = embedded.len() / shape.embed;
    let mut none = Random::new(0);
    let (dropout, random) = dropout.unwrap_or((Dropout { layer: 0.0, head: 0.0 }, &mut none));

    let mut first = bias_rows(&p[layout.input[1].range()], rows);
    add_product(rows, wide, shape.embed, Left::plain(&embedded, shape.embed), &p[layout.input[0].range()], &mut first);
    first.iter_mut().for_each(|x| *x = tanh(*x));

    let mut layers = Vec::new();
    let mut below = first.clone();
    for parts in &layout.layers {
        let mask = sentence_mask(spans, rows, wide, dropout.layer, random);
        let (layer, out) = Recurrent::forward(h, p, parts, spans, &below, mask);
        layers.push(layer);
        below = out;
    }

    let top_mask = sentence_mask(spans, rows, wide, dropout.layer, random);
    let top = times(&below, &top_mask);
    let columns = shape.projected();
    let mut projected = bias_rows(&p[layout.project[1].range()], rows);
    add_product(rows, columns, wide, Left::plain(&top, wide), &p[layout.project[0].range()], &mut projected);
    let mut projected_mask = vec![1.0; rows * columns];
    let linear = shape.label_columns();
    for (row, mask) in projected.chunks_exact_mut(columns).zip(projected_mask.chunks_exact_mut(columns)) {
        for (j, (x, m)) in row.iter_mut().zip(mask).enumerate() {
            if dropout.head > 0.0 {
                *m = if random.unit() < dropout.head { 0.0 } else { 1.0 / (1.0 - dropout.head) };
            }
            let y = if linear.contains(&j) { *x } else { leaky(*x) };
            *x = y * *m;
        }
    }

    let part = |range: std::ops::Range<usize>| -> Vec<f32> {
        projected.chunks_exact(columns).flat_map(|row| &row[range.clone()]).copied().collect()
    };
    let tags = part(shape.tag_columns());
    let mut tag_scores = bias_rows(&p[layout.tag[1].range()], rows);
    add_product(rows, TAGS, shape.tag, Left::plain(&tags, shape.tag), &p[layout.tag[0].range()], &mut tag_scores);

    let a = shape.arc;
    let dependents = part(shape.dependent_columns());
    let mut query = bias_rows(&p[layout.arc[1].range()], rows);
    add_product(rows, a, a, Left::plain(&dependents, a), &p[layout.arc[0].range()], &mut query);
    let heads = part(shape.head_columns());
    let positions = transpose(&p[layout.arc[3].range()], BUCKETS, a);
    let mut near = vec![0.0; rows * BUCKETS];
    add_product(rows, BUCKETS, a, Left::plain(&query, a), &positions, &mut near);
    let mut arc_scores = Vec::new();
    for span in spans {
        let n = width(span.len);
        let mut keys = vec![0.0; a * n];
        for (j, x) in p[layout.arc[2].range()].iter().enumerate() {
            keys[j * n] = *x;
        }
        for k in 0..span.len {
            for (j, x) in heads[(span.at + k) * a..][..a].iter().enumerate() {
                keys[j * n + k + 1] = *x;
            }
        }
        let mut scores = vec![0.0; span.len * n];
        add_product(span.len, n, a, Left::plain(&query[span.at * a..], a), &keys, &mut scores);
        for i in 0..span.len {
            let near = &near[(span.at + i) * BUCKETS..][..BUCKETS];
            let row = &mut scores[i * n..(i + 1) * n];
            row[0] += near[ROOT_BUCKET];
            for (k, s) in row[1..=span.len].iter_mut().enumerate() {
                *s += near[bucket(i, k)];
            }
        }
        arc_scores.push(scores);
    }
    Pass { rows, embedded, first, layers, top, top_mask, projected, projected_mask, query, tag_scores, arc_scores }
}

/// Hidden layer of the relation scorer for given heads, before the rectifier.
fn label_hidden(layout: &Layout, p: &[f32], pass: &Pass, spans: &[Span], heads: &[usize]) -> Vec<f32> {
    let shape = layout.shape;
    let (l, columns) = (shape.label, shape.projected());
    let mut hidden = bias_rows(&p[layout.label[2].range()], pass.rows);
    for span in spans {
        for i in 0..span.len {
            let row = span.at + i;
            let out = &mut hidden[row * l..(row + 1) * l];
            let own = &pass.projected[row * columns..][shape.label_dependent_columns()];
            let (head, position) = if heads[row] == 0 {
                (&p[layout.label[1].range()], ROOT_BUCKET)
            } else {
                let k = heads[row] - 1;
                (&pass.projected[(span.at + k) * columns..][shape.label_head_columns()], bucket(i, k))
            };
            let near = &p[layout.label[0].range()][position * l..][..l];
            for j in 0..l {
                out[j] += own[j] + head[j] + near[j];
            }
        }
    }
    hidden
}

/// Scores of relations for given heads, rows of [`LABELS`].
pub fn label_scores(layout: &Layout, p: &[f32], pass: &Pass, spans: &[Span], heads: &[usize]) -> Vec<f32> {
    let hidden = label_hidden(layout, p, pass, spans, heads);
    label_output(layout, p, &hidden, pass.rows)
}

fn label_output(layout: &Layout, p: &[f32], hidden: &[f32], rows: usize) -> Vec<f32> {
    let active: Vec<f32> = hidden.iter().map(|x| leaky(*x)).collect();
    let mut scores = bias_rows(&p[layout.label[4].range()], rows);
    let l = layout.shape.label;
    add_product(rows, LABELS, l, Left::plain(&active, l), &p[layout.label[3].range()], &mut scores);
    scores
}

/// What one row should give.
pub enum Right<'a> {
    One(usize),
    Spread(&'a [f32]),
}

/// Turns scores into probabilities.
pub fn softmax(scores: &mut [f32]) {
    let high = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = depesche::syntax::matrix::exp(*s - high);
        sum += *s;
    }
    scores.iter_mut().for_each(|s| *s /= sum);
}

/// Turns scores into the gradient of the cross entropy; gives the loss.
pub fn cross_entropy(scores: &mut [f32], right: Right<'_>, weight: f32) -> f32 {
    softmax(scores);
    let loss = |p: f32| -p.max(1e-12).ln();
    let total = match right {
        Right::One(j) => loss(scores[j]),
        Right::Spread(want) => scores.iter().zip(want).filter(|(_, w)| **w > 0.0).map(|(p, w)| w * loss(*p)).sum(),
    };
    scores.iter_mut().for_each(|s| *s *= weight);
    match right {
        Right::One(j) => scores[j] -= weight,
        Right::Spread(want) => scores.iter_mut().zip(want).for_each(|(s, w)| *s -= weight * w),
    }
    total * weight
}

/// Adds the gradients of all parameters to `g`; gives the loss and the gradient of the embedded tokens.
pub fn backward(
    layout: &Layout,
    p: &[f32],
    mut pass: Pass,
    spans: &[Span],
    targets: &[&Target],
    g: &mut [f32],
) -> (f32, Vec<f32>) {
    let shape = layout.shape;
    let rows = pass.rows;
    let columns = shape.projected();
    let mut loss = 0.0;
    let mut d_projected = vec![0.0; rows * columns];

    // Relations.
    let l = shape.label;
    let gold: Vec<usize> = targets.iter().flat_map(|t| &t.heads).copied().collect();
    let hidden = label_hidden(layout, p, &pass, spans, &gold);
    let mut d_out = label_output(layout, p, &hidden, rows);
    for (span, target) in spans.iter().zip(targets) {
        for i in 0..span.len {
            let (d, padding) = d_out[(span.at + i) * LABELS..][..LABELS].split_at_mut(Deprel::COUNT);
            let right = match &target.soft {
                Some(soft) => Right::Spread(&soft.labels[i * LABELS..][..Deprel::COUNT]),
                None => Right::One(target.labels[i]),
            };
            loss += cross_entropy(d, right, target.weight);
            padding.fill(0.0);
        }
    }
    let active: Vec<f32> = hidden.iter().map(|x| leaky(*x)).collect();
    add_product(l, LABELS, rows, Left::transposed(&active, l), &d_out, &mut g[layout.label[3].range()]);
    add_columns(&d_out, &mut g[layout.label[4].range()]);
    let mut d_hidden = vec![0.0; rows * l];
    let back = transpose(&p[layout.label[3].range()], l, LABELS);
    add_product(rows, l, LABELS, Left::plain(&d_out, LABELS), &back, &mut d_hidden);
    d_hidden.iter_mut().zip(&hidden).for_each(|(d, x)| *d *= if *x > 0.0 { 1.0 } else { LEAK });
    add_columns(&d_hidden, &mut g[layout.label[2].range()]);
    for span in spans {
        for i in 0..span.len {
            let row = span.at + i;
            let d = &d_hidden[row * l..(row + 1) * l];
            let add = |to: &mut [f32]| to.iter_mut().zip(d).for_each(|(t, x)| *t += x);
            add(&mut d_projected[row * columns..][shape.label_dependent_columns()]);
            let position = match gold[row] {
                0 => {
                    add(&mut g[layout.label[1].range()]);
                    ROOT_BUCKET
                }
                k => {
                    add(&mut d_projected[(span.at + k - 1) * columns..][shape.label_head_columns()]);
                    bucket(i, k - 1)
                }
            };
            add(&mut g[layout.label[0].range()][position * l..][..l]);
        }
    }

    let part = |range: std::ops::Range<usize>| -> Vec<f32> {
        pass.projected.chunks_exact(columns).flat_map(|row| &row[range.clone()]).copied().collect()
    };
    let put = |d: &[f32], range: std::ops::Range<usize>, to: &mut [f32]| {
        for (row, d) in to.chunks_exact_mut(columns).zip(d.chunks_exact(range.len())) {
            row[range.clone()].copy_from_slice(d);
        }
    };

    // Parts of speech.
    let t = shape.tag;
    let mut d_tags = std::mem::take(&mut pass.tag_scores);
    for (span, target) in spans.iter().zip(targets) {
        for i in 0..span.len {
            let (d, padding) = d_tags[(span.at + i) * TAGS..][..TAGS].split_at_mut(Upos::COUNT);
            let right = match &target.soft {
                Some(soft) => Right::Spread(&soft.tags[i * TAGS..][..Upos::COUNT]),
                None => Right::One(target.tags[i]),
            };
            loss += cross_entropy(d, right, target.weight * TAG_SHARE);
            padding.fill(0.0);
        }
    }
    let tags = part(shape.tag_columns());
    add_product(t, TAGS, rows, Left::transposed(&tags, t), &d_tags, &mut g[layout.tag[0].range()]);
    add_columns(&d_tags, &mut g[layout.tag[1].range()]);
    let mut d = vec![0.0; rows * t];
    let back = transpose(&p[layout.tag[0].range()], t, TAGS);
    add_product(rows, t, TAGS, Left::plain(&d_tags, TAGS), &back, &mut d);
    put(&d, shape.tag_columns(), &mut d_projected);

    // Arcs.
    let a = shape.arc;
    let heads = part(shape.head_columns());
    let mut d_query = vec![0.0; rows * a];
    let mut d_heads = vec![0.0; rows * a];
    let mut d_near = vec![0.0; rows * BUCKETS];
    for ((span, target), mut scores) in spans.iter().zip(targets).zip(std::mem::take(&mut pass.arc_scores)) {
        let n = width(span.len);
        let mut keys = vec![0.0; n * a];
        keys[..a].copy_from_slice(&p[layout.arc[2].range()]);
        keys[a..(span.len + 1) * a].copy_from_slice(&heads[span.at * a..(span.at + span.len) * a]);
        for i in 0..span.len {
            let row = &mut scores[i * n..(i + 1) * n];
            row[i + 1] = f32::MIN;
            let at = span.at + i;
            let right = match &target.soft {
                Some(soft) => Right::Spread(&soft.arcs[i * n..][..span.len + 1]),
                None => Right::One(target.heads[i]),
            };
            loss += cross_entropy(&mut row[..span.len + 1], right, target.weight);
            row[span.len + 1..].fill(0.0);
            let near = &mut d_near[at * BUCKETS..][..BUCKETS];
            near[ROOT_BUCKET] += row[0];
            for (k, d) in row[1..=span.len].iter().enumerate() {
                near[bucket(i, k)] += d;
            }
        }
        add_product(
            span.len,
            a,
            n,
            Left::plain(&scores, n),
            &keys,
            &mut d_query[span.at * a..(span.at + span.len) * a],
        );
        let mut d_keys = vec![0.0; n * a];
        let query = &pass.query[span.at * a..(span.at + span.len) * a];
        add_product(n, a, span.len, Left::transposed(&scores, n), query, &mut d_keys);
        add_columns(&d_keys[..a], &mut g[layout.arc[2].range()]);
        d_heads[span.at * a..(span.at + span.len) * a].copy_from_slice(&d_keys[a..(span.len + 1) * a]);
    }
    add_product(rows, a, BUCKETS, Left::plain(&d_near, BUCKETS), &p[layout.arc[3].range()], &mut d_query);
    add_product(BUCKETS, a, rows, Left::transposed(&d_near, BUCKETS), &pass.query, &mut g[layout.arc[3].range()]);
    add_columns(&d_query, &mut g[layout.arc[1].range()]);
    let dependents = part(shape.dependent_columns());
    add_product(a, a, rows, Left::transposed(&dependents, a), &d_query, &mut g[layout.arc[0].range()]);
    let mut d = vec![0.0; rows * a];
    let back = transpose(&p[layout.arc[0].range()], a, a);
    add_product(rows, a, a, Left::plain(&d_query, a), &back, &mut d);
    put(&d, shape.dependent_columns(), &mut d_projected);
    put(&d_heads, shape.head_columns(), &mut d_projected);

    // Projections.
    let wide = 2 * shape.hidden;
    let linear = shape.label_columns();
    for (row, d) in d_projected.chunks_exact_mut(columns).enumerate() {
        for (j, d) in d.iter_mut().enumerate() {
            let at = row * columns + j;
            let slope = if linear.contains(&j) || pass.projected[at] > 0.0 { 1.0 } else { LEAK };
            *d *= pass.projected_mask[at] * slope;
        }
    }
    add_product(
        wide,
        columns,
        rows,
        Left::transposed(&pass.top, wide),
        &d_projected,
        &mut g[layout.project[0].range()],
    );
    add_columns(&d_projected, &mut g[layout.project[1].range()]);
    let mut d_above = vec![0.0; rows * wide];
    let back = transpose(&p[layout.project[0].range()], wide, columns);
    add_product(rows, wide, columns, Left::plain(&d_projected, columns), &back, &mut d_above);
    d_above.iter_mut().zip(&pass.top_mask).for_each(|(d, m)| *d *= m);

    for (layer, parts) in pass.layers.iter().zip(&layout.layers).rev() {
        d_above = layer.backward(shape.hidden, p, parts, spans, &d_above, g);
    }

    // The first layer.
    d_above.iter_mut().zip(&pass.first).for_each(|(d, y)| *d *= 1.0 - y * y);
    let e = shape.embed;
    add_product(e, wide, rows, Left::transposed(&pass.embedded, e), &d_above, &mut g[layout.input[0].range()]);
    add_columns(&d_above, &mut g[layout.input[1].range()]);
    let mut d_embedded = vec![0.0; rows * e];
    let back = transpose(&p[layout.input[0].range()], e, wide);
    add_product(rows, e, wide, Left::plain(&d_above, wide), &back, &mut d_embedded);
    (loss, d_embedded)
}

/// Weight of parts of speech in the loss.
const TAG_SHARE: f32 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    /// The gradient of every part agrees with the change of the loss.
    #[test]
    fn gradient_is_the_slope_of_the_loss() {
        let shape = Shape { embed: 16, hidden: 16, layers: 2, arc: 16, label: 16, tag: 16 };
        let layout = Layout::new(shape);
        let mut random = Random::new(3);
        let mut p = initial(&layout, &mut random);
        p.iter_mut().for_each(|x| *x += random.signed() * 0.05);
        let spans = [Span { at: 0, len: 4 }, Span { at: 4, len: 3 }];
        let mut embedded: Vec<f32> = (0..7 * 16).map(|_| random.signed()).collect();
        let mut soft = Soft { arcs: vec![0.0; 3 * 16], labels: vec![0.0; 3 * LABELS], tags: vec![0.0; 3 * TAGS] };
        for i in 0..3 {
            soft.arcs[i * 16] = 0.3;
            soft.arcs[i * 16 + (i + 1) % 3 + 1] = 0.7;
            soft.labels[i * LABELS + 4..i * LABELS + 8].fill(0.25);
            soft.tags[i * TAGS + 4..i * TAGS + 6].fill(0.5);
        }
        let targets = [
            Target {
                heads: vec![2, 0, 2, 3],
                labels: vec![1, 34, 5, 7],
                tags: vec![0, 1, 2, 3],
                soft: None,
                weight: 0.5,
            },
            Target { heads: vec![3, 1, 0], labels: vec![], tags: vec![], soft: Some(soft), weight: 1.0 },
        ];
        let targets = [&targets[0], &targets[1]];
        let dropout = Dropout { layer: 0.3, head: 0.3 };
        let run = |p: &[f32], e: &[f32]| {
            let mut r = Random::new(11);
            let pass = forward(&layout, p, e.to_vec(), &spans, Some((dropout, &mut r)));
            let mut g = vec![0.0; layout.len];
            let (loss, d) = backward(&layout, p, pass, &spans, &targets, &mut g);
            (loss, g, d)
        };
        let (_, g, d) = run(&p, &embedded);
        let close = |slope: f32, g: f32| (slope - g).abs() < 0.02 * (1.0 + slope.abs());
        const STEP: f32 = 2e-2;
        let mut wrong = Vec::new();
        for i in (0..layout.len).step_by(7) {
            let old = p[i];
            p[i] = old + STEP;
            let more = run(&p, &embedded).0;
            p[i] = old - STEP;
            let less = run(&p, &embedded).0;
            p[i] = old;
            let slope = (more - less) / (2.0 * STEP);
            if !close(slope, g[i]) {
                wrong.push((i, slope, g[i]));
            }
        }
        for i in (0..embedded.len()).step_by(5) {
            let old = embedded[i];
            embedded[i] = old + STEP;
            let more = run(&p, &embedded).0;
            embedded[i] = old - STEP;
            let less = run(&p, &embedded).0;
            embedded[i] = old;
            let slope = (more - less) / (2.0 * STEP);
            if !close(slope, d[i]) {
                wrong.push((layout.len + i, slope, d[i]));
            }
        }
        // The rectifier's corner lies inside a few of the steps.
        assert!(wrong.len() < 8, "{} of {}: {:?}", wrong.len(), layout.len / 7, &wrong[..8.min(wrong.len())]);
    }
}
