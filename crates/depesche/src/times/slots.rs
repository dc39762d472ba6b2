//! The parts of a time expression: a match in, what its words say about year, month, number and so on out.

use super::matching::{Atoms, Match};
use super::rules::{Rules, Variant};
use super::words::{Sense, Words};

/// What the words of a class contribute to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Number,
    Unit,
    Ordinal,
    Month,
    Year,
    Weekday,
    PartOfDay,
    WeekdayPart,
    Season,
    Step,
    Day,
    DayAfterLast,
    Edge,
    Degree,
    Feast,
    Clock,
    Half,
    FullDate,
    YearlessDate,
    Moment,
    MonthYear,
    Decade,
    Period,
    Reference,
    NumberUnit,
    BeforeChrist,
}

impl Slot {
    /// The slot of a class; a class `X_Y` has the slot of `X`, if `X_Y` has none of its own.
    fn of_class(class: &str) -> Option<Slot> {
        Some(match class {
            "NUM" => Slot::Number,
            "UNIT" => Slot::Unit,
            "ORD" => Slot::Ordinal,
            "MONTH" => Slot::Month,
            "YEAR" => Slot::Year,
            "WEEKDAY" => Slot::Weekday,
            "PART" => Slot::PartOfDay,
            "WEEKDAY_PART" => Slot::WeekdayPart,
            "SEASON" => Slot::Season,
            "REL" => Slot::Step,
            "DAY" => Slot::Day,
            "DAY_LAST" => Slot::DayAfterLast,
            "EDGE" => Slot::Edge,
            "DEGREE" => Slot::Degree,
            "FEAST" => Slot::Feast,
            "CLOCK" => Slot::Clock,
            "HALF" => Slot::Half,
            "NDATE" => Slot::FullDate,
            "NDAY" => Slot::YearlessDate,
            "NMOMENT" => Slot::Moment,
            "NMONTH" => Slot::MonthYear,
            "DECADE" => Slot::Decade,
            "PERIOD" => Slot::Period,
            "REF" => Slot::Reference,
            "NUMUNIT" => Slot::NumberUnit,
            "ERA" => Slot::BeforeChrist,
            _ => return class.rsplit_once('_').and_then(|(base, _)| Slot::of_class(base)),
        })
    }
}

/// The slots of all classes, by class.
#[derive(Debug)]
pub(super) struct SlotTable(Vec<Option<Slot>>);

impl SlotTable {
    pub fn new(words: &Words) -> SlotTable {
        let slot = |class: usize| Slot::of_class(words.class_name(class as u16));
        SlotTable((0..words.class_count()).map(slot).collect())
    }

    /// Whether a variant of a pattern names a day or a time of day.
    pub fn names_day(&self, variant: &Variant) -> bool {
        let has = |slot| variant.elements.iter().any(|e| self.0.get(e.class as usize) == Some(&Some(slot)));
        [Slot::Weekday, Slot::WeekdayPart, Slot::FullDate, Slot::YearlessDate, Slot::Moment, Slot::Clock]
            .into_iter()
            .any(has)
            || (has(Slot::Month) && has(Slot::Ordinal))
    }
}

/// What a match says: first what the rule itself knows, then the words. Of several for the same slot the first counts,
/// except for numbers and units, which add up.
#[derive(Debug, Default)]
pub(super) struct Slots {
    filled: Vec<(Slot, Sense)>,
}

impl Slots {
    /// Reads the words of a match.
    pub fn read(found: &Match, atoms: &Atoms, rules: &Rules, table: &SlotTable) -> Slots {
        let variant = &rules.variants[found.variant as usize];
        let mut slots = Slots::default();
        let slot = |class: u16| table.0.get(class as usize).copied().flatten();
        for &sense in &rules.rules[variant.rule as usize].given {
            if let Some(slot) = slot(sense.class) {
                slots.filled.push((slot, sense));
            }
        }
        // What belongs to the expression speaks before what stands beside it.
        let n = variant.elements.len();
        for i in (variant.left..n).chain(0..variant.left) {
            let element = variant.elements[i];
            let sense = element.phrase.or_else(|| atoms.sense(found.first as usize + i, element.class));
            if let Some(sense) = sense
                && let Some(slot) = slot(sense.class)
            {
                slots.filled.push((slot, sense));
            }
        }
        slots
    }

    /// The first sense in a slot.
    pub fn get(&self, slot: Slot) -> Option<Sense> {
        self.filled.iter().find(|(s, _)| *s == slot).map(|(_, sense)| *sense)
    }

    /// The number in a slot.
    pub fn number(&self, slot: Slot) -> Option<i32> {
        self.get(slot).map(|s| s.number)
    }

    /// All that fills one of two slots, in the order of the text.
    pub fn all(&self, a: Slot, b: Slot) -> impl Iterator<Item = (Slot, Sense)> + '_ {
        self.filled.iter().copied().filter(move |(s, _)| *s == a || *s == b)
    }
}
