//! Further training data: our own annotation of more Wikinews articles and of single sentences of other corpora (ids and
//! events here, bare texts there) and written texts with their events; see `crates/depesche-train/data/events`.

use super::gold::{Article, GoldEntity, GoldEvent};
use crate::corpora::{self, BareText};
use anyhow::{Context, Result, bail};
use depesche::analysis::Analysis;
use depesche::text::{CodePoints, Splitter};
use std::collections::BTreeMap;
use std::path::Path;

const WIKINEWS: &str = include_str!("../../data/events/wikinews.psv");
const SENTENCES: &str = include_str!("../../data/events/sentences.psv");
const INVENTED: [(&str, &str); 27] = [
    ("modelled.psv", include_str!("../../data/events/modelled.psv")),
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

/// All further articles.
///
/// # Errors
/// If a corpus cannot be read or a row is malformed.
pub fn articles(folder: &Path) -> Result<Vec<Article>> {
    let mut out = wikinews(folder)?;
    out.extend(sentences_alone(folder)?);
    out.extend(written()?);
    Ok(out)
}

fn article(text: BareText, sentences: Vec<(usize, usize)>) -> Article {
    Article {
        id: text.id,
        title: text.title,
        date: text.date,
        text: text.text,
        written: false,
        model: None,
        sentences,
        entities: Vec::new(),
        events: Vec::new(),
    }
}

/// Articles of the quotation corpus.
fn wikinews(folder: &Path) -> Result<Vec<Article>> {
    let mut bare: Vec<BareText> = corpora::jsonl(&folder.join("quotes/train.jsonl"))?;
    bare.extend(corpora::jsonl::<BareText>(&folder.join("quotes/dev.jsonl"))?);
    let mut texts: BTreeMap<String, BareText> = bare.into_iter().map(|b| (b.id.clone(), b)).collect();
    let splitter = Splitter::new()?;
    let mut out: Vec<Article> = Vec::new();
    for (n, row) in rows(WIKINEWS) {
        let place = || format!("wikinews.psv:{n}");
        if let Some(id) = row.strip_prefix("== ") {
            let text = texts.remove(id).with_context(|| format!("{}: no article {id}, or a second time", place()))?;
            let sentences = sentences(&splitter, &text.text);
            out.push(article(text, sentences));
        } else {
            add_at(out.last_mut().with_context(place)?, row).with_context(place)?;
        }
    }
    Ok(out)
}

/// Sentences of GermEval, GSD and PUD, each of which stands alone; most report no event.
fn sentences_alone(folder: &Path) -> Result<Vec<Article>> {
    let mut bare: Vec<BareText> = corpora::jsonl(&folder.join("entities/germeval-train.jsonl"))?;
    for name in ["de_gsd-ud-dev", "de_pud-visible"] {
        let trees = corpora::conllu(&folder.join(format!("syntax/{name}.conllu")))?;
        bare.extend(trees.into_iter().map(|s| BareText { id: s.id, title: None, date: None, text: s.text }));
    }
    let number: BTreeMap<String, usize> = bare.iter().enumerate().map(|(i, b)| (b.id.clone(), i)).collect();
    let whole = |b: BareText| {
        let end = b.text.chars().count();
        article(b, vec![(0, end)])
    };
    let mut out: Vec<Article> = bare.into_iter().map(whole).collect();
    let mut at = None;
    for (n, row) in rows(SENTENCES) {
        let place = || format!("sentences.psv:{n}");
        if let Some(id) = row.strip_prefix("== ") {
            at = Some(*number.get(id).with_context(|| format!("{}: no sentence {id}", place()))?);
        } else {
            add_at(&mut out[at.with_context(place)?], row).with_context(place)?;
        }
    }
    Ok(out)
}

/// Articles written for the training.
fn written() -> Result<Vec<Article>> {
    let mut out: Vec<Article> = Vec::new();
    for (file, n, row) in INVENTED.iter().flat_map(|(file, text)| rows(text).map(move |(n, row)| (file, n, row))) {
        let place = || format!("{file}:{n}");
        if let Some(head) = row.strip_prefix("= ") {
            let mut columns = head.split('\t');
            let (title, date) = (columns.next(), columns.next());
            out.push(Article {
                id: format!("{file}-{n}"),
                title: title.map(str::to_string),
                date: Some(date.with_context(place)?.to_string()),
                text: String::new(),
                written: true,
                model: columns.next().map(str::to_string),
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

/// Adds the event of a row that begins with the place of the trigger in code points.
fn add_at(article: &mut Article, row: &str) -> Result<()> {
    let (at, rest) = row.split_once('|').context("no place")?;
    let at: usize = at.parse()?;
    let s = article.sentences.partition_point(|s| s.0 <= at);
    add(article, s, rest)
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
