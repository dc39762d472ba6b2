//! Trains the neural parser: sections `parser` and `parser-tags`.

mod corpus;
mod net;
mod random;
mod training;

use anyhow::Result;
use corpus::{Lexicon, Types, treebank};
use depesche::model::Model;
use depesche::syntax::network::Shape;
use std::path::Path;

/// The treebank whose kind of text is assumed when reading.
const NEWS: usize = 2;

/// Options of the trainer.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Passes over the data.
    #[arg(long, default_value_t = 30)]
    epochs: usize,
    /// Learning rate at the start.
    #[arg(long, default_value_t = 2e-3)]
    rate: f32,
    /// Units of a recurrent layer in one direction.
    #[arg(long, default_value_t = 96)]
    hidden: usize,
    /// Recurrent layers.
    #[arg(long, default_value_t = 3)]
    layers: usize,
    /// Numbers in a feature vector.
    #[arg(long, default_value_t = 128)]
    embed: usize,
    /// Numbers of a word as head or dependent.
    #[arg(long, default_value_t = 96)]
    arc: usize,
    /// Share of hidden inputs of a recurrent layer.
    #[arg(long, default_value_t = 0.33)]
    drop_layer: f32,
    /// Share of hidden projections.
    #[arg(long, default_value_t = 0.33)]
    drop_head: f32,
    /// A word seen n times is hidden with chance d / (d + n).
    #[arg(long, default_value_t = 0.25)]
    drop_word: f32,
    /// Chance of hiding a whole group of features.
    #[arg(long, default_value_t = 0.1)]
    drop_group: f32,
    /// Tokens of a batch.
    #[arg(long, default_value_t = 400)]
    batch: usize,
}

/// Trains and puts the section in.
///
/// # Errors
/// If a corpus cannot be read.
pub fn train(corpora: &Path, model: &mut Model, o: &Options) -> Result<()> {
    let lexicon = Lexicon::read(&corpora.join("lexicon/german-forms.tsv.xz"))?;
    let mut types = Types::default();
    let dir = corpora.join("syntax");
    let mut train = Vec::new();
    for (bank, name) in ["de_gsd-ud-dev", "de_pud-visible", "wikinews-trees"].iter().enumerate() {
        train.extend(treebank(&dir.join(format!("{name}.conllu")), bank, &mut types, &lexicon)?);
    }
    types.keep(&train);
    let mut tests = Vec::new();
    for name in ["de_gsd-ud-test", "wikinews-trees-dev"] {
        tests.push((name, treebank(&dir.join(format!("{name}.conllu")), 0, &mut types, &lexicon)?));
    }
    types.link();
    eprintln!("{} types, {} features kept", types.features.len(), types.keys.len());
    let shape = Shape { embed: o.embed, hidden: o.hidden, layers: o.layers, arc: o.arc, label: 96, tag: 64 };
    let mut trainer = training::Trainer::new(shape, types.keys.len(), o.clone());
    trainer.run(&types, &train, &tests);
    model.set("parser", trainer.section(&types, NEWS));
    model.set("parser-tags", lexicon.section());
    Ok(())
}
