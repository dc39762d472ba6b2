//! Counting what a dataset or a set of record files holds: the first table that everyone makes.

use crate::Fault;
use crate::codes::{code, pairs};
use crate::readers::{JsonLines, stream};
use crate::{Body, Raw};
use depesche::record::{Record, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What rows of the table are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Code of who acts, or the name of those without a code.
    Actor,
    /// Code of who is acted upon.
    Recipient,
    /// PLOVER type.
    Type,
    /// Mode of the type.
    Mode,
    /// Quad class.
    Quad,
    /// Whether it has happened.
    Status,
}

/// Length of the periods that are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// One period for all.
    Always,
    /// Calendar days.
    Day,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// What to count.
#[derive(Debug, Clone)]
pub struct Query {
    /// What rows are told apart by, in this order.
    pub by: Vec<Key>,
    /// Length of the periods.
    pub every: Every,
    /// Whether events that have not happened (planned, possible, negated) count too.
    pub any_status: bool,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// Number of events.
    pub events: u64,
    /// Sum of their scores, from -10 (conflict) to +10 (cooperation) each.
    pub score: f64,
}

/// An event with one of its actors and one of its recipients.
struct Dyad<'a> {
    document: u64,
    event: u64,
    date: Option<&'a str>,
    cells: [&'a str; 6],
    score: f64,
}

/// The table: period and keys of each row with its count.
#[derive(Debug)]
pub struct Counts {
    query: Query,
    rows: BTreeMap<Vec<String>, Count>,
    /// The event at hand and the rows that it has been counted in.
    event: (u64, u64),
    counted: BTreeSet<Vec<String>>,
}

impl Counts {
    /// Counts a dataset's folder, or files of records.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn of(paths: &[PathBuf], query: Query) -> Result<Counts, Fault> {
        let mut counts = Counts { query, rows: BTreeMap::new(), event: (u64::MAX, 0), counted: BTreeSet::new() };
        let mut document = 0;
        for path in paths {
            for file in files(path)? {
                let at = |fault: Fault| Fault::new(fault.kind, format!("{}: {}", file.display(), fault.message));
                match file.extension().and_then(|e| e.to_str()) {
                    #[cfg(feature = "tables")]
                    Some("parquet" | "arrow") => counts.add_table(&file).map_err(at)?,
                    _ => counts.add_records(&file, &mut document).map_err(at)?,
                }
            }
        }
        Ok(counts)
    }

    /// The rows in order: period, keys, count.
    pub fn rows(&self) -> impl Iterator<Item = (&[String], Count)> {
        self.rows.iter().map(|(key, count)| (key.as_slice(), *count))
    }

    fn add(&mut self, dyad: &Dyad<'_>) {
        let cell = |key: &Key| dyad.cells[*key as usize].to_string();
        if !self.query.any_status && dyad.cells[Key::Status as usize] != "actual" {
            return;
        }
        let date = dyad.date.unwrap_or_default();
        let length = match self.query.every {
            Every::Always => 0,
            Every::Year => 4,
            Every::Month => 7,
            Every::Day => 10,
        };
        let period = date.get(..length).unwrap_or_default().to_string();
        let row: Vec<String> = std::iter::once(period).chain(self.query.by.iter().map(cell)).collect();
        // An event with three actors is one event, unless the actors are what rows are told apart by.
        if self.event != (dyad.document, dyad.event) {
            self.event = (dyad.document, dyad.event);
            self.counted.clear();
        }
        if self.counted.insert(row.clone()) {
            let count = self.rows.entry(row).or_default();
            count.events += 1;
            count.score += dyad.score;
        }
    }

    fn add_records(&mut self, path: &Path, document: &mut u64) -> Result<(), Fault> {
        records(path, |record| {
            *document += 1;
            self.add_record(*document, record);
            ControlFlow::Continue(())
        })
        .map(|_| ())
    }

    fn add_record(&mut self, document: u64, record: &Record) {
        for (i, event) in record.events.iter().enumerate() {
            if !self.query.any_status && event.status != Status::Actual {
                continue;
            }
            let (kind, status) = (code(event.kind), code(event.status));
            for (actor, recipient) in pairs(&event.actors, &event.recipients) {
                let who = |id: Option<usize>| {
                    let entity = id.and_then(|id| record.entities.get(id));
                    entity.map_or("", |e| e.code.as_deref().unwrap_or(&e.name))
                };
                let mode = event.mode.as_deref().unwrap_or_default();
                self.add(&Dyad {
                    document,
                    event: i as u64,
                    date: event.date.as_deref().or(record.date.as_deref()),
                    cells: [who(actor), who(recipient), &kind, mode, &event.quad, &status],
                    score: event.score,
                });
            }
        }
    }

    #[cfg(feature = "tables")]
    fn add_table(&mut self, path: &Path) -> Result<(), Fault> {
        use arrow_array::cast::AsArray;
        use arrow_array::types::{Float64Type, Int32Type, Int64Type};
        use arrow_array::{Array, RecordBatchReader};
        use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
        let damaged = |error: &dyn std::fmt::Display| Fault::new("io", error.to_string());
        let file = std::fs::File::open(path)?;
        let batches: Box<dyn RecordBatchReader> = if path.extension().is_some_and(|e| e == "arrow") {
            Box::new(arrow_ipc::reader::FileReader::try_new(file, None).map_err(|e| damaged(&e))?)
        } else {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
            Box::new(builder.build().map_err(|e| damaged(&e))?)
        };
        for batch in batches {
            let batch = batch.map_err(|e| damaged(&e))?;
            let column = |name: &str| {
                batch.column_by_name(name).ok_or_else(|| Fault::new("field", format!("there is no column `{name}`")))
            };
            let text = |name: &str| Ok::<_, Fault>(column(name)?.as_string::<i32>());
            let (documents, events) =
                (column("document")?.as_primitive::<Int64Type>(), column("event")?.as_primitive::<Int32Type>());
            let (score, date) = (column("score")?.as_primitive::<Float64Type>(), text("date")?);
            let names = [text("actor_name")?, text("recipient_name")?];
            let cells = [
                text("actor_code")?,
                text("recipient_code")?,
                text("type")?,
                text("mode")?,
                text("quad")?,
                text("status")?,
            ];
            let cell = |row: usize, at: usize| match cells[at].is_valid(row) {
                true => cells[at].value(row),
                false => names.get(at).filter(|n| n.is_valid(row)).map_or("", |n| n.value(row)),
            };
            for row in 0..batch.num_rows() {
                self.add(&Dyad {
                    document: documents.value(row) as u64,
                    event: events.value(row) as u64,
                    date: date.is_valid(row).then(|| date.value(row)),
                    cells: std::array::from_fn(|at| cell(row, at)),
                    score: score.value(row),
                });
            }
        }
        Ok(())
    }
}

/// Calls `visit` with every record of datasets in JSON Lines or of record files, until it breaks.
///
/// # Errors
/// If a file cannot be read, or holds tables.
pub fn for_each_record(paths: &[PathBuf], mut visit: impl FnMut(&Record) -> ControlFlow<()>) -> Result<(), Fault> {
    for path in paths {
        for file in files(path)? {
            let at = |message: &str| format!("{}: {message}", file.display());
            if file.extension().is_some_and(|e| e == "parquet" || e == "arrow") {
                return Err(Fault::new("field", at("tables hold no whole records; a dataset in JSON Lines does")));
            }
            if records(&file, &mut visit).map_err(|f| Fault::new(f.kind, at(&f.message)))?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Calls `visit` with every record of a file; error records are passed over.
fn records(path: &Path, mut visit: impl FnMut(&Record) -> ControlFlow<()>) -> Result<ControlFlow<()>, Fault> {
    let stream = stream::open(path, &Arc::default())?;
    for Raw { body, origin, .. } in JsonLines::new(stream, &path.display().to_string()) {
        let bytes = match body {
            Body::Json(bytes) => bytes,
            Body::Fault(fault) => return Err(fault),
            _ => continue,
        };
        match serde_json::from_slice::<Record>(&bytes) {
            Ok(record) if visit(&record).is_break() => return Ok(ControlFlow::Break(())),
            Ok(_) => {}
            // An error record stands in the place of a document.
            Err(_) if is_error(&bytes) => {}
            Err(error) => return Err(Fault::new("json", format!("line {}: no record: {error}", origin.position))),
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn is_error(line: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(line).is_ok_and(|value| value.get("error").is_some())
}

/// The files to count: of a dataset its records or dyads, otherwise the file itself.
fn files(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    let list = |folder: PathBuf| -> std::io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e != "tmp") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    };
    let at = |error: std::io::Error| Fault::new("io", format!("{}: {error}", path.display()));
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    for folder in ["records", "dyads"] {
        if path.join(folder).is_dir() {
            return list(path.join(folder)).map_err(at);
        }
    }
    Err(Fault::new("io", format!("{}: holds no dataset of this program", path.display())))
}
