//! The articles of files, for those who read them elsewhere: on a cluster.

use depesche_batch::readers::{Documents, Source};
use depesche_batch::{Columns, Defaults};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Source of a document, its place there, its identifier; text, title, date, source and address; kind and message of what
/// is wrong with it.
type Article = (String, u64, String, Option<[Option<String>; 5]>, Option<(String, String)>);

/// An iterator over the articles of a file of any kind that the batch engine reads.
#[pyclass(module = "depesche._depesche")]
pub struct Articles {
    documents: Mutex<Documents>,
    defaults: Defaults,
}

#[pymethods]
impl Articles {
    #[new]
    #[pyo3(signature = (path, columns, any_language))]
    fn new(path: PathBuf, columns: [String; 6], any_language: bool) -> Articles {
        let [text, id, title, date, source, url] = columns;
        let columns = Columns { text, id, title, date, source, url };
        let documents = Source::new(path, None).documents(&columns, &Arc::default());
        let defaults = Defaults { columns, german_only: !any_language, ..Defaults::default() };
        Articles { documents: Mutex::new(documents), defaults }
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Article>> {
        py.detach(|| {
            let mut documents =
                self.documents.try_lock().map_err(|_| PyRuntimeError::new_err("the articles are being read"))?;
            Ok(documents.next().map(|raw| {
                let (id, origin, fields) = raw.fields(&self.defaults);
                let (fields, fault) = match fields {
                    Ok(f) => (Some([Some(f.text), f.title, f.date, f.source, f.url]), None),
                    Err(fault) => (None, Some((fault.kind.into_owned(), fault.message))),
                };
                (origin.source.to_string(), origin.position, id, fields, fault)
            }))
        })
    }
}
