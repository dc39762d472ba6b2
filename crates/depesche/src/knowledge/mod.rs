//! Knowledge: tables of states, seats, organisations, offices, persons, places and common nouns for actors, and the
//! matcher over them.
//!
//! In go the tables in `data/knowledge` (what an area expert edits) and those of the user, which win; out come, for a
//! split text, all rows that its words name or may name. Which of several candidates is meant, context decides, and that
//! is the work of the room [`crate::actors`].

mod endings;
mod lexicon;
mod matcher;
mod rows;
mod tables;
mod tsv;
mod user;

pub use lexicon::MatchKind;
pub use matcher::{Match, Part};
pub use rows::{Detail, Kind, OfficeKind, PlaceKind, Row, RowId, Term, Validity};
pub use user::UserTables;

use crate::engine::BuildError;
use crate::record::{RoleStatus, Sector};
use lexicon::{Heads, Trie};
use rustc_hash::FxHashMap;
use tables::{Builder, Table};

macro_rules! built_in {
    ($($file:literal)*) => {
        [$((concat!("knowledge/", $file), include_str!(concat!("../../data/knowledge/", $file)))),*]
    };
}

/// The tables in the program; the ordinary words first, since a name's further spellings must be none of them.
const TABLES: [(&str, &str); 9] = built_in!(
    "ordinary-words.tsv"
    "states.tsv" "seats.tsv" "organisations.tsv" "persons.tsv" "places.tsv" "offices.tsv" "agents.tsv" "compounds.tsv"
);

/// What the first part of a compound tells of the sector of an office or actor.
#[derive(Debug, Clone, Copy)]
struct Domain {
    sector: Option<Sector>,
    /// Whether it counts before the sector of the noun behind it.
    decides: bool,
}

impl Domain {
    /// The sector of a compound whose noun has this one by itself.
    fn with(self, noun: Option<Sector>) -> Option<Sector> {
        if self.decides { self.sector } else { noun.or(self.sector) }
    }
}

/// The tables, compiled for matching.
#[derive(Debug)]
pub struct Knowledge {
    rows: Vec<Row>,
    trie: Trie,
    heads: Heads,
    /// Sector of offices by the first part of a compound ("Armee" in "Armeechef").
    domains: FxHashMap<Box<str>, Domain>,
    /// Ends of nouns in lower case, and whether such nouns name no actors.
    ends: Vec<(Box<str>, bool)>,
    /// First parts such as "Ex".
    prefixes: Vec<(Box<str>, RoleStatus)>,
    states: FxHashMap<Box<str>, RowId>,
}

impl Knowledge {
    /// The tables in the program.
    ///
    /// # Errors
    /// If a table has a malformed row.
    pub fn new() -> Result<Knowledge, BuildError> {
        Knowledge::with(&UserTables::default())
    }

    /// The tables in the program and a user's, which win.
    ///
    /// # Errors
    /// If a table has a malformed row, or a user's file cannot be read.
    pub fn with(user: &UserTables) -> Result<Knowledge, BuildError> {
        let own = user.load()?;
        let mut builder = Builder::new();
        for (file, content) in TABLES {
            builder.read(Table::of_file(file)?, file, content)?;
        }
        builder.user_tables();
        for (file, content) in &own {
            builder.read(Table::of_file(file)?, file, content)?;
        }
        Ok(builder.build())
    }

    /// A row.
    pub fn row(&self, id: RowId) -> &Row {
        &self.rows[id.0 as usize]
    }

    /// All rows; their order is that of the tables.
    pub fn rows(&self) -> impl Iterator<Item = (RowId, &Row)> {
        self.rows.iter().enumerate().map(|(i, row)| (RowId(i as u32), row))
    }

    /// Whether a common noun can name actors: of the ends that the tables list the longest decides.
    pub fn may_act(&self, noun: &str) -> bool {
        let noun = noun.to_lowercase();
        let ends = self.ends.iter().filter(|(end, _)| noun.ends_with(&**end));
        ends.max_by_key(|(end, _)| end.len()).is_none_or(|(_, is_abstract)| !is_abstract)
    }

    /// What kind of office a name of one is.
    pub fn office(&self, name: &str) -> Option<OfficeKind> {
        self.named(name).iter().find_map(|(row, _)| self.row(*row).office_kind())
    }

    /// The state with a code.
    pub fn state(&self, code: &str) -> Option<RowId> {
        self.states.get(code).copied()
    }
}

#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod tests;
