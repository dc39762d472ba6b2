//! From what a person types to files: folders, patterns, single files, in an order that never changes.

use super::{Kind, Source};
use crate::Fault;
use std::path::{Path, PathBuf};

/// The sources that `inputs` mean: files and `-` as they are; of a folder all files with a known ending, also in folders
/// below, in the order of their names; of a pattern (`news/*.jsonl.gz`) all that fit, likewise.
///
/// # Errors
/// The input that names nothing, or a folder that cannot be listed.
pub fn expand(inputs: &[PathBuf], kind: Option<Kind>) -> Result<Vec<Source>, Fault> {
    let mut sources = Vec::new();
    for input in inputs {
        let before = sources.len();
        let name = input.to_string_lossy();
        if input.is_dir() {
            folder(input, kind, &mut sources)?;
        } else if input.as_os_str() == "-" || input.exists() || !name.contains(['*', '?', '[']) {
            sources.push(Source::new(input, kind));
        } else {
            let paths = glob::glob(&name).map_err(|e| Fault::new("io", format!("{name}: not a pattern: {e}")))?;
            for path in paths {
                let path = path.map_err(|e| Fault::new("io", e.to_string()))?;
                match path.is_dir() {
                    true => folder(&path, kind, &mut sources)?,
                    false => sources.push(Source::new(path, kind)),
                }
            }
        }
        if sources.len() == before {
            return Err(Fault::new("io", format!("{name}: there are no articles to read")));
        }
    }
    Ok(sources)
}

fn folder(path: &Path, kind: Option<Kind>, sources: &mut Vec<Source>) -> Result<(), Fault> {
    let listed = |error: std::io::Error| Fault::new("io", format!("{}: {error}", path.display()));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(listed)? {
        let entry = entry.map_err(listed)?;
        // Links are not followed to folders, so that a circle of them does no harm.
        entries.push((entry.path(), entry.file_type().map_err(listed)?.is_dir()));
    }
    entries.sort();
    for (path, is_folder) in entries {
        if is_folder {
            folder(&path, kind, sources)?;
        } else if Kind::of(&path).is_some() {
            sources.push(Source::new(path, kind));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_patterns_give_known_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a.jsonl.gz", "notes.md", "c/d.html"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let names = |input: PathBuf| -> Vec<String> {
            let sources = expand(&[input], None).unwrap();
            sources.iter().map(|s| s.path().strip_prefix(folder.path()).unwrap().display().to_string()).collect()
        };
        assert_eq!(names(folder.path().into()), ["a.jsonl.gz", "b.txt", "c/d.html"]);
        assert_eq!(names(folder.path().join("*.txt")), ["b.txt"]);
        assert!(expand(&[folder.path().join("*.csv")], None).unwrap_err().message.contains("no articles"));
    }

    #[test]
    fn a_missing_file_stays_for_the_reader_to_report() {
        assert_eq!(expand(&["missing.txt".into()], None).unwrap().len(), 1);
    }
}
