//! The first family of the parser comparison in EVALUATION.md: trains and measures a transition parser.
//!
//! Averaged perceptron with a dynamic oracle and exploration (Goldberg & Nivre 2013): from the second round on the
//! parser follows its own actions, so that it learns to go on from its errors.

mod parser;

use crate::corpora::{self, GoldSentence};
use anyhow::Result;
use depesche::analysis::{Analysis, Sentence, Token};
use depesche::model::Model;
use depesche::morphology::{Morphology, Upos};
use depesche::syntax::{Deprel, Parser};
use parser::{ACTIONS, SHIFT, State, TransitionParser, Word, argmax, left, right};
use rustc_hash::FxHashMap;
use std::path::Path;
use std::time::Instant;

const TRAIN: [&str; 3] = ["de_gsd-ud-dev", "de_pud-visible", "wikinews-trees"];
const TEST: [&str; 2] = ["de_gsd-ud-test", "wikinews-trees-dev"];

/// Trains on the treebanks and prints attachment and speed on the test parts, with gold tags and with those of the
/// model.
///
/// # Errors
/// If a treebank cannot be read or the model does not fit.
pub fn compare(corpora: &Path, model: &Model, rounds: usize) -> Result<()> {
    let treebank = |name: &str| corpora::conllu(&corpora.join("syntax").join(format!("{name}.conllu")));
    let mut trees = Vec::new();
    for name in TRAIN {
        trees.extend(treebank(name)?.iter().map(Tree::new));
    }
    let parser = train(&trees, rounds, |round, wrong| eprintln!("round {round:2}: {:.2} % wrong", 100.0 * wrong));
    let morphology = Morphology::new(model)?;
    let tagger = Parser::new(model, morphology.lexicon())?;
    let mut scratch = Default::default();
    for name in TEST {
        let sentences = treebank(name)?;
        let score = Score::of(&parser, &sentences, |_, _| ());
        println!("{name}, gold tokens and tags:    {score}");
        let score = Score::of(&parser, &sentences, |s, analysis| {
            morphology.look_up(&s.text, analysis);
            tagger.parse(&s.text, morphology.lexicon(), analysis, &mut scratch);
        });
        println!("{name}, gold tokens, model's tags: {score}");
    }
    Ok(())
}

/// A tree to learn from: the parser's view of the words, heads (the root's is the length) and relations.
struct Tree {
    words: Vec<Word>,
    heads: Vec<usize>,
    relations: Vec<Deprel>,
}

fn upos(tag: &str) -> Upos {
    Upos::parse(tag).unwrap_or(Upos::X)
}

impl Tree {
    fn new(sentence: &GoldSentence) -> Tree {
        let n = sentence.tokens.len();
        let tokens = &sentence.tokens;
        Tree {
            words: tokens.iter().map(|t| Word::new(&sentence.text[t.start..t.end], upos(&t.upos))).collect(),
            heads: tokens.iter().map(|t| t.head.unwrap_or(n)).collect(),
            relations: tokens.iter().map(|t| Deprel::parse(&t.deprel).unwrap_or(Deprel::Dep)).collect(),
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
fn train(trees: &[Tree], rounds: usize, mut report: impl FnMut(usize, f64)) -> TransitionParser {
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

/// Attachment and time on gold tokens.
#[derive(Default)]
struct Score {
    heads: usize,
    arcs: usize,
    tokens: usize,
    seconds: f64,
}

impl Score {
    /// Parses the sentences after `tag` has overwritten their gold tags.
    fn of(
        parser: &TransitionParser,
        sentences: &[GoldSentence],
        mut tag: impl FnMut(&GoldSentence, &mut Analysis),
    ) -> Score {
        let mut score = Score::default();
        let mut analysis = Analysis::default();
        let mut scratch = Default::default();
        for s in sentences {
            analysis.clear();
            let n = s.tokens.len() as u32;
            analysis.sentences.push(Sentence { start: 0, end: s.text.len() as u32, first: 0, last: n });
            for t in &s.tokens {
                analysis.tokens.push(Token { upos: upos(&t.upos), ..Token::new(t.start, t.end, 0) });
            }
            tag(s, &mut analysis);
            let began = Instant::now();
            parser.parse(&s.text, &mut analysis, &mut scratch);
            score.seconds += began.elapsed().as_secs_f64();
            for (i, t) in s.tokens.iter().enumerate() {
                let head = analysis.head(i) == t.head;
                score.tokens += 1;
                score.heads += usize::from(head);
                score.arcs += usize::from(head && analysis.tokens[i].deprel.as_str() == t.deprel);
            }
        }
        score
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |n: usize| 100.0 * n as f64 / self.tokens.max(1) as f64;
        let speed = self.tokens as f64 / self.seconds.max(f64::EPSILON);
        write!(f, "UAS {:.1}, LAS {:.1}, {speed:.0} tokens/s", share(self.heads), share(self.arcs))
    }
}
