//! Resolution: the parts of an expression in, its TIMEX3 value out, anchored to the document's date, to the date
//! mentioned last, or to nothing; what stays unknown stays X.

use super::calendar::{self, Unit};
use super::rules::{Normal, Rule};
use super::slots::{Slot, Slots};
use super::tense::Direction;
use super::words::Words;
use crate::record::TimeType;
use jiff::civil::Date;

/// How many bytes a mentioned date stays the anchor of expressions that name no year, or no day.
const NARRATIVE_REACH: u32 = 500;
/// How many bytes a mentioned day stays the day of times of day.
const DAY_REACH: u32 = 300;

/// What kind of text it is: whether "heute" and "am Abend" belong to the day of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Genre {
    /// News of the day.
    Daily,
    /// A short text, in which they do if something is told.
    Report,
    /// A long text, in which "heute" is the present at large.
    Essay,
}

/// Weekdays are counted from a day that lies at most so many days from that of publication.
const DAYS_OF_NEWS: i32 = 31;

/// A date that the text has mentioned.
#[derive(Debug, Clone, Copy, Default)]
struct Mention {
    year: Option<i32>,
    month: Option<i8>,
    date: Option<Date>,
    week: Option<(i16, i8)>,
    /// Whether the text states the year.
    explicit: bool,
    at: u32,
}

impl Mention {
    /// A day that stands for the date when it is counted on from.
    fn day(&self) -> Option<Date> {
        self.date.or_else(|| calendar::day(self.year?, self.month.unwrap_or(1), 1))
    }
}

/// What the document and the text so far say about time.
#[derive(Debug)]
pub(super) struct Anchor<'w> {
    words: &'w Words,
    doc: Option<Date>,
    genre: Genre,
    last: Option<Mention>,
    day: Option<(Date, u32)>,
}

/// Where an expression stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub at: u32,
    /// First byte of the sentence.
    pub sentence: u32,
    pub direction: Direction,
}

impl<'w> Anchor<'w> {
    pub fn new(words: &'w Words, doc: Option<Date>, genre: Genre) -> Self {
        Anchor { words, doc, genre, last: None, day: None }
    }

    /// The value of an expression.
    pub fn value(&mut self, rule: &Rule, s: &Slots, place: Place) -> Option<String> {
        match rule.normal {
            Normal::Nothing => None,
            Normal::Constant => Some(rule.constant.to_string()),
            Normal::Calendar => {
                let unit = self.calendar(s, place)?;
                let told = self.told_year(place);
                self.mention(unit, stated(s), place);
                // A date in the year of the story carries the story on.
                if let Some(last) = self.last.as_mut().filter(|m| told.is_some() && m.year == told) {
                    last.explicit = true;
                }
                unit.value()
            }
            Normal::Shift => {
                let unit = self.shift(self.doc, s)?;
                self.mention(unit, false, place);
                unit.value()
            }
            Normal::ShiftLast => {
                let unit = match s.number(Slot::Ordinal) {
                    Some(nth) => self.nth(nth, s)?,
                    None => self.shift(self.told_day(s, place).or(self.doc), s)?,
                };
                self.mention(unit, false, place);
                unit.value()
            }
            Normal::Day => self.day(s, place, rule.kind),
            // What a report tells of today has happened on one day.
            Normal::Today
                if self.genre == Genre::Daily
                    || (self.genre == Genre::Report && place.direction == Direction::Past) =>
            {
                self.day(s, place, rule.kind)
            }
            Normal::Today => {
                self.last = None;
                Some("PRESENT_REF".to_string())
            }
            Normal::Clock => self.clock(s, place),
            Normal::Duration => self.duration(s),
            Normal::Span => {
                let (a, b) = (s.all(Slot::Year, Slot::Year).next()?.1, s.all(Slot::Year, Slot::Year).nth(1)?.1);
                (a.number < b.number).then(|| format!("P{}Y", b.number - a.number))
            }
            Normal::Repeat => self.repeat(s),
            Normal::Cycle => self.cycle(s),
            Normal::Reference => {
                let value = self.symbol(s.get(Slot::Reference)?.symbol);
                if value == "PRESENT_REF" {
                    self.last = None;
                }
                Some(value.to_string())
            }
        }
    }

    pub(super) fn symbol(&self, symbol: u16) -> &'w str {
        self.words.symbol_name(symbol)
    }

    fn recent(&self, place: Place) -> Option<Mention> {
        self.last.filter(|m| place.at.saturating_sub(m.at) <= NARRATIVE_REACH)
    }

    /// Remembers a mentioned date.
    fn mention(&mut self, unit: Unit<'_>, explicit: bool, place: Place) {
        let mut mention = Mention { explicit, at: place.at, ..Mention::default() };
        match unit {
            Unit::Day(d) => {
                mention.date = Some(d);
                (mention.year, mention.month) = (Some(i32::from(d.year())), Some(d.month()));
                mention.week = Some(calendar::week(d));
                self.day = Some((d, place.at));
            }
            Unit::Month(Some(y), m) => (mention.year, mention.month) = (Some(y), Some(m)),
            Unit::Part(Some(y), _) | Unit::Year(Some(y)) => mention.year = Some(y),
            Unit::Week(Some((y, w))) | Unit::Weekend(Some((y, w))) => {
                mention.date = calendar::monday(y, w);
                (mention.year, mention.week) = (Some(i32::from(y)), Some((y, w)));
            }
            _ => return,
        }
        self.last = Some(mention);
    }

    /// The calendar unit that the parts describe.
    fn calendar(&self, s: &Slots, place: Place) -> Option<Unit<'w>> {
        if let Some(date) = s.number(Slot::FullDate).or(s.number(Slot::Moment)) {
            return date_of(date).map(Unit::Day);
        }
        if let Some(n) = s.number(Slot::MonthYear) {
            return Some(Unit::Month(Some(n / 100), (n % 100) as i8));
        }
        if let Some(n) = s.number(Slot::YearlessDate) {
            return self.month_day((n / 100) as i8, (n % 100) as i8, self.year(s), place);
        }
        let year = self.year(s);
        if let Some(decade) = s.number(Slot::Decade) {
            return Some(Unit::Decade(if decade >= 100 { decade / 10 } else { 190 + decade / 10 }));
        }
        let step = s.number(Slot::Step);
        let (month, ordinal) = (s.number(Slot::Month).map(|m| m as i8), s.number(Slot::Ordinal));
        match (month, ordinal) {
            (Some(month), Some(day)) => return self.month_day(month, day as i8, year, place),
            (Some(month), None) => {
                return Some(Unit::Month(year.or_else(|| self.month_year(month, step, place)), month));
            }
            _ => {}
        }
        if let Some(period) = s.get(Slot::Period) {
            return self.period(self.symbol(period.symbol), s, year, place);
        }
        if let Some(feast) = s.get(Slot::Feast) {
            return self.feast(self.symbol(feast.symbol), year, step, place);
        }
        if let Some(season) = s.get(Slot::Season) {
            let season = self.symbol(season.symbol);
            return Some(Unit::Part(year.or_else(|| self.season_year(season, step, place)), season));
        }
        if let Some(weekday) = s.number(Slot::Weekday).or(s.number(Slot::WeekdayPart)) {
            return Some(self.weekday(weekday as i8, step, place));
        }
        if let Some(day) = ordinal {
            return self.day_of_month(day as i8, place);
        }
        if s.get(Slot::Unit).is_some_and(|u| self.symbol(u.symbol) == "WE") {
            return self.weekend(place.direction);
        }
        let stated = s.number(Slot::Year);
        match stated {
            Some(y) if s.get(Slot::BeforeChrist).is_some_and(|e| self.symbol(e.symbol) == "BC") => {
                Some(Unit::BeforeChrist(y))
            }
            Some(y) => Some(Unit::Year(Some(y))),
            // A year in figures that are not four ("im Jahr 578").
            None => match s.number(Slot::Number) {
                Some(n) if n >= 0 && s.get(Slot::BeforeChrist).is_some_and(|e| self.symbol(e.symbol) == "BC") => {
                    Some(Unit::BeforeChrist(n / 100))
                }
                Some(n) if (0..1_000_000).contains(&n) => Some(Unit::Year(Some(n / 100))),
                Some(_) => None,
                None => Some(Unit::Year(year)),
            },
        }
    }

    /// The year that the expression names itself ("1996", "nächsten Jahres").
    fn year(&self, s: &Slots) -> Option<i32> {
        s.number(Slot::Year).or_else(|| {
            let of_year = s.get(Slot::Unit).is_some_and(|u| self.symbol(u.symbol) == "Y");
            let step = s.number(Slot::Step).filter(|_| of_year)?;
            Some(i32::from(self.doc?.year()) + step)
        })
    }

    fn doc_year(&self) -> Option<i32> {
        self.doc.map(|d| i32::from(d.year()))
    }

    /// The year of a narrative: one that the text has just stated.
    fn told_year(&self, place: Place) -> Option<i32> {
        self.recent(place).filter(|m| m.explicit).and_then(|m| m.year).filter(|&y| Some(y) != self.doc_year())
    }

    /// The date mentioned last, as a day to count from; days are counted from days only.
    fn told_day(&self, s: &Slots, place: Place) -> Option<Date> {
        let mention = self.recent(place)?;
        let exact = s.get(Slot::Unit).is_some_and(|u| matches!(self.symbol(u.symbol), "D" | "W"));
        if exact { mention.date } else { mention.day() }
    }

    fn month_day(&self, month: i8, day: i8, year: Option<i32>, place: Place) -> Option<Unit<'w>> {
        if let Some(year) = year.or_else(|| self.told_year(place)) {
            return calendar::day(year, month, day).map(Unit::Day);
        }
        Date::new(2000, month, day).ok()?;
        let Some(doc) = self.doc else { return Some(Unit::Yearless(month, day)) };
        // The nearest such day; the wrong direction makes a day three times as far.
        let distance = |date: &Date| {
            let days = (*date - doc).get_days();
            let wrong = match place.direction {
                Direction::Past => days > 0,
                Direction::Future => days < 0,
                Direction::Open => false,
            };
            days.abs() * if wrong { 3 } else { 1 }
        };
        let year = i32::from(doc.year());
        let near = (-1..=1).filter_map(|n| calendar::day(year + n, month, day)).min_by_key(distance);
        // 29 February may lie years away.
        near.or_else(|| (-8..=8).filter_map(|n| calendar::day(year + n, month, day)).min_by_key(distance))
            .map(Unit::Day)
    }

    fn month_year(&self, month: i8, step: Option<i32>, place: Place) -> Option<i32> {
        if step.is_none()
            && let Some(year) = self.told_year(place)
        {
            return Some(year);
        }
        let doc = self.doc?;
        let year = i32::from(doc.year());
        let ahead = month - doc.month();
        Some(match (step, place.direction) {
            (Some(n), _) if n < 0 => {
                if ahead < 0 {
                    year
                } else {
                    year - 1
                }
            }
            (Some(n), _) if n > 0 => {
                if ahead > 0 {
                    year
                } else {
                    year + 1
                }
            }
            (Some(_), _) => year,
            (None, Direction::Past) if ahead > 0 => year - 1,
            (None, Direction::Future) if ahead < -1 => year + 1,
            (None, Direction::Open) if ahead > 6 => year - 1,
            (None, Direction::Open) if ahead < -8 => year + 1,
            _ => year,
        })
    }

    fn season_year(&self, season: &str, step: Option<i32>, place: Place) -> Option<i32> {
        if step.is_none()
            && let Some(year) = self.told_year(place)
        {
            return Some(year);
        }
        let doc = self.doc?;
        let year = i32::from(doc.year());
        let begins = match season {
            "SP" => 3,
            "SU" => 6,
            "FA" => 9,
            _ => 12,
        };
        // December to February is the winter of the year in which it begins.
        let month = if doc.month() < 3 { doc.month() + 12 } else { doc.month() };
        let year = if doc.month() < 3 { year - 1 } else { year };
        let begun = begins <= month;
        Some(match step {
            Some(n) if n < 0 => {
                if begun && month - begins >= 3 {
                    year
                } else {
                    year - 1
                }
            }
            Some(n) if n > 0 => {
                if begun {
                    year + 1
                } else {
                    year
                }
            }
            Some(_) => year,
            None => match place.direction {
                Direction::Past if !begun => year - 1,
                Direction::Future if month - begins >= 3 => year + 1,
                _ => year,
            },
        })
    }

    fn period(&self, period: &'w str, s: &Slots, year: Option<i32>, place: Place) -> Option<Unit<'w>> {
        let nth = s.number(Slot::Ordinal).or_else(|| s.number(Slot::Number).map(|n| n / 100));
        let step = s.number(Slot::Step);
        match period {
            "CE" => match (nth, step) {
                (Some(n), _) => Some(Unit::Century(n - 1)),
                (None, Some(n)) => Some(Unit::Century(self.doc_year()? / 100 + n)),
                _ => None,
            },
            "DE" => Some(Unit::Decade(self.doc_year()? / 10 + step?)),
            // A quarter or half year by its number, or counted from the document's.
            "Q" | "H" => {
                let months = if period == "Q" { 3 } else { 6 };
                let names = if period == "Q" { ["Q1", "Q2", "Q3", "Q4"] } else { ["H1", "H2", "HX", "HX"] };
                let name = |n: i32| names.get(usize::try_from(n).ok()?).copied().filter(|n| *n != "HX");
                match nth {
                    Some(n) => {
                        let told = || self.told_year(place).or(self.doc_year());
                        Some(Unit::Part(year.or_else(told), name(n - 1)?))
                    }
                    None => {
                        let Some(doc) = self.doc else {
                            return Some(Unit::Part(None, if months == 3 { "QX" } else { "HX" }));
                        };
                        let (y, m) = calendar::plus_months(doc, step? * months);
                        Some(Unit::Part(Some(y), name((i32::from(m) - 1) / months)?))
                    }
                }
            }
            _ => None,
        }
    }

    fn feast(&self, rule: &str, year: Option<i32>, step: Option<i32>, place: Place) -> Option<Unit<'w>> {
        let told = || self.told_year(place).filter(|_| step.is_none());
        if let Some(year) = year.or_else(told) {
            return calendar::feast(rule, year).map(Unit::Day);
        }
        let Some(doc) = self.doc else {
            return Some(calendar::fixed(rule).map_or(Unit::UnknownDay, |(m, d)| Unit::Yearless(m, d)));
        };
        let year = i32::from(doc.year());
        let near = (-1..=1).filter_map(|n| calendar::feast(rule, year + n));
        let direction = match step {
            Some(n) if n < 0 => Direction::Past,
            Some(n) if n > 0 => Direction::Future,
            _ => place.direction,
        };
        let distance = |date: &Date| {
            let days = (*date - doc).get_days();
            match direction {
                Direction::Past if days > 0 => days.abs() * 3,
                Direction::Future if days < 0 => days.abs() * 3,
                _ => days.abs(),
            }
        };
        near.min_by_key(distance).map(Unit::Day)
    }

    fn weekday(&self, weekday: i8, step: Option<i32>, place: Place) -> Unit<'w> {
        let Some(doc) = self.doc else { return Unit::Weekday(weekday) };
        let ahead = i32::from(weekday - calendar::weekday(doc)).rem_euclid(7);
        let back = ahead - if ahead == 0 { 0 } else { 7 };
        let days = match (step, place.direction) {
            (Some(n), _) if n < 0 => {
                if back == 0 {
                    -7
                } else {
                    back
                }
            }
            (Some(n), _) if n > 0 => {
                if ahead == 0 {
                    7
                } else {
                    ahead
                }
            }
            (Some(_), Direction::Past) => back,
            (Some(_), _) => ahead,
            (None, Direction::Future) => ahead,
            (None, Direction::Past) => back,
            (None, Direction::Open) => match self.day_of_story(doc, place) {
                Some(day) => {
                    let ahead = i32::from(weekday - calendar::weekday(day)).rem_euclid(7);
                    let days = if ahead > 3 { ahead - 7 } else { ahead };
                    return calendar::plus_days(day, days).map_or(Unit::Weekday(weekday), Unit::Day);
                }
                None => back,
            },
        };
        calendar::plus_days(doc, days).map_or(Unit::Weekday(weekday), Unit::Day)
    }

    /// The day mentioned last, if it is near in the text and near the document's date.
    fn day_of_story(&self, doc: Date, place: Place) -> Option<Date> {
        let (day, at) = self.day?;
        let near = place.at.saturating_sub(at) <= NARRATIVE_REACH && (day - doc).get_days().abs() <= DAYS_OF_NEWS;
        near.then_some(day)
    }

    /// "Am Wochenende".
    fn weekend(&self, direction: Direction) -> Option<Unit<'w>> {
        let Some(doc) = self.doc else { return Some(Unit::Weekend(None)) };
        // On Saturday and Sunday it is the one that is on.
        let past = direction != Direction::Future && calendar::weekday(doc) < 6;
        calendar::plus_days(doc, if past { -7 } else { 0 }).map(|d| Unit::Weekend(Some(calendar::week(d))))
    }

    /// "Am 17.": of the month that was mentioned last or of the document's.
    fn day_of_month(&self, day: i8, place: Place) -> Option<Unit<'w>> {
        let told = self.recent(place).and_then(|m| Some((m.year?, m.month?)));
        let own = self.doc.map(|d| (i32::from(d.year()), d.month()));
        match told.or(own) {
            Some((year, month)) => calendar::day(year, month, day).map(Unit::Day),
            None => Some(Unit::UnknownDay),
        }
    }

    /// So many units from an anchor.
    fn shift(&self, anchor: Option<Date>, s: &Slots) -> Option<Unit<'w>> {
        let step = s.number(Slot::Step).unwrap_or(0);
        let times = s.number(Slot::Number).map_or(1, |n| n / 100);
        let n = step.checked_mul(times)?;
        let unit = self.symbol(s.get(Slot::Unit)?.symbol);
        let days = |days: i32| anchor.map(|a| calendar::plus_days(a, days));
        let week = |unit: fn(Option<(i16, i8)>) -> Unit<'w>| match days(n.checked_mul(7)?) {
            Some(day) => day.map(|d| unit(Some(calendar::week(d)))),
            None => Some(unit(None)),
        };
        match unit {
            "Y" => Some(Unit::Year(anchor.map(|a| i32::from(a.year()) + n))),
            "M" => match anchor {
                Some(a) => {
                    let (year, month) = calendar::plus_months(a, n);
                    Some(Unit::Month(Some(year), month))
                }
                None => Some(Unit::Year(None)),
            },
            "W" => week(Unit::Week),
            "WE" => week(Unit::Weekend),
            "D" => match days(n) {
                Some(day) => day.map(Unit::Day),
                None => Some(Unit::UnknownDay),
            },
            "DE" => Some(Unit::Decade(i32::from(anchor?.year()) / 10 + n)),
            "CE" => Some(Unit::Century(i32::from(anchor?.year()) / 100 + n)),
            _ => None,
        }
    }

    /// "In der dritten Woche": counted from the day mentioned last.
    fn nth(&self, nth: i32, s: &Slots) -> Option<Unit<'w>> {
        let day = self.day.and_then(|(day, _)| calendar::plus_days(day, (nth - 1).checked_mul(7)?));
        (self.symbol(s.get(Slot::Unit)?.symbol) == "W").then(|| Unit::Week(day.map(calendar::week)))
    }

    /// The day on which a time of day lies.
    fn day_named(&self, s: &Slots, place: Place) -> Option<Unit<'w>> {
        if let Some(n) = s.number(Slot::Day) {
            return match self.doc {
                Some(doc) => calendar::plus_days(doc, n).map(Unit::Day),
                None => Some(Unit::UnknownDay),
            };
        }
        let parts = [Slot::FullDate, Slot::Moment, Slot::YearlessDate, Slot::Ordinal, Slot::Weekday, Slot::WeekdayPart];
        if parts.iter().any(|&p| s.get(p).is_some()) {
            return self.calendar(s, place);
        }
        if let Some(n) = s.number(Slot::DayAfterLast) {
            let last = self.recent(place).and_then(|m| m.date).or(self.doc);
            return Some(last.and_then(|d| calendar::plus_days(d, n)).map_or(Unit::UnknownDay, Unit::Day));
        }
        // Sentences without a verb are lists of dates: there each entry stands for itself.
        let listed = place.direction == Direction::Open && s.get(Slot::PartOfDay).is_none();
        let near = |at: u32| if listed { at >= place.sentence } else { place.at.saturating_sub(at) <= DAY_REACH };
        let told = self.day.filter(|(_, at)| near(*at)).map(|(d, _)| d);
        // Without a day, only reports speak of that of publication.
        Some(told.or(self.doc.filter(|_| self.genre != Genre::Essay)).map_or(Unit::UnknownDay, Unit::Day))
    }

    fn day(&mut self, s: &Slots, place: Place, kind: TimeType) -> Option<String> {
        let unit = self.day_named(s, place)?;
        self.mention(unit, false, place);
        match self.time_of_day(s).filter(|_| kind == TimeType::Time) {
            Some(time) => Some(format!("{}T{time}", unit.value()?)),
            None => unit.value(),
        }
    }

    fn clock(&mut self, s: &Slots, place: Place) -> Option<String> {
        let unit = self.day_named(s, place)?;
        self.mention(unit, false, place);
        Some(format!("{}T{}", unit.value()?, self.time_of_day(s)?))
    }

    /// "20:30" or "EV".
    pub(super) fn time_of_day(&self, s: &Slots) -> Option<String> {
        let (hour, minute) = if let Some(moment) = s.get(Slot::Moment) {
            (i32::from(moment.symbol) / 100, i32::from(moment.symbol) % 100)
        } else if let Some(clock) = s.number(Slot::Clock).filter(|_| s.get(Slot::Half).is_none()) {
            (clock / 100, clock % 100)
        } else if let Some(part) =
            s.get(Slot::PartOfDay).or(s.get(Slot::WeekdayPart)).filter(|_| s.get(Slot::Number).is_none())
        {
            return Some(self.symbol(part.symbol).to_string());
        } else {
            let mut numbers = s.all(Slot::Number, Slot::Number).map(|(_, n)| n.number);
            let hour = numbers.next()?;
            if hour < 0 || hour % 100 != 0 {
                return None;
            }
            match s.number(Slot::Half) {
                // "halb neun", "Viertel nach acht": minutes from the hour.
                Some(minutes) => {
                    let total = (hour / 100 * 60 + minutes).rem_euclid(24 * 60);
                    (total / 60, total % 60)
                }
                None => (hour / 100, numbers.next().map_or(0, |m| m / 100)),
            }
        };
        let part = s.get(Slot::PartOfDay).map(|p| self.symbol(p.symbol));
        let hour = if matches!(part, Some("EV" | "AF")) && (1..12).contains(&hour) { hour + 12 } else { hour };
        let right = (0..60).contains(&minute) && ((0..24).contains(&hour) || (hour == 24 && minute == 0));
        right.then(|| format!("{hour:02}:{minute:02}"))
    }
}

fn date_of(packed: i32) -> Option<Date> {
    calendar::day(packed / 10_000, (packed / 100 % 100) as i8, (packed % 100) as i8)
}

/// Whether the expression states its year.
fn stated(s: &Slots) -> bool {
    [Slot::Year, Slot::FullDate, Slot::Moment, Slot::MonthYear].iter().any(|&slot| s.get(slot).is_some())
}
