//! Whether something was said, written or thought: by the cue, by who speaks, and by the occasion that the frame names.

use super::cues::Noun;
use super::draft::Phrase;
use super::finder::Finder;
use crate::morphology::Upos;
use crate::record::{EntityType, Medium, Sector};
use std::ops::Range;

impl Finder<'_> {
    /// Whether a noun phrase denotes a person or persons.
    pub(super) fn is_person(&self, phrase: &Phrase) -> bool {
        let known = self.actors.denoted(phrase.who).iter().filter_map(|e| self.actors.entities.get(*e));
        known.into_iter().any(|e| e.kind == EntityType::Person)
            || self.noun_cue(phrase.who).is_some_and(|n| n.person)
            || matches!(self.form(phrase.who), "er" | "Er" | "dieser" | "Dieser")
    }

    /// The medium of a cue, given who speaks and the frame. What the cue leaves open the occasion decides ("in einem
    /// Brief", "im Interview"), else the speaker: persons talk, newspapers and documents write, broadcasters talk.
    pub(super) fn medium(&self, medium: Medium, speaker: Option<&Phrase>, frame: &Range<usize>) -> Medium {
        if !matches!(medium, Medium::Speech | Medium::SpeechWriting) {
            return medium;
        }
        if let Some(occasion) = self.occasion(frame) {
            return occasion;
        }
        let Some(phrase) = speaker else { return medium };
        if self.is_person(phrase) {
            return Medium::Speech;
        }
        let tells = |n: &&Noun| n.writes || n.medium == Medium::Writing;
        let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn);
        let own = phrase.range.clone().filter(nominal).filter_map(|i| self.noun_cue(i)).find(tells);
        if let Some(own) = own {
            return own.medium;
        }
        let entities = || self.actors.denoted(phrase.who).iter().filter_map(|e| self.actors.entities.get(*e));
        // "Die Medien" at large write and broadcast.
        let newspaper = entities().any(|e| e.sector == Some(Sector::Med) && e.kind != EntityType::Group);
        // "laut tagesschau.de", "berichtet „Le Monde“".
        let address = self.form(phrase.who).contains('.') && self.form(phrase.who).len() > 4;
        let title = self.quotation_at(phrase.who).is_some() && entities().all(|e| e.sector == Some(Sector::Med));
        if newspaper || address || title { Medium::Writing } else { medium }
    }

    /// The medium of the occasion that a frame names: a text or conversation behind "in", "auf" or "per", "schriftlich".
    fn occasion(&self, frame: &Range<usize>) -> Option<Medium> {
        let named = frame.clone().filter_map(|i| self.noun_cue(i).filter(|n| n.occasion).map(|n| (i, n.medium)));
        // Of an interview in a newspaper the interview counts, which is named first.
        let mut told = named.filter(|(i, _)| self.upos(*i) == Upos::Adj || self.is_place_of_words(*i, frame));
        told.next().map(|(_, medium)| medium)
    }

    /// Whether a noun stands behind a preposition of place.
    pub(super) fn is_place_of_words(&self, noun: usize, bounds: &Range<usize>) -> bool {
        let mut before = (bounds.start..noun).rev().take(5);
        let inside = |i: &usize| matches!(self.upos(*i), Upos::Det | Upos::Adj | Upos::Num | Upos::Adv | Upos::Pron);
        before.find(|i| !inside(i)).is_some_and(|i| {
            matches!(
                self.form(i),
                "in" | "In" | "im" | "Im" | "auf" | "Auf" | "per" | "Per" | "via" | "bei" | "beim" | "Bei"
            )
        })
    }
}
