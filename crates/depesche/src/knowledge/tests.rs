//! Behaviour of the knowledge room: tables, matching, user dictionaries, conflicts.

use super::*;
use crate::analysis::Analysis;
use crate::reading::Reading;
use crate::text::Splitter;

fn find<T>(knowledge: &Knowledge, text: &str, read: impl Fn(&Match) -> T) -> Vec<T> {
    let mut analysis = Analysis::default();
    Splitter::new().unwrap().split(text, &mut analysis);
    let reading = Reading { text, title: None, date: None, analysis: &analysis };
    let mut matches = Vec::new();
    knowledge.matches(&reading, &mut matches);
    matches.iter().filter(|m| !m.covered).map(read).collect()
}

/// "surface:kind:code" of every match that no other spans.
fn named(text: &str) -> Vec<String> {
    let knowledge = Knowledge::new().unwrap();
    let mut found = find(&knowledge, text, |m| {
        let code = knowledge.row(m.row).code(None).unwrap_or("-");
        format!("{}:{:?}:{code}", &text[m.start..m.end], m.kind)
    });
    found.dedup();
    found
}

/// Base forms of the offices in a text.
fn offices(text: &str) -> Vec<String> {
    let knowledge = Knowledge::new().unwrap();
    let mut found = find(&knowledge, text, |m| match m.kind {
        MatchKind::Office => format!("{}:{:?}", knowledge.base_form(text, m), m.sector),
        _ => String::new(),
    });
    found.retain(|f| !f.is_empty());
    found
}

#[test]
fn states_by_name_adjective_and_people() {
    assert_eq!(named("Japans Küste"), ["Japans:Name:JPN"]);
    assert_eq!(named("Das japanische Wetter"), ["japanische:Adjective:JPN"]);
    assert_eq!(named("Zwei Israelis und drei Russinnen"), ["Israelis:Demonym:ISR", "Russinnen:Demonym:RUS"]);
    assert_eq!(named("in den Vereinigten Staaten"), ["Vereinigten Staaten:Name:USA"]);
    assert_eq!(named("den Deutschen"), ["Deutschen:Adjective:DEU", "Deutschen:Demonym:DEU"]);
    assert_eq!(named("der Demokratischen Republik Kongo"), ["Demokratischen Republik Kongo:Name:COD"]);
}

#[test]
fn seats_and_capitals() {
    assert_eq!(named("aus dem Weißen Haus"), ["Weißen Haus:Name:USA"]);
    assert_eq!(named("Tokios Absage"), ["Tokios:Name:JPN"]);
    assert_eq!(named("ein Berliner Beamter")[0], "Berliner:Derived:DEU");
}

#[test]
fn names_inside_words() {
    assert_eq!(named("Die Russlandsanktionen")[0], "Russland:Name:RUS");
    let parts: Vec<String> = named("Der NATO-Generalsekretär schwieg.");
    assert_eq!(parts, ["NATO:Name:NATO", "Generalsekretär:Office:-"]);
    assert_eq!(named("Die Nato tagt."), ["Nato:Name:NATO"]);
    assert_eq!(named("Der BUND klagt."), ["BUND:Name:DEU"]);
    assert!(named("Der Bund zahlt.").is_empty());
}

#[test]
fn offices_in_base_form() {
    assert_eq!(offices("Die Ministerpräsidentinnen"), ["Ministerpräsidentin:Some(Gov)"]);
    assert_eq!(offices("des Tourismusministers"), ["Tourismusminister:Some(Gov)"]);
    assert_eq!(offices("Der Armeesprecher"), ["Armeesprecher:Some(Mil)"]);
    assert_eq!(offices("Der Exminister"), ["Minister:Some(Gov)"]);
    assert_eq!(offices("dem Vorsitzenden"), ["Vorsitzender:None"]);
    assert_eq!(offices("Der Lautsprecher"), [] as [&str; 0]);
}

#[test]
fn surnames_give_the_person() {
    assert_eq!(named("Angela Merkel"), ["Angela Merkel:Name:DEU"]);
    assert_eq!(named("Merkels Rede"), ["Merkels:Surname:DEU"]);
}

#[test]
fn terms_follow_the_date() {
    let knowledge = Knowledge::new().unwrap();
    let (id, _) = knowledge.named("Mark Rutte")[0];
    let rutte = knowledge.row(id);
    assert_eq!(rutte.code("2015-05-01".parse().ok()), Some("NLD"));
    assert_eq!(rutte.code("2025-05-01".parse().ok()), Some("NATO"));
    assert_eq!(rutte.code(None), Some("NATO"));
}

#[test]
fn a_party_tells_the_sector_between_offices() {
    let knowledge = Knowledge::new().unwrap();
    let sector = |name: &str, date: &str| knowledge.row(knowledge.named(name)[0].0).sector(date.parse().ok());
    assert_eq!(sector("CDU", "2004-03-01"), Some(Sector::Opp));
    assert_eq!(sector("CDU", "2012-03-01"), Some(Sector::Gov));
    assert_eq!(sector("Renate Künast", "2002-03-01"), Some(Sector::Gov));
    assert_eq!(sector("Renate Künast", "2010-03-01"), Some(Sector::Opp));
    assert_eq!(sector("Ollanta Humala", "2006-03-01"), Some(Sector::Opp));
    assert_eq!(sector("Saddam Hussein", "2005-03-01"), Some(Sector::Gov));
}

#[test]
fn former_and_de_facto_states_have_the_code_of_today() {
    let knowledge = Knowledge::new().unwrap();
    let code = |name: &str| knowledge.row(knowledge.named(name)[0].0).code(None).map(str::to_string);
    assert_eq!(code("Abchasien").as_deref(), Some("GEO"));
    let name = |code: &str| knowledge.state(code).map(|id| knowledge.row(id).name.to_string());
    assert_eq!(name("GEO").as_deref(), Some("Georgien"));
    assert_eq!(name("DEU").as_deref(), Some("Deutschland"));
    assert_eq!(named("In Bayern"), ["Bayern:Name:DEU"]);
}

fn with_table(name: &str, content: &str) -> Result<Knowledge, BuildError> {
    let mut user = UserTables::default();
    user.add_content(name, content);
    Knowledge::with(&user)
}

#[test]
fn user_rows_win() {
    let knowledge = with_table("organisations-own.tsv", "Merkel\tXYZ\torg\tNGO\nNATO\tOTAN\tigo\tIGO\n").unwrap();
    let codes = |text: &str| find(&knowledge, text, |m| knowledge.row(m.row).code(None).map(str::to_string));
    assert_eq!(codes("Merkel"), [Some("XYZ".to_string())]);
    assert_eq!(codes("Angela Merkel"), [Some("DEU".to_string())]);
    assert_eq!(codes("NATO"), [Some("OTAN".to_string())]);
}

#[test]
fn malformed_rows_are_named() {
    let message = |name: &str, content: &str| with_table(name, content).unwrap_err().to_string();
    let rows = "# own\nAnna Muster\tDEU\tMinisterin\tGOV\nBert Muster\tDEU\tMinister\tGOVERNMENT\n";
    assert!(message("persons.tsv", rows).starts_with("persons.tsv:3: `GOVERNMENT` is no sector"));
    assert!(message("places.tsv", "Ort\tDEU\tcity\t91\t10\n").starts_with("places.tsv:1: `91`"));
    assert!(message("persons.tsv", "A B\tDEU\tX\tGOV\t2020\t2019\n").contains("ends (2019) before it begins"));
    assert!(message("actors.tsv", "").contains("no table has this name"));
    assert!(message("seats.tsv", "Ort").contains("at least 4 expected"));
    let mut user = UserTables::default();
    user.add_path("no/such/persons.tsv");
    assert!(Knowledge::with(&user).unwrap_err().to_string().contains("cannot be read"));
}
