//! Statements: trees and actors in; who said what out.

use crate::actors::Actors;
use crate::engine::BuildError;
use crate::reading::Reading;
use crate::record::{Statement, Time};
use crate::syntax::clause;

/// Finds statements.
#[derive(Debug)]
pub struct StatementLayer {}

impl StatementLayer {
    /// The cue lexicon in the program.
    ///
    /// # Errors
    /// If the lexicon has a malformed row.
    pub fn new() -> Result<StatementLayer, BuildError> {
        clause::words::check()?;
        Ok(StatementLayer {})
    }

    /// The statements of a parsed text, in its order.
    pub fn find(&self, _reading: &Reading<'_>, _actors: &mut Actors, _times: &[Time]) -> Vec<Statement> {
        Vec::new()
    }
}
