//! The command line of depesche, thin over the engine and the batch pipeline. It is a library so that the program
//! `depesche` and `python -m depesche` are the same.

#![deny(missing_docs)]

mod args;
mod batch;
mod count;
mod export;
mod extract;
mod schema;
mod sheet;

use args::{Args, Command};
use clap::Parser;
use std::ffi::OsString;

/// How a command ended, beside success.
#[derive(Debug)]
enum Failure {
    /// Some documents could not be read; error records stand in their place.
    Documents,
    /// The command line makes no sense.
    Usage(String),
    /// The output could not be written, or the engine could not be set up.
    Output(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Output(error.to_string())
    }
}

/// Runs a command line, whose first word is the program's name, and returns the exit status: 0 success, 1 documents
/// that could not be read, 2 wrong usage, 3 output that could not be written.
pub fn run(words: impl IntoIterator<Item = OsString>) -> u8 {
    let args = match Args::try_parse_from(words) {
        Ok(args) => args,
        Err(usage) => {
            // Help and version go to standard output, mistakes to standard error; a closed pipe is no matter.
            let _ = usage.print();
            return if usage.use_stderr() { 2 } else { 0 };
        }
    };
    args.color.write_global();
    let outcome = match args.command {
        Command::Extract(args) => extract::run(&args),
        Command::Batch(args) => batch::run(&args),
        Command::Count(args) => count::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Schema => schema::run(),
    };
    let (status, message) = match outcome {
        Ok(()) => return 0,
        Err(Failure::Documents) => return 1,
        Err(Failure::Usage(message)) => (2, message),
        Err(Failure::Output(message)) => (3, message),
    };
    anstream::eprintln!("depesche: {message}");
    status
}
