//! The tables of a dataset: one row for each document, entity, mention, role, time, statement, event, participant and
//! dyad, with keys between them.
//!
//! `document` numbers the documents of a run in the order of the input, from 0, and is the key of `documents`; within a
//! document, `entity`, `statement` and `event` are the record's numbers. Positions count code points of `text`. Numbers
//! are signed, since Spark and the JVM know no others.

use crate::codes::{code, pairs};
use arrow_array::builder::{Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use depesche::record::{Entity, Range, Record};
use std::sync::Arc;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    /// Number of the document in the run.
    Key,
    /// A small number: an index, a position.
    Int,
    Real,
    Text,
    Texts,
    Ints,
}

/// Every table with its columns.
const TABLES: &[(&str, &[(&str, Type)])] = {
    use Type::*;
    &[
        (
            "documents",
            &[
                ("document", Key),
                ("id", Text),
                ("title", Text),
                ("date", Text),
                ("lang", Text),
                ("source", Text),
                ("url", Text),
                ("cluster", Text),
                ("sentences", Int),
                ("text", Text),
            ],
        ),
        (
            "entities",
            &[
                ("document", Key),
                ("entity", Int),
                ("type", Text),
                ("name", Text),
                ("code", Text),
                ("sector", Text),
                ("lat", Real),
                ("lon", Real),
                ("mentions", Int),
            ],
        ),
        (
            "mentions",
            &[
                ("document", Key),
                ("entity", Int),
                ("start", Int),
                ("end", Int),
                ("kind", Text),
                ("type", Text),
                ("text", Text),
            ],
        ),
        (
            "roles",
            &[
                ("document", Key),
                ("person", Int),
                ("person_name", Text),
                ("role", Text),
                ("of", Int),
                ("of_name", Text),
                ("of_code", Text),
                ("status", Text),
                ("start", Int),
                ("end", Int),
            ],
        ),
        (
            "times",
            &[
                ("document", Key),
                ("start", Int),
                ("end", Int),
                ("type", Text),
                ("value", Text),
                ("mod", Text),
                ("text", Text),
            ],
        ),
        (
            "statements",
            &[
                ("document", Key),
                ("statement", Int),
                ("kind", Text),
                ("medium", Text),
                ("stance", Text),
                ("speakers", Ints),
                ("speaker", Text),
                ("addressees", Ints),
                ("addressee", Text),
                ("text", Text),
                ("start", Int),
                ("end", Int),
                ("within", Int),
                ("date", Text),
            ],
        ),
        (
            "events",
            &[
                ("document", Key),
                ("event", Int),
                ("type", Text),
                ("mode", Text),
                ("status", Text),
                ("contexts", Texts),
                ("place", Int),
                ("place_name", Text),
                ("date", Text),
                ("trigger", Text),
                ("start", Int),
                ("end", Int),
                ("sentence", Int),
                ("statement", Int),
                ("quad", Text),
                ("score", Real),
                ("cameo", Text),
                ("same_as", Int),
                ("confidence", Real),
                ("label", Text),
            ],
        ),
        (
            "participants",
            &[
                ("document", Key),
                ("event", Int),
                ("part", Text),
                ("entity", Int),
                ("name", Text),
                ("type", Text),
                ("code", Text),
                ("sector", Text),
            ],
        ),
        (
            "dyads",
            &[
                ("document", Key),
                ("event", Int),
                ("date", Text),
                ("type", Text),
                ("mode", Text),
                ("status", Text),
                ("quad", Text),
                ("score", Real),
                ("actor", Int),
                ("actor_name", Text),
                ("actor_code", Text),
                ("actor_sector", Text),
                ("recipient", Int),
                ("recipient_name", Text),
                ("recipient_code", Text),
                ("recipient_sector", Text),
            ],
        ),
    ]
};

/// Names of the tables, in the order in which [`Tables`] gives them.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(name, _)| *name)
}

/// Columns that are filled row by row.
enum Column {
    Key(Int64Builder),
    Int(Int32Builder),
    Real(Float64Builder),
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Ints(ListBuilder<Int32Builder>),
}

impl Column {
    fn new(kind: Type) -> Column {
        match kind {
            Type::Key => Column::Key(Int64Builder::new()),
            Type::Int => Column::Int(Int32Builder::new()),
            Type::Real => Column::Real(Float64Builder::new()),
            Type::Text => Column::Text(StringBuilder::new()),
            Type::Texts => Column::Texts(ListBuilder::new(StringBuilder::new())),
            Type::Ints => Column::Ints(ListBuilder::new(Int32Builder::new())),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Key(b) => Arc::new(b.finish()),
            Column::Int(b) => Arc::new(b.finish()),
            Column::Real(b) => Arc::new(b.finish()),
            Column::Text(b) => Arc::new(b.finish()),
            Column::Texts(b) => Arc::new(b.finish()),
            Column::Ints(b) => Arc::new(b.finish()),
        }
    }
}

/// A table under construction. A row is pushed cell by cell, in the order of the columns.
struct Table {
    schema: SchemaRef,
    columns: Vec<Column>,
    at: usize,
}

impl Table {
    fn new(columns: &[(&str, Type)]) -> Table {
        let field = |(name, kind): &(&str, Type)| {
            let list = |item| DataType::List(Arc::new(Field::new_list_field(item, true)));
            let data = match kind {
                Type::Key => DataType::Int64,
                Type::Int => DataType::Int32,
                Type::Real => DataType::Float64,
                Type::Text => DataType::Utf8,
                Type::Texts => list(DataType::Utf8),
                Type::Ints => list(DataType::Int32),
            };
            Field::new(*name, data, *kind != Type::Key)
        };
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        Table { schema, columns: columns.iter().map(|(_, kind)| Column::new(*kind)).collect(), at: 0 }
    }

    fn next(&mut self) -> &mut Column {
        let at = self.at;
        self.at = (at + 1) % self.columns.len();
        &mut self.columns[at]
    }

    fn key(&mut self, document: u64) -> &mut Self {
        match self.next() {
            Column::Key(b) => b.append_value(document as i64),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    fn int(&mut self, value: impl Into<Option<usize>>) -> &mut Self {
        match self.next() {
            Column::Int(b) => b.append_option(value.into().map(|v| v as i32)),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    fn real(&mut self, value: impl Into<Option<f64>>) -> &mut Self {
        match self.next() {
            Column::Real(b) => b.append_option(value.into()),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    fn text<'t>(&mut self, value: impl Into<Option<&'t str>>) -> &mut Self {
        match self.next() {
            Column::Text(b) => b.append_option(value.into()),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    /// A code as the record writes it.
    fn code(&mut self, value: impl serde::Serialize) -> &mut Self {
        self.text(code(value).as_str())
    }

    fn maybe_code(&mut self, value: Option<impl serde::Serialize>) -> &mut Self {
        self.text(value.map(code).as_deref())
    }

    fn texts(&mut self, values: &[String]) -> &mut Self {
        match self.next() {
            Column::Texts(b) => b.append_value(values.iter().map(|v| Some(v.as_str()))),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    fn ints(&mut self, values: &[usize]) -> &mut Self {
        match self.next() {
            Column::Ints(b) => b.append_value(values.iter().map(|&v| Some(v as i32))),
            _ => unreachable!("the table's columns say otherwise"),
        }
        self
    }

    fn span(&mut self, start: usize, end: usize) -> &mut Self {
        self.int(start).int(end)
    }

    /// Name, code and sector of an entity, or three empty cells.
    fn who(&mut self, entity: Option<&Entity>) -> &mut Self {
        self.text(entity.map(|e| e.name.as_str())).text(entity.and_then(|e| e.code.as_deref()));
        self.maybe_code(entity.and_then(|e| e.sector))
    }
}

/// All tables of a set of documents.
pub struct Tables {
    tables: Vec<Table>,
}

impl Default for Tables {
    fn default() -> Self {
        Tables::new()
    }
}

impl Tables {
    /// Empty tables.
    pub fn new() -> Tables {
        Tables { tables: TABLES.iter().map(|(_, columns)| Table::new(columns)).collect() }
    }

    /// Adds a record whose positions count code points. With `no_text` only the excerpts are kept of its text.
    pub fn push(&mut self, document: u64, record: &Record, no_text: bool) {
        let text = Slicer::new(record.text.as_deref().unwrap_or_default());
        let [documents, entities, mentions, roles, times, statements, events, participants, dyads] =
            &mut self.tables[..]
        else {
            unreachable!("there are nine tables");
        };
        let entity = |id: usize| record.entities.get(id);
        documents.key(document).text(record.id.as_str()).text(record.title.as_deref()).text(record.date.as_deref());
        documents.text(record.lang.as_str()).text(record.source.as_deref()).text(record.url.as_deref());
        documents.text(record.cluster.as_deref()).int(record.sentences.len());
        documents.text(record.text.as_deref().filter(|_| !no_text));
        for e in &record.entities {
            entities.key(document).int(e.id).code(e.kind).who(Some(e)).real(e.lat).real(e.lon).int(e.mentions.len());
            for m in &e.mentions {
                mentions.key(document).int(e.id).span(m.start, m.end).code(m.kind).maybe_code(m.entity_type);
                mentions.text(text.slice(m.start, m.end));
            }
        }
        for r in &record.roles {
            let of = r.of.and_then(entity);
            roles.key(document).int(r.person).text(entity(r.person).map(|e| e.name.as_str())).text(r.role.as_str());
            roles.int(r.of).text(of.map(|e| e.name.as_str())).text(of.and_then(|e| e.code.as_deref()));
            roles.code(r.status).span(r.start, r.end);
        }
        for t in &record.times {
            times.key(document).span(t.start, t.end).code(t.kind).text(t.value.as_str()).text(t.modifier.as_deref());
            times.text(text.slice(t.start, t.end));
        }
        for (i, s) in record.statements.iter().enumerate() {
            statements.key(document).int(i).code(s.kind).maybe_code(s.medium).code(s.stance);
            for party in [&s.speaker, &s.addressee] {
                statements.ints(party.as_ref().map_or(&[], |p| &p.entities));
                statements.text(party.as_ref().map(|p| text.slice(p.start, p.end)));
            }
            statements.text(text.join(&s.content).as_str());
            let (start, end) = hull(&s.content);
            statements.int(start).int(end).int(s.within).text(s.date.as_deref());
        }
        for (i, v) in record.events.iter().enumerate() {
            events.key(document).int(i).code(v.kind).text(v.mode.as_deref()).code(v.status).texts(&v.contexts);
            events.int(v.place).text(v.place.and_then(entity).map(|e| e.name.as_str())).text(v.date.as_deref());
            let (start, end) = hull(&v.trigger);
            events.text(text.join(&v.trigger).as_str()).int(start).int(end).int(v.sentence).int(v.statement);
            events.text(v.quad.as_str()).real(v.score).text(v.cameo.as_deref()).int(v.same_as).real(v.confidence);
            events.text(v.label.as_deref());
            for (part, ids) in [("actor", &v.actors), ("recipient", &v.recipients)] {
                for e in ids.iter().filter_map(|&id| entity(id)) {
                    participants.key(document).int(i).text(part).int(e.id).text(e.name.as_str()).code(e.kind);
                    participants.text(e.code.as_deref()).maybe_code(e.sector);
                }
            }
            for (actor, recipient) in pairs(&v.actors, &v.recipients) {
                let date = v.date.as_deref().or(record.date.as_deref());
                dyads.key(document).int(i).text(date).code(v.kind).text(v.mode.as_deref()).code(v.status);
                dyads.text(v.quad.as_str()).real(v.score);
                dyads.int(actor).who(actor.and_then(entity)).int(recipient).who(recipient.and_then(entity));
            }
        }
    }

    /// The tables with their names, and empties them.
    ///
    /// # Errors
    /// Never for tables that [`Tables::push`] has filled.
    pub fn finish(&mut self) -> Result<Vec<(&'static str, RecordBatch)>, ArrowError> {
        let batch = |(name, table): (&'static str, &mut Table)| {
            let columns = table.columns.iter_mut().map(Column::finish).collect();
            Ok((name, RecordBatch::try_new(table.schema.clone(), columns)?))
        };
        names().zip(&mut self.tables).map(batch).collect()
    }
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(names()).finish()
    }
}

fn hull(ranges: &[Range]) -> (Option<usize>, Option<usize>) {
    (ranges.iter().map(|r| r.start).min(), ranges.iter().map(|r| r.end).max())
}

/// Slices a text by code points.
struct Slicer<'t> {
    text: &'t str,
    /// Byte of every code point; empty where they are the same.
    bytes: Vec<u32>,
}

impl<'t> Slicer<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at as u32).collect() };
        Slicer { text, bytes }
    }

    fn byte(&self, position: usize) -> usize {
        match self.bytes.is_empty() {
            true => position,
            false => self.bytes.get(position).map_or(self.text.len(), |&at| at as usize),
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(self.byte(start)..self.byte(end)).unwrap_or_default()
    }

    fn join(&self, ranges: &[Range]) -> String {
        ranges.iter().map(|r| self.slice(r.start, r.end)).collect::<Vec<_>>().join(" … ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use depesche::{Engine, Input};

    #[test]
    fn every_table_is_filled_to_the_last_column() {
        let engine = Engine::german().unwrap();
        let text = "Außenminister Öz sagte am Montag in Bonn, Polen habe Ungarn angegriffen. Er fordert Sanktionen.";
        let mut tables = Tables::new();
        for document in 0..3 {
            let input = Input::new(text).date("2025-04-08").id("a");
            tables.push(document, &engine.read(input).unwrap().record(), false);
        }
        let done = tables.finish().unwrap();
        assert_eq!(done.len(), TABLES.len());
        assert_eq!(done[0].1.num_rows(), 3);
        assert!(tables.tables.iter().all(|table| table.at == 0));
    }

    #[test]
    fn slices_count_code_points() {
        let text = Slicer::new("Öz in Bonn");
        assert_eq!(text.slice(0, 2), "Öz");
        assert_eq!(text.slice(6, 10), "Bonn");
        assert_eq!(text.slice(6, 99), "Bonn");
    }
}
