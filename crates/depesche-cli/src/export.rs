//! `depesche export`: events as rows in the layouts of other data sets.

use crate::Failure;
use crate::args::Export;
use depesche_batch::count::for_each_record;
use std::io::{BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;

/// Runs the command.
pub fn run(args: &Export) -> Result<(), Failure> {
    let layout = args.layout.layout();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failure = out.write_all(layout.header().unwrap_or_default().as_bytes()).err();
    if failure.is_none() {
        for_each_record(&args.paths, |record| match out.write_all(layout.rows(record).as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        })
        .map_err(|fault| Failure::Output(fault.message))?;
    }
    match failure.map_or_else(|| out.flush(), Err) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
