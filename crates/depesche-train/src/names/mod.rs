//! Trains the recogniser of names (section `names`) on the annotated names of GermEval and Wikinews.

mod crf;
mod gazetteer;

use crate::corpora;
use anyhow::Result;
use crf::{Example, Settings};
use depesche::Reading;
use depesche::actors::names::features::{Token, features};
use depesche::actors::names::labels::{self, NameType};
use depesche::actors::names::{Recogniser, Scratch, Tagger, is_document, note_document};
use depesche::analysis::Analysis;
use depesche::knowledge::Knowledge;
use depesche::model::Model;
use depesche::morphology::Morphology;
use depesche::syntax::Parser;
use depesche::text::Splitter;
use serde::Deserialize;
use std::path::Path;

/// A text of `entities/`; offsets are code points.
#[derive(Debug, Deserialize)]
struct Gold {
    text: String,
    entities: Vec<GoldName>,
}

#[derive(Debug, Deserialize)]
struct GoldName {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
}

/// What the engine does before names are looked for; `recogniser` has the gazetteer only.
struct Rooms {
    splitter: Splitter,
    morphology: Morphology,
    parser: Parser,
    knowledge: Knowledge,
    recogniser: Recogniser,
}

/// First token, last token (inclusive) and type of a name.
type Span = (usize, usize, NameType);

/// A text ready for training or measuring.
struct Text {
    analysis: Analysis,
    tokens: Vec<Token>,
    names: Vec<Span>,
    /// Names that match no token boundaries; they count as missed when measuring.
    unaligned: usize,
}

/// Splits the texts of a corpus as the engine does and lays the annotated names over the tokens.
fn prepare(path: &Path, rooms: &Rooms) -> Result<Vec<Text>> {
    let mut scratch = depesche::syntax::Scratch::default();
    let mut out = Vec::new();
    for gold in corpora::jsonl::<Gold>(path)? {
        let mut analysis = Analysis::default();
        rooms.splitter.split(&gold.text, &mut analysis);
        rooms.morphology.look_up(&gold.text, &mut analysis);
        rooms.parser.parse(&gold.text, rooms.morphology.lexicon(), &mut analysis, &mut scratch);
        let reading = Reading { text: &gold.text, title: None, date: None, analysis: &analysis };
        let mut matches = Vec::new();
        rooms.knowledge.matches(&reading, &mut matches);
        let tokens = rooms.recogniser.look(&reading, &rooms.knowledge, &matches);
        let bytes: Vec<usize> = gold.text.char_indices().map(|c| c.0).chain([gold.text.len()]).collect();
        let mut names: Vec<Span> = Vec::new();
        let mut unaligned = 0;
        for e in &gold.entities {
            let Some(kind) = NameType::parse(&e.kind) else { continue };
            let first = analysis.tokens.binary_search_by_key(&bytes[e.start], |t| t.start as usize);
            let last = analysis.tokens.binary_search_by_key(&bytes[e.end], |t| t.end as usize);
            match (first, last) {
                (Ok(a), Ok(b)) if a <= b && names.iter().all(|n| n.1 < a || n.0 > b) => names.push((a, b, kind)),
                _ => unaligned += usize::from(kind != NameType::Other),
            }
        }
        out.push(Text { analysis, tokens, names, unaligned });
    }
    Ok(out)
}

/// The sentences of texts; those of texts that get no second pass count `lone`.
fn examples<'a>(texts: impl Iterator<Item = &'a Text>, lone: f32) -> Vec<Example> {
    let mut out = Vec::new();
    for text in texts {
        let labels = labels::encode(text.tokens.len(), &text.names);
        for s in &text.analysis.sentences {
            let tokens = &text.tokens[s.tokens()];
            let row = |i| {
                let mut fs = Vec::new();
                features(tokens, i, &mut fs);
                fs
            };
            out.push(Example {
                features: (0..tokens.len()).map(row).collect(),
                labels: labels[s.tokens()].to_vec(),
                weight: if is_document(&text.analysis) { 1.0 } else { lone },
            });
        }
    }
    out
}

/// Precision, recall and F1 over persons, places and organisations.
fn score(
    texts: &mut [Text],
    mut find: impl FnMut(&Analysis, &mut [Token]) -> Vec<(usize, usize, NameType)>,
) -> (f64, f64, f64) {
    let (mut hit, mut system, mut gold) = (0, 0, 0);
    for t in texts {
        let scored = |n: &&(usize, usize, NameType)| n.2 != NameType::Other;
        let found = find(&t.analysis, &mut t.tokens);
        hit += found.iter().filter(scored).filter(|n| t.names.contains(n)).count();
        system += found.iter().filter(scored).count();
        gold += t.names.iter().filter(scored).count() + t.unaligned;
    }
    let (p, r) = (hit as f64 / system.max(1) as f64, hit as f64 / gold.max(1) as f64);
    (p, r, 2.0 * p * r / (p + r).max(1e-9))
}

/// How the models are trained; found on the development files.
const SETTINGS: Settings = Settings { epochs: 24, penalty: 0.02, rate: 0.1, cutoff: 2, dropout: 0.5, runs: 2 };

/// How much a text of one sentence counts in the first pass, which alone reads such texts.
const LONE_FIRST: f32 = 3.0;
/// How much it counts in the second pass, which reads documents only.
const LONE_SECOND: f32 = 0.5;

/// Number of parts for labelling the training texts with models that have not seen them.
const FOLDS: usize = 4;

/// Trains the section.
///
/// # Errors
/// If a corpus cannot be read.
pub fn train(corpora: &Path, model: &Model) -> Result<Vec<u8>> {
    let gazetteer = gazetteer::build(corpora)?;
    let morphology = Morphology::new(model)?;
    let recogniser = |first: &Tagger, second: &Tagger| {
        Recogniser::from_parts(morphology.lexicon(), gazetteer.clone(), first.clone(), second.clone())
    };
    let rooms = Rooms {
        splitter: Splitter::new()?,
        parser: Parser::new(model, morphology.lexicon())?,
        knowledge: Knowledge::new()?,
        recogniser: recogniser(&Tagger::default(), &Tagger::default()),
        morphology: Morphology::new(model)?,
    };
    let read = |name: &str| prepare(&corpora.join("entities").join(name), &rooms);
    let mut texts = read("germeval-train.jsonl")?;
    texts.extend(read("wikinews-train.jsonl")?);
    let mut devs = [("germeval-dev", read("germeval-dev.jsonl")?), ("wikinews-dev", read("wikinews-dev.jsonl")?)];
    let mut scratch = Scratch::default();

    eprintln!("first pass");
    let first = crf::train(&examples(texts.iter(), LONE_FIRST), SETTINGS);
    let trained = recogniser(&first, &first);
    for (name, dev) in &mut devs {
        let (p, r, f) = score(dev, |a, t| trained.first_pass(a, t, &mut scratch));
        eprintln!("{name}: P {p:.4} R {r:.4} F1 {f:.4}");
    }
    for fold in 0..FOLDS {
        eprintln!("fold {fold}");
        let rest = texts.iter().enumerate().filter(|(k, _)| k % FOLDS != fold).map(|(_, t)| t);
        let tagger =
            crf::train(&examples(rest, LONE_FIRST), Settings { epochs: SETTINGS.epochs * 2 / 3, runs: 1, ..SETTINGS });
        let part = recogniser(&tagger, &tagger);
        for text in texts.iter_mut().skip(fold).step_by(FOLDS) {
            text.tokens.iter_mut().for_each(|t| t.document = 0);
            let names = part.first_pass(&text.analysis, &text.tokens, &mut scratch);
            let labels = labels::encode(text.tokens.len(), &names);
            // Noted at once: the folds to come read no text of this one.
            note_document(&mut text.tokens, &labels);
        }
    }
    eprintln!("second pass");
    let second = crf::train(&examples(texts.iter(), LONE_SECOND), SETTINGS);
    let trained = recogniser(&first, &second);
    for (name, dev) in &mut devs {
        let find = |a: &Analysis, t: &mut [Token]| {
            trained.find(a, t, &mut scratch).iter().map(|n| (n.first, n.last, n.kind)).collect()
        };
        let (p, r, f) = score(dev, find);
        eprintln!("{name}: P {p:.4} R {r:.4} F1 {f:.4}");
    }
    Ok(trained.to_bytes())
}
