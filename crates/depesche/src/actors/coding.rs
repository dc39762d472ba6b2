//! Coding: for whom an entity stands that no table knows, and in which sector it acts.
//!
//! Organisations come first, since offices take over what is known of them: their sector is told by a noun beside the
//! name ("die Bürgerrechtsorganisation X", "X, eine Behörde der USA") or by the name itself ("Bundesamt für …").
//! Persons follow once the offices are read: the noun before them, the party behind them in brackets, the organisation
//! that the words around them name. What nothing tells gets the state that the text is about.

use super::builder::Builder;
use super::nominals;
use super::words::Words;
use crate::knowledge::{Kind, Match, MatchKind, OfficeKind, Part};
use crate::morphology::Upos;
use crate::record::{EntityType, Sector};

/// How far the noun may stand from the name that it tells something about.
const BESIDE: usize = 7;

/// The sector of the holder of an office: its own, that of the organisation in which it is held, or both together.
pub(super) fn of_office(kind: Option<OfficeKind>, own: Option<Sector>, of: Option<&Institution>) -> Option<Sector> {
    use OfficeKind as Office;
    let Some(of) = of else {
        // Who leads a party of which nothing is known, or wants an office, is not in government.
        let outside = matches!(kind, Some(Office::Party | Office::Candidate));
        return own.or(outside.then_some(Sector::Opp));
    };
    let theirs = of.sector;
    match kind {
        _ if of.international => theirs.or(own),
        Some(Office::Minister | Office::Local | Office::Monarch | Office::Judge | Office::Police) => own.or(theirs),
        Some(Office::Military | Office::Rebel) if theirs != Some(Sector::Reb) => own.or(theirs),
        Some(Office::Legislator) if theirs != Some(Sector::Opp) => own.or(theirs),
        Some(Office::HeadOfState | Office::HeadOfGovernment | Office::Official | Office::Diplomat) if of.party => {
            own.or(theirs)
        }
        Some(Office::Other) | None => member(of).or(own),
        _ => theirs.or(own),
    }
}

/// The organisation in which an office is held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Institution {
    sector: Option<Sector>,
    international: bool,
    party: bool,
}

/// What the coding of its members needs of an organisation; none if the entity is something else.
pub(super) fn institution(b: &Builder<'_>, entity: usize) -> Option<Institution> {
    let e = &b.entities[entity];
    matches!(e.kind, EntityType::Org | EntityType::Igo | EntityType::Group).then(|| Institution {
        sector: e.sector,
        international: e.kind == EntityType::Igo,
        party: is_party(b, entity),
    })
}

/// Who belongs to a governing party without an office in the government sits in parliament.
fn member(of: &Institution) -> Option<Sector> {
    if of.party && of.sector == Some(Sector::Gov) { Some(Sector::Leg) } else { of.sector }
}

/// Whether an organisation is a party: the tables have it in opposition at some time.
fn is_party(b: &Builder<'_>, entity: usize) -> bool {
    let terms = b.row_of(entity).map(|row| &b.knowledge.row(row).terms);
    terms.is_some_and(|terms| terms.iter().any(|t| t.sector == Some(Sector::Opp)))
}

/// The sector of actors that a common noun names: what an adjective says, or the noun, or the organisation inside it or
/// behind it ("SPD-Politiker"); groups of which nothing is told are civilians.
pub(super) fn of_noun(b: &Builder<'_>, words: &Words, m: &Match, first: usize) -> Option<Sector> {
    let head = m.last;
    let adjective = || (first..head).find_map(|i| words.sector_of_adjective(b.reading.form(i)));
    let told = m.sector.filter(|s| *s != Sector::Cvl);
    let inside = || b.modifiers.get(head).iter().find_map(|&e| institution(b, e)).and_then(|of| member(&of));
    let group = b.knowledge.row(m.row).entity_type == EntityType::Group;
    let default = || if group { Some(Sector::Cvl) } else { None };
    told.or_else(adjective)
        .or(m.sector)
        .or_else(inside)
        .or_else(|| words.sector_of(b.reading.form(head)))
        .or_else(default)
}

/// Code and sector of organisations and places of which the tables know nothing.
pub(super) fn organisations(b: &mut Builder<'_>, words: &Words) {
    let main = nominals::main_state(b);
    for entity in 0..b.entities.len() {
        let kind = b.entities[entity].kind;
        if !matches!(kind, EntityType::Place | EntityType::Org | EntityType::Group | EntityType::Other) {
            continue;
        }
        let Some((first, last)) = b.first_name(entity).map(|m| (m.first, m.last)) else { continue };
        if b.row_of(entity).is_some() {
            politics(b, entity, first);
            continue;
        }
        let code = code_inside(b, first, last).or_else(|| code_beside(b, first, last));
        let igo = code.as_deref().is_some_and(|c| b.knowledge.state(c).is_none());
        let sector = match kind {
            EntityType::Org if igo => Some(Sector::Igo),
            EntityType::Org => {
                let told = beside(b, words, first, last).or_else(|| named(b, words, first, last));
                told.or(Some(Sector::Bus))
            }
            // Newspapers and companies named like works and products.
            EntityType::Other => beside(b, words, first, last).or_else(|| named(b, words, first, last)),
            _ => None,
        };
        if kind == EntityType::Other && sector.is_none() {
            continue;
        }
        b.set_coding(entity, code.as_deref().or(main.as_deref()), sector);
    }
}

/// A party that the text calls one of the opposition or of the government here, whatever the tables say.
fn politics(b: &mut Builder<'_>, entity: usize, first: usize) {
    if !is_party(b, entity) {
        return;
    }
    let told = noun_before(b, first).and_then(|noun| agent_at(b, noun)).and_then(|m| m.sector);
    if let Some(sector @ (Sector::Opp | Sector::Gov)) = told {
        b.entities[entity].sector = Some(sector);
    }
}

/// The noun of which a name is an apposition: right before it, or before the names that it is coordinated with.
fn noun_before(b: &Builder<'_>, first: usize) -> Option<usize> {
    let sentence = b.sentence(first);
    let start = sentence.start.max(first.saturating_sub(BESIDE));
    let skipped = |i: &usize| {
        b.named(*i).is_some() || matches!(b.reading.form(*i), "„" | "\"" | "»" | "‚" | "und" | "sowie" | "," | "der")
    };
    let at = (start..first).rev().find(|i| !skipped(i))?;
    // With something between them the noun must be plural: "die Gewerkschaften Transnet und GDBA".
    let beside = (at + 1..first).all(|i| b.named(i).is_none());
    (beside || super::phrase::is_plural(b.reading, at, at)).then_some(at)
}

/// The institution that a noun names: "Gewerkschaft", "Aufsichtsbehörde"; nouns for persons tell nothing of a name.
fn agent_at<'b>(b: &'b Builder<'_>, noun: usize) -> Option<&'b Match> {
    let institution = |m: &&Match| {
        let row = b.knowledge.row(m.row);
        m.kind == MatchKind::Agent && m.part != Part::Front && m.sector.is_some() && row.feminine().is_none()
    };
    b.matches_ending(noun).find(institution)
}

/// The sector that a noun beside a name tells: before it, before brackets round it, or in an apposition behind it.
fn beside(b: &Builder<'_>, words: &Words, first: usize, last: usize) -> Option<Sector> {
    let sentence = b.sentence(first);
    let tells = |noun: usize| {
        let noun = (b.reading.analysis.tokens[noun].upos == Upos::Noun).then_some(noun)?;
        agent_at(b, noun).and_then(|m| m.sector).or_else(|| words.sector_of(b.reading.form(noun)))
    };
    if let Some(sector) = noun_before(b, first).and_then(tells) {
        return Some(sector);
    }
    let before = first.checked_sub(1).filter(|i| sentence.contains(i) && b.reading.form(*i) == "(");
    if let Some(bracket) = before {
        let start = sentence.start.max(bracket.saturating_sub(BESIDE));
        return (start..bracket).rev().find_map(tells);
    }
    let comma = sentence.contains(&(last + 2)) && b.reading.form(last + 1) == ",";
    let article = || matches!(b.reading.form(last + 2), "ein" | "eine" | "einer" | "die" | "der" | "das" | "dem");
    if comma && article() {
        let end = sentence.end.min(last + BESIDE);
        let noun = (last + 3..end).find(|&i| b.reading.analysis.tokens[i].upos == Upos::Noun)?;
        return tells(noun);
    }
    None
}

/// The sector that a name itself tells. Its head is the last word, but the last before a complement in German names:
/// "Bundesministerium für Wirtschaft", "Vereinigung der Mönche".
fn named(b: &Builder<'_>, words: &Words, first: usize, last: usize) -> Option<Sector> {
    let small = (first + 1..=last).find(|&i| b.reading.form(i).starts_with(char::is_lowercase)).unwrap_or(last + 1);
    // "SPD-Fraktion", "Bundestags-Ausschuss": what stands before the hyphen counts too.
    let front = b.modifiers.get(last).iter().find_map(|&e| b.entities[e].sector);
    let inside = |last: usize| {
        let agents = (first..=last)
            .flat_map(|t| b.matches_at(t))
            .filter(|m| m.last <= last && m.kind == MatchKind::Agent && m.part != Part::Front && m.sector.is_some());
        agents.fold(None, |_, m| m.sector).or_else(|| words.sector_of(b.slice(first, last)))
    };
    let told = inside(small - 1).or_else(|| if small <= last { inside(last) } else { None });
    match (front, told) {
        (Some(Sector::Opp), Some(Sector::Leg)) => front,
        (Some(Sector::Leg), Some(Sector::Gov)) => front,
        _ => told,
    }
}

/// Code and sector of persons as far as offices do not tell them.
pub(super) fn persons(b: &mut Builder<'_>, words: &Words) {
    let main = nominals::main_state(b);
    for entity in 0..b.entities.len() {
        let e = &b.entities[entity];
        if e.kind != EntityType::Person {
            continue;
        }
        let Some((first, last)) = b.first_name(entity).map(|m| (m.first, m.last)) else { continue };
        let bracket =
            (b.reading.len() > last + 2 && b.reading.form(last + 1) == "(").then(|| b.named(last + 2)).flatten();
        let bracket = bracket.and_then(|e| institution(b, e).map(|i| (e, i)));
        // A member of parliament acts for the opposition if the party does.
        if let Some((_, of)) = bracket
            && of.sector == Some(Sector::Opp)
            && b.entities[entity].sector == Some(Sector::Leg)
        {
            b.entities[entity].sector = Some(Sector::Opp);
        }
        let e = &b.entities[entity];
        if e.code.is_some() && e.sector.is_some() {
            continue;
        }
        if let Some((party, of)) = bracket {
            let code = b.entities[party].code.clone();
            b.set_coding(entity, code.as_deref(), member(&of));
        }
        let sector = sector_before(b, words, first);
        b.set_coding(entity, None, sector);
        let employer = affiliation(b, first, last);
        if let Some(of) = employer {
            let code = b.entities[of].code.clone();
            let sector = institution(b, of).and_then(|of| member(&of));
            b.set_coding(entity, code.as_deref(), sector);
        }
        // Politicians not yet in office.
        if b.row_of(entity).is_some() {
            b.set_coding(entity, None, Some(Sector::Opp));
            continue;
        }
        let code = code_inside(b, first, last).or_else(|| code_beside(b, first, last));
        let igo = code.as_deref().is_some_and(|c| b.knowledge.state(c).is_none());
        // Who works for an organisation of no state is not of the state that the text is about for all we know.
        let offices = b.roles_of(entity).filter_map(|r| r.of);
        let nowhere = |of: usize| b.row_of(of).is_some() && b.entities[of].code.is_none();
        let main = if offices.chain(employer).any(nowhere) { None } else { main.as_deref() };
        b.set_coding(entity, code.as_deref().or(main), Some(if igo { Sector::Igo } else { Sector::Cvl }));
    }
}

/// The code of a state or place that a name contains: "Japan Aerospace Exploration Agency", "Landgericht Berlin".
fn code_inside(b: &Builder<'_>, first: usize, last: usize) -> Option<String> {
    let inside = (first..=last).flat_map(|t| b.matches_at(t)).filter(|m| m.last <= last && !m.ordinary);
    let rows = inside.filter(|m| !matches!(m.kind, MatchKind::Office | MatchKind::Agent | MatchKind::Surname));
    // A "Demokratische Partei" inside the name is not the one of the tables, unless the text is about its state.
    let common = |m: &Match| b.matches_ending(m.last).any(|a| a.kind == MatchKind::Agent && a.part != Part::Front);
    let other = |code: &str| b.knowledge.state(code).is_some() && !b.is_about(code);
    let codes = rows.filter(|m| b.knowledge.row(m.row).kind != Kind::Person).filter_map(|m| {
        let row = b.knowledge.row(m.row);
        let code = row.code(b.reading.date)?;
        (row.kind != Kind::Organisation || !other(code) || !common(m)).then_some((row.kind != Kind::State, code))
    });
    // States before organisations: "Greenpeace Österreich".
    codes.min_by_key(|c| c.0).map(|c| c.1.to_string())
}

/// The code that the words around a name tell: before it, or in an apposition behind it ("X, ein libanesischer Autor").
fn code_beside(b: &Builder<'_>, first: usize, last: usize) -> Option<String> {
    code_before(b, first).or_else(|| {
        let apposition = b.sentence(first).contains(&(last + 4))
            && b.reading.form(last + 1) == ","
            && b.reading.analysis.tokens[last + 2].upos == Upos::Det;
        let nouns = || (last + 3..=last + 4).flat_map(|i| b.modifiers.get(i)).next();
        apposition.then(nouns).flatten().and_then(|&e| b.entities[e].code.clone())
    })
}

/// The code of an adjective, word part or people before a name ("der libanesische Politiker X", "der Italiener X").
fn code_before(b: &Builder<'_>, first: usize) -> Option<String> {
    let start = b.sentence(first).start.max(first.saturating_sub(3));
    let before = (start..=first).rev().flat_map(|i| b.modifiers.get(i)).next();
    let people = || {
        let noun = first.checked_sub(1).filter(|i| *i >= start)?;
        let m = b.matches_ending(noun).find(|m| m.kind == MatchKind::Demonym)?;
        b.knowledge.row(m.row).code(b.reading.date).map(str::to_string)
    };
    people().or_else(|| before.and_then(|&e| b.entities[e].code.clone()))
}

/// The sector that the noun before a person's name tells: "der SPD-Politiker X", "der Rebell X".
fn sector_before(b: &Builder<'_>, words: &Words, first: usize) -> Option<Sector> {
    let noun = first.checked_sub(1).filter(|&i| b.sentence(first).contains(&i))?;
    let organisation = b.modifiers.get(noun).iter().find_map(|&e| institution(b, e));
    let own = b.matches_ending(noun).filter(|m| m.kind == MatchKind::Agent && m.part != Part::Front);
    own.filter_map(|m| m.sector)
        .next()
        .or_else(|| organisation.and_then(|of| member(&of)))
        .or_else(|| words.sector_of(b.reading.form(noun)))
}
/// The organisation to which a person belongs, as the words around the name say: "X von Human Rights Watch", "X,
/// Anwalt beim Naturschutzbund", "der Mitarbeiter der Bank X".
fn affiliation(b: &Builder<'_>, first: usize, last: usize) -> Option<usize> {
    let sentence = b.sentence(first);
    let upos = |i: usize| b.reading.analysis.tokens[i].upos;
    let organisation = |i: usize| {
        let all = b.denoted.get(i).iter().chain(b.modifiers.get(i));
        all.copied().find(|&e| matches!(b.entities[e].kind, EntityType::Org | EntityType::Igo))
    };
    let verbless = |i: usize| !matches!(upos(i), Upos::Verb | Upos::Aux | Upos::Sconj | Upos::Pron);
    let behind = (last + 1..sentence.end.min(last + 9)).take_while(|&i| verbless(i));
    let opens = sentence.contains(&(last + 1))
        && matches!(b.reading.form(last + 1), "," | "von" | "vom" | "bei" | "beim" | "der" | "des" | "(");
    let closes = |i: &usize| *i > last + 1 && matches!(b.reading.form(*i), "," | ")" | ".");
    let found = || behind.take_while(|i| !closes(i)).find_map(organisation);
    opens.then(found).flatten().or_else(|| {
        let start = sentence.start.max(first.saturating_sub(7));
        let before = (start..first).rev().take_while(|&i| verbless(i) && (i + 1 == first || b.reading.form(i) != ","));
        before.take_while(|&i| upos(i) != Upos::Adp || i + 1 < first).find_map(organisation)
    })
}
