//! Quotation marks: tokens in, what stands between them out.
//!
//! German text mixes „…“, »…«, «…», "…" and nested ‚…‘ or ›…‹, forgets closing marks, and opens a quotation that runs
//! over paragraphs anew in each. One pass with a stack pairs them in linear time; a mark that fits nothing is passed
//! over, and no quotation without an end reaches beyond its paragraph.

use crate::reading::Reading;

/// How deep quotations may nest; marks that would open deeper ones are passed over.
const MAX_DEPTH: usize = 4;

/// A stretch of text in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quotation {
    /// The token of the opening mark.
    pub(super) open: usize,
    /// The token of the closing mark; the last token where it is missing.
    pub(super) close: usize,
    /// Whether the closing mark is there.
    pub(super) closed: bool,
    /// Index of the quotation around it.
    pub(super) within: Option<usize>,
}

impl Quotation {
    /// All tokens with the marks.
    pub(super) fn tokens(&self) -> std::ops::Range<usize> {
        self.open..self.close + 1
    }

    /// The tokens between the marks.
    pub(super) fn inner(&self) -> std::ops::Range<usize> {
        self.open + 1..if self.closed { self.close } else { self.close + 1 }
    }
}

/// What a mark can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open(char),
    Close(char),
    None,
}

/// The family of marks that a mark pairs in: its first member.
fn family(mark: char) -> Option<char> {
    Some(match mark {
        '„' | '“' | '”' => '„',
        '"' => '"',
        '»' | '«' => '»',
        '‚' | '‘' => '‚',
        '›' | '‹' => '›',
        _ => return None,
    })
}

/// What the mark at token `i` does, given the families that are open.
fn read(reading: &Reading<'_>, i: usize, open: impl Fn(char) -> bool) -> Mark {
    let form = reading.form(i);
    let mut chars = form.chars();
    let mark = match (chars.next(), chars.next()) {
        (Some(mark), None) => mark,
        // Two commas or two apostrophes do for typographic marks where those were not at hand.
        _ if form == ",," => '„',
        _ if form == "''" || form == "``" => '"',
        _ => return Mark::None,
    };
    let Some(family) = family(mark) else { return Mark::None };
    let tokens = &reading.analysis.tokens;
    let glued_left = i > 0 && tokens[i - 1].end == tokens[i].start;
    let glued_right = tokens.get(i + 1).is_some_and(|t| t.start == tokens[i].end);
    match mark {
        '„' | '‚' => Mark::Open(family),
        '“' | '”' | '‘' if open(family) => Mark::Close(family),
        // English style: “…”; elsewhere a lone closing mark.
        '“' if glued_right && !glued_left => Mark::Open(family),
        '“' | '”' | '‘' => Mark::None,
        _ if open(family) && (glued_left || !glued_right) => Mark::Close(family),
        _ if glued_right && (!glued_left || !open(family)) => Mark::Open(family),
        _ if open(family) => Mark::Close(family),
        _ => Mark::None,
    }
}

/// Whether an empty line stands before token `i`.
pub(super) fn starts_paragraph(reading: &Reading<'_>, i: usize) -> bool {
    let tokens = &reading.analysis.tokens;
    if i == 0 {
        return true;
    }
    let gap = &reading.text[tokens[i - 1].end as usize..tokens[i].start as usize];
    gap.bytes().filter(|b| *b == b'\n').count() >= 2
}

/// The quotations of a text, sorted by their opening marks.
pub(super) fn find(reading: &Reading<'_>) -> Vec<Quotation> {
    let mut out: Vec<Quotation> = Vec::new();
    let mut stack: Vec<(usize, char)> = Vec::new();
    let mut dropped: Vec<usize> = Vec::new();
    for i in 0..reading.len() {
        let new_paragraph = i > 0 && starts_paragraph(reading, i);
        let mark = read(reading, i, |family| stack.iter().any(|(_, f)| *f == family));
        if new_paragraph && !stack.is_empty() {
            // A quotation over paragraphs opens each of them with the same mark.
            if let Mark::Open(family) = mark
                && stack.first().is_some_and(|(_, f)| *f == family)
            {
                abandon(&mut stack, 1, i - 1, &mut out, &mut dropped, reading);
                continue;
            }
            abandon(&mut stack, 0, i - 1, &mut out, &mut dropped, reading);
        }
        // The paragraph's end may have changed what the mark does.
        let mark =
            if new_paragraph { read(reading, i, |family| stack.iter().any(|(_, f)| *f == family)) } else { mark };
        match mark {
            Mark::Open(family) if stack.len() < MAX_DEPTH => {
                let within = stack.last().map(|(q, _)| *q);
                stack.push((out.len(), family));
                out.push(Quotation { open: i, close: i, closed: false, within });
            }
            Mark::Close(family) => {
                while let Some((q, f)) = stack.pop() {
                    if f == family {
                        out[q].close = i;
                        out[q].closed = true;
                        break;
                    }
                    dropped.push(q);
                }
            }
            Mark::Open(_) | Mark::None => {}
        }
    }
    if let Some(last) = reading.len().checked_sub(1) {
        abandon(&mut stack, 0, last, &mut out, &mut dropped, reading);
    }
    without(out, dropped)
}

/// Ends the quotations that are still open above `keep` at the end of their paragraph. One that begins a sentence or
/// follows a colon is speech whose closing mark was forgotten; any other is a stray mark.
fn abandon(
    stack: &mut Vec<(usize, char)>,
    keep: usize,
    last: usize,
    out: &mut [Quotation],
    dropped: &mut Vec<usize>,
    reading: &Reading<'_>,
) {
    while stack.len() > keep {
        let Some((q, _)) = stack.pop() else { return };
        let open = out[q].open;
        let begins =
            open == 0 || matches!(reading.form(open - 1), ":" | "." | "!" | "?") || starts_paragraph(reading, open);
        if begins && stack.is_empty() && last > open {
            out[q].close = last;
        } else {
            dropped.push(q);
        }
    }
}

/// Takes the dropped and the empty quotations out and renumbers what lies within what.
fn without(mut all: Vec<Quotation>, dropped: Vec<usize>) -> Vec<Quotation> {
    const GONE: usize = usize::MAX;
    let mut gone = vec![false; all.len()];
    for q in dropped {
        gone[q] = true;
    }
    let mut number = vec![GONE; all.len()];
    let mut kept = 0;
    for (q, n) in number.iter_mut().enumerate() {
        if !gone[q] && !all[q].inner().is_empty() {
            *n = kept;
            kept += 1;
        }
    }
    for q in 0..all.len() {
        // Parents come first, so theirs is already settled.
        let parent = all[q].within;
        all[q].within = parent.and_then(|p| if number[p] == GONE { all[p].within } else { Some(number[p]) });
    }
    let mut q = 0;
    all.retain(|_| {
        q += 1;
        number[q - 1] != GONE
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analysis, Token};

    /// Tokens are words and single marks.
    fn quotations(text: &str) -> Vec<(String, Option<usize>)> {
        let mut analysis = Analysis::default();
        let mut word = None;
        for (at, c) in text.char_indices() {
            if c.is_alphanumeric() {
                word.get_or_insert(at);
                continue;
            }
            if let Some(start) = word.take() {
                analysis.tokens.push(Token::new(start, at, 0));
            }
            if !c.is_whitespace() {
                analysis.tokens.push(Token::new(at, at + c.len_utf8(), 0));
            }
        }
        if let Some(start) = word {
            analysis.tokens.push(Token::new(start, text.len(), 0));
        }
        let reading = Reading { text, title: None, date: None, analysis: &analysis };
        let token = |i: usize| analysis.tokens[i];
        find(&reading)
            .iter()
            .map(|q| (text[token(q.open).start as usize..token(q.close).end as usize].to_string(), q.within))
            .collect()
    }

    fn strings(text: &str) -> Vec<String> {
        quotations(text).into_iter().map(|(s, _)| s).collect()
    }

    #[test]
    fn every_kind_of_mark() {
        for text in [
            "Er rief „Nein“ laut",
            "Er rief »Nein« laut",
            "Er rief «Nein» laut",
            "Er rief \"Nein\" laut",
            "Er rief “Nein” laut",
        ] {
            let found = strings(text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].contains("Nein") && found[0].chars().count() == 6, "{found:?}");
        }
    }

    #[test]
    fn quotations_nest() {
        let found = quotations("„Er sagte ‚bald‘ und ging“");
        assert_eq!(found, [("„Er sagte ‚bald‘ und ging“".to_string(), None), ("‚bald‘".to_string(), Some(0))]);
        let found = quotations("„Das „Nein“ gilt“");
        assert_eq!(found[1], ("„Nein“".to_string(), Some(0)));
    }

    #[test]
    fn a_forgotten_mark_reaches_no_further_than_its_paragraph() {
        assert_eq!(strings("Er sagte: „Wir kommen. Bald.\n\nDann regnete es."), ["„Wir kommen. Bald."]);
        assert_eq!(strings("Der „ Hof lag still.\n\nEr rief „Nein“ laut."), ["„Nein“"]);
        assert_eq!(strings("Still lag“ der Hof, er rief „Nein“ laut."), ["„Nein“"]);
    }

    #[test]
    fn a_quotation_over_paragraphs_is_one() {
        let text = "Er sagte: „Wir kommen.\n\n„Und wir bleiben.“ Dann schwieg er.";
        assert_eq!(strings(text), ["„Wir kommen.\n\n„Und wir bleiben.“"]);
    }

    #[test]
    fn a_text_that_is_one_quotation_and_empty_marks() {
        assert_eq!(strings("„Wir kommen. Bald.“"), ["„Wir kommen. Bald.“"]);
        assert_eq!(strings("„“ \"\" »« “ ” \" '"), Vec::<String>::new());
    }

    #[test]
    fn a_megabyte_of_marks_takes_linear_time() {
        for marks in ["„", "“", "\"", "„“", "„‚", "» ", "\n\n„"] {
            let text = marks.repeat(300_000 / marks.len());
            let begin = std::time::Instant::now();
            let _ = quotations(&text);
            assert!(begin.elapsed().as_secs() < 5, "{marks}");
        }
    }
}
