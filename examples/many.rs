//! Reads many articles on all cores and counts who acts on whom, as a program in Rust does it.
//!
//!     cargo run --release --example many -- news.jsonl

use depesche::Engine;
use depesche_batch::readers::Source;
use depesche_batch::{Columns, Options, run};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give a file with articles")?;
    let engine = Engine::german()?;
    // By its ending: JSON Lines, CSV, Parquet, WARC, text; compressed or not.
    let documents = Source::new(path, None).documents(&Columns::default(), &Arc::default());
    let mut dyads: BTreeMap<(String, String), usize> = BTreeMap::new();
    // Runs on the workers, so that only what is counted travels between threads.
    let pairs = |outcome: depesche_batch::Outcome| {
        let doc = outcome.result.map_err(|fault| format!("{}: {fault}", outcome.origin))?;
        let name = |id: &usize| doc.entities[*id].name.clone();
        let pairs =
            doc.events.iter().flat_map(|e| e.actors.iter().flat_map(|a| e.recipients.iter().map(move |r| (a, r))));
        Ok::<_, String>(pairs.map(|(a, r)| (name(a), name(r))).collect::<Vec<_>>())
    };
    // Results come in the order of the input; memory is bounded whatever the size of the file.
    for found in run(&engine, documents, Options::default(), pairs) {
        match found {
            Ok(pairs) => pairs.into_iter().for_each(|pair| *dyads.entry(pair).or_default() += 1),
            Err(fault) => eprintln!("{fault}"),
        }
    }
    for ((actor, recipient), count) in dyads {
        println!("{count:6} {actor} -> {recipient}");
    }
    Ok(())
}
