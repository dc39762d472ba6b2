//! Indirect speech with a verb: "sagte, dass …", "sagte, er komme", "kündigte an, … zu", "…, sagte X", "wie X sagte".

use super::cues::{Patterns, Strength, Verb};
use super::draft::Draft;
use super::finder::Finder;
use crate::morphology::{Upos, feats};
use crate::record::StatementKind;
use crate::syntax::Deprel;
use crate::syntax::clause::{Mood, words};
use std::ops::Range;

/// Content and frame around a cue.
pub(super) struct Layout {
    pub(super) content: Vec<Range<usize>>,
    pub(super) frame: Range<usize>,
}

impl Finder<'_> {
    /// Finds the indirect speech of one sentence.
    pub(super) fn indirect(&mut self, sentence: &Range<usize>) {
        for verb in sentence.clone() {
            if self.used[verb] || self.spoken[verb] {
                continue;
            }
            let Some((row, words)) = self.verb_cue(verb) else { continue };
            if self.is_only_possible(verb) {
                continue;
            }
            if row.strength < Strength::Strong && self.clauses.mood(verb) == Mood::SubjunctiveOne {
                // What is told in Konjunktiv is somebody's speech; only plain verbs of saying open another in it.
                continue;
            }
            let layout = self.as_report(verb, row).or_else(|| self.complement(verb, row));
            if let Some(layout) = layout {
                self.add_indirect(verb, row, words, layout);
            }
        }
    }

    fn add_indirect(&mut self, verb: usize, row: &Verb, words: Vec<usize>, layout: Layout) {
        let speaker = self.speaker(verb, Some(row), &layout.frame);
        if speaker.as_ref().is_some_and(|s| self.is_no_reporter(s.who)) {
            return;
        }
        let addressee = self.addressee(verb, row, &layout.frame);
        let draft = Draft {
            kind: StatementKind::Indirect,
            origin: None,
            medium: self.medium(row.medium, speaker.as_ref(), &layout.frame),
            stance: row.stance,
            cue: self.cue_tokens(verb, words, &layout.frame),
            content: layout.content,
            frame: vec![layout.frame],
            speaker,
            addressee,
        };
        self.used[verb] = true;
        self.add(draft);
    }

    /// Whether a subject is a sign that nothing is reported: somebody's own words, printed without quotation marks ("ich"),
    /// or nobody ("niemand erwartet, dass …").
    fn is_no_reporter(&self, i: usize) -> bool {
        matches!(
            self.form(i),
            "ich" | "Ich" | "wir" | "Wir" | "du" | "Du" | "niemand" | "Niemand" | "keiner" | "Keiner"
        )
    }

    /// The cue: verb, auxiliaries, separated prefix, the lexicon's further words and "davon", "darauf", "es".
    pub(super) fn cue_tokens(&self, verb: usize, words: Vec<usize>, frame: &Range<usize>) -> Vec<usize> {
        let mut cue = self.clauses.cluster(verb);
        cue.extend(words);
        cue.retain(|i| frame.contains(i));
        cue.sort_unstable();
        cue.dedup();
        cue
    }

    /// "wie X sagte" and "so sagte X", thrown into the clause that they report.
    fn as_report(&self, verb: usize, row: &Verb) -> Option<Layout> {
        if !row.patterns.allow(Patterns::DIRECT) && !row.patterns.allow(Patterns::DASS) {
            return None;
        }
        let sentence = self.sentence_body(verb);
        let span = self.clauses.span(verb);
        let wie =
            (sentence.start..verb).rev().take(40).find(|i| matches!(self.form(*i), "wie" | "Wie" | "so" | "So"))?;
        let opens = wie == sentence.start || matches!(self.form(wie - 1), "," | "–" | "-" | "(" | "“");
        if !opens || span.start > wie + 1 || (wie..verb).any(|i| self.is(i, ",") && !self.in_apposition(i, verb)) {
            return None;
        }
        let is_wie = self.form(wie).eq_ignore_ascii_case("wie");
        let last = verb + 1 == sentence.end || matches!(self.form(verb + 1), "," | "–" | "-" | ")" | ".") || {
            // "wie X gesagt hatte": the auxiliary follows.
            self.upos(verb + 1) == Upos::Aux
        };
        // "so sagte X" has the verb second, "wie X sagte" last.
        if is_wie && !last || !is_wie && verb != wie + 1 {
            return None;
        }
        let frame_end = if is_wie {
            verb + 1 + usize::from(last && verb + 1 < sentence.end && self.upos(verb + 1) == Upos::Aux)
        } else {
            (verb..sentence.end).find(|i| self.is(*i, ",") && !self.in_apposition(*i, verb)).unwrap_or(sentence.end)
        };
        let mut frame = wie..frame_end.min(sentence.end);
        if frame.start > sentence.start && self.is(frame.start - 1, ",") {
            frame.start -= 1;
        }
        if frame.end < sentence.end && self.is(frame.end, ",") {
            frame.end += 1;
        }
        let content = self.without(sentence, &frame);
        (!content.is_empty()).then_some(Layout { content, frame })
    }

    /// Whether a comma stands inside the phrase of one of the verb's arguments.
    fn in_apposition(&self, comma: usize, verb: usize) -> bool {
        self.clauses.children(verb).any(|c| {
            matches!(self.deprel(c), Deprel::Nsubj | Deprel::Obl | Deprel::Obj) && {
                let span = self.clauses.span(c);
                span.start < comma && comma <= span.end
            }
        })
    }

    /// The clause that says what is said, by the tree and the pattern of the verb.
    fn complement(&self, verb: usize, row: &Verb) -> Option<Layout> {
        // "beruft sich darauf, dass": the adverb stands for the preposition that the verb takes.
        let correlate = row.prepositions.iter().any(|p| self.clauses.has_pronominal_adverb(verb, p));
        let announced = |c: &usize| {
            correlate
                && *c > verb
                && (self.clauses.is_zu_infinitive(*c) || matches!(self.clauses.subordinator(*c), Some("dass" | "ob")))
        };
        if row.strength == Strength::Weak {
            return self.clauses.complements(verb).find(announced).and_then(|c| self.layout(verb, c));
        }
        let found = self.clauses.complements(verb).find(|c| self.fits(*c, row) || announced(c)).or_else(|| {
            let children = self.clauses.children(verb);
            children.filter(|c| matches!(self.deprel(*c), Deprel::Parataxis | Deprel::Advcl | Deprel::Obj)).find(|c| {
                let surely = self.speaks_in_subjunctive(*c)
                    || self.clauses.subordinator(*c) == Some("dass")
                    || self.clauses.is_zu_infinitive(*c) && self.clauses.subordinator(*c).is_none();
                surely && self.fits(*c, row)
            })
        });
        match found {
            Some(content) => self.layout(verb, content),
            None => self
                .interposed(verb, row)
                .or_else(|| self.by_surface(verb, row))
                .or_else(|| self.relative(verb))
                .or_else(|| self.pointing_back(verb, row)),
        }
    }

    /// "berichtet von einem Ventil, das defekt sei": a relative clause in Konjunktiv below a verb of speech.
    fn relative(&self, verb: usize) -> Option<Layout> {
        let body = self.sentence_body(verb);
        let below = self.clauses.children(verb).flat_map(|c| self.clauses.children_by(c, Deprel::Acl));
        let mut clauses = below.filter(|c| self.clauses.mood(*c) == Mood::SubjunctiveOne);
        let span = self.clauses.span(clauses.find(|c| *c > verb)?);
        let content = self.trim(span.start..span.end.min(body.end));
        let frame = self.frame_start(verb, body.start)..content.start;
        (!content.is_empty() && frame.contains(&verb)).then(|| Layout { content: vec![content], frame })
    }

    /// Whether a clause is of a kind that the verb takes.
    fn fits(&self, clause: usize, row: &Verb) -> bool {
        if self.clauses.is_zu_infinitive(clause) {
            return row.patterns.allow(Patterns::ZU);
        }
        match self.clauses.subordinator(clause) {
            Some("dass" | "ob") => row.patterns.allow(Patterns::DASS),
            Some(_) => false,
            None if self.clauses.finite(clause).is_none() => false,
            None if self.asks(clause) => row.patterns.allow(Patterns::DASS),
            None => row.patterns.allow(Patterns::V2),
        }
    }

    /// Whether the clause begins with a question word.
    fn asks(&self, clause: usize) -> bool {
        let start = self.clauses.span(clause).start;
        let first = if self.is(start, ",") { start + 1 } else { start };
        first < self.reading.len() && words::is_question(self.form(first))
    }

    pub(super) fn speaks_in_subjunctive(&self, clause: usize) -> bool {
        matches!(self.clauses.mood(clause), Mood::SubjunctiveOne | Mood::SubjunctiveTwo)
    }

    /// Content and frame, given the head of the content.
    fn layout(&self, verb: usize, content: usize) -> Option<Layout> {
        let body = self.sentence_body(verb);
        let is_root = self.deprel(verb) == Deprel::Root;
        let inner = self.clauses.span_where(content, |_, c| c != verb);
        let outer = self.clauses.span_where(verb, |_, c| c != content);
        let outer = if is_root { body.clone() } else { outer.start.max(body.start)..outer.end.min(body.end) };
        if inner.start > verb {
            // The content follows: it begins behind the comma before it and goes on to the end, or to where the frame resumes.
            let comma = (verb + 1..=inner.start).rev().find(|i| matches!(self.form(*i), "," | ":"));
            let start = comma.map_or(inner.start, |c| c + 1);
            let end = self.resumption(verb, content, inner.end).unwrap_or(body.end).max(inner.end.min(body.end));
            let content = self.trim(start..end.min(body.end));
            let frame_start = if is_root { body.start } else { outer.start };
            return (!content.is_empty()).then(|| Layout { content: vec![content], frame: frame_start..start });
        }
        if inner.end <= verb + 1 {
            // The content comes first and the frame follows with its comma.
            let comma = (inner.start..verb).rev().find(|i| self.is(*i, ","));
            let start = comma.filter(|c| *c + 4 > inner.end)?;
            let content = self.trim(if is_root { body.start } else { inner.start }..start);
            return (!content.is_empty())
                .then(|| Layout { content: vec![content], frame: start..outer.end.max(verb + 1) });
        }
        self.around(verb, inner.start.max(body.start)..body.end)
    }

    /// Where the frame goes on behind the content: a further predicate of the speaker in Indikativ.
    fn resumption(&self, verb: usize, content: usize, from: usize) -> Option<usize> {
        let next = self
            .clauses
            .children(verb)
            .find(|c| *c >= from && *c != content && self.deprel(*c) != Deprel::Punct && !self.is_content_like(*c))?;
        let start = self.clauses.span(next).start.max(from);
        Some(if start > 0 && self.is(start - 1, ",") { start - 1 } else { start })
    }

    fn is_content_like(&self, clause: usize) -> bool {
        self.clauses.subordinator(clause).is_some_and(|s| s == "dass" || s == "ob")
            || (self.speaks_in_subjunctive(clause) && self.deprel(clause) != Deprel::Obl)
    }

    /// ", sagte X," in the middle or at the end, where the tree has the content above the cue.
    fn interposed(&self, verb: usize, row: &Verb) -> Option<Layout> {
        let inserted = matches!(self.deprel(verb), Deprel::Parataxis | Deprel::Conj | Deprel::Root | Deprel::Ccomp);
        if !inserted || !row.patterns.allow(Patterns::V2) {
            return None;
        }
        let body = self.sentence_body(verb);
        self.around(verb, body)
    }

    /// The layout of ", sagte X," with the content on one or both sides within `whole`. The speaker follows the verb and
    /// a clause precedes it; otherwise the comma ends an apposition or an adverbial clause.
    fn around(&self, verb: usize, whole: Range<usize>) -> Option<Layout> {
        let first = self.clauses.cluster(verb).into_iter().next().unwrap_or(verb);
        let comma = first.checked_sub(1).filter(|c| self.is(*c, ",") && *c > whole.start)?;
        let left = whole.start..comma;
        let subject_before = self.clauses.own_subject(verb).is_some_and(|s| s < comma);
        let clause_before = left.clone().any(|i| self.is_verb(i)) && self.upos(left.start) != Upos::Sconj;
        if subject_before || !clause_before {
            return None;
        }
        // What follows the verb up to a comma outside of the speaker's phrase belongs to the frame.
        let end = (verb + 1..whole.end).find(|i| self.is(*i, ",") && !self.in_apposition(*i, verb));
        let frame = comma..end.map_or(whole.end, |e| e + 1);
        let content = self.without(whole, &frame);
        (!content.is_empty()).then_some(Layout { content, frame })
    }

    /// "Das teilte X mit" points back to the clause or sentence before.
    fn pointing_back(&self, verb: usize, row: &Verb) -> Option<Layout> {
        if !row.patterns.allow(Patterns::DASS) || row.strength < Strength::Strong {
            return None;
        }
        let body = self.sentence_body(verb);
        let first = self.clauses.cluster(verb).into_iter().next().unwrap_or(verb);
        let pronoun = first.checked_sub(1).filter(|i| matches!(self.form(*i), "Das" | "Dies" | "das" | "dies"))?;
        if pronoun > body.start {
            let comma = pronoun - 1;
            let opens = matches!(self.form(comma), "," | "–" | "-") && comma > body.start;
            return opens.then(|| Layout { content: vec![self.trim(body.start..comma)], frame: comma..body.end });
        }
        let before = self.sentence_body(pronoun.checked_sub(1)?);
        let same_paragraph = !super::quotation::starts_paragraph(self.reading, pronoun);
        (same_paragraph && !self.spoken[before.start])
            .then(|| Layout { content: vec![before, pronoun..pronoun + 1], frame: first..body.end })
    }

    /// Without help from the tree: the words behind "…, dass", or behind a comma with a verb in Konjunktiv or "zu".
    fn by_surface(&self, verb: usize, row: &Verb) -> Option<Layout> {
        let body = self.sentence_body(verb);
        let from = self.clauses.cluster(verb).into_iter().next_back().unwrap_or(verb);
        let comma = (from + 1..body.end).take(25).find(|i| {
            matches!(self.form(*i), "," | ":")
                && *i + 1 < body.end
                && match self.form(*i + 1) {
                    "dass" | "daß" | "ob" => row.patterns.allow(Patterns::DASS),
                    _ => {
                        row.patterns.allow(Patterns::V2) && self.subjunctive_ahead(*i + 1, body.end)
                            || row.patterns.allow(Patterns::ZU) && self.infinitive_ahead(*i + 1, body.end)
                    }
                }
        })?;
        if (from + 1..comma).any(|i| self.upos(i) == Upos::Verb) {
            return None;
        }
        let content = self.trim(comma + 1..body.end);
        let start = self.frame_start(verb, body.start);
        (!content.is_empty()).then(|| Layout { content: vec![content], frame: start..comma + 1 })
    }

    /// Whether an infinitive with "zu" follows before any finite verb ("…, verhandeln zu wollen").
    fn infinitive_ahead(&self, start: usize, end: usize) -> bool {
        let finite = |i: usize| self.reading.analysis.tokens[i].feats.is(&feats::VERB_FORM, "Fin");
        let zu = (start..end).take(40).find(|i| self.upos(*i) == Upos::Part && self.is(*i, "zu"));
        zu.is_some_and(|zu| !(start..zu).any(|i| self.is_verb(i) && finite(i)))
    }

    /// Where the clause of a frame begins: at the sentence, or with the subtree of a verb that is not its root.
    pub(super) fn frame_start(&self, verb: usize, sentence: usize) -> usize {
        if self.deprel(verb) == Deprel::Root { sentence } else { self.clauses.span(verb).start.max(sentence) }
    }

    /// Whether the clause from `start` has its finite verb in Konjunktiv before its first comma.
    fn subjunctive_ahead(&self, start: usize, end: usize) -> bool {
        let verb = (start..end).take(20).take_while(|i| !self.is(*i, ",")).find(|i| self.is_verb(*i));
        verb.is_some_and(|v| matches!(self.clauses.mood_of(v), Mood::SubjunctiveOne | Mood::SubjunctiveTwo))
    }
}
