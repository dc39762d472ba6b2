//! What became of the documents of a run or of a part of it, in numbers.

use crate::codes::{code, pairs};
use depesche::record::{Record, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a part ended in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Position {
    /// Index of the source.
    pub source: usize,
    /// Documents that were taken from it.
    pub documents: u64,
}

/// Counts of a run. Documents are always records, errors and skipped ones together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    /// Parts that are complete.
    pub parts: u64,
    /// Documents of the input.
    pub documents: u64,
    /// Documents that were read and are in the dataset.
    pub records: u64,
    /// Documents that could not be read, by the kind of error.
    pub errors: BTreeMap<String, u64>,
    /// Documents that were passed over on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Bytes of text.
    pub bytes: u64,
    /// Words of the documents that were read.
    pub words: u64,
    /// Events by type.
    pub events: BTreeMap<String, u64>,
    /// Actual events by the codes of actor and recipient, `RUS > UKR`; of different codes only.
    pub dyads: BTreeMap<String, u64>,
    /// Statements by speaker.
    pub speakers: BTreeMap<String, u64>,
}

impl Account {
    /// Documents that could not be read.
    pub fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Documents that were passed over.
    pub fn passed_over(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Whether no document is missing.
    pub fn adds_up(&self) -> bool {
        self.documents == self.records + self.failed() + self.passed_over()
    }

    /// The greatest counts of a table, the greatest first; equal ones by name.
    pub fn top(table: &BTreeMap<String, u64>, n: usize) -> Vec<(&str, u64)> {
        let mut rows: Vec<(&str, u64)> = table.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        rows.truncate(n);
        rows
    }

    /// Takes in what another account counts.
    pub(super) fn add(&mut self, other: &Account) {
        self.parts += other.parts;
        self.documents += other.documents;
        self.records += other.records;
        self.bytes += other.bytes;
        self.words += other.words;
        let tables = [
            (&mut self.errors, &other.errors),
            (&mut self.skipped, &other.skipped),
            (&mut self.events, &other.events),
            (&mut self.dyads, &other.dyads),
            (&mut self.speakers, &other.speakers),
        ];
        for (mine, theirs) in tables {
            for (name, count) in theirs {
                match mine.get_mut(name) {
                    Some(mine) => *mine += count,
                    None => {
                        mine.insert(name.clone(), *count);
                    }
                }
            }
        }
    }

    /// Counts a record.
    pub(super) fn count(&mut self, record: &Record) {
        self.records += 1;
        let entity = |id: usize| record.entities.get(id);
        for event in &record.events {
            *self.events.entry(code(event.kind)).or_default() += 1;
            if event.status != Status::Actual {
                continue;
            }
            for (actor, recipient) in pairs(&event.actors, &event.recipients) {
                let code = |id: Option<usize>| id.and_then(entity).and_then(|e| e.code.as_deref());
                if let (Some(a), Some(b)) = (code(actor), code(recipient))
                    && a != b
                {
                    *self.dyads.entry(format!("{a} > {b}")).or_default() += 1;
                }
            }
        }
        for party in record.statements.iter().filter_map(|s| s.speaker.as_ref()) {
            for name in party.entities.iter().filter_map(|&id| entity(id)).map(|e| &e.name) {
                *self.speakers.entry(name.clone()).or_default() += 1;
            }
        }
    }
}
