//! Morphology: tokens in, parts of speech, features and lemmas out.

mod bytes;
pub mod feats;
pub mod lexicon;
pub mod lextag;
pub mod rule;
pub mod upos;

pub use feats::Feats;
pub use lexicon::{ClassId, Entry, Found, Lexicon};
pub use lextag::{LexTag, TagSet};
pub use upos::Upos;

use crate::analysis::Analysis;
use crate::model::{Model, ModelError};

/// Lexicon, tagger and lemmatiser.
#[derive(Debug)]
pub struct Morphology {
    lexicon: Lexicon,
}

impl Morphology {
    /// Takes its sections out of the model.
    ///
    /// # Errors
    /// If a section is missing or malformed.
    pub fn new(model: &Model) -> Result<Morphology, ModelError> {
        Ok(Morphology { lexicon: Lexicon::new(model)? })
    }

    /// The lexicon.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Fills in what the lexicon says, part of speech, features and lemma of every token.
    pub fn analyse(&self, text: &str, analysis: &mut Analysis) {
        analysis.lexical.clear();
        let form = |t: &crate::analysis::Token| self.lexicon.find(&text[t.start as usize..t.end as usize]);
        analysis.lexical.extend(analysis.tokens.iter().map(form));
    }
}
