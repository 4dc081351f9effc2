//! Logs to a diagnosis, and a diagnosis to reports.

use jiff::tz::TimeZone;
use pyo3::prelude::*;
use rdpwhy_diagnose::diagnosis::{Diagnosis, Warning};
use rdpwhy_event::Warning as InputWarning;
use rdpwhy_logs::{ReadError, Reading, Source, with_threads};
use rdpwhy_report::{HtmlOptions, JsonOptions, MarkdownOptions, TextOptions, visible};
use rdpwhy_rules::Pack;

use crate::asked::{Asked, pack};
use crate::failed::Failed;

/// Every format of a report.
const FORMATS: [&str; 9] =
    ["json", "html", "markdown", "text", "csv", "jsonl", "ecs", "timesketch", "mermaid"];
/// Columns of the text report.
const WIDTH: usize = 80;

/// A diagnosis, from which reports are made.
#[pyclass(frozen)]
pub(crate) struct Made {
    pub(crate) diagnosis: Diagnosis,
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

    /// A report of any format.
    fn report(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        Ok(py.detach(|| self.page(format))?)
    }
}

impl Made {
    /// A report, as the command writes it to a file.
    pub(crate) fn page(&self, format: &str) -> Result<String, Failed> {
        self.page_of(&self.diagnosis, format)
    }

    /// The same about another diagnosis.
    fn page_of(&self, diagnosis: &Diagnosis, format: &str) -> Result<String, Failed> {
        let (case, time_zone) = (self.case.clone(), self.zone.clone());
        let name = case.clone();
        Ok(match format {
            "json" => rdpwhy_report::json(diagnosis, &JsonOptions { full: self.full, case }),
            "html" => rdpwhy_report::html(diagnosis, &HtmlOptions { case, time_zone, explain: None }),
            "markdown" => {
                let options = MarkdownOptions { verbose: false, brief: false, case, time_zone };
                rdpwhy_report::markdown(diagnosis, &options)
            }
            "text" => {
                let options = TextOptions {
                    width: WIDTH,
                    verbose: false,
                    brief: !self.full,
                    case,
                    color: false,
                    time_zone,
                    explain: None,
                };
                rdpwhy_report::text(diagnosis, &options)
            }
            "csv" => rdpwhy_report::csv(diagnosis, name.as_deref()),
            "jsonl" => rdpwhy_report::jsonl(diagnosis, name.as_deref()),
            "ecs" => rdpwhy_report::ecs_jsonl(diagnosis, name.as_deref()),
            "timesketch" => rdpwhy_report::timesketch_csv(diagnosis, name.as_deref()),
            "mermaid" => rdpwhy_report::mermaid(diagnosis, name.as_deref()),
            other => return Err(Failed("option", format!("unknown format `{other}`"))),
        })
    }
}

/// Reads the logs and diagnoses them as one case.
pub(crate) fn make(sources: &[Source], asked: &Asked) -> Result<(Made, Reading, Pack), Failed> {
    let zone = asked.zone()?;
    asked.complaint(zone.as_ref(), None)?;
    let pack = pack(&asked.rules)?;
    let reading = rdpwhy_logs::read(sources, &pack, &asked.reading(zone.as_ref()), &()).map_err(unread)?;
    let ticket = asked.complaint(zone.as_ref(), Some(&reading))?;
    let diagnosis = with_threads(asked.threads, || rdpwhy_diagnose::diagnose(&reading, &pack, &ticket))
        .map_err(|error| Failed("other", error.to_string()))?;
    let complete = !reading.partial();
    let mut made = Made { diagnosis, complete, full: asked.full, case: asked.case.clone(), zone };
    // As the command does.
    let several = rdpwhy_batch::several_cases(&made.diagnosis, &reading, &pack);
    made.diagnosis.warnings.extend(several.map(Warning::Input));
    if asked.redact {
        made.diagnosis = nameless(&made, &reading, &pack)?;
    }
    Ok((made, reading, pack))
}

fn unread(error: ReadError) -> Failed {
    let part = |text: &Option<String>| text.as_deref().map(visible);
    // A name cannot begin a line of its own.
    let flat = |warning: &InputWarning| InputWarning {
        file: part(&warning.file),
        place: part(&warning.place),
        code: warning.code,
        message: visible(&warning.message),
        help: part(&warning.help),
    };
    match error {
        ReadError::NoLogs(warnings) => {
            Failed("logs", ReadError::NoLogs(warnings.iter().map(flat).collect()).to_string())
        }
        ReadError::Threads(_) => Failed("other", error.to_string()),
        _ => Failed("logs", error.to_string()),
    }
}

/// The diagnosis with pseudonyms, checked in every format.
fn nameless(made: &Made, reading: &Reading, pack: &Pack) -> Result<Diagnosis, Failed> {
    let redacted = rdpwhy_diagnose::redact(&made.diagnosis, reading, pack);
    for format in FORMATS {
        let render = |diagnosis: &Diagnosis| made.page_of(diagnosis, format).unwrap_or_default();
        if !redacted.names_left(&render(&redacted.diagnosis), render).is_empty() {
            let message = "names are left in the report in spite of redact=True";
            return Err(Failed("redaction", message.to_owned()));
        }
    }
    Ok(redacted.diagnosis)
}
