//! Syntax: tagged tokens in, a dependency tree for each sentence out.

#[cfg(test)]
pub(crate) mod sample;

pub mod clause;
pub mod features;
pub mod matrix;
pub mod network;
pub mod neural;
pub mod relation;
pub mod section;
pub mod tags;
pub mod transition;
pub mod tree;

pub use clause::Clauses;
pub use relation::Deprel;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};
use neural::NeuralParser;

/// The dependency parser.
#[derive(Debug)]
pub struct Parser {
    neural: NeuralParser,
}

/// Scratch memory of the parser.
#[derive(Debug, Default)]
pub struct Scratch {
    neural: neural::Scratch,
}

impl Parser {
    /// Takes its sections out of the model.
    ///
    /// # Errors
    /// If a section is missing or malformed.
    pub fn new(model: &Model) -> Result<Parser, ModelError> {
        Ok(Parser { neural: NeuralParser::new(model)? })
    }

    /// Fills in head, relation and part of speech of every token.
    pub fn parse(&self, text: &str, analysis: &mut Analysis, scratch: &mut Scratch) {
        self.neural.parse(text, analysis, &mut scratch.neural);
    }
}
