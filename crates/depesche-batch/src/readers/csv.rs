//! Tables in CSV and TSV: one document a row.

use super::MAX_BYTES;
use crate::{Body, Columns, Fault, Fields, Origin, Raw};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads one document a row; the first row names the columns.
pub struct Csv<R> {
    reader: Reader<Gauge<R>>,
    since_row: Arc<AtomicU64>,
    places: Places,
    row: ByteRecord,
    source: Arc<str>,
    done: bool,
}

/// Which column holds which field.
#[derive(Debug)]
struct Places {
    text: usize,
    others: [Option<usize>; 5],
}

impl<R: BufRead> Csv<R> {
    /// Reads the header of a stream that is known to people as `source`.
    ///
    /// # Errors
    /// If there is no header or it has no column for the text.
    pub fn new(stream: R, source: &str, delimiter: u8, columns: &Columns) -> Result<Self, Fault> {
        let since_row = Arc::new(AtomicU64::new(0));
        let gauge = Gauge { stream, bytes: since_row.clone() };
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(gauge);
        let header = reader.byte_headers().map_err(fault)?.clone();
        let names: Vec<String> = header.iter().map(|n| String::from_utf8_lossy(n).trim().to_string()).collect();
        let names: Vec<&str> = names.iter().map(|n| n.trim_start_matches('\u{feff}')).collect();
        let place = |wanted: &str| names.iter().position(|name| *name == wanted);
        let text = place(&columns.text).ok_or_else(|| columns.missing(&names))?;
        let others =
            [&columns.id, &columns.title, &columns.date, &columns.source, &columns.url].map(|name| place(name));
        let places = Places { text, others };
        Ok(Csv { reader, since_row, places, row: ByteRecord::new(), source: Arc::from(source), done: false })
    }

    fn body(&self) -> Body {
        let cell = |at: Option<usize>| match at.and_then(|at| self.row.get(at)) {
            Some(bytes) if !bytes.is_empty() => String::from_utf8(bytes.to_vec()).map(Some),
            _ => Ok(None),
        };
        let fields = || {
            let [id, title, date, source, url] = self.places.others;
            let text = cell(Some(self.places.text))?;
            let fields = Fields {
                text: String::new(),
                id: cell(id)?,
                title: cell(title)?,
                date: cell(date)?,
                source: cell(source)?,
                url: cell(url)?,
            };
            Ok::<_, std::string::FromUtf8Error>((text, fields))
        };
        match fields() {
            Ok((Some(text), fields)) => Body::Fields(Box::new(Fields { text, ..fields })),
            Ok((None, _)) if self.row.get(self.places.text).is_none() => {
                Body::Fault(Fault::new("field", "the row is too short: it has no text"))
            }
            Ok((None, fields)) => Body::Fields(Box::new(fields)),
            Err(_) => Body::Fault(Fault::new("encoding", "the row is not UTF-8 (is it Latin-1?)")),
        }
    }
}

impl<R: BufRead> Iterator for Csv<R> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        if self.done {
            return None;
        }
        self.since_row.store(0, Ordering::Relaxed);
        let body = match self.reader.read_byte_record(&mut self.row) {
            Ok(false) => {
                self.done = true;
                return None;
            }
            Ok(true) => self.body(),
            Err(error) => {
                self.done = true;
                Body::Fault(fault(error))
            }
        };
        let line = self.row.position().map_or(0, csv::Position::line);
        let origin = Origin { source: self.source.clone(), position: line };
        Some(Raw { origin, id: line.to_string(), body })
    }
}

fn fault(error: csv::Error) -> Fault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Fault::new("csv", format!("{other:?}")),
    }
}

/// Ends in an error where a row is longer than any document: a quote that is never closed would swallow the file.
struct Gauge<R> {
    stream: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Gauge<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        if self.bytes.fetch_add(n as u64, Ordering::Relaxed) > MAX_BYTES {
            return Err(io::Error::other(format!("a row of more than {} MB; is a quote not closed?", MAX_BYTES >> 20)));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Defaults;

    fn read(table: &[u8]) -> Vec<(String, Result<(), String>)> {
        let rows = Csv::new(table, "t", b',', &Columns::default()).unwrap();
        let open = |raw: Raw| {
            let (id, _, input) = raw.open(&Defaults::default());
            (id, input.map(|_| ()).map_err(|f| f.kind.into_owned()))
        };
        rows.map(open).collect()
    }

    #[test]
    fn columns_are_found_by_name_whatever_their_order() {
        let table = "\u{feff}date,text,id\n2025-04-08,\"Bonn,\nBerlin\",a\n,Paris,\n";
        assert_eq!(read(table.as_bytes()), [("a".into(), Ok(())), ("4".into(), Ok(()))]);
    }

    #[test]
    fn bad_rows_are_faults_and_the_next_is_read() {
        let table = [&b"id,text\na\nb,M\xfcnchen\nc,Bonn\n"[..]].concat();
        let kinds: Vec<_> = read(&table).into_iter().map(|(_, r)| r.err().unwrap_or_default()).collect();
        assert_eq!(kinds, ["field", "encoding", ""]);
    }

    #[test]
    fn a_table_without_text_says_what_it_has() {
        let error = Csv::new(&b"id,body\n"[..], "t", b',', &Columns::default()).err().unwrap();
        assert!(error.message.contains("body"), "{error}");
    }
}
