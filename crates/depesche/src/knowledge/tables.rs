//! From tables to rows and to the lexicon: which forms each table's row is known by.

use super::endings::Endings;
use super::lexicon::{Entry, Head, Heads, Inner, MatchKind, Trie};
use super::rows::{Detail, Kind, OfficeKind, PlaceKind, Row, RowId, Term, Validity};
use super::tsv::{Line, alternatives, lines};
use super::{Domain, Knowledge};
use crate::engine::BuildError;
use crate::record::{EntityType, RoleStatus, Sector};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;

/// The tables that can be read, by the name of their file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    States,
    Seats,
    Organisations,
    Persons,
    Places,
    Offices,
    Agents,
    Compounds,
    OrdinaryWords,
}

impl Table {
    const NAMES: [(&str, Table); 9] = [
        ("states", Table::States),
        ("seats", Table::Seats),
        ("organisations", Table::Organisations),
        ("persons", Table::Persons),
        ("places", Table::Places),
        ("offices", Table::Offices),
        ("agents", Table::Agents),
        ("compounds", Table::Compounds),
        ("ordinary-words", Table::OrdinaryWords),
    ];

    /// The table that a file holds, from its name: `persons.tsv`, `persons-sahel.tsv`.
    ///
    /// # Errors
    /// If the name begins with no table's name.
    pub(super) fn of_file(file: &str) -> Result<Table, BuildError> {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = name.strip_suffix(".tsv").unwrap_or(name);
        let found = Table::NAMES.iter().find(|(table, _)| {
            stem.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.']))
        });
        found.map(|(_, table)| *table).ok_or_else(|| BuildError::Data {
            file: file.to_string(),
            line: 0,
            message: format!(
                "no table has this name; expected one of {} with the ending .tsv, or such a name, a hyphen and more",
                Table::NAMES.map(|n| n.0).join(", ")
            ),
        })
    }
}

/// Collects rows and forms.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    rows: Vec<Row>,
    trie: Trie,
    heads: Heads,
    domains: FxHashMap<Box<str>, Domain>,
    ends: Vec<(Box<str>, bool)>,
    prefixes: Vec<(Box<str>, RoleStatus)>,
    /// Rows by what makes two lines one row.
    index: FxHashMap<u64, RowId>,
    replaced: FxHashMap<RowId, RowId>,
    ordinary: FxHashSet<&'t str>,
    /// Persons with party and its state.
    parties: Vec<(RowId, &'t str, &'t str)>,
    user: bool,
}

impl<'t> Builder<'t> {
    pub(super) fn new() -> Self {
        Builder {
            rows: Vec::new(),
            trie: Trie::new(),
            heads: Heads::new(),
            domains: FxHashMap::default(),
            ends: Vec::new(),
            prefixes: Vec::new(),
            index: FxHashMap::with_capacity_and_hasher(1 << 14, FxBuildHasher),
            replaced: FxHashMap::default(),
            ordinary: FxHashSet::default(),
            parties: Vec::new(),
            user: false,
        }
    }

    /// From here on all tables are the user's.
    pub(super) fn user_tables(&mut self) {
        self.user = true;
    }

    /// Reads one table.
    ///
    /// # Errors
    /// The first malformed row.
    pub(super) fn read(&mut self, table: Table, file: &'t str, content: &'t str) -> Result<(), BuildError> {
        for line in lines(file, content) {
            match table {
                Table::States => self.state(&line)?,
                Table::Seats => self.seat(&line)?,
                Table::Organisations => self.organisation(&line)?,
                Table::Persons => self.person(&line)?,
                Table::Places => self.place(&line)?,
                Table::Offices => self.office(&line)?,
                Table::Agents => self.agent(&line)?,
                Table::Compounds => self.compound(&line)?,
                Table::OrdinaryWords => {
                    let [word] = line.cells(1)?;
                    self.ordinary.insert(word);
                }
            }
        }
        Ok(())
    }

    /// The finished knowledge.
    pub(super) fn build(mut self) -> Knowledge {
        self.trie.finish(&self.replaced, &self.ordinary);
        self.party_terms();
        // The first state with a code is the one that has it today.
        let mut states: FxHashMap<Box<str>, RowId> = FxHashMap::default();
        for (i, row) in self.rows.iter().enumerate().filter(|(_, r)| r.kind == Kind::State) {
            let id = RowId(i as u32);
            let code = row.terms.first().and_then(|t| t.code.clone());
            if let (false, Some(code)) = (self.replaced.contains_key(&id), code) {
                states.entry(code).or_insert(id);
            }
        }
        Knowledge {
            rows: self.rows,
            trie: self.trie,
            heads: self.heads,
            domains: self.domains,
            ends: self.ends,
            prefixes: self.prefixes,
            states,
        }
    }

    /// Gives persons the terms of their party in and out of government, for the times without an office.
    fn party_terms(&mut self) {
        let parties = std::mem::take(&mut self.parties);
        for (person, party, code) in parties {
            let key = row_key(Kind::Organisation, &[party, code]);
            if let Some(&party) = self.index.get(&key) {
                let terms = self.rows[party.0 as usize].terms.clone();
                self.rows[person.0 as usize].terms.extend(terms);
            }
        }
    }

    /// Adds a row, or its term to the row of the same table and key; a user's row takes the place of a built-in one.
    fn row(&mut self, key: &[&str], row: Row) -> RowId {
        let fresh = RowId(self.rows.len() as u32);
        let key = row_key(row.kind, key);
        if let Some(&old) = self.index.get(&key) {
            let known = &mut self.rows[old.0 as usize];
            if known.user == self.user {
                known.terms.extend(row.terms);
                known.terms.sort_by_key(|t| (t.validity.from, t.validity.to.is_none(), t.validity.to));
                return old;
            }
            self.replaced.insert(old, fresh);
        }
        self.index.insert(key, fresh);
        self.rows.push(row);
        fresh
    }

    /// A row with its name as it is shown: a note in brackets at its end only tells rows apart ("Georgia (USA)").
    fn new_row(&self, kind: Kind, name: &str, entity_type: EntityType, term: Term) -> Row {
        Row {
            kind,
            name: without_note(name).into(),
            entity_type,
            terms: vec![term],
            coordinates: None,
            detail: Detail::Plain,
            user: self.user,
        }
    }

    fn form(&mut self, form: &str, inner: Inner, entry: Entry) {
        self.trie.add(form, inner, entry.of_user(self.user));
    }

    /// A name of something that is no person.
    fn name(&mut self, name: &str, row: RowId, endings: Endings) {
        self.form(name, Inner::Declined, Entry::new(row, MatchKind::Name, endings));
        // Acronyms are written "Nato" as well, unless that is another word ("BUND", "der Bund").
        if name.len() > 3 && name.bytes().all(|b| b.is_ascii_uppercase()) {
            let title = format!("{}{}", &name[..1], name[1..].to_ascii_lowercase());
            if !self.ordinary.contains(title.as_str()) {
                self.form(&title, Inner::Declined, Entry::new(row, MatchKind::Name, endings));
            }
        }
    }

    fn state(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [code, kind, name, long, genitive, adjectives, demonyms, variants, lat, lon, from, to, _] =
            line.cells(3)?;
        if !["state", "territory", "former", "de-facto"].contains(&kind) {
            return Err(line.error(format!("`{kind}` is no kind; expected state, territory, former or de-facto")));
        }
        let code = line.required(code, "code")?;
        let name = line.required(name, "name")?;
        let term = term("", code, Some(Sector::Gov), line.validity(from, to)?);
        let mut row = self.new_row(Kind::State, name, EntityType::State, term);
        row.coordinates = line.coordinates(lat, lon)?;
        let id = self.row(&[name], row);
        for form in [name, long].into_iter().chain(alternatives(variants)).filter(|f| !f.is_empty()) {
            self.name(form, id, Endings::NAME);
        }
        let genitive = genitive.trim_start_matches("des ").trim_start_matches("der ");
        if !genitive.is_empty() {
            self.name(genitive, id, Endings::BARE);
        }
        for adjective in alternatives(adjectives) {
            let entry = Entry::new(id, MatchKind::Adjective, Endings::ADJECTIVE);
            self.form(adjective, Inner::Fixed, entry);
            self.form(&capitalised(adjective), Inner::Fixed, entry);
        }
        for people in alternatives(demonyms) {
            let mut forms = people.split(',').map(str::trim);
            let masculine = forms.next().unwrap_or_default();
            let feminine = forms.next().unwrap_or_default();
            let plural = forms.next().unwrap_or_default();
            let noun = |endings| Entry::new(id, MatchKind::Demonym, endings);
            match masculine.strip_suffix("er").filter(|stem| feminine == format!("{stem}e")) {
                Some(stem) => self.form(stem, Inner::Declined, noun(Endings::ADJECTIVAL_NOUN)),
                None => {
                    let endings = if masculine.ends_with('e') { Endings::NOUN } else { Endings::PERSON };
                    self.form(masculine, Inner::Declined, noun(endings));
                    self.form(feminine, Inner::Declined, noun(Endings::FEMININE).feminine(true));
                    self.form(plural, Inner::Declined, noun(Endings::PLURAL));
                }
            }
        }
        Ok(())
    }

    fn seat(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [name, code, kind, entity_type, sector, lat, lon, variants, from, to, _] = line.cells(4)?;
        let name = line.required(name, "name")?;
        let (table, endings) = match kind {
            "capital" | "seat-city" => (Kind::Capital, Endings::PLACE),
            "seat" => (Kind::Seat, Endings::NAME),
            "site" => (Kind::Place, Endings::NAME),
            _ => {
                return Err(line.error(format!("`{kind}` is no kind; expected capital, seat-city, seat or site")));
            }
        };
        let term = term("", line.required(code, "code")?, line.sector(sector)?, line.validity(from, to)?);
        let mut row = self.new_row(table, name, line.entity_type(entity_type)?, term);
        row.coordinates = line.coordinates(lat, lon)?;
        row.detail = match table {
            Kind::Capital => Detail::Place(PlaceKind::City),
            _ => Detail::Place(PlaceKind::Site),
        };
        let id = self.row(&[name, code], row);
        self.place_names(name, variants, id, endings);
        Ok(())
    }

    fn place(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [name, code, kind, lat, lon, variants, _] = line.cells(3)?;
        let name = line.required(name, "name")?;
        let Some(kind) = PlaceKind::parse(kind) else {
            return Err(line.error(format!(
                "`{kind}` is no kind of place; expected city, region, area, sea, island, river, mountain or site"
            )));
        };
        let mut row = self.new_row(Kind::Place, name, EntityType::Place, term("", code, None, Validity::default()));
        row.coordinates = line.coordinates(lat, lon)?;
        row.detail = Detail::Place(kind);
        let id = self.row(&[name, code, lat, lon], row);
        let endings = if kind == PlaceKind::City { Endings::PLACE } else { Endings::NAME };
        self.place_names(name, variants, id, endings);
        Ok(())
    }

    /// Names of a place; a variant that begins with "~" is a word in -er ("~Bremer").
    fn place_names(&mut self, name: &str, variants: &str, id: RowId, endings: Endings) {
        self.name(without_note(name), id, endings);
        for variant in alternatives(variants) {
            match variant.strip_prefix('~') {
                Some(derived) => self.form(derived, Inner::Fixed, Entry::new(id, MatchKind::Derived, Endings::BARE)),
                None => self.name(variant, id, endings),
            }
        }
    }

    fn organisation(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [name, code, entity_type, sector, variants, from, to, _] = line.cells(4)?;
        let name = line.required(name, "name")?;
        let entity_type = line.entity_type(entity_type)?;
        if !matches!(entity_type, EntityType::Igo | EntityType::Org | EntityType::Group) {
            return Err(line.error("the type of an organisation is igo, org or group".to_string()));
        }
        let term = term("", code, line.sector(sector)?, line.validity(from, to)?);
        let row = self.new_row(Kind::Organisation, name, entity_type, term);
        let id = self.row(&[name, code], row);
        for form in std::iter::once(without_note(name)).chain(alternatives(variants)) {
            // "Golfstaaten", "Muslimbrüdern": a plural has some length, and "Bayern" is not "Bayer".
            let plural = if form.len() > 8 { Endings::PLURAL } else { Endings::BARE };
            self.name(form, id, Endings::NAME.with(plural));
        }
        Ok(())
    }

    fn person(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [name, code, office, sector, from, to, short, variants, party, _] = line.cells(4)?;
        let name = line.required(name, "name")?;
        let term = term(office, code, line.sector(sector)?, line.validity(from, to)?);
        let row = self.new_row(Kind::Person, name, EntityType::Person, term);
        let id = self.row(&[name], row);
        if !party.is_empty() && self.parties.last().is_none_or(|p| p.0 != id) {
            self.parties.push((id, party, code));
        }
        for form in std::iter::once(name).chain(alternatives(variants)) {
            self.form(form, Inner::Fixed, Entry::new(id, MatchKind::Name, Endings::PERSON));
        }
        let last = [name.rsplit(' ').next().unwrap_or(name)];
        let shorts: Vec<&str> = alternatives(short).collect();
        for form in if shorts.is_empty() { &last[..] } else { &shorts } {
            if *form != name && *form != "-" {
                self.form(form, Inner::Fixed, Entry::new(id, MatchKind::Surname, Endings::PERSON));
            }
        }
        Ok(())
    }

    fn office(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [masculine, feminine, plural, sector, kind, compounds, code, _] = line.cells(5)?;
        let masculine = line.required(masculine, "masculine")?;
        let Some(kind) = OfficeKind::parse(kind) else {
            return Err(line.error(format!("`{kind}` is no kind of office; the head of the file lists them")));
        };
        let term = term("", code, line.sector(sector)?, Validity::default());
        let mut row = self.new_row(Kind::Office, masculine, EntityType::Person, term);
        row.detail = Detail::Office { kind, feminine: feminine.into() };
        let id = self.row(&[masculine], row);
        self.noun(id, MatchKind::Office, [masculine, feminine, plural], is_yes(line, compounds)?);
        Ok(())
    }

    fn agent(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [masculine, feminine, plural, entity_type, sector, compounds, code, _] = line.cells(4)?;
        let name = if masculine.is_empty() { line.required(plural, "plural")? } else { masculine };
        let stateless = code == NO_STATE;
        let code = if stateless { "" } else { code };
        let term = term("", code, line.sector(sector)?, Validity::default());
        let mut row = self.new_row(Kind::Agent, name, line.entity_type(entity_type)?, term);
        row.detail = Detail::Agent { feminine: feminine.into(), plural: plural.into(), stateless };
        let id = self.row(&[name], row);
        self.noun(id, MatchKind::Agent, [masculine, feminine, plural], is_yes(line, compounds)?);
        Ok(())
    }

    /// Forms of a common noun, also as the head of compounds.
    fn noun(&mut self, id: RowId, kind: MatchKind, [masculine, feminine, plural]: [&str; 3], compounds: bool) {
        let mut forms: Vec<(String, Endings, bool)> = Vec::new();
        // "Vorsitzender", "stellvertretender Vorsitzender"
        match masculine.strip_suffix("er").filter(|stem| feminine.rsplit(' ').next() == last_with_e(stem).as_deref()) {
            Some(stem) => forms.push((stem.to_string(), Endings::ADJECTIVAL_NOUN, false)),
            None => {
                forms.push((masculine.to_string(), Endings::NOUN, false));
                forms.push((feminine.to_string(), Endings::FEMININE, true));
            }
        }
        forms.extend(alternatives(plural).map(|p| (p.to_string(), Endings::PLURAL, false)));
        for (form, endings, feminine) in forms.iter().filter(|f| !f.0.is_empty()) {
            self.form(form, Inner::Declined, Entry::new(id, kind, *endings).feminine(*feminine));
            if compounds && !form.contains(' ') {
                let head = Head { row: Some(id), feminine: *feminine };
                for form in endings.spelt(&form.to_lowercase()) {
                    self.heads.add(&form, head);
                }
            }
        }
    }

    fn compound(&mut self, line: &Line<'t>) -> Result<(), BuildError> {
        let [kind, form, value, _] = line.cells(2)?;
        let form = line.required(form, "form")?;
        match kind {
            "head" => {
                for spelt in Endings::NOUN.spelt(form) {
                    self.heads.add(&spelt, Head { row: None, feminine: false });
                }
            }
            "domain" | "area" => {
                let sector = Domain { sector: line.sector(value)?, decides: kind == "domain" };
                self.domains.insert(form.into(), sector);
                self.domains.insert(form.to_lowercase().into(), sector);
            }
            "abstract" | "actor" => self.ends.push((form.into(), kind == "abstract")),
            "status" => {
                let status = match value {
                    "former" => RoleStatus::Former,
                    "designated" => RoleStatus::Designated,
                    _ => return Err(line.error(format!("`{value}` is no status; expected former or designated"))),
                };
                self.prefixes.push((form.into(), status));
            }
            _ => {
                return Err(
                    line.error(format!("`{kind}` is no kind; expected head, domain, area, status, abstract or actor"))
                );
            }
        }
        Ok(())
    }
}

/// What stands for the state of actors who are of none where none is named.
const NO_STATE: &str = "-";

/// What makes two lines one row.
fn row_key(kind: Kind, key: &[&str]) -> u64 {
    FxBuildHasher.hash_one((kind, key))
}

fn term(office: &str, code: &str, sector: Option<Sector>, validity: Validity) -> Term {
    Term { office: office.into(), code: (!code.is_empty()).then(|| code.into()), sector, validity }
}

/// A name without the note in brackets at its end.
fn without_note(name: &str) -> &str {
    name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")).map_or(name, |(bare, _)| bare)
}

fn is_yes(line: &Line<'_>, cell: &str) -> Result<bool, BuildError> {
    match cell {
        "yes" => Ok(true),
        "" | "no" => Ok(false),
        _ => Err(line.error(format!("`{cell}` stands where yes or no is expected"))),
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The feminine of an adjective used as a noun: last word of the stem with "e".
fn last_with_e(stem: &str) -> Option<String> {
    stem.rsplit(' ').next().map(|w| format!("{w}e"))
}
