//! A user's own tables: same formats as the built-in ones, read when the engine is built.

use super::tables::Table;
use crate::engine::BuildError;
use std::fs;
use std::path::{Path, PathBuf};

/// Tables that a user adds. Their rows win over the built-in ones: a row with the name of a built-in row of the same
/// table takes its place, and a form that a user's row claims means nothing else.
#[derive(Debug, Clone, Default)]
pub struct UserTables {
    sources: Vec<Source>,
}

#[derive(Debug, Clone)]
enum Source {
    Path(PathBuf),
    Content(String, String),
}

impl UserTables {
    /// Adds a file, or all files with the ending `.tsv` in a folder. The name of a file tells what it holds:
    /// `states`, `seats`, `organisations`, `persons`, `places`, `offices` or `agents`, and anything after a hyphen.
    pub fn add_path(&mut self, path: impl AsRef<Path>) {
        self.sources.push(Source::Path(path.as_ref().to_path_buf()));
    }

    /// Adds a table from memory; `name` is what its file would be called.
    pub fn add_content(&mut self, name: impl Into<String>, content: impl Into<String>) {
        self.sources.push(Source::Content(name.into(), content.into()));
    }

    /// Names and contents of all tables, in the order in which they were added; those of a folder by name.
    ///
    /// # Errors
    /// If a file or folder cannot be read or its name is no table's.
    pub(super) fn load(&self) -> Result<Vec<(String, String)>, BuildError> {
        let mut tables = Vec::new();
        for source in &self.sources {
            match source {
                Source::Content(name, content) => tables.push((name.clone(), content.clone())),
                Source::Path(path) if path.is_dir() => {
                    let entries = fs::read_dir(path).map_err(|e| unreadable(path, &e))?;
                    let mut files = Vec::new();
                    for entry in entries {
                        files.push(entry.map_err(|e| unreadable(path, &e))?.path());
                    }
                    files.retain(|f| f.extension().is_some_and(|e| e == "tsv"));
                    files.sort();
                    for file in &files {
                        tables.push(read(file)?);
                    }
                }
                Source::Path(path) => tables.push(read(path)?),
            }
        }
        for (name, _) in &tables {
            Table::of_file(name)?;
        }
        Ok(tables)
    }
}

fn read(path: &Path) -> Result<(String, String), BuildError> {
    let content = fs::read_to_string(path).map_err(|e| unreadable(path, &e))?;
    Ok((path.display().to_string(), content))
}

fn unreadable(path: &Path, error: &std::io::Error) -> BuildError {
    BuildError::File { file: path.display().to_string(), message: format!("cannot be read: {error}") }
}
