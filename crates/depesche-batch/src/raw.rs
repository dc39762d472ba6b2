//! A document on its way in: bytes as they lie in the source, and how they become an [`Input`].
//!
//! Readers only cut sources into documents; decoding and parsing happen in [`Raw::open`], which runs on the workers.

use crate::{Fault, language};
use depesche::{Input, Layers};
use serde_json::Value;
use std::sync::Arc;

/// Where a document was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The file, `-` for standard input, empty for documents made by a program.
    pub source: Arc<str>,
    /// The line or entry in the file, from 1; 0 where the file is the document.
    pub position: u64,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.position {
            0 => write!(f, "{}", self.source),
            n => write!(f, "{}:{n}", self.source),
        }
    }
}

/// A document as it lies in its source.
#[derive(Debug)]
pub struct Raw {
    /// Where it was found.
    pub origin: Origin,
    /// The identifier, where the document does not bring its own.
    pub id: String,
    /// What was found.
    pub body: Body,
}

/// The content of a [`Raw`] document.
#[derive(Debug)]
pub enum Body {
    /// Running text in UTF-8.
    Text(Vec<u8>),
    /// A JSON object with fields.
    Json(Vec<u8>),
    /// A web page.
    #[cfg(feature = "html")]
    Html(Box<crate::Page>),
    /// Fields that a program or a table gave.
    Fields(Box<Fields>),
    /// The source could not give the document.
    Fault(Fault),
}

/// A document's fields as text.
#[derive(Debug, Default, Clone)]
#[allow(missing_docs)] // the names of the record
pub struct Fields {
    pub text: String,
    pub id: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub source: Option<String>,
    pub url: Option<String>,
}

/// What holds for documents that do not say otherwise.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// Date of documents without one.
    pub date: Option<String>,
    /// Layers that are read.
    pub layers: Layers,
    /// What the fields are called in the input.
    pub columns: Columns,
    /// Whether texts that are certainly not German are refused, as a fault of kind `language`.
    pub german_only: bool,
    /// Texts of more words are refused, as a fault of kind `too-large`. The engine takes the same time for every word,
    /// so that this bounds the time that one document takes.
    pub max_words: Option<u64>,
}

/// So many bytes count as a word where nothing separates words.
const WORD_BYTES: u64 = 64;

impl Defaults {
    /// Whether a text is one that is read.
    fn admit(&self, text: &str) -> Result<(), Fault> {
        if let Some(limit) = self.max_words {
            // Few words fit into few bytes: most texts need not be counted.
            let bytes = text.len() as u64;
            let words = if bytes / 2 < limit { 0 } else { text.split_whitespace().count() as u64 };
            let words = words.max(bytes / WORD_BYTES);
            if words > limit {
                return Err(Fault::new("too-large", format!("{words} words, more than the limit of {limit}")));
            }
        }
        match self.german_only.then(|| language::foreign(text)).flatten() {
            Some(language) => Err(Fault::new("language", language)),
            None => Ok(()),
        }
    }
}

/// What the fields of a document are called in tables and JSON objects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the names of the record
pub struct Columns {
    pub text: String,
    pub id: String,
    pub title: String,
    pub date: String,
    pub source: String,
    pub url: String,
}

impl Default for Columns {
    fn default() -> Self {
        let [text, id, title, date, source, url] = ["text", "id", "title", "date", "source", "url"].map(String::from);
        Columns { text, id, title, date, source, url }
    }
}

impl Columns {
    /// The fault of a table without a column for the text.
    pub(crate) fn missing(&self, there: &[&str]) -> Fault {
        let message = format!("there is no column `{}` for the text; there are {}", self.text, there.join(", "));
        Fault::new("field", message)
    }
}

impl Raw {
    /// A text made by a program.
    pub fn text(id: impl Into<String>, text: impl Into<String>) -> Raw {
        let fields = Fields { text: text.into(), ..Fields::default() };
        Raw { origin: Origin::default(), id: id.into(), body: Body::Fields(Box::new(fields)) }
    }

    /// Bytes of the document, for the pipeline's memory limit.
    pub fn weight(&self) -> usize {
        match &self.body {
            Body::Text(bytes) | Body::Json(bytes) => bytes.len(),
            #[cfg(feature = "html")]
            Body::Html(page) => page.bytes.len(),
            Body::Fields(fields) => fields.text.len(),
            Body::Fault(_) => 0,
        }
    }

    /// Looks into the document: its identifier, and its fields or why there are none.
    pub fn fields(self, defaults: &Defaults) -> (String, Origin, Result<Fields, Fault>) {
        let Raw { origin, mut id, body } = self;
        let fields = match body {
            Body::Text(bytes) => decode(bytes).map(|text| Fields { text, ..Fields::default() }),
            Body::Json(bytes) => object(bytes, &mut id, &defaults.columns),
            #[cfg(feature = "html")]
            Body::Html(page) => page.article(),
            Body::Fields(fields) => Ok(*fields),
            Body::Fault(fault) => Err(fault),
        };
        if let Ok(Fields { id: Some(own), .. }) = &fields {
            id.clone_from(own);
        }
        let fields = fields.and_then(|fields| defaults.admit(&fields.text).map(|()| fields));
        let dated = |fields: Fields| Fields { date: fields.date.or_else(|| defaults.date.clone()), ..fields };
        (id, origin, fields.map(dated))
    }

    /// Looks into the document: its identifier, and the input for the engine or why there is none.
    pub fn open(self, defaults: &Defaults) -> (String, Origin, Result<Input, Fault>) {
        let (id, origin, fields) = self.fields(defaults);
        let input = fields.map(|fields| {
            let mut input = Input::new(fields.text).id(id.as_str()).layers(defaults.layers);
            if let Some(date) = fields.date {
                input = input.date(date);
            }
            if let Some(title) = fields.title {
                input = input.title(title);
            }
            if let Some(source) = fields.source {
                input = input.source(source);
            }
            if let Some(url) = fields.url {
                input = input.url(url);
            }
            input
        });
        (id, origin, input)
    }
}

/// UTF-8 with or without a byte order mark.
fn decode(bytes: Vec<u8>) -> Result<String, Fault> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new("encoding", format!("byte {at} is not UTF-8 (is it Latin-1?); convert the text to UTF-8 first"))
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The fields of a JSON object. `id` is set as soon as the object tells it, so that a fault can name the document.
fn object(bytes: Vec<u8>, id: &mut String, columns: &Columns) -> Result<Fields, Fault> {
    let text = decode(bytes)?;
    let value: Value = serde_json::from_str(&text).map_err(|e| {
        let message = e.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        Fault::new("json", format!("not JSON: {message} at column {}", e.column()))
    })?;
    let Value::Object(mut map) = value else {
        let found = name_of(&value);
        return Err(Fault::new("json", format!("a JSON object with `{}` is expected, found {found}", columns.text)));
    };
    match map.remove(&columns.id) {
        None | Some(Value::Null) => {}
        Some(Value::String(own)) => *id = own,
        Some(Value::Number(own)) => *id = own.to_string(),
        Some(other) => {
            let message = format!("`{}` must be a string or a number, found {}", columns.id, name_of(&other));
            return Err(Fault::new("field", message));
        }
    }
    let mut field = |name: &str| match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) => Ok(Some(s)),
        Some(other) => Err(Fault::new("field", format!("`{name}` must be a string, found {}", name_of(&other)))),
    };
    let text = field(&columns.text)?.ok_or_else(|| Fault::new("field", format!("`{}` is missing", columns.text)))?;
    Ok(Fields {
        text,
        id: None,
        title: field(&columns.title)?,
        date: field(&columns.date)?,
        source: field(&columns.source)?,
        url: field(&columns.url)?,
    })
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(json: &str) -> (String, Result<(), String>) {
        let raw = Raw { origin: Origin::default(), id: "7".into(), body: Body::Json(json.into()) };
        let (id, _, input) = raw.open(&Defaults::default());
        (id, input.map(|_| ()).map_err(|f| f.kind.into_owned()))
    }

    #[test]
    fn identifiers_may_be_strings_or_numbers_or_missing() {
        assert_eq!(open(r#"{"id": "a", "text": ""}"#), ("a".into(), Ok(())));
        assert_eq!(open(r#"{"id": 12, "text": ""}"#), ("12".into(), Ok(())));
        assert_eq!(open(r#"{"text": ""}"#), ("7".into(), Ok(())));
        assert_eq!(open(r#"{"id": [1], "text": ""}"#), ("7".into(), Err("field".into())));
    }

    #[test]
    fn a_fault_names_the_document_as_far_as_it_is_known() {
        assert_eq!(open(r#"{"id": "a"}"#), ("a".into(), Err("field".into())));
        assert_eq!(open(r#"{"id": "a", "text": 5}"#), ("a".into(), Err("field".into())));
        assert_eq!(open(r#"{"id": "a", "text": "#), ("7".into(), Err("json".into())));
        assert_eq!(open(r#"["text"]"#), ("7".into(), Err("json".into())));
    }

    #[test]
    fn words_are_limited_and_those_of_endless_length_count_as_many() {
        let admit = |text: &str| Defaults { max_words: Some(10), ..Defaults::default() }.admit(text).is_ok();
        assert!(admit("a b c d e f g h i j"));
        assert!(!admit("a b c d e f g h i j k"));
        assert!(admit(&"x".repeat(640)));
        assert!(!admit(&"x".repeat(704)));
        assert!(Defaults::default().admit(&"x ".repeat(1000)).is_ok());
    }

    #[test]
    fn deep_nesting_is_a_fault_not_an_overflow() {
        assert_eq!(open(&"[".repeat(200_000)).1, Err("json".into()));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(decode("\u{feff}Bonn".into()), Ok("Bonn".into()));
        assert_eq!(decode(vec![b'B', 0xfc]).unwrap_err().kind, "encoding");
    }
}
