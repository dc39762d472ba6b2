//! The engine: an immutable bundle of all rooms, shared by threads; workers hold the scratch memory.

use crate::actors::{ActorLayer, Actors};
use crate::analysis::Analysis;
use crate::document::Document;
use crate::events::EventLayer;
use crate::knowledge::{Knowledge, UserTables};
use crate::model::{Model, ModelError};
use crate::morphology::Morphology;
use crate::reading::Reading;
use crate::record::{self, Record};
use crate::statements::StatementLayer;
use crate::syntax::Parser;
use crate::text::Splitter;
use crate::times::{self, TimeLayer};
use std::sync::Arc;
use thiserror::Error;

static MODEL: &[u8] = include_bytes!("../model/de.model");

/// Why no engine could be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The model was refused.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file or folder of the user's cannot be read.
    #[error("{file}: {message}")]
    File {
        /// Its path.
        file: String,
        /// Why.
        message: String,
    },
    /// A data file has a malformed row.
    #[error("{file}:{line}: {message}")]
    Data {
        /// Name of the file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong and what was expected.
        message: String,
    },
}

/// Why a text could not be read.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is larger than the engine's limit.
    #[error("the text has {bytes} bytes, more than the limit of {limit}; split it or raise the limit")]
    TooLarge {
        /// Size of the text in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The document's date is not an ISO 8601 date.
    #[error("`{0}` is no date; expected YYYY-MM-DD")]
    Date(String),
}

impl ReadError {
    /// A short name of the kind of error, as error records carry it.
    pub fn kind(&self) -> &'static str {
        match self {
            ReadError::TooLarge { .. } => "too-large",
            ReadError::Date(_) => "date",
        }
    }
}

/// Which layers of the record are asked for. A layer computes what it needs; asking for less never changes what a
/// layer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    /// Tokens with morphology and trees.
    pub tokens: bool,
    /// Entities and roles.
    pub entities: bool,
    /// Time expressions.
    pub times: bool,
    /// Statements.
    pub statements: bool,
    /// Events.
    pub events: bool,
    /// Why each event was coded; no part of `all`, since few ask for it and it takes time.
    pub why: bool,
}

impl Layers {
    /// Every layer.
    pub const ALL: Layers =
        Layers { tokens: true, entities: true, times: true, statements: true, events: true, why: false };
    /// Sentences only.
    pub const NONE: Layers =
        Layers { tokens: false, entities: false, times: false, statements: false, events: false, why: false };

    /// Reads a list of names such as `events,times` or `all`; `why` are events with explanations.
    ///
    /// # Errors
    /// The first name that is no layer.
    pub fn parse(list: &str) -> Result<Layers, String> {
        let mut layers = Layers::NONE;
        for name in list.split(',').map(str::trim).filter(|n| !n.is_empty()) {
            match name {
                "tokens" => layers.tokens = true,
                "entities" => layers.entities = true,
                "times" => layers.times = true,
                "statements" => layers.statements = true,
                "events" => layers.events = true,
                "why" => (layers.events, layers.why) = (true, true),
                "all" => layers = Layers { why: layers.why, ..Layers::ALL },
                other => return Err(other.to_string()),
            }
        }
        Ok(layers)
    }
}

impl Default for Layers {
    /// All but tokens.
    fn default() -> Self {
        Layers { tokens: false, ..Layers::ALL }
    }
}

/// A text to read, with what is known about it.
#[derive(Debug, Clone, Default)]
pub struct Input {
    text: String,
    id: String,
    title: Option<String>,
    date: Option<String>,
    source: Option<String>,
    url: Option<String>,
    layers: Layers,
}

macro_rules! setter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, value: impl Into<String>) -> Self {
            self.$name = Some(value.into());
            self
        }
    };
}

impl Input {
    /// A text and nothing else.
    pub fn new(text: impl Into<String>) -> Self {
        Input { text: text.into(), ..Input::default() }
    }

    /// Sets the identifier that the record will carry.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    setter!(
        /// Sets the title: it helps to resolve names, but no fact is read from it.
        title
    );
    setter!(
        /// Sets the document's date (ISO 8601), the anchor of relative time expressions.
        date
    );
    setter!(
        /// Sets the source, carried through.
        source
    );
    setter!(
        /// Sets the address, carried through.
        url
    );

    /// Sets the layers asked for.
    #[must_use]
    pub fn layers(mut self, layers: Layers) -> Self {
        self.layers = layers;
        self
    }
}

impl<T: Into<String>> From<T> for Input {
    fn from(text: T) -> Self {
        Input::new(text)
    }
}

/// Reads German texts. Immutable; clones share everything.
#[derive(Debug, Clone)]
pub struct Engine {
    rooms: Arc<Rooms>,
}

#[derive(Debug)]
struct Rooms {
    splitter: Splitter,
    morphology: Morphology,
    parser: Parser,
    knowledge: Knowledge,
    actors: ActorLayer,
    times: TimeLayer,
    statements: StatementLayer,
    events: EventLayer,
    max_bytes: usize,
}

/// Sets an engine up.
#[derive(Debug)]
pub struct EngineBuilder {
    model: Option<Model>,
    max_bytes: usize,
    knowledge: UserTables,
    frames: Vec<(String, String)>,
    frame_files: Vec<std::path::PathBuf>,
    min_confidence: f64,
    rules_only: bool,
}

impl EngineBuilder {
    /// Adds a user's frame file, in the format of `data/de/frames`; its frames win over the built-in ones.
    #[must_use]
    pub fn frames(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.frame_files.push(path.into());
        self
    }

    /// Adds a user's frames from memory; `name` stands for the file in errors and explanations.
    #[must_use]
    pub fn frames_text(mut self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.frames.push((name.into(), content.into()));
        self
    }

    /// Leaves out events of which the engine is less sure than this, 0 to 1.
    #[must_use]
    pub fn min_confidence(mut self, confidence: f64) -> Self {
        self.min_confidence = confidence;
        self
    }

    /// Codes events by the frames alone, without the learned judge.
    #[must_use]
    pub fn rules_only(mut self, rules_only: bool) -> Self {
        self.rules_only = rules_only;
        self
    }

    /// Uses another model than the one in the program.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.model = Some(model);
        self
    }

    /// Sets the largest text that is read, in bytes (default 64 MiB).
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Adds a user's table of states, seats, organisations, persons, places, offices or agents, or a folder of such
    /// tables, in the formats of the built-in ones in `data/knowledge`. Its rows win over the built-in ones.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), depesche::BuildError> {
    /// let engine = depesche::Engine::builder().knowledge("my-tables/persons-sahel.tsv").build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn knowledge(mut self, path: impl AsRef<std::path::Path>) -> Self {
        self.knowledge.add_path(path);
        self
    }

    /// Adds a user's table from memory; `name` is what its file would be called ("persons.tsv").
    #[must_use]
    pub fn knowledge_table(mut self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.knowledge.add_content(name, content);
        self
    }

    /// Builds the engine.
    ///
    /// # Errors
    /// If the model does not fit the program or a data file has a malformed row.
    pub fn build(self) -> Result<Engine, BuildError> {
        let model = match self.model {
            Some(model) => model,
            None => Model::from_bytes(MODEL)?,
        };
        let knowledge = Knowledge::with(&self.knowledge)?;
        let morphology = Morphology::new(&model)?;
        let mut events = EventLayer::new(&model)?;
        for (name, content) in &self.frames {
            events.add_frames(name, content)?;
        }
        for path in &self.frame_files {
            let name = path.display().to_string();
            let content = std::fs::read_to_string(path)
                .map_err(|e| BuildError::File { file: name.clone(), message: format!("cannot be read: {e}") })?;
            events.add_frames(&name, &content)?;
        }
        events.set_least_confidence(self.min_confidence);
        if self.rules_only {
            events.without_judge();
        }
        let rooms = Rooms {
            splitter: Splitter::new()?,
            parser: Parser::new(&model, morphology.lexicon())?,
            actors: ActorLayer::new(&model, morphology.lexicon())?,
            times: TimeLayer::new()?,
            statements: StatementLayer::new()?,
            morphology,
            events,
            knowledge,
            max_bytes: self.max_bytes,
        };
        Ok(Engine { rooms: Arc::new(rooms) })
    }
}

impl Engine {
    /// The German engine with the model and tables in the program.
    ///
    /// # Errors
    /// If the program was built with a model that does not fit it.
    pub fn german() -> Result<Engine, BuildError> {
        Engine::builder().build()
    }

    /// Starts to set up an engine.
    pub fn builder() -> EngineBuilder {
        EngineBuilder {
            model: None,
            max_bytes: 64 << 20,
            knowledge: UserTables::default(),
            frames: Vec::new(),
            frame_files: Vec::new(),
            min_confidence: 0.0,
            rules_only: false,
        }
    }

    /// A worker with scratch memory of its own, for reading many texts on one thread.
    pub fn worker(&self) -> Worker<'_> {
        Worker { rooms: &self.rooms, analysis: Analysis::default(), parsing: Default::default() }
    }

    /// Reads one text.
    ///
    /// # Errors
    /// If the text is over the size limit or its date is no date.
    pub fn read(&self, input: impl Into<Input>) -> Result<Document, ReadError> {
        self.worker().read(input)
    }
}

/// Reads one text after another and keeps its memory between them.
#[derive(Debug)]
pub struct Worker<'e> {
    rooms: &'e Rooms,
    analysis: Analysis,
    parsing: crate::syntax::Scratch,
}

impl Worker<'_> {
    /// Splits a text and, if `parsed`, tags and parses it.
    fn analyse(&mut self, text: &str, parsed: bool) {
        let rooms = self.rooms;
        self.analysis.clear();
        rooms.splitter.split(text, &mut self.analysis);
        if parsed {
            rooms.morphology.look_up(text, &mut self.analysis);
            rooms.parser.parse(text, rooms.morphology.lexicon(), &mut self.analysis, &mut self.parsing);
            self.analysis.index_children();
            rooms.morphology.complete(text, &mut self.analysis);
        }
    }

    /// Reads one text up to the events and hands what the event layer gets to see to `look`: for trainers and tools.
    ///
    /// # Errors
    /// If the text is over the size limit or its date is no date.
    pub fn inspect<T>(
        &mut self,
        input: impl Into<Input>,
        look: impl FnOnce(&EventLayer, &Reading<'_>, &Knowledge, &mut Actors, &[record::Time], &[record::Statement]) -> T,
    ) -> Result<T, ReadError> {
        let input = input.into();
        let rooms = self.rooms;
        let date = match &input.date {
            Some(date) => Some(times::parse_date(date).ok_or_else(|| ReadError::Date(date.clone()))?),
            None => None,
        };
        self.analyse(&input.text, true);
        let reading = Reading { text: &input.text, title: input.title.as_deref(), date, analysis: &self.analysis };
        let times = rooms.times.find(&reading);
        let mut actors = rooms.actors.find(&reading, &rooms.knowledge);
        let statements = rooms.statements.find(&reading, &rooms.knowledge, &mut actors, &times);
        Ok(look(&rooms.events, &reading, &rooms.knowledge, &mut actors, &times, &statements))
    }

    /// Reads one text.
    ///
    /// # Errors
    /// If the text is over the size limit or its date is no date.
    pub fn read(&mut self, input: impl Into<Input>) -> Result<Document, ReadError> {
        let input = input.into();
        let rooms = self.rooms;
        if input.text.len() > rooms.max_bytes {
            return Err(ReadError::TooLarge { bytes: input.text.len(), limit: rooms.max_bytes });
        }
        let date = match &input.date {
            Some(date) => Some(times::parse_date(date).ok_or_else(|| ReadError::Date(date.clone()))?),
            None => None,
        };
        let layers = input.layers;
        let parsed = layers.tokens || layers.entities || layers.statements || layers.events;
        let text = input.text.as_str();

        self.analyse(text, parsed);
        let reading = Reading { text, title: input.title.as_deref(), date, analysis: &self.analysis };
        let times =
            if layers.times || layers.statements || layers.events { rooms.times.find(&reading) } else { Vec::new() };
        let mut actors = if layers.entities || layers.statements || layers.events {
            rooms.actors.find(&reading, &rooms.knowledge)
        } else {
            Default::default()
        };
        let statements = if layers.statements || layers.events {
            rooms.statements.find(&reading, &rooms.knowledge, &mut actors, &times)
        } else {
            Vec::new()
        };
        let events = if layers.events {
            rooms.events.find(&reading, &rooms.knowledge, &mut actors, &times, &statements, layers.why)
        } else {
            Vec::new()
        };
        let (entities, roles) = if layers.entities || layers.statements || layers.events {
            actors.into_record(&reading)
        } else {
            Default::default()
        };
        let record = Record {
            schema: record::SCHEMA.to_string(),
            sentences: self
                .analysis
                .sentences
                .iter()
                .map(|s| record::Range::new(s.start as usize, s.end as usize))
                .collect(),
            tokens: layers.tokens.then(|| tokens(&reading)),
            entities,
            roles,
            times: if layers.times { times } else { Vec::new() },
            statements: if layers.statements { statements } else { Vec::new() },
            events,
            id: input.id,
            title: input.title,
            date: input.date,
            lang: "de".to_string(),
            source: input.source,
            url: input.url,
            cluster: None,
            text: None,
        };
        Ok(Document::new(input.text, record))
    }
}

fn tokens(reading: &Reading<'_>) -> Vec<record::Token> {
    let analysis = reading.analysis;
    let token = |(i, t): (usize, &crate::analysis::Token)| record::Token {
        start: t.start as usize,
        end: t.end as usize,
        lemma: analysis.lemma(i).to_string(),
        upos: t.upos.as_str().to_string(),
        feats: t.feats.to_string(),
        head: analysis.head(i).map_or(-1, |h| h as i64),
        deprel: t.deprel.as_str().to_string(),
        sentence: t.sentence as usize,
        predicate: analysis.has_separated_prefix(i).then(|| analysis.predicate(i).to_string()),
    };
    analysis.tokens.iter().enumerate().map(token).collect()
}
