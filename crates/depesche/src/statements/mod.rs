//! Statements: trees and actors in; who said what out.
//!
//! The kinds of speech are those of the guide of the German news quotation corpus (Petersen-Frey and Biemann 2024):
//! direct, indirect, reported, free indirect, and indirect that goes on without a frame. Quotations and their frames
//! are found first, mostly by punctuation, so that poor trees do little harm; then verbs, sources and nouns with a
//! clause; then quoted fragments in what was found; last what has no frame. What announces speech stands in
//! `data/de/cues/`.

mod continuation;
mod cues;
mod direct;
mod draft;
mod finder;
mod indirect;
mod medium;
mod phrase;
mod quotation;
mod reported;
mod sources;
mod speaker;
#[cfg(test)]
mod tests;

use crate::actors::Actors;
use crate::engine::BuildError;
use crate::knowledge::Knowledge;
use crate::reading::Reading;
use crate::record::{Statement, Time};
use crate::syntax::clause;
use cues::Cues;
use draft::Finish;
use finder::Finder;

/// Finds statements.
#[derive(Debug)]
pub struct StatementLayer {
    cues: Cues,
}

impl StatementLayer {
    /// The cue lexicon in the program.
    ///
    /// # Errors
    /// If the lexicon has a malformed row.
    pub fn new() -> Result<StatementLayer, BuildError> {
        clause::words::check()?;
        Ok(StatementLayer { cues: Cues::new()? })
    }

    /// The statements of a parsed text, in its order.
    /// Speakers whom no name and no description denotes yet are added to the actors.
    pub fn find(
        &self,
        reading: &Reading<'_>,
        knowledge: &Knowledge,
        actors: &mut Actors,
        times: &[Time],
    ) -> Vec<Statement> {
        let mut finder = Finder::new(reading, &self.cues, actors, times);
        let sentences = finder.sentences();
        finder.sentences_in_quotes();
        for sentence in &sentences {
            finder.sources(sentence);
            finder.indirect(sentence);
            finder.nouns(sentence);
        }
        finder.fragments_by_cue();
        for sentence in &sentences {
            finder.reported(sentence);
        }
        finder.orphans();
        finder.continuations(&sentences);
        finder.fragments_in_content();
        let drafts = finder.drafts;
        draft::finish(drafts, Finish { reading, knowledge, cues: &self.cues, actors }, times)
    }
}
