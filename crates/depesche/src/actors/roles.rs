//! Offices: who holds which, of whom, and whether still.
//!
//! An office is a noun of the table of offices. Its holder stands behind it ("Präsident Chirac", "Minister für Verkehr
//! Gilles de Robien", "die Sprecherin der Stiftung, Heike van Laak"), before it ("Papier, Präsident des Gerichts"), or is
//! the subject of which it is said ("Merkel ist Kanzlerin"). The state or organisation comes from the word itself
//! ("NATO-Generalsekretär"), an adjective ("irakischer Premier"), a genitive or a prepositional phrase.

use super::builder::Builder;
use super::words::{Class, Words};
use super::{coding, nominals, phrase};
use crate::knowledge::{Match, MatchKind, OfficeKind, Part};
use crate::morphology::Upos;
use crate::record::{EntityType, MentionKind, Role, RoleStatus};
use crate::syntax::Deprel;

/// How many tokens may stand between an office and the name of its holder.
const REACH: usize = 14;

/// An office in the text, with what surrounds it.
#[derive(Debug, Clone)]
struct Office {
    matched: Match,
    /// First token of its phrase, behind the article.
    first: usize,
    /// The noun.
    noun: usize,
    /// Last token of a complement that belongs to its name ("für Verkehr, Infrastruktur und Tourismus").
    complement: usize,
    status: RoleStatus,
    of: Option<usize>,
    /// The office meant, where the noun only says that it is the same as another's ("Amtskollege").
    like: Option<Match>,
}

/// Reads the offices that the text states.
pub(super) fn read(b: &mut Builder<'_>, words: &Words) {
    let offices = offices(b, words);
    let mut last: Option<(Office, usize)> = None;
    for k in 0..offices.len() {
        let same = words.get(b.reading.form(offices[k].noun)) == Some(Class::Counterpart);
        for (holder, status) in holders(b, &offices, k) {
            match last.as_ref().filter(|(_, p)| same && *p != holder) {
                Some((like, _)) => {
                    let office = Office { like: Some(like.matched), ..offices[k].clone() };
                    state(b, &office, holder, status);
                }
                None => {
                    state(b, &offices[k], holder, status);
                    last = Some((offices[k].clone(), holder));
                }
            }
        }
    }
}

/// All offices of the text in its order.
fn offices(b: &mut Builder<'_>, words: &Words) -> Vec<Office> {
    let matches: Vec<Match> = b
        .matches
        .iter()
        .filter(|m| m.kind == MatchKind::Office && matches!(m.part, Part::Whole | Part::Back) && !m.covered)
        .filter(|m| b.knowledge.row(m.row).office_kind() != Some(OfficeKind::None))
        .filter(|m| b.named(m.last).is_none())
        .copied()
        .collect();
    let mut out: Vec<Office> = Vec::new();
    for m in matches {
        let name = &b.knowledge.row(m.row).name;
        if out.last().is_some_and(|o| o.noun == m.last) || words.get(name) == Some(Class::NoRole) {
            continue;
        }
        let first = phrase::first_of(b.reading, m.first);
        let adjectives = (first..m.first).filter_map(|i| words.adjective(b.reading.form(i)));
        let status = adjectives.fold(m.status, |s, class| match class {
            Class::Former => Some(RoleStatus::Former),
            Class::Designated => Some(RoleStatus::Designated),
            _ => s,
        });
        let front = b.reading.form(m.last).split_once('-').and_then(|f| words.get(f.0));
        let status = status.or((front == Some(Class::Former)).then_some(RoleStatus::Former));
        let complement = complement(b, m.last);
        let of = of(b, &m);
        out.push(Office {
            matched: m,
            first,
            noun: m.last,
            complement,
            status: status.unwrap_or(RoleStatus::Current),
            of,
            like: None,
        });
    }
    out
}

/// The end of a complement with "für" behind an office: nouns, adjectives, commas and "und", as far as a name.
fn complement(b: &Builder<'_>, noun: usize) -> usize {
    let form = |i: usize| b.reading.form(i);
    let end = b.sentence(noun).end;
    if noun + 1 >= end || form(noun + 1) != "für" {
        return noun;
    }
    let mut last = noun;
    for i in noun + 2..end.min(noun + REACH) {
        let t = &b.reading.analysis.tokens[i];
        let person = b.named(i).is_some_and(|e| b.entities[e].kind == EntityType::Person);
        let inside = match t.upos {
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det => !person,
            Upos::Cconj => true,
            _ => form(i) == ",",
        };
        if !inside {
            break;
        }
        let noun = matches!(t.upos, Upos::Noun | Upos::Propn);
        // A comma goes on only to another noun.
        if form(i) == "," && b.reading.analysis.tokens.get(i + 1).is_none_or(|t| t.upos != Upos::Noun) {
            break;
        }
        if noun {
            last = i;
        }
    }
    last
}

/// The state or organisation in which an office is held.
fn of(b: &mut Builder<'_>, m: &Match) -> Option<usize> {
    if let Some(owner) = nominals::owner(b, m.last) {
        return Some(owner);
    }
    if let Some(e) = genitive(b, m.last) {
        return Some(e);
    }
    let code = b.knowledge.row(m.row).code(b.reading.date).map(str::to_string)?;
    b.entity_of_state(&code)
}

/// An organisation described behind the noun: "Sprecher des Außenministeriums".
fn genitive(b: &Builder<'_>, noun: usize) -> Option<usize> {
    let end = b.sentence(noun).end.min(noun + 6);
    for i in noun + 1..end {
        let person = |e: usize| b.entities[e].kind == EntityType::Person;
        if let Some(&e) = b.denoted.get(i).first() {
            return (!person(e)).then_some(e);
        }
        let link = matches!(b.reading.analysis.tokens[i].upos, Upos::Det | Upos::Adj | Upos::Adp | Upos::Noun);
        if !link {
            return None;
        }
    }
    None
}

fn person_at(b: &Builder<'_>, token: usize) -> Option<usize> {
    b.named(token).filter(|&e| b.entities[e].kind == EntityType::Person)
}

/// The holders of an office, each with the status that the clause gives it.
fn holders(b: &Builder<'_>, offices: &[Office], k: usize) -> Vec<(usize, RoleStatus)> {
    let office = &offices[k];
    if let Some(p) = behind(b, offices, k) {
        return vec![(p, office.status)];
    }
    if let Some(p) = before(b, office) {
        return vec![(p, office.status)];
    }
    predicated(b, office)
}

/// The holder named behind the office.
fn behind(b: &Builder<'_>, offices: &[Office], k: usize) -> Option<usize> {
    let office = &offices[k];
    let end = b.sentence(office.noun).end.min(office.complement + REACH);
    let mut i = office.complement + 1;
    let mut comma = false;
    let mut genitive = false;
    while i < end {
        let form = b.reading.form(i);
        if let Some(p) = person_at(b, i) {
            // "der Sprecher Merkels" is not Merkel; "der Sprecher von Merkel" neither.
            let bare =
                !genitive || comma || b.named(i - 1).is_some() || b.reading.analysis.tokens[i - 1].upos == Upos::Noun;
            let possessor = i == office.noun + 1 && has_genitive(b, i, p);
            return (bare && !possessor).then_some(p);
        }
        let next_office = offices[k + 1..].iter().take(2).find(|o| (o.first..=o.noun).contains(&i));
        if let Some(next) = next_office {
            // "Vizekanzler und Arbeitsminister Franz Müntefering": one holder of both.
            let shared = (office.complement + 1..i).all(|j| {
                matches!(b.reading.form(j), "und" | "," | "sowie") || b.reading.analysis.tokens[j].upos == Upos::Det
            });
            let joined = i > office.complement + 1 && shared && !matches!(b.reading.form(office.complement + 1), ",");
            if joined {
                let next = k + 1 + offices[k + 1..].iter().take(2).position(|o| o.noun == next.noun)?;
                return behind(b, offices, next);
            }
            if !genitive {
                return None;
            }
            i = next.noun + 1;
            continue;
        }
        match b.reading.analysis.tokens[i].upos {
            _ if form == "," => {
                // The comma of an apposition stands right before the name.
                let name =
                    b.reading.analysis.tokens.get(i + 1).is_some() && i + 1 < end && person_at(b, i + 1).is_some();
                if !name || comma {
                    return None;
                }
                comma = true;
            }
            _ if matches!(form, "(" | ")" | "„" | "“" | "\"" | "-") => {}
            Upos::Det | Upos::Adp => genitive = true,
            Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::X => {}
            Upos::Cconj if genitive || joins_office(offices, k, i) => {}
            _ => return None,
        }
        i += 1;
    }
    None
}

/// Whether the conjunction at a token joins the next office to this one.
fn joins_office(offices: &[Office], k: usize, token: usize) -> bool {
    offices.get(k + 1).is_some_and(|next| (token + 1..=token + 2).contains(&next.first))
}

/// Whether a person's name at a token stands in the genitive.
fn has_genitive(b: &Builder<'_>, token: usize, person: usize) -> bool {
    let mut last = token;
    while b.named(last + 1) == Some(person) {
        last += 1;
    }
    let form = b.reading.form(last);
    let bare = b.entities[person].name.rsplit(' ').next().unwrap_or_default();
    form != bare && form.ends_with(['s', '\'', '’'])
}

/// The holder named before the office, which is an apposition to the name: "Papier, Präsident des Gerichts".
fn before(b: &Builder<'_>, office: &Office) -> Option<usize> {
    let sentence = b.sentence(office.noun);
    let mut i = office.first.checked_sub(1).filter(|i| sentence.contains(i))?;
    let article = b.reading.analysis.tokens[i].upos == Upos::Det;
    // "Papier, seines Zeichens Direktor", "Ruhani, der neue Präsident"; "Japans Premier" has a name as article.
    while i > sentence.start
        && (b.reading.analysis.tokens[i].upos == Upos::Det
            || b.reading.form(i) == "Zeichens"
            || b.named(i).is_some_and(|e| b.entities[e].kind != EntityType::Person))
    {
        i -= 1;
    }
    let form = b.reading.form(i);
    if form != "," && form != "(" && form != "als" {
        return None;
    }
    let mut i = i.checked_sub(1).filter(|i| sentence.contains(i))?;
    if b.reading.form(i) == ")" {
        i = (sentence.start..i).rev().take(6).find(|&j| b.reading.form(j) == "(")?.checked_sub(1)?;
    }
    let person = person_at(b, i)?;
    // With an article it may be the next of a list: an apposition is closed by a comma or the sentence.
    let closed = || {
        let end = sentence.end.min(office.noun + REACH);
        (office.noun + 1..end).any(|j| matches!(b.reading.form(j), "," | ")" | ".")) || end == sentence.end
    };
    let list = || (office.noun + 1..sentence.end.min(office.noun + 3)).any(|j| b.reading.form(j) == "und");
    (!article || (closed() && !list())).then_some(person)
}

/// The subject of a clause that says who holds the office.
fn predicated(b: &Builder<'_>, office: &Office) -> Vec<(usize, RoleStatus)> {
    let analysis = b.reading.analysis;
    let children = |i: usize| analysis.children(i).iter().map(|&c| c as usize);
    let persons = |i: usize| -> Vec<usize> {
        let chain = std::iter::once(i).chain(children(i).filter(|&c| analysis.tokens[c].deprel == Deprel::Conj));
        let all = chain.flat_map(|t| b.denoted.get(t).iter().copied());
        all.filter(|&e| b.entities[e].kind == EntityType::Person).collect()
    };
    let Some(copula) = children(office.noun).find(|&c| analysis.tokens[c].deprel == Deprel::Cop) else {
        return Vec::new();
    };
    let subject = children(office.noun).find(|&c| analysis.tokens[c].deprel == Deprel::Nsubj);
    let status = match b.reading.form(copula).to_lowercase().as_str() {
        _ if office.status != RoleStatus::Current => office.status,
        "war" | "waren" | "gewesen" => RoleStatus::Former,
        "wird" | "werden" | "werde" => RoleStatus::Designated,
        _ => RoleStatus::Current,
    };
    subject.map(persons).unwrap_or_default().into_iter().map(|p| (p, status)).collect()
}

/// Adds the role and what follows from it: the mention of the person and the person's coding.
fn state(b: &mut Builder<'_>, office: &Office, person: usize, status: RoleStatus) {
    let role = name_of(b, office, person);
    let tokens = &b.reading.analysis.tokens;
    let (start, end) = (tokens[office.first].start as usize, tokens[office.complement].end as usize);
    b.mention(&[person], (office.first, office.noun, office.noun), MentionKind::Nominal, None);
    let row = b.knowledge.row(office.matched.row);
    let code = office.of.and_then(|e| b.entities[e].code.clone());
    let code = code.or_else(|| row.code(b.reading.date).map(str::to_string));
    let institution = office.of.and_then(|e| coding::institution(b, e));
    let sector = coding::of_office(row.office_kind(), office.matched.sector, institution.as_ref());
    // What the text says of an office counts before the party of somebody who holds none in the tables.
    let idle = b.row_of(person).is_some_and(|row| !b.knowledge.row(row).holds(b.reading.date));
    if idle && status == RoleStatus::Current && sector.is_some() {
        b.entities[person].sector = sector;
        b.entities[person].code = code.clone().or(b.entities[person].code.take());
    }
    // What an organisation makes of its people counts before what the tables know of a person's other offices.
    if institution.is_some() && speaks_for(row.office_kind()) && status == RoleStatus::Current && sector.is_some() {
        b.entities[person].sector = sector;
    }
    if status == RoleStatus::Current || b.entities[person].code.is_none() {
        b.set_coding(person, code.as_deref(), sector);
    }
    let same = |known: &str| known == role || known.ends_with(&format!(" {role}"));
    match b.same_role(person, same) {
        Some(known) => known.of = known.of.or(office.of),
        None => b.add_role(Role { person, role, of: office.of, status, start, end }),
    }
}

/// Whether an office counts where its organisation does: a party's secretary is in opposition if the party is.
fn speaks_for(kind: Option<OfficeKind>) -> bool {
    matches!(kind, Some(OfficeKind::Spokesperson | OfficeKind::Head | OfficeKind::Party | OfficeKind::Candidate))
}

/// The office in base form, of the holder's gender.
fn name_of(b: &Builder<'_>, office: &Office, person: usize) -> String {
    let mut m = office.like.unwrap_or(office.matched);
    if let Some(feminine) = b.gender(person) {
        m.feminine = feminine && b.knowledge.row(m.row).feminine().is_some();
    }
    let mut noun = b.knowledge.base_form(b.reading.text, &m);
    // The state or organisation in front is told by `of`.
    if office.like.is_none()
        && let Some(front) = b.reading.text.get(m.start..m.head).filter(|f| f.ends_with('-'))
        && !b.modifiers.get(office.noun).is_empty()
        && let Some(bare) = noun.get(front.len()..)
    {
        let mut letters = bare.chars();
        noun = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    }
    if office.complement > office.noun {
        noun.push(' ');
        noun.push_str(b.slice(office.noun + 1, office.complement));
    }
    noun
}
