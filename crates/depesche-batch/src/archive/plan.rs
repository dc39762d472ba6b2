//! What a run is to do, where its files lie, and how it takes up an earlier run.

use super::ArchiveError;
use super::account::{Account, Position};
use super::duplicates::Signature;
use super::part::{temporary, write};
use crate::Defaults;
use crate::readers::Source;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::PathBuf;

/// In which form a dataset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Records as JSON Lines.
    JsonLines,
    /// The same, compressed with gzip.
    JsonLinesGzip,
    /// The same, compressed with zstd.
    JsonLinesZstd,
    /// Tables as Parquet.
    #[cfg(feature = "tables")]
    Parquet,
    /// Tables as Arrow IPC files.
    #[cfg(feature = "tables")]
    Arrow,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Format::JsonLines => "jsonl",
            Format::JsonLinesGzip => "jsonl.gz",
            Format::JsonLinesZstd => "jsonl.zst",
            #[cfg(feature = "tables")]
            Format::Parquet => "parquet",
            #[cfg(feature = "tables")]
            Format::Arrow => "arrow",
        }
    }

    /// Names of the folders that the dataset consists of.
    fn folders(self) -> Vec<&'static str> {
        match self {
            Format::JsonLines | Format::JsonLinesGzip | Format::JsonLinesZstd => vec!["records"],
            #[cfg(feature = "tables")]
            Format::Parquet | Format::Arrow => crate::tables::names().collect(),
        }
    }
}

/// What is done about near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Nothing.
    Ignore,
    /// Each record gets a `cluster`, the number of the first document that is like it.
    Mark,
    /// Only the first document of a cluster is in the dataset; the others are skipped.
    FirstOnly,
}

/// What a run is to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is read, in this order.
    pub sources: Vec<Source>,
    /// The folder that the dataset is written to.
    pub out: PathBuf,
    /// Its form.
    pub format: Format,
    /// Reading threads; 0 means one for each core.
    pub threads: usize,
    /// About how much memory may be used, in bytes.
    pub memory: usize,
    /// What holds for documents that do not say otherwise.
    pub defaults: Defaults,
    /// How the engine was set up, in whatever words: a run is only taken up with the same.
    pub engine: String,
    /// Whether documents are read whatever their language.
    pub any_language: bool,
    /// What is done about near-duplicates.
    pub duplicates: Duplicates,
    /// Whether texts are left out.
    pub no_text: bool,
    /// Whether a run that was broken off is taken up.
    pub resume: bool,
}

/// What a run begins with: nothing, or what an earlier one has done.
pub(super) struct Started {
    pub account: Account,
    pub position: Position,
    pub signatures: Vec<(u64, Signature)>,
}

/// The account of a complete part, as it lies on the disk.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredPart {
    pub part: u64,
    /// Number of its first document.
    pub first: u64,
    /// Where the input goes on behind it.
    pub position: Position,
    pub account: Account,
}

impl Plan {
    /// Where a part of the dataset lies.
    pub(super) fn data(&self, folder: &str, number: u64) -> PathBuf {
        self.out.join(folder).join(format!("part-{number:05}.{}", self.format.ending()))
    }

    /// Where something about a part lies.
    pub(super) fn state(&self, name: &str, number: u64, ending: &str) -> PathBuf {
        self.out.join("state").join(format!("{name}-{number:05}.{ending}"))
    }

    /// Bytes of text under way at once. A text takes about forty times its size while it is read and held.
    pub(super) fn bytes_under_way(&self) -> usize {
        (self.memory / 40).max(1 << 20)
    }

    /// What must be the same for a run to be taken up.
    fn identity(&self) -> serde_json::Value {
        // With their sizes: positions mean nothing in a file that has changed.
        let source = |s: &Source| (s.path().display().to_string(), fs::metadata(s.path()).map_or(0, |m| m.len()));
        let sources: Vec<(String, u64)> = self.sources.iter().map(source).collect();
        json!({
            "depesche": env!("CARGO_PKG_VERSION"),
            "inputs": sources,
            "format": self.format.ending(),
            "engine": self.engine,
            "date": self.defaults.date,
            "layers": format!("{:?}", self.defaults.layers),
            "columns": format!("{:?}", self.defaults.columns),
            "any_language": self.any_language,
            "max_words": self.defaults.max_words,
            "duplicates": format!("{:?}", self.duplicates),
            "no_text": self.no_text,
        })
    }

    /// Makes the folders, or finds out how far the earlier run came.
    pub(super) fn start(&self) -> Result<Started, ArchiveError> {
        let run = self.out.join("run.json");
        let identity = self.identity();
        let json = serde_json::to_vec_pretty(&identity).map_err(io::Error::from).map_err(ArchiveError::output(&run))?;
        let before = match fs::read(&run) {
            Ok(bytes) => Some(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(ArchiveError::output(&run)(error)),
        };
        let out = self.out.display();
        match before {
            Some(_) if !self.resume => {
                let message = format!("{out} holds a run already; resume it with --resume or choose another folder");
                return Err(ArchiveError::Plan(message));
            }
            Some(before) if before != identity => {
                let differs = identity.as_object().into_iter().flatten().find(|(k, v)| before.get(k) != Some(v));
                let what = differs.map_or("something", |(name, _)| name.as_str());
                let message = format!("{out} was begun with another `{what}`; a run must be resumed as it was begun");
                return Err(ArchiveError::Plan(message));
            }
            _ if self.resume && self.sources.iter().any(Source::is_stdin) => {
                return Err(ArchiveError::Plan("standard input cannot be read again; it cannot be resumed".into()));
            }
            _ => {}
        }
        for folder in self.format.folders().into_iter().chain(["state"]) {
            let folder = self.out.join(folder);
            fs::create_dir_all(&folder).map_err(ArchiveError::output(&folder))?;
        }
        write(run, &json)?;
        self.take_up()
    }

    fn take_up(&self) -> Result<Started, ArchiveError> {
        let mut started =
            Started { account: Account::default(), position: Position::default(), signatures: Vec::new() };
        loop {
            let number = started.account.parts;
            let path = self.state("part", number, "json");
            let stored = match fs::read(&path) {
                Ok(bytes) => serde_json::from_slice::<StoredPart>(&bytes).map_err(io::Error::from),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(started),
                Err(error) => Err(error),
            };
            let stored = stored.map_err(ArchiveError::output(&path))?;
            if self.duplicates != Duplicates::Ignore {
                let path = self.state("signatures", number, "bin");
                let bytes = fs::read(&path).map_err(ArchiveError::output(&path))?;
                let (chunks, _) = bytes.as_chunks::<{ Signature::BYTES }>();
                let signatures = chunks.iter().map(Signature::from_bytes);
                let numbered = (stored.first..).zip(signatures).filter(|(_, s)| *s != Signature::default());
                started.signatures.extend(numbered);
            }
            started.position = stored.position;
            started.account.add(&stored.account);
        }
    }

    /// Joins what the parts list, checks that nothing is missing, and writes the summary.
    pub(super) fn conclude(&self, account: &Account) -> Result<(), ArchiveError> {
        for name in ["errors", "skipped"] {
            let path = self.out.join(format!("{name}.jsonl"));
            let temporary = temporary(&path);
            let file = File::create(&temporary).map_err(ArchiveError::output(&temporary))?;
            let mut joined = BufWriter::new(file);
            for number in 0..account.parts {
                let part = self.state(name, number, "jsonl");
                let mut lines = File::open(&part).map_err(ArchiveError::output(&part))?;
                io::copy(&mut lines, &mut joined).map_err(ArchiveError::output(&path))?;
            }
            let done = joined.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
            done.and_then(|()| fs::rename(&temporary, &path)).map_err(ArchiveError::output(&path))?;
        }
        if !account.adds_up() {
            let (records, errors, skipped) = (account.records, account.failed(), account.passed_over());
            let message =
                format!("{} documents, {records} records, {errors} errors, {skipped} skipped", account.documents);
            return Err(ArchiveError::Accounts(message));
        }
        let path = self.out.join("summary.json");
        let json = serde_json::to_vec_pretty(account).map_err(io::Error::from).map_err(ArchiveError::output(&path))?;
        write(path, &json)
    }
}
