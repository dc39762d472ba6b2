//! Statements without a frame of their own: sentences in Konjunktiv that go on with what was reported before, and
//! hearsay with "soll".

use super::draft::{Draft, Phrase};
use super::finder::Finder;
use crate::morphology::Upos;
use crate::record::{Medium, Stance, StatementKind};
use crate::syntax::Deprel;
use crate::syntax::clause::Mood;
use std::ops::Range;

/// How many sentences back a speaker is looked for.
const REACH: usize = 4;

impl Finder<'_> {
    /// The speaker of the last statement before a token, if it is near.
    pub(super) fn last_speaker(&self, token: usize) -> Option<Phrase> {
        self.last_statement(token).and_then(|d| self.drafts[d].speaker.clone())
    }

    fn last_statement(&self, token: usize) -> Option<usize> {
        let sentence = |i: usize| self.reading.analysis.tokens[i].sentence as usize;
        let here = sentence(token);
        // The last sentence in which somebody speaks counts, and in it the statement that is said by the narrator's own
        // account and not in another statement.
        // "Demnach" stands for a source, but is none.
        let named = |d: &Draft| d.speaker.as_ref().is_some_and(|s| !d.cue.contains(&s.range.start));
        (here.saturating_sub(REACH)..=here).rev().find_map(|s| {
            let fitting = self.ending_in(s).filter(|d| self.drafts[*d].start() < token && named(&self.drafts[*d]));
            fitting.max_by_key(|d| self.drafts[*d].len())
        })
    }

    /// Finds the sentences that go on with reported speech, in the order of the text.
    pub(super) fn continuations(&mut self, sentences: &[Range<usize>]) {
        let mut covered = vec![false; self.reading.len()];
        for d in &self.drafts {
            for r in d.content.iter().chain(&d.frame) {
                covered[r.clone()].fill(true);
            }
        }
        let mut last: Option<(usize, usize)> = None; // draft and sentence of the running continuation
        for (n, sentence) in sentences.iter().enumerate() {
            let free = !sentence.clone().any(|i| covered[i] || self.spoken[i]);
            let kind = if free { self.continuation_kind(sentence) } else { None };
            let Some(kind) = kind else { continue };
            if let Some((draft, at)) = last
                && at + 1 == n
                && self.drafts[draft].kind == kind
            {
                let end = sentence.end;
                if let Some(content) = self.drafts[draft].content.last_mut() {
                    content.end = end;
                }
                self.end_at(draft, end);
                last = Some((draft, n));
                continue;
            }
            let before = n
                .checked_sub(1)
                .map(|b| &sentences[b])
                .filter(|b| b.start < b.end && !covered[b.start..b.end].contains(&true));
            // With "soll" something is said of the subject before, not by it.
            let told_of = before.filter(|_| kind != StatementKind::FreeIndirect).and_then(|b| self.told_of(b));
            let origin = self.last_statement(sentence.start);
            if origin.is_none() && !self.is_surely_reported(sentence) {
                continue;
            }
            // "Soll" is hearsay right behind a statement; elsewhere it is as often a plan.
            if kind == StatementKind::FreeIndirect && !self.follows_statement(sentence.start) {
                continue;
            }
            let previous = origin.map(|o| &self.drafts[o]);
            let draft = Draft {
                kind,
                origin: previous.and_then(|p| p.origin).or(origin),
                medium: match previous.map(|p| p.medium) {
                    Some(Medium::Thought | Medium::SpeechThought) => Medium::Speech,
                    medium => medium.unwrap_or(Medium::SpeechWriting),
                },
                stance: Stance::Neutral,
                content: vec![sentence.clone()],
                speaker: told_of.or_else(|| previous.and_then(|p| p.speaker.clone())),
                addressee: None,
                cue: Vec::new(),
                frame: Vec::new(),
            };
            last = Some((self.drafts.len(), n));
            self.add(draft);
        }
    }

    /// Whether a statement ends in the sentence before a token or in its own.
    fn follows_statement(&self, token: usize) -> bool {
        let here = self.reading.analysis.tokens[token].sentence as usize;
        (here.saturating_sub(1)..=here).any(|s| self.ending_in(s).next().is_some())
    }

    /// Of whom a sentence without a statement tells that hints at speech all the same ("Der Minister äußerte sich
    /// gelassen."): the speaker of its verb, or its subject.
    fn told_of(&self, sentence: &Range<usize>) -> Option<Phrase> {
        let root = sentence.clone().find(|i| self.reading.analysis.head(*i).is_none())?;
        if self.speaks_in_subjunctive(root) {
            return None;
        }
        if let Some((row, _)) = self.verb_cue(root) {
            return self.speaker(root, Some(row), sentence).filter(|s| self.can_speak(s.who));
        }
        let hints = |i: usize| self.upos(i) == Upos::Noun && self.noun_cue(i).is_some_and(|n| n.clause || n.occasion);
        let subject = self.clauses.own_subject(root).filter(|s| self.is_somebody(*s))?;
        let hinted = self.upos(subject) == Upos::Pron || sentence.clone().any(hints);
        hinted.then(|| self.phrase(subject, sentence))
    }

    /// Whether a sentence can only be somebody's speech, even if nobody is named: its main verb is in Konjunktiv I.
    fn is_surely_reported(&self, sentence: &Range<usize>) -> bool {
        let main = sentence.clone().find(|i| self.is_verb(*i) && self.is_main_finite(*i));
        main.is_some_and(|m| self.clauses.mood_of(m) == Mood::SubjunctiveOne)
    }

    /// Konjunktiv in the main clause goes on with indirect speech; "soll" with an infinitive is hearsay.
    fn continuation_kind(&self, sentence: &Range<usize>) -> Option<StatementKind> {
        let main = sentence.clone().find(|i| self.is_verb(*i) && self.is_main_finite(*i))?;
        match self.clauses.mood_of(main) {
            Mood::SubjunctiveOne => Some(StatementKind::IndirectFreeIndirect),
            Mood::SubjunctiveTwo if self.form(main) != "möchte" => Some(StatementKind::IndirectFreeIndirect),
            _ if matches!(self.form(main), "soll" | "sollen" | "Soll" | "Sollen") => Some(StatementKind::FreeIndirect),
            _ => None,
        }
    }

    /// Whether a verb is the finite verb of a main clause.
    fn is_main_finite(&self, i: usize) -> bool {
        let auxiliary = matches!(self.deprel(i), Deprel::Aux | Deprel::Cop);
        let clause = if auxiliary { self.reading.analysis.head(i) } else { Some(i) };
        clause.is_some_and(|c| {
            matches!(self.deprel(c), Deprel::Root | Deprel::Conj | Deprel::Parataxis)
                && self.clauses.subordinator(c).is_none()
                && self.clauses.finite(c) == Some(i)
        })
    }
}
