//! Noun phrases: ranges, coordination, attributes.

use super::{Clauses, Deprel, Upos};
use std::ops::Range;

/// Punctuation that stands between phrases, never inside the edge of one.
const SEPARATORS: &[&str] = &[",", ";", ":", ".", "–", "-", "—", "!", "?"];

impl<'a> Clauses<'a> {
    /// The tokens of a token's whole subtree, first to last.
    pub fn span(&self, head: usize) -> Range<usize> {
        self.span_where(head, |_, _| true)
    }

    /// The tokens of a noun phrase: the subtree of its head without relative clauses, sentences thrown in, further
    /// conjuncts and the preposition. Punctuation at the edges is not part of it.
    pub fn noun_phrase(&self, head: usize) -> Range<usize> {
        let keep = |this: &Clauses<'_>, c: usize| {
            let relation = this.deprel(c);
            if relation == Deprel::Punct {
                return !SEPARATORS.contains(&this.form(c));
            }
            let outside = matches!(
                relation,
                Deprel::Acl | Deprel::Parataxis | Deprel::Conj | Deprel::Cc | Deprel::Case | Deprel::Cop | Deprel::Aux
            );
            !outside || (this.analysis.head(c) != Some(head) && relation != Deprel::Parataxis)
        };
        self.trim(self.span_where(head, keep))
    }

    /// The tokens of a noun phrase with all its conjuncts.
    pub fn coordinated_phrase(&self, head: usize) -> Range<usize> {
        let mut range = self.noun_phrase(head);
        for conjunct in self.conjuncts(head) {
            let next = self.noun_phrase(conjunct);
            range = range.start.min(next.start)..range.end.max(next.end);
        }
        range
    }

    /// Bounds of the part of the subtree whose tokens `keep` lets through; it is asked for each dependent on the way
    /// down. The bounds never leave the sentence.
    pub(crate) fn span_where(&self, head: usize, keep: impl Fn(&Clauses<'a>, usize) -> bool) -> Range<usize> {
        let mut range = head..head + 1;
        let mut stack = vec![head];
        while let Some(i) = stack.pop() {
            range = range.start.min(i)..range.end.max(i + 1);
            stack.extend(self.children(i).filter(|c| keep(self, *c)));
        }
        range
    }

    /// The range without punctuation at its edges, save for brackets and quotation marks that have a partner inside.
    pub(crate) fn trim(&self, mut range: Range<usize>) -> Range<usize> {
        let separates = |i: usize| SEPARATORS.contains(&self.form(i));
        while range.start + 1 < range.end && self.upos(range.start) == Upos::Punct && separates(range.start) {
            range.start += 1;
        }
        while range.start + 1 < range.end && self.upos(range.end - 1) == Upos::Punct && separates(range.end - 1) {
            range.end -= 1;
        }
        range
    }

    /// A noun phrase's head and the heads coordinated with it, in the order of the text.
    pub fn conjuncts(&self, head: usize) -> Vec<usize> {
        let mut out = vec![head];
        let mut at = 0;
        while let Some(i) = out.get(at).copied() {
            out.extend(self.children_by(i, Deprel::Conj));
            at += 1;
        }
        out
    }

    /// Whose thing it is: the genitive or "von" attribute of a noun, or its possessive pronoun.
    pub fn possessor(&self, noun: usize) -> Option<usize> {
        self.genitive(noun)
            .or_else(|| self.children_by(noun, Deprel::Det).find(|c| super::words::is_possessive(self.form(*c))))
    }

    /// The genitive or "von" attribute of a noun ("der Angriff Russlands", "die Rede von Merkel").
    pub fn genitive(&self, noun: usize) -> Option<usize> {
        self.children_by(noun, Deprel::Nmod).find(|c| match self.preposition(*c) {
            Some(preposition) => preposition == "von",
            None => !self.is_case(*c, "Dat") && !self.is_case(*c, "Nom"),
        })
    }

    /// Appositions and names that stand with a noun ("Kanzlerin" — "Merkel").
    pub fn appositions(&self, noun: usize) -> impl Iterator<Item = usize> + use<'a> {
        let this = *self;
        self.children(noun).filter(move |c| matches!(this.deprel(*c), Deprel::Appos | Deprel::Flat))
    }
}
