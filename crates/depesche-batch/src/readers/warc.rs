//! Web archives (WARC 1.0 and 1.1, ISO 28500): the HTML pages in them, one document a page.
//!
//! Only responses with status 200 and HTML are documents; requests, images and metadata are passed over. A broken record
//! is a fault; reading goes on at the next line that begins a record.

use super::{MAX_BYTES, too_large};
use crate::{Body, Fault, Origin, Page, Raw};
use std::io::{self, BufRead, Read};
use std::sync::Arc;

const MAX_HEADER: u64 = 1 << 16;

/// Reads the pages of an archive.
pub struct Warc<R> {
    stream: R,
    source: Arc<str>,
    record: u64,
    done: bool,
}

/// What a record says about itself.
#[derive(Debug, Default)]
struct Header {
    kind: String,
    url: Option<String>,
    date: Option<String>,
    length: Option<u64>,
}

impl<R: BufRead> Warc<R> {
    /// Reads a stream that is known to people as `source`.
    pub fn new(stream: R, source: &str) -> Self {
        Warc { stream, source: Arc::from(source), record: 0, done: false }
    }

    /// The next page; none at the end.
    fn next_page(&mut self) -> io::Result<Option<(String, Body)>> {
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            self.record += 1;
            let id = header.url.clone().unwrap_or_else(|| self.record.to_string());
            let Some(length) = header.length else {
                return Ok(Some((id, Body::Fault(Fault::new("warc", "the record has no length")))));
            };
            if header.kind != "response" {
                self.skip(length)?;
                continue;
            }
            if length > MAX_BYTES {
                self.skip(length)?;
                return Ok(Some((id, Body::Fault(too_large()))));
            }
            let mut block = Vec::new();
            let n = self.stream.by_ref().take(length).read_to_end(&mut block)?;
            if (n as u64) < length {
                let message = format!("the record ends after {n} of {length} bytes");
                return Ok(Some((id, Body::Fault(Fault::new("warc", message)))));
            }
            match page(&block, header) {
                Ok(Some(page)) => return Ok(Some((id, Body::Html(Box::new(page))))),
                Ok(None) => {}
                Err(fault) => return Ok(Some((id, Body::Fault(fault)))),
            }
        }
    }

    /// Goes to the next line that begins a record and reads its header.
    fn header(&mut self) -> io::Result<Option<Header>> {
        loop {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.starts_with("WARC/") => break,
                Some(_) => {}
            }
        }
        let mut header = Header::default();
        while let Some(line) = self.line()?.filter(|line| !line.is_empty()) {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => header.url = Some(value.trim_matches(['<', '>']).to_string()),
                "warc-date" => header.date = Some(value.to_string()),
                "content-length" => header.length = value.parse().ok(),
                _ => {}
            }
        }
        Ok(Some(header))
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        match self.stream.by_ref().take(MAX_HEADER).read_until(b'\n', &mut bytes)? {
            0 => Ok(None),
            _ => Ok(Some(String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned())),
        }
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        io::copy(&mut self.stream.by_ref().take(length), &mut io::sink()).map(|_| ())
    }
}

impl<R: BufRead> Iterator for Warc<R> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        if self.done {
            return None;
        }
        let (id, body) = match self.next_page() {
            Ok(Some(page)) => page,
            Ok(None) => {
                self.done = true;
                return None;
            }
            Err(error) => {
                self.done = true;
                (self.record.to_string(), Body::Fault(error.into()))
            }
        };
        Some(Raw { origin: Origin { source: self.source.clone(), position: self.record }, id, body })
    }
}

/// The page in an HTTP response; none if it is no HTML or was not found.
fn page(block: &[u8], header: Header) -> Result<Option<Page>, Fault> {
    let Some(end) = block.windows(4).position(|w| w == b"\r\n\r\n") else {
        return Err(Fault::new("warc", "the response has no end of its header"));
    };
    let head = String::from_utf8_lossy(&block[..end]);
    let mut lines = head.lines();
    if lines.next().and_then(|status| status.split_whitespace().nth(1)) != Some("200") {
        return Ok(None);
    }
    let (mut kind, mut chunked, mut gzip) = (String::new(), false, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => kind = value.trim().to_ascii_lowercase(),
            "transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            "content-encoding" => gzip = value.to_ascii_lowercase().contains("gzip"),
            _ => {}
        }
    }
    if !kind.contains("html") {
        return Ok(None);
    }
    let mut bytes = block[end + 4..].to_vec();
    if chunked {
        // Many crawlers store the body without its chunks but keep the line that announces them.
        bytes = unchunk(&bytes).unwrap_or(bytes);
    }
    if gzip && bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let done = flate2::read::MultiGzDecoder::new(&bytes[..]).take(MAX_BYTES).read_to_end(&mut plain);
        done.map_err(|error| Fault::new("warc", format!("the compressed page is damaged: {error}")))?;
        bytes = plain;
    }
    let charset = kind.split_once("charset=").map(|(_, name)| name.trim_matches(['"', ' ', ';']).to_string());
    Ok(Some(Page { bytes, charset, url: header.url, fetched: header.date }))
}

/// The body without the chunks of HTTP/1.1; none if it has no such form.
fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = bytes.windows(2).take(20).position(|w| w == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        bytes = &bytes[end + 2..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(bytes.get(..size)?);
        bytes = bytes.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, url: &str, block: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-08T01:02:03Z\r\n\
             Content-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn response(status: &str, kind: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{body}")
    }

    fn read(archive: &str) -> Vec<(String, String)> {
        let name = |raw: Raw| match raw.body {
            Body::Html(page) => (raw.id, String::from_utf8(page.bytes).unwrap()),
            Body::Fault(fault) => (raw.id, fault.kind.into_owned()),
            _ => unreachable!(),
        };
        Warc::new(archive.as_bytes(), "a").map(name).collect()
    }

    #[test]
    fn only_pages_that_were_found_are_documents() {
        let archive = [
            record("warcinfo", "", "software: test"),
            record("request", "http://a/", "GET / HTTP/1.1"),
            record("response", "http://a/", &response("200 OK", "text/html; charset=utf-8", "<p>a")),
            record("response", "http://b/", &response("404 Not Found", "text/html", "<p>b")),
            record("response", "http://c/", &response("200 OK", "image/png", "c")),
        ];
        assert_eq!(read(&archive.concat()), [("http://a/".into(), "<p>a".into())]);
    }

    #[test]
    fn reading_goes_on_behind_a_broken_record() {
        let good = record("response", "http://b/", &response("200 OK", "text/html", "<p>b"));
        let archive = ["WARC/1.0\r\nWARC-Type: response\r\n\r\nrubbish\r\n\r\n", &good].concat();
        assert_eq!(read(&archive), [("1".into(), "warc".into()), ("http://b/".into(), "<p>b".into())]);
        let cut = &good[..good.len() - 12];
        assert_eq!(read(cut), [("http://b/".into(), "warc".into())]);
    }

    #[test]
    fn chunks_are_joined() {
        assert_eq!(unchunk(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n").unwrap(), b"abcde");
        assert_eq!(unchunk(b"<html>"), None);
    }
}
