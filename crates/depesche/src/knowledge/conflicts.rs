//! Conflicts are data: every form that two rows claim stands in `data/knowledge/conflicts.tsv`, with the rule by which
//! context decides. A table's editor who makes a new conflict sees this test fail and acknowledges it by updating the
//! list: `UPDATE_CONFLICTS=1 cargo test -p depesche conflicts`.

use super::*;
use std::collections::BTreeSet;

const LIST: &str = include_str!("../../data/knowledge/conflicts.tsv");

const HEAD: &str = "\
# Forms that two or more rows of the tables claim. Made by `UPDATE_CONFLICTS=1 cargo test -p depesche conflicts`; a test compares it.
# A form is spelt with the stems that the matcher holds. Before any rule, a longer match wins (\"Republik Kongo\" over \"Kongo\"), and a user's row wins.
# rule: how context decides
#   surname: the person whose full name the document has; else one who holds an office at the document's date; else the first in persons.tsv
#   full-name: two persons of one name; the one who holds an office at the document's date, else the first in persons.tsv
#   office-or-people: beside a person's name, or standing for one known person, it is an office; otherwise the people themselves (\"die Botschafter\")
#   people-or-adjective: before a noun it is the state's adjective, otherwise its people
#   several-states: the state that the document names otherwise; else the first in states.tsv
#   places: the place in a state that the document names otherwise; else a capital, else the first in places.tsv
#   person-or-other: the recogniser of names decides from context whether a person is named
#   by-type: the recogniser of names decides between person, place and organisation; the tables are then asked in the order of that type
#   name-or-noun: a name beside other names of its kind or with capital letters all through, otherwise the common noun
#   organisations: the organisation of the state that the document names otherwise; else the one that exists at its date; else the first in the table
#form\trule\tclaims
";

/// The rule for a form claimed by rows of these kinds.
fn rule(claims: &BTreeSet<(Kind, MatchKind, String)>) -> &'static str {
    let kinds: BTreeSet<Kind> = claims.iter().map(|c| c.0).collect();
    let is = |allowed: &[Kind]| kinds.iter().all(|k| allowed.contains(k));
    let person = kinds.contains(&Kind::Person);
    if is(&[Kind::Person]) {
        let full = claims.iter().any(|c| c.1 == MatchKind::Name);
        return if full && !claims.iter().any(|c| c.1 == MatchKind::Surname) { "full-name" } else { "surname" };
    }
    if is(&[Kind::Office, Kind::Agent]) {
        return "office-or-people";
    }
    if is(&[Kind::State]) {
        let as_adjective = claims.iter().any(|c| c.1 == MatchKind::Adjective);
        let as_people = claims.iter().any(|c| c.1 == MatchKind::Demonym);
        return if as_adjective && as_people { "people-or-adjective" } else { "several-states" };
    }
    if is(&[Kind::Place, Kind::Capital]) {
        return "places";
    }
    if is(&[Kind::Organisation]) {
        return "organisations";
    }
    match (kinds.contains(&Kind::Office) || kinds.contains(&Kind::Agent), person) {
        (true, _) => "name-or-noun",
        (false, true) => "person-or-other",
        (false, false) => "by-type",
    }
}

fn list() -> String {
    let knowledge = Knowledge::new().unwrap();
    let mut out = HEAD.to_string();
    for (form, entries) in knowledge.trie.forms() {
        let claim = |e: &lexicon::Entry| {
            let row = knowledge.row(e.row);
            (row.kind, e.kind, format!("{} {}", row.name, row.code(None).unwrap_or("-")))
        };
        let rows: BTreeSet<RowId> = entries.iter().map(|e| e.row).collect();
        if rows.len() > 1 {
            let claims: BTreeSet<_> = entries.iter().map(claim).collect();
            let spelt: Vec<String> = claims.iter().map(|(kind, _, name)| format!("{kind:?} {name}")).collect();
            out.push_str(&format!("{form}\t{}\t{}\n", rule(&claims), spelt.join(" | ")));
        }
    }
    out
}

#[test]
fn every_conflict_is_acknowledged() {
    let now = list();
    if std::env::var_os("UPDATE_CONFLICTS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/knowledge/conflicts.tsv");
        std::fs::write(path, now).unwrap();
        return;
    }
    let known: BTreeSet<&str> = LIST.lines().collect();
    let found: BTreeSet<&str> = now.lines().collect();
    let fresh: Vec<_> = found.difference(&known).take(20).collect();
    let gone: Vec<_> = known.difference(&found).take(20).collect();
    assert!(
        fresh.is_empty() && gone.is_empty(),
        "new conflicts: {fresh:#?}\nno longer: {gone:#?}\nIf they are meant: UPDATE_CONFLICTS=1 cargo test -p depesche conflicts"
    );
}
