//! Features, lemmas and restored prefixes in whole sentences; sentences invented.

use crate::record::Token;
use crate::{Engine, Input, Layers};
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::german().unwrap());

/// The token with this form (the first, if there are several).
#[track_caller]
fn token(text: &str, form: &str) -> Token {
    let layers = Layers { tokens: true, ..Layers::NONE };
    let doc = ENGINE.read(Input::new(text).layers(layers)).unwrap();
    let at = text.find(form).unwrap();
    let start = text[..at].chars().count();
    doc.record().tokens.unwrap().into_iter().find(|t| t.start == start).unwrap()
}

#[track_caller]
fn check(text: &str, form: &str, lemma: &str, feats: &[&str]) {
    let t = token(text, form);
    assert_eq!(t.lemma, lemma, "{form}");
    for feat in feats {
        assert!(t.feats.split('|').any(|f| f == *feat), "{form}: {} lacks {feat}", t.feats);
    }
}

#[test]
fn article_adjective_and_noun_agree() {
    let text = "Der neue Außenminister lobte die Arbeit der Vermittler in den letzten Tagen.";
    check(text, "Der", "der", &["Case=Nom", "Gender=Masc", "Number=Sing", "PronType=Art"]);
    check(text, "neue", "neu", &["Case=Nom", "Number=Sing", "Degree=Pos"]);
    check(text, "Außenminister", "Außenminister", &["Case=Nom", "Gender=Masc", "Number=Sing"]);
    check(text, "Arbeit", "Arbeit", &["Case=Acc", "Gender=Fem", "Number=Sing"]);
    check(text, "Vermittler", "Vermittler", &["Case=Gen", "Number=Plur"]);
    check(text, "Tagen", "Tag", &["Case=Dat", "Gender=Masc", "Number=Plur"]);
}

#[test]
fn contractions_and_prepositions_govern() {
    let text = "Im Parlament stimmte die Mehrheit zum zweiten Mal für den Vertrag.";
    check(text, "Im", "in", &[]);
    check(text, "Parlament", "Parlament", &["Case=Dat", "Gender=Neut"]);
    check(text, "Vertrag", "Vertrag", &["Case=Acc"]);
}

#[test]
fn subjunctive_is_told_from_indicative_by_the_subject() {
    let text = "Der Sprecher sagte, die Regierung habe den Angriff verurteilt.";
    check(text, "habe", "haben", &["Mood=Sub", "Person=3", "Number=Sing"]);
    check(text, "sagte", "sagen", &["Mood=Ind", "Tense=Past"]);
    check(text, "verurteilt", "verurteilen", &["VerbForm=Part"]);
    check("Ich habe den Angriff verurteilt.", "habe", "haben", &["Mood=Ind", "Person=1"]);
    check("Die Minister könnten zurücktreten.", "könnten", "können", &["Mood=Sub", "Number=Plur"]);
    check("Die Truppen sollen abziehen.", "abziehen", "abziehen", &["VerbForm=Inf"]);
}

#[test]
fn lemmas_of_names_compounds_and_nominalised_adjectives() {
    check("Frankreichs Präsident warnt.", "Frankreichs", "Frankreich", &[]);
    check("Er trat bei den Abrüstungsgesprächen auf.", "Abrüstungsgesprächen", "Abrüstungsgespräch", &[]);
    check("Die Polizei sprach mit den Demonstrierenden.", "Demonstrierenden", "Demonstrierende", &[]);
    check("DIE NATO HILFT.", "DIE", "der", &[]);
}

#[test]
fn separated_prefixes_are_restored() {
    for (text, verb, lemma, predicate) in [
        ("Moskau lehnte den Vorschlag am Dienstag ab.", "lehnte", "lehnen", "ablehnen"),
        ("Die Armee griff am Morgen zwei Dörfer an und zog sich dann zurück.", "griff", "greifen", "angreifen"),
        ("Der Minister kündigte Gespräche an.", "kündigte", "kündigen", "ankündigen"),
    ] {
        let t = token(text, verb);
        assert_eq!((t.lemma.as_str(), t.predicate.as_deref()), (lemma, Some(predicate)), "{text}");
    }
    assert_eq!(token("Er sprach mit dem Botschafter.", "sprach").predicate, None);
    assert_eq!(token("Der Vorschlag wurde abgelehnt.", "abgelehnt").lemma, "ablehnen");
}

#[test]
fn auxiliaries_are_told_from_verbs_by_the_tree() {
    assert_eq!(token("Die Regierung hat genug Zeit.", "hat").upos, "VERB");
    assert_eq!(token("Die Regierung hat den Plan abgelehnt.", "hat").upos, "AUX");
    assert_eq!(token("Der Plan ist gut.", "ist").upos, "AUX");
}

#[test]
fn pronouns_have_a_person() {
    check("Wir danken ihnen.", "Wir", "wir", &["Person=1", "Number=Plur", "Case=Nom"]);
    check("Er vertraut mir.", "mir", "ich", &["Person=1", "Case=Dat"]);
    check("Sie traf ihren Kollegen.", "ihren", "ihr", &["Poss=Yes", "Person=3"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_has_a_lemma_for_each_token(text in "[A-Za-zäöüß .,;:!?„“\"'()\\-0-9\\n\\PC]{0,80}") {
        let layers = Layers { tokens: true, ..Layers::NONE };
        let doc = ENGINE.read(Input::new(text).layers(layers)).unwrap();
        proptest::prop_assert!(doc.record().tokens.unwrap().iter().all(|t| !t.lemma.is_empty()));
    }
}
