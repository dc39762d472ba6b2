//! Direct speech: which quotations are speech, who speaks in them, and what frames them.
//!
//! Quotation marks also stand around titles, names and words that the narrator keeps at a distance. A quotation is
//! speech if it is a sentence of its own, or a fragment in a clause that reports speech anyway.

use super::cues::{Patterns, Strength, Verb};
use super::draft::{Draft, Phrase};
use super::finder::Finder;
use super::quotation::{Quotation, starts_paragraph};
use crate::morphology::Upos;
use crate::record::{Medium, Stance, StatementKind};
use crate::syntax::{Deprel, clause};
use std::ops::Range;

/// What surrounds a quotation.
struct Frame {
    tokens: Range<usize>,
    cue: Vec<usize>,
    speaker: Option<Phrase>,
    addressee: Option<Phrase>,
    medium: Medium,
    stance: Stance,
}

impl Finder<'_> {
    /// Finds the quotations that are speech by themselves.
    pub(super) fn sentences_in_quotes(&mut self) {
        let outer: Vec<Quotation> = self.quotations.iter().filter(|q| q.within.is_none()).copied().collect();
        let mut n = 0;
        while let Some(q) = outer.get(n).copied() {
            n += 1;
            let colon = q.open > 0 && self.is(q.open - 1, ":");
            if !self.is_readable(&q) || !self.is_sentence(&q, colon) {
                continue;
            }
            let after = self.frame_after(&q);
            let mut content = vec![q.tokens()];
            if let Some(frame) = &after
                && let Some(next) = outer.get(n).copied().filter(|next| self.continues(&frame.tokens, next))
            {
                content.push(next.tokens());
                self.spoken[next.tokens()].fill(true);
                n += 1;
            }
            let frame = after.or_else(|| self.frame_before(&q, colon));
            if frame.is_none() && q.inner().len() < 5 {
                continue;
            }
            self.spoken[q.tokens()].fill(true);
            let draft = self.direct(content, frame);
            self.add(draft);
        }
    }

    fn direct(&mut self, content: Vec<Range<usize>>, frame: Option<Frame>) -> Draft {
        match frame {
            Some(frame) => {
                // "Er glaubt, dass …: „…“" has speech of both kinds.
                let both = |i: &usize| self.clauses.complements(*i).any(|c| c > *i && frame.tokens.contains(&c));
                let free: Vec<usize> = frame.cue.iter().copied().filter(|i| !both(i)).collect();
                for i in free {
                    self.used[i] = true;
                }
                Draft {
                    kind: StatementKind::Direct,
                    origin: None,
                    medium: self.quoted_medium(&frame),
                    stance: frame.stance,
                    content,
                    speaker: frame.speaker,
                    addressee: frame.addressee,
                    cue: frame.cue,
                    frame: vec![frame.tokens],
                }
            }
            None => Draft {
                kind: StatementKind::Direct,
                origin: None,
                medium: Medium::Speech,
                stance: Stance::Neutral,
                speaker: None,
                content,
                addressee: None,
                cue: Vec::new(),
                frame: Vec::new(),
            },
        }
    }

    /// The medium of quoted words: they were uttered, whatever the cue says of thoughts.
    fn quoted_medium(&self, frame: &Frame) -> Medium {
        let medium = match frame.medium {
            Medium::SpeechThought => Medium::Speech,
            Medium::ThoughtWriting => Medium::Writing,
            other => other,
        };
        self.medium(medium, frame.speaker.as_ref(), &frame.tokens)
    }

    /// Whether a quotation is a sentence of its own.
    fn is_sentence(&self, q: &Quotation, colon: bool) -> bool {
        let inner = q.inner();
        let verb = inner.clone().any(|i| self.is_verb(i));
        let capital = self.form(inner.start).chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let stopped = self.is_stop(inner.end - 1);
        // "„… nicht“, sagte X" and "X sagte: „Nein.“" need no verb to be speech.
        colon && (verb || stopped || inner.len() >= 4)
            || capital && verb && (stopped || inner.len() >= 4) && !self.is_inside_clause(q)
            || self.is(q.close + 1, ",")
                && self
                    .inverted_cue(q.close + 2)
                    .is_some_and(|cue| verb && inner.len() >= 3 || self.is_free_left(q) && self.verb_cue(cue).is_some())
    }

    /// Whether nothing that belongs to the same clause stands before the quotation.
    fn is_free_left(&self, q: &Quotation) -> bool {
        q.open == self.sentence(q.open).start
            || matches!(self.form(q.open - 1), ":" | "," | "." | "!" | "?" | "–" | "-" | "(")
            || starts_paragraph(self.reading, q.open)
    }

    /// Whether the clause around goes on before and behind the quotation without a comma or a colon, which makes it a
    /// fragment or a title.
    fn is_inside_clause(&self, q: &Quotation) -> bool {
        let next = q.close + 1;
        let free_right = next >= self.reading.len()
            || self.is_stop(next)
            || matches!(self.form(next), "," | "–" | "-" | ")" | "(")
            || self.sentence(q.close).end <= next
            || self.inverted_cue(next).is_some();
        !free_right || !self.is_free_left(q) && !self.left_cue(q)
    }

    /// Whether a cue verb stands close before the quotation ("kommentierte „Die Kanzlerin …“").
    fn left_cue(&self, q: &Quotation) -> bool {
        let start = self.sentence(q.open).start;
        (start..q.open)
            .rev()
            .take(12)
            .any(|i| self.verb_cue(i).is_some_and(|(row, _)| row.patterns.allow(Patterns::DIRECT)))
    }

    /// The lexical verb of an inverted frame (", sagte X", ", hatte X gesagt") that begins at a token, and its row.
    fn inverted_cue(&self, start: usize) -> Option<usize> {
        if start >= self.reading.len() || !self.is_verb(start) {
            return None;
        }
        let body = self.sentence_body(start);
        if self.upos(start) == Upos::Verb {
            return Some(start);
        }
        // An auxiliary: its verb follows within the clause.
        let lexical = self.reading.analysis.head(start).filter(|h| body.contains(h) && *h > start && self.is_verb(*h));
        lexical.or_else(|| (start + 1..body.end).take(25).find(|i| self.verb_cue(*i).is_some()))
    }

    /// The frame behind a quotation: ", sagte X", ", so X".
    fn frame_after(&self, q: &Quotation) -> Option<Frame> {
        let comma = self.is(q.close + 1, ",") || self.is(q.close + 1, "–") || self.is(q.close + 1, "-");
        let first = q.close + 1 + usize::from(comma);
        if first >= self.reading.len() || starts_paragraph(self.reading, first) {
            return None;
        }
        let body = self.sentence_body(first);
        let next_quote = self.next_open(first, body.end);
        let start = q.close + 1;
        if matches!(self.form(first), "so" | "So") && comma {
            let limit = next_quote.unwrap_or(body.end);
            let head =
                (first + 1..limit).take(8).find(|i| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron))?;
            let verb = (first + 1..head).find(|i| self.is_verb(*i));
            if verb.is_none() {
                let speaker = self.phrase(self.nominal_head(head, first + 1..limit), &(first + 1..limit));
                return Some(Frame {
                    tokens: start..self.frame_end(speaker.range.end, limit, next_quote),
                    cue: vec![first],
                    speaker: Some(speaker),
                    addressee: None,
                    medium: Medium::Speech,
                    stance: Stance::Neutral,
                });
            }
        }
        // "…“, wie X sagte" and "…“, mit diesen Worten meldete sich X" have the verb further on.
        let verb = match self.inverted_cue(first) {
            Some(verb) => verb,
            None if comma && matches!(self.form(first), "so" | "wie" | "mit" | "hieß") => {
                (first..body.end).take(20).find(|i| self.verb_cue(*i).is_some())?
            }
            None => return None,
        };
        if !comma && !self.is_stop(q.inner().end - 1) && self.verb_cue(verb).is_none() {
            return None;
        }
        let limit = next_quote.unwrap_or(body.end);
        let end = self.frame_end(verb + 1, limit, next_quote);
        Some(self.frame_of(verb, start..end.max(verb + 1)))
    }

    /// Where a frame ends that reaches at least `from`: before the next quotation, or where its sentence ends.
    fn frame_end(&self, from: usize, limit: usize, next_quote: Option<usize>) -> usize {
        match next_quote {
            Some(open) => open,
            None => limit.max(from),
        }
    }

    /// The next opening mark of an outermost quotation before `end`.
    fn next_open(&self, from: usize, end: usize) -> Option<usize> {
        let opens = |i: usize| self.quotation_at(i).is_some_and(|q| self.quotations[q].open == i);
        (from.max(1)..end).find(|i| opens(*i) && self.upos(*i - 1) == Upos::Punct)
    }

    /// Whether the quotation `next` goes on behind the frame of the one before.
    fn continues(&self, frame: &Range<usize>, next: &Quotation) -> bool {
        next.open == frame.end && frame.end > 0 && matches!(self.form(frame.end - 1), "," | ":" | "–" | "-")
    }

    /// The frame in front of a quotation: "X sagte:", "X sagte,", or a name with a colon.
    fn frame_before(&self, q: &Quotation, colon: bool) -> Option<Frame> {
        let last = q.open.checked_sub(1)?;
        if !colon && (self.is_stop(last) || starts_paragraph(self.reading, q.open)) {
            return None;
        }
        let sentence = self.sentence(last);
        // The frame begins with its sentence, or behind an earlier quotation in it.
        let start = (sentence.start..last).rev().find(|i| self.spoken[*i]).map_or(sentence.start, |i| i + 1);
        if start >= q.open {
            return None;
        }
        let verb = self.frame_verb(start..q.open);
        // A coordinated clause with a subject of its own is a frame of its own.
        let start = match verb {
            Some(v)
                if matches!(self.deprel(v), Deprel::Conj | Deprel::Parataxis)
                    && self.clauses.own_subject(v).is_some() =>
            {
                self.clauses.span(v).start.max(start)
            }
            _ => start,
        };
        match verb {
            Some(verb) => Some(self.frame_of(verb, start..q.open)),
            None if colon => self.frame_without_cue(start..q.open),
            None => None,
        }
    }

    /// A name with a colon, or a sentence that leads to a quotation without a word of speech in it. What is itself told
    /// in Konjunktiv is no frame.
    fn frame_without_cue(&self, tokens: Range<usize>) -> Option<Frame> {
        let last = tokens.end - 1;
        let verb = tokens.clone().find(|i| self.is_verb(*i) && self.deprel(*i) == Deprel::Root);
        let finite = tokens.clone().find(|i| self.is_verb(*i));
        if let Some(verb) = verb.or(finite) {
            if self.speaks_in_subjunctive(verb) {
                return None;
            }
            let mut frame = self.frame_of(verb, tokens);
            frame.speaker = frame.speaker.filter(|s| self.can_speak(s.who));
            return Some(frame);
        }
        let nominal = |i: &usize| matches!(self.upos(*i), Upos::Noun | Upos::Propn | Upos::Pron);
        let head = tokens.clone().find(nominal);
        let speaker = head.map(|h| self.phrase(self.nominal_head(h, tokens.start..last), &(tokens.start..last)));
        Some(Frame {
            tokens,
            cue: Vec::new(),
            speaker,
            addressee: None,
            medium: Medium::Speech,
            stance: Stance::Neutral,
        })
    }

    /// Quotations without a speaker of their own go on with the last one.
    pub(super) fn orphans(&mut self) {
        for n in 0..self.drafts.len() {
            let d = &self.drafts[n];
            if d.kind == StatementKind::Direct
                && d.speaker.is_none()
                && !d.cue.iter().any(|c| self.verb_cue(*c).is_some())
            {
                self.drafts[n].speaker = self.last_speaker(d.start());
            }
        }
    }

    /// The verb that announces the speech in a frame: the last cue in it, a main clause's before others.
    fn frame_verb(&self, frame: Range<usize>) -> Option<usize> {
        let announces = |i: &usize| self.verb_cue(*i).is_some_and(|(row, _)| row.patterns.allow(Patterns::DIRECT));
        let cues = || frame.clone().filter(|i| announces(i) && !self.is_report_with_wie(*i));
        let main = |i: &usize| matches!(self.deprel(*i), Deprel::Root | Deprel::Conj | Deprel::Parataxis);
        cues().rfind(main).or_else(|| cues().next_back())
    }

    /// Whether a verb stands in a clause with "wie" that names the source of what follows it.
    fn is_report_with_wie(&self, verb: usize) -> bool {
        self.deprel(verb) == Deprel::Advcl && {
            let start = self.clauses.span(verb).start;
            matches!(self.form(start), "wie" | "Wie")
        }
    }

    fn frame_of(&self, verb: usize, tokens: Range<usize>) -> Frame {
        let cue = self.verb_cue(verb);
        let (row, words) = match cue {
            Some((row, words)) => (Some(row), words),
            None => (None, Vec::new()),
        };
        let speaker = self.speaker(verb, row, &tokens);
        Frame {
            cue: self.cue_tokens(verb, words, &tokens),
            addressee: row.and_then(|r| self.addressee(verb, r, &tokens)),
            medium: row.map_or(Medium::Speech, |r| r.medium),
            stance: row.map_or(Stance::Neutral, |r| r.stance),
            speaker,
            tokens,
        }
    }

    // ------------------------------------------------------------ fragments

    /// Finds the quoted fragments in clauses with a verb that takes them: "nannte X einen „…“".
    pub(super) fn fragments_by_cue(&mut self) {
        let holders = self.holders();
        for n in 0..self.quotations.len() {
            let q = self.quotations[n];
            let free = q.within.is_none() && !self.spoken[q.open] && self.is_readable(&q);
            if free
                && self.holder(&holders, &q).is_none()
                && let Some(draft) = self.fragment_by_cue(&q)
            {
                self.add(draft);
            }
        }
    }

    /// Finds the quoted fragments in the content of other statements. They share its speaker, cue and frame; in speech
    /// that goes on without a frame, those of the statement it goes on from.
    pub(super) fn fragments_in_content(&mut self) {
        let holders = self.holders();
        for n in 0..self.quotations.len() {
            let q = self.quotations[n];
            if q.within.is_some() || self.spoken[q.open] || !self.is_readable(&q) {
                continue;
            }
            let words = self.words(&q);
            let Some(holder) = self.holder(&holders, &q) else {
                self.fragment_beside(&q, words);
                continue;
            };
            if self.is_name(&q) && words < 7 && !self.is_common(&q) {
                continue;
            }
            let outer = &self.drafts[holder];
            if outer.speaker.as_ref().is_some_and(|s| s.range.contains(&q.open)) {
                continue;
            }
            let framed = outer.origin.map_or(outer, |o| &self.drafts[o]);
            let draft = Draft {
                kind: StatementKind::Direct,
                content: vec![q.tokens()],
                cue: framed.cue.clone(),
                frame: framed.frame.clone(),
                ..outer.clone()
            };
            self.add(draft);
        }
    }

    /// A fragment outside of all reported speech: the second of two ("„gut“ oder „schlecht“"), or one too long for a
    /// name, which then goes on with what was said last.
    fn fragment_beside(&mut self, q: &Quotation, words: usize) {
        let first = self.drafts.iter().rev().take(4).find(|d| {
            d.kind == StatementKind::Direct
                && (d.end() + 1..=d.end() + 2).contains(&q.open)
                && (d.end()..q.open).all(|i| matches!(self.upos(i), Upos::Cconj | Upos::Det | Upos::Punct))
        });
        let lower = self.form(q.inner().start).chars().next().is_some_and(char::is_lowercase);
        let draft = match first {
            Some(first) if lower || words > 3 => Draft { content: vec![q.tokens()], ..first.clone() },
            _ if lower && words >= 4 && !self.is_labelled(q) => {
                let speaker = self.last_speaker(q.open);
                Draft { speaker, ..self.direct(vec![q.tokens()], None) }
            }
            _ => return,
        };
        self.add(draft);
    }

    /// Number of words in a quotation.
    fn words(&self, q: &Quotation) -> usize {
        q.inner().filter(|i| self.upos(*i) != Upos::Punct).count()
    }

    /// A fragment in the clause of a cue verb: "nannte X einen „…“", "warnte vor „…“".
    fn fragment_by_cue(&mut self, q: &Quotation) -> Option<Draft> {
        if self.is_name(q) && !self.is_common(q) && !self.is_slogan(q) {
            return None;
        }
        let range = q.tokens();
        let top = range.clone().find(|i| {
            self.reading.analysis.head(*i).is_none_or(|h| !range.contains(&h)) && self.upos(*i) != Upos::Punct
        })?;
        let verb = self.clauses.ancestors(top).find(|i| self.is_verb(*i) && self.upos(*i) == Upos::Verb)?;
        if range.contains(&verb) || !self.sentence(q.open).contains(&verb) {
            return None;
        }
        let (row, _) = self.verb_cue(verb)?;
        if !self.takes_fragment(row, top, verb) {
            return None;
        }
        let body = self.sentence_body(verb);
        let span = if self.deprel(verb) == Deprel::Root { body } else { self.clauses.span(verb) };
        let frame = self.frame_of(verb, span);
        if frame.speaker.is_none() && self.is_name(q) {
            // "kurz „Bündnis“ genannt": a name that nobody in particular uses.
            return None;
        }
        let pieces = [frame.tokens.start..range.start, range.end..frame.tokens.end];
        let mut draft = self.direct(vec![range], Some(frame));
        draft.frame = pieces.into_iter().filter(|p| p.start < p.end).collect();
        Some(draft)
    }

    fn takes_fragment(&self, row: &Verb, top: usize, verb: usize) -> bool {
        let naming = row.patterns.allow(Patterns::ALS);
        let direct = row.patterns.allow(Patterns::DIRECT);
        let subject = self
            .clauses
            .ancestors(top)
            .take_while(|i| *i != verb)
            .chain([top])
            .any(|i| self.deprel(i) == Deprel::Nsubj);
        (naming || direct && row.strength >= Strength::Medium) && !subject
    }

    /// Whether a quotation looks like a title or a proper name: those begin with a capital and are short, whereas
    /// fragments of speech are cut out of a sentence and begin in lower case.
    fn is_name(&self, q: &Quotation) -> bool {
        let inner = q.inner();
        let capital = self.form(inner.start).chars().next().is_none_or(|c| !c.is_lowercase());
        if !capital {
            return false;
        }
        let words = self.words(q);
        let verb = inner.clone().any(|i| self.is_verb(i));
        words < 4 || self.is_labelled(q) && !(verb && words > 6)
    }

    /// Whether a quotation that begins with a capital is made of common words and labelled by no noun ("sei „Verrat“").
    fn is_common(&self, q: &Quotation) -> bool {
        let noun_before = q.open.checked_sub(1).is_some_and(|i| matches!(self.upos(i), Upos::Noun | Upos::Propn));
        let common = |i: usize| !matches!(self.upos(i), Upos::Propn | Upos::X | Upos::Num);
        !noun_before && q.inner().all(common) && self.upos(q.inner().start) == Upos::Noun
    }

    /// Whether a noun for words stands before the quotation ("skandierten Parolen wie „…“").
    fn is_slogan(&self, q: &Quotation) -> bool {
        let mut before = (self.sentence(q.open).start..q.open).rev().take(4);
        let between =
            |i: &usize| matches!(self.upos(*i), Upos::Adp | Upos::Sconj | Upos::Cconj) || self.is(*i, "Beispiel");
        before.find(|i| !between(i)).is_some_and(|i| self.noun_cue(i).is_some_and(|n| n.clause))
    }

    /// Whether a noun or a definite article stands before the quotation ("der Film „…“").
    fn is_labelled(&self, q: &Quotation) -> bool {
        q.open.checked_sub(1).is_some_and(|i| {
            matches!(self.upos(i), Upos::Noun | Upos::Propn) || clause::words::is_definite_article(self.form(i))
        })
    }
}
