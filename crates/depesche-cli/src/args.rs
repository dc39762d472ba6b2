//! The command line.

use crate::Failure;
use clap::{Parser, Subcommand, ValueEnum};
use depesche::{BuildError, Engine, Layers};
use depesche_batch::archive;
use depesche_batch::count::Every;
use depesche_batch::export::Layout;
use depesche_batch::readers::Kind;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  depesche extract article.txt --date 2025-04-08       a readable sheet of one article
  depesche extract news.jsonl > records.jsonl          one record a line
  depesche extract news.jsonl --layers events | jq -c '.events[]'
  curl -s https://example.org/news.txt | depesche extract -
  depesche batch archive/ --out dataset --format parquet   a dataset of a whole archive
  depesche count dataset --by dyad,type --every month  who did how much of what to whom
  depesche schema > record.schema.json                 the JSON Schema of a record

Exit status:
  0  every document was read
  1  some documents could not be read; error records stand in their place
  2  the command line is wrong
  3  the output could not be written";

/// Reads German news on diplomacy and security: who did what to whom, who said what, when and where.
#[derive(Debug, Parser)]
#[command(name = "depesche", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read articles and print what they report
    Extract(Extract),
    /// Read a whole archive into a dataset, on all cores, so that nothing is lost
    Batch(Box<Batch>),
    /// Count the events of a dataset or of record files, as CSV
    Count(Count),
    /// Write events as rows in the layout of POLECAT or GDELT 1.0
    Export(Export),
    /// Print the JSON Schema of a record
    Schema,
}

const EXTRACT_EXAMPLES: &str = "\
Input:
  FILE.txt      one article; its identifier is the file's name without the ending
  FILE.html     one web page; the article, its title and date are taken from it
  FILE.jsonl    one JSON object a line: text, and if known id, title, date, source, url;
                the identifier defaults to the line's number
  FILE.csv, FILE.tsv, FILE.parquet, FILE.warc
                the same as a table, or an archive of web pages
  -             standard input; --input-format says what it is
Files may be compressed with gzip or zstd.

Examples:
  depesche extract article.txt --date 2025-04-08
  depesche extract monday.jsonl tuesday.jsonl --threads 2 > records.jsonl
  depesche extract - --input-format jsonl --layers events,times < news.jsonl
  depesche extract article.txt --explain --frames mine.frames --knowledge tables/

Exit status:
  0  every document was read
  1  some documents could not be read; error records stand in their place
  2  the command line is wrong
  3  the output could not be written";

/// Arguments of `extract`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXTRACT_EXAMPLES)]
pub struct Extract {
    /// Articles to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Date of articles that bring none (YYYY-MM-DD): what "yesterday" is counted from
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// What to read: tokens, entities, times, statements, events, or all [default: all but tokens]
    #[arg(long, value_name = "LIST", value_parser = layers)]
    pub layers: Option<Layers>,
    /// How to print [default: pretty on a terminal, otherwise jsonl]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// What the input is [default: by the file's ending; text for standard input]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Say why each event was coded: frame, grammatical cues, weights, how its participants were found
    #[arg(long)]
    pub explain: bool,
    /// What the engine knows beyond its own tables
    #[command(flatten)]
    pub engine: EngineSettings,
    /// Leave the text out of the records
    #[arg(long)]
    pub no_text: bool,
    /// Threads that read; the output keeps the order of the input
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
}

/// How the engine is set up.
#[derive(Debug, clap::Args)]
pub struct EngineSettings {
    /// Frames of your own: which words report which events; they win over the built-in ones [may be repeated]
    #[arg(long, value_name = "FILE")]
    pub frames: Vec<PathBuf>,
    /// Table of your own, or folder of tables, of states, organisations, persons, places, offices or agents; its rows
    /// win over the built-in ones [may be repeated]
    #[arg(long, value_name = "PATH")]
    pub knowledge: Vec<PathBuf>,
    /// Leave out events of which the engine is less sure, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability)]
    pub min_confidence: f64,
}

impl EngineSettings {
    /// Builds the engine; what is wrong with the user's files is a mistake of usage.
    pub fn build(&self) -> Result<Engine, Failure> {
        let builder = Engine::builder().min_confidence(self.min_confidence);
        let builder = self.frames.iter().fold(builder, |builder, path| builder.frames(path));
        let builder = self.knowledge.iter().fold(builder, |builder, path| builder.knowledge(path));
        builder.build().map_err(|error| match error {
            BuildError::Data { .. } | BuildError::File { .. } => Failure::Usage(error.to_string()),
            _ => Failure::Output(error.to_string()),
        })
    }
}

fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|p| (0.0..=1.0).contains(p));
    number.ok_or_else(|| format!("`{text}` is no number from 0 to 1"))
}

fn layers(list: &str) -> Result<Layers, String> {
    Layers::parse(list).map_err(|name| {
        format!("`{name}` is no layer; there are tokens, entities, times, statements, events, and all of them: all")
    })
}

/// How `extract` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A sheet for people
    Pretty,
    /// One indented JSON object after another
    Json,
    /// One JSON object a line
    Jsonl,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// One article
    Text,
    /// One article as a web page
    Html,
    /// One article a line, as JSON
    Jsonl,
    /// One article a row, columns separated by commas
    Csv,
    /// One article a row, columns separated by tabs
    Tsv,
    /// One article a row
    Parquet,
    /// An archive of web pages
    Warc,
}

impl InputFormat {
    /// What the readers call it.
    pub fn kind(self) -> Kind {
        match self {
            InputFormat::Text => Kind::Text,
            InputFormat::Html => Kind::Html,
            InputFormat::Jsonl => Kind::JsonLines,
            InputFormat::Csv => Kind::Csv { delimiter: b',' },
            InputFormat::Tsv => Kind::Csv { delimiter: b'\t' },
            InputFormat::Parquet => Kind::Parquet,
            InputFormat::Warc => Kind::Warc,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes the choice hold for everything printed from here on.
    pub fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

const BATCH_EXAMPLES: &str = "\
Input: files, folders and patterns of text, HTML, JSON Lines, CSV, TSV, Parquet and WARC,
each also compressed with gzip or zstd.

Output, in the folder given with --out:
  records/part-*.jsonl        one record a line (formats jsonl, jsonl-gz, jsonl-zst)
  documents/, entities/, mentions/, roles/, times/, statements/, events/,
  participants/, dyads/       tables with keys between them (formats parquet, arrow)
  errors.jsonl, skipped.jsonl what is not in the dataset, and why
  summary.json, run.json, state/

Examples:
  depesche batch archive/ --out dataset
  depesche batch 'news/2025-*.jsonl.gz' --out dataset --format parquet --duplicates first
  depesche batch articles.csv --text-column body --date-column published --out dataset
  depesche batch CC-NEWS-*.warc.gz --out dataset --resume
  depesche batch archive/ --out dataset --log info --progress json 2> log

Exit status:
  0  every document was read or skipped on purpose
  1  some documents could not be read; errors.jsonl says which
  2  the command line is wrong
  3  the run was broken off; --resume goes on";

/// Arguments of `batch`.
#[derive(Debug, clap::Args)]
#[command(after_help = BATCH_EXAMPLES)]
pub struct Batch {
    /// Files, folders and patterns to read
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder for the dataset
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Form of the dataset
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: DatasetFormat,
    /// Threads that read; 0 is one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: u16,
    /// About how much memory to use, such as 400M or 2G
    #[arg(long, value_name = "SIZE", default_value = "400M", value_parser = size)]
    pub memory: usize,
    /// Go on with a run that was broken off
    #[arg(long)]
    pub resume: bool,
    /// Date of articles that bring none (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// What to read: tokens, entities, times, statements, events, or all [default: all but tokens]
    #[arg(long, value_name = "LIST", value_parser = layers)]
    pub layers: Option<Layers>,
    /// What the engine knows beyond its own tables
    #[command(flatten)]
    pub engine: EngineSettings,
    /// Leave the texts out of the dataset
    #[arg(long)]
    pub no_text: bool,
    /// Read articles whatever their language; otherwise those that are not German are skipped
    #[arg(long)]
    pub any_language: bool,
    /// Near-duplicates, such as wire copies: leave them, give each record its cluster, or keep the first only
    #[arg(long, value_enum, default_value = "ignore", value_name = "MODE")]
    pub duplicates: DuplicatesMode,
    /// What the input is [default: by the files' endings]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// What the columns of tables and the keys of JSON objects are called
    #[command(flatten)]
    pub columns: ColumnNames,
    /// Articles of more words are errors: what one article may cost in time
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub max_words: u64,
    /// How to show progress [default: bar on a terminal, otherwise none]
    #[arg(long, value_enum, value_name = "KIND")]
    pub progress: Option<ProgressKind>,
    /// What to log on standard error; with a log there is no progress bar
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub log: Option<LogLevel>,
}

/// Names of columns and keys in the input.
#[derive(Debug, clap::Args)]
#[allow(missing_docs)] // clap shows the same for all
pub struct ColumnNames {
    #[arg(long, default_value = "text", value_name = "NAME")]
    pub text_column: String,
    #[arg(long, default_value = "id", value_name = "NAME")]
    pub id_column: String,
    #[arg(long, default_value = "title", value_name = "NAME")]
    pub title_column: String,
    #[arg(long, default_value = "date", value_name = "NAME")]
    pub date_column: String,
    #[arg(long, default_value = "source", value_name = "NAME")]
    pub source_column: String,
    #[arg(long, default_value = "url", value_name = "NAME")]
    pub url_column: String,
}

/// A number of bytes with K, M or G behind it.
fn size(text: &str) -> Result<usize, String> {
    let plain = text.trim_end_matches(['B', 'b']);
    let (number, unit) = match plain.chars().last().map(|c| c.to_ascii_uppercase()) {
        Some('K') => (&plain[..plain.len() - 1], 1 << 10),
        Some('M') => (&plain[..plain.len() - 1], 1 << 20),
        Some('G') => (&plain[..plain.len() - 1], 1 << 30),
        _ => (plain, 1),
    };
    let bytes = number.trim().parse::<usize>().ok().and_then(|n| n.checked_mul(unit));
    bytes.ok_or_else(|| format!("`{text}` is no size; expected a number of bytes, or one with K, M or G"))
}

/// Form of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DatasetFormat {
    /// Records, one a line
    Jsonl,
    /// Records, compressed with gzip
    JsonlGz,
    /// Records, compressed with zstd
    JsonlZst,
    /// Tables
    #[cfg(feature = "full")]
    Parquet,
    /// Tables
    #[cfg(feature = "full")]
    Arrow,
}

impl DatasetFormat {
    /// What the batch engine calls it.
    pub fn format(self) -> archive::Format {
        match self {
            DatasetFormat::Jsonl => archive::Format::JsonLines,
            DatasetFormat::JsonlGz => archive::Format::JsonLinesGzip,
            DatasetFormat::JsonlZst => archive::Format::JsonLinesZstd,
            #[cfg(feature = "full")]
            DatasetFormat::Parquet => archive::Format::Parquet,
            #[cfg(feature = "full")]
            DatasetFormat::Arrow => archive::Format::Arrow,
        }
    }
}

/// What is done about near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DuplicatesMode {
    /// Nothing
    Ignore,
    /// Give each record its cluster
    Mark,
    /// Keep the first of each cluster, skip the others
    First,
}

impl DuplicatesMode {
    /// What the batch engine calls it.
    pub fn mode(self) -> archive::Duplicates {
        match self {
            DuplicatesMode::Ignore => archive::Duplicates::Ignore,
            DuplicatesMode::Mark => archive::Duplicates::Mark,
            DuplicatesMode::First => archive::Duplicates::FirstOnly,
        }
    }
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressKind {
    /// A bar with documents, words a second, errors and time left
    Bar,
    /// A JSON object a line on standard error
    Json,
    /// Nothing
    None,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// What went wrong with documents
    Warn,
    /// Also files and parts as they are begun and completed
    Info,
    /// Also documents that are skipped
    Debug,
}

impl LogLevel {
    /// What tracing calls it.
    pub fn level(self) -> tracing::Level {
        match self {
            LogLevel::Warn => tracing::Level::WARN,
            LogLevel::Info => tracing::Level::INFO,
            LogLevel::Debug => tracing::Level::DEBUG,
        }
    }
}

const COUNT_EXAMPLES: &str = "\
Examples:
  depesche count dataset --by dyad,type --every month > counts.csv
  depesche count records.jsonl --by actor,quad

An event with several actors counts once for each row that it belongs to. Countries and organisations are shown by
their code, others by name.";

/// Arguments of `count`.
#[derive(Debug, clap::Args)]
#[command(after_help = COUNT_EXAMPLES)]
pub struct Count {
    /// Folders of datasets, or files of records
    #[arg(required = true, value_name = "DATASET")]
    pub paths: Vec<PathBuf>,
    /// What to tell apart, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_value = "dyad,type", value_name = "KEYS")]
    pub by: Vec<CountKey>,
    /// Length of the periods to count in [default: one for all]
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub every: Option<Period>,
    /// Count planned, possible and negated events too
    #[arg(long)]
    pub any_status: bool,
}

/// Arguments of `export`; `docs/layouts.md` explains the columns.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Folders of datasets in JSON Lines, or files of records
    #[arg(required = true, value_name = "RECORDS")]
    pub paths: Vec<PathBuf>,
    /// Layout of the rows
    #[arg(long, value_enum)]
    pub layout: LayoutName,
}

/// Layout of a table of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LayoutName {
    /// PLOVER's POLECAT data set, with a header
    Polecat,
    /// GDELT 1.0, 58 columns, without a header
    Gdelt,
}

impl LayoutName {
    /// What the batch engine calls it.
    pub fn layout(self) -> Layout {
        match self {
            LayoutName::Polecat => Layout::Polecat,
            LayoutName::Gdelt => Layout::Gdelt,
        }
    }
}

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CountKey {
    /// Actor and recipient
    Dyad,
    /// Who acts
    Actor,
    /// Who is acted upon
    Recipient,
    /// Event type
    Type,
    /// Mode of the type
    Mode,
    /// Verbal or material, cooperation or conflict
    Quad,
    /// Actual, planned, possible or negated
    Status,
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // the words say it
pub enum Period {
    Day,
    Month,
    Year,
}

impl Period {
    /// What the batch engine calls it.
    pub fn every(self) -> Every {
        match self {
            Period::Day => Every::Day,
            Period::Month => Every::Month,
            Period::Year => Every::Year,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("400M"), Ok(400 << 20));
        assert_eq!(size("2g"), Ok(2 << 30));
        assert_eq!(size("16KB"), Ok(16 << 10));
        assert_eq!(size("512"), Ok(512));
        for wrong in ["", "M", "-1", "viel", "99999999999999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
