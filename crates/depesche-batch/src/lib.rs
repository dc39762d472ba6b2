//! Whole archives in parallel: readers, a bounded pipeline, writers.
//!
//! Documents enter as [`Raw`], bytes as they lie in their source; workers look into them, read them with the engine and
//! hand on what the caller makes of each [`Outcome`]; results leave in the order of the input, whatever the number of
//! threads. A document that cannot be read becomes a [`Fault`] in its place: never a gap and never a stop.
//!
//! ```no_run
//! use depesche::Engine;
//! use depesche_batch::{Options, Raw, run};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::german()?;
//! let articles = ["Frankreich verurteilt den Angriff.", "Polen liefert der Ukraine Panzer."];
//! let inputs = articles.iter().enumerate().map(|(i, text)| Raw::text(i.to_string(), *text));
//! for outcome in run(&engine, inputs, Options::default(), |outcome| outcome) {
//!     match outcome.result {
//!         Ok(doc) => println!("{}: {} events", outcome.id, doc.events.len()),
//!         Err(fault) => eprintln!("{}: {fault}", outcome.id),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod archive;
mod codes;
pub mod count;
pub mod export;
mod fault;
mod language;
#[cfg(feature = "html")]
mod page;
mod pipeline;
mod raw;
pub mod readers;
#[cfg(feature = "tables")]
pub mod tables;

pub use fault::{ErrorRecord, Fault};
#[cfg(feature = "html")]
pub use page::Page;
pub use pipeline::{Options, Outcome, Run, read_here, run};
pub use raw::{Body, Columns, Defaults, Fields, Origin, Raw};
