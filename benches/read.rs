//! How fast the engine reads the articles of `examples/`: whole, and layer by layer; what the knowledge tables cost, to
//! load and to look up in every word of the articles. Throughput counts tokens.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depesche::analysis::Analysis;
use depesche::knowledge::Knowledge;
use depesche::text::Splitter;
use depesche::{Engine, Input, Layers, Reading};
use std::hint::black_box;

fn articles() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder examples")
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|e| e == "txt")))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("an article")).collect()
}

fn read(c: &mut Criterion) {
    let engine = Engine::german().expect("the engine");
    let mut worker = engine.worker();
    let articles = articles();
    let mut read_all = |layers: Layers| -> usize {
        articles
            .iter()
            .map(|text| {
                let input = Input::new(text.as_str()).date("2025-04-08").layers(layers);
                worker.read(input).expect("a document").tokens.as_ref().map_or(0, Vec::len)
            })
            .sum()
    };
    let tokens = read_all(Layers { tokens: true, ..Layers::NONE });
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(tokens as u64));
    let layers = [
        ("default", Layers::default()),
        ("sentences", Layers::NONE),
        ("tokens", Layers { tokens: true, ..Layers::NONE }),
        ("entities", Layers { entities: true, ..Layers::NONE }),
        ("times", Layers { times: true, ..Layers::NONE }),
        ("statements", Layers { statements: true, ..Layers::NONE }),
        ("events", Layers { events: true, ..Layers::NONE }),
    ];
    for (name, layers) in layers {
        group.bench_function(name, |b| b.iter(|| black_box(read_all(black_box(layers)))));
    }
    group.finish();
}

fn start(c: &mut Criterion) {
    c.bench_function("start", |b| b.iter(|| Engine::german().expect("the engine")));
}

fn knowledge(c: &mut Criterion) {
    let splitter = Splitter::new().expect("the splitter");
    let tables = Knowledge::new().expect("the tables");
    let articles = articles();
    let split: Vec<Analysis> = articles
        .iter()
        .map(|text| {
            let mut analysis = Analysis::default();
            splitter.split(text, &mut analysis);
            analysis
        })
        .collect();
    let readings: Vec<Reading<'_>> = articles
        .iter()
        .zip(&split)
        .map(|(text, analysis)| Reading { text, title: None, date: None, analysis })
        .collect();
    let mut group = c.benchmark_group("knowledge");
    group.bench_function("load", |b| b.iter(|| Knowledge::new().expect("the tables")));
    group.throughput(Throughput::Elements(readings.iter().map(|r| r.len() as u64).sum()));
    let mut matches = Vec::new();
    group.bench_function("lookup", |b| {
        b.iter(|| {
            for reading in &readings {
                matches.clear();
                tables.matches(black_box(reading), &mut matches);
            }
            matches.len()
        });
    });
    group.finish();
}

criterion_group!(benches, read, start, knowledge);
criterion_main!(benches);
