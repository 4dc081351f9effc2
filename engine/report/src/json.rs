//! The JSON report.

use crate::words::summary::summary_text;
use crate::words::visible::is_hidden;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{
    Asked, Attempt, Background, Cause, Clock as Clocks, Collect, Condition, Coverage, Incident, Lead, Notice,
    Older, Outcome, Stage, Tool, Totals, Verdict, Warning,
};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;
use std::hash::Hash;

/// Causes with a smaller probability are kept without evidence and steps, …
const LIKELY: f64 = 0.01;
/// … unless they are among the first of their incident.
const LIKELY_AT_LEAST: usize = 3;
/// Records of an attempt that are kept.
const RECORDS_OF_ATTEMPT: usize = 3;
/// Failures that were put aside and are listed one by one: guesses of strangers come by the thousand.
const ATTEMPTS_ASIDE: usize = 100;
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
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    conditions: &'d [Condition],
    notices: &'d [Notice],
    leads: &'d [Lead],
    warnings: &'d [Warning],
}

/// The diagnosis as indented JSON with a newline at its end, as `docs/report.schema.json` describes it.
///
/// Without [`JsonOptions::full`], causes that are unlikely (below 1 %, and not among the first three of their incident) come
/// without evidence and steps and are marked `brief`, evidence that did not count is left out, lists of records are cut,
/// and failures that were put aside are summed up beyond the first hundred.
/// Characters that are invisible or steer terminals are written as `\uXXXX`, which any JSON reader turns back.
///
/// # Example
/// ```
/// # use rdpwhy_diagnose::{Options, diagnose};
/// # use rdpwhy_logs::{ReadOptions, Source, read};
/// # let log = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
/// #     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
/// #     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
/// #     <EventData><Data Name="ErrorCode">0x8009030D</Data></EventData></Event>"#;
/// # let (pack, _) = rdpwhy_rules::Pack::built_in(&[])?;
/// # let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
/// # let diagnosis = diagnose(&reading, &pack, &Options::default());
/// use rdpwhy_report::{JsonOptions, json};
///
/// let short = json(&diagnosis, &JsonOptions::default());
/// let whole = json(&diagnosis, &JsonOptions { full: true, case: Some("INC-4711".into()) });
/// assert!(short.starts_with('{') && short.len() < whole.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
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
        conditions: &diagnosis.conditions,
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

fn attempts(diagnosis: &Diagnosis, full: bool) -> Vec<Cow<'_, Attempt>> {
    if full {
        return diagnosis.attempts.iter().map(Cow::Borrowed).collect();
    }
    let mut aside = 0;
    let mut sums: HashMap<_, usize> = HashMap::new();
    let mut listed: Vec<Cow<Attempt>> = Vec::new();
    for attempt in &diagnosis.attempts {
        if attempt.incident.is_some() || attempt.outcome != Outcome::Failed {
            listed.push(shortened(attempt, RECORDS_OF_ATTEMPT));
            continue;
        }
        aside += 1;
        if aside <= ATTEMPTS_ASIDE {
            listed.push(shortened(attempt, 1));
            continue;
        }
        match sums.entry(alike(attempt)) {
            Entry::Occupied(place) => add(listed[*place.get()].to_mut(), attempt),
            Entry::Vacant(place) => {
                place.insert(listed.len());
                listed.push(shortened(attempt, 1));
            }
        }
    }
    listed
}

/// What attempts have in common that one row may stand for.
fn alike(attempt: &Attempt) -> impl Eq + Hash + use<'_> {
    let stages = [&attempt.stage, &attempt.stage_last, &attempt.reached].map(Option::as_deref);
    (&attempt.machine, attempt.side, stages, attempt.dropped, attempt.code.map(|code| code.0))
}

/// Makes one row of two attempts that ended alike; what they do not have in common is left out.
fn add(sum: &mut Attempt, other: &Attempt) {
    sum.ended = sum.ended.max(other.ended);
    sum.count += other.count;
    sum.record_count += other.record_count;
    for (own, others) in [
        (&mut sum.other_machine, &other.other_machine),
        (&mut sum.source, &other.source),
        (&mut sum.user, &other.user),
        (&mut sum.target, &other.target),
    ] {
        if own != others {
            *own = None;
        }
    }
}

fn shortened(attempt: &Attempt, records: usize) -> Cow<'_, Attempt> {
    if attempt.records.len() <= records {
        return Cow::Borrowed(attempt);
    }
    let mut short = attempt.clone();
    short.records.truncate(records);
    Cow::Owned(short)
}

/// JSON in which whatever a reader would not see is written as `\uXXXX`.
pub fn safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 1);
    for letter in json.chars() {
        // Line feeds are between values only: serde_json writes those within strings as `\n`.
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
