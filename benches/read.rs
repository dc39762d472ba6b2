//! How fast the engine reads the articles of `examples/`: whole, and layer by layer. Throughput counts tokens.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use depesche::{Engine, Input, Layers};
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

criterion_group!(benches, read, start);
criterion_main!(benches);
