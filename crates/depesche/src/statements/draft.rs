//! A statement while it is being put together, in tokens, and how it becomes one of the record.

use super::cues::{Cues, Noun};
use crate::actors::Actors;
use crate::knowledge::Knowledge;
use crate::morphology::{Upos, feats};
use crate::reading::Reading;
use crate::record::{EntityType, Medium, Party, Range, Sector, Stance, Statement, StatementKind, Time, TimeType};
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

/// Turns drafts into statements.
pub(super) struct Finish<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) knowledge: &'a Knowledge,
    pub(super) cues: &'a Cues,
    pub(super) actors: &'a mut Actors,
}

impl Finish<'_> {
    /// Who is meant: what the heads of the phrase denote, all that are coordinated in it; else the names beside them; else
    /// what is named inside a word of saying ("Polizeiangaben"); else somebody new, if the head is a noun for a person or a medium.
    fn entities(&mut self, phrase: &Phrase) -> Vec<usize> {
        let clauses = Clauses::new(self.reading);
        let mut heads = clauses.conjuncts(phrase.who);
        heads.retain(|h| *h == phrase.who || phrase.range.contains(h));
        let actors = &*self.actors;
        let mut out: Vec<usize> = heads.iter().flat_map(|h| actors.denoted(*h)).copied().collect();
        if out.is_empty() {
            let beside = heads.iter().flat_map(|h| clauses.appositions(*h));
            out = beside.flat_map(|a| actors.denoted(a)).copied().collect();
        }
        if out.is_empty() && !self.is_person(phrase.who) {
            out = heads.iter().flat_map(|h| actors.modifiers(*h)).copied().collect();
        }
        if out.is_empty() {
            out.extend(heads.iter().filter_map(|h| self.newcomer(phrase, *h)));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    fn is_person(&self, noun: usize) -> bool {
        self.row(noun).is_some_and(|n| n.person)
    }

    fn row(&self, noun: usize) -> Option<&Noun> {
        let token = &self.reading.analysis.tokens[noun];
        self.cues.noun(self.reading.lemma(noun)).filter(|_| token.upos == Upos::Noun)
    }

    /// An entity for somebody without a name ("ein Sprecher des Ministeriums"), coded as whom the person speaks for.
    fn newcomer(&mut self, phrase: &Phrase, noun: usize) -> Option<usize> {
        let (person, medium) = self.row(noun).map(|n| (n.person, n.writes))?;
        if !person && !medium {
            return None;
        }
        let clauses = Clauses::new(self.reading);
        let owner = clauses.genitive(noun).and_then(|g| self.actors.denoted(g).first().copied());
        let owner = owner.or_else(|| self.actors.modifiers(noun).first().copied());
        let owner = owner.and_then(|e| self.actors.entities.get(e)).cloned();
        let entity = self.actors.entities.len();
        self.actors.participant(self.reading, self.knowledge, noun);
        let attribute = clauses.genitive(noun).filter(|g| *g > noun && phrase.range.contains(g));
        let behind =
            attribute.map(|g| bytes(self.reading, &(noun + 1..clauses.noun_phrase(g).end.min(phrase.range.end))));
        let singular = self.reading.analysis.tokens[noun].feats.is(&feats::NUMBER, "Sing");
        let made = self.actors.entities.get_mut(entity)?;
        if medium {
            made.kind = EntityType::Org;
            made.sector = Some(Sector::Med);
        } else if singular {
            made.kind = EntityType::Person;
        }
        if let Some(range) = behind {
            // A short genitive is in the name already.
            let behind = &self.reading.text[range.start..range.end];
            let article = behind.split_inclusive(' ').next().unwrap_or_default();
            let name = made.name.split_once(&format!(" {article}")).map_or(made.name.as_str(), |(name, _)| name);
            made.name = format!("{name} {behind}");
        }
        if let Some(owner) = owner {
            made.code = made.code.take().or(owner.code);
            if person {
                made.sector = owner.sector.or(made.sector);
            }
        }
        Some(entity)
    }

    fn party(&mut self, phrase: &Phrase) -> Party {
        let range = bytes(self.reading, &phrase.range);
        Party { start: range.start, end: range.end, entities: self.entities(phrase) }
    }
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
pub(super) fn finish(mut drafts: Vec<Draft>, mut to: Finish<'_>, times: &[Time]) -> Vec<Statement> {
    let reading = to.reading;
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
            speaker: draft.speaker.as_ref().map(|p| to.party(p)),
            addressee: draft.addressee.as_ref().map(|p| to.party(p)),
            cue: joined(reading, &draft.cue),
            date: date(&frame, times),
            frame,
            within,
        });
    }
    out
}
