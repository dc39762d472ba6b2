//! A statement while it is being put together, in tokens, and how it becomes one of the record.

use crate::actors::Actors;
use crate::reading::Reading;
use crate::record::{Medium, Party, Range, Stance, Statement, StatementKind, Time, TimeType};
use crate::syntax::Clauses;
use std::ops::Range as Tokens;

/// A noun phrase that speaks or is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Its tokens.
    pub(super) range: Tokens<usize>,
    /// The token that says who is meant: the head, or the name behind "Angaben".
    pub(super) who: usize,
}

/// A statement in tokens.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) kind: StatementKind,
    pub(super) medium: Medium,
    pub(super) stance: Stance,
    pub(super) content: Vec<Tokens<usize>>,
    pub(super) speaker: Option<Phrase>,
    pub(super) addressee: Option<Phrase>,
    /// The tokens of the cue, sorted.
    pub(super) cue: Vec<usize>,
    pub(super) frame: Vec<Tokens<usize>>,
    /// For speech that goes on without a frame: the statement whose frame it goes on from.
    pub(super) origin: Option<usize>,
}

impl Draft {
    /// First token of the content.
    pub(super) fn start(&self) -> usize {
        self.content.first().map_or(0, |r| r.start)
    }

    /// First token behind the content.
    pub(super) fn end(&self) -> usize {
        self.content.last().map_or(0, |r| r.end)
    }

    /// Number of tokens of the content.
    pub(super) fn len(&self) -> usize {
        self.content.iter().map(Tokens::len).sum()
    }

    /// Whether all of `other`'s content lies in this one's.
    pub(super) fn holds(&self, other: &Draft) -> bool {
        let inside = |r: &Tokens<usize>| self.content.iter().any(|c| c.start <= r.start && r.end <= c.end);
        other.content.iter().all(inside)
    }
}

fn bytes(reading: &Reading<'_>, tokens: &Tokens<usize>) -> Range {
    let all = &reading.analysis.tokens;
    Range::new(all[tokens.start].start as usize, all[tokens.end - 1].end as usize)
}

/// Byte ranges of sorted tokens, neighbours joined.
fn joined(reading: &Reading<'_>, tokens: &[usize]) -> Vec<Range> {
    let mut runs: Vec<Tokens<usize>> = Vec::new();
    for &i in tokens {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end += 1,
            Some(run) if run.end > i => {}
            _ => runs.push(i..i + 1),
        }
    }
    runs.iter().map(|r| bytes(reading, r)).collect()
}

/// Who is meant: what the heads of the phrase denote, all that are coordinated in it; else the names beside them; else
/// what is named inside them ("Polizeiangaben").
fn entities(reading: &Reading<'_>, actors: &Actors, phrase: &Phrase) -> Vec<usize> {
    let clauses = Clauses::new(reading);
    let mut heads = clauses.conjuncts(phrase.who);
    heads.retain(|h| *h == phrase.who || phrase.range.contains(h));
    let denoted = || heads.iter().flat_map(|h| actors.denoted(*h));
    let beside = || heads.iter().flat_map(|h| clauses.appositions(*h)).flat_map(|a| actors.denoted(a));
    let inside = || heads.iter().flat_map(|h| actors.modifiers(*h));
    let mut out: Vec<usize> = denoted().copied().collect();
    if out.is_empty() {
        out = beside().copied().collect();
    }
    if out.is_empty() {
        out = inside().copied().collect();
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn party(reading: &Reading<'_>, actors: &Actors, phrase: &Phrase) -> Party {
    let range = bytes(reading, &phrase.range);
    Party { start: range.start, end: range.end, entities: entities(reading, actors, phrase) }
}

/// The date in the statement's frame: that in its content dates what is spoken of. `times` are sorted.
fn date(frame: &[Range], times: &[Time]) -> Option<String> {
    frame.iter().find_map(|f| {
        let first = times.partition_point(|t| t.start < f.start);
        let inside = times[first..].iter().take_while(|t| t.end <= f.end);
        let day = |t: &&Time| matches!(t.kind, TimeType::Date | TimeType::Time);
        let value =
            inside.filter(day).map(|t| t.value.as_str()).find(|v| v.starts_with(|c: char| c.is_ascii_digit()))?;
        Some(value.split('T').next().unwrap_or(value).to_string())
    })
}

/// The drafts as statements of the record, with what is nested in what.
pub(super) fn finish(mut drafts: Vec<Draft>, reading: &Reading<'_>, actors: &Actors, times: &[Time]) -> Vec<Statement> {
    drafts.retain(|d| d.content.iter().all(|r| !r.is_empty()) && !d.content.is_empty());
    drafts.sort_by_key(|d| (d.start(), std::cmp::Reverse(d.end()), d.kind as u8));
    // Statements whose content may still hold the next one; a statement is nested in the smallest that holds it.
    let mut open: Vec<usize> = Vec::new();
    let mut out: Vec<Statement> = Vec::with_capacity(drafts.len());
    for (n, draft) in drafts.iter().enumerate() {
        open.retain(|o| drafts[*o].end() > draft.start());
        let holder = open.iter().copied().filter(|o| drafts[*o].holds(draft) && drafts[*o].len() > draft.len());
        let within = holder.min_by_key(|o| drafts[*o].len());
        open.push(n);
        let frame: Vec<Range> = draft.frame.iter().filter(|r| !r.is_empty()).map(|r| bytes(reading, r)).collect();
        out.push(Statement {
            kind: draft.kind,
            medium: Some(draft.medium),
            stance: draft.stance,
            content: draft.content.iter().map(|r| bytes(reading, r)).collect(),
            speaker: draft.speaker.as_ref().map(|p| party(reading, actors, p)),
            addressee: draft.addressee.as_ref().map(|p| party(reading, actors, p)),
            cue: joined(reading, &draft.cue),
            date: date(&frame, times),
            frame,
            within,
        });
    }
    out
}
