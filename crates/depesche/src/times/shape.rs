//! Numbers in running text: bytes in, the shapes that dates and times of day are written in out ("8.4.2025",
//! "20.30", "17.", "1980er", "12.500"). The splitter's tokens are not used, since calendars need finer parts.

/// What a run of digits and signs can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A day in digits; the year may be missing.
    Date { year: Option<i32>, month: i8, day: i8 },
    /// A day and a time of day after ISO 8601, seconds and time zone dropped.
    DateTime { year: i32, month: i8, day: i8, hour: i8, minute: i8 },
    /// Month and year in digits ("4/2025").
    Month { year: i32, month: i8 },
    /// A time of day; `dotted` if it could also be a decimal number or a day ("20.30").
    Clock { hour: i8, minute: i8, dotted: bool },
    /// A number with a full stop ("17.").
    Ordinal(i32),
    /// A decade in digits ("1980er", "90er").
    Decade(i32),
    /// Four digits; also a number.
    Year(i32),
    /// Two years with a slash ("1998/99"), of which this is the first.
    Years(i32),
    /// Any other number, in hundredths.
    Number(i32),
    /// Digits that mean no quantity (part numbers, telephone numbers, too large).
    Other,
}

/// Whether a letter begins with this byte; of those outside of ASCII, letters of European alphabets.
pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || (0xC3..=0xDF).contains(&byte)
}

/// Digits at the start of `s`: how many and their value (saturated).
fn digits(s: &[u8]) -> (usize, i64) {
    let n = s.iter().take_while(|b| b.is_ascii_digit()).count();
    (n, s[..n].iter().fold(0i64, |v, b| (v * 10 + i64::from(b - b'0')).min(1 << 40)))
}

fn day_of(month: i64, day: i64) -> Option<(i8, i8)> {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=longest).contains(&day).then_some((month as i8, day as i8))
}

fn ends_number(rest: &[u8]) -> bool {
    match rest {
        [] => true,
        [b'.' | b',' | b':', next, ..] => !next.is_ascii_digit(),
        [b, ..] => !b.is_ascii_alphanumeric(),
    }
}

/// Reads the shape at the start of `s`, which begins with a digit; gives its length in bytes too.
pub(super) fn scan(s: &[u8]) -> (usize, Shape) {
    let (n, value) = digits(s);
    let rest = &s[n..];
    let shape = match rest {
        [b'-', ..] if n == 4 => iso(s, value as i32),
        [b'.', next, ..] if n <= 2 && next.is_ascii_digit() => dotted(s, n, value),
        [b'.', b' ', next, ..] if n <= 2 && next.is_ascii_digit() => spaced_date(s, n, value),
        [b':', next, ..] if n <= 2 && next.is_ascii_digit() => clock(s, n, value, b':'),
        [b'/', next, ..] if next.is_ascii_digit() => slashed(s, n, value),
        _ => None,
    };
    if let Some(found) = shape {
        return found;
    }
    if let Some(found) = decade(s, n, value) {
        return found;
    }
    let grouped = grouped(s, n, value);
    if let Some(found) = grouped {
        return found;
    }
    match rest {
        [b'.', ..] if n <= 2 && ends_number(rest) => (n + 1, Shape::Ordinal(value as i32)),
        // Letters glued to digits ("5G", "20jährig") make no number; the word is left to be read as a whole.
        [b, ..] if is_letter(*b) => (n, Shape::Other),
        _ if n == 4 && s[0] != b'0' && ends_number(rest) => (n, Shape::Year(value as i32)),
        _ if ends_number(rest) || matches!(rest, [b',', ..]) => (n, number(value * 100)),
        _ => {
            let run = s.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b',')).count();
            (run.max(n), Shape::Other)
        }
    }
}

fn number(hundredths: i64) -> Shape {
    i32::try_from(hundredths).map_or(Shape::Other, Shape::Number)
}

/// "2025-04-08" and "2025-04-08T20:30:00+02:00".
fn iso(s: &[u8], year: i32) -> Option<(usize, Shape)> {
    let (n, month) = digits(s.get(5..)?);
    let after = s.get(5 + n..)?;
    if n != 2 || after.first() != Some(&b'-') {
        return None;
    }
    let (n, day) = digits(&after[1..]);
    let (month, day) = day_of(month, day).filter(|_| n == 2)?;
    let rest = s.get(10..)?;
    if let [b'T', time @ ..] = rest {
        let n = time.iter().take_while(|b| b.is_ascii_digit() || **b == b':').count();
        let bare = &time[..n];
        if let Some((len, Shape::Clock { hour, minute, .. })) = clock(bare, digits(bare).0, digits(bare).1, b':') {
            let zone = zone(&time[len..]);
            return Some((11 + len + zone, Shape::DateTime { year, month, day, hour, minute }));
        }
    }
    ends_number(rest).then_some((10, Shape::Date { year: Some(year), month, day }))
}

/// Length of fractions of a second and a time zone.
fn zone(s: &[u8]) -> usize {
    let fraction = match s {
        [b'.', b, ..] if b.is_ascii_digit() => 1 + digits(&s[1..]).0,
        _ => 0,
    };
    match &s[fraction..] {
        [b'Z', ..] => fraction + 1,
        [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|b| b.is_ascii_digit()) => fraction + 6,
        [b'+' | b'-', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => fraction + 3,
        _ => fraction,
    }
}

/// "8.4.2025", "8.4.", "8.4.25", "20.30" and "3.5".
fn dotted(s: &[u8], n: usize, first: i64) -> Option<(usize, Shape)> {
    let (m, second) = digits(&s[n + 1..]);
    if m > 2 {
        return None;
    }
    let end = n + 1 + m;
    let date = day_of(second, first);
    if s.get(end) == Some(&b'.') {
        let (y, year) = digits(&s[end + 1..]);
        let (month, day) = date?;
        return match y {
            4 => Some((end + 5, Shape::Date { year: Some(year as i32), month, day })),
            2 => Some((end + 3, Shape::Date { year: Some(short_year(year as i32)), month, day })),
            0 => Some((end + 1, Shape::Date { year: None, month, day })),
            _ => None,
        };
    }
    clock(s, n, first, b'.')
}

/// "8. 4. 2025".
fn spaced_date(s: &[u8], n: usize, first: i64) -> Option<(usize, Shape)> {
    let (m, second) = digits(&s[n + 2..]);
    let end = n + 2 + m;
    let (month, day) = day_of(second, first).filter(|_| m <= 2)?;
    let [b'.', rest @ ..] = s.get(end..)? else { return None };
    let blank = usize::from(rest.first() == Some(&b' '));
    let (y, year) = digits(&rest[blank..]);
    (y == 4).then_some((end + 1 + blank + 4, Shape::Date { year: Some(year as i32), month, day }))
}

/// The century of a year in two digits: the last one that lies at most ten years ahead of this program.
fn short_year(year: i32) -> i32 {
    if year > 35 { 1900 + year } else { 2000 + year }
}

fn clock(s: &[u8], n: usize, hour: i64, sign: u8) -> Option<(usize, Shape)> {
    if n == 0 || n > 2 || s.get(n) != Some(&sign) {
        return None;
    }
    let (m, minute) = digits(&s[n + 1..]);
    let end = n + 1 + m;
    let right = m == 2 && minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
    let seconds = match s.get(end..) {
        Some([b':', a, b, ..]) if sign == b':' && a.is_ascii_digit() && b.is_ascii_digit() => 3,
        _ => 0,
    };
    let shape = Shape::Clock { hour: hour as i8, minute: minute as i8, dotted: sign == b'.' };
    (right && ends_number(&s[end + seconds..])).then_some((end + seconds, shape))
}

/// "1998/99", "1998/1999", "4/2025".
fn slashed(s: &[u8], n: usize, first: i64) -> Option<(usize, Shape)> {
    let (m, second) = digits(&s[n + 1..]);
    let end = n + 1 + m;
    if !ends_number(&s[end..]) {
        return None;
    }
    match (n, m) {
        (4, 2) if (first + 1) % 100 == second => Some((end, Shape::Years(first as i32))),
        (4, 4) if first + 1 == second => Some((end, Shape::Years(first as i32))),
        (1 | 2, 4) if (1..=12).contains(&first) && (1900..2100).contains(&second) => {
            Some((end, Shape::Month { year: second as i32, month: first as i8 }))
        }
        _ => None,
    }
}

/// "1980er", "90-er".
fn decade(s: &[u8], n: usize, value: i64) -> Option<(usize, Shape)> {
    let n = if s[n..].starts_with(b"-er") { n + 1 } else { n };
    let letters = s[n..].starts_with(b"er");
    let ends = s.get(n + 2).is_none_or(|b| !b.is_ascii_digit() && !is_letter(*b));
    let decade = value % 10 == 0 && (value < 100 || (1000..10_000).contains(&value));
    (letters && ends && decade).then_some((n + 2, Shape::Decade(value as i32)))
}

/// Numbers with groups of three ("12.500") or decimals ("3,5").
fn grouped(s: &[u8], n: usize, value: i64) -> Option<(usize, Shape)> {
    let (mut end, mut value) = (n, value);
    while n <= 3 && matches!(s.get(end), Some(b'.')) {
        let (m, group) = digits(&s[end + 1..]);
        if m != 3 {
            break;
        }
        value = (value * 1000 + group).min(1 << 40);
        end += 4;
    }
    if let Some(b',') = s.get(end) {
        let (m, decimals) = digits(&s[end + 1..]);
        if (1..=2).contains(&m) && ends_number(&s[end + 1 + m..]) {
            let hundredths = if m == 1 { decimals * 10 } else { decimals };
            return Some((end + 1 + m, number(value * 100 + hundredths)));
        }
    }
    (end > n && ends_number(&s[end..])).then(|| (end, number(value * 100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(s: &str) -> (usize, Shape) {
        scan(s.as_bytes())
    }

    #[test]
    fn days_in_digits() {
        let day = Shape::Date { year: Some(2025), month: 4, day: 8 };
        assert_eq!(shape("8.4.2025"), (8, day));
        assert_eq!(shape("08.04.25, abends"), (8, day));
        assert_eq!(shape("8. 4. 2025"), (10, day));
        assert_eq!(shape("2025-04-08."), (10, day));
        assert_eq!(shape("8.4. "), (4, Shape::Date { year: None, month: 4, day: 8 }));
        assert_eq!(shape("30.2.2024").1, Shape::Other);
        assert_eq!(shape("4/2025"), (6, Shape::Month { year: 2025, month: 4 }));
    }

    #[test]
    fn times_of_day() {
        assert_eq!(shape("20.30 Uhr"), (5, Shape::Clock { hour: 20, minute: 30, dotted: true }));
        assert_eq!(shape("9:05."), (4, Shape::Clock { hour: 9, minute: 5, dotted: false }));
        assert_eq!(shape("24:30").1, Shape::Other);
        let moment = Shape::DateTime { year: 2024, month: 2, day: 29, hour: 23, minute: 59 };
        assert_eq!(shape("2024-02-29T23:59:30+01:00."), (25, moment));
        assert_eq!(shape("2024-02-29T23:59Z"), (17, moment));
    }

    #[test]
    fn numbers_and_years() {
        assert_eq!(shape("17. Juli"), (3, Shape::Ordinal(17)));
        assert_eq!(shape("1997)"), (4, Shape::Year(1997)));
        assert_eq!(shape("1998/99"), (7, Shape::Years(1998)));
        assert_eq!(shape("1980er Jahre"), (6, Shape::Decade(1980)));
        assert_eq!(shape("90-er Jahre"), (5, Shape::Decade(90)));
        assert_eq!(shape("12.500 Menschen"), (6, Shape::Number(1_250_000)));
        assert_eq!(shape("3,5 Stunden"), (3, Shape::Number(350)));
        assert_eq!(shape("20-jährige"), (2, Shape::Number(2000)));
        assert_eq!(shape("5G").1, Shape::Other);
        assert_eq!(shape("99999999999999999999").1, Shape::Other);
    }
}
