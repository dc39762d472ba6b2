//! Tables of many records, handed to Python through the Arrow PyCapsule interface without copying.

use crate::record::Record;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::ArrowError;
use arrow_schema::ffi::FFI_ArrowSchema;
use depesche_batch::tables::Tables;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table that pyarrow, polars, pandas and DuckDB take as it is.
#[pyclass(frozen, module = "depesche._depesche")]
pub struct Table(RecordBatch);

#[pymethods]
impl Table {
    /// The rows as an Arrow stream, in a capsule.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer casts by itself if it wants other types; the interface allows to disregard its wish.
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
    }

    /// The columns and their types, in a capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.0.schema().as_ref()).map_err(error)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }
}

/// Tables by name.
pub type NamedTables = Vec<(&'static str, Table)>;

/// The tables of records, by name; `document` counts the records from 0.
#[pyfunction]
pub fn tables(py: Python<'_>, records: Vec<Py<Record>>) -> PyResult<NamedTables> {
    py.detach(|| {
        let mut tables = Tables::new();
        for (document, record) in records.iter().enumerate() {
            tables.push(document as u64, &record.get().0, false);
        }
        finish(tables)
    })
}

/// Filled tables as Python gets them.
pub fn finish(mut tables: Tables) -> PyResult<NamedTables> {
    Ok(tables.finish().map_err(error)?.into_iter().map(|(name, batch)| (name, Table(batch))).collect())
}

fn error(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
