//! A greedy transition parser: tagged tokens in, heads and relations out.
//!
//! Arc-hybrid system with the root behind the last token (Kuhlmann et al. 2011; Goldberg & Nivre 2013), averaged
//! perceptron over the rich feature set of Zhang & Nivre (2011). Non-projective arcs, about two
//! in a hundred of German, are out of its reach. The first family of the comparison in EVALUATION.md.

use depesche::analysis::{Analysis, Token};
use depesche::morphology::Upos;
use depesche::syntax::Deprel;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Number of actions: shift, and left and right with each relation.
pub const ACTIONS: usize = 1 + 2 * Deprel::COUNT;
/// The action that moves the buffer's first token to the stack.
pub const SHIFT: usize = 0;

/// The action that attaches the stack's top to the buffer's first token.
pub fn left(relation: Deprel) -> usize {
    1 + relation as usize
}

/// The action that attaches the stack's top to the token below it.
pub fn right(relation: Deprel) -> usize {
    1 + Deprel::COUNT + relation as usize
}

/// What the features see of a token.
#[derive(Debug, Clone, Copy, Default)]
pub struct Word {
    /// Hash of the lower-cased form.
    pub form: u32,
    /// Part of speech, from 1; 0 is no token.
    pub upos: u8,
}

impl Word {
    /// The view of a token.
    pub fn new(form: &str, upos: Upos) -> Word {
        let mut h = FxHasher::default();
        for c in form.chars().flat_map(char::to_lowercase) {
            h.write_u32(c as u32);
        }
        Word { form: h.finish() as u32 | 1, upos: upos as u8 + 1 }
    }
}

const NONE: usize = usize::MAX;

/// The parser's state in one sentence; token numbers count from the sentence's first token, the root is the last.
#[derive(Debug, Default)]
pub struct State {
    /// Tokens whose head is still open, the last on top.
    pub stack: Vec<usize>,
    /// First token of the buffer.
    pub next: usize,
    /// Heads found so far.
    pub heads: Vec<usize>,
    /// Relations found so far.
    pub relations: Vec<Deprel>,
    outer_left: Vec<[usize; 2]>,
    outer_right: Vec<[usize; 2]>,
    valency: Vec<[u8; 2]>,
}

impl State {
    /// Begins a sentence of `n` tokens.
    pub fn start(&mut self, n: usize) {
        self.stack.clear();
        self.next = 0;
        self.heads.clear();
        self.heads.resize(n, NONE);
        self.relations.clear();
        self.relations.resize(n, Deprel::Root);
        for edges in [&mut self.outer_left, &mut self.outer_right] {
            edges.clear();
            edges.resize(n + 1, [NONE; 2]);
        }
        self.valency.clear();
        self.valency.resize(n + 1, [0; 2]);
    }

    /// Number of tokens, also the root's number.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether every token has its head.
    pub fn is_final(&self) -> bool {
        self.next == self.len() && self.stack.is_empty()
    }

    /// Which of shift, left and right may be taken; exactly one token will hang on the root.
    pub fn allowed(&self) -> [bool; 3] {
        let at_root = self.next == self.len();
        let depth = self.stack.len();
        [!at_root, depth > 0 && (!at_root || depth == 1), depth > 1]
    }

    /// Takes an action that is allowed.
    pub fn apply(&mut self, action: usize) {
        if action == SHIFT {
            self.stack.push(self.next);
            self.next += 1;
            return;
        }
        let is_left = action <= Deprel::COUNT;
        let relation = Deprel::ALL[(action - 1) % Deprel::COUNT];
        let Some(child) = self.stack.pop() else { return };
        let head = if is_left { self.next } else { self.stack.last().copied().unwrap_or(self.next) };
        self.heads[child] = head;
        self.relations[child] = relation;
        let side = usize::from(!is_left);
        let edges = if is_left { &mut self.outer_left } else { &mut self.outer_right };
        edges[head] = [child, edges[head][0]];
        self.valency[head][side] = self.valency[head][side].saturating_add(1);
    }

    /// Fills `out` with the features of the state.
    pub fn features(&self, words: &[Word], out: &mut Vec<u64>) {
        out.clear();
        let depth = self.stack.len();
        let stack = |k: usize| if k < depth { self.stack[depth - 1 - k] } else { NONE };
        let buffer = |k: usize| if self.next + k <= self.len() { self.next + k } else { NONE };
        let (s0, s1, s2) = (stack(0), stack(1), stack(2));
        let (n0, n1, n2) = (buffer(0), buffer(1), buffer(2));
        let edge = |of: usize, edges: &Vec<[usize; 2]>, k: usize| if of == NONE { NONE } else { edges[of][k] };
        let (s0l, s0l2) = (edge(s0, &self.outer_left, 0), edge(s0, &self.outer_left, 1));
        let (s0r, s0r2) = (edge(s0, &self.outer_right, 0), edge(s0, &self.outer_right, 1));
        let (s1l, s1r) = (edge(s1, &self.outer_left, 0), edge(s1, &self.outer_right, 0));
        let (n0l, n0l2) = (edge(n0, &self.outer_left, 0), edge(n0, &self.outer_left, 1));
        // The root looks like no word with a part of speech of its own.
        let word = |i: usize| match words.get(i) {
            Some(w) => *w,
            None if i == words.len() => Word { form: 0, upos: Upos::COUNT as u8 + 1 },
            None => Word::default(),
        };
        let w = |i: usize| u64::from(word(i).form);
        let p = |i: usize| u64::from(word(i).upos);
        let l = |i: usize| if i < self.len() { self.relations[i] as u64 + 1 } else { 0 };
        let valency = |i: usize, side: usize| if i == NONE { 0 } else { u64::from(self.valency[i][side].min(6)) };
        let distance = if s0 == NONE || n0 == NONE { 0 } else { (n0 - s0).min(10) as u64 };
        let s1_distance = if s1 == NONE || s0 == NONE { 0 } else { (s0 - s1).min(10) as u64 };

        let mut template = 0u64;
        let mut add = |parts: &[u64]| {
            template += 1;
            let mut h = FxHasher::default();
            h.write_u64(template);
            parts.iter().for_each(|x| h.write_u64(*x));
            out.push(h.finish());
        };
        for i in [s0, s1, n0, n1] {
            add(&[w(i), p(i)]);
            add(&[w(i)]);
            add(&[p(i)]);
        }
        add(&[w(s2), p(s2)]);
        add(&[w(n2), p(n2)]);
        add(&[w(s0), p(s0), w(n0), p(n0)]);
        add(&[w(s0), p(n0)]);
        add(&[p(s0), w(n0)]);
        add(&[p(s0), p(n0)]);
        add(&[w(s1), w(s0)]);
        add(&[w(s1), p(s0)]);
        add(&[p(s1), w(s0)]);
        add(&[p(s1), p(s0)]);
        add(&[p(s1), p(n0)]);
        add(&[w(s1), p(n0)]);
        add(&[p(n0), p(n1)]);
        add(&[w(n0), p(n1)]);
        add(&[p(n0), w(n1)]);
        add(&[p(n0), p(n1), p(n2)]);
        add(&[p(s0), p(n0), p(n1)]);
        add(&[w(s0), p(n0), p(n1)]);
        add(&[p(s1), p(s0), p(n0)]);
        add(&[p(s1), p(s0), p(n0), p(n1)]);
        add(&[p(s2), p(s1), p(s0)]);
        add(&[p(s0), p(s0l), p(n0)]);
        add(&[p(s0), p(s0r), p(n0)]);
        add(&[p(s0), p(n0), p(n0l)]);
        add(&[p(s1), p(s0), p(s0l)]);
        add(&[p(s1), p(s0), p(s0r)]);
        add(&[p(s1), p(s1r), p(s0)]);
        add(&[p(s1), p(s1l), p(s0)]);
        add(&[p(s0), l(s0l), l(s0l2), l(s0r), l(s0r2)]);
        add(&[p(s1), l(s1l), l(s1r), p(s0)]);
        add(&[p(n0), l(n0l), l(n0l2), p(s0)]);
        add(&[w(s0), l(s0l), l(s0r)]);
        add(&[w(s1), l(s1l), l(s1r)]);
        add(&[w(n0), l(n0l)]);
        add(&[w(s0l), p(s0), p(n0)]);
        add(&[w(s0l), p(s0), p(s1)]);
        add(&[w(s0l), w(s1)]);
        add(&[w(s0l), w(n0)]);
        add(&[distance, p(s0), p(n0)]);
        add(&[distance, w(s0)]);
        add(&[distance, w(n0)]);
        add(&[s1_distance, p(s1), p(s0)]);
        add(&[valency(s0, 0), valency(s0, 1), p(s0)]);
        add(&[valency(s1, 1), p(s1), p(s0)]);
        add(&[valency(n0, 0), p(n0), p(s0)]);
    }
}

/// The trained parser.
#[derive(Debug)]
pub struct TransitionParser {
    rows: FxHashMap<u64, u32>,
    weights: Vec<i16>,
}

/// Scratch memory of the parser.
#[derive(Debug, Default)]
pub struct Scratch {
    state: State,
    words: Vec<Word>,
    features: Vec<u64>,
}

impl TransitionParser {
    /// Puts together what the trainer learned: for each feature a row of [`ACTIONS`] weights.
    pub fn from_rows(rows: &[(u64, Vec<i16>)]) -> Self {
        let weights = rows.iter().flat_map(|r| r.1.iter().copied()).collect();
        TransitionParser { rows: rows.iter().enumerate().map(|(i, r)| (r.0, i as u32)).collect(), weights }
    }

    fn best(&self, features: &[u64], allowed: [bool; 3]) -> usize {
        let mut scores = [0i32; ACTIONS];
        for row in features.iter().filter_map(|f| self.rows.get(f)) {
            let weights = &self.weights[*row as usize * ACTIONS..][..ACTIONS];
            scores.iter_mut().zip(weights).for_each(|(s, w)| *s += i32::from(*w));
        }
        argmax(&scores, allowed)
    }

    /// Fills in head and relation of every token.
    pub fn parse(&self, text: &str, analysis: &mut Analysis, scratch: &mut Scratch) {
        for s in 0..analysis.sentences.len() {
            let tokens = analysis.sentences[s].tokens();
            let offset = tokens.start;
            scratch.words.clear();
            for t in &analysis.tokens[tokens.clone()] {
                scratch.words.push(Word::new(&text[t.start as usize..t.end as usize], t.upos));
            }
            let state = &mut scratch.state;
            state.start(tokens.len());
            while !state.is_final() {
                state.features(&scratch.words, &mut scratch.features);
                state.apply(self.best(&scratch.features, state.allowed()));
            }
            for (i, t) in analysis.tokens[tokens].iter_mut().enumerate() {
                let head = state.heads[i];
                t.head = if head == state.heads.len() { Token::ROOT } else { (offset + head) as u32 };
                t.deprel = state.relations[i];
            }
        }
    }
}

/// The allowed action with the highest score; of equals the first.
pub fn argmax<S: Copy + PartialOrd>(scores: &[S; ACTIONS], allowed: [bool; 3]) -> usize {
    let ranges = [0..1, 1..1 + Deprel::COUNT, 1 + Deprel::COUNT..ACTIONS];
    let mut best = None;
    for action in ranges.into_iter().zip(allowed).filter(|(_, ok)| *ok).flat_map(|(r, _)| r) {
        if best.is_none_or(|b: usize| scores[action] > scores[b]) {
            best = Some(action);
        }
    }
    best.unwrap_or(SHIFT)
}
