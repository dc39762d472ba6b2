//! Names to entities: what the recogniser and the tables find becomes one entity for each real-world actor.
//!
//! The recogniser decides what is a name and of which kind, the tables whom it stands for; where the recogniser sees
//! nothing, an unambiguous name of the tables counts all the same. Persons are clustered by full name first, then
//! single names go to the full names that contain them.

use super::builder::Builder;
use super::names::features::gazetteer;
use super::names::{NameType, Recogniser};
use super::words::{Class, Words};
use super::{Entity, phrase};
use crate::knowledge::{Kind, Match, MatchKind, Part, RowId};
use crate::morphology::{Upos, feats};
use crate::record::{EntityType, MentionKind};
use crate::syntax::clause::Voice;
use crate::syntax::{Clauses, Deprel};
use rustc_hash::FxHashMap;

/// How many names of persons back the one named last is looked for.
const NEAR: usize = 200;

/// A name in the text that has no entity yet.
#[derive(Debug, Clone, Copy)]
struct Spot {
    first: usize,
    last: usize,
    /// Kind that the recogniser saw; none if only the tables know the name.
    kind: Option<NameType>,
}

/// Finds all names and adds their entities and mentions.
pub(super) fn link(b: &mut Builder<'_>, recogniser: &Recogniser, words: &Words) {
    let spots = spots(b, recogniser, words);
    persons(b, &spots, recogniser);
    let mut before: Option<(Spot, usize)> = None;
    for &spot in &spots {
        if is_person(b, &spot) {
            continue;
        }
        let alias = before.filter(|(s, _)| in_brackets_behind(b, &spot, s)).map(|(_, e)| e);
        let entity = other(b, &spot, alias, words);
        before = Some((spot, entity));
    }
    modifiers(b);
}

/// The names of the recogniser, and those of the tables that it did not touch, in the order of the text.
fn spots(b: &Builder<'_>, recogniser: &Recogniser, words: &Words) -> Vec<Spot> {
    let mut spots: Vec<Spot> = recogniser
        .read(b.reading, b.knowledge, &b.matches)
        .iter()
        .map(|n| Spot { first: n.first, last: n.last, kind: Some(n.kind) })
        .collect();
    let mut taken = vec![false; b.reading.len()];
    for s in &spots {
        taken[s.first..=s.last].fill(true);
    }
    for m in &b.matches {
        let name = m.kind == MatchKind::Name && m.part == Part::Whole && !m.ordinary && !m.covered;
        let kind = b.knowledge.row(m.row).kind;
        let free = || taken[m.first..=m.last].iter().all(|t| !t);
        if name && !matches!(kind, Kind::Office | Kind::Agent) && free() {
            taken[m.first..=m.last].fill(true);
            spots.push(Spot { first: m.first, last: m.last, kind: None });
        }
    }
    // "Diese Allianz" takes a name up and is none.
    let takes_up = |s: &Spot| {
        let before = s.first.checked_sub(1).filter(|&i| b.reading.analysis.tokens[i].upos == Upos::Det);
        s.first == s.last && before.is_some() && words.noun(b.reading.form(s.first)).is_some()
    };
    spots.retain(|s| !takes_up(s));
    spots.sort_by_key(|s| s.first);
    spots
}

/// The rows that exactly the tokens of a spot name.
fn rows<'b>(b: &'b Builder<'_>, spot: &Spot) -> impl Iterator<Item = &'b Match> + use<'b> {
    let last = spot.last;
    b.matches_at(spot.first).iter().filter(move |m| m.last == last && m.part == Part::Whole)
}

fn is_person(b: &Builder<'_>, spot: &Spot) -> bool {
    match spot.kind {
        Some(kind) => kind == NameType::Person,
        None => rows(b, spot).next().is_some_and(|m| b.knowledge.row(m.row).kind == Kind::Person),
    }
}

/// Whether a spot stands in brackets behind another, both of organisations: "Internationale Atombehörde (IAEA)".
fn in_brackets_behind(b: &Builder<'_>, spot: &Spot, before: &Spot) -> bool {
    let form = |i: usize| if i < b.reading.len() { b.reading.form(i) } else { "" };
    let organisation = |s: &Spot| s.kind.is_none_or(|k| k == NameType::Organisation);
    spot.first == before.last + 2
        && form(spot.first - 1) == "("
        && form(spot.last + 1) == ")"
        && organisation(spot)
        && organisation(before)
}

/// How well a row fits a kind of name: lower is better, none does not fit.
fn fit(kind: Option<NameType>, row: Kind) -> Option<u8> {
    let order: &[Kind] = match kind {
        Some(NameType::Place) => &[Kind::State, Kind::Capital, Kind::Place, Kind::Seat, Kind::Organisation],
        Some(NameType::Person) => &[Kind::Person],
        _ => &[Kind::Organisation, Kind::State, Kind::Seat, Kind::Capital, Kind::Place],
    };
    order.iter().position(|k| *k == row).map(|p| p as u8)
}

/// The row that a spot names best: one that holds at the document's date before one that does not.
fn best_row(b: &Builder<'_>, spot: &Spot) -> Option<RowId> {
    rows(b, spot)
        .filter(|m| m.kind == MatchKind::Name)
        .filter_map(|m| {
            let row = b.knowledge.row(m.row);
            fit(spot.kind, row.kind).map(|fit| ((!row.user, !row.holds(b.reading.date), fit, m.row), m.row))
        })
        .min()
        .map(|x| x.1)
}

/// The key of a name that no table has: small letters, endings of case cut off each word.
fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        let lower = word.to_lowercase();
        let stem = ["es", "en", "er", "em", "e", "s", "n", "’", "'"]
            .iter()
            .find_map(|e| lower.strip_suffix(e).filter(|s| s.chars().count() > 3))
            .unwrap_or(&lower);
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(stem);
    }
    out
}

fn entity_type(kind: Option<NameType>) -> EntityType {
    match kind {
        Some(NameType::Person) => EntityType::Person,
        Some(NameType::Place) => EntityType::Place,
        Some(NameType::Organisation) => EntityType::Org,
        _ => EntityType::Other,
    }
}

/// The type under which a mention counts, where it is not its entity's.
fn mention_type(kind: Option<NameType>, entity: EntityType) -> Option<EntityType> {
    let seen = kind?;
    let fits = match seen {
        NameType::Person => entity == EntityType::Person,
        NameType::Place => matches!(entity, EntityType::State | EntityType::Place),
        NameType::Organisation => matches!(entity, EntityType::Igo | EntityType::Org),
        NameType::Other => entity == EntityType::Other,
    };
    (!fits).then(|| entity_type(kind))
}

/// Links a name that is no person's; `alias` is the entity in whose brackets it stands.
fn other(b: &mut Builder<'_>, spot: &Spot, alias: Option<usize>, words: &Words) -> usize {
    let name = phrase::single_spaced(b.slice(spot.first, spot.last));
    let key = key(&name);
    let row = best_row(b, spot).filter(|row| !is_elsewhere(b, spot, *row));
    if let Some(state) = row.and_then(|row| government(b, spot, row, words)) {
        name_mention(b, spot, state);
        return state;
    }
    let entity = match (alias, b.find_key(&key), row) {
        (Some(e), ..) => e,
        (_, Some(e), _) => e,
        (_, _, Some(row)) => b.entity_of_row(row),
        _ => b.add(Entity {
            kind: entity_type(spot.kind),
            name: phrase::base_of_name(b.reading, spot.first, spot.last),
            code: None,
            sector: None,
            coordinates: None,
        }),
    };
    b.set_key(key, entity);
    if row.is_none() && alias.is_none() && name.len() < b.entities[entity].name.len() && name.contains(' ') {
        b.entities[entity].name = name;
    }
    name_mention(b, spot, entity);
    entity
}

/// Whether a name of common words ("Demokratische Partei", "Senat") cannot mean the row, since the text has little to do
/// with its state.
fn is_elsewhere(b: &Builder<'_>, spot: &Spot, row: RowId) -> bool {
    let row = b.knowledge.row(row);
    let common = || b.matches_ending(spot.last).any(|m| m.kind == MatchKind::Agent && m.part != Part::Front);
    // A "Demokratische Partei" is that of the state that the text is about.
    let described = spot.first < spot.last;
    let elsewhere =
        |code: &str| b.knowledge.state(code).is_some() && (!b.concerns(code) || (described && !b.is_about(code)));
    row.kind == Kind::Organisation && !row.user && row.code(b.reading.date).is_some_and(elsewhere) && common()
}

/// The state for whose government a capital stands here: it acts, or something is done with or against it.
fn government(b: &mut Builder<'_>, spot: &Spot, row: RowId, words: &Words) -> Option<usize> {
    if b.knowledge.row(row).kind != Kind::Capital || !b.knowledge.row(row).holds(b.reading.date) {
        return None;
    }
    let analysis = b.reading.analysis;
    let before = spot.first.checked_sub(1).filter(|i| b.sentence(spot.first).contains(i));
    let acts = match before.map(|i| (analysis.tokens[i].upos, words.get(b.reading.form(i)))) {
        Some((_, Some(Class::Toward))) => true,
        Some((Upos::Adp | Upos::Noun | Upos::Propn, _)) => false,
        _ => (spot.first..=spot.last).any(|i| {
            let verb = analysis.head(i).filter(|_| analysis.tokens[i].deprel == Deprel::Nsubj);
            verb.is_some_and(|v| {
                let town = words.get(b.reading.lemma(v)) == Some(Class::Town);
                let copula = analysis.children(v).iter().any(|&c| analysis.tokens[c as usize].deprel == Deprel::Cop);
                analysis.tokens[v].upos == Upos::Verb
                    && !town
                    && !copula
                    && Clauses::new(b.reading).voice(v) == Voice::Active
            })
        }),
    };
    let code = b.knowledge.row(row).code(b.reading.date).filter(|_| acts)?.to_string();
    b.entity_of_state(&code)
}

fn name_mention(b: &mut Builder<'_>, spot: &Spot, entity: usize) {
    let seen = mention_type(spot.kind, b.entities[entity].kind);
    // An organisation that the tables know and the recogniser takes for a common noun is described: "der Senat".
    let described = spot.kind.is_none() && matches!(b.entities[entity].kind, EntityType::Org | EntityType::Group);
    let kind = if described { MentionKind::Nominal } else { MentionKind::Name };
    b.mention(&[entity], (spot.first, spot.last, spot.last), kind, seen);
    b.named[spot.first..=spot.last].fill(entity as u32 + 1);
}

/// Links the persons: full names first, then single names.
fn persons(b: &mut Builder<'_>, spots: &[Spot], recogniser: &Recogniser) {
    let mut by_word: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut last_words: FxHashMap<usize, String> = FxHashMap::default();
    let of_person: Vec<Spot> = spots.iter().filter(|s| is_person(b, s)).copied().collect();
    let mut linked: Vec<Option<usize>> = vec![None; of_person.len()];
    for (spot, linked) in of_person.iter().zip(&mut linked).filter(|(s, _)| s.first < s.last) {
        let name = ungenitive(b, b.slice(spot.first, spot.last), spot.last, recogniser);
        let words: Vec<&str> = name.split_whitespace().collect();
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { continue };
        let key = format!("{first} {last}").to_lowercase();
        let entity = match (b.find_key(&key), best_row(b, spot)) {
            (Some(e), _) => e,
            (None, Some(row)) => b.entity_of_row(row),
            (None, None) => b.add(person(&words.join(" "))),
        };
        b.set_key(key, entity);
        let given = recogniser.gazetteer().bits(first) & (gazetteer::GIVEN_M | gazetteer::GIVEN_F);
        if given == gazetteer::GIVEN_M || given == gazetteer::GIVEN_F {
            b.set_gender(entity, given == gazetteer::GIVEN_F);
        }
        for w in &words {
            let known = by_word.entry(w.to_string()).or_default();
            if !known.contains(&entity) {
                known.push(entity);
            }
        }
        last_words.entry(entity).or_insert_with(|| last.to_string());
        *linked = Some(entity);
    }
    for (k, spot) in of_person.iter().enumerate() {
        let entity = linked[k].unwrap_or_else(|| {
            let form = b.slice(spot.first, spot.last);
            let nearest = linked[..k].iter().rev().take(NEAR).flatten().copied();
            let e = single(b, spot, form, nearest, (&by_word, &last_words), recogniser);
            by_word.entry(ungenitive(b, form, spot.last, recogniser)).or_default().push(e);
            e
        });
        linked[k] = Some(entity);
        name_mention(b, spot, entity);
    }
}

fn person(name: &str) -> Entity {
    Entity { kind: EntityType::Person, name: name.to_string(), code: None, sector: None, coordinates: None }
}

/// The entity of a name of one word: a full name of the document that contains it, best as its last word and best the
/// one named last; else a person of the tables; else a new one.
fn single(
    b: &mut Builder<'_>,
    spot: &Spot,
    form: &str,
    before: impl Iterator<Item = usize> + Clone,
    (by_word, last_words): (&FxHashMap<String, Vec<usize>>, &FxHashMap<usize, String>),
    recogniser: &Recogniser,
) -> usize {
    let stem = form.strip_suffix(['s', '\'', '’']).unwrap_or(form);
    for word in [form, stem] {
        let Some(known) = by_word.get(word) else { continue };
        let surname = |e: &usize| last_words.get(e).is_some_and(|w| w == word);
        let candidates: Vec<usize> = match known.iter().copied().filter(surname).collect::<Vec<_>>() {
            some if !some.is_empty() => some,
            _ => known.clone(),
        };
        let recent = before.clone().find(|e| candidates.contains(e));
        if let Some(e) = recent.or(candidates.first().copied()) {
            return e;
        }
    }
    let date = b.reading.date;
    let row = rows(b, spot)
        .filter(|m| matches!(m.kind, MatchKind::Surname | MatchKind::Name))
        .map(|m| (m.row, b.knowledge.row(m.row)))
        .filter(|(_, row)| row.kind == Kind::Person)
        .min_by_key(|(id, row)| (!row.user, !row.holds(date), *id))
        .map(|x| x.0);
    match row {
        Some(row) => b.entity_of_row(row),
        None => {
            let name = ungenitive(b, form, spot.last, recogniser);
            b.add(person(&name))
        }
    }
}

/// A person's name without the ending of the genitive, if it has one: "Ruttes" is "Rutte" where the document has that
/// too, or where the grammar says so and no list of names knows the longer form.
fn ungenitive(b: &Builder<'_>, name: &str, last_token: usize, recogniser: &Recogniser) -> String {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let cut = match (last.strip_suffix(['\'', '’']), last.strip_suffix('s')) {
        (Some(_), _) => true,
        (_, Some(stem)) if stem.chars().count() > 2 => {
            let genitive = b.reading.analysis.tokens[last_token].feats.is(&feats::CASE, "Gen");
            let listed = |form: &str| recogniser.gazetteer().bits(form) != 0;
            let alone = !name.contains(' ');
            b.has_form(stem) || genitive && !listed(last) && (alone || listed(stem))
        }
        _ => false,
    };
    let mut name = name.to_string();
    if cut {
        name.pop();
    }
    name
}

/// States and organisations inside longer words and in adjectives.
fn modifiers(b: &mut Builder<'_>) {
    let matches = std::mem::take(&mut b.matches);
    for m in &matches {
        let kind = b.knowledge.row(m.row).kind;
        if matches!(kind, Kind::Office | Kind::Agent) {
            continue;
        }
        match (m.kind, m.part) {
            (MatchKind::Adjective, Part::Whole) if b.named(m.first).is_none() => {
                let entity = b.entity_of_row(m.row);
                let noun = phrase::modified(b.reading, m.last);
                b.modifier(entity, m, noun, MentionKind::Adjective);
            }
            (MatchKind::Derived, Part::Whole) if b.named(m.first).is_none() && !m.ordinary => {
                let noun = phrase::modified(b.reading, m.last);
                if noun != m.last {
                    let entity = b.entity_of_row(m.row);
                    b.modifier(entity, m, noun, MentionKind::Adjective);
                }
            }
            (MatchKind::Adjective | MatchKind::Name | MatchKind::Surname, Part::Front | Part::Middle) => {
                let whole = b.named(m.first).filter(|&e| b.entities[e].code.is_some());
                if whole.is_none() && !m.ordinary && (kind != Kind::Person || m.kind == MatchKind::Name) {
                    let entity = b.entity_of_row(m.row);
                    b.modifier(entity, m, m.last, MentionKind::Compound);
                }
            }
            _ => {}
        }
    }
    b.matches = matches;
}
