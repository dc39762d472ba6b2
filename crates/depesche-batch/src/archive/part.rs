//! One part of a dataset while it is written.

use super::account::{Account, Position};
use super::duplicates::{Clusters, Signature};
use super::plan::{Duplicates, Format, Plan, StoredPart};
use super::{ArchiveError, Content, Found, Read};
use crate::Fault;
use depesche::record::SCHEMA;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tracing::{debug, info, warn};

/// What is written of a document that is not in the dataset.
#[derive(Serialize)]
struct Missing<'a> {
    schema: &'static str,
    id: &'a str,
    document: u64,
    source: &'a str,
    position: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<u64>,
}

/// Reasons why documents are passed over.
const LANGUAGE: &str = "language";
const DUPLICATE: &str = "duplicate";

/// A part that is being written.
pub(super) struct Part {
    plan: Plan,
    number: u64,
    first: u64,
    /// What became of its documents.
    pub account: Account,
    data: Data,
    errors: Output,
    skipped: Output,
    signatures: Vec<u8>,
}

/// A file under a temporary name.
struct Output {
    stream: BufWriter<File>,
    path: PathBuf,
}

impl Output {
    fn create(path: PathBuf) -> Result<Output, ArchiveError> {
        let temporary = temporary(&path);
        let file = File::create(&temporary).map_err(ArchiveError::output(&temporary))?;
        Ok(Output { stream: BufWriter::with_capacity(1 << 16, file), path })
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), ArchiveError> {
        let written = serde_json::to_writer(&mut self.stream, value).map_err(io::Error::from);
        written.and_then(|()| self.stream.write_all(b"\n")).map_err(ArchiveError::output(&self.path))
    }

    /// Puts the file onto the disk and gives it its name.
    fn complete(self) -> Result<(), ArchiveError> {
        let Output { stream, path } = self;
        let done = stream.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        done.and_then(|()| fs::rename(temporary(&path), &path)).map_err(ArchiveError::output(&path))
    }
}

/// The name of a file until it is complete.
pub(super) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

/// Writes a small file in one go.
pub(super) fn write(path: PathBuf, bytes: &[u8]) -> Result<(), ArchiveError> {
    let mut output = Output::create(path)?;
    output.stream.write_all(bytes).map_err(ArchiveError::output(&output.path))?;
    output.complete()
}

/// The records of a part.
enum Data {
    Lines(Output),
    Gzip(Box<flate2::write::GzEncoder<BufWriter<File>>>, PathBuf),
    Zstd(Box<zstd::Encoder<'static, BufWriter<File>>>, PathBuf),
    #[cfg(feature = "tables")]
    Tables(Box<crate::tables::Tables>),
}

impl Part {
    /// Opens a part whose first document is `first`.
    pub fn create(plan: &Plan, number: u64, first: u64) -> Result<Part, ArchiveError> {
        let data = match plan.format {
            Format::JsonLines => Data::Lines(Output::create(plan.data("records", number))?),
            Format::JsonLinesGzip => {
                let Output { stream, path } = Output::create(plan.data("records", number))?;
                Data::Gzip(Box::new(flate2::write::GzEncoder::new(stream, flate2::Compression::default())), path)
            }
            Format::JsonLinesZstd => {
                let Output { stream, path } = Output::create(plan.data("records", number))?;
                let encoder = zstd::Encoder::new(stream, 3).map_err(ArchiveError::output(&path))?;
                Data::Zstd(Box::new(encoder), path)
            }
            #[cfg(feature = "tables")]
            Format::Parquet | Format::Arrow => Data::Tables(Box::default()),
        };
        Ok(Part {
            plan: plan.clone(),
            number,
            first,
            account: Account { parts: 1, ..Account::default() },
            data,
            errors: Output::create(plan.state("errors", number, "jsonl"))?,
            skipped: Output::create(plan.state("skipped", number, "jsonl"))?,
            signatures: Vec::new(),
        })
    }

    /// Takes in a document and says what became of it.
    pub fn add(&mut self, document: u64, read: Read, clusters: &mut Clusters) -> Result<Account, ArchiveError> {
        let Read { id, origin, bytes, result } = read;
        let mut account = Account { documents: 1, bytes, ..Account::default() };
        let mut missing = Missing {
            schema: SCHEMA,
            id: &id,
            document,
            source: &origin.source,
            position: origin.position,
            error: None,
            reason: None,
            cluster: None,
        };
        // Documents that are not read have a signature all the same, so that numbers fit.
        let mut signature = Signature::default();
        match result {
            Err(fault) if fault.kind == LANGUAGE => {
                debug!(%origin, id, language = %fault.message, "not German, skipped");
                account.skipped.insert(LANGUAGE.into(), 1);
                missing.reason = Some(&fault.message);
                self.skipped.line(&missing)?;
            }
            Err(fault) => {
                warn!(%origin, id, kind = %fault.kind, "{fault}");
                account.errors.insert(fault.kind.to_string(), 1);
                missing.error = Some(&fault);
                self.errors.line(&missing)?;
            }
            Ok(found) => {
                let Found { words, counts, signature: own, content } = *found;
                signature = own;
                let cluster = match clusters.mode() {
                    Duplicates::Ignore => None,
                    _ => Some(clusters.cluster(document, &signature)),
                };
                if clusters.mode() == Duplicates::FirstOnly && cluster != Some(document) {
                    debug!(%origin, id, cluster, "a near-duplicate, skipped");
                    account.skipped.insert(DUPLICATE.into(), 1);
                    missing.reason = Some("a near-duplicate");
                    missing.cluster = cluster;
                    self.skipped.line(&missing)?;
                } else {
                    account.add(&counts);
                    self.write(document, content, cluster)?;
                }
                account.words = words;
            }
        }
        if clusters.mode() != Duplicates::Ignore {
            self.signatures.extend_from_slice(&signature.to_bytes());
        }
        self.account.add(&account);
        Ok(account)
    }

    fn write(&mut self, document: u64, content: Content, cluster: Option<u64>) -> Result<(), ArchiveError> {
        let line = match content {
            Content::Line(line) => line,
            #[cfg(feature = "tables")]
            Content::Record(mut record) => {
                record.cluster = cluster.map(|cluster| cluster.to_string());
                if let Data::Tables(tables) = &mut self.data {
                    tables.push(document, &record, self.plan.no_text);
                }
                return Ok(());
            }
        };
        let _ = document;
        let (stream, path): (&mut dyn Write, &Path) = match &mut self.data {
            Data::Lines(output) => (&mut output.stream, &output.path),
            Data::Gzip(stream, path) => (stream, path),
            Data::Zstd(stream, path) => (stream, path),
            #[cfg(feature = "tables")]
            Data::Tables(_) => return Ok(()),
        };
        line.write(stream, cluster).map_err(ArchiveError::output(path))
    }

    /// Gives the part's files their names; its account comes last.
    pub fn complete(self, position: Position) -> Result<(), ArchiveError> {
        let Part { plan, number, first, account, data, errors, skipped, signatures } = self;
        match data {
            Data::Lines(output) => output.complete()?,
            Data::Gzip(encoder, path) => {
                let stream = encoder.finish().map_err(ArchiveError::output(&path))?;
                Output { stream, path }.complete()?;
            }
            Data::Zstd(encoder, path) => {
                let stream = encoder.finish().map_err(ArchiveError::output(&path))?;
                Output { stream, path }.complete()?;
            }
            #[cfg(feature = "tables")]
            Data::Tables(mut tables) => write_tables(&plan, number, &mut tables)?,
        }
        errors.complete()?;
        skipped.complete()?;
        if plan.duplicates != Duplicates::Ignore {
            write(plan.state("signatures", number, "bin"), &signatures)?;
        }
        let stored = StoredPart { part: number, first, position, account };
        let json = serde_json::to_vec(&stored).map_err(io::Error::from);
        let account = &stored.account;
        let path = plan.state("part", number, "json");
        write(path.clone(), &json.map_err(ArchiveError::output(&path))?)?;
        info!(part = number, documents = account.documents, records = account.records, "part complete");
        Ok(())
    }
}

#[cfg(feature = "tables")]
fn write_tables(plan: &Plan, number: u64, tables: &mut crate::tables::Tables) -> Result<(), ArchiveError> {
    let other = |error: &dyn std::fmt::Display| io::Error::other(error.to_string());
    for (name, batch) in tables.finish().map_err(|e| other(&e)).map_err(ArchiveError::output(&plan.out))? {
        let mut output = Output::create(plan.data(name, number))?;
        let written = match plan.format {
            Format::Arrow => arrow_ipc::writer::FileWriter::try_new(&mut output.stream, &batch.schema())
                .and_then(|mut writer| writer.write(&batch).and_then(|()| writer.finish()))
                .map_err(|e| other(&e)),
            _ => {
                let zstd = parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default());
                let properties = parquet::file::properties::WriterProperties::builder().set_compression(zstd).build();
                parquet::arrow::ArrowWriter::try_new(&mut output.stream, batch.schema(), Some(properties))
                    .and_then(|mut writer| writer.write(&batch).and_then(|()| writer.close()))
                    .map(|_| ())
                    .map_err(|e| other(&e))
            }
        };
        written.map_err(ArchiveError::output(&output.path))?;
        output.complete()?;
    }
    Ok(())
}
