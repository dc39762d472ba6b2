//! The notation of the frame files: lines in; patterns, slots and light-verb constructions out, or what is wrong with
//! the line.

use super::{BuildError, Condition, FrameId, Part, Pattern, Phrase, Slot, Slots};
use crate::events::plover::{self, Mode};
use crate::record::{EventType, Status};

/// The lines of a file that say something, with their numbers from 1.
pub(super) fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(i, l)| (i + 1, l.split('#').next().unwrap_or_default().trim()))
        .filter(|(_, l)| !l.is_empty())
}

/// An error in a data file.
pub(super) fn bad(file: &str, line: usize, message: String) -> BuildError {
    BuildError::Data { file: file.to_string(), line, message }
}

/// Type and mode of a `==` line.
pub(super) fn type_and_mode(rest: &str) -> Result<(EventType, Mode), String> {
    let mut words = rest.split_whitespace();
    let name = words.next().ok_or("expected a type after `==`")?;
    let kind = plover::event_type(name).ok_or_else(|| format!("`{name}` is no event type"))?;
    let mode = match words.next() {
        None => Mode::NONE,
        Some(m) => plover::mode(kind, m).ok_or_else(|| format!("`{m}` is no mode of {name}"))?,
    };
    match words.next() {
        Some(more) => Err(format!("`{more}` after type and mode")),
        None => Ok((kind, mode)),
    }
}

fn parse_slots(list: &str) -> Result<Slots, String> {
    let all = list.contains('+');
    let places = list
        .split(['+', ','])
        .filter(|w| !w.is_empty())
        .map(|w| Slot::parse(w).ok_or_else(|| format!("`{w}` is no slot")))
        .collect::<Result<_, _>>()?;
    Ok(Slots { places, all })
}

/// The pattern of a `--` line.
pub(super) fn parse_pattern(kind: EventType, mode: Mode, rest: &str) -> Result<Pattern, String> {
    let mut words = rest.split_whitespace();
    let part = match words.next() {
        Some("verb") => Part::Verb,
        Some("noun") => Part::Noun,
        Some("adj") => Part::Adjective,
        Some("phrase") => Part::Phrase,
        other => return Err(format!("`{}` is none of verb, noun, adj, phrase", other.unwrap_or_default())),
    };
    let mut pattern = Pattern {
        part,
        kind,
        mode,
        actors: Slots::default(),
        recipients: Slots::default(),
        condition: None,
        with: Vec::new(),
        prior: 0.7,
        status: Status::Actual,
        contexts: Vec::new(),
        label: None,
    };
    let list = |s: &str| s.split('|').map(Box::from).collect::<Vec<Box<str>>>();
    for word in words {
        let (key, value) = word.split_once(':').ok_or_else(|| format!("`{word}` has no `:`"))?;
        match key {
            "A" => pattern.actors = parse_slots(value)?,
            "R" => pattern.recipients = parse_slots(value)?,
            "if" => {
                let (role, any) = value.split_once('=').ok_or_else(|| format!("`{value}` has no `=`"))?;
                let of_actor = match role {
                    "A" => true,
                    "R" => false,
                    _ => return Err(format!("`{role}` is neither A nor R")),
                };
                pattern.condition = Some(Condition { of_actor, any: list(any) });
            }
            "with" => pattern.with = list(&value.to_lowercase()),
            "prior" => {
                pattern.prior = value
                    .parse()
                    .ok()
                    .filter(|p| (0.0..=1.0).contains(p))
                    .ok_or_else(|| format!("`{value}` is no number from 0 to 1"))?;
            }
            "status" => {
                pattern.status = plover::status(value).ok_or_else(|| format!("`{value}` is no status"))?;
            }
            "context" => pattern.contexts = list(value),
            "label" => pattern.label = Some(value.into()),
            _ => return Err(format!("`{key}` is none of A, R, if, with, prior, status, context, label")),
        }
    }
    Ok(pattern)
}

/// Prepositions that may open a light-verb construction, contractions with them.
const PREPOSITIONS: &[(&str, &str)] = &[
    ("an", "an"),
    ("ans", "an"),
    ("am", "an"),
    ("auf", "auf"),
    ("aufs", "auf"),
    ("aus", "aus"),
    ("außer", "außer"),
    ("bei", "bei"),
    ("für", "für"),
    ("gegen", "gegen"),
    ("hinter", "hinter"),
    ("in", "in"),
    ("im", "in"),
    ("ins", "in"),
    ("mit", "mit"),
    ("um", "um"),
    ("ums", "um"),
    ("unter", "unter"),
    ("vom", "von"),
    ("von", "von"),
    ("vor", "vor"),
    ("vors", "vor"),
    ("zu", "zu"),
    ("zum", "zu"),
    ("zur", "zu"),
    ("als", "als"),
];
/// Words of a listed construction that need not stand in the text.
const FILLERS: &[&str] = &[
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "sein", "seine", "seinen",
    "seines", "seiner", "ihre", "ihren", "jemanden", "sich",
];

/// The verb of a light-verb construction and what must stand with it.
pub(super) fn parse_phrase(words: &str, frame: FrameId) -> Option<(Box<str>, Phrase)> {
    let (front, verb) = words.rsplit_once(' ')?;
    let mut phrase = Phrase { frame, words: Vec::new(), preposition: None };
    for word in front.split(' ') {
        if let Some((_, p)) = PREPOSITIONS.iter().find(|(form, _)| *form == word) {
            phrase.preposition.get_or_insert_with(|| (*p).into());
        } else if !FILLERS.contains(&word) {
            phrase.words.push(word.to_lowercase().into());
        }
    }
    (!phrase.words.is_empty()).then(|| (verb.into(), phrase))
}
