//! Reading tables: lines of cells parted by tabs, `#` before comments, the last comment naming the columns.

use super::rows::Validity;
use crate::engine::BuildError;
use crate::record::{EntityType, Sector};
use jiff::civil::Date;

/// One line with its cells and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    file: &'t str,
    number: usize,
    text: &'t str,
}

/// The lines of a table that hold rows.
pub(super) fn lines<'t>(file: &'t str, content: &'t str) -> impl Iterator<Item = Line<'t>> {
    content
        .lines()
        .enumerate()
        .map(move |(i, text)| Line { file, number: i + 1, text })
        .filter(|l| !l.text.trim().is_empty() && !l.text.starts_with('#'))
}

impl<'t> Line<'t> {
    /// The cells, trimmed. A row may leave out empty cells at its end; `needed` must be there.
    ///
    /// # Errors
    /// If there are fewer cells than needed or more than `N`.
    pub(super) fn cells<const N: usize>(&self, needed: usize) -> Result<[&'t str; N], BuildError> {
        let mut cells = [""; N];
        let mut n = 0;
        for cell in self.text.split('\t') {
            let Some(slot) = cells.get_mut(n) else {
                return Err(self.error(format!("more than {N} columns")));
            };
            *slot = cell.trim();
            n += 1;
        }
        match n < needed {
            true => Err(self.error(format!("{n} columns, at least {needed} expected, separated by tabs"))),
            false => Ok(cells),
        }
    }

    /// An error at this line.
    pub(super) fn error(&self, message: String) -> BuildError {
        BuildError::Data { file: self.file.to_string(), line: self.number, message }
    }

    /// A cell that must not be empty.
    pub(super) fn required(&self, cell: &'t str, column: &str) -> Result<&'t str, BuildError> {
        if cell.is_empty() { Err(self.error(format!("column `{column}` is empty"))) } else { Ok(cell) }
    }

    /// A sector; empty is none.
    pub(super) fn sector(&self, cell: &str) -> Result<Option<Sector>, BuildError> {
        if cell.is_empty() {
            return Ok(None);
        }
        Sector::parse(cell).map(Some).ok_or_else(|| {
            self.error(format!(
                "`{cell}` is no sector; expected GOV MIL COP JUD LEG OPP REB CVL BUS NGO MED IGO or nothing"
            ))
        })
    }

    /// A type of entity.
    pub(super) fn entity_type(&self, cell: &str) -> Result<EntityType, BuildError> {
        Ok(match cell {
            "person" => EntityType::Person,
            "state" => EntityType::State,
            "igo" => EntityType::Igo,
            "org" => EntityType::Org,
            "group" => EntityType::Group,
            "place" => EntityType::Place,
            other => {
                return Err(
                    self.error(format!("`{other}` is no type; expected state, igo, org, group, person or place"))
                );
            }
        })
    }

    /// Latitude and longitude; both empty is none.
    pub(super) fn coordinates(&self, lat: &str, lon: &str) -> Result<Option<(f64, f64)>, BuildError> {
        if lat.is_empty() && lon.is_empty() {
            return Ok(None);
        }
        let number = |cell: &str, limit: f64| {
            cell.parse::<f64>()
                .ok()
                .filter(|x| x.abs() <= limit)
                .ok_or_else(|| self.error(format!("`{cell}` is no coordinate between -{limit} and {limit}")))
        };
        Ok(Some((number(lat, 90.0)?, number(lon, 180.0)?)))
    }

    /// First and last day; each cell is empty or YYYY, YYYY-MM or YYYY-MM-DD.
    pub(super) fn validity(&self, from: &str, to: &str) -> Result<Validity, BuildError> {
        let validity = Validity { from: self.day(from, false)?, to: self.day(to, true)? };
        match validity {
            Validity { from: Some(f), to: Some(t) } if t < f => {
                Err(self.error(format!("ends ({to}) before it begins ({from})")))
            }
            _ => Ok(validity),
        }
    }

    fn day(&self, cell: &str, last: bool) -> Result<Option<Date>, BuildError> {
        if cell.is_empty() {
            return Ok(None);
        }
        let date = || {
            let mut parts = cell.splitn(3, '-');
            let year = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
            let month = match parts.next() {
                Some(m) => m.parse().ok()?,
                None if last => 12,
                None => 1,
            };
            let first = Date::new(year, month, 1).ok()?;
            match parts.next() {
                Some(d) => Date::new(year, month, d.parse().ok()?).ok(),
                None if last => Some(first.last_of_month()),
                None => Some(first),
            }
        };
        date().map(Some).ok_or_else(|| self.error(format!("`{cell}` is no date; expected YYYY, YYYY-MM or YYYY-MM-DD")))
    }
}

/// The alternatives in a cell.
pub(super) fn alternatives(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|a| !a.is_empty())
}
