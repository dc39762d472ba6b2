//! The calendar: ISO weeks, movable feasts and values for calendar units, with X for what is not known.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// A calendar unit that may be known in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit<'a> {
    Century(i32),
    Decade(i32),
    Year(Option<i32>),
    /// A season, quarter or half year by its TIMEX3 name.
    Part(Option<i32>, &'a str),
    Month(Option<i32>, i8),
    /// A week; none if neither year nor number is known.
    Week(Option<(i16, i8)>),
    Weekend(Option<(i16, i8)>),
    /// A weekday in an unknown week.
    Weekday(i8),
    Day(Date),
    /// A day in an unknown year.
    Yearless(i8, i8),
    UnknownDay,
    BeforeChrist(i32),
}

impl Unit<'_> {
    /// The TIMEX3 value; none for years outside of 0 to 9999.
    pub fn value(&self) -> Option<String> {
        let year = |y: Option<i32>| match y {
            Some(y @ 0..=9999) => Some(format!("{y:04}")),
            Some(_) => None,
            None => Some("XXXX".to_string()),
        };
        let week = |week: Option<(i16, i8)>| match week {
            Some((y @ 0..=9999, w)) => Some(format!("{y:04}-W{w:02}")),
            Some(_) => None,
            None => Some("XXXX-WXX".to_string()),
        };
        match *self {
            Unit::Century(c) => (0..=99).contains(&c).then(|| format!("{c:02}")),
            Unit::Decade(d) => (0..=999).contains(&d).then(|| format!("{d:03}")),
            Unit::Year(y) => year(y),
            Unit::Part(y, part) => Some(format!("{}-{part}", year(y)?)),
            Unit::Month(y, m) => Some(format!("{}-{m:02}", year(y)?)),
            Unit::Week(w) => week(w),
            Unit::Weekend(w) => Some(format!("{}-WE", week(w)?)),
            Unit::Weekday(d) => Some(format!("XXXX-WXX-{d}")),
            Unit::Day(d) => (d.year() >= 0).then(|| format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day())),
            Unit::Yearless(m, d) => Some(format!("XXXX-{m:02}-{d:02}")),
            Unit::UnknownDay => Some("XXXX-XX-XX".to_string()),
            Unit::BeforeChrist(y) => (1..=9999).contains(&y).then(|| format!("BC{y:04}")),
        }
    }
}

/// The day of a year, if it exists.
pub(super) fn day(year: i32, month: i8, day: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// The day so many days later.
pub(super) fn plus_days(date: Date, days: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The month so many months later, as year and month.
pub(super) fn plus_months(date: Date, months: i32) -> (i32, i8) {
    let n = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + months;
    (n.div_euclid(12), (n.rem_euclid(12) + 1) as i8)
}

/// The date that lies a duration of one unit before (`sign` -1) or behind a day, as exact as the unit: "vor drei Jahren"
/// is a year, "vor drei Tagen" a day.
pub(super) fn step(from: Date, duration: &str, sign: i32) -> Option<Unit<'static>> {
    let (amount, time) = match duration.strip_prefix("PT") {
        Some(rest) => (rest, true),
        None => (duration.strip_prefix('P')?, false),
    };
    let digits = amount.bytes().take_while(u8::is_ascii_digit).count();
    let (n, unit) = amount.split_at(digits);
    let n = n.parse::<i32>().ok()?.checked_mul(sign)?;
    match (unit, time) {
        ("Y", false) => Some(Unit::Year(Some(i32::from(from.year()).checked_add(n)?))),
        ("DE", false) => Some(Unit::Year(Some(i32::from(from.year()).checked_add(n.checked_mul(10)?)?))),
        ("M", false) if n.abs() < 12_000 => {
            let (year, month) = plus_months(from, n);
            Some(Unit::Month(Some(year), month))
        }
        ("W", false) => plus_days(from, n.checked_mul(7)?).map(Unit::Day),
        ("D", false) => plus_days(from, n).map(Unit::Day),
        ("H", true) if n.abs() % 24 == 0 => plus_days(from, n / 24).map(Unit::Day),
        ("M" | "S", true) if n.abs() <= 60 => Some(Unit::Day(from)),
        _ => None,
    }
}

/// ISO year and week of a day.
pub(super) fn week(date: Date) -> (i16, i8) {
    let week: ISOWeekDate = date.iso_week_date();
    (week.year(), week.week())
}

/// The first day of an ISO week.
pub(super) fn monday(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(|w| w.date())
}

/// Number of the weekday, Monday is 1.
pub(super) fn weekday(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

/// Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher).
pub(super) fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, (n / 31) as i8, (n % 31 + 1) as i8)
}

/// The day of a feast in a year: "12-24", "E-2" (days from Easter), "A+7" (days from the first Sunday in Advent) or
/// "05-S2" (the second Sunday in May).
pub(super) fn feast(rule: &str, year: i32) -> Option<Date> {
    if let Some(offset) = rule.strip_prefix('E') {
        return plus_days(easter(year)?, offset.parse().ok()?);
    }
    if let Some(offset) = rule.strip_prefix('A') {
        let christmas = day(year, 12, 25)?;
        let fourth = plus_days(christmas, -i32::from(weekday(christmas)))?;
        return plus_days(fourth, -21 + offset.parse::<i32>().ok()?);
    }
    let (month, rest) = rule.split_once('-')?;
    let month = month.parse().ok()?;
    match rest.strip_prefix('S') {
        Some(nth) => {
            let first = Date::new(i16::try_from(year).ok()?, month, 1).ok()?;
            first.nth_weekday_of_month(nth.parse().ok()?, Weekday::Sunday).ok()
        }
        None => day(year, month, rest.parse().ok()?),
    }
}

/// Whether a feast has the same date every year.
pub(super) fn fixed(rule: &str) -> Option<(i8, i8)> {
    let (month, day) = rule.split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feasts() {
        let on = |rule, year| feast(rule, year).map(|d| d.to_string());
        assert_eq!(on("E+0", 2025).as_deref(), Some("2025-04-20"));
        assert_eq!(on("E+49", 2024).as_deref(), Some("2024-05-19"));
        assert_eq!(on("E-2", 1996).as_deref(), Some("1996-04-05"));
        assert_eq!(on("A+0", 2024).as_deref(), Some("2024-12-01"));
        assert_eq!(on("A+0", 2022).as_deref(), Some("2022-11-27"));
        assert_eq!(on("05-S2", 2025).as_deref(), Some("2025-05-11"));
        assert_eq!(on("02-29", 2025), None);
        assert!((0..=9999).all(|y| easter(y).is_some_and(|d| weekday(d) == 7)));
    }

    #[test]
    fn weeks_at_the_turn_of_the_year() {
        assert_eq!(week(Date::constant(2021, 1, 3)), (2020, 53));
        assert_eq!(week(Date::constant(2024, 12, 30)), (2025, 1));
        assert_eq!(Unit::Week(Some((2020, 53))).value().as_deref(), Some("2020-W53"));
    }

    #[test]
    fn years_at_the_edges() {
        assert_eq!(Unit::Year(Some(0)).value().as_deref(), Some("0000"));
        assert_eq!(Unit::Year(Some(10_000)).value(), None);
        assert_eq!(plus_days(Date::constant(9999, 12, 31), 1), None);
        assert_eq!(plus_months(Date::constant(2025, 1, 31), -1), (2024, 12));
        assert_eq!(day(2023, 2, 29), None);
    }
}
