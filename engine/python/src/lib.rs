//! The native half of the package: logs to a diagnosis, and a diagnosis to reports. `python/rdpwhy` is what people see.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use rdpwhy_diagnose::diagnosis::{Diagnosis, Warning};
use rdpwhy_event::FileTime;
use rdpwhy_logs::{MAX_EVENTS, ReadError, ReadOptions, Reading, Source, with_threads};
use rdpwhy_report::{HtmlOptions, JsonOptions, MarkdownOptions, TextOptions};
use rdpwhy_rules::{CodeValue, Pack, RuleFile};
use serde::Deserialize;

/// Columns of the text report.
const WIDTH: usize = 80;

/// What the ticket says and how to read, as the other half hands it over. Times are RFC 3339 with an offset.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    error: Option<u32>,
    extended: Option<u32>,
    at: Option<Timestamp>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    user: Option<String>,
    source: Option<String>,
    target: Option<String>,
    case: Option<String>,
    tz: Option<String>,
    full: bool,
    recover: bool,
    redact: bool,
    threads: Option<NonZeroUsize>,
    max_events: Option<NonZeroUsize>,
    /// Path and text of rule files to add.
    rules: Vec<(String, String)>,
}

/// Why there is no diagnosis: its kind, by which the other half chooses the exception, and the words.
struct Failed(&'static str, String);

impl From<Failed> for PyErr {
    fn from(Failed(kind, words): Failed) -> PyErr {
        PyRuntimeError::new_err((kind, words))
    }
}

/// A diagnosis, from which reports are made.
#[pyclass(frozen)]
struct Made {
    diagnosis: Diagnosis,
    complete: bool,
    full: bool,
    case: Option<String>,
    zone: Option<TimeZone>,
}

#[pymethods]
impl Made {
    /// Every input was read completely.
    #[getter]
    fn complete(&self) -> bool {
        self.complete
    }

    /// The JSON report of the command.
    fn json(&self, py: Python<'_>) -> String {
        let options = JsonOptions { full: self.full, case: self.case.clone() };
        py.detach(|| rdpwhy_report::json(&self.diagnosis, &options))
    }

    /// The HTML report.
    fn html(&self, py: Python<'_>) -> String {
        let options = HtmlOptions { case: self.case.clone(), time_zone: self.zone.clone(), explain: None };
        py.detach(|| rdpwhy_report::html(&self.diagnosis, &options))
    }

    /// The Markdown report.
    fn markdown(&self, py: Python<'_>) -> String {
        let options = MarkdownOptions {
            verbose: false,
            brief: false,
            case: self.case.clone(),
            time_zone: self.zone.clone(),
        };
        py.detach(|| rdpwhy_report::markdown(&self.diagnosis, &options))
    }

    /// The text report.
    fn text(&self, py: Python<'_>) -> String {
        let options = TextOptions {
            width: WIDTH,
            verbose: false,
            brief: !self.full,
            case: self.case.clone(),
            color: false,
            time_zone: self.zone.clone(),
            explain: None,
        };
        py.detach(|| rdpwhy_report::text(&self.diagnosis, &options))
    }
}

/// Diagnoses logs at paths and logs in memory as one case.
#[pyfunction]
fn diagnose(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    named: Vec<(String, PyBackedBytes)>,
    options: &str,
) -> PyResult<Made> {
    let asked: Asked = serde_json::from_str(options).map_err(|error| Failed("option", error.to_string()))?;
    let bytes = named.iter().map(|(name, bytes)| Source::bytes(name.as_str(), bytes.as_ref()));
    let sources: Vec<Source> = paths.into_iter().map(Source::from).chain(bytes).collect();
    Ok(py.detach(|| make(&sources, asked))?)
}

fn make(sources: &[Source], asked: Asked) -> Result<Made, Failed> {
    let zone = asked.tz.as_deref().map(zone).transpose()?;
    let rules: Vec<RuleFile> =
        asked.rules.iter().cloned().map(|(path, text)| RuleFile { path, text }).collect();
    let (pack, _) = Pack::built_in(&rules)
        .map_err(|error| Failed("rules", error.faults.render_counted(false).to_string()))?;
    let options = ReadOptions {
        threads: asked.threads,
        recover: asked.recover,
        max_events: Some(
            asked.max_events.unwrap_or(NonZeroUsize::new(MAX_EVENTS).unwrap_or(NonZeroUsize::MIN)),
        ),
        zone: zone.clone(),
        whole_values: asked.full,
        ..ReadOptions::default()
    };
    let reading = rdpwhy_logs::read(sources, &pack, &options, &()).map_err(|error| match error {
        ReadError::Threads(_) => Failed("other", error.to_string()),
        _ => Failed("logs", error.to_string()),
    })?;
    let ticket = ticket(&asked);
    let mut diagnosis = with_threads(asked.threads, || rdpwhy_diagnose::diagnose(&reading, &pack, &ticket))
        .map_err(|error| Failed("other", error.to_string()))?;
    // As the command does.
    let several = rdpwhy_batch::several_cases(&diagnosis, &reading, &pack);
    diagnosis.warnings.extend(several.map(Warning::Input));
    if asked.redact {
        diagnosis = nameless(&diagnosis, &reading, &pack)?;
    }
    Ok(Made { diagnosis, complete: !reading.partial(), full: asked.full, case: asked.case, zone })
}

fn ticket(asked: &Asked) -> rdpwhy_diagnose::Options {
    let time = |time: Option<Timestamp>| time.map(FileTime::from);
    rdpwhy_diagnose::Options {
        since: time(asked.since),
        until: time(asked.until),
        at: time(asked.at),
        error: asked.error,
        extended: asked.extended,
        user: asked.user.clone(),
        source: asked.source.clone(),
        target: asked.target.clone(),
        whole_values: asked.full,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn zone(name: &str) -> Result<TimeZone, Failed> {
    TimeZone::get(name).map_err(|_| Failed("option", format!("unknown time zone `{name}`")))
}

/// The diagnosis with pseudonyms, checked in every format.
fn nameless(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Result<Diagnosis, Failed> {
    let redacted = rdpwhy_diagnose::redact(diagnosis, reading, pack);
    let json =
        |diagnosis: &Diagnosis| rdpwhy_report::json(diagnosis, &JsonOptions { full: true, case: None });
    let html = |diagnosis: &Diagnosis| rdpwhy_report::html(diagnosis, &HtmlOptions::default());
    let left = redacted.names_left(&json(&redacted.diagnosis), json).len()
        + redacted.names_left(&html(&redacted.diagnosis), html).len();
    if left > 0 {
        return Err(Failed("redaction", "names are left in the report in spite of redact=True".to_owned()));
    }
    Ok(redacted.diagnosis)
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
    let (pack, _) = Pack::built_in(&[])
        .map_err(|error| Failed("rules", error.faults.render_counted(false).to_string()))?;
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
    use super::{Made, diagnose, explain};

    /// The version of rdpwhy.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
