//! Text: characters in, sentences and tokens out, with exact offsets.

mod code_points;
mod splitter;

pub use code_points::CodePoints;
pub use splitter::Splitter;
