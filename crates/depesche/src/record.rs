//! The document record: the only shape that leaves the core.
//!
//! The types serialise with serde to one JSON object a document (JSON Schema: feature `schema`). Inside Rust every
//! [`Range`] counts **bytes** of the text; [`crate::Document::record`] gives the record as it is written out, with
//! **Unicode code points**.

use serde::{Deserialize, Serialize};

/// Name and version of the record format, the value of [`Record::schema`].
pub const SCHEMA: &str = "depesche/1";

/// A half-open range of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Range {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
}

impl Range {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Range { start, end }
    }

    /// Whether the two ranges share a position.
    pub fn overlaps(self, other: Range) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Range) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What the engine says about one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Given, or made by the reader (file stem, line number).
    pub id: String,
    /// Title, if one was given; it helps to resolve names, but no fact is read from it.
    pub title: Option<String>,
    /// The document's own date (ISO 8601), if one was given.
    pub date: Option<String>,
    /// Language, `de`.
    pub lang: String,
    /// Carried through from the input.
    pub source: Option<String>,
    /// Carried through from the input.
    pub url: Option<String>,
    /// Cluster of near-duplicates, set by a batch run.
    pub cluster: Option<String>,
    /// What the ranges point into; left out on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Sentences in the order of the text.
    pub sentences: Vec<Range>,
    /// Tokens, only when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<Token>>,
    /// Actors and places of the text, one for each real one.
    pub entities: Vec<Entity>,
    /// Offices of persons.
    pub roles: Vec<Role>,
    /// Time expressions.
    pub times: Vec<Time>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// Who did what to whom.
    pub events: Vec<Event>,
}

/// A token with its morphology and its place in the dependency tree (Universal Dependencies 2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
    /// Lemma as in UD ("lehnte": "lehnen").
    pub lemma: String,
    /// Universal part of speech.
    pub upos: String,
    /// Morphological features as in CoNLL-U, "_" for none.
    pub feats: String,
    /// Index of the head in `tokens`, -1 for a root.
    pub head: i64,
    /// Relation to the head.
    pub deprel: String,
    /// Index of the sentence.
    pub sentence: usize,
    /// The verb with its separated prefix restored ("lehnte … ab": "ablehnen"), only where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
}

/// Kind of entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EntityType {
    /// A single human being.
    Person,
    /// A state or its government.
    State,
    /// An international (intergovernmental) organisation.
    Igo,
    /// Any other organisation.
    Org,
    /// An unnamed or collective group ("Demonstranten").
    Group,
    /// A place.
    Place,
    /// A name of another kind (work, product, law).
    Other,
}

/// Sector of an actor, after PLOVER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)] // the codes are PLOVER's own; the codebook explains them
pub enum Sector {
    Gov,
    Mil,
    Cop,
    Jud,
    Leg,
    Opp,
    Reb,
    Cvl,
    Bus,
    Ngo,
    Med,
    Igo,
}

impl Sector {
    /// The sector with this code, if there is one.
    pub fn parse(code: &str) -> Option<Sector> {
        Some(match code {
            "GOV" => Sector::Gov,
            "MIL" => Sector::Mil,
            "COP" => Sector::Cop,
            "JUD" => Sector::Jud,
            "LEG" => Sector::Leg,
            "OPP" => Sector::Opp,
            "REB" => Sector::Reb,
            "CVL" => Sector::Cvl,
            "BUS" => Sector::Bus,
            "NGO" => Sector::Ngo,
            "MED" => Sector::Med,
            "IGO" => Sector::Igo,
            _ => return None,
        })
    }
}

/// How a mention names its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// A proper name.
    Name,
    /// A state's adjective ("japanisch").
    Adjective,
    /// A people's name ("die Israelis").
    Demonym,
    /// A name inside a longer word ("NATO" in "NATO-Generalsekretär").
    Compound,
    /// A description ("der Minister").
    Nominal,
    /// A pronoun.
    Pronoun,
}

/// One real-world actor or place of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entity {
    /// Number of the entity in this document, its index in the list.
    pub id: usize,
    /// Kind of entity.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Canonical name as German news has it ("USA", "Tokio").
    pub name: String,
    /// Whom it stands for: ISO 3166-1 alpha-3 or an organisation's code.
    pub code: Option<String>,
    /// Sector of the actor, none for places.
    pub sector: Option<Sector>,
    /// Latitude in degrees, -90 to 90; places and states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees, -180 to 180; places and states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Where the text names it, in the order of the text.
    pub mentions: Vec<Mention>,
}

/// One place where the text names an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mention {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
    /// How it names the entity.
    pub kind: MentionKind,
    /// The kind of thing named here, where it differs from the entity's (Berlin the place, Berlin the government).
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub entity_type: Option<EntityType>,
}

/// Whether an office is held at the time of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RoleStatus {
    /// Held now.
    Current,
    /// Held in the past ("Ex-Präsident").
    Former,
    /// To be held ("der designierte Kanzler").
    Designated,
}

/// An office or function of a person, as the text states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Role {
    /// Id of the person.
    pub person: usize,
    /// The office in base form ("Premierminister").
    pub role: String,
    /// Id of the state or organisation in which it is held.
    pub of: Option<usize>,
    /// Whether it is held.
    pub status: RoleStatus,
    /// First position of the words that state it.
    pub start: usize,
    /// First position behind them.
    pub end: usize,
}

/// Type of a time expression (TIMEX3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeType {
    /// A day or a longer calendar unit.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// A recurring time.
    Set,
}

/// A time expression with its TIMEX3 value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Time {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: TimeType,
    /// TIMEX3 value ("2025-04-08", "P3D", "PRESENT_REF").
    pub value: String,
    /// TIMEX3 modifier ("START", "APPROX"), if any.
    #[serde(rename = "mod")]
    pub modifier: Option<String>,
    /// The date it stands for as YYYY, YYYY-MM or YYYY-MM-DD, if there is one: that of the value, or the one that
    /// "vor drei Tagen" (value P3D) points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// How speech is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StatementKind {
    /// In quotation marks.
    Direct,
    /// As a dependent clause or with "laut", "zufolge".
    Indirect,
    /// As an act ("forderte Sanktionen").
    Reported,
    /// With "soll", "wolle".
    FreeIndirect,
    /// Sentences in Konjunktiv without a frame of their own.
    IndirectFreeIndirect,
}

/// In which medium a statement was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the words say it
pub enum Medium {
    Speech,
    Thought,
    Writing,
    SpeechThought,
    SpeechWriting,
    ThoughtWriting,
}

/// The speaker's attitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the words say it
pub enum Stance {
    Supportive,
    Critical,
    Demanding,
    Warning,
    Neutral,
}

/// Speaker or addressee of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Party {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
    /// Ids of the entities meant ("beide Seiten": two).
    pub entities: Vec<usize>,
}

/// Something said, written or thought by somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// How it is rendered.
    pub kind: StatementKind,
    /// Medium, where the cue tells.
    pub medium: Option<Medium>,
    /// Attitude of the speaker.
    pub stance: Stance,
    /// What is said, in one or more pieces.
    pub content: Vec<Range>,
    /// Who says it; none where nobody is named.
    pub speaker: Option<Party>,
    /// To whom.
    pub addressee: Option<Party>,
    /// The word or words that announce speech ("sagte").
    pub cue: Vec<Range>,
    /// The clause around the content that belongs to the narrator.
    pub frame: Vec<Range>,
    /// Index of the statement it is nested in.
    pub within: Option<usize>,
    /// Resolved date of its clause.
    pub date: Option<String>,
}

/// The sixteen event types of PLOVER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)] // the names are PLOVER's own; the codebook explains them
pub enum EventType {
    Agree,
    Consult,
    Support,
    Concede,
    Cooperate,
    Aid,
    Retreat,
    Request,
    Accuse,
    Reject,
    Threaten,
    Protest,
    Sanction,
    Mobilize,
    Coerce,
    Assault,
}

/// Whether an event has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Has happened, is happening, or a verbal act that was performed.
    Actual,
    /// Announced or intended, lies in the future.
    Planned,
    /// Hypothetical, alleged, feared, conditional.
    Possible,
    /// Reported as not having happened.
    Negated,
}

/// Who did what to whom, as one sentence reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// Mode of the type ("visit"), if any.
    pub mode: Option<String>,
    /// Whether it has happened.
    pub status: Status,
    /// PLOVER contexts ("military").
    pub contexts: Vec<String>,
    /// Ids of the entities that act.
    pub actors: Vec<usize>,
    /// Ids of the entities acted upon.
    pub recipients: Vec<usize>,
    /// Id of the place or state where it happened.
    pub place: Option<usize>,
    /// ISO date or period (2011-02-26, 2011-02, 2011).
    pub date: Option<String>,
    /// The words that carry the type.
    pub trigger: Vec<Range>,
    /// Index of the sentence.
    pub sentence: usize,
    /// Index of the statement that reports it, when it is only reported.
    pub statement: Option<usize>,
    /// Quad class ("verbal cooperation"), derived.
    pub quad: String,
    /// PLOVER score, -10 conflict to +10 cooperation, derived.
    pub score: f64,
    /// CAMEO code, the most general that fits, derived.
    pub cameo: Option<String>,
    /// Index of an earlier event of this document that reports the same fact.
    pub same_as: Option<usize>,
    /// How sure the engine is, 0 to 1.
    pub confidence: f64,
    /// The name that the user's frame file has for such events, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Why the event was coded, only when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// Why an event was coded: what the rules found in the grammar, and what weighed with the learned judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Why {
    /// The predicate in base form.
    pub predicate: String,
    /// What decided that this is an event of this type: `judge`, or `frame` where a user's frame did or no judge is used.
    pub decided_by: String,
    /// The frame as it is listed; none where the judge alone knows the word.
    pub frame: Option<String>,
    /// File and line of the frame ("assault.frames:12").
    pub origin: Option<String>,
    /// Grammatical cues of the status, as the rules found them.
    pub cues: Vec<String>,
    /// What weighed most with the judge for the type against no event, heaviest first.
    pub weights: Vec<Weight>,
    /// Who takes part and how they were found.
    pub participants: Vec<Found>,
}

/// A feature that the learned judge weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Weight {
    /// The feature's name and value.
    pub feature: String,
    /// How much it speaks for the event; below 0 against it.
    pub weight: f64,
}

/// How a participant of an event was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// `actor` or `recipient`.
    pub part: String,
    /// Name of the entity, or the word of the text that stands for it.
    pub name: String,
    /// Slot of the frame (`subj`, `acc`, `gegen`), `inside` a compound, `sentence`, or `context` with its source.
    pub way: String,
}

impl Record {
    /// Applies `f` to every position of the record, ranges and starts and ends alike.
    pub fn map_positions(&mut self, mut f: impl FnMut(usize) -> usize) {
        macro_rules! span {
            ($x:expr) => {{
                let x = $x;
                x.start = f(x.start);
                x.end = f(x.end);
            }};
        }
        self.sentences.iter_mut().for_each(|x| span!(x));
        self.tokens.iter_mut().flatten().for_each(|x| span!(x));
        self.entities.iter_mut().flat_map(|e| &mut e.mentions).for_each(|x| span!(x));
        self.roles.iter_mut().for_each(|x| span!(x));
        self.times.iter_mut().for_each(|x| span!(x));
        for s in &mut self.statements {
            s.content.iter_mut().chain(&mut s.cue).chain(&mut s.frame).for_each(|x| span!(x));
            s.speaker.iter_mut().chain(&mut s.addressee).for_each(|x| span!(x));
        }
        self.events.iter_mut().flat_map(|e| &mut e.trigger).for_each(|x| span!(x));
    }
}
