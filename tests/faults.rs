//! `depesche batch` under bad luck: files that lie, break off or may not be read, a disk that is full.

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TEXT: &str = "Der Minister hat am Montag in Bonn mit der Regierung in Paris über die Lage beraten.";

fn batch(input: &Path, out: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_depesche"));
    command.arg("batch").arg(input).arg("--out").arg(out).args(options);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(input: &Path, out: &Path, options: &[&str]) -> Output {
    batch(input, out, options).output().expect("an end")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

fn line(id: &str, text: &str) -> String {
    json!({"id": id, "text": text, "date": "2025-04-08"}).to_string() + "\n"
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a file");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn records(out: &Path) -> Vec<String> {
    let mut parts: Vec<PathBuf> =
        fs::read_dir(out.join("records")).expect("records").map(|e| e.expect("a part").path()).collect();
    parts.sort();
    let ids = |part: &PathBuf| {
        json_lines(part).into_iter().map(|r| r["id"].as_str().unwrap_or("?").to_string()).collect::<Vec<_>>()
    };
    parts.iter().flat_map(ids).collect()
}

/// Kinds and messages of the errors, in order.
fn errors(out: &Path) -> Vec<(String, String)> {
    let field = |error: &Value, name: &str| error["error"][name].as_str().unwrap_or("?").to_string();
    json_lines(&out.join("errors.jsonl")).iter().map(|e| (field(e, "kind"), field(e, "message"))).collect()
}

fn kinds(out: &Path) -> Vec<String> {
    errors(out).into_iter().map(|(kind, _)| kind).collect()
}

fn message(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_bomb_is_given_up_and_the_next_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in");
    fs::create_dir(&input).expect("a folder");
    // A megabyte that expands to a gigabyte and more.
    let member = gzip(&vec![b' '; 16 << 20]);
    fs::write(input.join("a.jsonl.gz"), [gzip(line("first", TEXT).as_bytes()), member.repeat(80)].concat())
        .expect("a file");
    fs::write(input.join("b.txt"), TEXT).expect("a file");
    let out = folder.path().join("out");
    assert_eq!(run(&input, &out, &[]).status.code(), Some(1));
    assert_eq!(records(&out), ["first", "b"]);
    let errors = errors(&out);
    assert!(errors.iter().any(|(kind, message)| kind == "io" && message.contains("expands")), "{errors:?}");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_an_error_and_the_next_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    let long = "Bonn ".repeat(21 << 20);
    fs::write(&input, [line("a", TEXT), line("long", &long), line("b", TEXT)].concat()).expect("a file");
    assert_eq!(run(&input, &out, &[]).status.code(), Some(1));
    assert_eq!((records(&out), kinds(&out)), (vec!["a".into(), "b".into()], vec!["too-large".into()]));
}

#[test]
fn an_article_of_too_many_words_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    fs::write(&input, [line("long", &TEXT.repeat(100)), line("b", TEXT)].concat()).expect("a file");
    assert_eq!(run(&input, &out, &["--max-words", "1000"]).status.code(), Some(1));
    assert_eq!((records(&out), kinds(&out)), (vec!["b".into()], vec!["too-large".into()]));
    assert_eq!(json_lines(&out.join("errors.jsonl"))[0]["id"], "long");
}

#[test]
fn damaged_documents_are_errors_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    let deep = "{\"text\": ".to_string() + &"[".repeat(200_000) + "\n";
    let mut bytes = line("nul", "Bonn\0 und Paris.").into_bytes();
    bytes.extend_from_slice(b"{\"id\": \"latin\", \"text\": \"M\xfcnchen\"}\n");
    bytes.extend_from_slice(deep.as_bytes());
    bytes.extend_from_slice((line("same", TEXT) + &line("same", "Berlin.")).as_bytes());
    fs::write(&input, bytes).expect("a file");
    assert_eq!(run(&input, &out, &[]).status.code(), Some(1));
    assert_eq!(kinds(&out), ["encoding", "json"]);
    let places: Vec<Value> = json_lines(&out.join("errors.jsonl")).iter().map(|e| e["position"].clone()).collect();
    assert_eq!(places, [2, 3]);
    assert_eq!(records(&out), ["nul", "same", "same"], "documents with one id are both there");
}

#[test]
fn a_truncated_zstd_file_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl.zst"), folder.path().join("out"));
    let lines: String = (0..2000).map(|i| line(&format!("a{i}"), &format!("{TEXT} {i}"))).collect();
    let bytes = zstd::encode_all(lines.as_bytes(), 1).expect("zstd");
    fs::write(&input, &bytes[..bytes.len() - 40]).expect("a file");
    assert_eq!(run(&input, &out, &["--layers", "times"]).status.code(), Some(1));
    let errors = errors(&out);
    assert!(matches!(&errors[..], [(kind, message)] if kind == "io" && message.contains("too early")), "{errors:?}");
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_an_error_and_the_next_is_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).expect("a folder");
    fs::create_dir(&out).expect("a folder");
    fs::write(input.join("a.txt"), TEXT).expect("a file");
    fs::write(input.join("b.txt"), TEXT).expect("a file");
    mode(&input.join("a.txt"), 0o000);
    // The superuser may read everything: the program is run as nobody, from a place that nobody can reach.
    let program = folder.path().join("depesche");
    fs::copy(env!("CARGO_BIN_EXE_depesche"), &program).expect("a copy");
    mode(folder.path(), 0o755);
    mode(&out, 0o777);
    let mut command = Command::new(&program);
    if fs::read(input.join("a.txt")).is_ok() {
        command.uid(65534);
    }
    let output = command.arg("batch").arg(&input).arg("--out").arg(&out).output().expect("an end");
    assert_eq!(output.status.code(), Some(1), "{}", message(&output));
    let errors = errors(&out);
    assert!(matches!(&errors[..], [(kind, message)] if kind == "io" && message.contains("denied")), "{errors:?}");
    assert_eq!(records(&out), ["b"]);
}

/// A file system of a few hundred kilobytes, for as long as it lives.
#[cfg(target_os = "linux")]
struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// None where one may not be mounted.
    fn mount(at: &Path) -> Option<SmallDisk> {
        fs::create_dir(at).expect("a folder");
        let mount =
            |at: &Path| Command::new("mount").args(["-t", "tmpfs", "-o", "size=400k", "tmpfs"]).arg(at).status();
        mount(at).is_ok_and(|status| status.success()).then(|| SmallDisk(at.to_path_buf()))
    }

    fn grow(&self) {
        let options = ["-o", "remount,size=64m"];
        assert!(Command::new("mount").args(options).arg(&self.0).status().expect("mount").success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_that_fills_the_disk_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in.jsonl");
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else {
        eprintln!("skipped: file systems may not be mounted here");
        return;
    };
    let lines: String = (0..2500).map(|i| line(&format!("a{i}"), &format!("{TEXT} Es war Treffen {i}."))).collect();
    fs::write(&input, lines).expect("a file");
    let out = disk.0.join("out");
    let options = ["--layers", "times"];
    let output = run(&input, &out, &options);
    assert_eq!(output.status.code(), Some(3), "{}", message(&output));
    assert!(message(&output).contains("No space left") && message(&output).contains("--resume"), "{output:?}");
    disk.grow();
    assert_eq!(run(&input, &out, &[&options[..], &["--resume"]].concat()).status.code(), Some(0));
    assert_eq!(records(&out), (0..2500).map(|i| format!("a{i}")).collect::<Vec<_>>());
}

#[test]
#[cfg(unix)]
fn the_first_interrupt_completes_the_part_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    let lines: String = (0..12_000).map(|i| line(&format!("a{i}"), &format!("{TEXT} Es war Treffen {i}."))).collect();
    fs::write(&input, lines).expect("a file");
    let options = ["--layers", "times"];
    let child = batch(&input, &out, &options).spawn().expect("start");
    while !out.join("state/part-00000.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(interrupt.success());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(3));
    assert!(message(&output).contains("finishing the part at hand") && message(&output).contains("--resume"));
    let parts = fs::read_dir(out.join("records")).expect("records").filter_map(Result::ok).map(|e| e.path());
    assert!(parts.into_iter().all(|part| part.extension().is_some_and(|e| e == "jsonl")), "no part is half done");
    assert_eq!(run(&input, &out, &[&options[..], &["--resume"]].concat()).status.code(), Some(0));
    assert_eq!(records(&out), (0..12_000).map(|i| format!("a{i}")).collect::<Vec<_>>());
}

#[test]
fn a_log_tells_of_files_parts_and_faults() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, out) = (folder.path().join("in.jsonl"), folder.path().join("out"));
    fs::write(&input, [line("a", TEXT), "[\n".into()].concat()).expect("a file");
    let output = run(&input, &out, &["--log", "info", "--progress", "json"]);
    let log = message(&output);
    for words in ["source opened", "part complete", "WARN", "in.jsonl:2", "\"documents\":"] {
        assert!(log.contains(words), "{words}: {log}");
    }
    assert!(message(&run(&input, &folder.path().join("quiet"), &[])).is_empty());
}
