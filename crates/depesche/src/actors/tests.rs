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

#[test]
fn a_capital_that_acts_is_a_government_and_otherwise_a_town() {
    let doc = read("Moskau warnt vor neuen Sanktionen. In Moskau liegt Schnee. Das Gespräch mit Peking dauerte lange.");
    let kinds: Vec<_> = doc.entities.iter().map(|e| (&*e.name, e.kind)).collect();
    assert!(kinds.contains(&("Russland", EntityType::State)));
    assert!(kinds.contains(&("Moskau", EntityType::Place)));
    assert!(kinds.contains(&("China", EntityType::State)));
}

#[test]
fn an_alliance_named_inside_a_word_is_taken_up() {
    let doc = read("NATO-Generalsekretär Mark Rutte reist nach Oslo. Die Mitglieder des Bündnisses beraten dort.");
    assert_eq!(meant(&doc, "Bündnisses"), ["NATO"]);
}

#[test]
fn a_description_by_an_earlier_office_means_the_person() {
    let doc = read("Mark Rutte lobte die Truppen. Der frühere niederländische Regierungschef reist bald ab.");
    assert!(meant(&doc, "Regierungschef").contains(&"Mark Rutte"));
}

#[test]
fn the_sector_comes_from_the_words_around_a_name() {
    let doc = read(
        "Die Bürgerrechtsorganisation Lumara klagte. Der Präsident der Universität Göttingen, Karl Zwerenz, schwieg. \
         Die oppositionellen Parteien jubelten. Das Bundesamt für Wirtschaft und Ausfuhr prüft.",
    );
    let sector = |name: &str| doc.entities.iter().find(|e| e.name.contains(name)).and_then(|e| e.sector);
    use crate::record::Sector;
    assert_eq!(sector("Lumara"), Some(Sector::Ngo));
    assert_eq!(sector("Zwerenz"), Some(Sector::Cvl));
    assert_eq!(sector("Parteien"), Some(Sector::Opp));
    assert_eq!(sector("Bundesamt"), Some(Sector::Gov));
}

#[test]
fn groups_are_called_in_the_nominative_with_their_genitive() {
    let named = |text: &str, word: &str| {
        let engine = Engine::german().unwrap();
        let read =
            engine.worker().inspect(Input::new(text).layers(Layers::ALL), |_, reading, knowledge, actors, _, _| {
                let token = (0..reading.len()).find(|t| reading.form(*t) == word).unwrap();
                let made = actors.participant(reading, knowledge, token);
                made.first().map(|e| actors.entities[*e].name.clone())
            });
        read.unwrap()
    };
    let text = "Die Polizei sprach mit Demonstranten und mit den Fackelträgern des Zuges.";
    assert_eq!(named(text, "Demonstranten").as_deref(), Some("Demonstranten"));
    assert_eq!(named(text, "Fackelträgern").as_deref(), Some("Fackelträger des Zuges"));
}

#[test]
fn the_councils_of_the_union_are_two() {
    let doc = read("Der Europäische Rat tagt am Montag. Der EU-Ministerrat berät über den Haushalt.");
    assert_eq!(meant(&doc, "Rat tagt"), ["Europäischer Rat"]);
    assert_eq!(meant(&doc, "EU-Ministerrat"), ["Rat der Europäischen Union"]);
}

#[test]
fn a_name_is_called_with_single_spaces() {
    let doc = read("Am Montag traf der Botschafter Sergej  Wolkonin ein. Der Verein  Lumara Sedrin begrüßte ihn.");
    assert_eq!(meant(&doc, "Wolkonin"), ["Sergej Wolkonin"]);
    assert!(doc.entities.iter().all(|e| !e.name.contains("  ")), "{:?}", doc.entities);
}
