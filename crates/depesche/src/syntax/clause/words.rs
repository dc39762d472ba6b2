//! The closed classes of German that grammar itself names, read from `data/de/closed-classes.tsv`.

use super::{Modal, Mood};
use crate::engine::BuildError;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const FILE: &str = "closed-classes.tsv";
const ROWS: &str = include_str!("../../../data/de/closed-classes.tsv");

/// A closed class: its forms with their dictionary forms.
type Class = FxHashMap<&'static str, &'static str>;

#[derive(Debug, Default)]
struct Words {
    contractions: Class,
    prepositions: Class,
    pronominal: Class,
    agents: Class,
    subordinators: Class,
    conditions: Class,
    relatives: Class,
    questions: Class,
    definite: Class,
    auxiliaries: Class,
    subjunctives: Class,
    negations: Class,
    negatives: Class,
    datives: Class,
    accusatives: Class,
    past: Class,
    object_control: Class,
    dative_control: Class,
    sein_perfect: Class,
    transitive_prefixes: Class,
}

static WORDS: LazyLock<Result<Words, BuildError>> = LazyLock::new(|| Words::read(ROWS));
static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// Whether the table can be read; engines ask when they are built, so later lookups need not.
///
/// # Errors
/// The first malformed row.
pub fn check() -> Result<(), BuildError> {
    match &*WORDS {
        Ok(_) => Ok(()),
        Err(BuildError::Data { file, line, message }) => {
            Err(BuildError::Data { file: file.clone(), line: *line, message: message.clone() })
        }
        Err(e) => Err(BuildError::Data { file: FILE.to_string(), line: 0, message: e.to_string() }),
    }
}

fn words() -> &'static Words {
    WORDS.as_ref().unwrap_or(&NONE)
}

impl Words {
    fn read(rows: &'static str) -> Result<Words, BuildError> {
        let mut out = Words::default();
        for (n, row) in rows.lines().enumerate().filter(|(_, r)| !r.is_empty() && !r.starts_with('#')) {
            let fail = |message: String| BuildError::Data { file: FILE.to_string(), line: n + 1, message };
            let mut columns = row.split('\t');
            let (Some(class), Some(lemma), Some(forms), None) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                return Err(fail("expected three columns: class, dictionary form, forms".to_string()));
            };
            let class = match class {
                "contraction" => &mut out.contractions,
                "preposition" => &mut out.prepositions,
                "pronominal" => &mut out.pronominal,
                "agent" => &mut out.agents,
                "subordinator" => &mut out.subordinators,
                "condition" => &mut out.conditions,
                "relative" => &mut out.relatives,
                "question" => &mut out.questions,
                "definite" => &mut out.definite,
                "auxiliary" => &mut out.auxiliaries,
                "subjunctive" => &mut out.subjunctives,
                "negation" => &mut out.negations,
                "negative" => &mut out.negatives,
                "dative" => &mut out.datives,
                "accusative" => &mut out.accusatives,
                "past" => &mut out.past,
                "object-control" => &mut out.object_control,
                "dative-control" => &mut out.dative_control,
                "sein-perfect" => &mut out.sein_perfect,
                "transitive-prefix" => &mut out.transitive_prefixes,
                other => return Err(fail(format!("`{other}` is no class of words"))),
            };
            for form in forms.split(' ') {
                class.insert(form, if lemma == "=" { form } else { lemma });
            }
        }
        Ok(out)
    }
}

/// The dictionary form of a form in a class; a capital at its beginning does not matter.
fn find(class: &Class, form: &str) -> Option<&'static str> {
    if let Some(found) = class.get(form) {
        return Some(found);
    }
    let first = form.chars().next().filter(|c| c.is_uppercase())?;
    let lower: String = first.to_lowercase().chain(form[first.len_utf8()..].chars()).collect();
    class.get(lower.as_str()).copied()
}

/// The preposition's dictionary form: lower case, contractions undone.
pub fn preposition<'a>(form: &'a str, lemma: &'a str) -> &'a str {
    let known = find(&words().contractions, form).or_else(|| find(&words().prepositions, form));
    known.unwrap_or(if lemma.is_empty() { form } else { lemma })
}

/// The subordinating word in lower case.
pub fn subordinator<'a>(form: &'a str, lemma: &'a str) -> &'a str {
    find(&words().subordinators, form).unwrap_or(if lemma.is_empty() { form } else { lemma })
}

/// Whether a subordinating word makes a condition.
pub fn is_condition(word: &str) -> bool {
    find(&words().conditions, word).is_some()
}

/// The preposition inside a pronominal adverb ("darauf": "auf").
pub fn pronominal_adverb(form: &str) -> Option<&'static str> {
    let rest = form.strip_prefix("da").or_else(|| form.strip_prefix("Da"))?;
    [rest.strip_prefix('r'), Some(rest)].into_iter().flatten().find_map(|r| words().pronominal.get(r).copied())
}

/// Whether a preposition marks the agent of a passive.
pub fn is_agent_preposition(preposition: &str) -> bool {
    words().agents.contains_key(preposition)
}

/// Whether the form can be a relative pronoun.
pub fn is_relative(form: &str) -> bool {
    words().relatives.contains_key(form)
}

/// Whether the form can begin an indirect question.
pub fn is_question(form: &str) -> bool {
    words().questions.contains_key(form)
}

/// Whether the form is a definite article, alone or in a preposition.
pub fn is_definite_article(form: &str) -> bool {
    find(&words().definite, form).is_some()
}

/// The infinitive of an auxiliary's or modal's form.
pub fn auxiliary(form: &str) -> Option<&'static str> {
    find(&words().auxiliaries, form)
}

/// The modal verb with this infinitive.
pub fn modal(lemma: &str) -> Option<Modal> {
    Some(match lemma {
        "können" => Modal::Can,
        "sollen" => Modal::Shall,
        "wollen" => Modal::Want,
        "müssen" => Modal::Must,
        "dürfen" => Modal::May,
        "mögen" => Modal::Like,
        _ => return None,
    })
}

/// The subjunctive that a form can only be.
pub fn subjunctive(form: &str) -> Option<Mood> {
    find(&words().subjunctives, form).map(|kind| if kind == "I" { Mood::SubjunctiveOne } else { Mood::SubjunctiveTwo })
}

/// Whether the word denies a predicate.
pub fn is_negation(form: &str) -> bool {
    find(&words().negations, form).is_some()
}

/// Whether the word is "kein", "niemand", "nichts".
pub fn is_negative_pronoun(form: &str) -> bool {
    find(&words().negatives, form).is_some()
}

/// Whether an article's or pronoun's form can be a dative.
pub fn is_dative_form(form: &str) -> bool {
    find(&words().datives, form).is_some()
}

/// Whether an article before a singular noun can only be an accusative.
pub fn is_accusative_form(form: &str) -> bool {
    find(&words().accusatives, form).is_some()
}

/// Whether the verb's infinitive is done by its accusative object.
pub fn is_object_control(lemma: &str) -> bool {
    words().object_control.contains_key(lemma)
}

/// Whether the verb's infinitive is done by its dative object.
pub fn is_dative_control(lemma: &str) -> bool {
    words().dative_control.contains_key(lemma)
}

/// Whether the word is a possessive pronoun of the third person.
pub fn is_possessive(form: &str) -> bool {
    let rest = ["sein", "ihr", "Sein", "Ihr"].iter().find_map(|stem| form.strip_prefix(stem));
    rest.is_some_and(|end| matches!(end, "" | "e" | "em" | "en" | "er" | "es"))
}

/// Whether a form looks like a past participle ("geholt", "angegriffen", "verurteilt").
pub fn looks_like_participle(form: &str) -> bool {
    let ending = form.ends_with('t') || form.ends_with("en");
    let lower_first = form.chars().next().is_some_and(char::is_lowercase);
    let prefix = form.starts_with("ge") || form.get(1..).is_some_and(|rest| rest.contains("ge"));
    let bare = ["be", "er", "ver", "ent", "zer", "miss"].iter().any(|p| form.starts_with(p)) && form.ends_with('t');
    lower_first && form.len() > 4 && ((ending && prefix && !form.ends_with("gen")) || bare || form.ends_with("iert"))
}

/// Whether "zu" stands inside an infinitive ("abzuziehen": "abziehen").
pub fn has_zu_inside(form: &str, lemma: &str) -> bool {
    form.len() == lemma.len() + 2
        && form
            .match_indices("zu")
            .any(|(at, _)| at > 0 && lemma.get(..at) == form.get(..at) && lemma.get(at..) == form.get(at + 2..))
}

/// Whether a finite form looks like Präteritum.
pub fn looks_past(form: &str) -> bool {
    find(&words().past, form).is_some() || form.ends_with("te") || form.ends_with("ten")
}

/// Whether the verb's perfect is made with "sein".
pub fn forms_perfect_with_sein(lemma: &str) -> bool {
    let verbs = &words().sein_perfect;
    // A base verb is found behind each possible prefix; those are two to six letters long.
    verbs.contains_key(lemma)
        || lemma
            .char_indices()
            .map(|(at, _)| at)
            .filter(|at| (2..=9).contains(at))
            .any(|at| verbs.contains_key(&lemma[at..]) && !words().transitive_prefixes.contains_key(&lemma[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed_and_errors_name_the_line() {
        assert!(check().is_ok());
        let wrong = Words::read("# comment\nnegation\t=\n").unwrap_err();
        assert_eq!(wrong.to_string(), "closed-classes.tsv:2: expected three columns: class, dictionary form, forms");
        assert!(Words::read("nagation\t=\tnicht\n").unwrap_err().to_string().contains("`nagation`"));
    }

    #[test]
    fn prepositions_lose_their_article_and_their_capital() {
        assert_eq!(preposition("Zur", ""), "zu");
        assert_eq!(preposition("Über", "über"), "über");
        assert_eq!(preposition("gegenüber", "gegenüber"), "gegenüber");
    }

    #[test]
    fn pronominal_adverbs_hold_a_preposition() {
        assert_eq!(pronominal_adverb("darauf"), Some("auf"));
        assert_eq!(pronominal_adverb("Dafür"), Some("für"));
        assert_eq!(pronominal_adverb("damals"), None);
        assert_eq!(pronominal_adverb("dank"), None);
    }

    #[test]
    fn participles_by_form() {
        for yes in ["geholt", "angegriffen", "verurteilt", "stationiert", "aufgerufen"] {
            assert!(looks_like_participle(yes), "{yes}");
        }
        for no in ["liegen", "sagte", "Gericht"] {
            assert!(!looks_like_participle(no), "{no}");
        }
    }

    #[test]
    fn zu_inside_infinitives() {
        assert!(has_zu_inside("abzuziehen", "abziehen"));
        assert!(!has_zu_inside("zuziehen", "zuziehen"));
    }

    #[test]
    fn perfect_with_sein() {
        for (lemma, sein) in [
            ("zurücktreten", true),
            ("abreisen", true),
            ("überfallen", false),
            ("besetzen", false),
            ("betreten", false),
        ] {
            assert_eq!(forms_perfect_with_sein(lemma), sein, "{lemma}");
        }
    }
}
