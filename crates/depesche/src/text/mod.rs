//! Text: characters in, sentences and tokens out, with exact offsets.

mod chars;
mod code_points;
mod splitter;
#[cfg(test)]
mod tests;
mod tokenizer;
mod words;

pub use code_points::CodePoints;
pub use splitter::Splitter;
