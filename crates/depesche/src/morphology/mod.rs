//! Morphology: tokens in, parts of speech, features and lemmas out.

mod agreement;
mod bytes;
mod cells;
pub mod feats;
pub mod lemma;
pub mod lexicon;
pub mod lextag;
mod prefixes;
mod reconcile;
pub mod rule;
#[cfg(test)]
mod tests;
pub mod upos;
mod verbs;

pub use feats::Feats;
pub use lexicon::{ClassId, Entry, Found, Lexicon};
pub use lextag::{LexTag, TagSet};
pub use upos::Upos;

use crate::analysis::Analysis;
use crate::engine::BuildError;
use crate::model::Model;
use agreement::Agreement;
use lemma::Lemmatizer;

/// Lexicon, features and lemmas.
#[derive(Debug)]
pub struct Morphology {
    lexicon: Lexicon,
    agreement: Agreement,
    lemmatizer: Lemmatizer,
}

impl Morphology {
    /// Takes its sections out of the model.
    ///
    /// # Errors
    /// If a section is missing or malformed, or a data file has a malformed row.
    pub fn new(model: &Model) -> Result<Morphology, BuildError> {
        let lexicon = Lexicon::new(model)?;
        Ok(Morphology { agreement: Agreement::new(&lexicon)?, lemmatizer: Lemmatizer::new(model)?, lexicon })
    }

    /// The lexicon.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Looks every token up in the lexicon.
    pub fn look_up(&self, text: &str, analysis: &mut Analysis) {
        analysis.lexical.clear();
        let form = |t: &crate::analysis::Token| self.lexicon.find(&text[t.start as usize..t.end as usize]);
        analysis.lexical.extend(analysis.tokens.iter().map(form));
    }

    /// Fills in features, lemmas and verbs with their separated prefixes, once parts of speech and trees are known.
    pub fn complete(&self, text: &str, analysis: &mut Analysis) {
        reconcile::run(&self.lexicon, analysis);
        self.agreement.run(text, &self.lexicon, analysis);
        let mut lemma = String::new();
        for i in 0..analysis.tokens.len() {
            let t = analysis.tokens[i];
            let verb = matches!(t.upos, Upos::Verb | Upos::Aux)
                .then(|| verbs::reading(text, &self.lexicon, analysis, i))
                .flatten();
            if let Some(reading) = verb {
                analysis.tokens[i].feats = reading.feats;
            }
            lemma.clear();
            let token = (analysis.form(text, i), t.upos, t.feats);
            self.lemmatizer.lemma(&self.lexicon, token, &analysis.lexical[i], verb.as_ref(), &mut lemma);
            analysis.tokens[i].lemma = analysis.store(&lemma);
        }
        prefixes::restore(text, &self.lexicon, analysis);
    }
}
