//! Parquet files: one document a row.

use super::stream;
use crate::{Body, Columns, Fault, Fields, Origin, Raw};
use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::as_datetime;
use arrow_array::types::{
    Date32Type, Date64Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
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
    batch: Vec<Option<ArrayRef>>,
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
        for field in builder.schema().fields().iter().filter(|f| wanted.contains(f.name())) {
            if !is_text(field.data_type()) {
                let message = format!("column `{}` holds {}, no text", field.name(), field.data_type());
                return Err(Fault::new("field", message));
            }
        }
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
            self.batch = self.columns.iter().map(|name| batch.column_by_name(name).cloned()).collect();
            (self.at, self.rows) = (0, batch.num_rows());
        }
        Ok(true)
    }

    fn body(&self) -> Body {
        let cell = |column: usize| text(self.batch[column].as_ref()?, self.at);
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

/// Types of columns that can be read as text.
fn is_text(kind: &DataType) -> bool {
    use DataType::*;
    match kind {
        Utf8 | LargeUtf8 | Utf8View | Int32 | Int64 | UInt32 | UInt64 | Date32 | Date64 | Timestamp(..) | Null => true,
        Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// A cell as text: dates and times become ISO dates, numbers digits. None where it is empty.
fn text(column: &ArrayRef, at: usize) -> Option<String> {
    if column.is_null(at) {
        return None;
    }
    macro_rules! digits {
        ($kind:ty) => {
            Some(column.as_primitive::<$kind>().value(at).to_string())
        };
    }
    macro_rules! date {
        ($kind:ty) => {
            as_datetime::<$kind>(column.as_primitive::<$kind>().value(at).into()).map(|time| time.date().to_string())
        };
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(at).to_string()),
        DataType::LargeUtf8 => Some(column.as_string::<i64>().value(at).to_string()),
        DataType::Utf8View => Some(column.as_string_view().value(at).to_string()),
        DataType::Int32 => digits!(Int32Type),
        DataType::Int64 => digits!(Int64Type),
        DataType::UInt32 => digits!(UInt32Type),
        DataType::UInt64 => digits!(UInt64Type),
        DataType::Date32 => date!(Date32Type),
        DataType::Date64 => date!(Date64Type),
        DataType::Timestamp(TimeUnit::Second, _) => date!(TimestampSecondType),
        DataType::Timestamp(TimeUnit::Millisecond, _) => date!(TimestampMillisecondType),
        DataType::Timestamp(TimeUnit::Microsecond, _) => date!(TimestampMicrosecondType),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => date!(TimestampNanosecondType),
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            text(dictionary.values(), *dictionary.normalized_keys().get(at)?)
        }
        _ => None,
    }
}

fn damaged(error: impl std::fmt::Display) -> Fault {
    Fault::new("io", format!("the Parquet file is damaged: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Defaults;
    use arrow_array::types::Int8Type;
    use arrow_array::{
        BooleanArray, Date32Array, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray,
        TimestampMillisecondArray,
    };
    use parquet::arrow::ArrowWriter;

    type Document = (String, Option<String>, Result<(), String>);

    fn read(columns: Vec<(&str, ArrayRef)>) -> Result<Vec<Document>, Fault> {
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.parquet");
        let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let rows = Parquet::open(&path, "in.parquet", &Columns::default(), &Arc::default())?;
        let open = |raw: Raw| {
            let date = match &raw.body {
                Body::Fields(fields) => fields.date.clone(),
                _ => None,
            };
            let (id, _, input) = raw.open(&Defaults::default());
            (id, date, input.map(|_| ()).map_err(|fault| fault.kind.into_owned()))
        };
        Ok(rows.map(open).collect())
    }

    #[test]
    fn columns_of_many_types_are_text() {
        let rows = read(vec![
            ("section", Arc::new(BooleanArray::from(vec![true; 100]))),
            ("source", Arc::new(vec!["Presse"; 100].into_iter().collect::<DictionaryArray<Int8Type>>())),
            ("date", Arc::new(Date32Array::from(vec![20186; 100]))),
            ("id", Arc::new(Int64Array::from_iter_values(0..100))),
            ("text", Arc::new(LargeStringArray::from(vec!["Bonn."; 100]))),
        ])
        .unwrap();
        assert_eq!(rows.len(), 100);
        assert_eq!(rows[99], ("99".into(), Some("2025-04-08".into()), Ok(())));
        let times = TimestampMillisecondArray::from(vec![1_744_070_400_000, 1_744_070_400_000]);
        let rows = read(vec![("text", Arc::new(StringArray::from(vec![None, Some("A.")]))), ("date", Arc::new(times))]);
        let rows = rows.unwrap();
        assert_eq!(rows[0], ("1".into(), None, Err("field".into())));
        assert!(rows[1].1.as_deref().is_some_and(|date| depesche::times::parse_date(date).is_some()), "{rows:?}");
    }

    #[test]
    fn a_column_that_is_no_text_is_refused() {
        let fault = read(vec![("text", Arc::new(BooleanArray::from(vec![true])))]).unwrap_err();
        assert!(fault.kind == "field" && fault.message.contains("Boolean"), "{fault}");
    }

    #[test]
    fn a_missing_column_is_named_with_those_that_are_there() {
        let fault = read(vec![("body", Arc::new(StringArray::from(vec!["Bonn."])))]).unwrap_err();
        assert_eq!(fault.kind, "field");
        assert!(fault.message.contains("`text`") && fault.message.contains("body"), "{fault}");
    }
}
