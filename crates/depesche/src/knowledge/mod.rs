//! Knowledge: tables of states, organisations, offices, persons and places, and the matcher over them.

use crate::engine::BuildError;

/// The tables, compiled for matching.
#[derive(Debug)]
pub struct Knowledge {}

impl Knowledge {
    /// The tables in the program.
    ///
    /// # Errors
    /// If a table has a malformed row.
    pub fn new() -> Result<Knowledge, BuildError> {
        Ok(Knowledge {})
    }
}
