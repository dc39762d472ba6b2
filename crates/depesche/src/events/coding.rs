//! Coding: drafts in; events with place, date, contexts, quad class, score and CAMEO code out, and the links between
//! reports of one fact.

use super::decide::Draft;
use super::frames::Frames;
use super::plover::{self, Contexts, Mode};
use super::scene::Scene;
use crate::morphology::Upos;
use crate::reading::Reading;
use crate::record::{EntityType, Event, EventType, Range, Status, Time, TimeType};

/// Fills in where and when.
pub fn place_and_time(scene: &Scene<'_>, times: &[Time], mut drafts: Vec<Draft>) -> Vec<Draft> {
    for d in &mut drafts {
        d.place = place(scene, d);
        d.date = date(scene, times, d);
    }
    drafts
}

/// The place named in the predicate's phrases with "in", "bei", "nahe", then anywhere in the sentence.
fn place(scene: &Scene<'_>, d: &Draft) -> Option<usize> {
    const WHERE: &[&str] = &["in", "bei", "nahe", "vor", "auf", "an"];
    let located = |head: usize| {
        let preposition = scene.clauses.preposition(head)?;
        scene.denoted(head).iter().copied().find(|e| {
            let kind = scene.actors.entities[*e].kind;
            kind == EntityType::Place && WHERE.contains(&preposition)
                || kind == EntityType::State && preposition == "in"
        })
    };
    let own = scene.clauses.obliques(d.token).find_map(|(_, head)| located(head));
    let governor = || {
        let g = scene.governor(d.token)?;
        scene.clauses.obliques(g).find_map(|(_, head)| located(head))
    };
    own.or_else(governor).or_else(|| {
        let mut near: Vec<usize> = scene.phrases(d.token).collect();
        near.sort_by_key(|h| h.abs_diff(d.token));
        near.into_iter().find_map(located)
    })
}

/// The date of the time expression nearest to the predicate in its sentence, if it fixes a day, month or year.
fn date(scene: &Scene<'_>, times: &[Time], d: &Draft) -> Option<String> {
    let analysis = scene.reading.analysis;
    let sentence = analysis.sentences[d.sentence];
    let at = analysis.tokens[d.token].start as usize;
    let first = times.partition_point(|t| t.start < sentence.start as usize);
    times[first..]
        .iter()
        .take_while(|t| t.start < sentence.end as usize)
        .filter(|t| matches!(t.kind, TimeType::Date | TimeType::Time))
        .filter_map(|t| Some((t.start.abs_diff(at), iso_period(&t.value)?)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, value)| value.to_string())
}

/// The year, month or day at the beginning of a TIMEX3 value.
fn iso_period(value: &str) -> Option<&str> {
    let day = value.split('T').next()?;
    let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let mut parts = day.split('-');
    let fits = digits(parts.next()?, 4)
        && parts.next().is_none_or(|m| digits(m, 2))
        && parts.next().is_none_or(|d| digits(d, 2))
        && parts.next().is_none();
    fits.then_some(day)
}

/// Finds the contexts of sentences, each sentence once.
#[derive(Debug)]
pub struct ContextFinder<'a> {
    contexts: &'a Contexts,
    reading: &'a Reading<'a>,
    sentences: Vec<Option<u64>>,
}

impl<'a> ContextFinder<'a> {
    /// For a text.
    pub fn new(contexts: &'a Contexts, reading: &'a Reading<'a>) -> ContextFinder<'a> {
        ContextFinder { contexts, reading, sentences: vec![None; reading.analysis.sentences.len()] }
    }

    fn of(&mut self, sentence: usize) -> u64 {
        if let Some(bits) = self.sentences[sentence] {
            return bits;
        }
        let mut bits = 0;
        for i in self.reading.analysis.sentences[sentence].tokens() {
            if matches!(self.reading.analysis.tokens[i].upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Verb) {
                bits |= self.contexts.of(&self.reading.lemma(i).to_lowercase());
            }
        }
        self.sentences[sentence] = Some(bits);
        bits
    }
}

/// The event of a draft.
pub fn event(
    reading: &Reading<'_>,
    frames: &Frames,
    draft: &Draft,
    actors: Vec<usize>,
    recipients: Vec<usize>,
    finder: &mut ContextFinder<'_>,
) -> Event {
    let mut bits = finder.of(draft.sentence);
    let pattern = draft.frame.map(|f| frames.pattern(f));
    if let Some(pattern) = pattern {
        bits |= pattern.contexts.iter().fold(0, |b, c| b | finder.contexts.bit(c));
    }
    let mut tokens: Vec<usize> = draft.parts.clone();
    tokens.push(draft.token);
    tokens.sort_unstable();
    let mut trigger: Vec<Range> = Vec::with_capacity(tokens.len());
    for t in tokens {
        let t = &reading.analysis.tokens[t];
        trigger.push(Range::new(t.start as usize, t.end as usize));
    }
    let row = plover::row(draft.kind, draft.mode);
    Event {
        kind: draft.kind,
        mode: draft.mode.name().filter(|_| draft.mode != Mode::NONE).map(str::to_string),
        status: draft.status,
        contexts: finder.contexts.names(bits).map(str::to_string).collect(),
        actors,
        recipients,
        place: draft.place,
        date: draft.date.clone(),
        trigger,
        sentence: draft.sentence,
        statement: draft.statement,
        quad: row.map_or("", |r| r.quad).to_string(),
        score: row.map_or(0.0, |r| r.score),
        cameo: row.map(|r| r.cameo.to_string()),
        same_as: None,
        confidence: (draft.confidence * 1000.0).round() / 1000.0,
        label: pattern.filter(|p| p.kind == draft.kind).and_then(|p| p.label.as_deref()).map(str::to_string),
        why: None,
    }
}

/// Links an event to the earlier one that reports the same fact: same type, status and mode, dates that agree, and
/// participants of whom none contradicts.
pub fn link_repeated(events: &mut [Event]) {
    const LOOKED_BACK_AT: usize = 40;
    for i in 1..events.len() {
        let (before, rest) = events.split_at_mut(i);
        let e = &mut rest[0];
        let from = i.saturating_sub(LOOKED_BACK_AT);
        // A chain leads to its first member, which a report without date or actor must not join to what contradicts it.
        let first = |p: &Event| p.same_as.is_none_or(|k| same_fact(&before[k], e));
        let found = before[from..].iter().rposition(|p| same_fact(p, e) && first(p)).map(|k| from + k);
        e.same_as = found.map(|k| before[k].same_as.unwrap_or(k));
    }
}

fn same_fact(a: &Event, b: &Event) -> bool {
    let agree = |x: &[usize], y: &[usize]| x.is_empty() || y.is_empty() || x.iter().any(|e| y.contains(e));
    let shared = |x: &[usize], y: &[usize]| x.iter().any(|e| y.contains(e));
    let dates = match (&a.date, &b.date) {
        (Some(x), Some(y)) => x.starts_with(y.as_str()) || y.starts_with(x.as_str()),
        _ => true,
    };
    // Verbal acts of the same people are repeated often and are mostly new ones.
    let verbal = matches!(
        a.kind,
        EventType::Accuse | EventType::Request | EventType::Support | EventType::Reject | EventType::Threaten
    );
    a.kind == b.kind
        && a.status == b.status
        && (a.mode == b.mode || a.mode.is_none() || b.mode.is_none())
        && a.status != Status::Possible
        && dates
        && agree(&a.actors, &b.actors)
        && agree(&a.recipients, &b.recipients)
        && (shared(&a.recipients, &b.recipients) || (!verbal && shared(&a.actors, &b.actors)))
        && (!verbal || (shared(&a.actors, &b.actors) && a.sentence == b.sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: EventType, actors: &[usize], recipients: &[usize], date: Option<&str>) -> Event {
        Event {
            kind,
            mode: None,
            status: Status::Actual,
            contexts: Vec::new(),
            actors: actors.to_vec(),
            recipients: recipients.to_vec(),
            place: None,
            date: date.map(str::to_string),
            trigger: Vec::new(),
            sentence: 0,
            statement: None,
            quad: String::new(),
            score: 0.0,
            cameo: None,
            same_as: None,
            confidence: 1.0,
            label: None,
            why: None,
        }
    }

    #[test]
    fn only_days_months_and_years_are_dates() {
        assert_eq!(iso_period("2011-02-26T18:00"), Some("2011-02-26"));
        assert_eq!(iso_period("2011-02"), Some("2011-02"));
        assert_eq!(iso_period("2011-W05"), None);
        assert_eq!(iso_period("PAST_REF"), None);
    }

    #[test]
    fn repeated_reports_lead_to_the_first() {
        let mut events = vec![
            report(EventType::Assault, &[0], &[1], Some("2011-02-26")),
            report(EventType::Assault, &[], &[1], None),
            report(EventType::Assault, &[2], &[1], None),
            report(EventType::Assault, &[0], &[1], Some("2011-03-01")),
        ];
        link_repeated(&mut events);
        let links: Vec<Option<usize>> = events.iter().map(|e| e.same_as).collect();
        assert_eq!(links, [None, Some(0), None, None]);
    }
}
