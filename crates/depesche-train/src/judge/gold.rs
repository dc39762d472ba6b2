//! Gold events: the corpus file in; events with their trigger tokens and names to compare entities by out.

use depesche::Reading;
use depesche::actors::Actors;
use depesche::events::scene::Scene;
use depesche::morphology::Upos;
use serde::Deserialize;
use std::collections::BTreeSet;

/// An annotated article.
#[derive(Debug, Deserialize)]
pub struct Article {
    /// Identifier.
    pub id: String,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// Date.
    #[serde(default)]
    pub date: Option<String>,
    /// Running text.
    pub text: String,
    /// Whether it was written for the training.
    #[serde(skip)]
    pub written: bool,
    /// The article that it was modelled on.
    #[serde(skip)]
    pub model: Option<String>,
    /// Ranges of sentences in code points.
    pub sentences: Vec<(usize, usize)>,
    /// Entities.
    pub entities: Vec<GoldEntity>,
    /// Events.
    pub events: Vec<GoldEvent>,
}

/// An annotated entity.
#[derive(Debug, Deserialize)]
pub struct GoldEntity {
    /// Identifier within the article.
    pub id: String,
    /// Name in base form.
    pub name: String,
    /// Other strings of the text.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// An annotated event.
#[derive(Debug, Deserialize)]
pub struct GoldEvent {
    /// Sentence, from 1.
    pub s: usize,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Mode.
    pub mode: Option<String>,
    /// Status.
    pub status: String,
    /// Ids of actors.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Ids of recipients.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// Words of the trigger.
    #[serde(default)]
    pub trigger: Option<String>,
}

/// Names as the scorer compares them.
pub type Names = BTreeSet<String>;

const ARTICLES: &[&str] =
    &["der", "die", "das", "dem", "den", "des", "ein", "eine", "einem", "einen", "einer", "eines"];

/// A name without article, case and marks, as in `score.py`.
pub fn norm(name: &str) -> String {
    let lower = name.to_lowercase();
    let lower = lower.trim();
    let bare = match lower.split_once(char::is_whitespace) {
        Some((first, rest)) if ARTICLES.contains(&first) => rest.trim_start(),
        _ => lower,
    };
    let spaced: String =
        bare.chars().map(|c| if c.is_whitespace() || "-–„“\"'()".contains(c) { ' ' } else { c }).collect();
    spaced.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Words after which a normalised name goes on with what modifies its head ("anhänger der opposition").
const MODIFIERS: &[&str] = &[
    "der", "des", "dem", "den", "die", "das", "einer", "eines", "einem", "aus", "von", "vom", "in", "im", "für",
    "gegen", "mit", "bei", "zu", "zur", "zum", "an", "am", "auf", "über", "und", "nach", "um",
];

/// The head of a normalised name: its last word before what modifies it from behind.
pub fn head_word(name: &str) -> &str {
    let mut head = "";
    for word in name.split(' ') {
        if !head.is_empty() && MODIFIERS.contains(&word) {
            break;
        }
        head = word;
    }
    head
}

/// Whether two sets of names mean the same entity, as in `score.py`.
pub fn same_entity(a: &Names, b: &Names) -> bool {
    let ends = |x: &str, y: &str| x.ends_with(y) && x[..x.len() - y.len()].ends_with(' ');
    a.iter().any(|x| {
        b.iter().any(|y| x == y || (x.chars().count() > 3 && y.chars().count() > 3 && (ends(x, y) || ends(y, x))))
    })
}

impl GoldEntity {
    /// Its names.
    pub fn names(&self) -> Names {
        std::iter::once(&self.name).chain(&self.aliases).map(|n| norm(n)).filter(|n| !n.is_empty()).collect()
    }
}

/// The names of all of the engine's entities.
pub fn system_names(reading: &Reading<'_>, actors: &Actors) -> Vec<Names> {
    let mut out: Vec<Names> = actors.entities.iter().map(|e| Names::from([norm(&e.name)])).collect();
    for m in &actors.mentions {
        if m.kind != depesche::record::MentionKind::Pronoun {
            for &e in &m.entities {
                out[e].insert(norm(&reading.text[m.start..m.end]));
            }
        }
    }
    for names in &mut out {
        names.remove("");
    }
    out
}

/// Byte positions of code points.
pub fn byte_positions(text: &str) -> Vec<usize> {
    text.char_indices().map(|(i, _)| i).chain([text.len()]).collect()
}

/// The token that carries a gold event: of the trigger's words the one whose frames know the type, else a verb, a noun,
/// an adjective.
pub fn carrier(scene: &Scene<'_>, article: &Article, bytes: &[usize], event: &GoldEvent) -> Option<usize> {
    let trigger = event.trigger.as_deref()?;
    let (from, to) = *article.sentences.get(event.s.checked_sub(1)?)?;
    let (from, to) = (*bytes.get(from)?, *bytes.get(to)?);
    let sentence = &article.text[from..to];
    let tokens = &scene.reading.analysis.tokens;
    let mut best: Option<(i32, usize)> = None;
    let mut at = 0;
    for part in trigger.split(['…']).flat_map(|p| p.split("...")).map(str::trim).filter(|p| !p.is_empty()) {
        let found = sentence[at..].find(part).map(|i| at + i).or_else(|| sentence.find(part));
        let Some(found) = found else { continue };
        at = found + part.len();
        let range = from + found..from + at;
        let first = tokens.partition_point(|t| (t.end as usize) <= range.start);
        for (token, t) in tokens.iter().enumerate().skip(first).take_while(|(_, t)| (t.start as usize) < range.end) {
            let known = scene.matches[token].as_deref().is_some_and(|m| {
                m.frames
                    .iter()
                    .any(|f| depesche::events::plover::type_name(scene.frames.pattern(*f).kind) == event.kind)
            });
            let any = scene.matches[token].is_some();
            let part_of_speech = match t.upos {
                Upos::Verb => 5,
                Upos::Noun => 4,
                Upos::Adj => 3,
                Upos::Adv | Upos::Propn => 1,
                _ => continue,
            };
            let rank = part_of_speech + if known { 20 } else { 0 } + if any { 2 } else { 0 };
            if best.is_none_or(|(r, _)| rank > r) {
                best = Some((rank, token));
            }
        }
    }
    best.map(|b| b.1)
}
