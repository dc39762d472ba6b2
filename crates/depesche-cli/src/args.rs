//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use depesche::Layers;
use depesche_batch::readers::Kind;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  depesche extract article.txt --date 2025-04-08       a readable sheet of one article
  depesche extract news.jsonl > records.jsonl          one record a line
  depesche extract news.jsonl --layers events | jq -c '.events[]'
  curl -s https://example.org/news.txt | depesche extract -
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
    /// Leave the text out of the records
    #[arg(long)]
    pub no_text: bool,
    /// Threads that read; the output keeps the order of the input
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
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
