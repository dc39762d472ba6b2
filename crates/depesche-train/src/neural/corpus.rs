//! The training sentences as the network sees them: every distinct form once, with its features.

use super::net::Target;
use crate::corpora::{self, BareText, GoldSentence};
use anyhow::Result;
use depesche::analysis::Analysis;
use depesche::morphology::{Lexicon, Upos};
use depesche::syntax::Deprel;
use depesche::syntax::features::{Classes, Feature, Group, extract};
use depesche::text::Splitter;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A sentence of numbers.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Types of its tokens.
    pub types: Vec<u32>,
    /// Which treebank it comes from.
    pub bank: usize,
    /// Its analysis.
    pub target: Target,
}

/// A feature of a type, as a row of the table of vectors.
#[derive(Debug, Clone, Copy)]
pub struct RowFeature {
    /// Row.
    pub row: u32,
    /// Factor.
    pub weight: f32,
    /// Group.
    pub group: Group,
}

/// All forms.
pub struct Types<'l> {
    lexicon: &'l Lexicon,
    classes: Classes,
    index: HashMap<String, u32>,
    /// Raw features of each type.
    pub features: Vec<Vec<Feature>>,
    /// How often each occurs in training.
    pub counts: Vec<u32>,
    /// Keys of the kept features, by row.
    pub keys: Vec<u32>,
    /// Kept features of each type.
    pub rows: Vec<Vec<RowFeature>>,
}

impl<'l> Types<'l> {
    /// No forms yet.
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Types {
            lexicon,
            classes: Classes::new(lexicon),
            index: HashMap::new(),
            features: Vec::new(),
            counts: Vec::new(),
            keys: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// The number of a form.
    pub fn number(&mut self, form: &str) -> u32 {
        if let Some(n) = self.index.get(form) {
            return *n;
        }
        let n = self.features.len() as u32;
        let mut features = Vec::new();
        extract(form, self.lexicon, &self.classes, &mut features);
        self.features.push(features);
        self.counts.push(0);
        self.index.insert(form.to_string(), n);
        n
    }

    /// Decides which features are kept: those that occur often enough in the treebanks or in all texts together.
    pub fn keep(&mut self, gold: &[Sentence], bare: &[Sentence]) {
        let mut in_gold = vec![0; self.features.len()];
        gold.iter().flat_map(|s| &s.types).for_each(|t| in_gold[*t as usize] += 1);
        self.counts.clone_from(&in_gold);
        bare.iter().flat_map(|s| &s.types).for_each(|t| self.counts[*t as usize] += 1);
        let mut counts: BTreeMap<u32, (u32, u32, Group)> = BTreeMap::new();
        for (features, (n, all)) in self.features.iter().zip(in_gold.iter().zip(&self.counts)) {
            for f in features {
                let count = counts.entry(f.key).or_insert((0, 0, f.group));
                count.0 += n;
                count.1 += all;
            }
        }
        let enough = |(n, all, group): (u32, u32, Group)| match group {
            Group::Affix => n >= 4 || all >= 12,
            _ => n >= 2 || all >= 5,
        };
        self.keys = counts.into_iter().filter(|(_, c)| enough(*c)).map(|(k, _)| k).collect();
        self.link();
    }

    /// Links the features of all types to the kept rows; again needed after new types came.
    pub fn link(&mut self) {
        let rows: HashMap<u32, u32> = self.keys.iter().enumerate().map(|(i, k)| (*k, i as u32)).collect();
        self.rows = self
            .features
            .iter()
            .map(|fs| {
                let row = |f: &Feature| Some(RowFeature { row: *rows.get(&f.key)?, weight: f.weight, group: f.group });
                fs.iter().filter_map(row).collect()
            })
            .collect();
    }
}

/// Turns a gold sentence into numbers; none if it is no tree with one root or uses an unknown name.
fn numbers(gold: &GoldSentence, bank: usize, types: &mut Types<'_>) -> Option<Sentence> {
    let mut s = Sentence { types: vec![], bank, target: Target { weight: 1.0, ..Target::default() } };
    for t in &gold.tokens {
        s.types.push(types.number(&gold.text[t.start..t.end]));
        s.target.heads.push(t.head.map_or(0, |h| h + 1));
        s.target.labels.push(Deprel::parse(&t.deprel)? as usize);
        s.target.tags.push(Upos::parse(&t.upos)? as usize);
    }
    (s.target.heads.iter().filter(|h| **h == 0).count() == 1).then_some(s)
}

/// Splits the bare texts into sentences without analysis. A text that shares a sentence with `held_out`, or is one of
/// its texts, is left out.
///
/// # Errors
/// If a file cannot be read.
pub fn bare(paths: &[PathBuf], held_out: &[String], bank: usize, types: &mut Types<'_>) -> Result<Vec<Sentence>> {
    let splitter = Splitter::new()?;
    let mut analysis = Analysis::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut out = Vec::new();
    for path in paths {
        for text in corpora::jsonl::<BareText>(path)? {
            if held_out.iter().any(|h| text.text.contains(h.as_str())) {
                continue;
            }
            analysis.clear();
            splitter.split(&text.text, &mut analysis);
            for s in &analysis.sentences {
                let sentence = &text.text[s.start as usize..s.end as usize];
                // Very short ones teach nothing, very long ones are lists.
                if !(3..=80).contains(&s.tokens().len()) || !seen.insert(sentence.to_string()) {
                    continue;
                }
                let types = s.tokens().map(|t| types.number(analysis.form(&text.text, t))).collect();
                out.push(Sentence { types, bank, target: Target::default() });
            }
        }
    }
    Ok(out)
}

/// Reads a treebank as numbers.
///
/// # Errors
/// If the file cannot be read.
pub fn treebank(path: &Path, bank: usize, types: &mut Types<'_>) -> Result<Vec<Sentence>> {
    let gold = corpora::conllu(path)?;
    let all = gold.len();
    let out: Vec<Sentence> = gold.iter().filter_map(|s| numbers(s, bank, types)).collect();
    eprintln!("{}: {} of {all} sentences", path.display(), out.len());
    Ok(out)
}
