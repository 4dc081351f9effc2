//! Errors on their way to Python.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::PyErr;

/// Why there is no diagnosis: its kind, by which the other half chooses the exception, and the words.
pub(crate) struct Failed(pub(crate) &'static str, pub(crate) String);

impl From<Failed> for PyErr {
    fn from(Failed(kind, words): Failed) -> PyErr {
        PyRuntimeError::new_err((kind, words))
    }
}
