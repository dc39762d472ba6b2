//! `depesche batch`: a whole archive into a dataset, with progress and a summary.

use crate::Failure;
use crate::args::{Batch, LogLevel, ProgressKind};
use anstyle::Style;
use depesche_batch::archive::{Account, ArchiveError, Plan, Progress, archive};
use depesche_batch::readers::expand;
use depesche_batch::{Columns, Defaults};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Runs the command.
pub fn run(args: &Batch) -> Result<(), Failure> {
    let plan = plan(args)?;
    let engine = args.engine.build()?;
    let interrupts = watch_interrupts()?;
    start_log(args.log);
    let mut display = Display::new(args.progress.or(args.log.map(|_| ProgressKind::None)));
    let result = archive(&engine, &plan, |progress| {
        display.show(&progress);
        if interrupts.load(Ordering::Relaxed) > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    display.bar.finish_and_clear();
    match result {
        Ok(account) => {
            summary(&account, &args.out, display.started.elapsed());
            if account.failed() > 0 { Err(Failure::Documents) } else { Ok(()) }
        }
        Err(ArchiveError::Plan(message)) => Err(Failure::Usage(message)),
        Err(error) => {
            let again = "run the same command with --resume to go on";
            Err(Failure::Output(format!("{error}; {again}")))
        }
    }
}

fn plan(args: &Batch) -> Result<Plan, Failure> {
    if let Some(date) = &args.date {
        crate::extract::check_date(date)?;
    }
    let kind = args.input_format.map(|format| format.kind());
    let sources = expand(&args.inputs, kind).map_err(|fault| Failure::Usage(fault.message))?;
    let c = &args.columns;
    let names = [&c.text_column, &c.id_column, &c.title_column, &c.date_column, &c.source_column, &c.url_column];
    let [text, id, title, date, source, url] = names.map(Clone::clone);
    Ok(Plan {
        sources,
        out: args.out.clone(),
        format: args.format.format(),
        threads: args.threads.into(),
        memory: args.memory,
        defaults: Defaults {
            date: args.date.clone(),
            layers: args.layers.unwrap_or_default(),
            columns: Columns { text, id, title, date, source, url },
            max_words: Some(args.max_words),
            ..Defaults::default()
        },
        engine: format!("{:?}", args.engine),
        any_language: args.any_language,
        duplicates: args.duplicates.mode(),
        no_text: args.no_text,
        resume: args.resume,
    })
}

fn start_log(level: Option<LogLevel>) {
    let Some(level) = level else { return };
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level.level());
    // Python's program may be called twice in one process: the first log stays.
    let _ = log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init();
}

/// The first Ctrl-C ends the run with the part at hand, the second at once.
fn watch_interrupts() -> Result<Arc<AtomicUsize>, Failure> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    let handler = move || {
        if seen.fetch_add(1, Ordering::Relaxed) > 0 {
            std::process::exit(130);
        }
        anstream::eprintln!("depesche: finishing the part at hand; press Ctrl-C again to stop at once");
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::Output(error.to_string()))?;
    Ok(count)
}

/// What is shown while the run goes on.
struct Display {
    bar: ProgressBar,
    kind: ProgressKind,
    started: Instant,
    shown: Option<Instant>,
}

impl Display {
    fn new(kind: Option<ProgressKind>) -> Display {
        let terminal = std::io::stderr().is_terminal();
        let kind = kind.unwrap_or(if terminal { ProgressKind::Bar } else { ProgressKind::None });
        let bar = match kind {
            ProgressKind::Bar => ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()),
            _ => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}% {msg}, {eta} left") {
            bar.set_style(style);
        }
        Display { bar, kind, started: Instant::now(), shown: None }
    }

    fn show(&mut self, progress: &Progress<'_>) {
        if self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(250)) {
            return;
        }
        self.shown = Some(Instant::now());
        let account = progress.account;
        let words = account.words as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        match self.kind {
            ProgressKind::None => {}
            ProgressKind::Json => {
                let line = serde_json::json!({
                    "documents": account.documents, "records": account.records, "errors": account.failed(),
                    "skipped": account.passed_over(), "words": account.words, "words_per_second": words.round(),
                    "bytes_done": progress.consumed, "bytes_total": progress.total,
                });
                anstream::eprintln!("{line}");
            }
            ProgressKind::Bar => {
                self.bar.set_length(progress.total);
                self.bar.set_position(progress.consumed);
                let (documents, failed) = (account.documents, account.failed());
                self.bar.set_message(format!("{documents} documents, {words:.0} words/s, {failed} errors"));
            }
        }
    }
}

/// What was done, on standard output.
fn summary(account: &Account, out: &Path, time: Duration) {
    let bold = Style::new().bold();
    let (failed, skipped) = (account.failed(), account.passed_over());
    anstream::println!(
        "{bold}{} documents = {} records + {failed} errors + {skipped} skipped{bold:#}  ({:.1} s)",
        account.documents,
        account.records,
        time.as_secs_f64()
    );
    let tables = [
        ("errors", &account.errors),
        ("skipped", &account.skipped),
        ("events", &account.events),
        ("dyads", &account.dyads),
        ("speakers", &account.speakers),
    ];
    for (name, table) in tables {
        let top = Account::top(table, 10);
        if !top.is_empty() {
            let cells: Vec<String> = top.iter().map(|(key, count)| format!("{key} {count}")).collect();
            anstream::println!("{name:9} {}", cells.join(", "));
        }
    }
    anstream::println!("dataset   {}", out.display());
}
