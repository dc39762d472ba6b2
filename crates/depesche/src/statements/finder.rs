//! What all kinds of statements need to know of a text: its clauses, cues and quotations.

use super::cues::{Cues, Noun, Role, Verb};
use super::draft::Draft;
use super::quotation::{self, Quotation};
use crate::actors::Actors;
use crate::morphology::Upos;
use crate::reading::Reading;
use crate::record::{Stance, Time};
use crate::syntax::clause::Voice;
use crate::syntax::{Clauses, Deprel};
use std::ops::Range;

/// Sentences with more tokens are lists and tables, in which nobody speaks.
const MAX_SENTENCE: usize = 400;

/// The state of one search.
pub(super) struct Finder<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) clauses: Clauses<'a>,
    pub(super) cues: &'a Cues,
    pub(super) actors: &'a Actors,
    pub(super) quotations: Vec<Quotation>,
    /// For each token the outermost quotation around it.
    around: Vec<u32>,
    /// For each token whether it lies in a quotation that is speech by itself.
    pub(super) spoken: Vec<bool>,
    /// For each token whether it is the cue of a statement already found.
    pub(super) used: Vec<bool>,
    /// For each token whether it belongs to an expression of time.
    pub(super) timed: Vec<bool>,
    pub(super) drafts: Vec<Draft>,
    /// For each sentence the statements that end in it.
    ends: Vec<Vec<u32>>,
}

const NO_QUOTATION: u32 = u32::MAX;
const NOBODY: u32 = u32::MAX;

impl<'a> Finder<'a> {
    pub(super) fn new(reading: &'a Reading<'a>, cues: &'a Cues, actors: &'a Actors, times: &[Time]) -> Finder<'a> {
        let tokens = &reading.analysis.tokens;
        let mut timed = vec![false; reading.len()];
        for time in times {
            let first = tokens.partition_point(|t| (t.end as usize) <= time.start);
            let inside = tokens[first..].iter().take_while(|t| (t.start as usize) < time.end).count();
            timed[first..first + inside].fill(true);
        }
        let quotations = quotation::find(reading);
        let mut around = vec![NO_QUOTATION; reading.len()];
        for (n, q) in quotations.iter().enumerate().filter(|(_, q)| q.within.is_none()) {
            around[q.tokens()].fill(n as u32);
        }
        Finder {
            reading,
            clauses: Clauses::new(reading),
            cues,
            actors,
            quotations,
            around,
            spoken: vec![false; reading.len()],
            used: vec![false; reading.len()],
            timed,
            drafts: Vec::new(),
            ends: vec![Vec::new(); reading.analysis.sentences.len()],
        }
    }

    // ------------------------------------------------------------ statements

    /// Takes a statement in. Where the cue is neutral, the words of the content tell the speaker's attitude.
    pub(super) fn add(&mut self, mut draft: Draft) {
        if draft.stance == Stance::Neutral {
            let words = draft.content.iter().flat_map(Range::clone).take(MAX_SENTENCE);
            let told = words.filter_map(|i| self.cues.attitude(self.reading.analysis.predicate(i))).next();
            draft.stance = told.unwrap_or(Stance::Neutral);
        }
        let last = draft.frame.iter().map(|f| f.end).chain([draft.end()]).max().unwrap_or(1);
        self.drafts.push(draft);
        self.end_at(self.drafts.len() - 1, last);
    }

    /// Notes that a statement reaches up to a token.
    pub(super) fn end_at(&mut self, draft: usize, end: usize) {
        let sentence = self.reading.analysis.tokens[end.max(1) - 1].sentence as usize;
        self.ends[sentence].push(draft as u32);
    }

    /// The statements that end in a sentence.
    pub(super) fn ending_in(&self, sentence: usize) -> impl Iterator<Item = usize> + '_ {
        self.ends.get(sentence).into_iter().flatten().map(|d| *d as usize)
    }

    /// For each token the smallest statement whose content holds it.
    pub(super) fn holders(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|d| std::cmp::Reverse(self.drafts[*d].len()));
        let mut out = vec![NOBODY; self.reading.len()];
        for d in order {
            for range in &self.drafts[d].content {
                out[range.clone()].fill(d as u32);
            }
        }
        out
    }

    /// The smallest statement that holds the whole quotation and more.
    pub(super) fn holder(&self, holders: &[u32], q: &Quotation) -> Option<usize> {
        let range = q.tokens();
        let found = holders.get(range.start).filter(|d| **d != NOBODY).map(|d| *d as usize)?;
        let draft = &self.drafts[found];
        let whole = draft.content.iter().any(|c| c.start <= range.start && range.end <= c.end);
        (whole && draft.len() > range.len()).then_some(found)
    }

    // ------------------------------------------------------------ tokens

    pub(super) fn form(&self, i: usize) -> &'a str {
        self.reading.form(i)
    }

    pub(super) fn is(&self, i: usize, form: &str) -> bool {
        i < self.reading.len() && self.form(i) == form
    }

    pub(super) fn upos(&self, i: usize) -> Upos {
        self.reading.analysis.tokens[i].upos
    }

    pub(super) fn deprel(&self, i: usize) -> Deprel {
        self.reading.analysis.tokens[i].deprel
    }

    pub(super) fn is_verb(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Verb | Upos::Aux)
    }

    /// Whether the token ends a sentence or its part.
    pub(super) fn is_stop(&self, i: usize) -> bool {
        matches!(self.form(i), "." | "!" | "?" | "…" | ":" | ";")
    }

    /// The tokens of the sentence around a token.
    pub(super) fn sentence(&self, i: usize) -> Range<usize> {
        let s = self.reading.analysis.tokens[i].sentence as usize;
        self.reading.analysis.sentences[s].tokens()
    }

    /// The sentence without the stop at its end.
    pub(super) fn sentence_body(&self, i: usize) -> Range<usize> {
        let mut range = self.sentence(i);
        // A few are enough for "?!" and "…“"; a text of nothing but stops shall cost no more.
        for _ in 0..4 {
            if range.end > range.start + 1 && self.is_stop(range.end - 1) {
                range.end -= 1;
            }
        }
        range
    }

    /// Whether a quotation stands in sentences in which statements are looked for.
    pub(super) fn is_readable(&self, q: &Quotation) -> bool {
        self.sentence(q.open).len() <= MAX_SENTENCE && self.sentence(q.close).len() <= MAX_SENTENCE
    }

    /// The sentences in which statements are looked for.
    pub(super) fn sentences(&self) -> Vec<Range<usize>> {
        let all = self.reading.analysis.sentences.iter().map(|s| s.tokens());
        all.filter(|s| !s.is_empty() && s.len() <= MAX_SENTENCE).collect()
    }

    /// The outermost quotation around a token.
    pub(super) fn quotation_at(&self, i: usize) -> Option<usize> {
        self.around.get(i).filter(|q| **q != NO_QUOTATION).map(|q| *q as usize)
    }

    /// The range without commas and dashes at its edges.
    pub(super) fn trim(&self, range: Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        let loose = |i: usize| matches!(self.form(i), "," | "–" | "-" | "—" | ";" | ":" | ".");
        while start < end && loose(start) {
            start += 1;
        }
        while end > start && loose(end - 1) {
            end -= 1;
        }
        start..end
    }

    /// What is left of a range without another, as one or two trimmed pieces.
    pub(super) fn without(&self, whole: Range<usize>, hole: &Range<usize>) -> Vec<Range<usize>> {
        let before = whole.start..hole.start.clamp(whole.start, whole.end);
        let after = hole.end.clamp(whole.start, whole.end)..whole.end;
        [before, after].into_iter().map(|r| self.trim(r)).filter(|r| !r.is_empty()).collect()
    }

    // ------------------------------------------------------------ cues

    /// The lexicon's row for a verb token, with the other words of the cue.
    pub(super) fn verb_cue(&self, i: usize) -> Option<(&'a Verb, Vec<usize>)> {
        if !self.is_verb(i) || matches!(self.deprel(i), Deprel::Aux | Deprel::Cop) {
            return None;
        }
        let rows = self.cues.verbs(self.reading.analysis.predicate(i));
        let sentence = if rows.is_empty() { return None } else { self.sentence(i) };
        let near = sentence.start.max(i.saturating_sub(10))..sentence.end.min(i + 10);
        let find = |word: &str| near.clone().find(|j| *j != i && self.form(*j).eq_ignore_ascii_case(word));
        for row in rows {
            let mut tokens = Vec::new();
            if row.reflexive {
                let sich = self.clauses.children(i).find(|c| self.form(*c).eq_ignore_ascii_case("sich"));
                match sich {
                    Some(sich) => tokens.push(sich),
                    None => continue,
                }
            }
            let words: Option<Vec<usize>> = row.words.iter().map(|w| find(w)).collect();
            if let Some(words) = words {
                tokens.extend(words);
                return Some((row, tokens));
            }
        }
        None
    }

    /// The lexicon's row for a noun.
    pub(super) fn noun_cue(&self, i: usize) -> Option<&'a Noun> {
        if !matches!(self.upos(i), Upos::Noun | Upos::Propn | Upos::Adj) {
            return None;
        }
        self.cues.noun(self.reading.lemma(i)).or_else(|| self.cues.noun(self.form(i)))
    }

    // ------------------------------------------------------------ who speaks

    /// The argument of a cue verb that has a role.
    pub(super) fn argument(&self, verb: usize, role: Role) -> Option<usize> {
        match role {
            Role::Subject if self.clauses.voice(verb) == Voice::Active => self.clauses.subject(verb),
            Role::Subject => self.clauses.agent(verb),
            Role::Object => self.clauses.patient(verb),
            Role::Dative => self.clauses.dative(verb),
            Role::With(preposition) => self.clauses.oblique(verb, preposition),
            Role::Nobody => None,
        }
    }
}
