//! The program `depesche`: thin over the engine and the batch pipeline.

mod args;
mod extract;
mod schema;
mod sheet;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

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

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.write_global();
    let outcome = match args.command {
        Command::Extract(args) => extract::run(&args),
        Command::Schema => schema::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Documents) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            anstream::eprintln!("depesche: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Output(message)) => {
            anstream::eprintln!("depesche: {message}");
            ExitCode::from(3)
        }
    }
}
