//! The engine as Python sees it.

use crate::Fault;
use crate::frames::{NamedTables, finish};
use crate::record::Record;
use crate::stream::{Row, Stream, raw};
use depesche::{BuildError, Layers};
use depesche_batch::tables::Tables;
use depesche_batch::{Body, Defaults, Fields, Origin, Raw, read_here};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// Kind and message of what is wrong with a row, if anything is.
type Wrong = Option<(String, String)>;

/// Reads German texts. Immutable and safe to share between threads.
#[pyclass(frozen, module = "depesche._depesche")]
pub struct Engine(pub depesche::Engine);

/// `None` for the layers that are read unless others are asked for.
pub fn layers(list: Option<&str>) -> PyResult<Layers> {
    list.map_or(Ok(Layers::default()), Layers::parse)
        .map_err(|name| PyValueError::new_err(format!("`{name}` is no layer")))
}

#[pymethods]
impl Engine {
    /// Frames and tables are pairs of name and content. What is wrong with a row of them is a `ValueError` with file,
    /// line and message.
    #[new]
    #[pyo3(signature = (max_bytes = None, frames = Vec::new(), knowledge = Vec::new(), min_confidence = 0.0))]
    fn new(
        py: Python<'_>,
        max_bytes: Option<usize>,
        frames: Vec<(String, String)>,
        knowledge: Vec<(String, String)>,
        min_confidence: f64,
    ) -> PyResult<Engine> {
        let mut builder = depesche::Engine::builder().min_confidence(min_confidence);
        if let Some(bytes) = max_bytes {
            builder = builder.max_bytes(bytes);
        }
        for (name, content) in frames {
            builder = builder.frames_text(name, content);
        }
        for (name, content) in knowledge {
            builder = builder.knowledge_table(name, content);
        }
        py.detach(|| builder.build()).map(Engine).map_err(|error| match error {
            BuildError::Data { file, line, message } => PyValueError::new_err((file, line, message)),
            error => PyRuntimeError::new_err(error.to_string()),
        })
    }

    /// Reads one text.
    #[pyo3(signature = (text, id, title, date, source, url, layers))]
    #[allow(clippy::too_many_arguments)] // the fields of a document
    fn read(
        &self,
        py: Python<'_>,
        text: String,
        id: String,
        title: Option<String>,
        date: Option<String>,
        source: Option<String>,
        url: Option<String>,
        layers: Option<&str>,
    ) -> PyResult<Record> {
        let defaults = Defaults { layers: self::layers(layers)?, ..Defaults::default() };
        let fields = Fields { text, id: None, title, date, source, url };
        let raw = Raw { origin: Origin::default(), id, body: Body::Fields(Box::new(fields)) };
        let (id, result) = py.detach(|| {
            let (id, _, input) = raw.open(&defaults);
            let result = input.and_then(|input| Ok(self.0.read(input)?.record()));
            (id, result)
        });
        result.map(Record).map_err(|fault| Fault::new_err((id, fault.kind.into_owned(), fault.message)))
    }

    /// Reads rows on the calling thread: what is wrong with each, and the tables of those that could be read, whose
    /// `document` counts the rows from 0.
    fn tables(&self, py: Python<'_>, rows: Vec<Row>, layers: Option<&str>) -> PyResult<(Vec<Wrong>, NamedTables)> {
        let defaults = Defaults { layers: self::layers(layers)?, ..Defaults::default() };
        py.detach(|| {
            let mut tables = Tables::new();
            let rows = rows.into_iter().zip(0..).map(|(row, position)| raw(row, position));
            let faults = read_here(&self.0, rows, &defaults)
                .map(|outcome| match outcome.result {
                    Ok(doc) => {
                        tables.push(outcome.origin.position, &doc.record(), false);
                        None
                    }
                    Err(fault) => Some((fault.kind.into_owned(), fault.message)),
                })
                .collect();
            Ok((faults, finish(tables)?))
        })
    }

    /// Reads the rows of an iterator on several threads; see [`Stream`].
    fn stream(&self, rows: Bound<'_, PyAny>, threads: usize, layers: Option<&str>) -> PyResult<Stream> {
        Stream::new(&self.0, rows.try_iter()?.unbind(), threads, self::layers(layers)?)
    }
}
