//! `depesche schema`: the JSON Schema of a record, generated from the Rust types.

use crate::Failure;
use std::io::Write;

/// Prints the schema.
pub fn run() -> Result<(), Failure> {
    let schema = schemars::schema_for!(depesche::record::Record);
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Failure::Output(e.to_string()))?;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
