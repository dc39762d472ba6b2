//! Reads articles and prints who did what to whom, as a program in Rust does it.
//!
//!     cargo run --release --example articles -- examples/tokio.txt examples/kairo.txt

use depesche::record::Status;
use depesche::{Document, Engine, Input};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        paths.push(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/tokio.txt").into());
    }
    let engine = Engine::german()?;
    // A worker keeps its memory from one text to the next.
    let mut worker = engine.worker();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let doc = worker.read(Input::new(text).id(path).date("2025-04-08"))?;
        report(&doc);
    }
    Ok(())
}

fn report(doc: &Document) {
    println!("{}", doc.id);
    for role in &doc.roles {
        let of = role.of.map_or("?", |id| &doc.entities[id].name);
        println!("  {} is {} of {of}", doc.entities[role.person].name, role.role);
    }
    for event in doc.events.iter().filter(|event| event.status == Status::Actual) {
        let trigger: Vec<&str> = event.trigger.iter().map(|&range| doc.slice(range)).collect();
        let (actors, recipients) = (names(doc, &event.actors), names(doc, &event.recipients));
        println!("  {:?}: {actors} -> {recipients} ({})", event.kind, trigger.join(" … "));
    }
}

fn names(doc: &Document, ids: &[usize]) -> String {
    ids.iter().map(|&id| doc.entities[id].name.as_str()).collect::<Vec<_>>().join(", ")
}
