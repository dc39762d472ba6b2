//! Why a document could not be read, and the record that is written in its place.

use depesche::ReadError;
use serde::Serialize;
use std::borrow::Cow;
use thiserror::Error;

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("{message}")]
pub struct Fault {
    /// A short name for machines: `encoding`, `json`, `field`, `date`, `too-large`, `io`, `internal`.
    pub kind: Cow<'static, str>,
    /// One line for people.
    pub message: String,
}

impl Fault {
    /// A fault of a kind.
    pub fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Fault {
        Fault { kind: kind.into(), message: message.into() }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Fault {
        Fault::new(error.kind(), error.to_string())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::new("io", error.to_string())
    }
}

/// What is written in place of a record.
#[derive(Debug, Serialize)]
pub struct ErrorRecord<'a> {
    schema: &'static str,
    id: &'a str,
    error: &'a Fault,
}

impl<'a> ErrorRecord<'a> {
    /// The error record of a document.
    pub fn new(id: &'a str, error: &'a Fault) -> Self {
        ErrorRecord { schema: depesche::record::SCHEMA, id, error }
    }
}
