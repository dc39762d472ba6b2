//! Hand-built trees for tests: a few columns of CoNLL-U in, text and analysis out.

use crate::analysis::{Analysis, Sentence, Token};
use crate::morphology::{Feats, Upos};
use crate::reading::Reading;
use crate::syntax::Deprel;

/// A text with its analysis.
pub(crate) struct Sample {
    /// The tokens with spaces between them, but none before punctuation that closes.
    pub text: String,
    /// Tokens and trees.
    pub analysis: Analysis,
}

impl Sample {
    /// Reads sentences, separated by empty lines, of the columns form, lemma, upos, head (from 1, 0 for the root) and
    /// deprel, and maybe feats; a lemma may be "legen>vorlegen" to restore a separated prefix.
    pub fn new(columns: &str) -> Sample {
        let mut text = String::new();
        let mut analysis = Analysis::default();
        for block in columns.trim().split("\n\n") {
            let (first, sentence) = (analysis.tokens.len(), analysis.sentences.len());
            let mut from = None;
            for line in block.lines() {
                let c: Vec<&str> = line.split_whitespace().collect();
                let glued = text.is_empty()
                    || matches!(c[0], "," | "." | ":" | "?" | "!" | "“" | ")")
                    || text.ends_with(['„', '(']);
                if !glued {
                    text.push(' ');
                }
                let start = text.len();
                from.get_or_insert(start);
                text.push_str(c[0]);
                let (lemma, predicate) = c[1].split_once('>').unwrap_or((c[1], ""));
                let head: u32 = c[3].parse().unwrap();
                let mut token = Token::new(start, text.len(), sentence);
                token.lemma = analysis.store(lemma);
                token.predicate = analysis.store(predicate);
                token.upos = Upos::parse(c[2]).unwrap();
                token.head = head.checked_sub(1).map_or(Token::ROOT, |h| first as u32 + h);
                token.deprel = Deprel::parse(c[4]).unwrap();
                token.feats = c.get(5).map_or(Feats::NONE, |f| Feats::parse(f));
                analysis.tokens.push(token);
            }
            analysis.sentences.push(Sentence {
                start: from.unwrap_or(0) as u32,
                end: text.len() as u32,
                first: first as u32,
                last: analysis.tokens.len() as u32,
            });
        }
        analysis.index_children();
        Sample { text, analysis }
    }

    /// What the rooms of meaning get to see.
    pub fn reading(&self) -> Reading<'_> {
        Reading { text: &self.text, title: None, date: None, analysis: &self.analysis }
    }

    /// The first token with this form.
    pub fn at(&self, form: &str) -> usize {
        (0..self.analysis.tokens.len()).find(|i| self.analysis.form(&self.text, *i) == form).unwrap()
    }

    /// The forms of these tokens.
    pub fn forms(&self, tokens: impl IntoIterator<Item = usize>) -> Vec<&str> {
        tokens.into_iter().map(|i| self.analysis.form(&self.text, i)).collect()
    }
}
