//! Attempts, the records behind evidence and notices, and changes as rows in the order of time.

use crate::words::attempt::outcome;
use crate::words::incident::causes_of;
use crate::words::reason::{sentence, worth_telling};
use crate::words::visible::value;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Attempt, Cause, Code, Coverage, Outcome, Record};
use rdpwhy_event::FileTime;
use rdpwhy_rules::ladder::DomainWords;
use serde_json::Value;
use std::fmt::Display;

/// What a row tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Attempt,
    Evidence,
    Notice,
    Change,
    Coverage,
}

impl Kind {
    /// Its word, a contract with whoever reads the timelines.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Attempt => "attempt",
            Kind::Evidence => "evidence",
            Kind::Notice => "notice",
            Kind::Change => "change",
            Kind::Coverage => "coverage",
        }
    }
}

/// A row of the timeline. What a row does not know is null.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    time: FileTime,
    kind: Kind,
    text: String,
    /// What its time is the time of, where its kind does not say.
    happened: Option<String>,
    ended: Option<FileTime>,
    incident: Option<usize>,
    cause: Option<String>,
    probability: Option<f64>,
    finding: Option<String>,
    likelihood_ratio: Option<f64>,
    machine: String,
    source: Option<String>,
    user: Option<String>,
    target: Option<String>,
    outcome: Option<Outcome>,
    stage: Option<String>,
    code: Option<Code>,
    count: usize,
    record: Option<Record>,
    /// File and channel of a row that is about a whole log.
    log: Option<(String, String)>,
}

impl Row {
    /// A row of which nothing else is known.
    fn new(time: FileTime, kind: Kind) -> Row {
        Row {
            time,
            kind,
            text: String::new(),
            happened: None,
            ended: None,
            incident: None,
            cause: None,
            probability: None,
            finding: None,
            likelihood_ratio: None,
            machine: String::new(),
            source: None,
            user: None,
            target: None,
            outcome: None,
            stage: None,
            code: None,
            count: 1,
            record: None,
            log: None,
        }
    }

    /// When it happened.
    pub(crate) fn time(&self) -> FileTime {
        self.time
    }

    /// What happened, in a sentence.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What its time is the time of, where its kind does not say.
    pub(crate) fn happened(&self) -> Option<&str> {
        self.happened.as_deref()
    }

    /// What it tells about.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// What to find it by: the kind of row and, of an attempt, its outcome.
    pub(crate) fn tags(&self) -> Vec<String> {
        let kind = format!("rdpwhy-{}", self.kind.word());
        std::iter::once(kind).chain(self.outcome.map(|outcome| format!("rdpwhy-{outcome}"))).collect()
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
            ("kind", self.kind.word().into()),
            ("ended", displayed(self.ended)),
            ("incident", self.incident.into()),
            ("cause", self.cause.clone().into()),
            ("probability", self.probability.into()),
            ("finding", self.finding.clone().into()),
            ("likelihood_ratio", self.likelihood_ratio.into()),
            ("machine", value(&self.machine).into()),
            ("source", self.source.as_deref().map(value).into()),
            ("user", self.user.as_deref().map(value).into()),
            ("target", self.target.as_deref().map(value).into()),
            ("outcome", displayed(self.outcome)),
            ("stage", self.stage.clone().into()),
            ("code", displayed(self.code)),
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
    Row::new(FileTime(0), Kind::Attempt).columns().map(|(name, _)| name)
}

/// The value as text; null where there is none.
fn displayed(value: Option<impl Display>) -> Value {
    value.map(|value| value.to_string()).into()
}

/// One row for each attempt, one for each record that evidence, notices and changes name, and one where each log begins
/// and ends; by time, and among rows of one time in the order of the report.
///
/// Of the causes those that the report tells: likely enough, and with something in the logs on their side.
pub(crate) fn rows(diagnosis: &Diagnosis) -> Vec<Row> {
    let mut rows: Vec<Row> = diagnosis.attempts.iter().map(|own| attempt(own, &diagnosis.words)).collect();
    for incident in &diagnosis.incidents {
        for cause in causes_of(diagnosis, incident).into_iter().filter(|cause| worth_telling(cause)) {
            evidence(cause, &mut rows);
        }
        rows.extend(incident.changes.iter().map(|change| Row {
            incident: Some(incident.id),
            finding: Some(change.signal.clone()),
            ..of_record(Kind::Change, value(&change.title), &change.record)
        }));
    }
    for notice in &diagnosis.notices {
        rows.extend(notice.records.iter().map(|record| Row {
            finding: Some(notice.id.clone()),
            ..of_record(Kind::Notice, format!("{}: {}", value(&notice.title), value(&notice.text)), record)
        }));
    }
    rows.extend(diagnosis.coverage.iter().flat_map(covered));
    rows.sort_by_key(|row| row.time);
    rows
}

/// Between these two rows silence means something.
fn covered(row: &Coverage) -> Vec<Row> {
    let name = value(&row.channel);
    let held = if row.records == 1 { "1 record".to_owned() } else { format!("{} records", row.records) };
    let ends = [(row.first, "begins"), (row.last, "ends")];
    let ends = ends.into_iter().filter_map(|(time, what)| {
        Some(Row {
            text: format!("Log {what}: {name} ({held})"),
            machine: row.computer.clone(),
            log: Some((row.file.clone(), row.channel.clone())),
            ..Row::new(time?, Kind::Coverage)
        })
    });
    ends.collect()
}

/// The words with capitals, as Timesketch writes descriptions.
fn titled(words: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    words.split(' ').map(capital).collect::<Vec<String>>().join(" ")
}

fn attempt(attempt: &Attempt, words: &DomainWords) -> Row {
    let said = outcome(attempt, words);
    Row {
        text: if attempt.count > 1 {
            format!("{} attempts alike: {said}", attempt.count)
        } else {
            format!("Attempt: {said}")
        },
        happened: Some(format!("{} Started", titled(&words.attempt))),
        ended: Some(attempt.ended),
        incident: attempt.incident,
        machine: attempt.machine.clone(),
        source: attempt.source.clone(),
        user: attempt.user.clone(),
        target: attempt.target.clone(),
        outcome: Some(attempt.outcome),
        stage: attempt.stage.clone(),
        code: attempt.code,
        count: attempt.count,
        record: attempt.records.first().cloned(),
        ..Row::new(attempt.started, Kind::Attempt)
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
            ..of_record(Kind::Evidence, sentence(evidence), record)
        }));
    }
}

fn of_record(kind: Kind, text: String, record: &Record) -> Row {
    Row {
        text,
        machine: record.computer.clone(),
        record: Some(record.clone()),
        ..Row::new(record.time, kind)
    }
}
