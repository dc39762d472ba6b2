//! Actors: tokens and trees in; entities, their mentions and offices out.
//!
//! Names come from two sources: the tables of [`crate::knowledge`] and the learned recogniser in [`names`]. `linking`
//! brings both together, one entity for each real-world actor; `nominals` adds noun phrases that name actors without a
//! name ("die japanische Regierung", "Demonstranten"); `roles` reads offices; `coreference` follows actors through
//! descriptions and pronouns. Later rooms ask [`Actors`] whom a token denotes, and add the groups that take part in what
//! they find.

mod builder;
mod coding;
mod coreference;
mod linking;
pub mod names;
mod nominals;
mod phrase;
mod roles;
#[cfg(test)]
mod tests;
mod words;

use crate::engine::BuildError;
use crate::knowledge::{Knowledge, Match};
use crate::model::Model;
use crate::morphology::Lexicon;
use crate::reading::Reading;
use crate::record::{self, EntityType, MentionKind, Sector};
use builder::Builder;
use names::Recogniser;
use words::Words;

/// A mention with its tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Ids of the entities meant; several for "beide Seiten".
    pub entities: Vec<usize>,
    /// First token.
    pub first: usize,
    /// Last token, inclusive.
    pub last: usize,
    /// The token that heads the mention in the tree.
    pub head: usize,
    /// First byte; inside a token for compounds.
    pub start: usize,
    /// First byte behind.
    pub end: usize,
    /// How it names the entity.
    pub kind: MentionKind,
    /// Kind of thing named here, where it differs from the entity's.
    pub entity_type: Option<EntityType>,
}

/// An entity without its mentions.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Kind of entity.
    pub kind: EntityType,
    /// Canonical name.
    pub name: String,
    /// Whom it stands for.
    pub code: Option<String>,
    /// Sector of the actor.
    pub sector: Option<Sector>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
}

/// Which entities the tokens of a text stand for. A row of ids for each token that stands for any.
#[derive(Debug, Default)]
struct Index {
    /// For each token one more than the number of its row; 0 for none.
    rows: Vec<u32>,
    ids: Vec<Vec<usize>>,
}

impl Index {
    fn new(tokens: usize) -> Index {
        Index { rows: vec![0; tokens], ids: Vec::new() }
    }

    fn get(&self, token: usize) -> &[usize] {
        let row = self.rows.get(token).copied().unwrap_or_default() as usize;
        row.checked_sub(1).and_then(|r| self.ids.get(r)).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, token: usize, entity: usize) {
        let Some(row) = self.rows.get_mut(token) else { return };
        if *row == 0 {
            self.ids.push(Vec::new());
            *row = self.ids.len() as u32;
        }
        let ids = &mut self.ids[*row as usize - 1];
        if !ids.contains(&entity) {
            ids.push(entity);
        }
    }
}

/// Entities, mentions and roles of one text.
#[derive(Debug, Default)]
pub struct Actors {
    /// Entities; an id is an index of this list.
    pub entities: Vec<Entity>,
    /// Mentions, sorted by their first byte; those that [`Actors::participant`] adds stand at the end.
    pub mentions: Vec<Mention>,
    /// Offices, with byte ranges.
    pub roles: Vec<record::Role>,
    denoted: Index,
    modifiers: Index,
    /// The offices that the text names, sorted by their last token.
    offices: Vec<Match>,
    /// The code of the state that the text is about.
    main: Option<String>,
}

impl Actors {
    /// The mentions headed by a token.
    pub fn headed_by(&self, token: usize) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |m| m.head == token)
    }

    /// The entities meant by the noun phrase headed by a token: by a name, a description such as "die japanische
    /// Regierung" or a resolved pronoun. Every token of a name denotes its entity, so that it does not matter which of
    /// them the parser takes for the head.
    pub fn denoted(&self, token: usize) -> &[usize] {
        self.denoted.get(token)
    }

    /// The entities named inside a token ("US" in "US-Angriff") or by an adjective that modifies it ("russischer
    /// Angriff").
    pub fn modifiers(&self, token: usize) -> &[usize] {
        self.modifiers.get(token)
    }

    /// The office that ends in a token.
    fn office_at(&self, token: usize) -> Option<&Match> {
        let at = self.offices.binary_search_by_key(&token, |m| m.last).ok()?;
        self.offices.get(at)
    }

    /// The entity that [`Actors::participant`] would make for a noun phrase, if it would make one.
    pub fn likely_participant(&self, reading: &Reading<'_>, knowledge: &Knowledge, token: usize) -> Option<Entity> {
        nominals::group(self, reading, knowledge, token).map(|(entity, _)| entity)
    }

    /// What [`Actors::denoted`] says, or else a new entity for a noun phrase that names somebody not yet known ("zehn
    /// Zivilisten"). Empty if the phrase names nobody.
    pub fn participant(&mut self, reading: &Reading<'_>, knowledge: &Knowledge, token: usize) -> Vec<usize> {
        if self.denoted(token).is_empty()
            && let Some((entity, mention)) = nominals::group(self, reading, knowledge, token)
        {
            self.entities.push(entity);
            self.denoted.add(token, self.entities.len() - 1);
            self.mentions.push(Mention { entities: vec![self.entities.len() - 1], ..mention });
        }
        self.denoted(token).to_vec()
    }

    /// Entities and roles as the record holds them.
    pub fn into_record(mut self, _reading: &Reading<'_>) -> (Vec<record::Entity>, Vec<record::Role>) {
        let mut entities: Vec<record::Entity> = self
            .entities
            .into_iter()
            .enumerate()
            .map(|(id, e)| record::Entity {
                id,
                kind: e.kind,
                name: e.name,
                code: e.code,
                sector: e.sector,
                lat: e.coordinates.map(|c| c.0),
                lon: e.coordinates.map(|c| c.1),
                mentions: Vec::new(),
            })
            .collect();
        self.mentions.sort_by_key(|m| (m.start, m.end));
        for m in self.mentions {
            for &id in &m.entities {
                entities[id].mentions.push(record::Mention {
                    start: m.start,
                    end: m.end,
                    kind: m.kind,
                    entity_type: m.entity_type,
                });
            }
        }
        (entities, self.roles)
    }
}

/// Finds the actors of a text.
#[derive(Debug)]
pub struct ActorLayer {
    recogniser: Recogniser,
    words: Words,
}

impl ActorLayer {
    /// Takes the name recogniser out of the model.
    ///
    /// # Errors
    /// If its section is missing or malformed or a data file has a malformed row.
    pub fn new(model: &Model, lexicon: &Lexicon) -> Result<ActorLayer, BuildError> {
        Ok(ActorLayer { recogniser: Recogniser::new(model, lexicon)?, words: Words::new()? })
    }

    /// Entities, mentions and roles of a parsed text.
    pub fn find(&self, reading: &Reading<'_>, knowledge: &Knowledge) -> Actors {
        let mut builder = Builder::new(reading, knowledge);
        linking::link(&mut builder, &self.recogniser, &self.words);
        nominals::describe(&mut builder, &self.words);
        coding::organisations(&mut builder, &self.words);
        roles::read(&mut builder, &self.words);
        coding::persons(&mut builder, &self.words);
        coreference::resolve(&mut builder, &self.words);
        builder.finish()
    }
}
