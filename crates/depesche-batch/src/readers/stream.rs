//! Byte streams under the readers: files, gzip and zstd by their first bytes, with a limit on how far they may expand.

use crate::Fault;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A stream that readers take documents from.
pub type Stream = Box<dyn BufRead + Send>;

/// A stream may always expand to this size, in bytes.
const FREE_EXPANSION: u64 = 1 << 30;
/// Beyond that it may expand this many times. News compresses five- to tenfold.
const MAX_RATIO: u64 = 250;
const BUFFER: usize = 1 << 17;

/// Opens a file, decompressing what is compressed. The bytes taken from the file itself are added to `consumed`.
///
/// # Errors
/// Why the file cannot be opened. Damage in the middle of a file is an error of the stream, later.
pub fn open(path: &Path, consumed: &Arc<AtomicU64>) -> Result<Stream, Fault> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(Fault::new("io", "is a folder"));
    }
    decompressed(Box::new(Counted { stream: file, bytes: consumed.clone() }))
}

/// Decompresses a stream that begins like a gzip or zstd file; others pass as they are.
///
/// # Errors
/// If the first bytes cannot be read.
pub fn decompressed(stream: Box<dyn Read + Send>) -> Result<Stream, Fault> {
    let packed = Arc::new(AtomicU64::new(0));
    let mut stream = BufReader::with_capacity(BUFFER, Counted { stream, bytes: packed.clone() });
    let unpacked: Box<dyn Read + Send> = match stream.fill_buf()? {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(stream)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::Decoder::with_buffer(stream)?),
        _ => return Ok(Box::new(stream)),
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, Limited { stream: unpacked, packed, unpacked: 0 })))
}

struct Counted<R> {
    stream: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Ends in an error where a stream expands beyond reason.
struct Limited<R> {
    stream: R,
    packed: Arc<AtomicU64>,
    unpacked: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(error.kind(), "the compressed file ends too early"),
            kind => io::Error::new(kind, format!("the compressed file is damaged: {error}")),
        })?;
        self.unpacked += n as u64;
        let allowed = self.packed.load(Ordering::Relaxed).saturating_mul(MAX_RATIO).max(FREE_EXPANSION);
        if self.unpacked > allowed {
            let message = format!("the compressed file expands more than {MAX_RATIO} times; the rest is not read");
            return Err(io::Error::other(message));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        decompressed(Box::new(io::Cursor::new(bytes))).unwrap().read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn compression_is_seen_by_the_first_bytes() {
        assert_eq!(read(b"Bonn".to_vec()).unwrap(), b"Bonn");
        assert_eq!(read(gzip(b"Bonn")).unwrap(), b"Bonn");
        assert_eq!(read(zstd::encode_all(&b"Bonn"[..], 3).unwrap()).unwrap(), b"Bonn");
        assert_eq!(read(Vec::new()).unwrap(), b"");
    }

    #[test]
    fn members_of_a_gzip_file_follow_one_another() {
        assert_eq!(read([gzip(b"Bo"), gzip(b"nn")].concat()).unwrap(), b"Bonn");
    }

    #[test]
    fn a_truncated_file_is_an_error_that_says_so() {
        let mut bytes = gzip(&b"Bonn, Berlin, Paris".repeat(100));
        bytes.truncate(bytes.len() - 12);
        assert!(read(bytes).unwrap_err().to_string().contains("ends too early"));
    }

    #[test]
    fn a_bomb_is_not_read_to_its_end() {
        struct Zeros;
        impl Read for Zeros {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.fill(0);
                Ok(buffer.len())
            }
        }
        let mut bomb = Limited { stream: Zeros, packed: Arc::new(AtomicU64::new(1)), unpacked: FREE_EXPANSION - 5 };
        assert!(bomb.read(&mut [0; 100]).unwrap_err().to_string().contains("expands"));
    }
}
