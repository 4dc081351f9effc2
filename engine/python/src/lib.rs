//! The native half of the package: logs to a diagnosis, and a diagnosis to reports. `python/rdpwhy` is what people see.

mod asked;
mod failed;
mod made;
mod many;

use std::path::PathBuf;

use asked::{Asked, pack};
use failed::Failed;
use made::Made;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use rdpwhy_logs::Source;
use rdpwhy_rules::codes::CodeValue;

/// Diagnoses logs at paths and logs in memory as one case.
#[pyfunction]
fn diagnose(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    named: Vec<(String, PyBackedBytes)>,
    options: &str,
) -> PyResult<Made> {
    let asked = Asked::parse(options)?;
    let bytes = named.iter().map(|(name, bytes)| Source::bytes(name.as_str(), bytes.as_ref()));
    let sources: Vec<Source> = paths.into_iter().map(Source::from).chain(bytes).collect();
    Ok(py.detach(|| made::make(&sources, &asked))?.0)
}

/// A meaning of a code: table, title of the table, name, meaning, what it does not mean, causes.
type Meaning = (String, String, Option<String>, String, Option<String>, Vec<String>);

/// What a code means, in each table that has it.
#[pyfunction]
fn explain(py: Python<'_>, code: &str) -> PyResult<Vec<Meaning>> {
    let value =
        CodeValue::parse(code).ok_or_else(|| Failed("option", format!("not a valid code: `{code}`")))?;
    Ok(py.detach(|| meanings(&value))?)
}

fn meanings(value: &CodeValue) -> Result<Vec<Meaning>, Failed> {
    let pack = pack(&[])?;
    let found = pack.codes().iter().filter_map(|table| Some((table, table.find(value)?)));
    let meaning = found.map(|(table, code)| {
        let causes = code.causes.iter().map(|id| pack.cause(*id).id.to_string()).collect();
        (
            table.id.clone(),
            table.title.clone(),
            code.name.clone(),
            code.means.clone(),
            code.not.clone(),
            causes,
        )
    });
    Ok(meaning.collect())
}

#[pymodule]
mod _rdpwhy {
    #[pymodule_export]
    use super::many::{
        across, case_rows, check_options, failed_rows, fingerprint, is_archive, is_one_case, named_apart,
    };
    #[pymodule_export]
    use super::{Made, diagnose, explain};

    /// The version of rdpwhy.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
