//! Many documents from a Python iterator, read on several threads, handed back in order.

use crate::Fault;
use crate::record::Record;
use depesche::Layers;
use depesche_batch::{Body, Defaults, Fields, Options, Origin, Raw, Run};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use std::sync::{Arc, Mutex, PoisonError};

/// Identifier, text, title, date, source and address of a document; without text, what is wrong with it for a title.
pub type Row = (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);
type Answer = Result<depesche::record::Record, (String, String, String)>;

/// Pulls rows from a Python iterator.
struct Rows {
    iterator: Py<PyIterator>,
    error: Arc<Mutex<Option<PyErr>>>,
    count: u64,
}

impl Iterator for Rows {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        self.count += 1;
        let row = Python::attach(|py| {
            let next = self.iterator.bind(py).clone().next()?;
            Some(next.and_then(|row| row.extract::<Row>()))
        });
        match row? {
            Ok(row) => Some(raw(row, self.count)),
            Err(error) => {
                // Ends the input; the stream raises it when what was under way is done.
                *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                None
            }
        }
    }
}

/// A row as the batch pipeline takes it.
pub fn raw((id, text, title, date, source, url): Row, position: u64) -> Raw {
    let body = match text {
        Some(text) => Body::Fields(Box::new(Fields { text, id: None, title, date, source, url })),
        None => Body::Fault(depesche_batch::Fault::new("type", title.unwrap_or_default())),
    };
    Raw { origin: Origin { source: Arc::from(""), position }, id, body }
}

/// An iterator over records, in the order of the rows; a row that cannot be read gives a `Fault` in its place.
#[pyclass(module = "depesche._depesche")]
pub struct Stream {
    run: Mutex<Option<Run<Rows, Answer>>>,
    error: Arc<Mutex<Option<PyErr>>>,
}

impl Stream {
    pub fn new(
        engine: &depesche::Engine,
        iterator: Py<PyIterator>,
        threads: usize,
        layers: Layers,
    ) -> PyResult<Stream> {
        let error = Arc::new(Mutex::new(None));
        let rows = Rows { iterator, error: error.clone(), count: 0 };
        let options = Options { threads, defaults: Defaults { layers, ..Defaults::default() }, ..Options::default() };
        let run = depesche_batch::run(engine, rows, options, |outcome| match outcome.result {
            Ok(doc) => Ok(doc.record()),
            Err(fault) => Err((outcome.id, fault.kind.into_owned(), fault.message)),
        });
        Ok(Stream { run: Mutex::new(Some(run)), error })
    }
}

#[pymethods]
impl Stream {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let next = py.detach(|| {
            let mut run = self.run.try_lock().map_err(|_| PyRuntimeError::new_err("the stream is being read"))?;
            Ok::<_, PyErr>(run.as_mut().and_then(Iterator::next))
        })?;
        match next {
            Some(Ok(record)) => Ok(Some(Record(record).into_pyobject(py)?.into_any().unbind())),
            Some(Err((id, kind, message))) => Ok(Some(Fault::new_err((id, kind, message)).into_value(py).into_any())),
            None => match self.error.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(error) => Err(error),
                None => Ok(None),
            },
        }
    }

    /// Stops reading; what is under way is thrown away.
    fn close(&self, py: Python<'_>) {
        py.detach(|| {
            if let Ok(mut run) = self.run.try_lock() {
                *run = None;
            }
        });
    }
}
