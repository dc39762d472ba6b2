//! Each kind of statement in invented sentences with hand-built trees, and hostile texts.

use super::*;
use crate::actors::Actors;
use crate::record::{EntityType, Medium, Range, Stance, StatementKind};
use crate::syntax::sample::Sample;

fn read(sample: &Sample) -> Vec<Statement> {
    let knowledge = Knowledge::new().unwrap();
    StatementLayer::new().unwrap().find(&sample.reading(), &knowledge, &mut Actors::default(), &[])
}

fn text(sample: &Sample, ranges: &[Range]) -> String {
    ranges.iter().map(|r| &sample.text[r.start..r.end]).collect::<Vec<_>>().join(" | ")
}

/// Content, speaker, cue and frame of a statement as text.
fn parts(sample: &Sample, s: &Statement) -> [String; 4] {
    let speaker = s.speaker.as_ref().map_or(String::new(), |p| sample.text[p.start..p.end].to_string());
    [text(sample, &s.content), speaker, text(sample, &s.cue), text(sample, &s.frame)]
}

#[test]
fn direct_speech_with_the_frame_in_front() {
    let s = Sample::new(
        "Die der DET 2 det\nMinisterin Ministerin NOUN 3 nsubj\nsagte sagen VERB 0 root VerbForm=Fin\n: : PUNCT 7 punct\n\
         „ „ PUNCT 7 punct\nWir wir PRON 7 nsubj\nbleiben bleiben VERB 3 ccomp VerbForm=Fin\n. . PUNCT 7 punct\n“ “ PUNCT 7 punct",
    );
    let found = read(&s);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, StatementKind::Direct);
    assert_eq!(parts(&s, &found[0]), ["„Wir bleiben.“", "Die Ministerin", "sagte", "Die Ministerin sagte:"]);
}

#[test]
fn direct_speech_interrupted_by_its_frame() {
    let s = Sample::new(
        "„ „ PUNCT 3 punct\nWir wir PRON 3 nsubj\nwerden werden VERB 0 root VerbForm=Fin\n“ “ PUNCT 3 punct\n, , PUNCT 6 punct\n\
         sagte sagen VERB 3 parataxis VerbForm=Fin\nIvo Ivo PROPN 6 nsubj\nBrandt Brandt PROPN 7 flat\n, , PUNCT 6 punct\n\
         „ „ PUNCT 12 punct\nnicht nicht PART 12 advmod\nweichen weichen VERB 3 xcomp VerbForm=Inf\n. . PUNCT 3 punct\n“ “ PUNCT 3 punct",
    );
    let found = read(&s);
    assert_eq!(found.len(), 1);
    assert_eq!(parts(&s, &found[0]), ["„Wir werden“ | „nicht weichen.“", "Ivo Brandt", "sagte", ", sagte Ivo Brandt,"]);
}

#[test]
fn indirect_speech_with_dass_names_the_addressee() {
    let s = Sample::new(
        "Oslo Oslo PROPN 2 nsubj Case=Nom\nwarf werfen>vorwerfen VERB 0 root VerbForm=Fin\nRom Rom PROPN 2 obl Case=Dat\nvor vor ADP 2 compound\n, , PUNCT 8 punct\n\
         dass dass SCONJ 8 mark\nes es PRON 8 nsubj\nzögere zögern VERB 2 ccomp VerbForm=Fin\n. . PUNCT 2 punct",
    );
    let found = read(&s);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].stance), (StatementKind::Indirect, Stance::Critical));
    assert_eq!(parts(&s, &found[0]), ["dass es zögere", "Oslo", "warf | vor", "Oslo warf Rom vor,"]);
    let addressee = found[0].addressee.as_ref().unwrap();
    assert_eq!(&s.text[addressee.start..addressee.end], "Rom");
}

#[test]
fn indirect_speech_with_an_infinitive() {
    let s = Sample::new(
        "Paris Paris PROPN 2 nsubj\nkündigte kündigen>ankündigen VERB 0 root VerbForm=Fin\nan an ADP 2 compound\n, , PUNCT 7 punct\n\
         Truppen Truppe NOUN 7 obj\nzu zu PART 7 mark\nsenden senden VERB 2 xcomp VerbForm=Inf\n. . PUNCT 2 punct",
    );
    let found = read(&s);
    assert_eq!(parts(&s, &found[0]), ["Truppen zu senden", "Paris", "kündigte an", "Paris kündigte an,"]);
}

#[test]
fn subjunctive_goes_on_with_the_last_speaker() {
    let s = Sample::new(
        "Ole Ole PROPN 2 nsubj\nsagte sagen VERB 0 root VerbForm=Fin\n, , PUNCT 5 punct\ner er PRON 5 nsubj\nkomme kommen VERB 2 ccomp VerbForm=Fin\n. . PUNCT 2 punct\n\n\
         Die der DET 2 det\nLage Lage NOUN 4 nsubj\nsei sein AUX 4 cop VerbForm=Fin\nernst ernst ADJ 0 root\n. . PUNCT 4 punct",
    );
    let found = read(&s);
    assert_eq!(found.len(), 2);
    assert_eq!(parts(&s, &found[0])[..2], ["er komme", "Ole"]);
    assert_eq!(found[1].kind, StatementKind::IndirectFreeIndirect);
    assert_eq!(parts(&s, &found[1]), ["Die Lage sei ernst.", "Ole", "", ""]);
}

#[test]
fn sources_with_a_preposition_vouch_for_the_sentence() {
    let s = Sample::new(
        "Das der DET 2 det\nDorf Dorf NOUN 8 nsubj\nwurde werden AUX 8 aux VerbForm=Fin\nnach nach ADP 5 case\nAngaben Angabe NOUN 8 obl\n\
         der der DET 7 det\nArmee Armee NOUN 5 nmod Case=Gen\nbefreit befreien VERB 0 root VerbForm=Part\n. . PUNCT 8 punct\n\n\
         Laut laut ADP 2 case\nBrandt Brandt PROPN 3 obl\nregnet regnen VERB 0 root VerbForm=Fin\nes es PRON 3 expl\n. . PUNCT 3 punct",
    );
    let found = read(&s);
    assert_eq!(
        parts(&s, &found[0]),
        ["Das Dorf wurde | befreit", "Angaben der Armee", "nach", "nach Angaben der Armee"]
    );
    assert_eq!(parts(&s, &found[1]), ["regnet es", "Brandt", "Laut", "Laut Brandt"]);
    assert_eq!(found[0].medium, Some(Medium::SpeechWriting));
}

#[test]
fn acts_of_speech_and_hearsay() {
    let s = Sample::new(
        "Die der DET 2 det\nKanzlerin Kanzlerin NOUN 3 nsubj\nforderte fordern VERB 0 root VerbForm=Fin\nSanktionen Sanktion NOUN 3 obj\n. . PUNCT 3 punct\n\n\
         Der der DET 2 det\nGipfel Gipfel NOUN 4 nsubj\nsoll sollen AUX 4 aux VerbForm=Fin\nscheitern scheitern VERB 0 root VerbForm=Inf\n. . PUNCT 4 punct",
    );
    let found = read(&s);
    assert_eq!((found[0].kind, found[0].stance), (StatementKind::Reported, Stance::Demanding));
    assert_eq!(parts(&s, &found[0])[..2], ["Die Kanzlerin forderte Sanktionen.", "Die Kanzlerin"]);
    assert_eq!(found[1].kind, StatementKind::FreeIndirect);
}

#[test]
fn a_fragment_is_nested_in_what_holds_it() {
    let s = Sample::new(
        "Ole Ole PROPN 2 nsubj\nsagte sagen VERB 0 root VerbForm=Fin\n, , PUNCT 9 punct\ndas das PRON 9 nsubj\nsei sein AUX 9 cop VerbForm=Fin\n\
         „ „ PUNCT 9 punct\nein ein DET 9 det\nfaires fair ADJ 9 amod\nAngebot Angebot NOUN 2 ccomp\n“ “ PUNCT 9 punct\n. . PUNCT 2 punct",
    );
    let found = read(&s);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].kind, found[0].within), (StatementKind::Indirect, None));
    assert_eq!((found[1].kind, found[1].within), (StatementKind::Direct, Some(0)));
    assert_eq!(parts(&s, &found[1])[..2], ["„ein faires Angebot“", "Ole"]);
}

#[test]
fn titles_in_quotation_marks_are_no_speech() {
    let s = Sample::new(
        "Der der DET 2 det\nFilm Film NOUN 6 nsubj\n„ „ PUNCT 4 punct\nHafen Hafen NOUN 2 appos\n“ “ PUNCT 4 punct\nläuft laufen VERB 0 root VerbForm=Fin\n. . PUNCT 6 punct",
    );
    assert_eq!(read(&s), []);
}

#[test]
fn a_text_that_is_one_quotation_and_one_without_end() {
    let quoted = "„ „ PUNCT 3 punct\nWir wir PRON 3 nsubj\nbleiben bleiben VERB 0 root VerbForm=Fin\nnoch noch ADV 3 advmod\nlange lange ADV 3 advmod\nhier hier ADV 3 advmod\n. . PUNCT 3 punct";
    let closed = Sample::new(&format!("{quoted}\n“ “ PUNCT 3 punct"));
    let found = read(&closed);
    assert_eq!(parts(&closed, &found[0]), [closed.text.as_str(), "", "", ""]);
    let open = Sample::new(quoted);
    assert_eq!(text(&open, &read(&open)[0].content), open.text);
}

#[test]
fn long_and_empty_texts_do_no_harm() {
    let empty = Sample::new("„ „ PUNCT 0 root");
    assert_eq!(read(&empty), []);
    // One endless sentence of cues and marks.
    let mut columns = String::from("sagte sagen VERB 0 root\n");
    for i in 1..60_000 {
        let row = [
            ", , PUNCT 1 punct",
            "sagte sagen VERB 1 conj",
            "„ „ PUNCT 1 punct",
            "laut laut ADP 1 case",
            "“ “ PUNCT 1 punct",
        ][i % 5];
        columns.push_str(row);
        columns.push('\n');
    }
    let long = Sample::new(&columns);
    let begin = std::time::Instant::now();
    let _ = read(&long);
    // Many short sentences, each with speech and with what goes on from it.
    let sentence = "Er er PRON 2 nsubj\nsagte sagen VERB 0 root\n, , PUNCT 4 punct\n„ „ PUNCT 5 punct\nja ja ADV 2 advmod\n“ “ PUNCT 5 punct\n. . PUNCT 2 punct\n\n\
                    Es es PRON 2 nsubj\nsei sein VERB 0 root\n. . PUNCT 2 punct\n\n";
    let _ = read(&Sample::new(&sentence.repeat(20_000)));
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn the_occasion_and_the_speaker_decide_the_medium() {
    let said = |subject: &str, place: &str| {
        let s = Sample::new(&format!(
            "{subject} {subject} PROPN 2 nsubj\nerklärte erklären VERB 0 root VerbForm=Fin\nin in ADP 5 case\neinem ein DET 5 det\n\
             {place} {place} NOUN 2 obl\n, , PUNCT 8 punct\nes es PRON 8 nsubj\nregne regnen VERB 2 ccomp VerbForm=Fin\n. . PUNCT 2 punct"
        ));
        read(&s)[0].medium
    };
    assert_eq!(said("Brandt", "Brief"), Some(Medium::Writing));
    assert_eq!(said("Brandt", "Interview"), Some(Medium::Speech));
    assert_eq!(said("Brandt", "Zimmer"), Some(Medium::SpeechWriting));
    assert_eq!(said("CNN", "Zimmer"), Some(Medium::Speech));
}

#[test]
fn the_speaker_ends_where_an_article_begins_another_phrase() {
    let s = Sample::new(
        "Das der DET 2 det\nDorf Dorf NOUN 9 nsubj\nhat haben AUX 9 aux VerbForm=Fin\nnach nach ADP 5 case\nAngaben Angabe NOUN 9 obl\n\
         der der DET 7 det\nArmee Armee NOUN 5 nmod Case=Gen\ndie der DET 10 det\nverloren verlieren VERB 0 root VerbForm=Part\n\
         Brücke Brücke NOUN 7 nmod\n. . PUNCT 9 punct",
    );
    assert_eq!(parts(&s, &read(&s)[0])[1], "Angaben der Armee");
}

#[test]
fn an_office_behind_a_name_belongs_to_the_speaker_and_what_follows_does_not() {
    let s = Sample::new(
        "Ivo Ivo PROPN 8 nsubj\nBrandt Brandt PROPN 1 flat\n, , PUNCT 5 punct\nein ein DET 5 det\nSprecher Sprecher NOUN 8 obl\n\
         der der DET 7 det\nBahn Bahn NOUN 5 nmod Case=Gen\nsagte sagen VERB 0 root VerbForm=Fin\n, , PUNCT 11 punct\n\
         es es PRON 11 nsubj\nregne regnen VERB 8 ccomp VerbForm=Fin\n. . PUNCT 8 punct",
    );
    // Without the comma that closes it, the office is not taken.
    assert_eq!(parts(&s, &read(&s)[0])[1], "Ivo Brandt");
    let s = Sample::new(
        "Ivo Ivo PROPN 9 nsubj\nBrandt Brandt PROPN 1 flat\n, , PUNCT 5 punct\nein ein DET 5 det\nSprecher Sprecher NOUN 9 obl\n\
         der der DET 7 det\nBahn Bahn NOUN 5 nmod Case=Gen\n, , PUNCT 5 punct\nsagte sagen VERB 0 root VerbForm=Fin\n, , PUNCT 12 punct\n\
         es es PRON 12 nsubj\nregne regnen VERB 9 ccomp VerbForm=Fin\n. . PUNCT 9 punct",
    );
    assert_eq!(parts(&s, &read(&s)[0])[1], "Ivo Brandt, ein Sprecher der Bahn");
}

#[test]
fn a_speaker_without_a_name_becomes_an_entity() {
    let s = Sample::new(
        "Ein ein DET 2 det\nSprecher Sprecher NOUN 5 nsubj Number=Sing\ndes der DET 4 det\nMuseums Museum NOUN 2 nmod Case=Gen\n\
         sagte sagen VERB 0 root VerbForm=Fin\n, , PUNCT 8 punct\nes es PRON 8 nsubj\nregne regnen VERB 5 ccomp VerbForm=Fin\n. . PUNCT 5 punct",
    );
    let mut actors = Actors::default();
    let found = StatementLayer::new().unwrap().find(&s.reading(), &Knowledge::new().unwrap(), &mut actors, &[]);
    assert_eq!(found[0].speaker.as_ref().map(|p| p.entities.clone()), Some(vec![0]));
    assert_eq!(
        (actors.entities[0].kind, actors.entities[0].name.as_str()),
        (EntityType::Person, "Sprecher des Museums")
    );
}

#[test]
fn objects_do_not_speak_and_intentions_are_no_statements() {
    // The tree takes the object for the subject.
    let s = Sample::new(
        "Den der DET 2 det\nMinister Minister NOUN 3 nsubj\nwarnte warnen VERB 0 root VerbForm=Fin\ner er PRON 3 obj\n, , PUNCT 7 punct\n\
         es es PRON 7 nsubj\nregne regnen VERB 3 ccomp VerbForm=Fin\n. . PUNCT 3 punct",
    );
    assert_eq!(parts(&s, &read(&s)[0])[1], "er");
    let s = Sample::new(
        "Sie sie PRON 4 nsubj\nwill wollen AUX 4 aux VerbForm=Fin\nSanktionen Sanktion NOUN 4 obj\nfordern fordern VERB 0 root VerbForm=Inf\n. . PUNCT 4 punct",
    );
    assert_eq!(read(&s), []);
}
