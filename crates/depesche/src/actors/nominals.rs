//! Actors without a name: "die japanische Regierung", "US-Truppen", "zehn Zivilisten".
//!
//! A noun of the table of actors that stands for its state ("Regierung") denotes the state; one that is an institution
//! ("Parlament") or a group of people ("Demonstranten") becomes an entity of its own with the code of its state. The
//! state is named by an adjective, the first part of the word, or a name behind it; where nothing names one, it is the
//! state that the text is mostly about.

use super::builder::Builder;
use super::words::{Class, Words};
use super::{Actors, Entity, Mention, coding, phrase};
use crate::knowledge::{Kind, Knowledge, Match, MatchKind, Part};
use crate::morphology::{Upos, feats};
use crate::reading::Reading;
use crate::record::{EntityType, MentionKind, Sector};
use crate::syntax::Deprel;

/// Adds an entity or a mention for each noun of the tables that stands for actors.
pub(super) fn describe(b: &mut Builder<'_>, words: &Words) {
    let main = main_state(b);
    let matches = std::mem::take(&mut b.matches);
    for m in &matches {
        let head = m.last;
        if b.named(head).is_some() || !b.denoted.get(head).is_empty() {
            continue;
        }
        match (m.kind, m.part) {
            (MatchKind::Agent, Part::Whole | Part::Back) => agent(b, m, main.as_deref(), words),
            (MatchKind::Demonym, Part::Whole) => people(b, m),
            _ => {}
        }
    }
    b.matches = matches;
}

/// The code of the state that the text names most often; the earlier of two.
pub(super) fn main_state(b: &Builder<'_>) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for m in &b.mentions {
        let code = m.entities.first().and_then(|&e| b.entities[e].code.as_deref());
        let Some(code) = code.filter(|c| b.knowledge.state(c).is_some()) else { continue };
        match counts.iter_mut().find(|c| c.0 == code) {
            Some(c) => c.1 += 1,
            None => counts.push((code, 1)),
        }
    }
    let best = counts.iter().rev().max_by_key(|c| c.1);
    best.map(|c| c.0.to_string())
}

/// The entity that says to whom a noun belongs: named by an adjective or inside the word, or by a name behind it.
pub(super) fn owner(b: &Builder<'_>, head: usize) -> Option<usize> {
    b.modifiers.get(head).first().copied().or_else(|| name_behind(b, head)).or_else(|| genitive_before(b, head))
}

/// A name that belongs to the noun before it: "Regierung Japans", "Präsident der Ukraine", "Regierung in Teheran".
pub(super) fn name_behind(b: &Builder<'_>, head: usize) -> Option<usize> {
    let end = b.sentence(head).end.min(head + 4);
    for i in head + 1..end {
        if let Some(e) = b.named(i) {
            let genitive = i > head + 1 || b.reading.form(i).ends_with(['s', 'S', '\'', '’']);
            return (b.entities[e].kind != EntityType::Person && genitive).then_some(e);
        }
        let form = b.reading.form(i);
        let link = matches!(form, "der" | "des" | "von" | "vom" | "in" | "im" | "aus" | "den" | "für");
        if !link && b.reading.analysis.tokens[i].upos != Upos::Adj {
            return None;
        }
    }
    None
}

/// A name in the genitive before the noun: "Japans Regierung".
fn genitive_before(b: &Builder<'_>, head: usize) -> Option<usize> {
    let first = phrase::first_of(b.reading, head);
    let before = first.checked_sub(1).filter(|&i| b.sentence(head).contains(&i))?;
    let genitive = b.reading.form(before).ends_with(['s', '\'', '’']);
    b.named(before).filter(|&e| genitive && b.entities[e].kind != EntityType::Person)
}

fn agent(b: &mut Builder<'_>, m: &Match, main: Option<&str>, words: &Words) {
    let head = m.last;
    let row = b.knowledge.row(m.row);
    let kind = row.entity_type;
    let own = row.code(b.reading.date).map(str::to_string);
    let owner = owner(b, head);
    let code = own.or_else(|| owner.and_then(|e| b.entities[e].code.clone()));
    let first = phrase::first_of(b.reading, head);
    if kind == EntityType::State {
        // "Länder" without more are no state in particular.
        if code.is_none() && phrase::is_plural(b.reading, first, head) {
            return;
        }
        let state = code.as_deref().or(main).and_then(|c| b.entity_of_state(c));
        if let Some(state) = state {
            b.mention(&[state], (first, head, head), MentionKind::Nominal, None);
        }
        return;
    }
    let base = phrase::nominative(b.reading, first, head);
    // "Al-Qaida-Mitglieder" are of no state, as their organisation.
    let nowhere = owner.is_some_and(|e| b.row_of(e).is_some() && b.entities[e].kind != EntityType::Place);
    let stateless = kind == EntityType::Igo || row.is_stateless() || nowhere || is_abroad(b, words, first, head);
    let code = code.or_else(|| main.filter(|_| !stateless).map(str::to_string));
    let sector = coding::of_noun(b, words, m, first);
    let key = format!("{}\t{}", code.as_deref().unwrap_or_default(), b.knowledge.base_form(b.reading.text, m));
    let entity = b.find_key(&key).unwrap_or_else(|| {
        let name = phrase::attributes(b.reading, first, head) + &base;
        b.add(Entity { kind, name, code, sector, coordinates: None })
    });
    b.set_key(key, entity);
    b.mention(&[entity], (first, head, head), MentionKind::Nominal, None);
}

/// Whether an adjective says that somebody is not of the state that the text is about: "internationale Beobachter".
fn is_abroad(b: &Builder<'_>, words: &Words, first: usize, head: usize) -> bool {
    (first..head).any(|i| words.adjective(b.reading.form(i)) == Some(Class::Abroad))
}

/// A people's name: with a definite article alone the state ("die Israelis"), else a group or a person of it.
fn people(b: &mut Builder<'_>, m: &Match) {
    let first = phrase::first_of(b.reading, m.last);
    let singular = b.reading.analysis.tokens[m.last].feats.is(&feats::NUMBER, "Sing");
    let plural = !singular || phrase::is_plural(b.reading, first, m.last);
    if first == m.last && plural && phrase::is_definite(b.reading, first) {
        let state = b.entity_of_row(m.row);
        b.mention(&[state], (first, m.last, m.last), MentionKind::Demonym, None);
        return;
    }
    let kind = if plural { EntityType::Group } else { EntityType::Person };
    let name = phrase::attributes(b.reading, first, m.last) + &phrase::nominative(b.reading, first, m.last);
    // "Bosnische Serben" are of Bosnia.
    let other = b.modifiers.get(m.last).first().and_then(|&e| b.entities[e].code.clone());
    let code = other.or_else(|| b.knowledge.row(m.row).code(b.reading.date).map(str::to_string));
    let key = format!("{}\t{name}", code.as_deref().unwrap_or_default());
    let entity = b
        .find_key(&key)
        .unwrap_or_else(|| b.add(Entity { kind, name, code, sector: Some(Sector::Cvl), coordinates: None }));
    b.set_key(key, entity);
    b.mention(&[entity], (first, m.last, m.last), MentionKind::Nominal, None);
}

/// A new entity for a noun phrase of which nothing is known yet, with its mention; none if it names nobody.
pub(super) fn group(
    actors: &Actors,
    reading: &Reading<'_>,
    knowledge: &Knowledge,
    head: usize,
) -> Option<(Entity, Mention)> {
    let token = reading.analysis.tokens.get(head)?;
    let nominal = match token.upos {
        Upos::Noun | Upos::Propn | Upos::Num => true,
        Upos::X | Upos::Adj => reading.form(head).starts_with(char::is_uppercase),
        _ => false,
    };
    if !nominal || (token.upos == Upos::Noun && !knowledge.may_act(reading.lemma(head))) {
        return None;
    }
    let first = phrase::first_of(reading, head);
    let owned = phrase::genitive_behind(reading, head).map_or("", |range| &reading.text[range]);
    let name = phrase::attributes(reading, first, head) + &phrase::nominative(reading, first, head) + owned;
    let singular = token.feats.is(&feats::NUMBER, "Sing");
    let person = singular
        && knowledge.named(reading.lemma(head)).iter().any(|(r, _)| matches!(knowledge.row(*r).kind, Kind::Office));
    // The state: an adjective or part of the word, or a name that depends on the noun.
    let analysis = reading.analysis;
    let dependents = analysis.children(head).iter().map(|&c| c as usize);
    let named = dependents.filter(|&c| analysis.tokens[c].deprel == Deprel::Nmod).flat_map(|c| actors.denoted(c));
    let owner = actors.modifiers(head).iter().chain(named).next();
    let code = owner.and_then(|&e| actors.entities.get(e)).and_then(|e| e.code.clone());
    // Who holds an office that is not said of whom holds it in the state that the text is about.
    let code = code.or_else(|| actors.main.clone().filter(|_| person));
    let kind = if person { EntityType::Person } else { EntityType::Group };
    let sector = actors.office_at(head).and_then(|m| m.sector);
    let theirs =
        owner.and_then(|&e| actors.entities.get(e)).filter(|e| matches!(e.kind, EntityType::Org | EntityType::Igo));
    let sector = sector.or_else(|| theirs.and_then(|e| e.sector)).or(Some(Sector::Cvl));
    let mention = Mention {
        entities: Vec::new(),
        first,
        last: head,
        head,
        start: analysis.tokens[first].start as usize,
        end: token.end as usize,
        kind: MentionKind::Nominal,
        entity_type: None,
    };
    Some((Entity { kind, name, code, sector, coordinates: None }, mention))
}
