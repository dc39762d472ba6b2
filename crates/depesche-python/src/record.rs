//! A document's record, kept in Rust until Python asks for it.

use depesche::record;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// What the engine says about one text, with positions in code points.
#[pyclass(frozen, eq, module = "depesche._depesche")]
#[derive(PartialEq)]
pub struct Record(pub record::Record);

#[pymethods]
impl Record {
    /// Reads a record back from its JSON.
    #[staticmethod]
    fn from_json(json: &str) -> PyResult<Record> {
        serde_json::from_str(json).map(Record).map_err(|e| PyValueError::new_err(format!("not a record: {e}")))
    }

    /// The record as JSON in one line.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| serde_json::to_string(&self.0)).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    #[getter]
    fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    #[getter]
    fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }
}
