//! Syntax: tagged tokens in, a dependency tree for each sentence out.

#[cfg(test)]
pub(crate) mod sample;

pub mod clause;
pub mod features;
pub mod matrix;
pub mod network;
pub mod neural;
pub mod relation;
pub mod rounded;
pub mod section;
pub mod tree;

pub use clause::Clauses;
pub use relation::Deprel;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};
use crate::morphology::Lexicon;
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
    pub fn new(model: &Model, lexicon: &Lexicon) -> Result<Parser, ModelError> {
        Ok(Parser { neural: NeuralParser::new(model, lexicon)? })
    }

    /// Fills in head, relation and part of speech of every token. The lexicon is the one that the parser was linked to.
    pub fn parse(&self, text: &str, lexicon: &Lexicon, analysis: &mut Analysis, scratch: &mut Scratch) {
        self.neural.parse(text, lexicon, analysis, &mut scratch.neural);
    }
}
