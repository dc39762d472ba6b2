//! What every room of meaning gets to see of a text.

use crate::analysis::Analysis;
use jiff::civil::Date;

/// A text with its analysis and what is known about the document.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The running text, into which all byte ranges point.
    pub text: &'a str,
    /// The title, if given; no fact is read from it.
    pub title: Option<&'a str>,
    /// The document's own date, if given.
    pub date: Option<Date>,
    /// Sentences, tokens, trees.
    pub analysis: &'a Analysis,
}

impl<'a> Reading<'a> {
    /// The characters of a token.
    pub fn form(&self, token: usize) -> &'a str {
        self.analysis.form(self.text, token)
    }

    /// The lemma of a token.
    pub fn lemma(&self, token: usize) -> &'a str {
        self.analysis.lemma(token)
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.analysis.tokens.len()
    }

    /// Whether the text has no token.
    pub fn is_empty(&self) -> bool {
        self.analysis.tokens.is_empty()
    }
}
