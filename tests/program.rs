//! The program from outside: input of every kind, exit status, output and messages.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn depesche(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depesche"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut command = depesche(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("start");
    let mut pipe = child.stdin.take().expect("a pipe");
    let input = stdin.to_vec();
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().expect("an end");
    writer.join().expect("a writer");
    output
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn records(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn kind(record: &Value) -> &str {
    record["error"]["kind"].as_str().unwrap_or("read")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_text_file_is_one_document_named_by_its_stem() {
    let path = root().join("examples/tokio.txt");
    let output = run(&["extract", path.to_str().expect("UTF-8"), "--date", "2025-04-08"], b"");
    let records = records(&output);
    assert_eq!((status(&output), records.len()), (0, 1));
    assert_eq!(records[0]["id"], "tokio");
    assert_eq!(records[0]["date"], "2025-04-08");
    assert_eq!(records[0]["schema"], "depesche/1");
    assert!(output.stderr.is_empty());
}

#[test]
fn json_lines_give_a_record_for_every_line_good_or_bad() {
    let lines = concat!(
        "{\"id\": 17, \"text\": \"Bonn.\"}\n",
        "no json\n",
        "\n",
        "{\"id\": \"b\"}\n",
        "{\"text\": \"Bonn.\", \"date\": \"gestern\"}\n",
        "{\"id\": {}, \"text\": \"Bonn.\"}\n",
        "[1]\n",
        "{\"text\": \"Bonn.\", \"date\": \"2025-04-08\", \"title\": null}",
    );
    let output = run(&["extract", "-", "--input-format", "jsonl"], lines.as_bytes());
    let records = records(&output);
    let seen: Vec<(&str, &str)> = records.iter().map(|r| (r["id"].as_str().unwrap_or("?"), kind(r))).collect();
    let expected =
        [("17", "read"), ("2", "json"), ("b", "field"), ("5", "date"), ("6", "field"), ("7", "json"), ("8", "read")];
    assert_eq!(seen, expected);
    assert_eq!(status(&output), 1);
    assert_eq!(stderr(&output).lines().count(), 5);
    assert!(stderr(&output).lines().all(|line| line.starts_with("depesche: -:")), "{}", stderr(&output));
}

#[test]
fn the_date_option_holds_for_documents_without_one() {
    let lines = b"{\"text\": \"Bonn.\"}\n{\"text\": \"Bonn.\", \"date\": \"2024-01-01\"}\n";
    let output = run(&["extract", "-", "--input-format", "jsonl", "--date", "2025-04-08"], lines);
    let records = records(&output);
    assert_eq!([&records[0]["date"], &records[1]["date"]], ["2025-04-08", "2024-01-01"]);
}

#[test]
fn latin_1_and_unreadable_files_are_errors_in_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let latin = folder.path().join("latin.txt");
    std::fs::write(&latin, b"M\xfcnchen").expect("a file");
    let missing = folder.path().join("missing.txt");
    let good = root().join("examples/kairo.txt");
    let paths: Vec<&str> = [&latin, &missing, &good].map(|p| p.to_str().expect("UTF-8")).to_vec();
    let output = run(&["extract", paths[0], paths[1], folder.path().to_str().expect("UTF-8"), paths[2]], b"");
    assert_eq!(records(&output).iter().map(kind).collect::<Vec<_>>(), ["encoding", "io", "io", "read"]);
    assert_eq!(status(&output), 1);
}

#[test]
fn an_empty_text_is_read_and_an_empty_list_has_no_records() {
    let text = run(&["extract", "-"], b"");
    assert_eq!((status(&text), records(&text).len()), (0, 1));
    let list = run(&["extract", "-", "--input-format", "jsonl"], b"");
    assert_eq!((status(&list), records(&list).len()), (0, 0));
}

/// An article over and over, at least `bytes` long.
fn long_text(bytes: usize) -> String {
    let article = std::fs::read_to_string(root().join("examples/warschau.txt")).expect("an article");
    article.repeat(bytes / article.len() + 1)
}

#[test]
fn long_texts_are_read() {
    // The layers with trees take minutes for ten megabytes in a debug build; CI reads them with the release build.
    for (layers, bytes) in [("times", 10_000_000), ("entities,events", 100_000)] {
        let output = run(&["extract", "-", "--layers", layers, "--no-text"], long_text(bytes).as_bytes());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        assert!(records(&output)[0]["sentences"].as_array().expect("sentences").len() > bytes / 200);
    }
}

#[test]
fn odd_characters_are_no_trouble() {
    for text in ["\0", "\u{feff}Bonn", "a\u{301}\u{200d}🏳️‍🌈 Bonn", "\u{202e}nnoB", "((((((((((", "\r\n\r\n", "„“»«\"'’"]
    {
        let output = run(&["extract", "-", "--layers", "all"], text.as_bytes());
        let record = &records(&output)[0];
        assert_eq!((status(&output), kind(record)), (0, "read"), "{text:?}");
        assert_eq!(record["text"], text.trim_start_matches('\u{feff}'));
    }
}

#[test]
fn layers_and_text_can_be_left_out() {
    let output = run(&["extract", "-", "--layers", "times", "--no-text"], b"Bonn.");
    let record = &records(&output)[0];
    assert!(record.get("text").is_none() && record.get("tokens").is_none());
    let output = run(&["extract", "-", "--layers", "all"], b"Bonn.");
    assert!(!records(&output)[0]["tokens"].as_array().expect("tokens").is_empty());
}

#[test]
fn order_and_bytes_do_not_depend_on_threads() {
    let article = std::fs::read_to_string(root().join("examples/tokio.txt")).expect("an article");
    let lines: String = (0..60)
        .map(|i| {
            serde_json::json!({"id": i, "text": &article[..article.floor_char_boundary(i * 13)]}).to_string() + "\n"
        })
        .collect();
    let arguments = ["extract", "-", "--input-format", "jsonl", "--threads"];
    let one = run(&[&arguments[..], &["1"]].concat(), lines.as_bytes());
    let four = run(&[&arguments[..], &["4"]].concat(), lines.as_bytes());
    assert_eq!(records(&one).len(), 60);
    assert!(one.stdout == four.stdout);
}

#[test]
fn sheets_have_colours_only_when_asked_or_on_a_terminal() {
    let plain = run(&["extract", "-", "--format", "pretty"], b"Bonn.");
    let coloured = run(&["extract", "-", "--format", "pretty", "--color", "always"], b"Bonn.");
    assert!(!plain.stdout.contains(&0x1b));
    assert!(coloured.stdout.contains(&0x1b));
}

#[test]
fn indented_json_is_the_same_record() {
    let lines = run(&["extract", "-"], b"Bonn.");
    let indented = run(&["extract", "-", "--format", "json"], b"Bonn.");
    let record: Value = serde_json::from_slice(&indented.stdout).expect("JSON");
    assert_eq!(record, records(&lines)[0]);
}

#[test]
fn wrong_usage_is_told_in_one_clear_line() {
    for (arguments, word) in [
        (&["extract"][..], "FILE"),
        (&["extract", "-", "--layers", "colours"], "`colours` is no layer"),
        (&["extract", "-", "--date", "morgen"], "`morgen` is no date"),
        (&["extract", "-", "-"], "once"),
        (&["publish"], "publish"),
    ] {
        let output = run(arguments, b"");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(word), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn help_explains_the_exit_status() {
    for arguments in [&["--help"][..], &["extract", "--help"]] {
        let output = run(arguments, b"");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(status(&output), 0);
        assert!(text.contains("Examples:") && text.contains("Exit status:"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_with_its_own_status() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("the device");
    let path = root().join("examples/tokio.txt");
    let mut command = depesche(&["extract", path.to_str().expect("UTF-8")]);
    let output =
        command.stdout(full).stderr(Stdio::piped()).spawn().and_then(|c| c.wait_with_output()).expect("an end");
    assert_eq!(status(&output), 3);
    assert!(stderr(&output).contains("cannot be written"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let lines = "{\"text\": \"Bonn.\"}\n".repeat(5_000);
    let mut command = depesche(&["extract", "-", "--input-format", "jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("start");
    drop(child.stdout.take());
    let _ = child.stdin.take().expect("a pipe").write_all(lines.as_bytes());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((status(&output), stderr(&output)), (0, String::new()));
}

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let printed = run(&["schema"], b"");
    let committed = std::fs::read(root().join("schema/record.schema.json")).expect("the schema");
    assert!(
        printed.stdout == committed,
        "the record has changed: cargo run -p depesche-cli -- schema > schema/record.schema.json"
    );
}

#[test]
fn explanations_and_own_tables_come_by_options() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path.to_str().expect("UTF-8").to_string()
    };
    let frames = file("mine.frames", "== ACCUSE\n-- verb A:subj R:acc label:Spitzelei\nbespitzeln\n");
    let persons = file("persons.tsv", "Anja Testfrau\tAUT\tAußenministerin\tGOV\n");
    let text = "Anja Testfrau bespitzelte Ungarn.".as_bytes();
    let output = run(&["extract", "-", "--explain", "--frames", &frames, "--knowledge", &persons], text);
    let record = &records(&output)[0];
    let event = &record["events"][0];
    assert_eq!((status(&output), &event["label"]), (0, &Value::from("Spitzelei")), "{}", stderr(&output));
    assert_eq!(event["why"]["decided_by"], "frame");
    assert_eq!(event["why"]["origin"], format!("{frames}:3"));
    assert_eq!(record["entities"][0]["code"], "AUT");
    let sheet = run(&["extract", "-", "--explain", "--frames", &frames, "--format", "pretty"], text);
    assert!(String::from_utf8_lossy(&sheet.stdout).contains("decided by frame"));

    let few = run(&["extract", "-", "--frames", &frames, "--min-confidence", "0.9"], text);
    assert_eq!(records(&few)[0]["events"], Value::Array(Vec::new()));
    assert_eq!(records(&few)[0]["events"].get("why"), None);
}

#[test]
fn mistakes_in_own_tables_name_file_and_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let frames = folder.path().join("mine.frames");
    std::fs::write(&frames, "== ACCUSE\n-- verb A:nobody!\n").expect("a file");
    let frames = frames.to_str().expect("UTF-8");
    let missing = folder.path().join("persons.tsv");
    for (option, path, message) in [
        ("--frames", frames, format!("depesche: {frames}:2: ")),
        ("--frames", "missing.frames", "depesche: missing.frames: cannot be read".to_string()),
        ("--knowledge", missing.to_str().expect("UTF-8"), format!("depesche: {}: cannot", missing.display())),
    ] {
        let output = run(&["extract", "-", option, path], b"Bonn.");
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).starts_with(&message), "{}", stderr(&output));
    }
    assert_eq!(status(&run(&["extract", "-", "--min-confidence", "2"], b"Bonn.")), 2);
}
