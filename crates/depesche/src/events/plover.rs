//! PLOVER's tables (`data/plover`): types and modes in; quad class, score, CAMEO code and contexts out.

use crate::engine::BuildError;
use crate::record::{EventType, Status};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const TABLE: (&str, &str) = ("plover.tsv", include_str!("../../data/plover/plover.tsv"));
const CONTEXTS: (&str, &str) = ("contexts.tsv", include_str!("../../data/plover/contexts.tsv"));

/// The types in the order of their numbers.
pub const TYPES: &[(EventType, &str)] = &[
    (EventType::Agree, "AGREE"),
    (EventType::Consult, "CONSULT"),
    (EventType::Support, "SUPPORT"),
    (EventType::Concede, "CONCEDE"),
    (EventType::Cooperate, "COOPERATE"),
    (EventType::Aid, "AID"),
    (EventType::Retreat, "RETREAT"),
    (EventType::Request, "REQUEST"),
    (EventType::Accuse, "ACCUSE"),
    (EventType::Reject, "REJECT"),
    (EventType::Threaten, "THREATEN"),
    (EventType::Protest, "PROTEST"),
    (EventType::Sanction, "SANCTION"),
    (EventType::Mobilize, "MOBILIZE"),
    (EventType::Coerce, "COERCE"),
    (EventType::Assault, "ASSAULT"),
];

/// The type with this name.
pub fn event_type(name: &str) -> Option<EventType> {
    TYPES.iter().find(|t| t.1 == name).map(|t| t.0)
}

/// The name of a type.
pub fn type_name(kind: EventType) -> &'static str {
    TYPES[kind as usize].1
}

/// The status with this name.
pub fn status(name: &str) -> Option<Status> {
    Some(match name {
        "actual" => Status::Actual,
        "planned" => Status::Planned,
        "possible" => Status::Possible,
        "negated" => Status::Negated,
        _ => return None,
    })
}

/// A mode, or none: an index of the table of types and modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mode(pub u16);

impl Mode {
    /// No mode.
    pub const NONE: Mode = Mode(u16::MAX);

    /// The mode's name.
    pub fn name(self) -> Option<&'static str> {
        table().ok()?.rows.get(self.0 as usize).map(|r| r.mode)
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    kind: EventType,
    mode: &'static str,
    /// Quad class.
    pub quad: &'static str,
    /// Score from -10 to 10.
    pub score: f64,
    /// Most general CAMEO code.
    pub cameo: &'static str,
}

#[derive(Debug)]
struct Table {
    rows: Vec<Row>,
    modes: FxHashMap<(EventType, &'static str), u16>,
}

static PARSED: LazyLock<Result<Table, (usize, String)>> = LazyLock::new(|| {
    let mut table = Table { rows: Vec::new(), modes: FxHashMap::default() };
    for (n, row) in TABLE.1.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
        let fail = |message: &str| (n + 1, message.to_string());
        let columns: Vec<&'static str> = row.split('\t').collect();
        let &[kind, mode, quad, score, cameo] = columns.as_slice() else {
            return Err(fail("expected five columns: type, mode, quad class, score, CAMEO"));
        };
        let kind = event_type(kind).ok_or_else(|| fail("the first column is no event type"))?;
        let score = score.parse().map_err(|_| fail("the fourth column is no number"))?;
        table.modes.insert((kind, mode), table.rows.len() as u16);
        table.rows.push(Row { kind, mode, quad, score, cameo });
    }
    match TYPES.iter().find(|t| !table.modes.contains_key(&(t.0, ""))) {
        Some(missing) => Err((0, format!("no row for {} without a mode", missing.1))),
        None => Ok(table),
    }
});

fn table() -> Result<&'static Table, BuildError> {
    PARSED.as_ref().map_err(|(line, message)| BuildError::Data {
        file: TABLE.0.to_string(),
        line: *line,
        message: message.clone(),
    })
}

/// Whether the table can be read; engines ask when they are built.
///
/// # Errors
/// The first malformed row.
pub fn check() -> Result<(), BuildError> {
    table().map(|_| ())
}

/// A mode of a type by name.
pub fn mode(kind: EventType, name: &str) -> Option<Mode> {
    table().ok()?.modes.get(&(kind, name)).copied().filter(|_| !name.is_empty()).map(Mode)
}

/// All modes of a type, in the order of the table.
pub fn modes(kind: EventType) -> impl Iterator<Item = Mode> {
    let rows = table().map_or(&[][..], |t| t.rows.as_slice());
    rows.iter().enumerate().filter(move |(_, r)| r.kind == kind && !r.mode.is_empty()).map(|(i, _)| Mode(i as u16))
}

/// The row of a type and mode.
pub fn row(kind: EventType, mode: Mode) -> Option<&'static Row> {
    let table = table().ok()?;
    if mode != Mode::NONE {
        return table.rows.get(mode.0 as usize);
    }
    table.modes.get(&(kind, "")).and_then(|i| table.rows.get(*i as usize))
}

/// Words that speak for contexts.
#[derive(Debug)]
pub struct Contexts {
    names: Vec<&'static str>,
    whole: FxHashMap<&'static str, u64>,
    fronts: FxHashMap<&'static str, u64>,
    ends: FxHashMap<&'static str, u64>,
    longest: usize,
}

impl Contexts {
    /// The table in the program.
    ///
    /// # Errors
    /// If it has a malformed row.
    pub fn new() -> Result<Contexts, BuildError> {
        let mut out = Contexts {
            names: Vec::new(),
            whole: FxHashMap::default(),
            fronts: FxHashMap::default(),
            ends: FxHashMap::default(),
            longest: 0,
        };
        for (n, row) in CONTEXTS.1.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
            let fail = |message: &str| BuildError::Data {
                file: CONTEXTS.0.to_string(),
                line: n + 1,
                message: message.to_string(),
            };
            let (name, words) = row.split_once('\t').ok_or_else(|| fail("expected a context and its words"))?;
            if out.names.len() == 64 {
                return Err(fail("more than 64 contexts"));
            }
            let bit = 1u64 << out.names.len();
            out.names.push(name);
            for word in words.split(' ').filter(|w| !w.is_empty()) {
                let bare = word.trim_matches(['*', '=']);
                let map = match word {
                    w if w.starts_with('*') => &mut out.ends,
                    w if w.ends_with('*') => &mut out.fronts,
                    _ => &mut out.whole,
                };
                *map.entry(bare).or_default() |= bit;
                out.longest = out.longest.max(bare.len());
            }
        }
        Ok(out)
    }

    /// The contexts that a lemma in lower case speaks for, as bits.
    pub fn of(&self, lemma: &str) -> u64 {
        let mut bits = self.whole.get(lemma).copied().unwrap_or(0);
        for (i, c) in lemma.char_indices() {
            let to = i + c.len_utf8();
            if to > self.longest {
                break;
            }
            if to >= 3 {
                bits |= self.fronts.get(&lemma[..to]).copied().unwrap_or(0);
            }
        }
        for (i, _) in lemma.char_indices().skip(1) {
            if lemma.len() - i < 3 {
                break;
            }
            if lemma.len() - i <= self.longest {
                bits |= self.ends.get(&lemma[i..]).copied().unwrap_or(0);
            }
        }
        bits
    }

    /// The names behind bits.
    pub fn names(&self, bits: u64) -> impl Iterator<Item = &'static str> {
        self.names.iter().enumerate().filter(move |(i, _)| bits >> i & 1 == 1).map(|(_, n)| *n)
    }

    /// The bit of a context's name.
    pub fn bit(&self, name: &str) -> u64 {
        self.names.iter().position(|n| *n == name).map_or(0, |i| 1 << i)
    }
}

/// Number of rows of the table, one for each type and one for each mode.
pub fn row_count() -> usize {
    table().map_or(0, |t| t.rows.len())
}

/// The row of a type without a mode.
pub fn row_index(kind: EventType) -> usize {
    table().ok().and_then(|t| t.modes.get(&(kind, ""))).map_or(0, |i| *i as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_row() {
        check().unwrap();
        let row = row(EventType::Consult, mode(EventType::Consult, "visit").unwrap()).unwrap();
        assert_eq!((row.quad, row.score, row.cameo), ("verbal cooperation", 4.0, "042"));
        assert!(mode(EventType::Consult, "drone").is_none());
    }

    #[test]
    fn contexts_are_found_by_front_and_end() {
        let contexts = Contexts::new().unwrap();
        let names = |lemma: &str| contexts.names(contexts.of(lemma)).collect::<Vec<_>>();
        assert!(names("luftwaffenstützpunkt").contains(&"military"));
        assert!(names("bundeskanzlerin").contains(&"executive"));
        assert!(names("blume").is_empty());
    }
}
