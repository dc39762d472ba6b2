//! Characters in, sentences and tokens out: one pass over the text.
//!
//! Sentence ends are found by rule. A full stop that belongs to a token (abbreviation, ordinal, initial) ends no
//! sentence; one that stands alone ends it if what follows can begin one. A quotation
//! behind which the sentence goes on ("„…!“, sagte er") ends none. A semicolon ends a sentence between two clauses and
//! a colon between two that are sentences of their own, as the annotators of news corpora have it; a colon before a
//! quotation does not.

use super::chars::{is_bullet, is_close_bracket, is_dash, is_open_bracket, is_quote, is_word};
use super::tokenizer::{Kind, Tokenizer};
use super::words::Words;
use crate::analysis::{Analysis, Sentence, Token};
use crate::engine::BuildError;

/// No sentence has more tokens: what follows counts as a new one. Real sentences are far shorter; lists of numbers and
/// text without any full stop are not, and a parser's time grows faster than a sentence's length.
const LONGEST: usize = 400;
/// A line at least this long (bytes) may have been broken by a mail program or an editor: its end is no boundary.
const WRAPPED: usize = 55;
/// A line longer than this is a paragraph on one line: its end is a boundary.
const PARAGRAPH: usize = 110;
/// A semicolon or colon behind no more tokens than these ends no sentence.
const CLAUSE: usize = 6;
/// How far a look ahead goes (bytes).
const AHEAD: usize = 16;

/// Splits running text into sentences and tokens.
#[derive(Debug)]
pub struct Splitter {
    words: Words,
}

/// What has been seen of the sentence's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    No,
    /// A full stop, question or exclamation mark, and only closing signs since.
    Sure,
    /// An abbreviation or ellipsis that may be the end.
    Perhaps,
    /// A semicolon or colon between two clauses.
    Clause,
}

impl Splitter {
    /// The splitter with the data files in the program.
    ///
    /// # Errors
    /// If a data file has a malformed row.
    pub fn new() -> Result<Splitter, BuildError> {
        Ok(Splitter { words: Words::new()? })
    }

    /// Fills `analysis` with the sentences and tokens of `text`.
    pub fn split(&self, text: &str, analysis: &mut Analysis) {
        let t = Tokenizer { text, words: &self.words };
        let mut first = analysis.tokens.len();
        let mut end = End::No;
        // Once a semicolon has parted items of a list, the next ones do so, too.
        let mut list = false;
        let (mut pos, mut line) = (0, 0);
        while let Some(gap) = Gap::behind(&t, pos, line) {
            let (start, glued) = (gap.end, gap.end == pos && pos > 0);
            let (stop, kind) = t.token(start, glued);
            let closing = end != End::No && closes(&t, start, stop, glued);
            let breaks = match end {
                _ if gap.breaks(&t) || analysis.tokens.len() - first >= LONGEST => true,
                _ if closing => false,
                End::No => false,
                End::Clause => true,
                End::Sure => begins_sentence(&t, start, stop, glued),
                End::Perhaps if gap.newlines > 0 => begins_sentence(&t, start, stop, glued),
                End::Perhaps => t.words.starts_sentence(&text[start..stop]),
            };
            if breaks {
                close(analysis, &mut first);
                list = false;
            }
            analysis.tokens.push(Token::new(start, stop, analysis.sentences.len()));
            end = match kind {
                Kind::End => End::Sure,
                Kind::Parting if !list && analysis.tokens.len() - first > CLAUSE => End::Clause,
                Kind::Parting => End::No,
                Kind::Final | Kind::Ellipsis => End::Perhaps,
                Kind::Plain if closing => end,
                Kind::Plain => End::No,
            };
            list |= kind == Kind::Plain && text[start..].starts_with(';');
            (pos, line) = (stop, gap.line);
        }
        close(analysis, &mut first);
    }
}

/// Ends the sentence that began with token `first`.
fn close(analysis: &mut Analysis, first: &mut usize) {
    if let [head, ..] = &analysis.tokens[*first..]
        && let [.., tail] = &analysis.tokens[*first..]
    {
        let last = analysis.tokens.len();
        let sentence = Sentence { start: head.start, end: tail.end, first: *first as u32, last: last as u32 };
        analysis.sentences.push(sentence);
        *first = last;
    }
}

/// The white space between two tokens.
struct Gap {
    start: usize,
    end: usize,
    newlines: usize,
    /// Where the line that holds the next token begins.
    line: usize,
    /// Length of the line that the gap's first newline ended.
    length: usize,
}

impl Gap {
    /// The gap behind the token that ends at `pos`; none at the end of the text.
    fn behind(t: &Tokenizer<'_>, pos: usize, line: usize) -> Option<Gap> {
        let mut gap = Gap { start: pos, end: pos, newlines: 0, line, length: pos - line };
        while let Some(c) = t.at(gap.end).filter(|c| c.is_whitespace()) {
            gap.end += c.len_utf8();
            let lines = match c {
                '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' => 1,
                '\u{2029}' => 2,
                _ => continue,
            };
            gap.newlines += lines;
            gap.line = gap.end;
        }
        (gap.end < t.text.len()).then_some(gap)
    }

    /// Whether the gap is the end of a paragraph, headline or list item, whatever signs stand before it.
    fn breaks(&self, t: &Tokenizer<'_>) -> bool {
        match self.newlines {
            0 => false,
            1 => {
                let Some(next) = t.at(self.end) else { return true };
                let spaced = t.at(self.end + next.len_utf8()).is_some_and(char::is_whitespace);
                let wrapped = (WRAPPED..=PARAGRAPH).contains(&self.length);
                let goes_on = next.is_lowercase() || t.before(self.start) == Some(',');
                is_bullet(next) && spaced || !wrapped && !goes_on
            }
            _ => true,
        }
    }
}

/// Whether the sign at `start` belongs to the sentence whose end has been seen: a quotation mark or bracket that closes.
fn closes(t: &Tokenizer<'_>, start: usize, stop: usize, glued: bool) -> bool {
    let Some(c) = t.at(start) else { return false };
    let word_follows = t.at(stop).is_some_and(is_word);
    glued && (is_close_bracket(c) || is_quote(c) && !matches!(c, '„' | '‚') && !word_follows)
}

/// Whether a sentence can begin with the token from `start` to `stop`, once the one before seems to be at its end.
fn begins_sentence(t: &Tokenizer<'_>, start: usize, stop: usize, glued: bool) -> bool {
    let Some(c) = t.at(start) else { return false };
    if c.is_lowercase() {
        return false;
    }
    if c.is_alphanumeric() {
        // "gesagt.Der" is a missing space, "A.B" and "3.4" are not.
        let word_before = || t.text[..start - 1].ends_with(char::is_lowercase);
        return !glued || c.is_uppercase() && stop - start > 1 && t.text.is_char_boundary(start - 1) && word_before();
    }
    if is_quote(c) || is_open_bracket(c) || is_dash(c) || is_bullet(c) {
        let word = t.skip_ahead(stop, AHEAD, |c| !c.is_alphanumeric() && c != '\n');
        return !t.at(word).is_some_and(char::is_lowercase);
    }
    !matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '/' | '%' | '…') && !is_close_bracket(c)
}
