//! Behaviour of the actors room, on invented sentences.

use crate::record::{EntityType, RoleStatus};
use crate::{Document, Engine, Input, Layers};
use std::sync::OnceLock;

fn read(text: &str) -> Document {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| Engine::german().unwrap());
    let layers = Layers { entities: true, ..Layers::NONE };
    engine.read(Input::new(text).date("2025-04-08").layers(layers)).unwrap()
}

/// Names of the entities that a piece of the text stands for.
fn meant<'d>(doc: &'d Document, piece: &str) -> Vec<&'d str> {
    let at = doc.text().rfind(piece).unwrap();
    let end = at + piece.len();
    let covers = |m: &crate::record::Mention| m.start < end && at < m.end;
    doc.entities.iter().filter(|e| e.mentions.iter().any(covers)).map(|e| e.name.as_str()).collect()
}

#[test]
fn a_state_is_one_entity_whatever_names_it() {
    let doc = read("Japan warnt. Die japanische Regierung und US-Truppen sprachen mit den Japanern.");
    let states: Vec<_> = doc.entities.iter().filter(|e| e.kind == EntityType::State).map(|e| &*e.name).collect();
    assert_eq!(states, ["Japan", "USA"]);
    assert!(doc.entities.iter().any(|e| e.code.as_deref() == Some("USA") && e.kind != EntityType::State));
}

#[test]
fn offices_carry_holder_status_and_state() {
    let doc = read("Der frühere französische Präsident Jacques Chirac traf NATO-Generalsekretär Mark Rutte in Tokio.");
    let roles: Vec<_> = doc
        .roles
        .iter()
        .map(|r| (&*doc.entities[r.person].name, &*r.role, r.status, r.of.map(|e| &*doc.entities[e].name)))
        .collect();
    assert_eq!(
        roles,
        [
            ("Jacques Chirac", "Präsident", RoleStatus::Former, Some("Frankreich")),
            ("Mark Rutte", "Generalsekretär", RoleStatus::Current, Some("NATO")),
        ]
    );
}

#[test]
fn surnames_and_pronouns_lead_back_to_the_full_name() {
    let doc = read("Mark Rutte reiste nach Tokio. Dort lobte er die Truppen. Der Besuch Ruttes dauerte zwei Tage.");
    assert_eq!(meant(&doc, " er "), ["Mark Rutte"]);
    assert_eq!(meant(&doc, "Ruttes"), ["Mark Rutte"]);
}

#[test]
fn both_sides_are_two_actors() {
    let doc = read("Japan und die NATO haben ein Abkommen unterzeichnet. Beide Seiten sprachen von einem Erfolg.");
    assert_eq!(meant(&doc, "Beide Seiten"), ["Japan", "NATO"]);
}

#[test]
fn both_alone_are_the_last_two_of_one_kind() {
    let doc = read(
        "Der polnische Präsident Andrzej Duda traf in Prag den Ministerpräsidenten Petr Fiala. Beide lobten die Ukraine.",
    );
    assert_eq!(meant(&doc, "Beide"), ["Andrzej Duda", "Petr Fiala"]);
}
