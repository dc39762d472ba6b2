//! Readers: cut a source into documents, without looking into them.
//!
//! [`Source`] names a file and what it holds; [`Source::documents`] opens it when its turn comes. A source that cannot
//! be opened, or breaks off, gives a fault in place of what is missing.

mod csv;
mod expand;
mod lines;
#[cfg(feature = "tables")]
mod parquet;
pub mod stream;
#[cfg(feature = "html")]
mod warc;

use crate::{Body, Columns, Fault, Origin, Raw};
pub use csv::Csv;
pub use expand::expand;
pub use lines::JsonLines;
#[cfg(feature = "tables")]
pub use parquet::Parquet;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use stream::Stream;
#[cfg(feature = "html")]
pub use warc::Warc;

/// Largest document, line or row that is read, in bytes; larger ones are a fault.
pub const MAX_BYTES: u64 = 100 << 20;

/// Documents of one source.
pub type Documents = Box<dyn Iterator<Item = Raw> + Send>;

/// What a file holds, whether compressed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One article.
    Text,
    /// One article as a web page.
    Html,
    /// One article a line, as a JSON object.
    JsonLines,
    /// One article a row, with a header.
    Csv {
        /// What separates the columns.
        delimiter: u8,
    },
    /// One article a row.
    Parquet,
    /// An archive of web pages.
    Warc,
}

impl Kind {
    /// What a file's name says that it holds; none for an unknown ending.
    pub fn of(path: &Path) -> Option<Kind> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        Some(match name.rsplit_once('.')?.1 {
            "txt" => Kind::Text,
            "html" | "htm" | "xhtml" => Kind::Html,
            "jsonl" | "ndjson" => Kind::JsonLines,
            "csv" => Kind::Csv { delimiter: b',' },
            "tsv" => Kind::Csv { delimiter: b'\t' },
            "parquet" => Kind::Parquet,
            "warc" => Kind::Warc,
            _ => return None,
        })
    }
}

/// A file or standard input, and what it holds.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    kind: Kind,
}

impl Source {
    /// A file; its name says what it holds unless `kind` does. A file with an unknown ending is one text.
    pub fn new(path: impl Into<PathBuf>, kind: Option<Kind>) -> Source {
        let path = path.into();
        let kind = kind.or_else(|| Kind::of(&path)).unwrap_or(Kind::Text);
        Source { path, kind }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is standard input, `-`.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// Opens the source. Bytes taken from the file are added to `consumed`.
    pub fn documents(&self, columns: &Columns, consumed: &Arc<AtomicU64>) -> Documents {
        let name = self.path.display().to_string();
        if self.kind == Kind::Parquet {
            return self.parquet(&name, columns, consumed);
        }
        let stream = match self.is_stdin() {
            true => stream::decompressed(Box::new(std::io::stdin())),
            false => stream::open(&self.path, consumed),
        };
        match stream {
            Ok(stream) => self.read(stream, &name, columns),
            Err(fault) => self.fault(fault),
        }
    }

    fn read(&self, stream: Stream, name: &str, columns: &Columns) -> Documents {
        match self.kind {
            Kind::JsonLines => Box::new(JsonLines::new(stream, name)),
            Kind::Csv { delimiter } => match Csv::new(stream, name, delimiter, columns) {
                Ok(rows) => Box::new(rows),
                Err(fault) => self.fault(fault),
            },
            #[cfg(feature = "html")]
            Kind::Warc => Box::new(Warc::new(stream, name)),
            #[cfg(feature = "html")]
            Kind::Html => Box::new(std::iter::once(one(stream, name, &self.stem(), |bytes| {
                Body::Html(Box::new(crate::Page { bytes, ..crate::Page::default() }))
            }))),
            #[cfg(not(feature = "html"))]
            Kind::Warc | Kind::Html => self.fault(Fault::new("io", "this build reads no web pages (feature `html`)")),
            Kind::Text | Kind::Parquet => Box::new(std::iter::once(one(stream, name, &self.stem(), Body::Text))),
        }
    }

    #[cfg(feature = "tables")]
    fn parquet(&self, name: &str, columns: &Columns, consumed: &Arc<AtomicU64>) -> Documents {
        match Parquet::open(&self.path, name, columns, consumed) {
            Ok(rows) => Box::new(rows),
            Err(fault) => self.fault(fault),
        }
    }

    #[cfg(not(feature = "tables"))]
    fn parquet(&self, _: &str, _: &Columns, _: &Arc<AtomicU64>) -> Documents {
        self.fault(Fault::new("io", "this build reads no Parquet (feature `tables`)"))
    }

    /// The file's name without its endings; what the document is called if the file holds one.
    fn stem(&self) -> String {
        if self.is_stdin() {
            return "stdin".into();
        }
        let name = self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        match plain.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem.to_string(),
            _ => plain.to_string(),
        }
    }

    fn fault(&self, fault: Fault) -> Documents {
        let origin = Origin { source: Arc::from(self.path.display().to_string()), position: 0 };
        Box::new(std::iter::once(Raw { origin, id: self.stem(), body: Body::Fault(fault) }))
    }
}

/// A whole stream as one document.
fn one(stream: impl BufRead, source: &str, id: &str, body: impl Fn(Vec<u8>) -> Body) -> Raw {
    let mut bytes = Vec::new();
    let body = match stream.take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => Body::Fault(error.into()),
        Ok(_) if bytes.len() as u64 > MAX_BYTES => Body::Fault(too_large()),
        Ok(_) => body(bytes),
    };
    Raw { origin: Origin { source: Arc::from(source), position: 0 }, id: id.to_string(), body }
}

fn too_large() -> Fault {
    Fault::new("too-large", format!("more than the limit of {} MB for one document", MAX_BYTES >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_what_a_file_holds() {
        let kind = |name: &str| Kind::of(Path::new(name));
        assert_eq!(kind("a/b.TXT"), Some(Kind::Text));
        assert_eq!(kind("b.jsonl.gz"), Some(Kind::JsonLines));
        assert_eq!(kind("b.tsv.zst"), Some(Kind::Csv { delimiter: b'\t' }));
        assert_eq!(kind("CC-NEWS-20250408.warc.gz"), Some(Kind::Warc));
        assert_eq!(kind("b.gz"), None);
        assert_eq!(kind("README"), None);
    }

    #[test]
    fn a_document_is_called_by_its_files_stem() {
        assert_eq!(Source::new("a/tokio.txt", None).stem(), "tokio");
        assert_eq!(Source::new("a/tokio.2.txt.gz", None).stem(), "tokio.2");
        assert_eq!(Source::new("a/.txt", None).stem(), ".txt");
        assert_eq!(Source::new("-", None).stem(), "stdin");
    }
}
