//! Syntax: tagged tokens in, a dependency tree for each sentence out.

#[cfg(test)]
pub(crate) mod sample;

pub mod clause;
pub mod relation;
pub mod transition;

pub use clause::Clauses;
pub use relation::Deprel;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};
use transition::TransitionParser;

/// The dependency parser.
#[derive(Debug)]
pub struct Parser {
    transition: TransitionParser,
}

/// Scratch memory of the parser.
#[derive(Debug, Default)]
pub struct Scratch {
    transition: transition::Scratch,
}

impl Parser {
    /// Takes its section out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(model: &Model) -> Result<Parser, ModelError> {
        Ok(Parser { transition: TransitionParser::from_bytes(model.section("transition")?)? })
    }

    /// Fills in head and relation of every token.
    pub fn parse(&self, text: &str, analysis: &mut Analysis, scratch: &mut Scratch) {
        self.transition.parse(text, analysis, &mut scratch.transition);
    }
}
