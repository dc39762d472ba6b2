//! Which words name the speaker: the noun phrase of the tree, mended where punctuation, articles and names tell more.

use super::draft::Phrase;
use super::finder::Finder;
use crate::morphology::Upos;
use crate::record::EntityType;
use crate::syntax::{Deprel, clause};
use std::ops::Range;

impl Finder<'_> {
    /// The top of the tree over a nominal token, as far as it stays a nominal within the bounds.
    pub(super) fn nominal_head(&self, token: usize, bounds: Range<usize>) -> usize {
        let mut at = token;
        for _ in 0..8 {
            let inner = matches!(
                self.deprel(at),
                Deprel::Flat | Deprel::Appos | Deprel::Nmod | Deprel::Compound | Deprel::Det | Deprel::Amod
            );
            match self.reading.analysis.head(at) {
                Some(h) if inner && bounds.contains(&h) && matches!(self.upos(h), Upos::Noun | Upos::Propn) => at = h,
                _ => break,
            }
        }
        at
    }

    /// The phrase of a speaker or addressee with this head, in the bounds of its frame.
    pub(super) fn phrase(&self, head: usize, bounds: &Range<usize>) -> Phrase {
        let mut range = self.clauses.coordinated_phrase(head);
        range = range.start.max(bounds.start)..range.end.min(bounds.end);
        if !range.contains(&head) {
            range = head..head + 1;
        }
        let wrong = |i: &usize| self.is_verb(*i) && self.deprel(*i) != Deprel::Amod;
        if let Some(verb) = (range.start..head).rev().find(wrong) {
            range.start = verb + 1;
        }
        let ends = |i: &usize| !self.is_bracketed(*i, &range) && self.ends_phrase(*i, head);
        if let Some(end) = (head + 1..range.end).find(ends) {
            range.end = end;
        }
        // A quoted name is not cut in two, and belongs to the noun before it.
        let last = range.end - 1;
        let cut =
            self.quotation_at(last).or_else(|| self.quotation_at(range.end).filter(|_| self.upos(last) == Upos::Noun));
        if let Some(q) = cut.map(|q| self.quotations[q])
            && q.open > head
            && q.close < bounds.end
            && q.tokens().len() <= 8
            && !self.spoken[q.open]
            && self.form(q.open + 1).starts_with(char::is_uppercase)
        {
            range.end = q.close + 1;
        }
        while range.start < head && self.is_lead(range.start) {
            range.start += 1;
        }
        self.take_names(head, &mut range, bounds);
        self.take_appositions(head, &mut range, bounds);
        // A quoted name is named with its quotation marks.
        if let Some(q) = self.quotation_at(head).map(|q| self.quotations[q])
            && bounds.start <= q.open
            && q.close < bounds.end
        {
            range = range.start.min(q.open)..range.end.max(q.close + 1);
        }
        while range.end > head + 1 && self.is_tail(range.end - 1) {
            range.end -= 1;
        }
        Phrase { who: self.who(head), range }
    }

    /// Whether what the tree has below a noun surely ends before this token: a verb or a relative clause there is a sign
    /// that the tree is wrong, and so are an article that is no genitive behind a noun ("Angaben des ZDF die Jahre …"),
    /// and a phrase of time, of addressee or of occasion, which belongs to the verb.
    fn ends_phrase(&self, i: usize, head: usize) -> bool {
        let next = i + 1;
        match self.upos(i) {
            Upos::Verb | Upos::Aux => self.deprel(i) != Deprel::Amod,
            Upos::Det => {
                let article =
                    matches!(self.form(i), "die" | "das" | "den" | "dem" | "ein" | "eine" | "einen" | "einem");
                article && matches!(self.upos(i - 1), Upos::Noun | Upos::Propn)
            }
            Upos::Adp => self.belongs_to_verb(i, head),
            Upos::Adv => self.is_source(head) && matches!(self.upos(i - 1), Upos::Noun | Upos::Propn),
            Upos::Num => self.is_source(head) && i == head + 1 && self.timed[i],
            Upos::Sconj => !self.is(i, "ohne"),
            Upos::Cconj => matches!(self.form(i), "sowohl" | "als"),
            Upos::Punct if self.is(i, ",") && next < self.reading.len() => {
                let relative = self.upos(next) == Upos::Pron && clause::words::is_relative(self.form(next));
                relative || self.upos(next) == Upos::Adp && i > head
            }
            _ => false,
        }
    }

    /// Whether a preposition behind a noun begins a phrase of the verb.
    fn belongs_to_verb(&self, preposition: usize, head: usize) -> bool {
        let before = preposition - 1;
        if !matches!(self.upos(before), Upos::Noun | Upos::Propn | Upos::Num | Upos::Punct) {
            // Within a participle's phrase: "des am Montag entlassenen Ministers".
            return false;
        }
        let form = self.form(preposition);
        if matches!(form, "von" | "vom" | "über" | "aus") {
            return false;
        }
        let behind = preposition + 1..self.reading.len().min(preposition + 4);
        let noun = behind.clone().find(|i| matches!(self.upos(*i), Upos::Noun | Upos::Propn));
        let denotes = |i: usize, kind: EntityType| {
            self.actors.denoted(i).iter().any(|e| self.actors.entities.get(*e).is_some_and(|e| e.kind == kind))
        };
        // Behind "nach Angaben der Polizei" the clause goes on, and a person's name is complete.
        let complete = self.is_source(head) && (before == head || self.upos(before) == Upos::Propn)
            || self.upos(before) == Upos::Propn && denotes(before, EntityType::Person);
        complete
            || matches!(form, "gegenüber" | "während" | "wegen" | "seit" | "laut" | "als" | "zufolge")
            || form == "unter" && noun.is_some_and(|n| matches!(self.form(n), "Berufung" | "Verweis" | "Hinweis"))
            || behind.clone().any(|i| self.timed[i])
            || noun.is_some_and(|n| self.noun_cue(n).is_some_and(|row| row.occasion))
    }

    /// Whether a noun is one of saying ("Angaben", "Meinung") rather than somebody who says.
    fn is_source(&self, noun: usize) -> bool {
        self.upos(noun) == Upos::Noun && self.noun_cue(noun).is_some_and(|n| n.source && !n.person && !n.writes)
    }

    /// Names go on as long as name follows name, follow the noun of an office, and have "(CDU)" and "vom WWF" behind them.
    fn take_names(&self, head: usize, range: &mut Range<usize>, bounds: &Range<usize>) {
        let name = |i: usize| i < bounds.end && self.upos(i) == Upos::Propn;
        let title = |i: usize| i < bounds.end && self.form(i).ends_with('.') && self.form(i).len() <= 5;
        let holds = |i: usize| self.upos(i) == Upos::Propn || i == head && self.upos(i) == Upos::Noun || title(i);
        while holds(range.end - 1) && (name(range.end) || title(range.end) && name(range.end + 1)) {
            range.end += 1;
        }
        if self.is(range.end, "(")
            && let Some(close) = (range.end..bounds.end.min(range.end + 5)).find(|i| self.is(*i, ")"))
        {
            range.end = close + 1;
        }
        let active = || self.clauses.predicate_of(head).is_none_or(|p| self.clauses.voice(p) == clause::Voice::Active);
        if self.upos(range.end - 1) == Upos::Propn
            && range.end + 1 < bounds.end
            && matches!(self.form(range.end), "vom" | "von")
            && active()
        {
            let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn);
            if let Some(noun) = (range.end + 1..bounds.end).take(4).find(nominal) {
                let whole = self.clauses.noun_phrase(noun).end.clamp(noun + 1, bounds.end);
                range.end = (noun + 1..whole).find(|i| self.ends_phrase(*i, noun)).unwrap_or(whole);
                while name(range.end) {
                    range.end += 1;
                }
            }
        }
    }

    /// An office behind a name ("Ivo Brandt, Direktor des Instituts,") or in front of it ("der Sprecher der Bahn, Ivo
    /// Brandt,") that the tree has hung elsewhere.
    fn take_appositions(&self, head: usize, range: &mut Range<usize>, bounds: &Range<usize>) {
        if self.upos(range.end - 1) == Upos::Propn && self.is(range.end, ",") && range.end + 1 < bounds.end {
            let from = range.end + 1;
            let stops = |i: &usize| self.is(*i, ",") || self.is_verb(*i) || self.upos(*i) == Upos::Sconj;
            let end = (from..bounds.end).take(16).find(stops).unwrap_or(bounds.end.min(from + 16));
            let closed = end == bounds.end || self.is(end, ",");
            if closed && self.first_noun(from..end).is_some_and(|n| self.is_office(n)) {
                range.end = end;
            }
        }
        let comma = range.start.checked_sub(1).filter(|c| *c > bounds.start && self.is(*c, ","));
        if let Some(comma) = comma
            && self.upos(head) == Upos::Propn
        {
            let office = self.nominal_head(comma - 1, bounds.start..comma);
            let own = self.clauses.noun_phrase(office);
            if self.upos(office) == Upos::Noun && own.end <= range.start && self.is_office(office) {
                range.start = own.start.max(bounds.start);
                while range.start < office && self.is_lead(range.start) {
                    range.start += 1;
                }
            }
        }
    }

    /// The first noun of some tokens, if only what belongs to it stands before it.
    fn first_noun(&self, mut tokens: Range<usize>) -> Option<usize> {
        let inside = |i: &usize| matches!(self.upos(*i), Upos::Det | Upos::Adj | Upos::Num);
        tokens.find(|i| !inside(i)).filter(|i| self.upos(*i) == Upos::Noun)
    }

    /// Whether a noun is what a person is.
    fn is_office(&self, noun: usize) -> bool {
        self.noun_cue(noun).is_some_and(|n| n.person)
    }

    fn is_bracketed(&self, i: usize, range: &Range<usize>) -> bool {
        (range.start..i).any(|j| self.is(j, "(")) && (i..range.end).any(|j| self.is(j, ")"))
    }

    /// What may stand in front of a noun phrase but is no part of it ("auch", "selbst", "und", prepositions).
    fn is_lead(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Adv | Upos::Cconj | Upos::Part | Upos::Adp | Upos::Sconj)
            || matches!(self.form(i), "," | "–" | "-")
    }

    /// What may stand behind a noun phrase but is no part of it ("weiter", "und").
    fn is_tail(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Adv | Upos::Cconj | Upos::Part | Upos::Adp | Upos::Det)
            || matches!(self.form(i), "," | ":" | "–" | "-" | "wörtlich" | "weiter")
    }

    /// Who is meant by a noun phrase: for "Angaben der Polizei" the police.
    fn who(&self, head: usize) -> usize {
        if self.is_source(head)
            && let Some(owner) = self.clauses.genitive(head)
        {
            return owner;
        }
        head
    }
}
