//! JSON Lines: one document a line.

use super::{MAX_BYTES, too_large};
use crate::{Body, Origin, Raw};
use std::io::{BufRead, Read};
use std::sync::Arc;

/// Reads one JSON object a line; blank lines are skipped. An overlong line is a fault and is passed over without being
/// held in memory.
#[derive(Debug)]
pub struct JsonLines<R> {
    stream: R,
    source: Arc<str>,
    line: u64,
    done: bool,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads a stream that is known to people as `source`.
    pub fn new(stream: R, source: &str) -> Self {
        JsonLines { stream, source: Arc::from(source), line: 0, done: false }
    }

    /// The next line without its end; none at the end of the stream.
    fn next_line(&mut self) -> std::io::Result<Option<Body>> {
        let mut bytes = Vec::new();
        let n = self.stream.by_ref().take(MAX_BYTES + 1).read_until(b'\n', &mut bytes)?;
        if n == 0 {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() as u64 > MAX_BYTES {
            self.skip_line()?;
            return Ok(Some(Body::Fault(too_large())));
        }
        Ok(Some(Body::Json(bytes)))
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.stream.fill_buf()?;
            let (n, ended) = match buffer.iter().position(|&b| b == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.stream.consume(n);
            if ended {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        while !self.done {
            self.line += 1;
            let body = match self.next_line() {
                Ok(Some(Body::Json(bytes))) if bytes.trim_ascii().is_empty() => continue,
                Ok(Some(body)) => body,
                Ok(None) => break,
                Err(error) => {
                    self.done = true;
                    Body::Fault(error.into())
                }
            };
            let origin = Origin { source: self.source.clone(), position: self.line };
            return Some(Raw { origin, id: self.line.to_string(), body });
        }
        self.done = true;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_skipped_but_counted() {
        let ids: Vec<String> = JsonLines::new("{}\n\n \r\n{}".as_bytes(), "x").map(|r| r.id).collect();
        assert_eq!(ids, ["1", "4"]);
    }

    #[test]
    fn an_overlong_line_is_a_fault_and_the_next_is_read() {
        let long = std::io::repeat(b'x').take(MAX_BYTES + 70_000);
        let stream = std::io::BufReader::new(long.chain(&b"\n{}\n"[..]));
        let bodies: Vec<Body> = JsonLines::new(stream, "x").map(|r| r.body).collect();
        assert!(matches!(&bodies[..], [Body::Fault(f), Body::Json(_)] if f.kind == "too-large"));
    }
}
