//! The JSON report.

use crate::words::summary::summary_text;
use crate::words::visible::is_hidden;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{
    Asked, Attempt, Background, Cause, Clock as Clocks, Collect, Coverage, Incident, Lead, Notice, Older,
    Stage, Tool, Totals, Verdict, Warning,
};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

/// Causes with a smaller probability are kept without evidence and steps, …
const LIKELY: f64 = 0.01;
/// … unless they are among the first of their incident.
const LIKELY_AT_LEAST: usize = 3;
/// Records of an attempt that are kept.
const RECORDS_OF_ATTEMPT: usize = 3;
/// Records of a piece of evidence that are kept.
const RECORDS_OF_EVIDENCE: usize = 5;

/// What the JSON report shall contain.
#[derive(Debug, Clone, Default)]
pub struct JsonOptions {
    /// Everything: all evidence and steps of all causes, what did not count, and all records that the diagnosis keeps.
    pub full: bool,
    /// The number of the ticket.
    pub case: Option<String>,
}

/// The report: the diagnosis, with a summary.
#[derive(Serialize)]
struct Report<'d> {
    schema_version: u32,
    tool: &'d Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'d str>,
    asked: &'d Asked,
    verdict: Verdict,
    summary: String,
    stages: &'d [Stage],
    incidents: &'d [Incident],
    diagnoses: Vec<Cow<'d, Cause>>,
    attempts: Vec<Cow<'d, Attempt>>,
    totals: &'d Totals,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: &'d Option<Background>,
    #[serde(skip_serializing_if = "Option::is_none")]
    older: &'d Option<Older>,
    clocks: &'d [Clocks],
    coverage: &'d [Coverage],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    archives: &'d [rdpwhy_logs::ArchiveFile],
    collect: &'d [Collect],
    notices: &'d [Notice],
    leads: &'d [Lead],
    warnings: &'d [Warning],
}

/// The diagnosis as indented JSON with a newline at its end, as `docs/report.schema.json` describes it.
///
/// Without [`JsonOptions::full`], causes that are unlikely (below 1 %, and not among the first three of their incident) come
/// without evidence and steps and are marked `brief`, evidence that did not count is left out, and lists of records are cut.
/// Characters that are invisible or steer terminals are written as `\uXXXX`, which any JSON reader turns back.
///
/// # Example
/// ```no_run
/// # fn of(diagnosis: &rdpwhy_diagnose::Diagnosis) {
/// let short = rdpwhy_report::json(diagnosis, &rdpwhy_report::JsonOptions::default());
/// let whole = rdpwhy_report::json(diagnosis, &rdpwhy_report::JsonOptions { full: true, case: None });
/// # }
/// ```
pub fn json(diagnosis: &Diagnosis, options: &JsonOptions) -> String {
    let report = Report {
        schema_version: diagnosis.schema_version,
        tool: &diagnosis.tool,
        case: options.case.as_deref(),
        asked: &diagnosis.asked,
        verdict: diagnosis.verdict,
        summary: summary_text(diagnosis),
        stages: &diagnosis.stages,
        incidents: &diagnosis.incidents,
        diagnoses: causes(diagnosis, options.full),
        attempts: attempts(diagnosis, options.full),
        totals: &diagnosis.totals,
        background: &diagnosis.background,
        older: &diagnosis.older,
        clocks: &diagnosis.clocks,
        coverage: &diagnosis.coverage,
        archives: &diagnosis.archives,
        collect: &diagnosis.collect,
        notices: &diagnosis.notices,
        leads: &diagnosis.leads,
        warnings: &diagnosis.warnings,
    };
    let plain =
        serde_json::to_string_pretty(&report).expect("a diagnosis has only string keys and plain values");
    safe(&plain) + "\n"
}

fn causes<'d>(diagnosis: &'d Diagnosis, full: bool) -> Vec<Cow<'d, Cause>> {
    let mut told: HashMap<usize, usize> = HashMap::new();
    let mut one = |cause: &'d Cause| {
        let place = told.entry(cause.incident).or_default();
        *place += 1;
        if full || cause.brief {
            return Cow::Borrowed(cause);
        }
        if cause.probability < LIKELY && *place > LIKELY_AT_LEAST {
            return Cow::Owned(cause.shortened());
        }
        let mut likely = cause.clone();
        likely.not_counted = Vec::new();
        for evidence in &mut likely.evidence {
            evidence.records.truncate(RECORDS_OF_EVIDENCE);
        }
        Cow::Owned(likely)
    };
    diagnosis.diagnoses.iter().map(&mut one).collect()
}

fn attempts<'d>(diagnosis: &'d Diagnosis, full: bool) -> Vec<Cow<'d, Attempt>> {
    let one = |attempt: &'d Attempt| {
        if full || attempt.records.len() <= RECORDS_OF_ATTEMPT {
            return Cow::Borrowed(attempt);
        }
        let mut short = attempt.clone();
        short.records.truncate(RECORDS_OF_ATTEMPT);
        Cow::Owned(short)
    };
    diagnosis.attempts.iter().map(one).collect()
}

/// JSON in which whatever a reader would not see is written as `\uXXXX`.
pub fn safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 1);
    for letter in json.chars() {
        // Line feeds stand between values only: serde_json writes those within strings as `\n`.
        if letter != '\n' && is_hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("strings take all");
            }
        } else {
            safe.push(letter);
        }
    }
    safe
}
