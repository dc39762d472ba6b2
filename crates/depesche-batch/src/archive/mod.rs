//! A whole archive into a dataset in a folder, so that nothing is lost whatever happens.
//!
//! The input is cut into parts of a fixed size, which depend on the input alone. A part's files are written under a
//! temporary name and renamed when complete; its account (`state/part-00000.json`) comes last and makes it count. A run
//! that was killed goes on behind the last part with an account and ends with the same files as one that was not.
//!
//! Every document of the input is in the dataset, in `errors.jsonl` or in `skipped.jsonl`; the accounts are checked.

mod account;
mod duplicates;
mod part;
mod plan;

pub use account::Account;
pub use plan::{Duplicates, Format, Plan};

use crate::readers::Source;
use crate::{Defaults, Fault, Options, Origin, Outcome, Raw, run as run_pipeline};
use account::Position;
use depesche::Engine;
use depesche::record::Record;
use duplicates::{Clusters, Signature};
use part::Part;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use tracing::info;

/// Documents in a part.
const PART_DOCUMENTS: u64 = 2_000;
/// Bytes of input after which a part is full before that.
const PART_BYTES: u64 = 16 << 20;

/// Why a run ended before its end. What was written stays, and the run can be resumed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The command makes no sense as it stands.
    #[error("{0}")]
    Plan(String),
    /// A file of the output could not be written or read.
    #[error("{path}: {error}")]
    Output {
        /// The file or folder.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The caller stopped the run.
    #[error("stopped; the parts that were complete are kept")]
    Stopped,
    /// Documents were lost: a mistake in this program.
    #[error("the accounts do not add up: {0}")]
    Accounts(String),
}

impl ArchiveError {
    pub(crate) fn output(path: &Path) -> impl FnOnce(std::io::Error) -> ArchiveError {
        let path = path.to_path_buf();
        move |error| ArchiveError::Output { path, error }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The account up to now.
    pub account: &'a Account,
    /// Bytes of the input files that were taken.
    pub consumed: u64,
    /// Bytes of all input files.
    pub total: u64,
}

/// What a worker makes of a document.
struct Read {
    id: String,
    origin: Origin,
    bytes: u64,
    result: Result<Box<Found>, Fault>,
}

/// A document that was read.
struct Found {
    words: u64,
    /// What it adds to the account, if it goes into the dataset.
    counts: Account,
    signature: Signature,
    content: Content,
}

/// What goes into the dataset, as far as workers can make it.
enum Content {
    /// Into a file of records.
    Line(Line),
    /// Into tables.
    #[cfg(feature = "tables")]
    Record(Box<Record>),
}

/// Runs a plan to its end. `watch` is called after every document; if it breaks, the run finishes the part at hand and
/// ends with [`ArchiveError::Stopped`].
///
/// # Errors
/// If the plan makes no sense, the output cannot be written, or the run was stopped.
pub fn archive(
    engine: &Engine,
    plan: &Plan,
    mut watch: impl FnMut(Progress<'_>) -> ControlFlow<()>,
) -> Result<Account, ArchiveError> {
    let started = plan.start()?;
    let mut account = started.account;
    info!(out = %plan.out.display(), sources = plan.sources.len(), parts = account.parts, "run begins");
    let mut clusters = Clusters::new(plan.duplicates, &started.signatures);
    let consumed = Arc::new(AtomicU64::new(0));
    let total = plan.sources.iter().filter_map(|s| std::fs::metadata(s.path()).ok()).map(|m| m.len()).sum();

    let under_way = Rc::new(RefCell::new(VecDeque::new()));
    let columns = plan.defaults.columns.clone();
    let documents = Documents {
        sources: plan.sources.iter().enumerate().skip(started.position.source).map(|(i, s)| (i, s.clone())).collect(),
        skip: started.position.documents,
        current: None,
        open: {
            let consumed = consumed.clone();
            move |source: &Source| source.documents(&columns, &consumed)
        },
        under_way: under_way.clone(),
    };
    for (_, source) in plan.sources.iter().enumerate().take(started.position.source) {
        consumed.fetch_add(std::fs::metadata(source.path()).map_or(0, |m| m.len()), Ordering::Relaxed);
    }
    let options = Options {
        threads: plan.threads,
        bytes_under_way: plan.bytes_under_way(),
        defaults: Defaults { german_only: !plan.any_language, ..plan.defaults.clone() },
    };
    let finish = Finish { format: plan.format, duplicates: plan.duplicates, no_text: plan.no_text };
    let results = run_pipeline(engine, documents, options, move |outcome| finish.read(outcome));

    let mut part: Option<Part> = None;
    let mut stopping = false;
    let mut position = started.position;
    for read in results {
        let source = under_way.borrow_mut().pop_front().unwrap_or_default();
        position = match source == position.source {
            true => Position { source, documents: position.documents + 1 },
            false => Position { source, documents: 1 },
        };
        let mut open = match part.take() {
            Some(open) => open,
            None => Part::create(plan, account.parts, account.documents)?,
        };
        account.add(&open.add(account.documents, read, &mut clusters)?);
        let progress = Progress { account: &account, consumed: consumed.load(Ordering::Relaxed), total };
        stopping |= watch(progress).is_break();
        if open.account.documents < PART_DOCUMENTS && open.account.bytes < PART_BYTES {
            part = Some(open);
            continue;
        }
        open.complete(position)?;
        account.parts += 1;
        if stopping {
            info!(parts = account.parts, documents = account.documents, "run stopped");
            return Err(ArchiveError::Stopped);
        }
    }
    if let Some(last) = part {
        last.complete(position)?;
        account.parts += 1;
    }
    plan.conclude(&account)?;
    info!(documents = account.documents, records = account.records, errors = account.failed(), "run complete");
    Ok(account)
}

/// Turns outcomes into what is written; runs on the workers.
#[derive(Clone, Copy)]
struct Finish {
    format: Format,
    duplicates: Duplicates,
    no_text: bool,
}

impl Finish {
    fn read(self, outcome: Outcome) -> Read {
        let Outcome { id, origin, bytes, result } = outcome;
        let result = result.and_then(|doc| {
            let words = doc.text().split_ascii_whitespace().count() as u64;
            let signature = match self.duplicates {
                Duplicates::Ignore => Signature::default(),
                _ => Signature::of(doc.text()),
            };
            let mut record = doc.record();
            let mut counts = Account::default();
            counts.count(&record);
            let content = match self.format {
                #[cfg(feature = "tables")]
                Format::Parquet | Format::Arrow => Content::Record(Box::new(record)),
                _ => {
                    record.text = record.text.filter(|_| !self.no_text);
                    Content::Line(Line::of(&record)?)
                }
            };
            Ok(Box::new(Found { words, counts, signature, content }))
        });
        Read { id, origin, bytes, result }
    }
}

/// A record as a line of JSON. Its cluster is only known once all documents before it are.
struct Line {
    json: Vec<u8>,
    /// Where the cluster goes, in place of [`NO_CLUSTER`].
    cluster: usize,
}

/// How a record without a cluster says so. Inside a string the quotation marks would have backslashes.
const NO_CLUSTER: &[u8] = br#","cluster":null,"#;

impl Line {
    fn of(record: &Record) -> Result<Line, Fault> {
        let json = serde_json::to_vec(record).map_err(|e| Fault::new("internal", e.to_string()))?;
        let cluster = json.windows(NO_CLUSTER.len()).position(|w| w == NO_CLUSTER);
        let cluster = cluster.ok_or_else(|| Fault::new("internal", "a record has a cluster already"))?;
        Ok(Line { json, cluster })
    }

    fn write(&self, stream: &mut dyn Write, cluster: Option<u64>) -> io::Result<()> {
        match cluster {
            None => stream.write_all(&self.json)?,
            Some(cluster) => {
                stream.write_all(&self.json[..self.cluster])?;
                write!(stream, r#","cluster":"{cluster}","#)?;
                stream.write_all(&self.json[self.cluster + NO_CLUSTER.len()..])?;
            }
        }
        stream.write_all(b"\n")
    }
}

/// The documents of all sources, one source after another; notes for each from which source it came.
struct Documents<F> {
    sources: VecDeque<(usize, Source)>,
    /// Documents of the first source that were read before.
    skip: u64,
    current: Option<(usize, crate::readers::Documents)>,
    open: F,
    under_way: Rc<RefCell<VecDeque<usize>>>,
}

impl<F: FnMut(&Source) -> crate::readers::Documents> Iterator for Documents<F> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        loop {
            if let Some((index, documents)) = &mut self.current {
                let next = match self.skip {
                    0 => documents.next(),
                    // `nth` passes over what was read before.
                    n => documents.nth(usize::try_from(n).unwrap_or(usize::MAX)),
                };
                self.skip = 0;
                if let Some(raw) = next {
                    self.under_way.borrow_mut().push_back(*index);
                    return Some(raw);
                }
            }
            let (index, source) = self.sources.pop_front()?;
            info!(source = %source.path().display(), "source opened");
            self.current = Some((index, (self.open)(&source)));
        }
    }
}
