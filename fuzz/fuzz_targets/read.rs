//! Any text must be read without a panic, and every position must lie on a character boundary of the text.
//!
//! Run with `cargo fuzz run read` (`cargo install cargo-fuzz`; on a stable toolchain with `RUSTC_BOOTSTRAP=1`).
#![no_main]

use depesche::{Engine, Input, Layers};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static ENGINE: OnceLock<Engine> = OnceLock::new();

fuzz_target!(|text: &str| {
    let engine = ENGINE.get_or_init(|| Engine::german().expect("the engine"));
    let doc = engine.read(Input::new(text).date("2025-04-08").layers(Layers::ALL)).expect("a small text is read");
    let mut record = (*doc).clone();
    record.map_positions(|position| {
        assert!(text.is_char_boundary(position), "{position} is inside a character");
        position
    });
    doc.record();
});
