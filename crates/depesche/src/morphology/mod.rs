//! Morphology: tokens in, parts of speech, features and lemmas out.

pub mod feats;
pub mod upos;

pub use feats::Feats;
pub use upos::Upos;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};

/// Lexicon, tagger and lemmatiser.
#[derive(Debug)]
pub struct Morphology {}

impl Morphology {
    /// Takes its sections out of the model.
    ///
    /// # Errors
    /// If a section is missing or malformed.
    pub fn new(_model: &Model) -> Result<Morphology, ModelError> {
        Ok(Morphology {})
    }

    /// Fills in part of speech, features and lemma of every token.
    pub fn analyse(&self, _text: &str, _analysis: &mut Analysis) {}
}
