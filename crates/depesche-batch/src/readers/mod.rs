//! Readers: cut a source into documents, without looking into them.

mod lines;

use crate::{Body, Fault, Origin, Raw};
pub use lines::JsonLines;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// Largest document or line that is read, in bytes; larger ones are a fault.
pub const MAX_BYTES: u64 = 100 << 20;

/// A whole stream as one text.
pub fn text(stream: impl Read, source: &str, id: &str) -> Raw {
    let mut bytes = Vec::new();
    let body = match stream.take(MAX_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => Body::Fault(error.into()),
        Ok(_) if bytes.len() as u64 > MAX_BYTES => Body::Fault(too_large()),
        Ok(_) => Body::Text(bytes),
    };
    Raw { origin: Origin { source: Arc::from(source), position: 0 }, id: id.to_string(), body }
}

/// Opens a file for a reader; a folder is refused like an unreadable file.
///
/// # Errors
/// Why the file cannot be opened.
pub fn open(path: &Path) -> Result<BufReader<File>, Fault> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(Fault::new("io", "is a folder"));
    }
    Ok(BufReader::with_capacity(1 << 16, file))
}

fn too_large() -> Fault {
    Fault::new("too-large", format!("more than the limit of {} MB for one document", MAX_BYTES >> 20))
}
