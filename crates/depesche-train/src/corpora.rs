//! Readers of the corpora. Treebanks are read as `eval/score.py` reads them: a contraction and a hyphenated word are
//! one token each.

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A gold token of a treebank; offsets are bytes of the sentence's text.
#[derive(Debug, Clone)]
pub struct GoldToken {
    /// First byte.
    pub start: usize,
    /// First byte behind.
    pub end: usize,
    /// Part of speech.
    pub upos: String,
    /// FEATS column, "_" where the treebank has none.
    pub feats: String,
    /// Lemma, "_" where the treebank has none.
    pub lemma: String,
    /// Head in the sentence, none for the root.
    pub head: Option<usize>,
    /// Relation without its subtype.
    pub deprel: String,
}

/// A sentence of a treebank.
#[derive(Debug, Clone)]
pub struct GoldSentence {
    /// Identifier.
    pub id: String,
    /// Text.
    pub text: String,
    /// Tokens.
    pub tokens: Vec<GoldToken>,
}

/// Reads a CoNLL-U file.
///
/// # Errors
/// If the file cannot be read or a sentence lacks its id or text.
pub fn conllu(path: &Path) -> Result<Vec<GoldSentence>> {
    let content = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    content.trim().split("\n\n").map(|b| sentence(b).with_context(|| format!("in {}", path.display()))).collect()
}

fn sentence(block: &str) -> Result<GoldSentence> {
    let comment = |key: &str| {
        let line = block.lines().find_map(|l| l.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(" = "));
        line.map(str::to_string).ok_or_else(|| anyhow!("a sentence without {key}"))
    };
    let (id, text) = (comment("sent_id")?, comment("text")?);
    let rows: Vec<Vec<&str>> =
        block.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    let words: HashMap<&str, &Vec<&str>> =
        rows.iter().filter(|r| r[0].bytes().all(|b| b.is_ascii_digit())).map(|r| (r[0], r)).collect();
    let mut inside: HashSet<String> = HashSet::new();
    let mut parts: Vec<(usize, usize, Vec<String>)> = Vec::new();
    let mut pos = 0;
    for row in &rows {
        let ids = if let Some((a, b)) = row[0].split_once('-') {
            let ids: Vec<String> = (a.parse::<u32>()?..=b.parse()?).map(|k| k.to_string()).collect();
            inside.extend(ids.iter().cloned());
            ids
        } else if words.contains_key(row[0]) && !inside.contains(row[0]) {
            vec![row[0].to_string()]
        } else {
            continue;
        };
        let start = text[pos..].find(row[1]).map_or(pos, |k| pos + k);
        pos = (start + row[1].len()).min(text.len());
        parts.push((start, pos, ids));
    }
    let mut merged: Vec<(usize, usize, Vec<String>)> = Vec::new();
    for (start, end, ids) in parts {
        let form = &text[start..end];
        let alphanumeric = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let after = text[end..].chars().next();
        if let Some(last) = merged.last_mut() {
            let before = text[..last.1].chars().next_back();
            let hyphen = form == "-" && alphanumeric(before) && alphanumeric(after);
            let tail = before == Some('-') && last.2.len() > 1 && alphanumeric(form.chars().next());
            if last.1 == start && (hyphen || tail) {
                last.1 = end;
                last.2.extend(ids);
                continue;
            }
        }
        merged.push((start, end, ids));
    }
    let index: HashMap<&str, usize> =
        merged.iter().enumerate().flat_map(|(k, m)| m.2.iter().map(move |w| (w.as_str(), k))).collect();
    let head_of = |w: &str| words[w].get(6).and_then(|h| index.get(h)).copied();
    let mut tokens = Vec::new();
    for (k, (start, end, ids)) in merged.iter().enumerate() {
        let outer: Vec<&String> = ids.iter().filter(|w| head_of(w) != Some(k)).collect();
        let contraction = !text[*start..*end].contains('-');
        let word = if contraction { outer.first() } else { outer.last() }.ok_or_else(|| anyhow!("{id}: a cycle"))?;
        let row = words[word.as_str()];
        let lemma = if contraction || ids.len() == 1 {
            row[2].to_string()
        } else {
            let (last, front) = ids.split_last().ok_or_else(|| anyhow!("{id}: an empty token"))?;
            front.iter().map(|w| words[w.as_str()][1]).collect::<String>() + words[last.as_str()][2]
        };
        tokens.push(GoldToken {
            start: *start,
            end: *end,
            upos: row[3].to_string(),
            feats: row[5].to_string(),
            lemma,
            head: (row[6] != "0").then(|| head_of(word)).flatten(),
            deprel: row[7].split(':').next().unwrap_or_default().to_string(),
        });
    }
    Ok(GoldSentence { id, text, tokens })
}

/// A text with only what every corpus of texts has.
#[derive(Debug, Clone, Deserialize)]
pub struct BareText {
    /// Identifier.
    pub id: String,
    /// Title, where there is one.
    #[serde(default)]
    pub title: Option<String>,
    /// Date, where there is one.
    #[serde(default)]
    pub date: Option<String>,
    /// Running text.
    pub text: String,
}

/// Reads a JSON Lines file.
///
/// # Errors
/// If the file cannot be read or a line does not have the shape of `T`.
pub fn jsonl<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let content = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let line = |(k, l): (usize, &str)| serde_json::from_str(l).with_context(|| format!("{}:{}", path.display(), k + 1));
    content.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(line).collect()
}
