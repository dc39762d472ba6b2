//! What the rules find, by family, with invented sentences; and what holds for every text.

use super::{TimeLayer, date_in, in_range, is_value, iso_date, parse_date};
use crate::analysis::Analysis;
use crate::reading::Reading;
use crate::record::{Time, TimeType};
use crate::text::Splitter;
use proptest::prelude::*;
use std::sync::LazyLock;

static LAYER: LazyLock<TimeLayer> = LazyLock::new(|| TimeLayer::new().unwrap());
static SPLITTER: LazyLock<Splitter> = LazyLock::new(|| Splitter::new().unwrap());

fn times(text: &str, date: Option<&str>) -> Vec<Time> {
    let mut analysis = Analysis::default();
    SPLITTER.split(text, &mut analysis);
    LAYER.find(&Reading { text, title: None, date: date.map(|d| parse_date(d).unwrap()), analysis: &analysis })
}

/// The expressions and values of a text, published on Tuesday, 8 April 2025.
fn read(text: &str) -> Vec<(String, String)> {
    times(text, Some("2025-04-08")).into_iter().map(|t| (text[t.start..t.end].to_string(), t.value)).collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let found = read(text);
    let found: Vec<_> = found.iter().map(|(e, v)| (e.as_str(), v.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn undated(text: &str, expected: &[&str]) {
    let values: Vec<_> = times(text, None).into_iter().map(|t| t.value).collect();
    assert_eq!(values, expected, "{text}");
}

#[test]
fn days_in_every_spelling() {
    check(
        "Der Vertrag vom 3. März 1999 galt bis zum 31.12.2004.",
        &[("3. März 1999", "1999-03-03"), ("31.12.2004", "2004-12-31")],
    );
    check("Am Montag, dem 7. April, reiste er ab.", &[("Montag, dem 7. April", "2025-04-07")]);
    check("Sie kam am 1. Sept. 2024 an.", &[("1. Sept. 2024", "2024-09-01")]);
    check("Stand: 2025-04-01", &[("2025-04-01", "2025-04-01")]);
    check("Am ersten Mai 2023 wurde gefeiert.", &[("ersten Mai 2023", "2023-05-01")]);
    check("AM 9. NOVEMBER 1989 FIEL DIE MAUER", &[("9. NOVEMBER 1989", "1989-11-09")]);
}

#[test]
fn days_without_year_lie_where_the_verb_points() {
    check("Am 20. Dezember traf der Minister ein.", &[("20. Dezember", "2024-12-20")]);
    check("Am 20. Dezember wird der Minister eintreffen.", &[("20. Dezember", "2025-12-20")]);
    check("Die Wahl findet am 8. September statt.", &[("8. September", "2025-09-08")]);
}

#[test]
fn weekdays() {
    check("Das teilte die Sprecherin am Freitag mit.", &[("Freitag", "2025-04-04")]);
    check("Am Freitag soll die Entscheidung fallen.", &[("Freitag", "2025-04-11")]);
    check("Am Dienstag unterzeichneten sie das Abkommen.", &[("Dienstag", "2025-04-08")]);
    check("Am vergangenen Dienstag brannte es.", &[("vergangenen Dienstag", "2025-04-01")]);
    check("Sie kommt kommenden Dienstag.", &[("kommenden Dienstag", "2025-04-15")]);
    check("Seit Donnerstag streiken die Fahrer.", &[("Donnerstag", "2025-04-03")]);
    check("Am morgigen Mittwoch tagt der Rat.", &[("Mittwoch", "2025-04-09")]);
}

#[test]
fn days_counted_from_today() {
    check("Gestern sprach sie, übermorgen spricht er.", &[("Gestern", "2025-04-07"), ("übermorgen", "2025-04-10")]);
    check("Der Angriff begann gestern Abend.", &[("gestern Abend", "2025-04-07TEV")]);
    check("Guten Morgen, sagte er.", &[]);
    check("Morgen reist sie ab.", &[("Morgen", "2025-04-09")]);
}

#[test]
fn today_is_a_day_in_news_and_the_present_in_essays() {
    check("Der Präsident hat heute das Gesetz unterzeichnet.", &[("heute", "2025-04-08")]);
    check("Die Jugend von heute liest wenig.", &[("heute", "PRESENT_REF")]);
    check("Der Streit dauert bis heute an.", &[("heute", "PRESENT_REF")]);
}

#[test]
fn months_and_years() {
    check("Im Februar stieg der Preis.", &[("Februar", "2025-02")]);
    check("Im Oktober stieg der Preis.", &[("Oktober", "2024-10")]);
    check("Im Oktober soll gewählt werden.", &[("Oktober", "2025-10")]);
    check("Er regierte 1998 und im Jahr 2002.", &[("1998", "1998"), ("Jahr 2002", "2002")]);
    check("Im Juni vergangenen Jahres begann der Bau.", &[("Juni vergangenen Jahres", "2024-06")]);
    check("Im vergangenen Jahr waren es mehr als im Vorjahr.", &[("vergangenen Jahr", "2024"), ("Vorjahr", "2024")]);
    check("Am 21. September des Vorjahres siegte er.", &[("21. September des Vorjahres", "2024-09-21")]);
    check("Nächsten Monat wird gewählt.", &[("Nächsten Monat", "2025-05")]);
    check("Das schrieb Vera Herbst, die mit August Bebel sprach.", &[]);
    check("Bis August kamen Soldaten.", &[("August", "2024-08")]);
    check("Heuer schneite es kaum.", &[("Heuer", "2025")]);
}

#[test]
fn numbers_that_are_no_years() {
    check("Der Verband schickte 2000 Soldaten und 1999 Euro.", &[]);
    check("Die Resolution 1970 blieb folgenlos.", &[]);
    check("Die Reise kostet 1450 bis 1850 Mark.", &[]);
    check("Sie siegte mit 6516 Punkten nach 1:41 Stunden 2:1 über den Arabischen Frühling.", &[]);
}

#[test]
fn stories_keep_their_year() {
    check(
        "Im März 1992 zog die Truppe ab. Am 5. Mai kehrte sie zurück.",
        &[("März 1992", "1992-03"), ("5. Mai", "1992-05-05")],
    );
    check(
        "Am 3. Juni 2011 tagte der Rat. Am Tag darauf reiste er ab.",
        &[("3. Juni 2011", "2011-06-03"), ("Tag darauf", "2011-06-04")],
    );
}

#[test]
fn beginnings_and_ends() {
    let found =
        times("Anfang April fiel Schnee, Mitte 2026 wird gebaut, bis Ende des Monats gezahlt.", Some("2025-04-08"));
    let found: Vec<_> = found.iter().map(|t| (t.value.as_str(), t.modifier.as_deref())).collect();
    assert_eq!(found, [("2025-04", Some("START")), ("2026", Some("MID")), ("2025-04", Some("END"))]);
}

#[test]
fn weeks_and_weekends() {
    check("In der vergangenen Woche stieg der Kurs.", &[("der vergangenen Woche", "2025-W14")]);
    check("Anfang kommender Woche beginnt der Gipfel.", &[("Anfang kommender Woche", "2025-W16")]);
    check("Am Wochenende kam es zu Protesten.", &[("Wochenende", "2025-W14-WE")]);
    check("Am Wochenende soll es regnen.", &[("Wochenende", "2025-W15-WE")]);
}

#[test]
fn seasons_quarters_decades_centuries() {
    check("Im Frühjahr 2022 begann der Krieg.", &[("Frühjahr 2022", "2022-SP")]);
    check("Im Sommer brannte der Wald.", &[("Sommer", "2024-SU")]);
    check(
        "Im ersten Quartal 2024 und im zweiten Halbjahr 2023.",
        &[("ersten Quartal 2024", "2024-Q1"), ("zweiten Halbjahr 2023", "2023-H2")],
    );
    check(
        "In den neunziger Jahren und den 1980er Jahren war es anders.",
        &[("den neunziger Jahren", "199"), ("den 1980er Jahren", "198")],
    );
    check("Mitte der 90er-Jahre galt das.", &[("Mitte der 90er-Jahre", "199")]);
    check("Das Haus stammt aus dem 18. Jahrhundert.", &[("dem 18. Jahrhundert", "17")]);
    check("Um 500 v. Chr. war es bewohnt.", &[("500 v. Chr.", "BC0500")]);
}

#[test]
fn feasts() {
    check("Zu Ostern 2024 schwiegen die Waffen.", &[("Ostern 2024", "2024-03-31")]);
    check("Der Papst sprach am Karfreitag 2023.", &[("Karfreitag 2023", "2023-04-07")]);
    check(
        "Am Bußtag 2024 und am Totensonntag 2024.",
        &[("Bußtag 2024", "2024-11-20"), ("Totensonntag 2024", "2024-11-24")],
    );
    check("Am Tag der Deutschen Einheit wird gefeiert.", &[("Tag der Deutschen Einheit", "2025-10-03")]);
}

#[test]
fn times_of_day() {
    check("Der Zug fuhr am Montag um 20.30 Uhr ab.", &[("Montag", "2025-04-07"), ("20.30 Uhr", "2025-04-07T20:30")]);
    check("Gestern gegen 9 Uhr fiel der Strom aus.", &[("Gestern", "2025-04-07"), ("9 Uhr", "2025-04-07T09:00")]);
    check(
        "Am Dienstagabend sprach sie um halb neun.",
        &[("Dienstagabend", "2025-04-08TEV"), ("halb neun", "2025-04-08T08:30")],
    );
    check("Am Abend des 3. März begann er.", &[("Abend", "2025-03-03TEV"), ("des 3. März", "2025-03-03")]);
    check("In der Nacht zum Sonntag griffen sie an.", &[("der Nacht zum Sonntag", "2025-04-06TNI")]);
    check(
        "Geöffnet heute 10-12 und 14-16.30 Uhr.",
        &[
            ("heute", "2025-04-08"),
            ("10", "2025-04-08T10:00"),
            ("12", "2025-04-08T12:00"),
            ("14", "2025-04-08T14:00"),
            ("16.30 Uhr", "2025-04-08T16:30"),
        ],
    );
}

#[test]
fn moments_with_time_zone_keep_their_local_time() {
    check(
        "Log: 2024-02-29T23:59:30+01:00 und 2024-03-01T00:10Z.",
        &[("2024-02-29T23:59:30+01:00", "2024-02-29T23:59"), ("2024-03-01T00:10Z", "2024-03-01T00:10")],
    );
}

#[test]
fn lengths() {
    check("Er saß drei Jahre und vier Monate in Haft.", &[("drei Jahre und vier Monate", "P3Y4M")]);
    check("Nach anderthalb Stunden endete das Treffen.", &[("anderthalb Stunden", "PT1.5H")]);
    check(
        "Seit Jahren wird verhandelt, tagelang und mehrere Wochen.",
        &[("Jahren", "PXY"), ("tagelang", "PXD"), ("mehrere Wochen", "PXW")],
    );
    check("In den vergangenen zwei Jahrzehnten wuchs die Stadt.", &[("den vergangenen zwei Jahrzehnten", "P2DE")]);
    check("Ein zweitägiger Besuch und eine dreijährige Haftstrafe.", &[("zweitägiger", "P2D"), ("dreijährige", "P3Y")]);
    check(
        "Die 35-Stunden-Woche kam nach zehn bis zwölf Tagen.",
        &[("35-Stunden-Woche", "PT35H"), ("zehn", "P10D"), ("zwölf Tagen", "P12D")],
    );
    let about = times("Vor rund drei Jahren, mehr als zwei Monate lang.", Some("2025-04-08"));
    assert_eq!(about.iter().map(|t| t.modifier.as_deref()).collect::<Vec<_>>(), [Some("APPROX"), Some("MORE_THAN")]);
}

#[test]
fn a_length_ago_has_a_date() {
    let dates = |text| times(text, Some("2025-04-08")).into_iter().map(|t| t.date).collect::<Vec<_>>();
    assert_eq!(dates("Vor drei Tagen explodierte ein Lager."), [Some("2025-04-05".to_string())]);
    assert_eq!(dates("Er war vor zwei Jahren Minister."), [Some("2023".to_string())]);
    assert_eq!(dates("Seit vier Monaten wird gekämpft."), [Some("2024-12".to_string())]);
    assert_eq!(dates("Er bleibt drei Tage. Im Sommer geht er."), [None, None]);
}

#[test]
fn ages_are_no_times() {
    check("Der 17 Jahre alte Schüler und die 57-jährige Ministerin schwiegen.", &[]);
    check("Im Alter von 80 Jahren starb er.", &[]);
}

#[test]
fn recurring() {
    check(
        "Zweimal pro Woche und alle vier Jahre, täglich und montags.",
        &[("Zweimal pro Woche", "P1W"), ("alle vier Jahre", "P4Y"), ("täglich", "P1D"), ("montags", "XXXX-WXX-1")],
    );
    check("Jeden Dienstag protestieren 500 Menschen im Jahr.", &[("Jeden Dienstag", "XXXX-WXX-2"), ("im Jahr", "P1Y")]);
}

#[test]
fn at_large() {
    check(
        "Damals schwieg er, derzeit redet er, demnächst geht er.",
        &[("Damals", "PAST_REF"), ("derzeit", "PRESENT_REF"), ("demnächst", "FUTURE_REF")],
    );
    check("Er wird früher oder später in Zukunft eine Zeit lang warten.", &[("Zukunft", "FUTURE_REF")]);
    check("Vor dem Gipfel traf er März und Merz.", &[("März", "2025-03")]);
}

#[test]
fn ranges() {
    check("Vom 3. bis 5. Mai tagt der Rat.", &[("3.", "2025-05-03"), ("5. Mai", "2025-05-05")]);
    check(
        "Von 1999 bis 2008 war er Professor (1937–2012).",
        &[("1999", "1999"), ("2008", "2008"), ("1937", "1937"), ("2012", "2012")],
    );
    check(
        "Vom 28. April bis zum 2. Mai 2023 dauerte die Reise.",
        &[("28. April", "2023-04-28"), ("2. Mai 2023", "2023-05-02")],
    );
}

#[test]
fn without_a_document_date_the_unknown_stays_unknown() {
    undated("Am 8. April begann gestern im Mai der Krieg.", &["XXXX-04-08", "XXXX-XX-XX", "XXXX-05"]);
    undated("Am Dienstag der vergangenen Woche im Sommer.", &["XXXX-WXX-2", "XXXX-WXX", "XXXX-SU"]);
    undated("Vergangenes Jahr, um 20 Uhr, am Wochenende.", &["XXXX", "XXXX-XX-XXT20:00", "XXXX-WXX-WE"]);
    undated("Im Jahr 2010, zu Weihnachten und zu Ostern.", &["2010", "2010-12-24", "2010-04-04"]);
    undated("Zu Weihnachten und zu Pfingsten. Vor drei Tagen.", &["XXXX-12-24", "XXXX-XX-XX", "P3D"]);
}

#[test]
fn leap_days() {
    check("Am 29. Februar 2024 schneite es, am 29. Februar 2023 nicht.", &[("29. Februar 2024", "2024-02-29")]);
    check("Am 29. Februar schneite es.", &[("29. Februar", "2024-02-29")]);
    undated("Am 29. Februar schneite es.", &["XXXX-02-29"]);
}

#[test]
fn week_53_and_the_edges_of_the_calendar() {
    let value = |text, date| times(text, Some(date)).into_iter().map(|t| t.value).collect::<Vec<_>>();
    assert_eq!(value("Vergangene Woche.", "2021-01-05"), ["2020-W53"]);
    assert_eq!(value("Nächste Woche.", "2020-12-22"), ["2020-W53"]);
    assert_eq!(value("Morgen beginnt er.", "9999-12-31"), [] as [&str; 0]);
    assert_eq!(value("Gestern begann er.", "0000-01-01"), [] as [&str; 0]);
    assert_eq!(value("Im Jahr 0 und im Jahr 10000.", "2025-04-08"), ["0000"]);
    assert_eq!(value("Im vergangenen Jahr.", "0000-06-01"), [] as [&str; 0]);
}

#[test]
fn document_dates() {
    assert!(parse_date("2025-04-08").is_some());
    assert_eq!(parse_date("2025-04-08T23:30:00-11:00"), parse_date("2025-04-08"));
    for wrong in ["", "8.4.2025", "2025-02-29", "2025-13-01", "2025-04-08x", "20250408", "gestern", "2025-04-0é"] {
        assert_eq!(parse_date(wrong), None, "{wrong}");
    }
}

#[test]
fn iso_dates_of_values() {
    for (value, date) in [
        ("2025", Some("2025")),
        ("2025-04", Some("2025-04")),
        ("2025-04-08", Some("2025-04-08")),
        ("2025-04-08T20:30", Some("2025-04-08")),
        ("XXXX-04-08", None),
        ("2025-W15", None),
        ("2025-SU", None),
        ("199", None),
        ("P4DE", None),
        ("PRESENT_REF", None),
    ] {
        assert_eq!(iso_date(value), date, "{value}");
    }
}

#[test]
fn times_inside_a_range() {
    let found = times("Am 3. Mai 2024 kam er, 2025 ging er.", None);
    assert_eq!(in_range(&found, 0, 21).count(), 1);
    assert_eq!(in_range(&found, 3, 100).count(), 2);
    assert_eq!(in_range(&found, 4, 100).count(), 1);
    assert_eq!(in_range(&found, 3, 10).count(), 0);
    assert_eq!(date_in(&found, 0, 100), Some("2024-05-03"));
    assert_eq!(date_in(&found, 10, 100), Some("2025"));
    assert_eq!(date_in(&found, 0, 3), None);
}

#[test]
fn kinds() {
    let kinds = |text| times(text, Some("2025-04-08")).into_iter().map(|t| t.kind).collect::<Vec<_>>();
    assert_eq!(
        kinds("Gestern, gestern Abend, drei Tage, täglich."),
        [TimeType::Date, TimeType::Time, TimeType::Duration, TimeType::Set]
    );
}

/// Words of the tables, numbers and signs, so that random texts meet the rules.
fn fragment() -> impl Strategy<Value = String> {
    let words: Vec<String> = include_str!("../../data/de/times/words.tsv")
        .lines()
        .filter(|l| !l.starts_with('#') && !l.contains("\t+\t"))
        .filter_map(|l| l.split('\t').nth(2))
        .flat_map(|forms| forms.split(' '))
        .map(|f| f.trim_end_matches('~').replace('_', " "))
        .collect();
    prop_oneof![
        6 => prop::sample::select(words),
        3 => (0u32..12_000).prop_map(|n| n.to_string()),
        2 => (0u32..40, 0u32..15, 0u32..11_000).prop_map(|(d, m, y)| format!("{d}.{m}.{y}")),
        2 => (0u32..35).prop_map(|n| format!("{n}.")),
        1 => (0u32..30, 0u32..70).prop_map(|(h, m)| format!("{h}:{m:02}")),
        2 => prop::sample::select(vec!["bis", "und", "-", "–", "/", ",", ".", "(", ")", "\n", "\n\n", "Uhr", "wird", "war"])
            .prop_map(str::to_string),
        1 => "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_value_is_well_formed(
        parts in prop::collection::vec((fragment(), prop::sample::select(vec!["", " ", " ", " "])), 0..40),
        date in prop::option::of((0i16..=9999, 1i8..=12, 1i8..=28)),
    ) {
        let text: String = parts.iter().flat_map(|(a, b)| [a.as_str(), b]).collect();
        let date = date.map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
        let found = times(&text, date.as_deref());
        let mut end = 0;
        for time in &found {
            prop_assert!(is_value(&time.value), "{} in {text:?}", time.value);
            prop_assert!(time.start >= end && time.start < time.end, "{time:?} in {text:?}");
            prop_assert!(text.get(time.start..time.end).is_some_and(|s| s.trim() == s), "{time:?} in {text:?}");
            prop_assert!(time.date.as_deref().is_none_or(|d| iso_date(d) == Some(d)), "{time:?}");
            end = time.end;
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC*", value in "[-0-9A-Z:.+é]{0,20}") {
        times(&text, Some("2024-02-29"));
        is_value(&value);
        iso_date(&value);
        parse_date(&value);
    }
}
