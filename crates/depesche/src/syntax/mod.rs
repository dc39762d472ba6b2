//! Syntax: tagged tokens in, a dependency tree for each sentence out.

pub mod relation;

pub use relation::Deprel;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};

/// The dependency parser.
#[derive(Debug)]
pub struct Parser {}

impl Parser {
    /// Takes its section out of the model.
    ///
    /// # Errors
    /// If the section is missing or malformed.
    pub fn new(_model: &Model) -> Result<Parser, ModelError> {
        Ok(Parser {})
    }

    /// Fills in head and relation of every token.
    pub fn parse(&self, _text: &str, _analysis: &mut Analysis) {}
}
