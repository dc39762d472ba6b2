//! The grammar of TIMEX3 values: a value in, whether it is well formed out.

use jiff::civil::Date;

/// Whether `value` is a TIMEX3 value as this engine writes them (TimeML 1.2.1 and TIDES 2005, with KRAUTS' units):
///
/// ```text
/// value    = "PAST_REF" | "PRESENT_REF" | "FUTURE_REF" | duration | date | date "T" time
/// date     = "BC" D D D D | century | decade | year [ "-" part ]
/// century  = D D            19 is the twentieth century
/// decade   = D D D          199 is the nineties
/// year     = D D D D        D is a digit or X, for what the text leaves open
/// part     = season | "Q" (1-4|X) | "H" (1-2|X) | "W" week [ "-" (1-7 | "WE") ] | month [ "-" day ]
/// season   = "SP" | "SU" | "FA" | "WI"
/// time     = half | hour [ ":" minute [ ":" second ] ] [ zone ]      hour is two digits up to 24, or XX
/// half     = "MO" | "MI" | "AF" | "EV" | "NI" | "DT"                 parts of the day
/// zone     = "Z" | ("+"|"-") hour [ ":" minute ]
/// duration = "P" { amount unit } [ "T" { amount (hour-unit | half) } ]
/// amount   = number [ "." number ] | "X"
/// unit     = "Y" "M" "W" "D" "Q" "DE" "CE" "L" "WE" or a season; L is a millennium
/// hour-unit = "H" "M" "S"
/// ```
///
/// Days without X exist in the calendar ("2023-02-29" is refused), and so do weeks ("2021-W53" is refused).
pub fn is_value(value: &str) -> bool {
    if !value.is_ascii() {
        return false;
    }
    match value {
        "PAST_REF" | "PRESENT_REF" | "FUTURE_REF" => true,
        _ if value.starts_with('P') => is_duration(&value[1..]),
        _ => match value.split_once('T') {
            Some((date, time)) => date.len() >= 10 && is_date(date) && is_time(time),
            None => is_date(value),
        },
    }
}

const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];
const HALVES: [&str; 6] = ["MO", "MI", "AF", "EV", "NI", "DT"];

/// Whether `s` is two digits within the bounds, or XX.
fn two(s: &str, low: u32, high: u32) -> bool {
    s == "XX" || (s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit()) && in_bounds(s, low, high))
}

fn in_bounds(s: &str, low: u32, high: u32) -> bool {
    s.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
}

fn is_date(s: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    if let Some(bc) = s.strip_prefix("BC") {
        return bc.len() == 4 && digits(bc);
    }
    let Some((year, part)) = s.split_once('-') else {
        return (2..=4).contains(&s.len()) && digits(s);
    };
    if year.len() != 4 || !digits(year) {
        return false;
    }
    if SEASONS.contains(&part) {
        return true;
    }
    if let Some(q) = part.strip_prefix('Q') {
        return q == "X" || (q.len() == 1 && in_bounds(q, 1, 4));
    }
    if let Some(h) = part.strip_prefix('H') {
        return h == "X" || (h.len() == 1 && in_bounds(h, 1, 2));
    }
    if let Some(week) = part.strip_prefix('W') {
        let (week, day) = week.split_once('-').unwrap_or((week, "1"));
        let exists = year.parse().map_or(true, |y: i16| week != "53" || weeks_in(y) == 53);
        return two(week, 1, 53) && exists && (day == "WE" || (day.len() == 1 && in_bounds(day, 1, 7)));
    }
    match part.split_once('-') {
        None => two(part, 1, 12),
        Some((month, day)) => two(month, 1, 12) && two(day, 1, 31) && day_exists(year, month, day),
    }
}

/// Whether the day exists, as far as it is known: 29 February in an unknown year does.
fn day_exists(year: &str, month: &str, day: &str) -> bool {
    let (Ok(month), Ok(day)) = (month.parse(), day.parse()) else { return true };
    Date::new(year.parse().unwrap_or(2000), month, day).is_ok()
}

/// Number of ISO weeks of a year.
pub(super) fn weeks_in(year: i16) -> i8 {
    Date::new(year, 12, 28).map_or(52, |d| d.iso_week_date().week())
}

fn is_time(s: &str) -> bool {
    if HALVES.contains(&s) {
        return true;
    }
    let (clock, zone) = match s.find(['Z', '+', '-']) {
        Some(at) => s.split_at(at),
        None => (s, ""),
    };
    let zone_right = match zone.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', ..] => is_clock(&zone[1..], 2),
        _ => false,
    };
    zone_right && is_clock(clock, 3)
}

fn is_clock(s: &str, most: usize) -> bool {
    let mut parts = s.split(':');
    let hour = parts.next().is_some_and(|h| two(h, 0, 24));
    let (n, rest) = parts.fold((1, true), |(n, right), p| (n + 1, right && two(p, 0, 59)));
    let midnight = !s.starts_with("24") || s[2..].bytes().all(|b| matches!(b, b':' | b'0'));
    hour && rest && n <= most && midnight
}

fn is_duration(s: &str) -> bool {
    let (days, time) = match s.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (s, None),
    };
    let units = |s: &str, allowed: &[&str]| {
        let mut rest = s;
        while !rest.is_empty() {
            let n = if rest.starts_with('X') { 1 } else { amount(rest) };
            let tail = &rest[n..];
            let unit = allowed.iter().filter(|u| tail.starts_with(**u)).map(|u| u.len()).max();
            let (Some(unit), true) = (unit, n > 0) else { return false };
            rest = &tail[unit..];
        }
        true
    };
    (!days.is_empty() || time.is_some_and(|t| !t.is_empty()))
        && units(days, &["Y", "M", "W", "D", "Q", "DE", "CE", "L", "WE", "SP", "SU", "FA", "WI"])
        && time.is_none_or(|t| !t.is_empty() && units(t, &["H", "M", "S", "MO", "MI", "AF", "EV", "NI", "DT"]))
}

/// Length of a number with or without decimals.
fn amount(s: &str) -> usize {
    let whole = s.bytes().take_while(u8::is_ascii_digit).count();
    match s.as_bytes().get(whole) {
        Some(b'.') if whole > 0 => {
            let decimals = s[whole + 1..].bytes().take_while(u8::is_ascii_digit).count();
            if decimals > 0 { whole + 1 + decimals } else { 0 }
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_timex3_allows() {
        for value in [
            "2025-04-08",
            "XXXX-04-08",
            "2025-04",
            "2025-XX",
            "2025",
            "XXXX",
            "0000",
            "199",
            "19",
            "BC0044",
            "2024-02-29",
            "XXXX-02-29",
            "2020-W53",
            "2020-W53-WE",
            "XXXX-WXX-2",
            "2025-Q1",
            "2025-H2",
            "2025-SU",
            "XXXX-XX-XXT20:00",
            "2025-04-08T20:30",
            "2025-04-08TEV",
            "2025-04-08T24:00",
            "2025-04-08T20:30Z",
            "2025-04-08T20:30+02:00",
            "XXXX-WXX-4TMO",
            "PXY",
            "P3Y4M",
            "P1.5Y",
            "PT0.5H",
            "PT48H",
            "P1DT12H",
            "P2DE",
            "PXL",
            "P1WE",
            "PT1NI",
            "P1SU",
            "PRESENT_REF",
        ] {
            assert!(is_value(value), "{value}");
        }
    }

    #[test]
    fn refuses_what_it_does_not() {
        for value in [
            "",
            "2025-13",
            "2025-02-29",
            "1900-02-29",
            "2025-04-31",
            "2021-W53",
            "2025-W00",
            "2025-W54",
            "2025-W01-8",
            "10000",
            "2025-4-8",
            "2025-04-08T25:00",
            "2025-04-08T24:30",
            "2025-04-08T8:30",
            "P",
            "PT",
            "PY",
            "P1",
            "P1.Y",
            "P3H",
            "2025T10",
            "2025-Q5",
            "heute",
            "P1YT",
            "2025-04-08T20:30+2",
            "-001",
            "XXXX-00-01",
        ] {
            assert!(!is_value(value), "{value}");
        }
    }
}
