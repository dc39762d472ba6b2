//! Who speaks in a frame: by the tree, else by the order of words.

use super::cues::{Role, Verb};
use super::draft::Phrase;
use super::finder::Finder;
use crate::morphology::Upos;
use crate::record::{EntityType, Medium, Sector};
use crate::syntax::Deprel;
use crate::syntax::clause::{self, Voice};
use std::ops::Range;

/// Verbs whose "es" names nobody ("es heißt", "es steht geschrieben").
const IMPERSONAL: &[&str] = &["heißen", "stehen", "lauten", "verlauten", "hervorgehen", "geben", "scheinen"];

impl Finder<'_> {
    /// The speaker of a cue verb with this frame.
    pub(super) fn speaker(&self, verb: usize, row: Option<&Verb>, frame: &Range<usize>) -> Option<Phrase> {
        let role = row.map_or(Role::Subject, |r| r.speaker);
        let active = self.clauses.voice(verb) == Voice::Active;
        let takes_object = row.is_some_and(|r| r.addressee == Role::Object);
        let candidates = [
            self.argument(verb, role).filter(|s| frame.contains(s) || !self.in_quotation(*s)),
            self.clauses.object(verb).filter(|o| active && !takes_object && frame.contains(o) && *o > verb),
            self.inverted_subject(verb, frame).filter(|_| active),
            self.subject_behind_wie(verb, frame).filter(|_| active),
            self.first_nominal(verb, frame).filter(|_| active),
        ];
        let bounds = |s: usize| if frame.contains(&s) { frame.clone() } else { self.sentence(s) };
        let phrases = candidates.into_iter().flatten().map(|s| self.phrase(s, &bounds(s)));
        let named: Vec<Phrase> = phrases.filter(|p| !self.names_nobody(p, verb)).collect();
        // In front of the verb the tree may take the object for the subject; if it denotes nobody and what follows the
        // verb is a name or a person's pronoun, that speaks.
        let first = named.first();
        let misread = first.filter(|p| p.who < verb && self.upos(p.who) == Upos::Noun && !self.can_speak(p.who));
        let instead = misread.and_then(|_| named.iter().skip(1).take(2).find(|p| self.is_somebody(p.who)));
        instead.or(first).cloned().or_else(|| self.place_of_speech(verb, frame))
    }

    /// Who is spoken to in a frame: the argument that the lexicon names for the verb, else "gegenüber X", "im Interview
    /// mit X", "vor der Presse".
    pub(super) fn addressee(&self, verb: usize, row: &Verb, frame: &Range<usize>) -> Option<Phrase> {
        let passive = self.clauses.voice(verb) != Voice::Active;
        let by_verb = match row.addressee {
            Role::Object | Role::Dative if passive => self.clauses.dative(verb).or_else(|| self.clauses.subject(verb)),
            Role::Dative => self
                .clauses
                .dative(verb)
                .or_else(|| self.clauses.object(verb).filter(|o| self.clauses.has_dative_article(*o))),
            role => self.argument(verb, role),
        };
        let by_verb = by_verb.filter(|h| frame.contains(h)).map(|h| self.phrase(h, frame));
        let named = by_verb.filter(|p| !self.names_nobody(p, verb));
        named.or_else(|| self.addressee_by_words(frame))
    }

    /// "gegenüber X" and "Interview mit X" wherever the tree has hung them in the frame.
    fn addressee_by_words(&self, frame: &Range<usize>) -> Option<Phrase> {
        let preposition = frame.clone().find(|i| match self.form(*i) {
            "gegenüber" | "Gegenüber" => true,
            "mit" | "an" | "vor" => self.takes_addressee(*i),
            _ => false,
        })?;
        let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron);
        let token = (preposition + 1..frame.end).take(5).find(nominal)?;
        let head = self.nominal_head(token, preposition + 1..frame.end);
        Some(self.phrase(head, &(preposition + 1..frame.end)))
    }

    /// Whether "mit" follows a conversation ("im Interview mit X"), "an" a message, and "vor" leads to an audience.
    fn takes_addressee(&self, preposition: usize) -> bool {
        let before = preposition.checked_sub(1).map(|i| self.reading.lemma(i));
        let behind = (preposition + 1..self.reading.len()).take(3).map(|i| self.reading.lemma(i));
        match self.form(preposition) {
            "mit" => before.is_some_and(|b| matches!(b, "Interview" | "Gespräch" | "Telefonat" | "Telefongespräch")),
            "an" => before.is_some_and(|b| matches!(b, "Brief" | "Schreiben" | "Botschaft" | "Appell" | "Forderung")),
            _ => behind
                .into_iter()
                .any(|b| matches!(b, "Presse" | "Journalist" | "Parlament" | "Bundestag" | "Anhänger")),
        }
    }

    /// Whether a noun or pronoun surely denotes somebody: a person's pronoun, a name, a known actor.
    pub(super) fn is_somebody(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Propn | Upos::Pron) && self.can_speak(i)
            || self
                .actors
                .denoted(i)
                .iter()
                .filter_map(|e| self.actors.entities.get(*e))
                .any(|e| matches!(e.kind, EntityType::Person | EntityType::State | EntityType::Igo | EntityType::Org))
    }

    /// Whether a noun or pronoun denotes somebody who can speak: an actor, a text, a person's pronoun.
    pub(super) fn can_speak(&self, i: usize) -> bool {
        match self.upos(i) {
            Upos::Propn => true,
            Upos::Pron => {
                !matches!(self.form(i), "es" | "Es" | "das" | "Das" | "dies" | "Dies" | "was" | "alles" | "sich")
            }
            _ => {
                let entities = self.actors.denoted(i).iter().filter_map(|e| self.actors.entities.get(*e));
                entities.into_iter().any(|e| e.kind != EntityType::Place && e.kind != EntityType::Other)
                    || self.noun_cue(i).is_some_and(|n| n.source || n.person)
            }
        }
    }

    /// The noun phrase with which the frame begins.
    fn first_nominal(&self, verb: usize, frame: &Range<usize>) -> Option<usize> {
        let begins = |i: &usize| !matches!(self.upos(*i), Upos::Adv | Upos::Cconj | Upos::Part);
        let first = (frame.start..verb).find(begins)?;
        let inside = |i: &usize| matches!(self.upos(*i), Upos::Det | Upos::Adj | Upos::Num);
        let noun = (first..verb).find(|i| !inside(i))?;
        matches!(self.upos(noun), Upos::Noun | Upos::Propn | Upos::Pron).then(|| self.nominal_head(noun, first..verb))
    }

    /// Whether the phrase is "man", or an "es" that stands for a clause.
    fn names_nobody(&self, phrase: &Phrase, verb: usize) -> bool {
        phrase.range.len() == 1
            && match self.form(phrase.who) {
                "man" | "Man" => true,
                "es" | "Es" => {
                    self.clauses.voice(verb) != Voice::Active
                        || IMPERSONAL.contains(&self.reading.analysis.predicate(verb))
                }
                "das" | "Das" | "dies" | "Dies" => {
                    self.upos(phrase.who) == Upos::Pron || self.upos(phrase.who) == Upos::Det
                }
                _ => false,
            }
    }

    pub(super) fn in_quotation(&self, i: usize) -> bool {
        self.spoken[i] || self.quotation_at(i).is_some()
    }

    /// The noun phrase behind an inverted verb (", sagte X").
    fn inverted_subject(&self, verb: usize, frame: &Range<usize>) -> Option<usize> {
        let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron);
        let noun = (verb + 1..frame.end).take(7).find(nominal)?;
        let blocked = (verb + 1..noun).any(|i| matches!(self.upos(i), Upos::Adp | Upos::Verb) || self.is(i, ","));
        (!blocked && !self.form(noun).eq_ignore_ascii_case("sich"))
            .then(|| self.nominal_head(noun, verb + 1..frame.end))
    }

    /// The noun phrase between "wie" and a verb at the end ("wie die Behörde mitteilte").
    fn subject_behind_wie(&self, verb: usize, frame: &Range<usize>) -> Option<usize> {
        let wie = (frame.start..verb).find(|i| matches!(self.form(*i), "wie" | "Wie"))?;
        let mut at = wie + 1;
        while at < verb && matches!(self.upos(at), Upos::Det | Upos::Adj | Upos::Punct) && !self.is(at, ",") {
            at += 1;
        }
        let by = (at < verb && self.upos(at) == Upos::Adp && matches!(self.form(at), "von" | "vom")).then_some(at + 1);
        let from = by.unwrap_or(at);
        let noun =
            (from..verb).take(4).find(|i| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron | Upos::X))?;
        (from..noun).all(|i| self.upos(i) != Upos::Adp).then(|| self.nominal_head(noun, wie + 1..verb))
    }

    /// "In dem Bericht heißt es": what holds the words stands for who says them.
    fn place_of_speech(&self, verb: usize, frame: &Range<usize>) -> Option<Phrase> {
        let impersonal = IMPERSONAL.contains(&self.reading.analysis.predicate(verb));
        if !impersonal && self.clauses.voice(verb) == Voice::Active {
            return None;
        }
        let place = |p: &str| matches!(p, "in" | "aus" | "auf" | "von" | "bei" | "laut");
        let mut places = self.clauses.obliques(verb).filter(|(p, n)| place(p) && frame.contains(n));
        let (_, noun) = places.find(|(_, n)| self.upos(*n) != Upos::Num && (impersonal || self.holds_words(*n)))?;
        Some(self.phrase(noun, frame))
    }

    /// Whether a noun can hold words: a text, a medium, a name.
    fn holds_words(&self, noun: usize) -> bool {
        self.upos(noun) == Upos::Propn || self.noun_cue(noun).is_some_and(|n| n.source)
    }

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
        // A verb inside is a sign that the tree is wrong; the phrase then ends before it.
        let wrong = |i: &usize| self.is_verb(*i) && self.deprel(*i) != Deprel::Amod;
        if let Some(verb) = (head + 1..range.end).find(|i| wrong(i) && !self.is_bracketed(*i, &range)) {
            range.end = verb;
        }
        if let Some(verb) = (range.start..head).rev().find(wrong) {
            range.start = verb + 1;
        }
        // So does a relative clause, wherever the tree has hung it.
        let relative = |i: usize| {
            self.is(i, ",") && self.upos(i + 1) == Upos::Pron && clause::words::is_relative(self.form(i + 1))
        };
        if let Some(comma) = (head + 1..range.end.saturating_sub(1)).find(|i| relative(*i)) {
            range.end = comma;
        }
        while range.start < head && self.is_lead(range.start) {
            range.start += 1;
        }
        // Names go on as long as name follows name, and follow the noun of an office.
        let names = |i: usize| self.upos(i) == Upos::Propn || (i == head && self.upos(i) == Upos::Noun);
        while range.end < bounds.end && self.upos(range.end) == Upos::Propn && names(range.end - 1) {
            range.end += 1;
        }
        // "(CDU)" belongs to the name in front of it.
        if self.is(range.end, "(")
            && let Some(close) = (range.end..bounds.end.min(range.end + 5)).find(|i| self.is(*i, ")"))
        {
            range.end = close + 1;
        }
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
        if self.upos(head) == Upos::Noun
            && self.noun_cue(head).is_some_and(|n| n.source)
            && let Some(owner) = self.clauses.genitive(head)
        {
            return owner;
        }
        head
    }

    /// Whether a noun phrase denotes a person or persons.
    pub(super) fn is_person(&self, phrase: &Phrase) -> bool {
        let known = self.actors.denoted(phrase.who).iter().filter_map(|e| self.actors.entities.get(*e));
        known.into_iter().any(|e| e.kind == EntityType::Person)
            || self.noun_cue(phrase.who).is_some_and(|n| n.person)
            || matches!(self.form(phrase.who), "er" | "Er" | "dieser" | "Dieser")
    }

    /// The medium of a cue, given who speaks: documents and newspapers write, persons talk unless the cue says otherwise.
    pub(super) fn medium(&self, medium: Medium, speaker: Option<&Phrase>) -> Medium {
        let Some(phrase) = speaker else { return medium };
        if !matches!(medium, Medium::Speech | Medium::SpeechWriting) {
            return medium;
        }
        let noun = |i: usize| self.cues.noun(self.reading.lemma(i)).filter(|_| self.upos(i) == Upos::Noun);
        let writes = phrase.range.clone().any(|i| noun(i).is_some_and(|n| n.medium == Medium::Writing));
        let entities = self.actors.denoted(phrase.who).iter().filter_map(|e| self.actors.entities.get(*e));
        let newspaper = entities.into_iter().any(|e| e.sector == Some(Sector::Med));
        // "laut tagesschau.de", "berichtet „Le Monde“".
        let address = self.form(phrase.who).contains('.') && self.form(phrase.who).len() > 4;
        let quoted = self.quotation_at(phrase.who).is_some();
        if self.is_person(phrase) {
            Medium::Speech
        } else if writes || newspaper || address || quoted {
            Medium::Writing
        } else {
            medium
        }
    }
}
