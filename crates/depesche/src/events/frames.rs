//! Frames: the files in `data/de/frames` (and the user's own) in; for a verb, noun or adjective the event types that it
//! can carry and where its actors and recipients stand, out.
//!
//! The format is described for linguists in `data/de/frames/README.md`. Frames are looked up by the base form of a
//! verb (separated prefix restored), by a noun or the end of a compound, by an adjective or participle, and as
//! light-verb constructions through their verb.

mod notation;

use super::plover::Mode;
use super::senses::Senses;
use super::words::weak_participle;
use crate::engine::BuildError;
use crate::record::{EventType, Status};
use notation::{bad, parse_pattern, parse_phrase, rows, type_and_mode};
use rustc_hash::{FxHashMap, FxHashSet};

/// The frame files in the program.
const FILES: &[(&str, &str)] = &[
    ("accuse.frames", include_str!("../../data/de/frames/accuse.frames")),
    ("agree.frames", include_str!("../../data/de/frames/agree.frames")),
    ("aid.frames", include_str!("../../data/de/frames/aid.frames")),
    ("assault.frames", include_str!("../../data/de/frames/assault.frames")),
    ("coerce.frames", include_str!("../../data/de/frames/coerce.frames")),
    ("concede.frames", include_str!("../../data/de/frames/concede.frames")),
    ("consult.frames", include_str!("../../data/de/frames/consult.frames")),
    ("cooperate.frames", include_str!("../../data/de/frames/cooperate.frames")),
    ("mobilize.frames", include_str!("../../data/de/frames/mobilize.frames")),
    ("protest.frames", include_str!("../../data/de/frames/protest.frames")),
    ("reject.frames", include_str!("../../data/de/frames/reject.frames")),
    ("request.frames", include_str!("../../data/de/frames/request.frames")),
    ("retreat.frames", include_str!("../../data/de/frames/retreat.frames")),
    ("sanction.frames", include_str!("../../data/de/frames/sanction.frames")),
    ("support.frames", include_str!("../../data/de/frames/support.frames")),
    ("threaten.frames", include_str!("../../data/de/frames/threaten.frames")),
];
const NONE: &str = include_str!("../../data/de/frames/none.txt");
const PARTICIPANTS: (&str, &str) = ("participants.txt", include_str!("../../data/de/frames/participants.txt"));
const PARTICIPLES: (&str, &str) = ("participles.tsv", include_str!("../../data/de/frames/participles.tsv"));

/// Index of a frame in [`Frames`].
pub type FrameId = u32;

/// Kind of predicate that a frame describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A full verb.
    Verb,
    /// A noun, also at the end of a compound.
    Noun,
    /// An adjective or adverb.
    Adjective,
    /// A light-verb construction.
    Phrase,
}

/// Where an argument stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// Subject of the active.
    Subject,
    /// Accusative object of the active.
    Object,
    /// Dative object.
    Dative,
    /// Genitive object, attribute or possessive.
    Genitive,
    /// Adjective of a state.
    StateAdjective,
    /// First part of a compound.
    Compound,
    /// The predicate names the participant itself ("die Geisel", "der Attentäter").
    Own,
    /// Subject of the content clause.
    Content,
    /// Prepositional phrase.
    Preposition(Box<str>),
}

impl Slot {
    fn parse(word: &str) -> Option<Slot> {
        Some(match word {
            "subj" => Slot::Subject,
            "acc" => Slot::Object,
            "dat" => Slot::Dative,
            "gen" => Slot::Genitive,
            "adj" => Slot::StateAdjective,
            "comp" => Slot::Compound,
            "=" => Slot::Own,
            "that" => Slot::Content,
            w if w.len() > 1 && w.chars().all(|c| c.is_lowercase()) => Slot::Preposition(w.into()),
            _ => return None,
        })
    }

    /// A short name for features and explanations.
    pub fn name(&self) -> &str {
        match self {
            Slot::Subject => "subj",
            Slot::Object => "acc",
            Slot::Dative => "dat",
            Slot::Genitive => "gen",
            Slot::StateAdjective => "adj",
            Slot::Compound => "comp",
            Slot::Own => "=",
            Slot::Content => "that",
            Slot::Preposition(p) => p,
        }
    }
}

/// Places for one role: alternatives, or parts of one list ("A trifft B").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slots {
    /// The places, best first.
    pub places: Vec<Slot>,
    /// Whether all filled places count, not the first only.
    pub all: bool,
}

/// A condition on who fills a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Whether it asks for the actor (else the recipient).
    pub of_actor: bool,
    /// Sectors and entity types, any of which will do.
    pub any: Vec<Box<str>>,
}

/// What many predicates have in common: type, slots, conditions.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Kind of predicate.
    pub part: Part,
    /// Event type.
    pub kind: EventType,
    /// Mode.
    pub mode: Mode,
    /// Where actors stand.
    pub actors: Slots,
    /// Where recipients stand.
    pub recipients: Slots,
    /// Condition on a participant.
    pub condition: Option<Condition>,
    /// Nouns or adjectives one of which must be among the dependents.
    pub with: Vec<Box<str>>,
    /// How often the word means this type at all.
    pub prior: f32,
    /// Status of a plain assertion.
    pub status: Status,
    /// Contexts that the frame brings along.
    pub contexts: Vec<Box<str>>,
    /// The user's own name for what it codes.
    pub label: Option<Box<str>>,
}

/// A predicate with its pattern and where it is written.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The predicate as it stands in the file.
    pub predicate: Box<str>,
    /// Index of its pattern.
    pub pattern: u32,
    /// Index of its file.
    pub file: u16,
    /// Line in the file, from 1.
    pub line: u32,
    /// Whether the verb must be reflexive.
    pub reflexive: bool,
    /// Whether the noun must not be the end of a compound.
    pub exact: bool,
}

/// A light-verb construction: what must stand with the verb.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// The frame.
    pub frame: FrameId,
    /// Content words besides the verb, lower case.
    pub words: Vec<Box<str>>,
    /// The preposition of the first of them.
    pub preposition: Option<Box<str>>,
}

/// The frame lexicon.
#[derive(Debug, Default)]
pub struct Frames {
    patterns: Vec<Pattern>,
    frames: Vec<Frame>,
    files: Vec<String>,
    /// How many of the files are ours; the user's follow.
    built_in: usize,
    verbs: FxHashMap<Box<str>, Vec<FrameId>>,
    nouns: FxHashMap<Box<str>, Vec<FrameId>>,
    adjectives: FxHashMap<Box<str>, Vec<FrameId>>,
    phrases: FxHashMap<Box<str>, Vec<Phrase>>,
    participles: FxHashMap<Box<str>, Box<str>>,
    none: FxHashSet<Box<str>>,
    participants: FxHashMap<Box<str>, &'static str>,
    senses: Senses,
}

impl Frames {
    /// The frames in the program.
    ///
    /// # Errors
    /// If a file has a malformed line.
    pub fn german() -> Result<Frames, BuildError> {
        let mut frames = Frames { senses: Senses::german()?, ..Frames::default() };
        for (line, row) in rows(PARTICIPLES.1) {
            let (participle, verb) = row.split_once('\t').ok_or_else(|| {
                bad(PARTICIPLES.0, line, "expected a participle and its infinitive, separated by a tabulator".into())
            })?;
            frames.participles.insert(participle.into(), verb.into());
        }
        for (name, text) in FILES {
            frames.add(name, text)?;
        }
        frames.built_in = frames.files.len();
        frames.none = rows(NONE).flat_map(|(_, r)| r.split(',')).map(|w| w.trim().to_lowercase().into()).collect();
        for (line, row) in rows(PARTICIPANTS.1) {
            let (class, words) = row
                .split_once(':')
                .and_then(|(c, w)| Some((["people", "bodies"].into_iter().find(|k| *k == c)?, w)))
                .ok_or_else(|| bad(PARTICIPANTS.0, line, "expected `people:` or `bodies:` and nouns".into()))?;
            for word in words.split(',') {
                frames.participants.insert(word.trim().to_lowercase().into(), class);
            }
        }
        frames.index_participles();
        frames.sort();
        Ok(frames)
    }

    /// Adds the user's frames; for a predicate that they name, ours are forgotten.
    ///
    /// # Errors
    /// If the file has a malformed line.
    pub fn add_user(&mut self, name: &str, text: &str) -> Result<(), BuildError> {
        let mut own = Frames::default();
        own.add(name, text)?;
        for (mine, theirs) in
            [(&mut self.verbs, &own.verbs), (&mut self.nouns, &own.nouns), (&mut self.adjectives, &own.adjectives)]
        {
            theirs.keys().for_each(|word| drop(mine.remove(word)));
        }
        let same = |a: &Phrase, b: &Phrase| a.words == b.words && a.preposition == b.preposition;
        for (verb, theirs) in &own.phrases {
            if let Some(mine) = self.phrases.get_mut(verb) {
                mine.retain(|p| !theirs.iter().any(|t| same(p, t)));
            }
        }
        self.add(name, text)?;
        self.index_participles();
        self.sort();
        Ok(())
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), BuildError> {
        let file = self.files.len() as u16;
        self.files.push(name.to_string());
        let (mut head, mut pattern) = (None, None);
        for (line, row) in rows(text) {
            let fail = |message: String| bad(name, line, message);
            if let Some(rest) = row.strip_prefix("==") {
                head = Some(type_and_mode(rest).map_err(fail)?);
                pattern = None;
            } else if let Some(rest) = row.strip_prefix("--") {
                let (kind, mode) = head.ok_or_else(|| fail("a pattern before the first `== TYPE`".to_string()))?;
                pattern = Some(self.patterns.len() as u32);
                self.patterns.push(parse_pattern(kind, mode, rest).map_err(fail)?);
            } else {
                let pattern = pattern.ok_or_else(|| fail("predicates before the first `-- pattern`".to_string()))?;
                for word in row.split(',').map(str::trim).filter(|w| !w.is_empty()) {
                    self.insert(word, pattern, file, line).map_err(fail)?;
                }
            }
        }
        Ok(())
    }

    fn insert(&mut self, word: &str, pattern: u32, file: u16, line: usize) -> Result<(), String> {
        let part = self.patterns[pattern as usize].part;
        let exact = self.patterns[pattern as usize].actors.places.first() == Some(&Slot::Own) || word.starts_with('=');
        let bare = word.trim_start_matches('=');
        let id = self.frames.len() as FrameId;
        let mut frame = Frame { predicate: bare.into(), pattern, file, line: line as u32, reflexive: false, exact };
        let multiword = bare.contains(' ');
        match part {
            Part::Verb if bare.starts_with("sich ") && bare.matches(' ').count() == 1 => {
                frame.reflexive = true;
                self.verbs.entry(bare[5..].into()).or_default().push(id);
            }
            Part::Verb if !multiword => self.verbs.entry(bare.into()).or_default().push(id),
            Part::Verb | Part::Phrase => {
                let (verb, phrase) = parse_phrase(bare, id).ok_or_else(|| {
                    format!("`{bare}` is no light-verb construction; expected words and, last, an infinitive")
                })?;
                self.phrases.entry(verb).or_default().push(phrase);
            }
            Part::Noun => self.nouns.entry(bare.to_lowercase().into()).or_default().push(id),
            Part::Adjective => self.adjectives.entry(bare.to_lowercase().into()).or_default().push(id),
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Past participles of all verbs: those of the table are there already, the rest follow the weak rule.
    fn index_participles(&mut self) {
        let irregular: FxHashSet<Box<str>> = self.participles.values().cloned().collect();
        let mut regular: Vec<(Box<str>, Box<str>)> = Vec::new();
        for verb in self.verbs.keys().filter(|v| !irregular.contains(*v)) {
            regular.push((weak_participle(verb).into(), verb.clone()));
        }
        for (participle, verb) in regular {
            self.participles.entry(participle).or_insert(verb);
        }
    }

    /// Puts the likeliest reading of each word first.
    fn sort(&mut self) {
        let (frames, patterns) = (&self.frames, &self.patterns);
        let prior = |id: FrameId| patterns[frames[id as usize].pattern as usize].prior;
        for list in self.verbs.values_mut().chain(self.nouns.values_mut()).chain(self.adjectives.values_mut()) {
            list.sort_by(|a, b| prior(*b).total_cmp(&prior(*a)));
        }
    }

    /// The semantic lexicon.
    pub fn senses(&self) -> &Senses {
        &self.senses
    }

    /// Number of predicates.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// A frame.
    pub fn frame(&self, id: FrameId) -> &Frame {
        &self.frames[id as usize]
    }

    /// A frame's pattern.
    pub fn pattern(&self, id: FrameId) -> &Pattern {
        &self.patterns[self.frame(id).pattern as usize]
    }

    /// File and line of a frame.
    pub fn origin(&self, id: FrameId) -> (&str, usize) {
        let frame = self.frame(id);
        (&self.files[frame.file as usize], frame.line as usize)
    }

    /// Whether a frame stands in a file of the user's.
    pub fn is_users(&self, id: FrameId) -> bool {
        usize::from(self.frame(id).file) >= self.built_in
    }

    /// Frames of a verb in base form.
    pub fn verb(&self, infinitive: &str) -> &[FrameId] {
        self.verbs.get(infinitive).map_or(&[], Vec::as_slice)
    }

    /// Whether a verb has a frame of its own or is part of a construction.
    pub fn knows_verb(&self, infinitive: &str) -> bool {
        self.verbs.contains_key(infinitive) || self.phrases.contains_key(infinitive)
    }

    /// Light-verb constructions with this verb.
    pub fn phrases(&self, infinitive: &str) -> &[Phrase] {
        self.phrases.get(infinitive).map_or(&[], Vec::as_slice)
    }

    /// Frames of an adjective or adverb in base form, lower case.
    pub fn adjective(&self, lemma: &str) -> &[FrameId] {
        self.adjectives.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// The verb of a participle, past ("inhaftiert") or present ("demonstrierend"), in lower case.
    pub fn participle_verb<'a>(&'a self, participle: &'a str) -> Option<&'a str> {
        if let Some(verb) = self.participles.get(participle) {
            return Some(verb);
        }
        let infinitive = participle.strip_suffix('d')?;
        self.verbs.contains_key(infinitive).then_some(infinitive)
    }

    /// Whether a noun in lower case names people or bodies ("people", "bodies"), by itself or by its end.
    pub fn participant_class(&self, noun: &str) -> Option<&'static str> {
        const SHORTEST_END: usize = 4;
        if let Some(class) = self.participants.get(noun) {
            return Some(class);
        }
        let ends = noun.char_indices().skip(2).map(|(i, _)| &noun[i..]).take_while(|e| e.len() >= SHORTEST_END);
        for end in ends {
            // The feminine and the weak declension go with their base forms.
            let found = [Some(end), end.strip_suffix("in"), end.strip_suffix('n'), end.strip_suffix("en")]
                .into_iter()
                .flatten()
                .find_map(|e| self.participants.get(e));
            if let Some(class) = found {
                return Some(class);
            }
        }
        None
    }

    /// Frames of a noun in lower case and where in it the listed word begins: the longest listed end of it; failing
    /// that, those of the verb that it is made from ("Verfolgung", "das Töten").
    pub fn noun(&self, lemma: &str) -> (&[FrameId], usize, bool) {
        const SHORTEST_END: usize = 4;
        const SHORTEST_FRONT: usize = 2;
        if let Some(found) = self.nouns.get(lemma) {
            return (found, 0, false);
        }
        if self.none.contains(lemma) {
            return (&[], 0, false);
        }
        if let Some(found) = self.verbs.get(lemma) {
            return (found, 0, true);
        }
        let from_verb = |end: &str| -> Option<&[FrameId]> {
            let stem = end.strip_suffix("ung")?;
            let mut verb = String::with_capacity(stem.len() + 2);
            for ending in ["en", "n"] {
                verb.clear();
                verb.push_str(stem);
                verb.push_str(ending);
                if let Some(found) = self.verbs.get(verb.as_str()) {
                    return Some(found);
                }
            }
            None
        };
        if let Some(found) = from_verb(lemma) {
            return (found, 0, true);
        }
        for (at, _) in lemma.char_indices().skip(SHORTEST_FRONT) {
            let end = &lemma[at..];
            if end.len() < SHORTEST_END {
                break;
            }
            if self.none.contains(end) {
                break;
            }
            if let Some(found) = self.nouns.get(end)
                && !self.frame(found[0]).exact
            {
                return (found, at, false);
            }
        }
        (&[], 0, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(frames: &Frames, ids: &[FrameId]) -> Vec<EventType> {
        ids.iter().map(|id| frames.pattern(*id).kind).collect()
    }

    #[test]
    fn knows_thousands_of_predicates() {
        assert!(Frames::german().unwrap().len() >= 2500);
    }

    #[test]
    fn longest_end_of_a_compound_wins() {
        let frames = Frames::german().unwrap();
        let (found, at, derived) = frames.noun("vergeltungsluftangriff");
        assert_eq!((&"vergeltungsluftangriff"[at..], derived), ("luftangriff", false));
        assert_eq!(types(&frames, found), [EventType::Assault]);
        for other in ["herausforderung", "sicherheitsherausforderung", "gewerkschaft", "botschaft"] {
            assert!(frames.noun(other).0.is_empty(), "{other}");
        }
    }

    #[test]
    fn nouns_and_participles_follow_their_verbs() {
        let frames = Frames::german().unwrap();
        assert!(frames.noun("brandmarkung").2);
        assert_eq!(frames.participle_verb("inhaftiert"), Some("inhaftieren"));
        assert_eq!(frames.participle_verb("angegriffen"), Some("angreifen"));
        assert_eq!(frames.participle_verb("demonstrierend"), Some("demonstrieren"));
    }

    #[test]
    fn the_users_frames_win() {
        let mut frames = Frames::german().unwrap();
        frames.add_user("mine.frames", "== CONSULT\n-- verb A:subj\nfestnehmen\n").unwrap();
        assert_eq!(types(&frames, frames.verb("festnehmen")), [EventType::Consult]);
        assert_eq!(frames.origin(frames.verb("festnehmen")[0]), ("mine.frames", 3));
        assert!(frames.is_users(frames.verb("festnehmen")[0]));
        assert!(!frames.is_users(frames.verb("angreifen")[0]));
    }

    #[test]
    fn errors_name_file_and_line() {
        let cases = [
            ("festnehmen", 1, "predicates before"),
            ("-- verb A:subj", 1, "a pattern before"),
            ("== NONSENSE", 1, "no event type"),
            ("== ACCUSE sing", 1, "no mode"),
            ("== ACCUSE\n-- verb X:subj", 2, "none of A, R"),
            ("== ACCUSE\n-- verb A:SUBJ", 2, "no slot"),
            ("== ACCUSE\n-- verb A:subj prior:2", 2, "no number"),
            ("== ACCUSE\n-- phrase A:subj\n\nsich an", 4, "no light-verb construction"),
        ];
        for (text, line, message) in cases {
            match Frames::default().add_user("mine.frames", text) {
                Err(BuildError::Data { file, line: at, message: said }) => {
                    assert_eq!((file.as_str(), at), ("mine.frames", line), "{text}");
                    assert!(said.contains(message), "{said}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
