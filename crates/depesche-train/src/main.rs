//! Trains the model from the corpora.
//!
//! One subcommand for each section or group of sections of the model file; `all` runs them in the order in which
//! they build on each other. Each reads the model file, puts its sections in and writes the file again.

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
    /// Trains everything, in the order in which it builds on each other: lexicon, lemmas, parser, names, judge.
    All(neural::Options),
    /// Compiles the lexicon.
    Lexicon,
    /// Learns the lemmas that the lexicon does not tell.
    Lemmas,
    /// Trains the dependency parser, which also tags.
    Parser(neural::Options),
    /// Trains the recogniser of names, over the syntax in the model file.
    Names,
    /// Trains the judge of the event layer, over the rooms as they are in the model file.
    Judge,
    /// Trains a transition parser beside the neural one and prints how it does; changes no file.
    Compare {
        /// Rounds over the training data.
        #[arg(long, default_value_t = 12)]
        rounds: usize,
    },
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
    /// Writes a model file without sections.
    Empty,
    /// Takes sections over from another model file.
    Take {
        /// The file to take from.
        from: PathBuf,
        /// Names of the sections.
        #[arg(required = true)]
        sections: Vec<String>,
    },
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

type Trainer<'a> = &'a dyn Fn(&mut Model, &Path) -> Result<()>;

fn lexicon(model: &mut Model, corpora: &Path) -> Result<()> {
    model.set("lexicon", lexicon::compile(corpora)?);
    Ok(())
}

fn lemmas(model: &mut Model, corpora: &Path) -> Result<()> {
    let mut trees = Vec::new();
    for name in ["de_gsd-ud-dev", "de_pud-visible"] {
        trees.extend(corpora::conllu(&corpora.join(format!("syntax/{name}.conllu")))?);
    }
    model.set("lemmas", lemmas::learn(&Lexicon::new(model)?, &trees));
    Ok(())
}

fn names(model: &mut Model, corpora: &Path) -> Result<()> {
    let section = names::train(corpora, model)?;
    model.set(depesche::actors::names::SECTION, section);
    Ok(())
}

/// Runs trainers one after another over the model file, which is written after each.
fn train(args: &Args, trainers: &[Trainer<'_>]) -> Result<()> {
    let mut model = read(&args.model)?;
    for trainer in trainers {
        trainer(&mut model, &args.corpora)?;
        write(&args.model, &model)?;
    }
    Ok(())
}

fn main() -> Result<()> {
    let args = Args::parse();
    match &args.command {
        Command::All(options) => {
            let parser = |model: &mut Model, corpora: &Path| neural::train(corpora, model, options);
            train(&args, &[&lexicon, &lemmas, &parser, &names, &judge::train])
        }
        Command::Lexicon => train(&args, &[&lexicon]),
        Command::Lemmas => train(&args, &[&lemmas]),
        Command::Parser(options) => {
            train(&args, &[&|model: &mut Model, corpora: &Path| neural::train(corpora, model, options)])
        }
        Command::Names => train(&args, &[&names]),
        Command::Judge => train(&args, &[&judge::train]),
        Command::Compare { rounds } => transition::compare(&args.corpora, &read(&args.model)?, *rounds),
        Command::Read { file, rules } => {
            let mut model = read(&args.model)?;
            if *rules {
                model.remove(depesche::events::linear::SECTION);
            }
            judge::read(model, file)
        }
        Command::Show => {
            for (name, bytes) in read(&args.model)?.sections() {
                println!("{name:20} {bytes:>10} bytes");
            }
            Ok(())
        }
        Command::Empty => write(&args.model, &Model::default()),
        Command::Take { from, sections } => {
            let (mut model, other) = (read(&args.model)?, read(from)?);
            for name in sections {
                model.set(name, other.section(name)?.to_vec());
            }
            write(&args.model, &model)
        }
    }
}
