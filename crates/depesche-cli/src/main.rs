//! The program `depesche`.

use depesche::{Engine, Input, Layers};
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let (path, layers) = (&args[2], args.get(3).map_or("all", |s| s.as_str()));
    let layers = Layers::parse(layers)?;
    let engine = Engine::german()?;
    let mut worker = engine.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |k: &str| row[k].as_str();
        let mut input =
            Input::new(field("text").unwrap_or_default()).id(field("id").unwrap_or_default()).layers(layers);
        if let Some(date) = field("date") {
            input = input.date(date);
        }
        if let Some(title) = field("title") {
            input = input.title(title);
        }
        serde_json::to_writer(&mut out, &worker.read(input)?.record())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
