//! Parquet files: one document a row.

use super::stream;
use crate::{Body, Columns, Fault, Fields, Origin, Raw};
use arrow::array::{Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows that are held at once.
const BATCH: usize = 64;

/// Reads one document a row.
pub struct Parquet {
    reader: ParquetRecordBatchReader,
    columns: [String; 6],
    batch: Vec<Option<StringArray>>,
    at: usize,
    rows: usize,
    row: u64,
    source: Arc<str>,
    done: bool,
}

impl Parquet {
    /// Opens a file that is known to people as `source`.
    ///
    /// # Errors
    /// If it is no Parquet file or has no column for the text.
    pub fn open(path: &Path, source: &str, columns: &Columns, consumed: &Arc<AtomicU64>) -> Result<Self, Fault> {
        // Checks what every reader checks, such as folders.
        drop(stream::open(path, &Arc::default())?);
        let file = File::open(path)?;
        consumed.fetch_add(file.metadata()?.len(), Ordering::Relaxed);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let Columns { text, id, title, date, source: from, url } = columns.clone();
        let columns_there: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
        if !columns_there.contains(&text) {
            return Err(columns.missing(&columns_there.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        let wanted = [text, id, title, date, from, url];
        let roots = (0..columns_there.len()).filter(|&i| wanted.contains(&columns_there[i]));
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let reader = builder.with_projection(mask).with_batch_size(BATCH).build().map_err(damaged)?;
        let source = Arc::from(source);
        Ok(Parquet { reader, columns: wanted, batch: Vec::new(), at: 0, rows: 0, row: 0, source, done: false })
    }

    /// Reads rows until there are some; false at the end.
    fn fill(&mut self) -> Result<bool, Fault> {
        while self.at == self.rows {
            let Some(batch) = self.reader.next() else { return Ok(false) };
            let batch = batch.map_err(damaged)?;
            self.batch = self.columns.iter().map(|name| strings(&batch, name)).collect::<Result<_, _>>()?;
            (self.at, self.rows) = (0, batch.num_rows());
        }
        Ok(true)
    }

    fn body(&self) -> Body {
        let cell = |column: usize| {
            let column = self.batch[column].as_ref()?;
            column.is_valid(self.at).then(|| column.value(self.at).to_string())
        };
        match cell(0) {
            Some(text) => {
                let fields = Fields { text, id: cell(1), title: cell(2), date: cell(3), source: cell(4), url: cell(5) };
                Body::Fields(Box::new(fields))
            }
            None => Body::Fault(Fault::new("field", format!("`{}` is missing", self.columns[0]))),
        }
    }
}

impl Iterator for Parquet {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        if self.done {
            return None;
        }
        self.row += 1;
        let body = match self.fill() {
            Ok(true) => self.body(),
            Ok(false) => {
                self.done = true;
                return None;
            }
            Err(fault) => {
                self.done = true;
                Body::Fault(fault)
            }
        };
        self.at += 1;
        let origin = Origin { source: self.source.clone(), position: self.row };
        Some(Raw { origin, id: self.row.to_string(), body })
    }
}

/// A column as text, whatever it holds: dates become ISO dates, numbers digits.
fn strings(batch: &RecordBatch, name: &str) -> Result<Option<StringArray>, Fault> {
    let Some(column) = batch.column_by_name(name) else { return Ok(None) };
    let column = cast(column, &DataType::Utf8).map_err(|e| Fault::new("field", format!("column `{name}`: {e}")))?;
    Ok(column.as_any().downcast_ref::<StringArray>().cloned())
}

fn damaged(error: impl std::fmt::Display) -> Fault {
    Fault::new("io", format!("the Parquet file is damaged: {error}"))
}
