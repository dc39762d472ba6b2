//! Actors: tokens and trees in; entities, their mentions and offices out.
//!
//! Later rooms ask [`Actors`] whom a token denotes, and add the groups that take part in what they find.

pub mod names;

use crate::engine::BuildError;
use crate::knowledge::Knowledge;
use crate::model::Model;
use crate::reading::Reading;
use crate::record::{self, EntityType, MentionKind, Sector};

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

/// Entities, mentions and roles of one text.
#[derive(Debug, Default)]
pub struct Actors {
    /// Entities; an id is an index of this list.
    pub entities: Vec<Entity>,
    /// Mentions, sorted by their first byte.
    pub mentions: Vec<Mention>,
    /// Offices, with byte ranges.
    pub roles: Vec<record::Role>,
}

impl Actors {
    /// The mentions headed by a token.
    pub fn headed_by(&self, token: usize) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |m| m.head == token)
    }

    /// Entities and roles as the record holds them.
    pub fn into_record(self, _reading: &Reading<'_>) -> (Vec<record::Entity>, Vec<record::Role>) {
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
pub struct ActorLayer {}

impl ActorLayer {
    /// Takes the name recogniser out of the model.
    ///
    /// # Errors
    /// If its section is missing or malformed or a data file has a malformed row.
    pub fn new(_model: &Model, _knowledge: &Knowledge) -> Result<ActorLayer, BuildError> {
        Ok(ActorLayer {})
    }

    /// Entities, mentions and roles of a parsed text.
    pub fn find(&self, _reading: &Reading<'_>, _knowledge: &Knowledge) -> Actors {
        Actors::default()
    }
}
