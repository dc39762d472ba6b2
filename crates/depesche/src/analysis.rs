//! The linguistic analysis of one text: what the rooms of language write and the rooms of meaning read.
//!
//! Sentences, tokens, lemmas, features and heads lie in flat vectors with byte offsets; the vectors are cleared and
//! filled anew for each text, so a worker allocates nothing once they have grown. Lemmas lie in one string buffer.

use crate::morphology::{Entry, Feats, Upos};
use crate::syntax::Deprel;

/// A range of a sentence in bytes and in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// First byte.
    pub start: u32,
    /// First byte behind.
    pub end: u32,
    /// First token.
    pub first: u32,
    /// First token behind.
    pub last: u32,
}

impl Sentence {
    /// The indices of the sentence's tokens.
    pub fn tokens(&self) -> std::ops::Range<usize> {
        self.first as usize..self.last as usize
    }
}

/// A range of [`Analysis`]' string buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text {
    start: u32,
    len: u32,
}

/// A token; its strings are read through [`Analysis`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// First byte behind.
    pub end: u32,
    /// Index of the sentence.
    pub sentence: u32,
    /// Index of the head among all tokens of the text; [`Token::ROOT`] for a root.
    pub head: u32,
    /// Relation to the head.
    pub deprel: Deprel,
    /// Part of speech.
    pub upos: Upos,
    /// Morphological features.
    pub feats: Feats,
    /// Lemma.
    pub lemma: Text,
    /// Verb with its separated prefix restored; empty where no prefix is separated.
    pub predicate: Text,
}

impl Token {
    /// The head of a root.
    pub const ROOT: u32 = u32::MAX;

    /// A token that nothing is known of yet but its place.
    pub fn new(start: usize, end: usize, sentence: usize) -> Token {
        Token {
            start: start as u32,
            end: end as u32,
            sentence: sentence as u32,
            head: Token::ROOT,
            deprel: Deprel::Root,
            upos: Upos::X,
            feats: Feats::NONE,
            lemma: Text::default(),
            predicate: Text::default(),
        }
    }
}

/// Sentences and tokens of one text.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Sentences in the order of the text.
    pub sentences: Vec<Sentence>,
    /// Tokens in the order of the text.
    pub tokens: Vec<Token>,
    /// What the lexicon says about each token; empty before the morphology has run.
    pub lexical: Vec<Entry>,
    strings: String,
    child_starts: Vec<u32>,
    children: Vec<u32>,
}

impl Analysis {
    /// Forgets the last text, keeps the memory.
    pub fn clear(&mut self) {
        self.sentences.clear();
        self.tokens.clear();
        self.lexical.clear();
        self.strings.clear();
        self.child_starts.clear();
        self.children.clear();
    }

    /// The token's characters in `text`.
    pub fn form<'t>(&self, text: &'t str, token: usize) -> &'t str {
        let t = &self.tokens[token];
        &text[t.start as usize..t.end as usize]
    }

    /// The token's lemma; empty before the lemmatiser has run.
    pub fn lemma(&self, token: usize) -> &str {
        self.string(self.tokens[token].lemma)
    }

    /// The verb's lemma with its separated prefix restored ("lehnte … ab": "ablehnen"), otherwise the lemma.
    pub fn predicate(&self, token: usize) -> &str {
        let t = &self.tokens[token];
        self.string(if t.predicate.len > 0 { t.predicate } else { t.lemma })
    }

    /// Whether the token is a verb whose prefix stands apart.
    pub fn has_separated_prefix(&self, token: usize) -> bool {
        self.tokens[token].predicate.len > 0
    }

    /// The token's head; none for a root.
    pub fn head(&self, token: usize) -> Option<usize> {
        let head = self.tokens[token].head;
        (head != Token::ROOT).then_some(head as usize)
    }

    /// The token's dependents in the order of the text; empty before [`Analysis::index_children`].
    pub fn children(&self, token: usize) -> &[u32] {
        match self.child_starts.get(token..token + 2) {
            Some(&[a, b]) => &self.children[a as usize..b as usize],
            _ => &[],
        }
    }

    /// Stores a string of a token (lemma or predicate).
    pub fn store(&mut self, s: &str) -> Text {
        let start = self.strings.len() as u32;
        self.strings.push_str(s);
        Text { start, len: s.len() as u32 }
    }

    /// Makes [`Analysis::children`] true to the heads; called once the parser is done.
    pub fn index_children(&mut self) {
        let n = self.tokens.len();
        self.child_starts.clear();
        self.child_starts.resize(n + 2, 0);
        for t in self.tokens.iter().filter(|t| t.head != Token::ROOT) {
            self.child_starts[t.head as usize + 2] += 1;
        }
        for i in 1..self.child_starts.len() {
            self.child_starts[i] += self.child_starts[i - 1];
        }
        self.children.clear();
        self.children.resize(self.child_starts[n + 1] as usize, 0);
        for (i, t) in self.tokens.iter().enumerate().filter(|(_, t)| t.head != Token::ROOT) {
            let at = &mut self.child_starts[t.head as usize + 1];
            self.children[*at as usize] = i as u32;
            *at += 1;
        }
        self.child_starts.truncate(n + 1);
    }

    fn string(&self, t: Text) -> &str {
        &self.strings[t.start as usize..(t.start + t.len) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_follow_heads_in_text_order() {
        let mut a = Analysis::default();
        for (i, head) in [1, Token::ROOT, 1, 2].into_iter().enumerate() {
            a.tokens.push(Token { head, ..Token::new(i, i + 1, 0) });
        }
        a.index_children();
        assert_eq!(a.children(0), &[] as &[u32]);
        assert_eq!(a.children(1), &[0, 2]);
        assert_eq!(a.children(2), &[3]);
        assert_eq!(a.children(3), &[] as &[u32]);
    }

    #[test]
    fn predicate_falls_back_to_lemma() {
        let mut a = Analysis::default();
        a.tokens.push(Token::new(0, 1, 0));
        a.tokens[0].lemma = a.store("lehnen");
        assert_eq!(a.predicate(0), "lehnen");
        a.tokens[0].predicate = a.store("ablehnen");
        assert_eq!((a.lemma(0), a.predicate(0)), ("lehnen", "ablehnen"));
    }
}
