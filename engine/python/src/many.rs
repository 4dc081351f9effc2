//! What the fleet needs: the rows of a case, and the view across cases. The same code makes those of `rdpwhy batch`.

use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;
use rdpwhy_batch::{Case, CaseRow, Entry, Rows};
use rdpwhy_logs::Source;

use crate::asked::{Asked, pack};
use crate::failed::Failed;
use crate::made::make;

/// Diagnoses one case of many; hands back its rows as JSON, and its reports in the order of `formats`.
#[pyfunction]
pub(crate) fn case_rows(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    options: &str,
    formats: Vec<String>,
) -> PyResult<(String, Vec<String>)> {
    let asked = Asked::parse(options)?;
    Ok(py.detach(|| rows_of(paths, &asked, &formats))?)
}

fn rows_of(paths: Vec<PathBuf>, asked: &Asked, formats: &[String]) -> Result<(String, Vec<String>), Failed> {
    let sources: Vec<Source> = paths.into_iter().map(Source::from).collect();
    let (made, reading, pack) = make(&sources, asked)?;
    let reports: Result<Vec<String>, Failed> = formats.iter().map(|format| made.page(format)).collect();
    let case = asked.case.as_deref().unwrap_or_default();
    let source = rdpwhy_batch::Source { case, diagnosis: &made.diagnosis, reading: &reading, pack: &pack };
    Ok((json(&rdpwhy_batch::rows(source))?, reports?))
}

/// The rows of a case that could not be diagnosed, as JSON.
#[pyfunction]
pub(crate) fn failed_rows(case: &str, error: &str) -> PyResult<String> {
    Ok(json(&rdpwhy_batch::failed(case, &rdpwhy_batch::one_line(error)))?)
}

fn json(rows: &Rows) -> Result<String, Failed> {
    serde_json::to_string(rows).map_err(|error| Failed("other", error.to_string()))
}

/// What failing cases share, as JSON, and the page about all of them. `rows` are case rows as JSON, in their order.
#[pyfunction]
pub(crate) fn across(
    py: Python<'_>,
    rows: Vec<String>,
    rules: Vec<(String, String)>,
) -> PyResult<(Vec<String>, String)> {
    Ok(py.detach(|| -> Result<_, Failed> {
        let fault = |error: serde_json::Error| Failed("other", error.to_string());
        let rows: Result<Vec<CaseRow>, _> = rows.iter().map(|row| serde_json::from_str(row)).collect();
        let (rows, pack) = (rows.map_err(fault)?, pack(&rules)?);
        let shared = rdpwhy_batch::shared(&rows, &pack);
        let page = rdpwhy_batch::index(&rows, &shared, env!("CARGO_PKG_VERSION"), &pack);
        let lines: Result<Vec<String>, _> = shared.iter().map(serde_json::to_string).collect();
        Ok((lines.map_err(fault)?, page))
    })?)
}

/// A hash of the rules.
#[pyfunction]
pub(crate) fn fingerprint(rules: Vec<(String, String)>) -> PyResult<String> {
    Ok(pack(&rules)?.fingerprint().to_owned())
}

/// Reads options without diagnosing anything, so that a mistake is found now and not after hours.
#[pyfunction]
pub(crate) fn check_options(options: &str) -> PyResult<()> {
    let asked = Asked::parse(options)?;
    let zone = asked.zone()?;
    asked.complaint(zone.as_ref(), None)?;
    Ok(())
}

/// Whether a file is called an archive.
#[pyfunction]
pub(crate) fn is_archive(name: &str) -> bool {
    rdpwhy_logs::has_archive_name(name)
}

/// Whether a folder with these subfolders and archives, and with logs of its own or without, is one case.
#[pyfunction]
pub(crate) fn is_one_case(names: Vec<String>, has_logs: bool) -> PyResult<bool> {
    let pack = pack(&[])?;
    let mut entries: Vec<Entry<'_>> = names.iter().map(|name| Entry::Whole(name)).collect();
    entries.extend(has_logs.then_some(Entry::Log));
    Ok(rdpwhy_batch::is_one_case(&entries, &pack))
}

/// Gives each case a name of its own, and its files one. A case is its name, its folder, its paths, and anything else.
#[pyfunction]
pub(crate) fn named_apart(
    cases: Vec<(String, String, Vec<PathBuf>, String)>,
) -> Vec<(String, String, String)> {
    let cases = cases.into_iter().map(|(name, parent, paths, rest)| {
        let mut case = Case::new(name, parent, paths);
        case.options.push(OsString::from(rest));
        case
    });
    let named = rdpwhy_batch::named_apart(cases.collect());
    let rest = |case: &Case| case.options.first().map(|rest| rest.to_string_lossy().into_owned());
    named
        .into_iter()
        .map(|case| (case.name.clone(), case.stem.clone(), rest(&case).unwrap_or_default()))
        .collect()
}
