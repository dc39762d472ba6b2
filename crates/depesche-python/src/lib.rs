//! The Python extension module `_depesche`: thin over the core and the batch pipeline.
//!
//! It hands out records; the package in `python/depesche` gives them their Python face. Every call that reads a text
//! lets other Python threads run meanwhile.

mod articles;
mod batch;
mod engine;
mod frames;
mod record;
mod stream;

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(_depesche, Fault, PyException, "A document that could not be read; arguments: id, kind, message.");

/// The program: `arguments` without its name; returns the exit status.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
    let words = std::iter::once("depesche".into()).chain(arguments);
    py.detach(|| depesche_cli::run(words))
}

/// The native half of the package.
#[pymodule(gil_used = false)]
fn _depesche(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Fault", module.py().get_type::<Fault>())?;
    module.add_class::<engine::Engine>()?;
    module.add_class::<record::Record>()?;
    module.add_class::<articles::Articles>()?;
    module.add_class::<stream::Stream>()?;
    module.add_class::<frames::Table>()?;
    module.add_function(wrap_pyfunction!(frames::tables, module)?)?;
    module.add_function(wrap_pyfunction!(batch::batch, module)?)?;
    module.add_function(wrap_pyfunction!(main, module)?)
}
