//! Trains the transition parser: tagged trees in, a table of weights out.
//!
//! Averaged perceptron with a dynamic oracle and exploration (Goldberg & Nivre 2013): from the second round on the
//! parser follows its own actions, so that it learns to go on from its errors.

use crate::corpora::GoldSentence;
use depesche::analysis::{Analysis, Sentence, Token};
use depesche::morphology::{Feats, Upos};
use depesche::syntax::Deprel;
use depesche::syntax::transition::{ACTIONS, SHIFT, State, TransitionParser, Word, argmax, left, right};
use rustc_hash::FxHashMap;

/// A tree to learn from: the parser's view of the words, heads (the root's is the length) and relations.
pub struct Tree {
    words: Vec<Word>,
    heads: Vec<usize>,
    relations: Vec<Deprel>,
}

impl Tree {
    /// Joins gold heads with the tags that the tagger will give.
    pub fn new(sentence: &GoldSentence, tags: &[(Upos, Feats)]) -> Tree {
        let n = sentence.tokens.len();
        let word = |(t, tag): (&crate::corpora::GoldToken, &(Upos, Feats))| {
            Word::new(&sentence.text[t.start..t.end], tag.0, tag.1)
        };
        Tree {
            words: sentence.tokens.iter().zip(tags).map(word).collect(),
            heads: sentence.tokens.iter().map(|t| t.head.unwrap_or(n)).collect(),
            relations: sentence.tokens.iter().map(|t| Deprel::parse(&t.deprel).unwrap_or(Deprel::Dep)).collect(),
        }
    }
}

#[derive(Clone)]
struct Row {
    weights: [f32; ACTIONS],
    totals: [f64; ACTIONS],
    stamps: [u32; ACTIONS],
}

/// Number of gold arcs that shift, left and right make unreachable.
fn costs(state: &State, tree: &Tree) -> [usize; 3] {
    let n = tree.heads.len();
    let (next, stack) = (state.next, &state.stack);
    let head_of = |i: usize| tree.heads.get(i).copied();
    let mut shift = 0;
    let below_top = &stack[..stack.len().saturating_sub(1)];
    if next < n {
        shift += usize::from(below_top.iter().any(|s| head_of(next) == Some(*s)));
        shift += stack.iter().filter(|s| head_of(**s) == Some(next)).count();
    }
    let Some(&top) = stack.last() else { return [shift, 0, 0] };
    let head = tree.heads[top];
    let lost_children = (next..n).filter(|d| head_of(*d) == Some(top)).count();
    let left = lost_children + usize::from(below_top.last() == Some(&head) || head > next && head <= n);
    let right = lost_children + usize::from(head >= next);
    [shift, left, right]
}

/// Trains for a number of rounds; `report` is told the share of wrong actions after each.
pub fn train(trees: &[Tree], rounds: usize, mut report: impl FnMut(usize, f64)) -> TransitionParser {
    let mut rows: FxHashMap<u64, Row> = FxHashMap::default();
    let mut order: Vec<usize> = (0..trees.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut step = 0u32;
    let (mut state, mut features) = (State::default(), Vec::new());
    for round in 0..rounds {
        for i in (1..order.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(i, (random >> 33) as usize % (i + 1));
        }
        let (mut wrong, mut actions) = (0usize, 0usize);
        for &t in &order {
            let tree = &trees[t];
            state.start(tree.heads.len());
            while !state.is_final() {
                step += 1;
                actions += 1;
                state.features(&tree.words, &mut features);
                let mut scores = [0f32; ACTIONS];
                for row in features.iter().filter_map(|f| rows.get(f)) {
                    scores.iter_mut().zip(&row.weights).for_each(|(s, w)| *s += w);
                }
                let allowed = state.allowed();
                let guess = argmax(&scores, allowed);
                let cost = costs(&state, tree);
                let least = (0..3).filter(|k| allowed[*k]).map(|k| cost[k]).min().unwrap_or(0);
                let good = |action: usize| {
                    let kind = if action == SHIFT { 0 } else { 1 + (action - 1) / Deprel::COUNT };
                    if !allowed[kind] || cost[kind] > least {
                        return false;
                    }
                    let Some(&top) = state.stack.last() else { return true };
                    // The relation counts only where the head is the gold one.
                    let head =
                        if kind == 1 { state.next } else { state.stack.iter().rev().nth(1).copied().unwrap_or(0) };
                    kind == 0 || tree.heads[top] != head || {
                        let relation = tree.relations[top];
                        action == if kind == 1 { left(relation) } else { right(relation) }
                    }
                };
                let best = if good(guess) {
                    guess
                } else {
                    (0..ACTIONS)
                        .filter(|a| good(*a))
                        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))
                        .unwrap_or(guess)
                };
                if guess != best {
                    wrong += 1;
                    for &f in &features {
                        let row = rows.entry(f).or_insert(Row {
                            weights: [0.0; ACTIONS],
                            totals: [0.0; ACTIONS],
                            stamps: [0; ACTIONS],
                        });
                        for (action, delta) in [(best, 1.0), (guess, -1.0)] {
                            row.totals[action] += f64::from(row.weights[action]) * f64::from(step - row.stamps[action]);
                            row.stamps[action] = step;
                            row.weights[action] += delta;
                        }
                    }
                }
                state.apply(if round == 0 { best } else { guess });
            }
        }
        report(round + 1, wrong as f64 / actions as f64);
    }
    let mut out: Vec<(u64, Vec<i16>)> = Vec::new();
    for (key, row) in &rows {
        let average = |a: usize| {
            let total = row.totals[a] + f64::from(row.weights[a]) * f64::from(step - row.stamps[a]);
            (total / f64::from(step) * 64.0).round().clamp(-32_000.0, 32_000.0) as i16
        };
        let weights: Vec<i16> = (0..ACTIONS).map(average).collect();
        if weights.iter().any(|w| w.abs() > 4) {
            out.push((*key, weights));
        }
    }
    out.sort_unstable_by_key(|r| r.0);
    TransitionParser::from_rows(&out)
}

/// Labelled attachment on gold tokens: right arcs and tokens.
pub fn score(parser: &TransitionParser, sentences: &[(GoldSentence, Vec<(Upos, Feats)>)]) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    let mut analysis = Analysis::default();
    let mut scratch = Default::default();
    for (s, tags) in sentences {
        analysis.clear();
        let n = s.tokens.len() as u32;
        analysis.sentences.push(Sentence { start: 0, end: s.text.len() as u32, first: 0, last: n });
        for (t, tag) in s.tokens.iter().zip(tags) {
            analysis.tokens.push(Token { upos: tag.0, feats: tag.1, ..Token::new(t.start, t.end, 0) });
        }
        parser.parse(&s.text, &mut analysis, &mut scratch);
        for (i, t) in s.tokens.iter().enumerate() {
            all += 1;
            let got = &analysis.tokens[i];
            right += usize::from(analysis.head(i) == t.head && got.deprel.as_str() == t.deprel);
        }
    }
    (right, all)
}
