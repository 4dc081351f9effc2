//! Attempts, the records behind evidence and notices, and changes as rows in the order of time.

use crate::words::attempt::outcome;
use crate::words::incident::causes_of;
use crate::words::reason::{sentence, worth_telling};
use crate::words::visible::value;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Attempt, Cause, Coverage, Record};
use serde_json::Value;

/// A row of the timeline. What a row does not know is null.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    time: String,
    kind: &'static str,
    text: String,
    ended: Option<String>,
    incident: Option<usize>,
    cause: Option<String>,
    probability: Option<f64>,
    finding: Option<String>,
    likelihood_ratio: Option<f64>,
    machine: String,
    source: Option<String>,
    user: Option<String>,
    target: Option<String>,
    outcome: Option<String>,
    stage: Option<String>,
    code: Option<String>,
    count: usize,
    record: Option<Record>,
    /// File and channel of a row that is about a whole log.
    log: Option<(String, String)>,
}

impl Row {
    /// When it happened, as RFC 3339 with 100 ns.
    pub(crate) fn time(&self) -> &str {
        &self.time
    }

    /// What happened, in a sentence.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// attempt, evidence, notice, change or coverage.
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    /// All columns but time and text, by name. The names are a contract with whoever reads the timelines.
    pub(crate) fn columns(&self) -> [(&'static str, Value); 20] {
        let record = self.record.as_ref();
        let of_record = |field: fn(&Record) -> &String| record.map(field);
        let (file, channel) = self.log.as_ref().map(|(file, channel)| (file, channel)).unzip();
        let file = of_record(|record| &record.file).or(file);
        let channel = of_record(|record| &record.channel).or(channel);
        let shown = |text: Option<&String>| text.map(|text| value(text));
        [
            ("kind", self.kind.into()),
            ("ended", self.ended.clone().into()),
            ("incident", self.incident.into()),
            ("cause", self.cause.clone().into()),
            ("probability", self.probability.into()),
            ("finding", self.finding.clone().into()),
            ("likelihood_ratio", self.likelihood_ratio.into()),
            ("machine", value(&self.machine).into()),
            ("source", self.source.as_deref().map(value).into()),
            ("user", self.user.as_deref().map(value).into()),
            ("target", self.target.as_deref().map(value).into()),
            ("outcome", self.outcome.clone().into()),
            ("stage", self.stage.clone().into()),
            ("code", self.code.as_deref().map(value).into()),
            ("count", self.count.into()),
            ("file", shown(file).into()),
            ("channel", shown(channel).into()),
            ("provider", shown(of_record(|record| &record.provider)).into()),
            ("event_id", record.map(|record| record.event_id).into()),
            ("record_id", record.map(|record| record.record_id).into()),
        ]
    }
}

/// The names of the columns beside time and text.
pub(crate) fn column_names() -> [&'static str; 20] {
    Row::default().columns().map(|(name, _)| name)
}

/// One row for each attempt, one for each record that evidence, notices and changes name, and one where each log begins
/// and ends; by time, and among rows of one time in the order of the report.
///
/// Of the causes those that the report tells: likely enough, and with something in the logs on their side.
pub(crate) fn rows(diagnosis: &Diagnosis) -> Vec<Row> {
    let mut rows: Vec<Row> = diagnosis.attempts.iter().map(attempt).collect();
    for incident in &diagnosis.incidents {
        for cause in causes_of(diagnosis, incident).into_iter().filter(|cause| worth_telling(cause)) {
            evidence(cause, &mut rows);
        }
        rows.extend(incident.changes.iter().map(|change| Row {
            incident: Some(incident.id),
            finding: Some(change.signal.clone()),
            ..of_record("change", value(&change.title), &change.record)
        }));
    }
    for notice in &diagnosis.notices {
        rows.extend(notice.records.iter().map(|record| Row {
            finding: Some(notice.id.clone()),
            ..of_record("notice", format!("{}: {}", value(&notice.title), value(&notice.text)), record)
        }));
    }
    rows.extend(diagnosis.coverage.iter().flat_map(covered));
    rows.sort_by(|a, b| a.time.cmp(&b.time));
    rows
}

/// Between these two rows silence means something.
fn covered(row: &Coverage) -> Vec<Row> {
    let name = value(&row.channel);
    let held = if row.records == 1 { "1 record".to_owned() } else { format!("{} records", row.records) };
    let ends = [(&row.first, "begins"), (&row.last, "ends")];
    let ends = ends.into_iter().filter_map(|(time, what)| {
        Some(Row {
            time: time.clone()?,
            kind: "coverage",
            text: format!("Log {what}: {name} ({held})"),
            machine: row.computer.clone(),
            count: 1,
            log: Some((row.file.clone(), row.channel.clone())),
            ..Row::default()
        })
    });
    ends.collect()
}

fn attempt(attempt: &Attempt) -> Row {
    let said = outcome(attempt);
    Row {
        time: attempt.started.clone(),
        kind: "attempt",
        text: if attempt.count > 1 {
            format!("{} attempts alike: {said}", attempt.count)
        } else {
            format!("Attempt: {said}")
        },
        ended: Some(attempt.ended.clone()),
        incident: attempt.incident,
        machine: attempt.machine.clone(),
        source: attempt.source.clone(),
        user: attempt.user.clone(),
        target: attempt.target.clone(),
        outcome: Some(attempt.outcome.clone()),
        stage: attempt.stage.clone(),
        code: attempt.code.clone(),
        count: attempt.count,
        record: attempt.records.first().cloned(),
        ..Row::default()
    }
}

fn evidence(cause: &Cause, rows: &mut Vec<Row>) {
    for evidence in &cause.evidence {
        rows.extend(evidence.records.iter().map(|record| Row {
            incident: Some(cause.incident),
            cause: Some(cause.cause.clone()),
            probability: Some(cause.probability),
            finding: Some(value(&evidence.signal)),
            likelihood_ratio: Some(evidence.likelihood_ratio),
            ..of_record("evidence", sentence(evidence), record)
        }));
    }
}

fn of_record(kind: &'static str, text: String, record: &Record) -> Row {
    Row {
        time: record.time.clone(),
        kind,
        text,
        machine: record.computer.clone(),
        count: 1,
        record: Some(record.clone()),
        ..Row::default()
    }
}
