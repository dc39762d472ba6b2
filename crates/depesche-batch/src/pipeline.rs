//! The bounded parallel pipeline: documents in, results out in the same order.
//!
//! The thread that iterates over [`Run`] reads the source, so sources need not be thread-safe; workers open documents,
//! run the engine and call `finish`, so what is dear (serialising) happens there too. How far the source may run ahead
//! of the results is bounded in documents and in bytes, which bounds memory whatever the size of the archive.

use crate::{Defaults, Fault, Origin, Raw};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use depesche::{Document, Engine, Worker};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

/// How a run works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Number of reading threads; 0 means one for each core.
    pub threads: usize,
    /// Bytes of text that may be under way at once. One larger document alone is always let in.
    pub bytes_under_way: usize,
    /// What holds for documents that do not say otherwise.
    pub defaults: Defaults,
}

impl Default for Options {
    fn default() -> Self {
        Options { threads: 0, bytes_under_way: 8 << 20, defaults: Defaults::default() }
    }
}

/// What became of a document.
#[derive(Debug)]
pub struct Outcome {
    /// Its identifier.
    pub id: String,
    /// Where it was found.
    pub origin: Origin,
    /// Bytes of its text, or of what it was taken from.
    pub bytes: u64,
    /// The document that was read, or why it could not be.
    pub result: Result<Document, Fault>,
}

type Finish<R> = Arc<dyn Fn(Outcome) -> R + Send + Sync>;

struct Job<R> {
    raw: Raw,
    answer: Sender<R>,
}

/// Results in the order of the input; see [`run`].
pub struct Run<I, R> {
    source: Option<I>,
    jobs: Option<Sender<Job<R>>>,
    under_way: VecDeque<(usize, Receiver<R>)>,
    bytes: usize,
    max_items: usize,
    max_bytes: usize,
    next: Option<Raw>,
    workers: Vec<JoinHandle<()>>,
}

/// Reads documents on several threads. `finish` is called on the worker threads with each outcome; what it returns
/// leaves the iterator in the order of the input.
///
/// A document in which the engine panics is a fault of kind `internal`; the run goes on.
pub fn run<I, R, F>(engine: &Engine, inputs: I, options: Options, finish: F) -> Run<I::IntoIter, R>
where
    I: IntoIterator<Item = Raw>,
    R: Send + 'static,
    F: Fn(Outcome) -> R + Send + Sync + 'static,
{
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, |n| n.get()),
        n => n,
    };
    let (jobs, queue) = unbounded::<Job<R>>();
    let finish: Finish<R> = Arc::new(finish);
    let defaults = Arc::new(options.defaults);
    let start = |_| {
        let (engine, queue, finish, defaults) = (engine.clone(), queue.clone(), finish.clone(), defaults.clone());
        std::thread::spawn(move || work(&engine, &queue, &finish, &defaults))
    };
    Run {
        source: Some(inputs.into_iter()),
        jobs: Some(jobs),
        under_way: VecDeque::new(),
        bytes: 0,
        // One thread reads a document at a time: a stream of documents is answered as it comes.
        max_items: if threads == 1 { 1 } else { threads * 16 },
        max_bytes: options.bytes_under_way,
        next: None,
        workers: (0..threads).map(start).collect(),
    }
}

/// Reads documents one after another on the thread that asks for them, without handing anything to another; otherwise
/// as [`run`].
pub fn read_here<'a, I>(engine: &'a Engine, inputs: I, defaults: &'a Defaults) -> impl Iterator<Item = Outcome> + 'a
where
    I: IntoIterator<Item = Raw>,
    I::IntoIter: 'a,
{
    let mut worker = engine.worker();
    inputs.into_iter().map(move |raw| answer(engine, &mut worker, raw, defaults))
}

fn work<R>(engine: &Engine, queue: &Receiver<Job<R>>, finish: &Finish<R>, defaults: &Defaults) {
    let mut worker = engine.worker();
    for Job { raw, answer: sender } in queue {
        // The receiver is gone when the run was dropped: nobody waits for the result.
        let _ = sender.send(finish(answer(engine, &mut worker, raw, defaults)));
    }
}

fn answer<'e>(engine: &'e Engine, worker: &mut Worker<'e>, raw: Raw, defaults: &Defaults) -> Outcome {
    let bytes = raw.weight() as u64;
    let (id, origin, input) = raw.open(defaults);
    let result = input.and_then(|input| read(engine, worker, input));
    Outcome { id, origin, bytes, result }
}

fn read<'e>(engine: &'e Engine, worker: &mut Worker<'e>, input: depesche::Input) -> Result<Document, Fault> {
    match catch_unwind(AssertUnwindSafe(|| worker.read(input))) {
        Ok(result) => result.map_err(Fault::from),
        Err(panic) => {
            *worker = engine.worker();
            let message = (panic.downcast_ref::<String>().map(String::as_str))
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("unknown");
            Err(Fault::new("internal", format!("the engine failed ({message}); please report it with the text")))
        }
    }
}

impl<I: Iterator<Item = Raw>, R> Run<I, R> {
    /// Hands documents to the workers as far as the limits allow.
    fn fill(&mut self) {
        while self.under_way.len() < self.max_items {
            let raw = match self.next.take().or_else(|| self.source.as_mut()?.next()) {
                Some(raw) => raw,
                None => {
                    self.source = None;
                    return;
                }
            };
            let weight = raw.weight();
            if !self.under_way.is_empty() && self.bytes + weight > self.max_bytes {
                self.next = Some(raw);
                return;
            }
            let (answer, result) = bounded(1);
            self.bytes += weight;
            self.under_way.push_back((weight, result));
            if let Some(jobs) = &self.jobs {
                let _ = jobs.send(Job { raw, answer });
            }
        }
    }
}

impl<I: Iterator<Item = Raw>, R> Iterator for Run<I, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        self.fill();
        let (weight, result) = self.under_way.pop_front()?;
        self.bytes -= weight;
        // The sender is only dropped unsent if `finish` panicked: pass the panic on as the caller's own.
        Some(result.recv().unwrap_or_else(|_| panic!("the function that finishes documents panicked")))
    }
}

impl<I, R> Drop for Run<I, R> {
    fn drop(&mut self) {
        self.jobs = None;
        self.under_way.clear();
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl<I, R> std::fmt::Debug for Run<I, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("under_way", &self.under_way.len()).field("bytes", &self.bytes).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(threads: usize, n: usize) -> Vec<String> {
        let engine = Engine::german().unwrap();
        let inputs = (0..n).map(|i| Raw::text(i.to_string(), "Bonn. ".repeat((n - i) % 37)));
        run(&engine, inputs, Options { threads, ..Options::default() }, |o| o.id).collect()
    }

    #[test]
    fn results_keep_the_order_of_the_input() {
        let expected: Vec<String> = (0..200).map(|i| i.to_string()).collect();
        assert_eq!(ids(1, 200), expected);
        assert_eq!(ids(4, 200), expected);
    }

    #[test]
    fn documents_are_read_alike_without_other_threads() {
        let engine = Engine::german().unwrap();
        let inputs = || ["Polen", "Ungarn"].map(|state| Raw::text(state, format!("{state} lehnt das Abkommen ab.")));
        let record = |outcome: Outcome| (outcome.id, outcome.result.unwrap().record());
        let defaults = Defaults::default();
        let here: Vec<_> = read_here(&engine, inputs(), &defaults).map(record).collect();
        assert_eq!(here, run(&engine, inputs(), Options::default(), record).collect::<Vec<_>>());
    }

    #[test]
    fn the_source_never_runs_far_ahead() {
        let engine = Engine::german().unwrap();
        let pulled = std::cell::Cell::new(0usize);
        let inputs = (0..1000).map(|i: usize| {
            pulled.set(pulled.get() + 1);
            Raw::text(i.to_string(), "x".repeat(1000))
        });
        let options = Options { threads: 2, bytes_under_way: 5_000, ..Options::default() };
        for (done, _) in run(&engine, inputs, options, |_| ()).enumerate() {
            assert!(pulled.get() <= done + 7, "{} pulled when {done} were done", pulled.get());
        }
    }

    #[test]
    fn a_run_can_be_dropped_half_way() {
        let engine = Engine::german().unwrap();
        let inputs = (0..).map(|i: usize| Raw::text(i.to_string(), "Bonn."));
        assert_eq!(run(&engine, inputs, Options::default(), |o| o.id).take(3).count(), 3);
    }

    #[test]
    fn faults_take_the_place_of_their_document() {
        let engine = Engine::german().unwrap();
        let bad = Raw { origin: Origin::default(), id: "b".into(), body: crate::Body::Text(vec![0xff]) };
        let inputs = [Raw::text("a", "Bonn."), bad, Raw::text("c", "Bonn.")];
        let good: Vec<bool> = run(&engine, inputs, Options::default(), |o| o.result.is_ok()).collect();
        assert_eq!(good, [true, false, true]);
    }
}
