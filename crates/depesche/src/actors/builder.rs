//! The state while a text's actors are collected: entities with the keys under which they are found again.

use super::{Actors, Entity, Index, Mention, nominals};
use crate::knowledge::{Kind, Knowledge, Match, MatchKind, Part, Row, RowId};
use crate::reading::Reading;
use crate::record::{EntityType, MentionKind, Role, Sector};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

/// What is being built, with what it is built from.
pub(super) struct Builder<'r> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) knowledge: &'r Knowledge,
    /// All matches of the tables, sorted by start, longer before shorter.
    pub(super) matches: Vec<Match>,
    /// For each token the first of its matches.
    match_starts: Vec<u32>,
    pub(super) entities: Vec<Entity>,
    pub(super) mentions: Vec<Mention>,
    roles: Vec<Role>,
    /// Numbers of the roles of each person.
    by_person: FxHashMap<usize, Vec<usize>>,
    pub(super) denoted: Index,
    pub(super) modifiers: Index,
    /// For each token one more than the entity whose name covers it; 0 for none.
    pub(super) named: Vec<u32>,
    /// For each entity one more than the index of its first mention by name; 0 for none.
    first_names: Vec<usize>,
    /// The row of the tables that each entity stands for, if there is one.
    known: Vec<Option<RowId>>,
    /// How often names of states, capitals and persons and adjectives stand for each state.
    codes: FxHashMap<&'r str, usize>,
    /// The most of those numbers.
    most: usize,
    /// The forms of all tokens with a capital letter.
    forms: FxHashSet<&'r str>,
    /// Persons whose gender is known; true is feminine.
    genders: FxHashMap<usize, bool>,
    /// Entities that stand for a row of the tables.
    by_row: FxHashMap<RowId, usize>,
    /// Entities by a key made from their name.
    by_key: FxHashMap<String, usize>,
}

impl<'r> Builder<'r> {
    pub(super) fn new(reading: &'r Reading<'r>, knowledge: &'r Knowledge) -> Builder<'r> {
        let mut matches = Vec::new();
        knowledge.matches(reading, &mut matches);
        let n = reading.len();
        let mut match_starts = vec![0u32; n + 1];
        let mut at = 0;
        for (token, start) in match_starts.iter_mut().enumerate() {
            while matches.get(at).is_some_and(|m| m.first < token) {
                at += 1;
            }
            *start = at as u32;
        }
        let concerned = matches.iter().filter(|m| !m.ordinary && m.kind != MatchKind::Surname);
        let rows = concerned.map(|m| knowledge.row(m.row));
        let rows = rows.filter(|row| matches!(row.kind, Kind::State | Kind::Capital | Kind::Person));
        let mut codes: FxHashMap<&str, usize> = FxHashMap::default();
        for code in rows.filter_map(|row| row.code(reading.date)) {
            *codes.entry(code).or_default() += 1;
        }
        let most = codes.values().copied().max().unwrap_or_default();
        Builder {
            reading,
            knowledge,
            matches,
            match_starts,
            entities: Vec::new(),
            mentions: Vec::new(),
            roles: Vec::new(),
            by_person: FxHashMap::default(),
            denoted: Index::new(n),
            modifiers: Index::new(n),
            named: vec![0; n],
            first_names: Vec::new(),
            known: Vec::new(),
            codes,
            most,
            forms: (0..n).map(|i| reading.form(i)).filter(|f| f.starts_with(char::is_uppercase)).collect(),
            genders: FxHashMap::default(),
            by_row: FxHashMap::default(),
            by_key: FxHashMap::default(),
        }
    }

    /// The matches that begin in a token.
    pub(super) fn matches_at(&self, token: usize) -> &[Match] {
        let from = self.match_starts.get(token).copied().unwrap_or_default() as usize;
        let to = self.match_starts.get(token + 1).map_or(self.matches.len(), |&s| s as usize);
        self.matches.get(from..to).unwrap_or_default()
    }

    /// The matches that end in a token, as far as they begin in it or shortly before.
    pub(super) fn matches_ending(&self, token: usize) -> impl Iterator<Item = &Match> {
        let from = self.match_starts.get(token.saturating_sub(4)).copied().unwrap_or_default() as usize;
        let to = self.match_starts.get(token + 1).map_or(self.matches.len(), |&s| s as usize);
        self.matches.get(from..to).unwrap_or_default().iter().filter(move |m| m.last == token)
    }

    /// Whether the text names a state, its capital or one of its politicians.
    pub(super) fn concerns(&self, code: &str) -> bool {
        self.codes.contains_key(code)
    }

    /// Whether a state is among those that the text names most: at least half as often as any other.
    pub(super) fn is_about(&self, code: &str) -> bool {
        self.codes.get(code).is_some_and(|&n| n * 2 >= self.most)
    }

    /// Whether the text has a token of this form.
    pub(super) fn has_form(&self, form: &str) -> bool {
        self.forms.contains(form)
    }

    /// The offices of a person that have been read so far.
    pub(super) fn roles_of(&self, person: usize) -> impl Iterator<Item = &Role> {
        self.by_person.get(&person).into_iter().flatten().filter_map(|&r| self.roles.get(r))
    }

    /// Adds an office.
    pub(super) fn add_role(&mut self, role: Role) {
        self.by_person.entry(role.person).or_default().push(self.roles.len());
        self.roles.push(role);
    }

    /// The state or organisation of a person's office, for one that the text names again.
    pub(super) fn same_role(&mut self, person: usize, same: impl Fn(&str) -> bool) -> Option<&mut Role> {
        let known = self.by_person.get(&person)?;
        let at = known.iter().copied().find(|&r| self.roles.get(r).is_some_and(|r| same(&r.role)))?;
        self.roles.get_mut(at)
    }

    /// Whether a person is a woman, if that is known.
    pub(super) fn gender(&self, person: usize) -> Option<bool> {
        self.genders.get(&person).copied()
    }

    /// Notes a person's gender.
    pub(super) fn set_gender(&mut self, person: usize, feminine: bool) {
        self.genders.entry(person).or_insert(feminine);
    }

    /// The first mention of an entity by name.
    pub(super) fn first_name(&self, entity: usize) -> Option<&Mention> {
        self.first_names.get(entity).and_then(|&k| k.checked_sub(1)).and_then(|k| self.mentions.get(k))
    }

    /// The characters from one token to another.
    pub(super) fn slice(&self, first: usize, last: usize) -> &'r str {
        let tokens = &self.reading.analysis.tokens;
        &self.reading.text[tokens[first].start as usize..tokens[last].end as usize]
    }

    /// The sentence that a token belongs to, as a range of tokens.
    pub(super) fn sentence(&self, token: usize) -> std::ops::Range<usize> {
        let analysis = self.reading.analysis;
        let sentence = analysis.tokens.get(token).and_then(|t| analysis.sentences.get(t.sentence as usize));
        sentence.map_or(0..0, |s| s.tokens())
    }

    /// The entity whose name covers a token.
    pub(super) fn named(&self, token: usize) -> Option<usize> {
        self.named.get(token).and_then(|&n| n.checked_sub(1)).map(|n| n as usize)
    }

    /// The entity of a row, made if it is not there yet.
    pub(super) fn entity_of_row(&mut self, id: RowId) -> usize {
        if let Some(&e) = self.by_row.get(&id) {
            return e;
        }
        let (row, date) = (self.knowledge.row(id), self.reading.date);
        // A place acts for nobody, and what somebody is who holds no office yet, the table does not tell.
        let place = matches!(row.kind, Kind::Place | Kind::Capital);
        let open = place || (row.kind == Kind::Person && is_before(row, date));
        let entity = Entity {
            kind: row.entity_type,
            name: row.name.to_string(),
            code: row.code(date).map(str::to_string),
            sector: if open { None } else { row.sector(date) },
            coordinates: row.coordinates,
        };
        let entity = self.add(entity);
        self.known[entity] = Some(id);
        self.by_row.insert(id, entity);
        entity
    }

    /// The entity of the state with a code, if the tables have it.
    pub(super) fn entity_of_state(&mut self, code: &str) -> Option<usize> {
        self.knowledge.state(code).map(|row| self.entity_of_row(row))
    }

    /// The entity whose name has this key, if there is one.
    pub(super) fn find_key(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// Makes an entity findable under a key.
    pub(super) fn set_key(&mut self, key: String, entity: usize) {
        self.by_key.entry(key).or_insert(entity);
    }

    /// Adds an entity.
    pub(super) fn add(&mut self, entity: Entity) -> usize {
        self.entities.push(entity);
        self.first_names.push(0);
        self.known.push(None);
        self.entities.len() - 1
    }

    /// Adds a mention that covers whole tokens.
    pub(super) fn mention(
        &mut self,
        entities: &[usize],
        (first, last, head): (usize, usize, usize),
        kind: MentionKind,
        entity_type: Option<EntityType>,
    ) {
        let tokens = &self.reading.analysis.tokens;
        let (start, end) = (tokens[first].start as usize, tokens[last].end as usize);
        self.mentions.push(Mention { entities: entities.to_vec(), first, last, head, start, end, kind, entity_type });
        for &e in entities {
            if kind == MentionKind::Name {
                if self.first_names[e] == 0 {
                    self.first_names[e] = self.mentions.len();
                }
                (first..=last).for_each(|t| self.denoted.add(t, e));
            } else {
                self.denoted.add(head, e);
            }
        }
    }

    /// Adds a mention inside a token or by an adjective: the entity modifies `modified`.
    pub(super) fn modifier(&mut self, entity: usize, m: &Match, modified: usize, kind: MentionKind) {
        let known = self.mentions.iter().rev().take(8);
        if known.into_iter().any(|k| k.start == m.start && k.entities == [entity]) {
            return;
        }
        self.mentions.push(Mention {
            entities: vec![entity],
            first: m.first,
            last: m.last,
            head: m.last,
            start: m.start,
            end: m.end,
            kind,
            entity_type: None,
        });
        self.modifiers.add(modified, entity);
    }

    /// The row of the tables that an entity stands for; what the row leaves open is meant to be open.
    pub(super) fn row_of(&self, entity: usize) -> Option<RowId> {
        self.known.get(entity).copied().flatten()
    }

    /// Code and sector of an entity.
    pub(super) fn set_coding(&mut self, entity: usize, code: Option<&str>, sector: Option<Sector>) {
        let e = &mut self.entities[entity];
        if e.code.is_none() {
            e.code = code.map(str::to_string);
        }
        if e.sector.is_none() {
            e.sector = sector;
        }
    }

    /// What has been built.
    pub(super) fn finish(mut self) -> Actors {
        let main = nominals::main_state(&self);
        self.mentions.sort_by_key(|m| (m.start, m.end));
        let mut offices = self.matches;
        offices.retain(|m| m.kind == MatchKind::Office && m.part != Part::Front && m.part != Part::Middle);
        offices.sort_by_key(|m| (m.last, m.start));
        Actors {
            entities: self.entities,
            mentions: self.mentions,
            roles: self.roles,
            denoted: self.denoted,
            modifiers: self.modifiers,
            offices,
            main,
        }
    }
}

/// Whether a date lies before all of a row's terms.
fn is_before(row: &Row, date: Option<Date>) -> bool {
    date.is_some_and(|d| row.terms.iter().all(|t| t.validity.from.is_some_and(|from| d < from)))
}
