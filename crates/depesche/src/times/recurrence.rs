//! Lengths and recurrence: the parts of an expression in, the value of a DURATION or a SET out. Neither needs an anchor.

use super::calendar;
use super::resolve::Anchor;
use super::slots::{Slot, Slots};

impl Anchor<'_> {
    pub(super) fn duration(&self, s: &Slots) -> Option<String> {
        if let Some(both) = s.get(Slot::NumberUnit) {
            let number = s.number(Slot::Number).unwrap_or(both.number);
            return Some(length(&[(number, self.symbol(both.symbol))]));
        }
        let mut amounts: Vec<(i32, &str)> = Vec::new();
        let mut pending = None;
        for (slot, sense) in s.all(Slot::Number, Slot::Unit) {
            match slot {
                Slot::Number => pending = pending.or(Some(sense.number)),
                _ => amounts.push((pending.take().unwrap_or(100), self.symbol(sense.symbol))),
            }
        }
        (!amounts.is_empty()).then(|| length(&amounts))
    }

    /// "Alle vier Jahre", "täglich", "zweimal pro Woche".
    pub(super) fn repeat(&self, s: &Slots) -> Option<String> {
        let unit = self.symbol(s.get(Slot::Unit)?.symbol);
        Some(length(&[(s.number(Slot::Number).unwrap_or(100), unit)]))
    }

    /// A weekday, month, season or part of the day that comes again and again.
    pub(super) fn cycle(&self, s: &Slots) -> Option<String> {
        let part = s.get(Slot::PartOfDay).or(s.get(Slot::WeekdayPart)).map(|p| self.symbol(p.symbol));
        if let Some(weekday) = s.number(Slot::Weekday).or(s.number(Slot::WeekdayPart)) {
            return Some(match part {
                Some(part) => format!("XXXX-WXX-{weekday}T{part}"),
                None => format!("XXXX-WXX-{weekday}"),
            });
        }
        if let (Some(month), Some(day)) = (s.number(Slot::Month), s.number(Slot::Ordinal)) {
            return Some(format!("XXXX-{month:02}-{day:02}"));
        }
        if let Some(month) = s.number(Slot::Month) {
            return Some(format!("XXXX-{month:02}"));
        }
        if let Some(season) = s.get(Slot::Season) {
            return Some(format!("XXXX-{}", self.symbol(season.symbol)));
        }
        if let Some(feast) = s.get(Slot::Feast) {
            let fixed = calendar::fixed(self.symbol(feast.symbol));
            return fixed.map(|(m, d)| format!("XXXX-{m:02}-{d:02}"));
        }
        let time = self.time_of_day(s)?;
        Some(format!("XXXX-XX-XXT{time}"))
    }
}

/// A duration of amounts in hundredths (-1 is unknown) of units, of which those of hours and below begin with T.
fn length(amounts: &[(i32, &str)]) -> String {
    let mut value = "P".to_string();
    let mut time = false;
    for (amount, unit) in amounts {
        let unit = match unit.strip_prefix('T') {
            Some(unit) => {
                if !time {
                    value.push('T');
                }
                time = true;
                unit
            }
            None => unit,
        };
        match amount {
            n if *n < 0 => value.push('X'),
            n if n % 100 == 0 => value.push_str(&(n / 100).to_string()),
            n if n % 10 == 0 => value.push_str(&format!("{}.{}", n / 100, n % 100 / 10)),
            n => value.push_str(&format!("{}.{:02}", n / 100, n % 100)),
        }
        value.push_str(unit);
    }
    value
}
