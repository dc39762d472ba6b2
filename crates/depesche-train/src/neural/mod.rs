//! Trains the neural parser: section `parser`, once the section `lexicon` is there.

pub(crate) mod adam;
mod corpus;
pub(crate) mod net;
pub(crate) mod random;
pub(crate) mod recurrent;
mod training;

use crate::corpora;
use anyhow::Result;
use corpus::{Types, treebank};
use depesche::model::Model;
use depesche::morphology::Lexicon;
use depesche::syntax::network::Shape;
use std::path::Path;
use training::{Trainer, UNKNOWN};

/// The treebank of news.
const NEWS: usize = 2;

/// Options of the trainer.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Seed.
    #[arg(long, default_value_t = 2)]
    seed: u64,
    /// Networks that first annotate the bare texts for the one that is kept; it then goes on from the first of them, so
    /// fewer passes at a lower rate do (`--teachers 2 --epochs 6 --rate 0.0015`). Without, it learns from treebanks alone.
    #[arg(long, default_value_t = 0)]
    teachers: usize,
    /// Passes of a teacher over the treebanks.
    #[arg(long, default_value_t = 18)]
    teacher_epochs: usize,
    /// How much a sentence with the teachers' analysis counts.
    #[arg(long, default_value_t = 1.0)]
    bare_weight: f32,
    /// How often each gold sentence is read in a pass.
    #[arg(long, default_value_t = 2)]
    gold_copies: usize,
    /// Passes over the data.
    #[arg(long, default_value_t = 16)]
    epochs: usize,
    /// The kind of text that is assumed when reading: the number of a treebank, or 3 for unknown.
    #[arg(long, default_value_t = 3)]
    kind: usize,
    /// Learning rate of the teachers at the start.
    #[arg(long, default_value_t = 2e-3)]
    teacher_rate: f32,
    /// Learning rate at the start.
    #[arg(long, default_value_t = 2e-3)]
    rate: f32,
    /// Units of a recurrent layer in one direction.
    #[arg(long, default_value_t = 192)]
    hidden: usize,
    /// Recurrent layers.
    #[arg(long, default_value_t = 3)]
    layers: usize,
    /// Numbers in a feature vector.
    #[arg(long, default_value_t = 128)]
    embed: usize,
    /// Numbers of a word as head or dependent.
    #[arg(long, default_value_t = 128)]
    arc: usize,
    /// Share of hidden inputs of a recurrent layer.
    #[arg(long, default_value_t = 0.25)]
    drop_layer: f32,
    /// Share of hidden projections.
    #[arg(long, default_value_t = 0.25)]
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
    let lexicon = Lexicon::new(model)?;
    let mut types = Types::new(&lexicon);
    let dir = corpora.join("syntax");
    let mut train = Vec::new();
    for (bank, name) in ["de_gsd-ud-dev", "de_pud-visible", "wikinews-trees"].iter().enumerate() {
        train.extend(treebank(&dir.join(format!("{name}.conllu")), bank, &mut types)?);
    }
    let held_out = held_out(corpora)?;
    let texts = ["quotes/train.jsonl", "events/train.jsonl"].map(|n| corpora.join(n));
    let mut bare = corpus::bare(&texts, &held_out, NEWS, &mut types)?;
    let other = [corpora.join("entities/germeval-train.jsonl")];
    bare.extend(corpus::bare(&other, &held_out, UNKNOWN, &mut types)?);
    let tokens = |s: &[corpus::Sentence]| s.iter().map(|s| s.types.len()).sum::<usize>();
    eprintln!("{} tokens with trees, {} without", tokens(&train), tokens(&bare));
    types.keep(&train, &bare);
    let mut tests = Vec::new();
    for name in ["de_gsd-ud-test", "wikinews-trees-dev"] {
        tests.push((name, treebank(&dir.join(format!("{name}.conllu")), 0, &mut types)?));
    }
    types.link();
    eprintln!("{} types, {} features kept", types.features.len(), types.keys.len());
    let shape = Shape { embed: o.embed, hidden: o.hidden, layers: o.layers, arc: o.arc, label: 96, tag: 64 };
    // Teachers learn from the gold trees; the network that is kept learns from those and from what they agree on.
    let mut teachers = Vec::new();
    for k in 0..o.teachers {
        eprintln!("teacher {}", k + 1);
        let mut options = o.clone();
        options.seed += 1 + k as u64;
        options.epochs = o.teacher_epochs;
        options.rate = o.teacher_rate;
        let mut teacher = Trainer::new(shape, types.keys.len(), options);
        teacher.run(&types, &train, &tests);
        teachers.push(teacher);
    }
    if !teachers.is_empty() {
        for (name, sentences) in &tests {
            eprintln!(
                "all teachers | {name} {} | {}",
                training::evaluate(&teachers, &types, sentences, NEWS),
                training::evaluate(&teachers, &types, sentences, UNKNOWN)
            );
        }
        let train_gold = train.clone();
        for of_one_kind in bare.chunk_by_mut(|a, b| a.bank == b.bank) {
            for chunk in of_one_kind.chunks_mut(64) {
                let batch: Vec<&corpus::Sentence> = chunk.iter().collect();
                let parsed = training::parse(&teachers, &types, &batch, chunk[0].bank);
                for (s, mut target) in chunk.iter_mut().zip(parsed) {
                    target.weight = o.bare_weight;
                    s.target = target;
                }
            }
        }
        (1..o.gold_copies).for_each(|_| train.extend(train_gold.iter().cloned()));
        train.extend(bare);
    }
    // The network that is kept goes on from the first teacher.
    let mut trainer = Trainer::new(shape, types.keys.len(), o.clone());
    if let Some(teacher) = teachers.into_iter().next() {
        trainer.continue_from(teacher);
    }
    trainer.run(&types, &train, &tests);
    model.set("parser", trainer.section(&types, o.kind));
    Ok(())
}

/// Sentences and texts that the model is measured on.
fn held_out(corpora: &Path) -> Result<Vec<String>> {
    let mut out: Vec<String> =
        corpora::conllu(&corpora.join("syntax/wikinews-trees-dev.conllu"))?.into_iter().map(|s| s.text).collect();
    for text in corpora::jsonl::<corpora::BareText>(&corpora.join("events/dev.jsonl"))? {
        out.push(text.text);
    }
    Ok(out)
}
