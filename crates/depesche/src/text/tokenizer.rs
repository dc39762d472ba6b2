//! One token at a time: where the token that begins at a given byte ends.
//!
//! A contraction ("im"), a hyphenated word ("US-Präsident"), an abbreviation with its full stop, an ordinal ("8."), a
//! number with its separators, a URL and a picture character with its modifiers are one token each; every other sign
//! is a token of its own. Nothing looks further back than a character or further ahead than a word, so that any text
//! is read in linear time.

use super::chars::{
    is_apostrophe, is_close_bracket, is_dash, is_extender, is_hyphen, is_open_bracket, is_quote, is_regional_indicator,
    is_word,
};
use super::words::{Abbreviation, Words};

/// What a token is to the search for sentence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing special.
    Plain,
    /// An abbreviation that may end a sentence.
    Final,
    /// A sign that ends a sentence.
    End,
    /// Three dots or more: may end a sentence.
    Ellipsis,
    /// A semicolon or colon with a clause behind it: ends the sentence if a clause stands before it, too.
    Parting,
}

/// How far a look ahead goes.
const AHEAD: usize = 64;
/// How far the end of the clause behind a semicolon or colon is looked for.
const CLAUSE: usize = 480;
/// So many words behind a colon are a sentence.
const WORDS: usize = 7;

/// A text and the lists with which it is split.
pub(super) struct Tokenizer<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a Words,
}

impl<'a> Tokenizer<'a> {
    /// The character at a byte.
    pub(super) fn at(&self, pos: usize) -> Option<char> {
        match self.text.as_bytes().get(pos) {
            Some(&b) if b < 0x80 => Some(b as char),
            Some(_) => self.text[pos..].chars().next(),
            None => None,
        }
    }

    /// The character before a byte.
    pub(super) fn before(&self, pos: usize) -> Option<char> {
        self.text[..pos].chars().next_back()
    }

    /// The first byte behind the characters from `pos` on for which `f` holds.
    fn skip(&self, mut pos: usize, f: impl Fn(char) -> bool) -> usize {
        while let Some(c) = self.at(pos).filter(|c| f(*c)) {
            pos += c.len_utf8();
        }
        pos
    }

    /// The end of the token at `start`, which is no white space, and its kind. `glued`: no space stands before it.
    pub(super) fn token(&self, start: usize, glued: bool) -> (usize, Kind) {
        let Some(c) = self.at(start) else { return (start, Kind::Plain) };
        let next = start + c.len_utf8();
        if is_word(c) && !is_extender(c) {
            return self.word(start, glued);
        }
        let after = self.at(next);
        let followed_by_word = after.is_some_and(|a| is_word(a) && !is_extender(a));
        match c {
            '.' => match self.skip(next, |c| c == '.') {
                end if end == next => (end, Kind::End),
                end => (end, Kind::Ellipsis),
            },
            '…' => (self.skip(next, |c| c == '…' || c == '.'), Kind::Ellipsis),
            '!' | '?' | '‼' | '⁇' | '⁉' => (self.cling(next), Kind::End),
            '`' | '\'' if after == Some(c) => (next + 1, Kind::Plain),
            '+' | '-' | '−' | '±' if !glued && after.is_some_and(|a| a.is_ascii_digit()) => self.word(next, false),
            '@' | '#' if !glued && followed_by_word => self.word(next, false),
            '\'' | '’' if followed_by_word && self.is_clitic(next, glued) => self.word(next, false),
            '-' => (self.skip(next, |c| c == '-'), Kind::Plain),
            ':' | ';' => match self.emoticon(start) {
                Some(end) => (end, Kind::Plain),
                None if self.parts_clauses(c, next) => (next, Kind::Parting),
                None => (next, Kind::Plain),
            },
            c if is_regional_indicator(c) && after.is_some_and(is_regional_indicator) => (next + 4, Kind::Plain),
            _ => (self.cling(next), Kind::Plain),
        }
    }

    /// Takes in what belongs to the sign before `pos`: modifiers, and signs joined to it.
    fn cling(&self, mut pos: usize) -> usize {
        while let Some(c) = self.at(pos).filter(|c| is_extender(*c)) {
            pos += c.len_utf8();
            if c == '\u{200D}'
                && let Some(joined) =
                    self.at(pos).filter(|c| !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace())
            {
                pos += joined.len_utf8();
            }
        }
        pos
    }

    /// "'s" and "'n" behind a word, with or without a space.
    fn is_clitic(&self, pos: usize, glued: bool) -> bool {
        let end = self.skip_ahead(pos, AHEAD, is_word);
        (glued || self.at(end).is_none_or(char::is_whitespace))
            && matches!(&self.text[pos..end], "s" | "n" | "ne" | "nen" | "t" | "d" | "ll" | "re" | "ve" | "m")
    }

    /// ":-)" and its kin.
    fn emoticon(&self, start: usize) -> Option<usize> {
        let mut pos = start + 1;
        if self.at(pos) == Some('-') {
            pos += 1;
        }
        let mouth = matches!(self.at(pos), Some(')' | '(' | 'D' | 'P'));
        (mouth && self.at(pos + 1).is_none_or(|c| !is_word(c))).then_some(pos + 1)
    }

    /// Whether a clause stands behind the semicolon or colon before `pos`. Behind a semicolon anything up to a full
    /// stop is one (a second semicolon would make it a list), behind a colon what begins and is as long as a sentence.
    fn parts_clauses(&self, sign: char, pos: usize) -> bool {
        if !self.at(pos).is_some_and(char::is_whitespace) || sign == ':' && !self.next_word(pos).0 {
            return false;
        }
        let end = self.skip_ahead(pos, CLAUSE, |c| !matches!(c, ';' | '.' | '!' | '?' | '\n'));
        let closed = matches!(self.at(end), Some('.' | '!' | '?'));
        closed && (sign == ';' || self.text[pos..end].split_whitespace().count() >= WORDS)
    }

    /// [`Tokenizer::skip`] that gives up after `most` bytes.
    pub(super) fn skip_ahead(&self, mut pos: usize, most: usize, f: impl Fn(char) -> bool) -> usize {
        let limit = pos + most;
        while let Some(c) = self.at(pos).filter(|c| pos < limit && f(*c)) {
            pos += c.len_utf8();
        }
        pos
    }

    /// The end of a token that begins with a letter or digit.
    fn word(&self, start: usize, glued: bool) -> (usize, Kind) {
        if !glued && let Some(end) = self.address(start) {
            return (end, Kind::Plain);
        }
        let mut pos = self.skip(start, is_word);
        // The part since the last hyphen or other joint.
        let mut part = start;
        while let Some(sign) = self.at(pos) {
            let Some(next) = self.joint(start, part, pos, sign) else { break };
            part = next;
            pos = self.skip(next, is_word);
        }
        match self.at(pos) {
            Some('.') => self.full_stop(start, part, pos),
            // "Außen- und Innenpolitik": the hyphen stands for the missing part.
            Some(c) if is_hyphen(c) => {
                let end = pos + c.len_utf8();
                let open = self.at(end).is_none_or(|a| !is_hyphen(a) && !a.is_alphanumeric());
                let letter = self.before(pos).is_some_and(char::is_alphabetic);
                (if open && letter { end } else { pos }, Kind::Plain)
            }
            // "Aristoteles' Schüler": a genitive, if no quotation is open.
            Some(c) if matches!(c, '\'' | '’') => {
                let end = pos + c.len_utf8();
                let sibilant = matches!(self.before(pos), Some('s' | 'x' | 'z' | 'ß'));
                let spaced = self.at(end).is_some_and(char::is_whitespace);
                let quoted = self.before(start).is_some_and(is_quote);
                (if sibilant && spaced && !quoted { end } else { pos }, Kind::Plain)
            }
            _ => (pos, Kind::Plain),
        }
    }

    /// Whether the sign at `pos` joins what stands before it (the word from `start`, its last part from `part`) with
    /// what follows; if so, where the following part begins.
    fn joint(&self, start: usize, part: usize, pos: usize, sign: char) -> Option<usize> {
        let next = pos + sign.len_utf8();
        let (before, after) = (self.before(pos)?, self.at(next)?);
        if is_hyphen(sign) {
            return after.is_alphanumeric().then_some(next);
        }
        if sign == '%' {
            // "5%-Hürde"
            let joins = after == '-' && before.is_ascii_digit() && self.at(next + 1)?.is_alphabetic();
            return joins.then_some(next + 1);
        }
        if is_apostrophe(sign) && is_hyphen(after) {
            // "Michail-Tal'-Gedenkturnier"
            let behind = next + after.len_utf8();
            return self.at(behind).is_some_and(char::is_alphanumeric).then_some(behind);
        }
        if !is_word(after) || is_extender(after) {
            return None;
        }
        let digits = before.is_ascii_digit() && after.is_ascii_digit();
        let letters = before.is_alphabetic() && after.is_alphabetic();
        let joins = match sign {
            '.' if letters => self.dots_join(start, part, next),
            '.' | ',' | ':' if digits => true,
            '_' => true,
            // "Bürger:innen", "Bürger*innen"
            ':' | '*' => before.is_lowercase() && after == 'i' && self.text[next..].starts_with("in"),
            '&' => before.is_uppercase() && after.is_uppercase(),
            '/' => letters && self.slash_joins(start, part, next),
            '@' => true,
            c if is_apostrophe(c) => letters,
            c if is_dash(c) => letters,
            _ => false,
        };
        joins.then_some(next)
    }

    /// A full stop between letters: inside "z.B.", "C.Y." and "bundestag.de", but not between two sentences without
    /// a space.
    fn dots_join(&self, start: usize, part: usize, next: usize) -> bool {
        let single = |a: usize, b: usize| self.text[a..b].chars().take(2).count() == 1;
        let end = self.skip_ahead(next, AHEAD, is_word);
        let tail = &self.text[next..end];
        let abbreviation = single(part, next - 1);
        abbreviation
            || self.words.is_domain(tail)
            || self.at(end) == Some('.') && tail.starts_with(char::is_lowercase)
            || end - start <= AHEAD && self.words.abbreviation(&self.text[start..end]) == Some(Abbreviation::Whole)
    }

    /// A slash between letters: inside "CDU/CSU" and "km/h", but not between two words.
    fn slash_joins(&self, start: usize, part: usize, next: usize) -> bool {
        let end = self.skip_ahead(next, AHEAD, is_word);
        let short = |s: &str| s.len() <= 5 && s.chars().all(|c| c.is_uppercase());
        short(&self.text[part..next - 1]) && short(&self.text[next..end])
            || end - start <= AHEAD && self.words.abbreviation(&self.text[start..end]) == Some(Abbreviation::Whole)
    }

    /// The end of a URL or mail address at `start`, without the punctuation behind it.
    fn address(&self, start: usize) -> Option<usize> {
        let rest = &self.text.as_bytes()[start..];
        let scheme = rest.iter().take(12).position(|b| !b.is_ascii_alphabetic()).unwrap_or(0);
        let named = scheme > 1 && rest[scheme..].starts_with(b"://");
        if !named && !rest.starts_with(b"www.") {
            return None;
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '„' | '“' | '”' | '»' | '«');
        let mut end = self.skip(start, |c| !stop(c));
        while let Some(c) = self.before(end).filter(|c| !c.is_alphanumeric() && !matches!(c, '/' | '=' | '_' | '-')) {
            end -= c.len_utf8();
        }
        (end > start + scheme).then_some(end)
    }

    /// A word with a full stop behind it, which belongs to it if it is an abbreviation or ordinal.
    fn full_stop(&self, start: usize, part: usize, pos: usize) -> (usize, Kind) {
        let end = pos + 1;
        let (word, last) = (&self.text[start..pos], &self.text[part..pos]);
        if self.at(end) == Some('.') {
            return (pos, Kind::Plain);
        }
        let glued = self.at(end).is_some_and(|c| c.is_alphanumeric());
        let date = |w: &str| w.split_once('.').is_some_and(|(d, m)| d.len() <= 2 && m.len() <= 2);
        if word.len() <= 5 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.' && date(word)) {
            let ordinal = !glued && (self.is_ordinal(word, end) || self.begins_line(start));
            return if ordinal { (end, Kind::Plain) } else { (pos, Kind::Plain) };
        }
        if end - start <= AHEAD {
            let whole = self.abbreviation(start, end);
            match whole.or_else(|| self.words.abbreviation(&self.text[part..end]).filter(|_| part > start)) {
                Some(Abbreviation::Inner) => return (end, Kind::Plain),
                Some(Abbreviation::Final) => return (end, Kind::Final),
                Some(Abbreviation::Number) if self.next_char(end).is_some_and(|c| c.is_ascii_digit()) => {
                    return (end, Kind::Plain);
                }
                Some(Abbreviation::Unit) if self.follows_number(start) => return (end, Kind::Final),
                _ => {}
            }
        }
        let (starter, next) = self.next_word(end);
        let ends = starter || next.is_none();
        // Initials ("George W. Bush", "J.R.R. Tolkien") and regnal numbers ("Heinrich VIII. war").
        let mut letters = last.chars();
        let initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        let dotted = part > start && self.text[..part].ends_with('.');
        if initial && (dotted || !ends) {
            return (end, if dotted { Kind::Final } else { Kind::Plain });
        }
        let roman = word.len() <= 5 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
        if roman && !ends {
            return (end, Kind::Plain);
        }
        (pos, Kind::Plain)
    }

    /// The kind of the abbreviation from `start` to `end`; a capital at the beginning of a sentence counts as small.
    fn abbreviation(&self, start: usize, end: usize) -> Option<Abbreviation> {
        let form = &self.text[start..end];
        self.words.abbreviation(form).or_else(|| {
            let opens = form.starts_with(char::is_uppercase) && self.opens_sentence(start);
            if opens { self.words.abbreviation(&form.to_lowercase()) } else { None }
        })
    }

    /// Whether nothing, an opening sign, or the end of a sentence stands before `start`.
    fn opens_sentence(&self, start: usize) -> bool {
        let mut before = self.text[..start].chars().rev();
        match before.next() {
            None | Some('\n') => true,
            Some(' ') => matches!(before.next(), None | Some('.' | '!' | '?' | ':' | '“' | ' ' | '\n')),
            Some(c) => is_quote(c) || is_open_bracket(c),
        }
    }

    /// Whether nothing stands before `start` on its line.
    fn begins_line(&self, start: usize) -> bool {
        matches!(self.before(start), None | Some('\n'))
    }

    /// Whether a number and a space stand before `start`.
    fn follows_number(&self, start: usize) -> bool {
        let mut before = self.text[..start].chars().rev();
        before.next().is_some_and(char::is_whitespace) && before.next().is_some_and(|c| c.is_ascii_digit())
    }

    /// Whether the digits before the full stop at `end - 1` are an ordinal ("8. April") and not the end of a sentence.
    fn is_ordinal(&self, digits: &str, end: usize) -> bool {
        let (starter, next) = self.next_word(end);
        match next {
            None => false,
            Some(c) if c.is_lowercase() => digits.len() != 4 || digits.contains('.'),
            Some(c) if c.is_alphabetic() => !starter && (digits.len() <= 2 || digits.contains('.')),
            // "vom 3. bis zum 5." and "der 3. „Gipfel“", but a digit begins a sentence or another number.
            Some(c) => digits.len() <= 2 && (is_quote(c) || c == '(' || matches!(c, '-' | '–' | '/')),
        }
    }

    /// The first character behind white space; none at the end of a paragraph.
    fn next_char(&self, pos: usize) -> Option<char> {
        let end = self.skip_ahead(pos, AHEAD, |c| c.is_whitespace() && c != '\n');
        self.at(end).filter(|c| *c != '\n')
    }

    /// Whether the next word is one that begins sentences, and its first character; none at the end of a paragraph and
    /// before a closing sign.
    fn next_word(&self, pos: usize) -> (bool, Option<char>) {
        let start = self.skip_ahead(pos, AHEAD, char::is_whitespace);
        let blank = self.text[pos..start].bytes().filter(|b| *b == b'\n').count() > 1;
        match self.at(start) {
            Some(c) if !(blank || is_close_bracket(c) || start == pos && is_quote(c)) => {
                let word = &self.text[start..self.skip_ahead(start, AHEAD, is_word)];
                (self.words.starts_sentence(word), Some(c))
            }
            _ => (false, None),
        }
    }
}
