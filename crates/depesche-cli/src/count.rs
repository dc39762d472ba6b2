//! `depesche count`: a table of events in CSV.

use crate::Failure;
use crate::args::{Count, CountKey};
use depesche_batch::count::{Counts, Every, Key, Query};
use std::io::{ErrorKind, Write};

/// Runs the command.
pub fn run(args: &Count) -> Result<(), Failure> {
    let mut by = Vec::new();
    let mut header = Vec::new();
    for key in &args.by {
        let keys: &[(Key, &str)] = match key {
            CountKey::Dyad => &[(Key::Actor, "actor"), (Key::Recipient, "recipient")],
            CountKey::Actor => &[(Key::Actor, "actor")],
            CountKey::Recipient => &[(Key::Recipient, "recipient")],
            CountKey::Type => &[(Key::Type, "type")],
            CountKey::Mode => &[(Key::Mode, "mode")],
            CountKey::Quad => &[(Key::Quad, "quad")],
            CountKey::Status => &[(Key::Status, "status")],
        };
        by.extend(keys.iter().map(|(key, _)| *key));
        header.extend(keys.iter().map(|(_, name)| *name));
    }
    let every = args.every.map_or(Every::Always, |every| every.every());
    let query = Query { by, every, any_status: args.any_status };
    let counts = Counts::of(&args.paths, query).map_err(|fault| Failure::Output(fault.message))?;

    let period = usize::from(every == Every::Always);
    let columns = ["period"].into_iter().skip(period).chain(header).chain(["events", "mean_score"]);
    let mut table = columns.collect::<Vec<_>>().join(",") + "\n";
    for (row, count) in counts.rows() {
        let cells = row.iter().skip(period).map(|cell| quoted(cell));
        let mean = count.score / count.events as f64;
        table += &cells.chain([count.events.to_string(), format!("{mean:.2}")]).collect::<Vec<_>>().join(",");
        table.push('\n');
    }
    match std::io::stdout().write_all(table.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// A cell of a CSV file.
fn quoted(cell: &str) -> String {
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_string(),
    }
}
