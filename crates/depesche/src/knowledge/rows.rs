//! What the tables hold: rows in the form in which other rooms read them.

use crate::record::{EntityType, Sector};
use jiff::civil::Date;

/// Number of a row of [`super::Knowledge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub(super) u32);

/// The table that a row stands in, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A state, territory, former or de facto state.
    State,
    /// A capital or another city that may stand for a government ("Moskau warnt").
    Capital,
    /// A building that stands for an institution ("der Kreml"); its type says for which kind.
    Seat,
    /// An organisation.
    Organisation,
    /// A person.
    Person,
    /// A place that stands for nobody.
    Place,
    /// The name of an office ("Außenminister").
    Office,
    /// A common noun for actors without a name ("Demonstrant", "Armee").
    Agent,
}

/// When something holds: both ends inclusive, an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether `date` lies inside.
    pub fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|f| f <= date) && self.to.is_none_or(|t| date <= t)
    }
}

/// A code, office and sector for a time: a person's term of office, a party's time in government.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The office in base form; empty where the row is no person.
    pub office: Box<str>,
    /// The state or organisation whom the holder stands for.
    pub code: Option<Box<str>>,
    /// Sector in that time.
    pub sector: Option<Sector>,
    /// The time.
    pub validity: Validity,
}

/// What an office is, in which the coding of its holder depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OfficeKind {
    /// Head of state.
    HeadOfState,
    /// Head of government.
    HeadOfGovernment,
    /// Monarch or other ruler of a dynasty.
    Monarch,
    /// Member of a government.
    Minister,
    /// Other government office.
    Official,
    /// Speaks for somebody.
    Spokesperson,
    /// Embassy and negotiation.
    Diplomat,
    /// Officer or soldier.
    Military,
    /// Police.
    Police,
    /// Judge or prosecutor.
    Judge,
    /// Member or officer of a parliament.
    Legislator,
    /// Office of a party.
    Party,
    /// Office of an international organisation.
    Igo,
    /// Governor, mayor.
    Local,
    /// Leader of an armed group.
    Rebel,
    /// Clergy.
    Cleric,
    /// Head of any kind of organisation; the organisation decides.
    Head,
    /// Business.
    Business,
    /// Journalism.
    Media,
    /// Candidate for an office.
    Candidate,
    /// Science, counsel and everything else.
    Other,
    /// Looks like an office and is none ("Lautsprecher").
    None,
}

impl OfficeKind {
    /// Reads the word used in the tables.
    pub(super) fn parse(word: &str) -> Option<OfficeKind> {
        Some(match word {
            "head-of-state" => OfficeKind::HeadOfState,
            "head-of-government" => OfficeKind::HeadOfGovernment,
            "monarch" => OfficeKind::Monarch,
            "minister" => OfficeKind::Minister,
            "official" => OfficeKind::Official,
            "spokesperson" => OfficeKind::Spokesperson,
            "diplomat" => OfficeKind::Diplomat,
            "military" => OfficeKind::Military,
            "police" => OfficeKind::Police,
            "judge" => OfficeKind::Judge,
            "legislator" => OfficeKind::Legislator,
            "party" => OfficeKind::Party,
            "igo" => OfficeKind::Igo,
            "local" => OfficeKind::Local,
            "rebel" => OfficeKind::Rebel,
            "cleric" => OfficeKind::Cleric,
            "head" => OfficeKind::Head,
            "business" => OfficeKind::Business,
            "media" => OfficeKind::Media,
            "candidate" => OfficeKind::Candidate,
            "other" => OfficeKind::Other,
            "none" => OfficeKind::None,
            _ => return None,
        })
    }
}

/// Kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// Town, village or part of one.
    City,
    /// Region, province or landscape.
    Region,
    /// Continent or part of the world.
    Area,
    /// Sea, strait, gulf.
    Sea,
    /// Island or group of islands.
    Island,
    /// River or lake.
    River,
    /// Mountain or range.
    Mountain,
    /// Building, base, camp, crossing.
    Site,
}

impl PlaceKind {
    /// Reads the word used in the tables.
    pub(super) fn parse(word: &str) -> Option<PlaceKind> {
        Some(match word {
            "city" => PlaceKind::City,
            "region" => PlaceKind::Region,
            "area" => PlaceKind::Area,
            "sea" => PlaceKind::Sea,
            "island" => PlaceKind::Island,
            "river" => PlaceKind::River,
            "mountain" => PlaceKind::Mountain,
            "site" => PlaceKind::Site,
            _ => return None,
        })
    }
}

/// What only some tables have.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// Nothing more.
    Plain,
    /// Kind of place.
    Place(PlaceKind),
    /// An office: its kind and the feminine form, empty where there is none.
    Office {
        /// What kind of office.
        kind: OfficeKind,
        /// Feminine form ("Ministerin").
        feminine: Box<str>,
    },
    /// A common noun: its feminine and plural, empty where there is none.
    Agent {
        /// Feminine form ("Demonstrantin").
        feminine: Box<str>,
        /// Plural ("Demonstranten").
        plural: Box<str>,
        /// Whether they are of no state where none is named ("Touristen").
        stateless: bool,
    },
}

/// A row: one real-world thing, or one word for offices and agents.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Table.
    pub kind: Kind,
    /// Canonical name as German news has it; masculine singular for offices and agents.
    pub name: Box<str>,
    /// What a mention of the row denotes when it acts (a capital: [`EntityType::Place`]).
    pub entity_type: EntityType,
    /// Whom it stands for, when and in which sector. The first entry is the oldest; never empty.
    pub terms: Vec<Term>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// What only some tables have.
    pub detail: Detail,
    /// Whether it comes from a user's table.
    pub user: bool,
}

impl Row {
    /// The term that covers the date, one with an office before one without; else the last before it; else the first.
    /// Without a date the latest.
    pub fn term(&self, date: Option<Date>) -> Option<&Term> {
        let offices = || self.terms.iter().filter(|t| !t.office.is_empty());
        let Some(date) = date else { return offices().next_back().or(self.terms.last()) };
        let covers = |t: &&Term| t.validity.covers(date);
        let begun = |t: &&Term| t.validity.from.is_none_or(|f| f <= date);
        offices()
            .rfind(covers)
            .or_else(|| self.terms.iter().rfind(covers))
            .or_else(|| self.terms.iter().rfind(begun))
            .or(self.terms.first())
    }

    /// Whom it stands for at a date.
    pub fn code(&self, date: Option<Date>) -> Option<&str> {
        self.term(date).and_then(|t| t.code.as_deref())
    }

    /// Sector at a date. A politician of whose party nothing is known is in opposition before the first office in
    /// government and between two; after the last the sector stays ("Saddam Hussein").
    pub fn sector(&self, date: Option<Date>) -> Option<Sector> {
        let sector = self.term(date)?.sector;
        let waiting = |d: Date| {
            !self.terms.iter().any(|t| t.validity.covers(d)) && self.terms.iter().any(|t| t.validity.from > Some(d))
        };
        match sector {
            Some(Sector::Gov) if self.kind == Kind::Person && date.is_some_and(waiting) => Some(Sector::Opp),
            sector => sector,
        }
    }

    /// Whether one of its terms covers the date (without a date: whether one has no end); for persons a term in office.
    pub fn holds(&self, date: Option<Date>) -> bool {
        let mut terms = self.terms.iter().filter(|t| self.kind != Kind::Person || !t.office.is_empty());
        match date {
            Some(d) => terms.any(|t| t.validity.covers(d)),
            None => terms.any(|t| t.validity.to.is_none()),
        }
    }

    /// Feminine form of an office or agent, if it has one.
    pub fn feminine(&self) -> Option<&str> {
        match &self.detail {
            Detail::Office { feminine, .. } | Detail::Agent { feminine, .. } => Some(&**feminine),
            _ => None,
        }
        .filter(|f| !f.is_empty())
    }

    /// Whether the row is a noun for actors who are of no state where none is named.
    pub fn is_stateless(&self) -> bool {
        matches!(self.detail, Detail::Agent { stateless: true, .. })
    }

    /// Kind of office, if the row is one.
    pub fn office_kind(&self) -> Option<OfficeKind> {
        match self.detail {
            Detail::Office { kind, .. } => Some(kind),
            _ => None,
        }
    }

    /// Kind of place, if the row is one.
    pub fn place_kind(&self) -> Option<PlaceKind> {
        match self.detail {
            Detail::Place(kind) => Some(kind),
            _ => None,
        }
    }
}
