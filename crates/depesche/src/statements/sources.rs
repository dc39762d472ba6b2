//! Indirect speech without a verb: "laut X", "nach Angaben von X", "X zufolge", ", so X", "demnach"; and nouns with
//! a clause ("der Vorwurf, er habe …"), "der Meinung sein, dass …".

use super::cues::{Place, Strength};
use super::draft::{Draft, Phrase};
use super::finder::Finder;
use crate::morphology::Upos;
use crate::record::{Medium, Stance, StatementKind};
use crate::syntax::Deprel;
use crate::syntax::clause::Mood;
use std::ops::Range;

impl Finder<'_> {
    /// Finds the sources named in one sentence.
    pub(super) fn sources(&mut self, sentence: &Range<usize>) {
        for i in sentence.clone() {
            if self.used[i] || self.spoken[i] {
                continue;
            }
            let lower = self.form(i).to_lowercase();
            let Some(phrase) = self.cues.phrase(&lower) else { continue };
            let medium = phrase.medium;
            let draft = match phrase.place {
                Place::So => self.so(i, medium),
                Place::Continuation => self.continuation_word(i, medium),
                place => self.source(i, place, phrase.any, medium),
            };
            if let Some(draft) = draft {
                self.used[i] = true;
                self.add(draft);
            }
        }
    }

    /// "laut X", "nach Angaben von X", "X zufolge".
    fn source(&self, cue: usize, place: Place, any: bool, medium: Medium) -> Option<Draft> {
        let body = self.sentence_body(cue);
        let head = self.source_head(cue, place, &body)?;
        let noun = self.noun_cue(head).filter(|n| n.source && (any || n.strength > Strength::Weak));
        if (!any && noun.is_none()) || self.spoken[head] {
            return None;
        }
        let bounds = if head > cue { cue + 1..body.end } else { body.start..cue };
        let mut speaker = self.phrase(head, &bounds);
        if head < cue {
            speaker.range.end = cue;
            if !(bounds.start..speaker.range.start).any(|i| self.is_verb(i) || self.is(i, ",")) {
                let lead = |i: &usize| self.upos(*i) == Upos::Adv;
                speaker.range.start =
                    (bounds.start..speaker.range.start).find(|i| !lead(i)).unwrap_or(speaker.range.start);
            }
        } else {
            speaker.range.start = cue + 1;
            self.take_genitive(&mut speaker.range, &body);
        }
        let mut frame = speaker.range.start.min(cue)..speaker.range.end.max(cue + 1);
        // A relative clause behind the source is part of the frame.
        if head > cue
            && let Some(clause) = self.clauses.children_by(head, Deprel::Acl).find(|c| *c >= frame.end)
        {
            let span = self.clauses.span(clause);
            if span.start <= frame.end + 1 && span.end < body.end {
                frame.end = span.end + usize::from(self.is(span.end, ","));
            }
        }
        let whole = self.reported_clause(head, cue, &body);
        let content = self.without(whole, &frame);
        let medium = match noun.map(|n| n.medium) {
            Some(Medium::SpeechWriting) | None => self.medium(medium, Some(&speaker), &frame),
            Some(own) => own,
        };
        (!content.is_empty()).then(|| Draft {
            kind: StatementKind::Indirect,
            origin: None,
            medium,
            stance: noun.map_or(Stance::Neutral, |n| n.stance),
            content,
            cue: vec![cue],
            frame: vec![frame],
            speaker: Some(speaker),
            addressee: None,
        })
    }

    /// "Berichten britischer Zeitungen": a genitive without an article that the tree has hung elsewhere.
    fn take_genitive(&self, range: &mut Range<usize>, body: &Range<usize>) {
        let adjective = range.end;
        let noun = adjective + 1;
        if noun < body.end
            && self.upos(adjective - 1) == Upos::Noun
            && self.upos(adjective) == Upos::Adj
            && self.form(adjective).ends_with("er")
            && self.upos(noun) == Upos::Noun
        {
            range.end = noun + 1;
        }
    }

    /// The noun that a preposition or postposition of source belongs to.
    fn source_head(&self, cue: usize, place: Place, body: &Range<usize>) -> Option<usize> {
        let by_tree = self.reading.analysis.head(cue).filter(|h| {
            self.deprel(cue) == Deprel::Case
                && matches!(self.upos(*h), Upos::Noun | Upos::Propn | Upos::Pron | Upos::X | Upos::Num | Upos::Adj)
        });
        let fits = |h: &usize| match place {
            Place::Before => *h > cue,
            Place::After => *h < cue,
            _ => true,
        };
        let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn);
        let comma = |i: usize| self.is(i, ",");
        if place == Place::Before && comma(cue + 1) {
            // "Stimmen werden laut, dass …"
            return None;
        }
        if place == Place::After {
            // All that stands in front of it at the beginning of a sentence is its phrase.
            let whole = body.start..cue;
            if !whole.clone().any(|i| self.is_verb(i) && self.deprel(i) != Deprel::Amod || comma(i))
                && let Some(first) = whole.clone().find(nominal)
            {
                return Some(self.nominal_head(first, whole));
            }
        }
        by_tree.filter(|h| fits(h)).or_else(|| match place {
            Place::After => (body.start..cue).rev().take(6).find(nominal),
            Place::Before => (cue + 1..body.end).take(6).take_while(|i| !comma(*i)).find(nominal),
            _ => None,
        })
    }

    /// The clause that a source phrase vouches for: as a rule the whole sentence.
    fn reported_clause(&self, head: usize, cue: usize, body: &Range<usize>) -> Range<usize> {
        let Some(predicate) = self.reading.analysis.head(head).and_then(|h| self.clauses.predicate_of(h)) else {
            return body.clone();
        };
        if !body.contains(&predicate) {
            return body.clone();
        }
        match self.deprel(predicate) {
            Deprel::Root => body.clone(),
            _ => {
                let mut span = self.clauses.span(predicate);
                span = span.start.max(body.start).min(cue)..span.end.min(body.end);
                while span.start < span.end && self.upos(span.start) == Upos::Cconj {
                    span.start += 1;
                }
                span
            }
        }
    }

    /// ", so X" and "so X,".
    fn so(&self, cue: usize, medium: Medium) -> Option<Draft> {
        let body = self.sentence_body(cue);
        let opens = cue > body.start && matches!(self.form(cue - 1), "," | "“" | "\"" | "«" | "–" | "(");
        if !opens {
            return None;
        }
        // A name or noun phrase without a verb up to a comma or the end.
        let stop =
            |i: &usize| self.is_verb(*i) || matches!(self.form(*i), "“" | "„" | "\"" | ":" | "dass" | "und" | "wie");
        let limit = (cue + 1..body.end).find(stop).unwrap_or(body.end);
        if limit < body.end && self.is_verb(limit) && !(cue + 1..limit).any(|i| self.is(i, ",")) {
            return None;
        }
        let first = cue + 1;
        if first >= body.end || matches!(self.upos(first), Upos::Adv | Upos::Adp | Upos::Sconj | Upos::Verb | Upos::Aux)
        {
            return None;
        }
        let head = (first..limit).take(8).find(|i| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron))?;
        if (first..head).any(|i| self.is(i, ",")) {
            return None;
        }
        let speaker = self.phrase(self.nominal_head(head, first..limit), &(first..limit));
        let mut end = (speaker.range.end..body.end).find(|i| matches!(self.form(*i), "," | ")")).unwrap_or(body.end);
        if end < body.end && self.is(end, ",") {
            end += 1;
        }
        let start = if self.is(cue - 1, ",") { cue - 1 } else { cue };
        let frame = start..end;
        let content = self.without(body, &frame);
        (!content.is_empty()).then(|| Draft {
            kind: StatementKind::Indirect,
            origin: None,
            medium: self.medium(medium, Some(&speaker), &frame),
            stance: Stance::Neutral,
            content,
            cue: vec![cue],
            frame: vec![frame],
            speaker: Some(speaker),
            addressee: None,
        })
    }

    /// "Demnach …" at the beginning of a sentence and "wonach …" at that of a clause.
    fn continuation_word(&self, cue: usize, medium: Medium) -> Option<Draft> {
        let body = self.sentence_body(cue);
        let whole = if cue == body.start {
            if !self.follows_speech(cue) {
                return None;
            }
            body
        } else if self.is(cue - 1, ",") && self.form(cue) == "wonach" {
            let clause = self.clauses.predicate_of(cue)?;
            cue..self.clauses.span(clause).end.min(body.end)
        } else {
            return None;
        };
        let content = self.trim(cue + 1..whole.end);
        let who = self.last_speaker(cue).map_or(cue, |p| p.who);
        (content.len() > 2).then(|| Draft {
            kind: StatementKind::Indirect,
            origin: None,
            medium,
            stance: Stance::Neutral,
            content: vec![content],
            cue: vec![cue],
            frame: std::iter::once(cue..cue + 1).collect(),
            speaker: Some(Phrase { range: cue..cue + 1, who }),
            addressee: None,
        })
    }

    /// Whether the sentences before have a statement, or the last of them a word of saying.
    fn follows_speech(&self, token: usize) -> bool {
        let Some(before) = token.checked_sub(1).map(|i| self.sentence(i)) else { return false };
        let saying = |i: usize| {
            self.upos(i) == Upos::Noun && self.noun_cue(i).is_some_and(|n| n.source || n.clause)
                || self.verb_cue(i).is_some_and(|(row, _)| row.strength == Strength::Strong)
        };
        self.last_speaker(token).is_some() || before.clone().any(saying)
    }

    /// Nouns and adjectives with a clause: "der Vorwurf, er habe …", "ist überzeugt, dass …".
    pub(super) fn nouns(&mut self, sentence: &Range<usize>) {
        for i in sentence.clone() {
            if self.used[i] || self.spoken[i] {
                continue;
            }
            if let Some(draft) = self.noun_with_clause(i)
                && !self.drafts.iter().rev().take(8).any(|d| d.end() == draft.end() && d.start() <= draft.start() + 2)
            {
                self.used[i] = true;
                self.add(draft);
            }
        }
    }

    fn noun_with_clause(&self, i: usize) -> Option<Draft> {
        let noun =
            self.noun_cue(i).filter(|n| n.strength > Strength::Weak && (n.clause || n.infinitive || n.predicate))?;
        let body = self.sentence_body(i);
        let governor = self.reading.analysis.head(i).filter(|h| self.is_verb(*h) && body.contains(h));
        if governor.is_some_and(|g| self.clauses.mood(g) == Mood::SubjunctiveOne) {
            return None;
        }
        let is_predicate = self.clauses.children(i).any(|c| self.deprel(c) == Deprel::Cop)
            || governor.is_some_and(|g| {
                matches!(self.reading.analysis.predicate(g), "zeigen" | "sein" | "geben" | "vertreten")
            });
        if self.upos(i) == Upos::Adj && !is_predicate {
            return None;
        }
        let fits = |c: &usize| {
            *c > i
                && if self.clauses.is_zu_infinitive(*c) {
                    noun.infinitive
                } else {
                    match self.clauses.subordinator(*c) {
                        Some("dass" | "ob") => noun.clause || noun.predicate,
                        Some(_) => false,
                        None => (noun.clause || noun.predicate) && self.speaks_in_subjunctive(*c),
                    }
                }
        };
        let below = self.clauses.children(i).filter(|c| {
            matches!(
                self.deprel(*c),
                Deprel::Acl | Deprel::Ccomp | Deprel::Xcomp | Deprel::Csubj | Deprel::Advcl | Deprel::Parataxis
            )
        });
        let beside = governor
            .into_iter()
            .flat_map(|g| self.clauses.children(g))
            .filter(|c| matches!(self.deprel(*c), Deprel::Ccomp | Deprel::Xcomp | Deprel::Csubj | Deprel::Parataxis));
        let clause = below.chain(beside).find(fits)?;
        let span = self.clauses.span(clause);
        let comma = (i + 1..=span.start).rev().find(|j| matches!(self.form(*j), "," | ":"))?;
        let content = self.trim(comma + 1..span.end.min(body.end));
        let owner = self.clauses.possessor(i).filter(|o| self.upos(*o) != Upos::Det);
        let speaker = owner
            .or_else(|| if is_predicate && governor.is_none() { self.clauses.subject(i) } else { None })
            .or_else(|| {
                governor.and_then(|g| match self.deprel(i) {
                    Deprel::Obj | Deprel::Xcomp | Deprel::Obl | Deprel::Advmod => {
                        self.argument(g, super::cues::Role::Subject)
                    }
                    _ => self.clauses.oblique(g, "von"),
                })
            });
        let top = governor.unwrap_or(i);
        let frame = self.frame_start(top, body.start).min(i)..comma + 1;
        let mut cue = if governor.is_some() || is_predicate { self.clauses.cluster(top) } else { Vec::new() };
        cue.push(i);
        cue.retain(|t| frame.contains(t));
        cue.sort_unstable();
        cue.dedup();
        let speaker = if self.deprel(i) == Deprel::Nsubj && noun.source { Some(i) } else { speaker };
        let speaker: Option<Phrase> = speaker.filter(|s| frame.contains(s)).map(|s| self.phrase(s, &frame));
        (!content.is_empty()).then(|| Draft {
            kind: StatementKind::Indirect,
            origin: None,
            medium: noun.medium,
            stance: noun.stance,
            content: vec![content],
            cue,
            frame: vec![frame],
            speaker,
            addressee: None,
        })
    }
}
