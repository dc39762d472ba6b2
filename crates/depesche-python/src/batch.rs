//! The batch engine as Python sees it.

use crate::engine::{Engine, layers};
use depesche_batch::archive::{ArchiveError, Duplicates, Format, Plan, archive};
use depesche_batch::readers::expand;
use depesche_batch::{Columns, Defaults};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// How often the caller hears of progress, in documents.
const STEP: u64 = 64;

/// Reads whole archives into a dataset; returns its account as JSON. `watch` is called now and then with documents,
/// errors, bytes done and bytes in all; what it raises stops the run behind the part at hand.
#[pyfunction]
#[pyo3(signature = (engine, inputs, out, format, threads, memory, date, layers, columns, any_language, duplicates, no_text, resume, watch))]
#[allow(clippy::too_many_arguments)] // the options of a run, each given once, by the Python package
pub fn batch(
    py: Python<'_>,
    engine: &Engine,
    inputs: Vec<PathBuf>,
    out: PathBuf,
    format: &str,
    threads: usize,
    memory: usize,
    date: Option<String>,
    layers: Option<&str>,
    columns: [String; 6],
    any_language: bool,
    duplicates: &str,
    no_text: bool,
    resume: bool,
    watch: Option<Py<PyAny>>,
) -> PyResult<String> {
    let format = match format {
        "jsonl" => Format::JsonLines,
        "jsonl-gz" => Format::JsonLinesGzip,
        "jsonl-zst" => Format::JsonLinesZstd,
        "parquet" => Format::Parquet,
        "arrow" => Format::Arrow,
        other => return Err(PyValueError::new_err(format!("there is no format `{other}`"))),
    };
    let duplicates = match duplicates {
        "ignore" => Duplicates::Ignore,
        "mark" => Duplicates::Mark,
        "first" => Duplicates::FirstOnly,
        other => return Err(PyValueError::new_err(format!("duplicates cannot be `{other}`"))),
    };
    let [text, id, title, date_column, source, url] = columns;
    let columns = Columns { text, id, title, date: date_column, source, url };
    let defaults = Defaults { date, layers: self::layers(layers)?, columns, ..Defaults::default() };
    let sources = expand(&inputs, None).map_err(|fault| PyValueError::new_err(fault.message))?;
    let plan = Plan {
        sources,
        out,
        format,
        threads,
        memory,
        defaults,
        engine: String::new(),
        any_language,
        duplicates,
        no_text,
        resume,
    };
    let mut raised = None;
    let result = py.detach(|| {
        archive(&engine.0, &plan, |progress| {
            if raised.is_some() || progress.account.documents % STEP != 0 {
                return if raised.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            }
            let told = Python::attach(|py| {
                py.check_signals()?;
                let account = progress.account;
                let numbers = (account.documents, account.failed(), progress.consumed, progress.total);
                watch.as_ref().map_or(Ok(()), |watch| watch.call1(py, numbers).map(|_| ()))
            });
            match told {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    raised = Some(error);
                    ControlFlow::Break(())
                }
            }
        })
    });
    match (result, raised) {
        (Err(ArchiveError::Stopped), Some(error)) => Err(error),
        (Ok(account), _) => serde_json::to_string(&account).map_err(|e| PyOSError::new_err(e.to_string())),
        (Err(ArchiveError::Plan(message)), _) => Err(PyValueError::new_err(message)),
        (Err(error), _) => Err(PyOSError::new_err(error.to_string())),
    }
}
