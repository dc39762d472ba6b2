//! A text that has been read: the record with byte ranges, and the text they point into.

use crate::record::{Range, Record};
use crate::text::CodePoints;
use std::ops::Deref;

/// A text and what the engine says about it; all positions count **bytes**.
///
/// Dereferences to [`Record`] for reading (`doc.events`).
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    text: String,
    record: Record,
}

impl Document {
    pub(crate) fn new(text: String, record: Record) -> Self {
        Document { text, record }
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The characters of a range of this document.
    pub fn slice(&self, range: Range) -> &str {
        self.text.get(range.start..range.end).unwrap_or_default()
    }

    /// The record as it is written out: positions in Unicode code points, text included.
    pub fn record(&self) -> Record {
        let mut record = self.record.clone();
        if !self.text.is_ascii() {
            let map = CodePoints::new(&self.text);
            record.map_positions(|p| map.of_byte(p));
        }
        record.text = Some(self.text.clone());
        record
    }
}

impl Deref for Document {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.record
    }
}
