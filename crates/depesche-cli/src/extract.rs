//! `depesche extract`: articles in, records or sheets out, in the order of the input.

use crate::Failure;
use crate::args::{Extract, Format, InputFormat};
use crate::sheet::Sheet;
use depesche_batch::readers::Source;
use depesche_batch::{Columns, Defaults, ErrorRecord, Fault, Options, Outcome};
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Arc;

/// How many faults are reported one by one on standard error.
const REPORTED: usize = 20;

/// What a worker makes of a document.
struct Printed {
    text: Vec<u8>,
    fault: Option<String>,
}

/// Runs the command.
pub fn run(args: &Extract) -> Result<(), Failure> {
    if let Some(date) = &args.date {
        check_date(date)?;
    }
    if args.files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(Failure::Usage("standard input can be read once only; `-` is given more than once".into()));
    }
    let engine = args.engine.build()?;
    let mut layers = args.layers.unwrap_or_default();
    layers.why |= args.explain;
    layers.events |= args.explain;
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if terminal { Format::Pretty } else { Format::Jsonl });
    let no_text = args.no_text;
    let sheet = Sheet::for_terminal(terminal);
    let options = Options {
        threads: args.threads.into(),
        defaults: Defaults { date: args.date.clone(), layers, ..Defaults::default() },
        ..Options::default()
    };
    let kind = args.input_format.map(InputFormat::kind);
    let sources: Vec<Source> = args.files.iter().map(|file| Source::new(file, kind)).collect();
    let columns = Columns::default();
    let consumed = Arc::default();
    // Each file is opened when its turn comes.
    let raws = sources.into_iter().flat_map(move |source| source.documents(&columns, &consumed));
    let printed = depesche_batch::run(&engine, raws, options, move |outcome| print(&outcome, format, no_text, &sheet));

    let stdout = std::io::stdout().lock();
    let mut out: Box<dyn Write> = match format {
        Format::Pretty => Box::new(anstream::AutoStream::auto(stdout)),
        Format::Json | Format::Jsonl => Box::new(stdout),
    };
    let (mut documents, mut faults) = (0usize, 0usize);
    for one in printed {
        documents += 1;
        if let Some(fault) = one.fault {
            faults += 1;
            if faults <= REPORTED {
                anstream::eprintln!("depesche: {fault}");
            }
        }
        match out.write_all(&one.text).and_then(|()| out.flush()) {
            // Whoever read our output has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|e| Failure::Output(format!("the output cannot be written: {e}")))?,
        }
    }
    if faults > REPORTED {
        anstream::eprintln!("depesche: {faults} of {documents} documents could not be read");
    }
    if faults > 0 { Err(Failure::Documents) } else { Ok(()) }
}

/// A wrong `--date` is a mistake on the command line, not one of every document.
pub fn check_date(date: &str) -> Result<(), Failure> {
    match depesche::times::parse_date(date) {
        Some(_) => Ok(()),
        None => Err(Failure::Usage(format!("`{date}` is no date; --date expects YYYY-MM-DD"))),
    }
}

/// Runs on the workers: the bytes that stand for one document in the output.
fn print(outcome: &Outcome, format: Format, no_text: bool, sheet: &Sheet) -> Printed {
    let mut text = Vec::new();
    let written = match (&outcome.result, format) {
        (Ok(doc), Format::Pretty) => {
            text = sheet.render(doc).into_bytes();
            Ok(())
        }
        (Ok(doc), _) => {
            let mut record = doc.record();
            if no_text {
                record.text = None;
            }
            to_json(&mut text, &record, format)
        }
        (Err(_), Format::Pretty) => Ok(()),
        (Err(fault), _) => to_json(&mut text, &ErrorRecord::new(&outcome.id, fault), format),
    };
    let fault = match (&outcome.result, written) {
        (Err(fault), _) => Some(fault.clone()),
        (_, Err(error)) => Some(Fault::new("internal", error.to_string())),
        _ => None,
    };
    Printed { text, fault: fault.map(|fault| format!("{}: {fault}", outcome.origin)) }
}

fn to_json(out: &mut Vec<u8>, value: &impl serde::Serialize, format: Format) -> serde_json::Result<()> {
    match format {
        Format::Json => serde_json::to_writer_pretty(&mut *out, value)?,
        _ => serde_json::to_writer(&mut *out, value)?,
    }
    out.push(b'\n');
    Ok(())
}
