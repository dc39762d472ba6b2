//! Characters in, sentences and tokens out.

use crate::analysis::{Analysis, Sentence, Token};
use crate::engine::BuildError;

/// Splits running text into sentences and tokens.
#[derive(Debug)]
pub struct Splitter {}

impl Splitter {
    /// The splitter with the data files in the program.
    ///
    /// # Errors
    /// If a data file has a malformed row.
    pub fn new() -> Result<Splitter, BuildError> {
        Ok(Splitter {})
    }

    /// Fills `analysis` with the sentences and tokens of `text`.
    pub fn split(&self, text: &str, analysis: &mut Analysis) {
        let mut at = 0;
        for sentence in text.split_inclusive(['.', '\n']) {
            let first = analysis.tokens.len();
            let mut start = at;
            for word in sentence.split_inclusive(|c: char| !c.is_alphanumeric()) {
                let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
                if !bare.is_empty() {
                    let n = analysis.sentences.len();
                    analysis.tokens.push(Token::new(start, start + bare.len(), n));
                }
                start += word.len();
            }
            at += sentence.len();
            if let Some(t) = analysis.tokens.get(first) {
                let (start, last) = (t.start, analysis.tokens.len());
                let end = analysis.tokens[last - 1].end;
                analysis.sentences.push(Sentence { start, end, first: first as u32, last: last as u32 });
            }
        }
    }
}
