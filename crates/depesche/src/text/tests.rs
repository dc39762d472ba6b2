//! What splitting does with news as it is written; sentences invented.

use super::Splitter;
use crate::analysis::Analysis;
use proptest::prelude::*;

fn split(text: &str) -> Vec<Vec<&str>> {
    let mut analysis = Analysis::default();
    Splitter::new().unwrap().split(text, &mut analysis);
    let words = |s: &crate::analysis::Sentence| s.tokens().map(|i| analysis.form(text, i)).collect();
    analysis.sentences.iter().map(words).collect()
}

/// The sentences, their tokens parted by single spaces.
fn sentences(text: &str) -> Vec<String> {
    split(text).into_iter().map(|s| s.join(" ")).collect()
}

#[track_caller]
fn one(text: &str, expected: &str) {
    assert_eq!(sentences(text), [expected]);
}

#[test]
fn contractions_and_hyphenated_words_are_one_token() {
    one("Im US-Außenministerium gab's zum Start Kritik.", "Im US-Außenministerium gab's zum Start Kritik .");
    one("Außen- und Sicherheitspolitik", "Außen- und Sicherheitspolitik");
    one("Das Ost-West-Verhältnis – ein Thema.", "Das Ost-West-Verhältnis – ein Thema .");
    one("Die 5%-Hürde bleibt.", "Die 5%-Hürde bleibt .");
    one("Spiel Italien–Portugal", "Spiel Italien–Portugal");
    one("Haiti -- das Land", "Haiti -- das Land");
}

#[test]
fn abbreviations_keep_their_full_stop() {
    one("Dr. h.c. Anna Weber sprach u.a. mit Prof. Braun.", "Dr. h.c. Anna Weber sprach u.a. mit Prof. Braun .");
    one("Er nannte z. B. die Ukraine, d. h. Kiew.", "Er nannte z. B. die Ukraine , d. h. Kiew .");
    one("Z.B. Kiew wurde ca. 3 Std. beschossen.", "Z.B. Kiew wurde ca. 3 Std. beschossen .");
    one("Der Fonds hat 3 Mio. Euro bzw. Dollar.", "Der Fonds hat 3 Mio. Euro bzw. Dollar .");
    one("Nach Art. 5 und Abs. 2 gilt das.", "Nach Art. 5 und Abs. 2 gilt das .");
    assert_eq!(
        sentences("Er warnte vor Fragen dieser Art. Berlin schwieg."),
        ["Er warnte vor Fragen dieser Art .", "Berlin schwieg ."]
    );
    assert_eq!(
        sentences("Es ging um Öl, Gas usw. Die Runde endete."),
        ["Es ging um Öl , Gas usw.", "Die Runde endete ."]
    );
    assert_eq!(sentences("Sie sagt, was sie mag. Wer hört zu?"), ["Sie sagt , was sie mag .", "Wer hört zu ?"]);
}

#[test]
fn initials_and_regnal_numbers() {
    one("George W. Bush traf J.D. Vance und C.Y. Leung.", "George W. Bush traf J.D. Vance und C.Y. Leung .");
    one("Papst Johannes XXIII. war dort.", "Papst Johannes XXIII. war dort .");
    assert_eq!(sentences("So sprach Georg V. Danach ging er."), ["So sprach Georg V .", "Danach ging er ."]);
}

#[test]
fn ordinals_and_numbers() {
    one("Am 8. April kam das 3. Bataillon.", "Am 8. April kam das 3. Bataillon .");
    one("Vom 3. bis zum 5. Mai tagten sie.", "Vom 3. bis zum 5. Mai tagten sie .");
    one("Am 08.04. begann es um 9.30 Uhr.", "Am 08.04. begann es um 9.30 Uhr .");
    one("Rund 20.000 Menschen, 3,5 Prozent, um 10:15 Uhr.", "Rund 20.000 Menschen , 3,5 Prozent , um 10:15 Uhr .");
    one("Bis zu 99%“ stimmten zu.", "Bis zu 99 % “ stimmten zu .");
    assert_eq!(
        sentences("Sie kam auf Platz 3. Die Partei feierte 2011. Merkel nicht."),
        ["Sie kam auf Platz 3 .", "Die Partei feierte 2011 .", "Merkel nicht ."]
    );
    one("Bisher waren es 5.000.", "Bisher waren es 5.000 .");
    assert_eq!(sentences("Es waren nur 5.000. Mexiko half."), ["Es waren nur 5.000 .", "Mexiko half ."]);
}

#[test]
fn addresses_and_handles() {
    one("Siehe https://example.org/a?b=1, sagte er.", "Siehe https://example.org/a?b=1 , sagte er .");
    one("Auf www.example.de/a, bei bundestag.de?", "Auf www.example.de/a , bei bundestag.de ?");
    one("Post an presse@example.de von ver.di", "Post an presse@example.de von ver.di");
    one("CDU/CSU bei 80 km/h und 2006/2007", "CDU/CSU bei 80 km/h und 2006 / 2007");
}

#[test]
fn quotations() {
    let quoted = ["„Wir gehen!“, sagte sie.", "„Gehen wir?“ fragte sie.", "»Ja.« – so endete es."];
    for text in quoted {
        assert_eq!(split(text).len(), 1, "{text}");
    }
    assert_eq!(
        sentences("Er sagte: „Wir gehen. Es ist spät.“ Dann ging er."),
        ["Er sagte : „ Wir gehen .", "Es ist spät . “", "Dann ging er ."]
    );
    assert_eq!(sentences("\"Nein.\" \"Doch.\""), ["\" Nein . \"", "\" Doch . \""]);
    assert_eq!(sentences("Er ging (leise.) Sie blieb."), ["Er ging ( leise . )", "Sie blieb ."]);
    one("Das ‚Große‘ und Aristoteles' Werk", "Das ‚ Große ‘ und Aristoteles' Werk");
    one("Er nannte es ``neu''.", "Er nannte es `` neu '' .");
}

#[test]
fn semicolons_and_colons_between_clauses() {
    let text = "Die Gespräche in Genf sind vorerst gescheitert; beide Seiten wollen sich aber im Mai treffen.";
    assert_eq!(split(text).len(), 2);
    one("Es kamen Anna, Wien; Ben, Bern; Cem, Bonn.", "Es kamen Anna , Wien ; Ben , Bern ; Cem , Bonn .");
    let text = "Damit ist die Lage im Hafen geklärt: Die Schiffe dürfen ab Montag wieder ohne Genehmigung auslaufen.";
    assert_eq!(split(text).len(), 2);
    one("Berlin: Die Lage ist ernst.", "Berlin : Die Lage ist ernst .");
}

#[test]
fn datelines_headlines_and_lists() {
    one("Tokio (dpa) - Japan will mehr.", "Tokio ( dpa ) - Japan will mehr .");
    assert_eq!(
        sentences("Neue Gespräche in Genf\n\nDie Lage ist ernst.\nSie bleibt es."),
        ["Neue Gespräche in Genf", "Die Lage ist ernst .", "Sie bleibt es ."]
    );
    assert_eq!(
        sentences("Gefordert werden:\n- Waffenruhe\n- Hilfe"),
        ["Gefordert werden :", "- Waffenruhe", "- Hilfe"]
    );
    assert_eq!(sentences("1. Waffenruhe sofort\n2. Hilfe"), ["1. Waffenruhe sofort", "2. Hilfe"]);
    let wrapped = "Die Ministerin hat am Dienstag in einer langen Erklärung die\nRegierung gelobt.";
    assert_eq!(split(wrapped).len(), 1);
}

#[test]
fn ellipses_and_missing_spaces() {
    assert_eq!(sentences("Und dann … Es war still."), ["Und dann …", "Es war still ."]);
    one("Er wollte ... gehen.", "Er wollte ... gehen .");
    assert_eq!(sentences("Das sagte er.Dann ging er."), ["Das sagte er .", "Dann ging er ."]);
}

#[test]
fn decomposed_characters_and_pictures() {
    one("Die Pra\u{308}sidentin u\u{308}bt.", "Die Pra\u{308}sidentin u\u{308}bt .");
    one("Bravo 👩‍🚀🇩🇪👍🏽!", "Bravo 👩‍🚀 🇩🇪 👍🏽 !");
    one("Don\u{AD}ners\u{AD}tag", "Don\u{AD}ners\u{AD}tag");
}

/// Tokens and sentences must cover all but white space, in order and without overlap.
fn check(text: &str) {
    let mut analysis = Analysis::default();
    Splitter::new().unwrap().split(text, &mut analysis);
    let mut at = 0;
    for t in &analysis.tokens {
        assert!(t.start < t.end);
        assert!(text[at..t.start as usize].chars().all(char::is_whitespace));
        at = t.end as usize;
    }
    assert!(text[at..].chars().all(char::is_whitespace));
    let mut next = 0;
    for (i, s) in analysis.sentences.iter().enumerate() {
        assert!(s.first == next && s.last > s.first);
        next = s.last;
        let tokens = &analysis.tokens[s.tokens()];
        assert_eq!((s.start, s.end), (tokens[0].start, tokens[tokens.len() - 1].end));
        assert!(tokens.iter().all(|t| t.sentence == i as u32));
    }
    assert_eq!(next as usize, analysis.tokens.len());
}

proptest! {
    #[test]
    fn any_text_is_covered(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_mixture_of_news_is_covered(parts in prop::collection::vec(prop::sample::select(vec![
        "Der", "z.B.", "8.", "Dr.", " ", " ", "\n", "„", "“", "'", "’s", ".", "...", "…", "!", "-", "--", "–", "(", ")",
        "%", "%-", "www.", "http://", "@", "3,5", "ä", "\u{308}", "👩‍🚀", "\u{200D}", "🇩", "/", ":", ";", ":-)", "*in", "XX",
    ]), 0..40)) {
        check(&parts.concat());
    }
}

#[test]
fn time_is_linear_in_the_text() {
    let splitter = Splitter::new().unwrap();
    for unit in [
        "a", "-", "a-", "\"", ".", "8.", "a.", "'", "„", "\n", " ", "; ", ": Der ", "http://", "www.", "a/", "1:",
        "\u{308}", "\u{200D}",
    ] {
        let text = unit.repeat((4 << 20) / unit.len());
        let begin = std::time::Instant::now();
        splitter.split(&text, &mut Analysis::default());
        assert!(begin.elapsed().as_secs() < 20, "{unit:?} takes {:?}", begin.elapsed());
    }
}
