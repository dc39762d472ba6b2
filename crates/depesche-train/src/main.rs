//! Trains the model from the corpora.
//!
//! One subcommand for each section or group of sections of the model file; `all` runs them in the order in which
//! they build on each other. Each reads the model file, puts its sections in and writes the file again.

#[allow(dead_code)]
mod corpora;
mod judge;
mod lemmas;
mod lexicon;
mod names;
mod neural;
mod transition;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use depesche::model::Model;
use depesche::morphology::Lexicon;
use std::path::{Path, PathBuf};

/// Trains depesche's model from annotated corpora.
#[derive(Parser)]
struct Args {
    /// Folder of the corpora.
    #[arg(long, default_value = "../shared/corpora", global = true)]
    corpora: PathBuf,
    /// The model file to change.
    #[arg(long, default_value = "crates/depesche/model/de.model", global = true)]
    model: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a model file without sections.
    Empty,
    /// Compiles the lexicon.
    Lexicon,
    /// Learns the lemmas that the lexicon does not tell.
    Lemmas,
    /// Trains a transition parser beside the neural one and prints how it does; changes no file.
    Compare {
        /// Rounds over the training data.
        #[arg(long, default_value_t = 12)]
        rounds: usize,
    },
    /// Trains the judge of the event layer, over the rooms as they are in the model file.
    Judge,
    /// Reads the texts of an event corpus with the model file and writes their records as JSON Lines.
    Read {
        /// The corpus.
        file: PathBuf,
        /// Decide by the frames alone, without the judge.
        #[arg(long)]
        rules: bool,
    },
    /// Lists the sections of the model file.
    Show,
    /// Trains the recogniser of names.
    Names,
    /// Takes sections over from another model file.
    Take {
        /// The file to take from.
        from: PathBuf,
        /// Names of the sections.
        #[arg(required = true)]
        sections: Vec<String>,
    },
    /// Trains the dependency parser: section `parser`.
    Parser(neural::Options),
}

/// Level of zstd at which the model is written; the file is written rarely and read often.
const LEVEL: i32 = 19;

fn read(path: &Path) -> Result<Model> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Model::from_bytes(&bytes).with_context(|| format!("cannot use {}", path.display()))
}

fn write(path: &Path, model: &Model) -> Result<()> {
    std::fs::write(path, model.to_bytes(LEVEL)?).with_context(|| format!("cannot write {}", path.display()))
}

fn main() -> Result<()> {
    let args = Args::parse();
    match args.command {
        Command::Empty => write(&args.model, &Model::default()),
        Command::Lexicon => {
            let mut model = read(&args.model)?;
            model.set("lexicon", lexicon::compile(&args.corpora)?);
            write(&args.model, &model)
        }
        Command::Lemmas => {
            let mut model = read(&args.model)?;
            let mut trees = Vec::new();
            for name in ["de_gsd-ud-dev", "de_pud-visible"] {
                trees.extend(corpora::conllu(&args.corpora.join(format!("syntax/{name}.conllu")))?);
            }
            model.set("lemmas", lemmas::learn(&Lexicon::new(&model)?, &trees));
            write(&args.model, &model)
        }
        Command::Compare { rounds } => transition::compare(&args.corpora, &read(&args.model)?, rounds),
        Command::Judge => {
            let mut model = read(&args.model)?;
            judge::train(&mut model, &args.corpora)?;
            write(&args.model, &model)
        }
        Command::Read { file, rules } => {
            let mut model = read(&args.model)?;
            if rules {
                model.remove(depesche::events::linear::SECTION);
            }
            judge::read(model, &file)
        }
        Command::Show => {
            for (name, bytes) in read(&args.model)?.sections() {
                println!("{name:20} {bytes:>10} bytes");
            }
            Ok(())
        }
        Command::Names => {
            let mut model = read(&args.model)?;
            let section = names::train(&args.corpora, &model)?;
            model.set(depesche::actors::names::SECTION, section);
            write(&args.model, &model)
        }
        Command::Take { from, sections } => {
            let (mut model, other) = (read(&args.model)?, read(&from)?);
            for name in sections {
                model.set(&name, other.section(&name)?.to_vec());
            }
            write(&args.model, &model)
        }
        Command::Parser(options) => {
            let mut model = read(&args.model)?;
            neural::train(&args.corpora, &mut model, &options)?;
            write(&args.model, &model)
        }
    }
}
