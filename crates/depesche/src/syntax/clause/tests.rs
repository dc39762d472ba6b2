//! What clauses say of invented sentences.

use super::*;
use crate::syntax::sample::Sample;

/// The forms of what was asked for, for short assertions.
fn forms(sample: &Sample, tokens: impl IntoIterator<Item = usize>) -> String {
    sample.forms(tokens).join(" ")
}

#[test]
fn passive_coordination_shares_subject_and_auxiliary() {
    let s = Sample::new(
        "Das der DET 2 det\nDorf Dorf NOUN 6 nsubj\nwurde werden AUX 6 aux\nvon von ADP 5 case\nRebellen Rebell NOUN 6 obl\n\
         beschossen beschießen VERB 0 root VerbForm=Part\nund und CCONJ 8 cc\nbesetzt besetzen VERB 6 conj VerbForm=Part\n. . PUNCT 6 punct",
    );
    let c = Clauses::new(&s.reading());
    let second = s.at("besetzt");
    assert_eq!(c.voice(second), Voice::Passive);
    assert_eq!(c.subject(second), Some(s.at("Dorf")));
    assert_eq!(c.patient(second), Some(s.at("Dorf")));
    assert_eq!(c.agent(second), Some(s.at("Rebellen")));
    assert_eq!(c.tense(second), Tense::Past);
    assert_eq!(forms(&s, c.cluster(second)), "wurde besetzt");
}

#[test]
fn infinitives_are_done_by_who_controls_them() {
    let s = Sample::new(
        "Paris Paris PROPN 2 nsubj\nforderte fordern>auffordern VERB 0 root VerbForm=Fin\nMoskau Moskau PROPN 2 obj\n\
         auf auf ADP 2 compound\n, , PUNCT 8 punct\ndie der DET 7 det\nTruppen Truppe NOUN 8 obj\n\
         abzuziehen abziehen VERB 2 xcomp VerbForm=Inf\n. . PUNCT 2 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.subject(s.at("abzuziehen")), Some(s.at("Moskau")));
    assert_eq!(c.object(s.at("abzuziehen")), Some(s.at("Truppen")));
    assert!(c.is_zu_infinitive(s.at("abzuziehen")));
    assert_eq!(forms(&s, c.complements(s.at("forderte"))), "abzuziehen");
    assert_eq!(forms(&s, c.cluster(s.at("forderte"))), "forderte auf");

    let s = Sample::new(
        "Paris Paris PROPN 2 nsubj\ndrohte drohen VERB 0 root VerbForm=Fin\nMoskau Moskau PROPN 2 obl Case=Dat\n, , PUNCT 7 punct\n\
         Konten Konto NOUN 7 obj\nzu zu PART 7 mark\nsperren sperren VERB 2 xcomp VerbForm=Inf\n. . PUNCT 2 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.subject(s.at("sperren")), Some(s.at("Paris")));
    assert_eq!(c.dative(s.at("drohte")), Some(s.at("Moskau")));
}

#[test]
fn relative_pronouns_stand_for_their_antecedent() {
    let s = Sample::new(
        "Der der DET 2 det\nMinister Minister NOUN 8 nsubj\n, , PUNCT 6 punct\nder der PRON 6 nsubj PronType=Rel\nviel viel ADV 6 advmod\n\
         reist reisen VERB 2 acl VerbForm=Fin\n, , PUNCT 2 punct\nschwieg schweigen VERB 0 root VerbForm=Fin\n. . PUNCT 8 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.subject(s.at("reist")), Some(s.at("Minister")));
    assert_eq!(forms(&s, c.noun_phrase(s.at("Minister"))), "Der Minister");
    assert_eq!(forms(&s, c.span(s.at("Minister"))), "Der Minister , der viel reist ,");
}

#[test]
fn attributive_participles_are_said_of_their_noun() {
    let s = Sample::new(
        "Der der DET 3 det\ninhaftierte inhaftiert ADJ 3 amod VerbForm=Part\nDichter Dichter NOUN 4 nsubj\nhungert hungern VERB 0 root VerbForm=Fin\n. . PUNCT 4 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.voice(s.at("inhaftierte")), Voice::Passive);
    assert_eq!(c.patient(s.at("inhaftierte")), Some(s.at("Dichter")));
    assert_eq!(c.agent(s.at("inhaftierte")), None);
}

#[test]
fn negation_at_the_verb_and_in_an_argument() {
    let s = Sample::new(
        "Oslo Oslo PROPN 2 nsubj\nliefert liefern VERB 0 root VerbForm=Fin\nkeine kein DET 4 det\nWaffen Waffe NOUN 2 obj\n. . PUNCT 2 punct\n\n\
         Rom Rom PROPN 2 nsubj\nzahlt zahlen VERB 0 root VerbForm=Fin\nnicht nicht PART 2 advmod\nnur nur ADV 3 advmod\nGeld Geld NOUN 2 obj\n. . PUNCT 2 punct\n\n\
         Wien Wien PROPN 2 nsubj\nzögert zögern VERB 0 root VerbForm=Fin\nnie nie ADV 2 advmod\n. . PUNCT 2 punct",
    );
    let c = Clauses::new(&s.reading());
    assert!(c.is_negated(s.at("liefert")));
    assert!(!c.is_negated(s.at("zahlt")));
    assert!(c.is_negated(s.at("zögert")));
}

#[test]
fn modality_tense_and_mood() {
    let s = Sample::new(
        "Der der DET 2 det\nGipfel Gipfel NOUN 4 nsubj\nsoll sollen AUX 4 aux VerbForm=Fin|Tense=Pres\nscheitern scheitern VERB 0 root VerbForm=Inf\n. . PUNCT 4 punct\n\n\
         Er er PRON 4 nsubj\nhabe haben AUX 4 aux VerbForm=Fin|Tense=Pres\ndavon davon ADV 4 advmod\ngewusst wissen VERB 0 root VerbForm=Part\n. . PUNCT 4 punct\n\n\
         Sie sie PRON 2 nsubj\nbleibe bleiben VERB 0 root VerbForm=Fin\nhart hart ADJ 2 advmod\n. . PUNCT 2 punct\n\n\
         Man man PRON 3 nsubj\nwird werden AUX 3 aux VerbForm=Fin|Tense=Pres\nverhandeln verhandeln VERB 0 root VerbForm=Inf\n. . PUNCT 3 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.modal(s.at("scheitern")), Some(Modal::Shall));
    assert_eq!((c.mood(s.at("gewusst")), c.tense(s.at("gewusst"))), (Mood::SubjunctiveOne, Tense::Perfect));
    assert_eq!(c.mood(s.at("bleibe")), Mood::SubjunctiveOne);
    assert!(c.has_pronominal_adverb(s.at("gewusst"), "von"));
    assert_eq!((c.voice(s.at("verhandeln")), c.tense(s.at("verhandeln"))), (Voice::Active, Tense::Future));
    assert_eq!(c.mood(s.at("verhandeln")), Mood::Indicative);
}

#[test]
fn sein_makes_a_perfect_or_a_state() {
    let s = Sample::new(
        "Er er PRON 3 nsubj\nist sein AUX 3 aux VerbForm=Fin|Tense=Pres\nabgereist abreisen VERB 0 root VerbForm=Part\n. . PUNCT 3 punct\n\n\
         Die der DET 2 det\nStadt Stadt NOUN 4 nsubj\nist sein AUX 4 aux VerbForm=Fin|Tense=Pres\nbesetzt besetzen VERB 0 root VerbForm=Part\n. . PUNCT 4 punct\n\n\
         Dies dies PRON 4 nsubj\nist sein AUX 4 aux VerbForm=Fin|Tense=Pres\nzu zu PART 4 mark\nverurteilen verurteilen VERB 0 root VerbForm=Inf\n. . PUNCT 4 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!((c.voice(s.at("abgereist")), c.tense(s.at("abgereist"))), (Voice::Active, Tense::Perfect));
    assert_eq!((c.voice(s.at("besetzt")), c.tense(s.at("besetzt"))), (Voice::Stative, Tense::Present));
    assert_eq!(c.voice(s.at("verurteilen")), Voice::Passive);
}

#[test]
fn prepositions_attributes_and_coordination() {
    let s = Sample::new(
        "Zur zu ADP 2 case\nLage Lage NOUN 3 obl\nberieten beraten VERB 0 root VerbForm=Fin\ndie der DET 5 det\nAußenminister Außenminister NOUN 3 nsubj\n\
         Frankreichs Frankreich PROPN 5 nmod Case=Gen\nund und CCONJ 8 cc\nPolens Polen PROPN 6 conj Case=Gen\nmit mit ADP 10 case\nKiew Kiew PROPN 3 obl\n\
         und und CCONJ 12 cc\nMinsk Minsk PROPN 10 conj\n. . PUNCT 3 punct",
    );
    let c = Clauses::new(&s.reading());
    assert_eq!(c.oblique(s.at("berieten"), "zu"), Some(s.at("Lage")));
    assert_eq!(c.oblique(s.at("berieten"), "mit"), Some(s.at("Kiew")));
    assert_eq!(c.preposition(s.at("Minsk")), Some("mit"));
    assert_eq!(forms(&s, c.conjuncts(s.at("Kiew"))), "Kiew Minsk");
    assert_eq!(c.genitive(s.at("Außenminister")), Some(s.at("Frankreichs")));
    assert_eq!(forms(&s, c.noun_phrase(s.at("Außenminister"))), "die Außenminister Frankreichs und Polens");
    assert_eq!(forms(&s, c.coordinated_phrase(s.at("Kiew"))), "Kiew und Minsk");
}

#[test]
fn conditions_by_conjunction_and_by_verb_first() {
    let s = Sample::new(
        "Wenn wenn SCONJ 3 mark\nTeheran Teheran PROPN 3 nsubj\neinlenkt einlenken VERB 6 advcl VerbForm=Fin\n, , PUNCT 3 punct\nwird werden AUX 6 aux VerbForm=Fin\nverhandelt verhandeln VERB 0 root VerbForm=Part\n. . PUNCT 6 punct\n\n\
         Lenkt lenken>einlenken VERB 5 advcl VerbForm=Fin\nBagdad Bagdad PROPN 1 nsubj\nein ein ADP 1 compound\n, , PUNCT 1 punct\nfolgt folgen VERB 0 root VerbForm=Fin\nRuhe Ruhe NOUN 5 nsubj\n. . PUNCT 5 punct",
    );
    let c = Clauses::new(&s.reading());
    assert!(c.is_conditional(s.at("Teheran")));
    assert!(!c.is_conditional(s.at("verhandelt")));
    assert!(c.is_conditional(s.at("Bagdad")));
    assert!(!c.is_conditional(s.at("folgt")));
    assert_eq!(c.subordinator(s.at("einlenkt")), Some("wenn"));
}

#[test]
fn degenerate_trees_end() {
    // A chain of conjuncts longer than any walk, and a token that is its own antecedent's clause.
    let mut columns = String::from("a a NOUN 0 root\n");
    for i in 1..2000 {
        columns.push_str(&format!("a a VERB {i} conj\n"));
    }
    let s = Sample::new(&columns);
    let c = Clauses::new(&s.reading());
    assert_eq!(c.subject(1999), None);
    assert_eq!(c.conjuncts(0).len(), 2000);
    assert_eq!(c.span(0), 0..2000);
    assert!(!c.is_conditional(1999));
}
