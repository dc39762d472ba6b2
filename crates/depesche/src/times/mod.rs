//! Times: a text in, TIMEX3 expressions with values out. Needs no tags and no trees.
//!
//! `shape` reads numbers, `words` gives words their classes, `rules` compiles the patterns over classes to a trie,
//! `matching` runs a text through it, `slots` collects what a match says, `tense` finds out whether its clause looks
//! back or ahead, `resolve` makes the value, with `recurrence` for lengths and
//! sets, `calendar` computes. What is German lies in `data/de/times`.

mod calendar;
mod matching;
mod recurrence;
mod resolve;
mod rules;
mod shape;
mod slots;
mod tense;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use value::is_value;

use crate::engine::BuildError;
use crate::reading::Reading;
use crate::record::{Time, TimeType};
use jiff::civil::Date;
use matching::{Atoms, ShapeClasses};
use resolve::{Anchor, Genre, Place};
use rules::{Normal, Rules};
use slots::{Slot, SlotTable, Slots};
use tense::{Direction, Tenses};
use words::Words;

/// Reads a document's date: an ISO 8601 date, or a date with a time of day, which is dropped.
pub fn parse_date(s: &str) -> Option<Date> {
    let (day, rest) = s.split_at_checked(10)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| day.parse().ok()).flatten()
}

/// The date of a TIMEX3 value as ISO 8601 writes it: YYYY, YYYY-MM or YYYY-MM-DD; a time of day gives its day. None
/// for weeks, seasons, durations and all that is unknown in part.
///
/// ```
/// assert_eq!(depesche::times::iso_date("2025-04-08TEV"), Some("2025-04-08"));
/// assert_eq!(depesche::times::iso_date("2025-W15"), None);
/// ```
pub fn iso_date(value: &str) -> Option<&str> {
    let date = value.split_once('T').map_or(value, |(date, _)| date);
    let digits = date.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    (digits && matches!(date.len(), 4 | 7 | 10) && is_value(date)).then_some(date)
}

/// The times that lie inside a range; `times` are in the order of the text, as [`TimeLayer::find`] gives them.
pub fn in_range(times: &[Time], start: usize, end: usize) -> impl Iterator<Item = &Time> {
    let first = times.partition_point(|t| t.start < start);
    times[first..].iter().take_while(move |t| t.start < end).filter(move |t| t.end <= end)
}

/// The date of what a range of the text reports: that of the most exact time inside it, the first of several as exact.
pub fn date_in(times: &[Time], start: usize, end: usize) -> Option<&str> {
    let dates = in_range(times, start, end).filter_map(|t| t.date.as_deref());
    dates.reduce(|best, date| if date.len() > best.len() { date } else { best })
}

/// News of the day name a day or time of day in at least so many bytes.
const BYTES_PER_DAY: usize = 1500;
/// Longer texts without as many days are essays, interviews, features.
const LONGEST_REPORT: usize = 5000;

/// Finds time expressions.
#[derive(Debug)]
pub struct TimeLayer {
    words: Words,
    shapes: ShapeClasses,
    rules: Rules,
    /// By variant: whether it names a day or a time of day.
    day_level: Vec<bool>,
    slots: SlotTable,
    tenses: Tenses,
    /// The class of "vor" and "seit".
    ago: Option<u16>,
    /// The class of "seit", which no future follows.
    since: Option<u16>,
}

impl TimeLayer {
    /// The rules in the program.
    ///
    /// # Errors
    /// If a rule file has a malformed row.
    pub fn new() -> Result<TimeLayer, BuildError> {
        let mut words = Words::new()?;
        let shapes = ShapeClasses::new(&mut words);
        let rules = Rules::new(&mut words)?;
        let slots = SlotTable::new(&words);
        let day_level = rules.variants.iter().map(|v| slots.names_day(v)).collect();
        let ago = words.known_class("AGO");
        let since = words.known_class("SINCE");
        Ok(TimeLayer { words, shapes, rules, day_level, slots, tenses: Tenses::new()?, ago, since })
    }

    /// The time expressions of a split text, in its order.
    pub fn find(&self, reading: &Reading<'_>) -> Vec<Time> {
        let text = reading.text;
        let atoms = Atoms::read(text, &self.words, &self.shapes);
        let matches = matching::matches(&atoms, &self.rules);
        let rule_of = |m: &matching::Match| &self.rules.rules[self.rules.variants[m.variant as usize].rule as usize];
        let genre = self.genre(&matches, text.len());
        let mut anchor = Anchor::new(&self.words, reading.date, genre);
        let mut sentence = 0;
        let mut times = Vec::with_capacity(matches.len());
        for found in &matches {
            let rule = rule_of(found);
            if rule.normal == Normal::Nothing {
                continue;
            }
            let slots = Slots::read(found, &atoms, &self.rules, &self.slots);
            let sentences = &reading.analysis.sentences;
            while sentences.get(sentence).is_some_and(|s| s.end <= found.start) {
                sentence += 1;
            }
            let bounds = sentences.get(sentence).map_or((0, text.len() as u32), |s| (s.start, s.end));
            let since = found.start_atom.checked_sub(1).and_then(|b| atoms.sense(b as usize, self.since?)).is_some();
            let direction = match rule.normal {
                _ if since => Direction::Past,
                Normal::Calendar | Normal::Today | Normal::Clock => {
                    self.tenses.direction(text, &atoms, found.first as usize, found.end, bounds)
                }
                _ => Direction::Open,
            };
            let place = Place { at: found.start, sentence: bounds.0, direction };
            let Some(value) = anchor.value(rule, &slots, place).filter(|v| is_value(v)) else { continue };
            let own = |slot| slots.get(slot).map(|s| self.words.symbol_name(s.symbol).to_string());
            let ago = || {
                let before = found.start_atom.checked_sub(1).filter(|_| rule.kind == TimeType::Duration)?;
                let steps = atoms.sense(before as usize, self.ago?)?.number;
                calendar::step(reading.date?, &value, steps)?.value()
            };
            times.push(Time {
                start: found.start as usize,
                end: found.end as usize,
                kind: kind(rule.kind, &value),
                date: iso_date(&value).map(str::to_string).or_else(ago),
                modifier: rule
                    .modifier
                    .as_deref()
                    .map(str::to_string)
                    .or_else(|| own(Slot::Edge))
                    .or_else(|| own(Slot::Degree)),
                value,
            });
        }
        times
    }
}

impl TimeLayer {
    /// What kind of text it is: "gestern" and "heute Abend" show news of the day, and so do many days or times of day
    /// for its length.
    fn genre(&self, matches: &[matching::Match], bytes: usize) -> Genre {
        let mut days = 0;
        for found in matches {
            let variant = found.variant as usize;
            if self.rules.rules[self.rules.variants[variant].rule as usize].normal == Normal::Day {
                return Genre::Daily;
            }
            days += usize::from(self.day_level[variant]);
        }
        match bytes {
            _ if days * BYTES_PER_DAY >= bytes => Genre::Daily,
            ..LONGEST_REPORT => Genre::Report,
            _ => Genre::Essay,
        }
    }
}

/// A date with a time of day is a TIME, whatever its rule says.
fn kind(kind: TimeType, value: &str) -> TimeType {
    if kind == TimeType::Date && value.contains('T') && !value.ends_with("_REF") { TimeType::Time } else { kind }
}
