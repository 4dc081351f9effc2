//! A diagnosis to rows.

use crate::facts::facts;
use crate::row::{AttemptRow, CaseRow, IncidentRow, Rows};
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Attempt, Cause, Counted, Incident};
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Pack, Side};

/// What the rows of a case are made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// Name of the case.
    pub case: &'s str,
    /// What was found out.
    pub diagnosis: &'s Diagnosis,
    /// What was read.
    pub reading: &'s Reading,
    /// The rules.
    pub pack: &'s Pack,
}

/// The rows of a case. Where its reports are is not known yet.
#[must_use]
pub fn rows(source: Source<'_>) -> Rows {
    let diagnosis = source.diagnosis;
    let incidents = diagnosis.incidents.iter().map(|incident| of_incident(source, incident));
    let attempts = diagnosis.attempts.iter().map(|attempt| of_attempt(source.case, attempt));
    Rows { case: of_case(source), incidents: incidents.collect(), attempts: attempts.collect() }
}

/// The row of a case that could not be diagnosed.
#[must_use]
pub fn failed(case: &str, error: &str) -> Rows {
    let row = CaseRow { case: case.to_owned(), error: Some(error.to_owned()), ..CaseRow::default() };
    Rows { case: row, ..Rows::default() }
}

fn of_case(source: Source<'_>) -> CaseRow {
    let Source { case, diagnosis, reading, pack } = source;
    let (facts, comparable) = facts(diagnosis, reading, pack);
    let spans = || reading.logs.iter().flat_map(|log| &log.spans);
    let row = CaseRow {
        case: case.to_owned(),
        verdict: Some(diagnosis.verdict.to_string()),
        summary: rdpwhy_report::summary(diagnosis),
        incidents: diagnosis.incidents.len(),
        failed: diagnosis.totals.failed,
        succeeded: diagnosis.totals.succeeded,
        logs_from: spans().map(|span| span.first).min().map(|time| time.to_string()),
        logs_to: spans().map(|span| span.last).max().map(|time| time.to_string()),
        facts,
        comparable,
        complete: !reading.partial(),
        warnings: diagnosis.warnings.len(),
        ..CaseRow::default()
    };
    let Some(incident) = diagnosis.incidents.first() else { return row };
    let cause = first_cause(diagnosis, incident);
    let family = incident.family.as_ref().filter(|_| !incident.stands_out);
    CaseRow {
        cause: cause.map(|cause| cause.cause.clone()),
        title: cause.map(|cause| cause.headline.clone()),
        family: family.map(|family| family.id.clone()).or_else(|| family_of(cause?, pack)),
        probability: cause.map(|cause| cause.probability),
        stage: Some(incident.stage.clone()),
        side: cause.map(|cause| cause.side.to_string()),
        host: host(diagnosis, incident),
        first_failure: Some(incident.started.to_string()),
        last_failure: Some(incident.ended.to_string()),
        onset: incident.last_good.as_ref().map(|_| incident.started.to_string()),
        last_good: incident.last_good.as_ref().map(|good| good.time.to_string()),
        recovered: incident.recovered.as_ref().map(|good| good.time.to_string()),
        ..row
    }
}

fn first_cause<'d>(diagnosis: &'d Diagnosis, incident: &Incident) -> Option<&'d Cause> {
    diagnosis.diagnoses.iter().find(|cause| cause.incident == incident.id)
}

fn family_of(cause: &Cause, pack: &Pack) -> Option<String> {
    let family = pack.find_cause(&cause.cause)?.family?;
    pack.ladder().families.get(family.index()).map(|family| family.id.clone())
}

/// The machine that was connected to: the one that saw the failures, or what its clients were told to connect to.
fn host(diagnosis: &Diagnosis, incident: &Incident) -> Option<String> {
    if incident.side == Side::Host {
        return Some(incident.machine.clone());
    }
    let attempts = diagnosis.attempts.iter().filter(|attempt| attempt.incident == Some(incident.id));
    attempts.filter_map(|attempt| attempt.target.clone()).next()
}

fn of_incident(source: Source<'_>, incident: &Incident) -> IncidentRow {
    let cause = first_cause(source.diagnosis, incident);
    let values = |counted: &[Counted]| counted.iter().map(|one| one.value.clone()).collect();
    IncidentRow {
        case: source.case.to_owned(),
        incident: incident.id,
        machine: incident.machine.clone(),
        seen_from: incident.side.to_string(),
        started: incident.started.to_string(),
        ended: incident.ended.to_string(),
        failures: incident.failures,
        stage: incident.stage.clone(),
        stage_last: incident.stage_last.clone(),
        cause: cause.map(|cause| cause.cause.clone()),
        title: cause.map(|cause| cause.headline.clone()),
        probability: cause.map(|cause| cause.probability),
        none: incident.none,
        stands_out: incident.stands_out,
        family: incident.family.as_ref().map(|family| family.id.clone()),
        sources: values(&incident.sources),
        users: values(&incident.users),
        last_good: incident.last_good.as_ref().map(|good| good.time.to_string()),
        recovered: incident.recovered.as_ref().map(|good| good.time.to_string()),
        changes: incident.changes.iter().map(|change| change.signal.clone()).collect(),
    }
}

fn of_attempt(case: &str, attempt: &Attempt) -> AttemptRow {
    AttemptRow {
        case: case.to_owned(),
        started: attempt.started.to_string(),
        ended: attempt.ended.to_string(),
        seen_from: attempt.side.to_string(),
        machine: attempt.machine.clone(),
        source: attempt.source.clone(),
        user: attempt.user.clone(),
        target: attempt.target.clone(),
        outcome: attempt.outcome.to_string(),
        stage: attempt.stage.clone(),
        code: attempt.code.map(|code| code.to_string()),
        incident: attempt.incident,
        count: attempt.count,
    }
}
