//! Further training data: our own annotation of more Wikinews articles (ids and events here, bare texts in the
//! quotation corpus) and invented texts with their events; see `crates/depesche-train/data/events`.

use super::gold::{Article, GoldEntity, GoldEvent};
use anyhow::{Context, Result, bail};
use depesche::analysis::Analysis;
use depesche::text::{CodePoints, Splitter};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const WIKINEWS: &str = include_str!("../../data/events/wikinews.psv");
const INVENTED: [(&str, &str); 26] = [
    ("invented.psv", include_str!("../../data/events/invented.psv")),
    ("europe.psv", include_str!("../../data/events/europe.psv")),
    ("south.psv", include_str!("../../data/events/south.psv")),
    ("world.psv", include_str!("../../data/events/world.psv")),
    ("home.psv", include_str!("../../data/events/home.psv")),
    ("war.psv", include_str!("../../data/events/war.psv")),
    ("diplomacy.psv", include_str!("../../data/events/diplomacy.psv")),
    ("promises.psv", include_str!("../../data/events/promises.psv")),
    ("pressure.psv", include_str!("../../data/events/pressure.psv")),
    ("speech.psv", include_str!("../../data/events/speech.psv")),
    ("justice.psv", include_str!("../../data/events/justice.psv")),
    ("parliament.psv", include_str!("../../data/events/parliament.psv")),
    ("terror.psv", include_str!("../../data/events/terror.psv")),
    ("protest.psv", include_str!("../../data/events/protest.psv")),
    ("summits.psv", include_str!("../../data/events/summits.psv")),
    ("fronts.psv", include_str!("../../data/events/fronts.psv")),
    ("mixed.psv", include_str!("../../data/events/mixed.psv")),
    ("germany.psv", include_str!("../../data/events/germany.psv")),
    ("neighbours.psv", include_str!("../../data/events/neighbours.psv")),
    ("orient.psv", include_str!("../../data/events/orient.psv")),
    ("asia.psv", include_str!("../../data/events/asia.psv")),
    ("tropics.psv", include_str!("../../data/events/tropics.psv")),
    ("powers.psv", include_str!("../../data/events/powers.psv")),
    ("words.psv", include_str!("../../data/events/words.psv")),
    ("sections.psv", include_str!("../../data/events/sections.psv")),
    ("background.psv", include_str!("../../data/events/background.psv")),
];

/// The bare text of an article of the quotation corpus.
#[derive(Debug, Deserialize)]
struct Bare {
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    date: Option<String>,
    text: String,
}

/// All further articles.
///
/// # Errors
/// If the corpus cannot be read or a row is malformed.
pub fn articles(corpora: &Path) -> Result<Vec<Article>> {
    let bare: Vec<Bare> = crate::corpora::jsonl(&corpora.join("quotes/train.jsonl"))?;
    let texts: BTreeMap<String, Bare> = bare.into_iter().map(|b| (b.id.clone(), b)).collect();
    let splitter = Splitter::new()?;
    let mut out: Vec<Article> = Vec::new();
    for (n, row) in rows(WIKINEWS) {
        let place = || format!("wikinews.psv:{n}");
        if let Some(id) = row.strip_prefix("== ") {
            let b = texts.get(id).with_context(|| format!("{}: no article {id} in quotes/train", place()))?;
            out.push(Article {
                id: b.id.clone(),
                title: b.title.clone(),
                date: b.date.clone(),
                text: b.text.clone(),
                written: false,
                sentences: sentences(&splitter, &b.text),
                entities: Vec::new(),
                events: Vec::new(),
            });
        } else {
            let (at, rest) = row.split_once('|').with_context(place)?;
            let at: usize = at.parse().with_context(place)?;
            let article = out.last_mut().with_context(place)?;
            let s = article.sentences.partition_point(|s| s.0 <= at);
            add(article, s, rest).with_context(place)?;
        }
    }
    for (file, n, row) in INVENTED.iter().flat_map(|(file, text)| rows(text).map(move |(n, row)| (file, n, row))) {
        let place = || format!("{file}:{n}");
        if let Some(head) = row.strip_prefix("= ") {
            let (title, date) = head.split_once('\t').with_context(place)?;
            out.push(Article {
                id: format!("{file}-{n}"),
                title: Some(title.to_string()),
                date: Some(date.to_string()),
                text: String::new(),
                written: true,
                sentences: Vec::new(),
                entities: Vec::new(),
                events: Vec::new(),
            });
            continue;
        }
        let article = out.last_mut().with_context(place)?;
        if row.matches('|').count() == 5 {
            let s = article.sentences.len();
            add(article, s, row).with_context(place)?;
        } else {
            if !article.text.is_empty() {
                article.text.push(' ');
            }
            let from = article.text.chars().count();
            article.text.push_str(row);
            article.sentences.push((from, article.text.chars().count()));
        }
    }
    Ok(out)
}

/// The sentences of a text as our own splitter has them, in code points: the corpus's ranges are for scoring only.
fn sentences(splitter: &Splitter, text: &str) -> Vec<(usize, usize)> {
    let mut analysis = Analysis::default();
    splitter.split(text, &mut analysis);
    let map = CodePoints::new(text);
    analysis.sentences.iter().map(|s| (map.of_byte(s.start as usize), map.of_byte(s.end as usize))).collect()
}

fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
}

/// Adds the event of one row: type, mode, status, trigger, actors, recipients.
fn add(article: &mut Article, s: usize, row: &str) -> Result<()> {
    let columns: Vec<&str> = row.split('|').collect();
    let &[kind, mode, status, trigger, actors, recipients] = columns.as_slice() else {
        bail!("expected six columns, found {}", columns.len());
    };
    if depesche::events::plover::event_type(kind).is_none() {
        bail!("`{kind}` is no type");
    }
    let status = match status {
        "a" => "actual",
        "p" => "planned",
        "o" => "possible",
        "n" => "negated",
        other => bail!("`{other}` is no status"),
    };
    let mut ids = |list: &str| -> Vec<String> {
        let names: Vec<String> = list.split(';').filter(|n| !n.is_empty()).map(str::to_string).collect();
        for name in &names {
            if !article.entities.iter().any(|e| e.id == *name) {
                article.entities.push(GoldEntity { id: name.clone(), name: name.clone(), aliases: Vec::new() });
            }
        }
        names
    };
    let (actors, recipients) = (ids(actors), ids(recipients));
    article.events.push(GoldEvent {
        s,
        kind: kind.to_string(),
        mode: Some(mode.to_string()).filter(|m| !m.is_empty()),
        status: status.to_string(),
        actors,
        recipients,
        trigger: Some(trigger.to_string()),
    });
    Ok(())
}
