//! `depesche batch` and `depesche count` from outside: whole archives, faults, kills, resuming.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

const PLACES: [&str; 5] = ["Bonn", "Paris", "Kairo", "Tokio", "Warschau"];

/// A short article that differs from others in every sentence.
fn article(i: usize) -> String {
    let (a, b) = (PLACES[i % 5], PLACES[(i / 5 + i + 1) % 5]);
    format!(
        "Minister Nummer {i} hat am Montag in {a} die Regierung in {b} kritisiert. Nach Angaben von Sprecher {i} waren \
         {i} Gäste aus {b} anwesend. Die Verhandlungen über Vorhaben {i} sollen in {a} fortgesetzt werden."
    )
}

fn archive(path: &Path, documents: usize) {
    let lines: String = (0..documents)
        .map(|i| json!({"id": format!("a{i}"), "text": article(i), "date": "2025-04-08"}).to_string() + "\n")
        .collect();
    fs::write(path, lines).expect("an archive");
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depesche"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn batch(inputs: &[&Path], out: &Path, options: &[&str]) -> Output {
    let text = |path: &Path| path.to_str().expect("UTF-8").to_string();
    let mut arguments = vec!["batch".to_string()];
    arguments.extend(inputs.iter().map(|path| text(path)));
    arguments.extend(["--out".into(), text(out)]);
    arguments.extend(options.iter().map(|o| (*o).to_string()));
    command(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).output().expect("an end")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a file");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn records(out: &Path) -> Vec<Value> {
    let mut parts: Vec<PathBuf> =
        fs::read_dir(out.join("records")).expect("records").map(|e| e.expect("a part").path()).collect();
    parts.sort();
    parts.iter().flat_map(|part| lines(part)).collect()
}

fn summary(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("summary.json")).expect("a summary")).expect("JSON")
}

/// Every file of a dataset with its content.
fn files(out: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![out.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    all.insert(path.strip_prefix(out).expect("inside").to_path_buf(), fs::read(path).expect("a file"));
                }
            }
        }
    }
    all
}

fn kinds(path: &Path) -> Vec<String> {
    lines(path).iter().map(|e| e["error"]["kind"].as_str().unwrap_or("?").to_string()).collect()
}

#[test]
fn every_document_is_in_the_dataset_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    archive(&input, 50);
    let output = batch(&[&input], &out, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let ids: Vec<String> = records(&out).iter().map(|r| r["id"].as_str().unwrap_or("?").to_string()).collect();
    assert_eq!(ids, (0..50).map(|i| format!("a{i}")).collect::<Vec<_>>());
    assert_eq!(summary(&out)["records"], 50);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("50 documents = 50 records + 0 errors + 0 skipped"));
    assert!(output.stderr.is_empty(), "no progress bar without a terminal");
}

#[test]
fn the_dataset_does_not_depend_on_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in.jsonl");
    archive(&input, 200);
    let outs = ["1", "4"].map(|threads| {
        let out = folder.path().join(threads);
        let format = if cfg!(feature = "full") { "parquet" } else { "jsonl-zst" };
        assert_eq!(batch(&[&input], &out, &["--threads", threads, "--format", format]).status.code(), Some(0));
        files(&out)
    });
    assert!(outs[0] == outs[1]);
}

/// Kills a run at ten moments, each time taking it up again, and compares the end with a run that was let alone.
#[cfg(unix)]
fn killed_again_and_again(format: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = ["a.jsonl", "b.jsonl"].map(|name| folder.path().join(name));
    inputs.iter().for_each(|input| archive(input, 3_300));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let options = ["--layers", "times", "--threads", "2", "--duplicates", "mark", "--format", format];
    let whole = folder.path().join("whole");
    let start = Instant::now();
    assert_eq!(batch(&inputs, &whole, &options).status.code(), Some(0));
    let time = start.elapsed();

    let out = folder.path().join("out");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_string();
    let mut arguments: Vec<String> = vec!["batch".into(), text(inputs[0]), text(inputs[1]), "--out".into(), text(&out)];
    arguments.extend(options.iter().map(|o| (*o).to_string()));
    arguments.push("--resume".into());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // Each run gets as far as a tenth to seven tenths of the whole; what is done stays, so some end by themselves.
    for moment in [6, 3, 1, 5, 2, 7, 4, 1, 3, 2] {
        let mut child = command(&arguments).spawn().expect("start");
        std::thread::sleep(time * moment / 10);
        child.kill().expect("killed");
        child.wait().expect("an end");
    }
    assert_eq!(command(&arguments).output().expect("an end").status.code(), Some(0));
    assert!(files(&out) == files(&whole));
}

#[test]
#[cfg(unix)]
fn a_run_that_is_killed_again_and_again_ends_with_the_same_records() {
    killed_again_and_again("jsonl");
}

#[test]
#[cfg(all(unix, feature = "full"))]
fn a_run_that_is_killed_again_and_again_ends_with_the_same_tables() {
    killed_again_and_again("parquet");
}

#[test]
fn a_run_is_not_mixed_with_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    archive(&input, 3);
    assert_eq!(batch(&[&input], &out, &[]).status.code(), Some(0));
    let again = batch(&[&input], &out, &[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--resume"));
    let other = batch(&[&input], &out, &["--resume", "--no-text"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("no_text"));
    assert_eq!(batch(&[&input], &out, &["--resume"]).status.code(), Some(0));
}

#[test]
fn bad_input_is_listed_with_its_place_and_nothing_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in");
    fs::create_dir(&input).expect("a folder");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for i in 0..200 {
        writeln!(gzip, "{}", json!({"text": article(i)})).expect("a line");
    }
    let gzip = gzip.finish().expect("gzip");
    fs::write(input.join("a.jsonl.gz"), &gzip[..gzip.len() * 2 / 3]).expect("a file");
    fs::write(input.join("b.txt"), b"M\xfcnchen").expect("a file");
    fs::write(
        input.join("c.jsonl"),
        "{\"text\": \"A\\u0000B.\", \"id\": \"x\"}\n[[[[\n{\"id\": \"x\", \"text\": \"Bonn.\"}\n",
    )
    .expect("a file");
    fs::write(input.join("d.parquet"), "no table").expect("a file");
    fs::write(input.join("e.csv"), "id,body\n1,Bonn\n").expect("a file");
    fs::write(input.join("f.txt"), "Bonn.").expect("a file");
    let out = folder.path().join("out");
    let output = batch(&[&input], &out, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(kinds(&out.join("errors.jsonl")), ["io", "encoding", "json", "io", "field"]);
    let errors = lines(&out.join("errors.jsonl"));
    assert!(errors[0]["error"]["message"].as_str().is_some_and(|m| m.contains("ends too early")));
    assert!(errors[2]["source"].as_str().is_some_and(|s| s.ends_with("c.jsonl")));
    assert_eq!(errors[2]["position"], 2);
    let counts = summary(&out);
    let number = |value: &Value| value.as_u64().expect("a number");
    assert_eq!(number(&counts["documents"]), number(&counts["records"]) + 5);
    let last: Vec<Value> = records(&out).into_iter().rev().take(3).collect();
    assert_eq!(last.iter().map(|r| r["id"].as_str().unwrap_or("?")).collect::<Vec<_>>(), ["f", "x", "x"]);
}

#[test]
fn foreign_articles_are_skipped_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    let english = "The minister travelled to Bonn on Monday to talk with his counterpart about the situation there.";
    fs::write(&input, format!("{}\n{}\n", json!({"text": english}), json!({"text": article(1)}))).expect("a file");
    assert_eq!(batch(&[&input], &out, &[]).status.code(), Some(0));
    assert_eq!(summary(&out)["skipped"], json!({"language": 1}));
    assert_eq!(lines(&out.join("skipped.jsonl"))[0]["reason"], "eng");
    let all = folder.path().join("all");
    assert_eq!(batch(&[&input], &all, &["--any-language"]).status.code(), Some(0));
    assert_eq!(summary(&all)["records"], 2);
}

#[test]
fn of_wire_copies_the_first_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    let wire =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/kairo.txt")).expect("text");
    let texts = [
        wire.clone(),
        article(1),
        format!("(dpa) {}", wire.replace("sagte der CDU-Politiker", "so der CDU-Politiker")),
    ];
    let text: String = texts.iter().map(|t| json!({"text": t}).to_string() + "\n").collect();
    fs::write(&input, text).expect("a file");
    assert_eq!(batch(&[&input], &out, &["--duplicates", "mark"]).status.code(), Some(0));
    assert_eq!(records(&out).iter().map(|r| r["cluster"].as_str().unwrap_or("?")).collect::<Vec<_>>(), ["0", "1", "0"]);
    let first = folder.path().join("first");
    assert_eq!(batch(&[&input], &first, &["--duplicates", "first"]).status.code(), Some(0));
    assert_eq!(records(&first).len(), 2);
    assert_eq!(lines(&first.join("skipped.jsonl"))[0]["cluster"], 0);
}

#[test]
#[cfg(feature = "full")]
fn a_web_archive_gives_its_german_articles() {
    let page = |body: &str| {
        format!(
            "<html><head><title>Seite</title></head><body><nav><a href=/>Start</a></nav><article><p>{body}</p><p>{body}</p>\
             </article></body></html>"
        )
    };
    let record = |url: &str, body: &str| {
        let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}", page(body));
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-08T01:02:03Z\r\n\
             Content-Length: {}\r\n\r\n{http}\r\n\r\n",
            http.len()
        )
    };
    let english = "The minister travelled to Bonn on Monday to talk with his counterpart about the situation there, and \
        both of them said that the talks would go on in the coming weeks.";
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("news.warc.gz"), folder.path().join("out"));
    let members = [record("http://a/1", &article(1)), record("http://b/2", english)].map(|record| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(record.as_bytes()).expect("a member");
        gzip.finish().expect("gzip")
    });
    fs::write(&input, members.concat()).expect("an archive");
    assert_eq!(batch(&[&input], &out, &[]).status.code(), Some(0));
    let found = records(&out);
    assert_eq!((found.len(), &found[0]["url"], &found[0]["date"]), (1, &json!("http://a/1"), &json!("2025-04-08")));
    assert!(
        found[0]["text"].as_str().is_some_and(|text| text.contains("Minister Nummer 1") && !text.contains("Start"))
    );
    assert_eq!(summary(&out)["skipped"], json!({"language": 1}));
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_ends_in_a_state_that_can_be_resumed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    archive(&input, 3);
    // A folder stands where the first part is to be written.
    let obstacle = out.join("records/part-00000.jsonl.tmp");
    fs::create_dir_all(&obstacle).expect("a folder");
    let output = batch(&[&input], &out, &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--resume"));
    fs::remove_dir(&obstacle).expect("removed");
    assert_eq!(batch(&[&input], &out, &["--resume"]).status.code(), Some(0));
    assert_eq!(records(&out).len(), 3);
}

#[test]
fn counts_are_the_same_for_records_and_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in.jsonl");
    archive(&input, 40);
    let formats = ["jsonl", "jsonl-gz", "jsonl-zst", "parquet", "arrow"];
    let tables: Vec<String> = formats[..if cfg!(feature = "full") { 5 } else { 3 }]
        .iter()
        .map(|format| {
            let out = folder.path().join(format);
            assert_eq!(batch(&[&input], &out, &["--format", format]).status.code(), Some(0));
            let arguments = ["count", out.to_str().expect("UTF-8"), "--by", "dyad,type", "--every", "month"];
            let output = command(&arguments).output().expect("an end");
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("UTF-8")
        })
        .collect();
    assert!(tables[0].starts_with("period,actor,recipient,type,events,mean_score\n"), "{}", tables[0]);
    assert!(tables.iter().all(|table| *table == tables[0]));
}

#[test]
fn events_are_exported_in_other_layouts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    archive(&input, 5);
    assert_eq!(batch(&[&input], &out, &[]).status.code(), Some(0));
    for (layout, columns, header) in [("gdelt", 58, 0), ("polecat", 40, 1)] {
        let output = command(&["export", out.to_str().expect("UTF-8"), "--layout", layout]).output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.lines().count() >= header);
        assert!(text.lines().all(|row| row.split('\t').count() == columns), "{text}");
    }
}
