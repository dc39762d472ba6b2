//! The training sentences as the network sees them: every distinct form once, with its features.

use crate::corpora::{self, GoldSentence};
use anyhow::{Context, Result};
use depesche::morphology::Upos;
use depesche::syntax::Deprel;
use depesche::syntax::features::{Feature, Group, TagSource, extract};
use depesche::syntax::tags::{self, TagTable};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The lexicon while training.
#[derive(Debug, Default)]
pub struct Lexicon {
    tags: Vec<String>,
    forms: HashMap<String, Vec<u16>>,
}

impl Lexicon {
    /// Reads the compressed lexicon: form, lemma, tag.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(path: &Path) -> Result<Lexicon> {
        let fail = || format!("cannot read {}", path.display());
        let mut content = Vec::new();
        let mut file = std::io::BufReader::new(std::fs::File::open(path).with_context(fail)?);
        lzma_rs::xz_decompress(&mut file, &mut content).with_context(fail)?;
        let content = String::from_utf8(content).with_context(fail)?;
        let mut numbers: HashMap<&str, u16> = HashMap::new();
        let mut out = Lexicon::default();
        for line in content.lines() {
            let mut fields = line.split('\t');
            let (Some(form), Some(_), Some(tag)) = (fields.next(), fields.next(), fields.next()) else { continue };
            let number = *numbers.entry(tag).or_insert_with(|| {
                out.tags.push(tag.to_string());
                (out.tags.len() - 1) as u16
            });
            match out.forms.get_mut(form) {
                Some(list) => list.push(number),
                None => {
                    out.forms.insert(form.to_string(), vec![number]);
                }
            }
        }
        Ok(out)
    }
}

impl Lexicon {
    /// The section that the parser looks forms up in.
    pub fn section(&self) -> Vec<u8> {
        let sorted = |list: &Vec<u16>| {
            let mut set = list.clone();
            set.sort_unstable();
            set.dedup();
            set
        };
        let mut counts: BTreeMap<Vec<u16>, usize> = BTreeMap::new();
        self.forms.values().for_each(|list| *counts.entry(sorted(list)).or_insert(0) += 1);
        // Frequent sets get small numbers, which compress well.
        let mut sets: Vec<(Vec<u16>, usize)> = counts.into_iter().collect();
        sets.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let numbers: HashMap<&[u16], u16> = sets.iter().enumerate().map(|(i, s)| (s.0.as_slice(), i as u16)).collect();
        let mut forms: Vec<(u32, u16)> =
            self.forms.iter().map(|(form, list)| (tags::hash(form), numbers[sorted(list).as_slice()])).collect();
        forms.sort_unstable();
        forms.dedup_by_key(|f| f.0);
        TagTable::to_bytes(&self.tags, &sets.iter().map(|s| s.0.clone()).collect::<Vec<_>>(), &forms)
    }
}

impl TagSource for Lexicon {
    fn tags<'s>(&'s self, form: &str, out: &mut Vec<&'s str>) {
        if let Some(list) = self.forms.get(form) {
            out.extend(list.iter().map(|t| self.tags[*t as usize].as_str()));
        }
    }
}

/// A sentence of numbers.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Types of its tokens.
    pub types: Vec<u32>,
    /// Heads: 0 for the root, else the token's number from 1.
    pub heads: Vec<usize>,
    /// Relations.
    pub labels: Vec<usize>,
    /// Parts of speech.
    pub tags: Vec<usize>,
    /// Which treebank it comes from.
    pub bank: usize,
    /// How much its tokens count.
    pub weight: f32,
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
#[derive(Debug, Default)]
pub struct Types {
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

impl Types {
    /// The number of a form.
    pub fn number(&mut self, form: &str, lexicon: &Lexicon) -> u32 {
        if let Some(n) = self.index.get(form) {
            return *n;
        }
        let n = self.features.len() as u32;
        let mut features = Vec::new();
        extract(form, lexicon, &mut features);
        self.features.push(features);
        self.counts.push(0);
        self.index.insert(form.to_string(), n);
        n
    }

    /// Decides which features are kept: those that occur often enough in the training sentences.
    pub fn keep(&mut self, sentences: &[Sentence]) {
        for t in sentences.iter().flat_map(|s| &s.types) {
            self.counts[*t as usize] += 1;
        }
        let mut counts: BTreeMap<u32, (u32, Group)> = BTreeMap::new();
        for (features, n) in self.features.iter().zip(&self.counts).filter(|(_, n)| **n > 0) {
            for f in features {
                counts.entry(f.key).or_insert((0, f.group)).0 += n;
            }
        }
        let least = |g: Group| if g == Group::Affix { 3 } else { 2 };
        self.keys = counts.into_iter().filter(|(_, (n, g))| *n >= least(*g)).map(|(k, _)| k).collect();
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
pub fn numbers(gold: &GoldSentence, bank: usize, types: &mut Types, lexicon: &Lexicon) -> Option<Sentence> {
    let mut s = Sentence { types: vec![], heads: vec![], labels: vec![], tags: vec![], bank, weight: 1.0 };
    for t in &gold.tokens {
        s.types.push(types.number(&gold.text[t.start..t.end], lexicon));
        s.heads.push(t.head.map_or(0, |h| h + 1));
        s.labels.push(Deprel::parse(&t.deprel)? as usize);
        s.tags.push(Upos::parse(&t.upos)? as usize);
    }
    (s.heads.iter().filter(|h| **h == 0).count() == 1).then_some(s)
}

/// Reads a treebank as numbers.
///
/// # Errors
/// If the file cannot be read.
pub fn treebank(path: &Path, bank: usize, types: &mut Types, lexicon: &Lexicon) -> Result<Vec<Sentence>> {
    let gold = corpora::conllu(path)?;
    let all = gold.len();
    let out: Vec<Sentence> = gold.iter().filter_map(|s| numbers(s, bank, types, lexicon)).collect();
    eprintln!("{}: {} of {all} sentences", path.display(), out.len());
    Ok(out)
}
