//! Who speaks in a frame: by the tree, else by the order of words.

use super::cues::{Role, Verb};
use super::draft::Phrase;
use super::finder::Finder;
use crate::morphology::{Upos, feats};
use crate::record::EntityType;
use crate::syntax::clause::Voice;
use std::ops::Range;

/// Verbs whose "es" names nobody ("es heißt", "es steht geschrieben").
const IMPERSONAL: &[&str] = &["heißen", "stehen", "lauten", "verlauten", "hervorgehen", "geben", "scheinen"];

impl Finder<'_> {
    /// The speaker of a cue verb with this frame.
    pub(super) fn speaker(&self, verb: usize, row: Option<&Verb>, frame: &Range<usize>) -> Option<Phrase> {
        let role = row.map_or(Role::Subject, |r| r.speaker);
        let active = self.clauses.voice(verb) == Voice::Active;
        let takes_dative = row.is_some_and(|r| r.addressee == Role::Dative);
        let takes_object = row.is_some_and(|r| r.addressee == Role::Object);
        let candidates = [
            self.nominative_behind(verb).filter(|p| active && role == Role::Subject && frame.contains(p)),
            self.argument(verb, role).filter(|s| frame.contains(s) || !self.in_quotation(*s)),
            self.clauses.object(verb).filter(|o| active && !takes_object && frame.contains(o) && *o > verb),
            self.inverted_subject(verb, frame).filter(|_| active),
            self.subject_behind_wie(verb, frame).filter(|_| active),
            self.first_nominal(verb, frame).filter(|_| active),
        ];
        let bounds = |s: usize| if frame.contains(&s) { frame.clone() } else { self.sentence(s) };
        let relative = self.clauses.own_subject(verb).filter(|p| active && frame.contains(p));
        let phrases = candidates.into_iter().flatten().map(|s| match relative {
            // "…, der sagte, …": the pronoun is the speaker, its noun says who is meant.
            Some(pronoun) if self.clauses.antecedent(pronoun) == Some(s) && !frame.contains(&s) => {
                Phrase { range: pronoun..pronoun + 1, who: self.phrase(s, &bounds(s)).who }
            }
            _ => self.phrase(s, &bounds(s)),
        });
        let subject = active && role == Role::Subject;
        let impossible = |p: &Phrase| self.names_nobody(p, verb) || subject && self.is_oblique(p);
        let named: Vec<Phrase> = phrases.filter(|p| !impossible(p)).collect();
        // In front of the verb the tree may take the object for the subject; if it denotes nobody and what follows the
        // verb is a name or a person's pronoun, that speaks.
        let first = named.first();
        let silent = |p: &Phrase| self.upos(p.who) == Upos::Noun && !self.can_speak(p.who);
        let misread = first.filter(|p| p.who < verb && (silent(p) || !self.agrees(p.who, verb)));
        let instead = misread.and_then(|m| {
            let speaks = |p: &&Phrase| {
                self.is_somebody(p.who)
                    && !(takes_dative && frame.contains(&m.who) || self.clauses.has_dative_article(p.who))
                    || !self.agrees(m.who, verb) && self.agrees(p.who, verb) && self.can_speak(p.who)
            };
            named.iter().skip(1).take(2).find(speaks)
        });
        let found = instead.or(first).cloned().or_else(|| self.place_of_speech(verb, frame));
        found.or_else(|| self.speaker_before(frame).filter(|_| active))
    }

    /// "… und kündigte an, …": who said the statement before in the same sentence.
    fn speaker_before(&self, frame: &Range<usize>) -> Option<Phrase> {
        let first = frame.clone().find(|i| self.upos(*i) != Upos::Punct)?;
        if self.upos(first) != Upos::Cconj {
            return None;
        }
        let sentence = self.sentence(first);
        let here = self.drafts.iter().rev().take(6).filter(|d| d.frame.iter().any(|f| sentence.contains(&f.start)));
        let before = here.filter(|d| d.frame.iter().all(|f| f.start < first));
        before.max_by_key(|d| d.frame.first().map(|f| f.start)).and_then(|d| d.speaker.clone())
    }

    /// A pronoun behind the verb that can only be its subject ("warnte er").
    fn nominative_behind(&self, verb: usize) -> Option<usize> {
        let finite = self.clauses.finite(verb)?;
        let next = finite + 1;
        (next < self.reading.len() && matches!(self.form(next), "er" | "ich" | "wir")).then_some(next)
    }

    /// Whether a noun phrase agrees in number with the finite verb, as far as both tell it.
    fn agrees(&self, noun: usize, verb: usize) -> bool {
        let number = |i: usize| self.reading.analysis.tokens[i].feats.get(&feats::NUMBER);
        let verb = self.clauses.finite(verb).and_then(number);
        match (number(noun), verb) {
            (Some(noun_number), Some(verb)) => noun_number == verb || self.clauses.conjuncts(noun).len() > 1,
            _ => true,
        }
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

    /// Whether a phrase cannot be a subject, by its article or pronoun: those in -en and -em are no nominatives.
    fn is_oblique(&self, phrase: &Phrase) -> bool {
        let first = phrase.range.start;
        let oblique = |form: &str| {
            matches!(form.to_lowercase().as_str(), "den" | "dem" | "ihn" | "ihm" | "ihnen" | "einen" | "einem" | "sich")
        };
        matches!(self.upos(first), Upos::Det | Upos::Pron) && phrase.range.end > first && oblique(self.form(first))
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
}
