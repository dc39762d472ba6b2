//! Who did what to whom, who said what, when and where: extraction from German news on diplomacy and security.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use depesche::{Engine, Input};
//!
//! let engine = Engine::german()?;
//! let doc = engine.read(Input::new("Frankreich hat den Angriff auf das Dorf verurteilt.").date("2025-04-08"))?;
//! for event in &doc.events {
//!     println!("{:?} {:?} -> {:?}", event.kind, event.actors, event.recipients);
//! }
//! println!("{}", serde_json::to_string(&doc.record())?);
//! # Ok(())
//! # }
//! ```
//!
//! The rooms stand in the order in which text flows: [`text`] splits, [`morphology`] tags, [`syntax`] parses,
//! [`knowledge`] knows names, [`actors`] says who is who, [`times`] when, [`statements`] who said what, [`events`] who
//! did what to whom; [`record`] is what leaves.

#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod actors;
pub mod analysis;
mod document;
mod engine;
pub mod events;
pub mod knowledge;
pub mod model;
pub mod morphology;
mod packing;
mod reading;
pub mod record;
pub mod statements;
pub mod syntax;
pub mod text;
pub mod times;

pub use document::Document;
pub use engine::{BuildError, Engine, EngineBuilder, Input, Layers, ReadError, Worker};
pub use reading::Reading;
