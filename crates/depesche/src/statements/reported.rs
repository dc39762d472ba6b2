//! Reported speech: the act of speaking is told, its words are not ("forderte Sanktionen", "bezeichnete X als Y").

use super::cues::{Patterns, Strength, Verb};
use super::draft::{Draft, Phrase};
use super::finder::Finder;
use crate::record::{Medium, StatementKind};
use crate::syntax::Deprel;
use crate::syntax::clause::{Modal, Mood};
use std::ops::Range;

impl Finder<'_> {
    /// Finds the reported speech of one sentence.
    pub(super) fn reported(&mut self, sentence: &Range<usize>) {
        for verb in sentence.clone() {
            if self.used[verb] || self.spoken[verb] || self.quotation_at(verb).is_some() {
                continue;
            }
            let Some((row, _)) = self.verb_cue(verb) else { continue };
            if row.strength < Strength::Strong && !row.patterns.allow(Patterns::ALS)
                || !matches!(self.deprel(verb), Deprel::Root | Deprel::Conj)
                || !self.reports(verb, row)
                || self.is_unsaid(verb)
                || self.is_told(verb)
            {
                continue;
            }
            let sentence = self.sentence(verb);
            let head = self.argument(verb, row.speaker);
            let speaker = head.and_then(|_| self.speaker(verb, Some(row), &sentence));
            let Some(speaker) = speaker.filter(|s| self.can_speak(s.who)) else { continue };
            let content = if self.deprel(verb) == Deprel::Root { self.sentence(verb) } else { self.clauses.span(verb) };
            let draft = Draft {
                kind: StatementKind::Reported,
                origin: None,
                medium: self.reported_medium(row.medium, &speaker, &content),
                stance: row.stance,
                content: vec![content],
                addressee: None,
                cue: Vec::new(),
                frame: Vec::new(),
                speaker: Some(speaker),
            };
            self.used[verb] = true;
            self.add(draft);
        }
    }

    /// Whether the act has not taken place: it is denied, or itself told in Konjunktiv.
    fn is_unsaid(&self, verb: usize) -> bool {
        self.is_only_possible(verb) || self.clauses.is_negated(verb) || self.clauses.mood(verb) == Mood::SubjunctiveOne
    }

    /// Whether an act of speaking is only possible or wanted ("könnte bestätigen", "wollte zurückweisen").
    pub(super) fn is_only_possible(&self, verb: usize) -> bool {
        matches!(self.clauses.modal(verb), Some(Modal::Want | Modal::Can | Modal::May | Modal::Shall))
            || self.clauses.is_conditional_mood(verb)
    }

    /// Whether the verb stands in the content of another statement.
    fn is_told(&self, verb: usize) -> bool {
        let sentence = self.reading.analysis.tokens[verb].sentence as usize;
        self.ending_in(sentence).any(|d| self.drafts[d].content.iter().any(|c| c.contains(&verb)))
    }

    /// Who is no person acts by word of mouth or in writing; which, the report does not tell.
    fn reported_medium(&self, medium: Medium, speaker: &Phrase, content: &Range<usize>) -> Medium {
        match self.medium(medium, Some(speaker), content) {
            Medium::Speech if !self.is_person(speaker) => Medium::SpeechWriting,
            other => other,
        }
    }

    /// Whether the verb has an argument that stands for what was said.
    fn reports(&self, verb: usize, row: &Verb) -> bool {
        let object = self.clauses.object(verb).is_some();
        let naming = row.patterns.allow(Patterns::ALS)
            && self
                .clauses
                .children(verb)
                .any(|c| self.deprel(c) == Deprel::Xcomp || self.clauses.preposition(c) == Some("als"));
        let accusative = row.patterns.allow(Patterns::ACC) && object;
        let phrase = self.clauses.obliques(verb).any(|(p, _)| row.prepositions.contains(&p));
        naming || accusative || phrase
    }
}
