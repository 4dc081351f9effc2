//! Forges a ticket, diagnoses its logs and holds the diagnosis against what the ticket expects.

use rdpwhy_diagnose::diagnosis::{Cause, Diagnosis};
use rdpwhy_diagnose::{Options, diagnose};
use rdpwhy_forge::{Claim, Expect, Shapes, Ticket, forge};
use rdpwhy_rules::Pack;
use std::path::{Path, PathBuf};

/// A ticket with its diagnosis and what is wrong with it.
pub struct Judged {
    pub name: String,
    pub expect: Expect,
    pub diagnosis: Diagnosis,
    pub complaints: Vec<String>,
}

/// All tickets below a folder, by name.
pub fn tickets(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "ticket.yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Forges the ticket's logs into a folder of their own.
pub fn forge_into(ticket: &Ticket, shapes: &Shapes, folder: &Path) {
    for log in forge(ticket, shapes).unwrap_or_else(|error| panic!("{error}")) {
        let path = folder.join(&log.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &log.bytes).unwrap();
    }
}

/// The options that the ticket names.
pub fn options(expect: &Expect) -> Options {
    let asked = &expect.options;
    let time = |time: Option<jiff::Timestamp>| time.map(|time| time.to_string().parse().unwrap());
    Options {
        since: time(asked.since),
        until: time(asked.until),
        at: time(asked.at),
        error: asked.error,
        extended: asked.extended,
        user: asked.user.clone(),
        source: asked.source.clone(),
        version: "test".to_owned(),
    }
}

/// Diagnoses a ticket and holds the diagnosis against what it expects.
pub fn judge(path: &Path, pack: &Pack, shapes: &Shapes) -> Judged {
    let ticket = Ticket::load(path).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().unwrap();
    forge_into(&ticket, shapes, folder.path());
    let reading = rdpwhy_logs::read(&[folder.path().to_owned()], pack, &rdpwhy_logs::ReadOptions::default(), &());
    let reading = reading.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let diagnosis = diagnose(&reading, pack, &options(&ticket.expect));
    let name = path.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
    let complaints = complaints(&ticket.expect, &diagnosis);
    Judged { name, expect: ticket.expect, diagnosis, complaints }
}

fn complaints(expect: &Expect, diagnosis: &Diagnosis) -> Vec<String> {
    let mut list = Vec::new();
    let verdict = serde_json::to_value(diagnosis.verdict).unwrap().as_str().unwrap().to_owned();
    if expect.verdict.as_ref().is_some_and(|expected| *expected != verdict) {
        list.push(format!("verdict {verdict}, expected {}", expect.verdict.as_deref().unwrap_or_default()));
    }
    claim(&expect.claim, &diagnosis.diagnoses.iter().collect::<Vec<_>>(), &mut list);
    if !expect.incidents.is_empty() && expect.incidents.len() != diagnosis.incidents.len() {
        list.push(format!("{} incidents, expected {}", diagnosis.incidents.len(), expect.incidents.len()));
    }
    for (index, expected) in expect.incidents.iter().enumerate() {
        let own: Vec<&Cause> = diagnosis.diagnoses.iter().filter(|cause| cause.incident == index + 1).collect();
        claim(expected, &own, &mut list);
    }
    let raised: Vec<&str> = diagnosis.notices.iter().map(|notice| notice.id.as_str()).collect();
    for notice in expect.notices.iter().filter(|notice| !raised.contains(&notice.as_str())) {
        list.push(format!("notice {notice} is missing (there are {raised:?})"));
    }
    for notice in expect.no_notices.iter().filter(|notice| raised.contains(&notice.as_str())) {
        list.push(format!("notice {notice} should not be there"));
    }
    let totals = &diagnosis.totals;
    for (what, expected, found) in [
        ("failed", expect.attempts.failed, totals.failed),
        ("succeeded", expect.attempts.succeeded, totals.succeeded),
        ("aborted", expect.attempts.aborted, totals.aborted),
        ("unknown", expect.attempts.unknown, totals.unknown),
    ] {
        if expected.is_some_and(|expected| expected != found as u64) {
            list.push(format!("{found} attempts {what}, expected {}", expected.unwrap_or_default()));
        }
    }
    for channel in &expect.collect {
        if !diagnosis.collect.iter().any(|collect| collect.channel == *channel) {
            list.push(format!("does not ask for {channel}"));
        }
    }
    list
}

fn claim(claim: &Claim, causes: &[&Cause], list: &mut Vec<String>) {
    let first = causes.first();
    let show = |cause: &&&Cause| format!("{} {:.2}", cause.cause, cause.probability);
    if let Some(expected) = &claim.first
        && first.is_none_or(|first| first.cause != *expected)
    {
        let top: Vec<String> = causes.iter().take(3).map(|cause| show(&cause)).collect();
        list.push(format!("first is {top:?}, expected {expected}"));
    }
    let probability = first.map_or(0.0, |first| first.probability);
    if claim.min_probability.is_some_and(|least| probability < least) {
        list.push(format!("first has {probability:.3}, expected at least {}", claim.min_probability.unwrap_or_default()));
    }
    if claim.max_probability.is_some_and(|most| probability > most) {
        list.push(format!("first has {probability:.3}, expected at most {}", claim.max_probability.unwrap_or_default()));
    }
    for expected in &claim.top3 {
        if !causes.iter().take(3).any(|cause| cause.cause == *expected) {
            list.push(format!("{expected} is not among the first three"));
        }
    }
    for quiet in &claim.quiet {
        if let Some(loud) = causes.iter().find(|cause| cause.cause == *quiet && cause.probability > 0.1) {
            list.push(format!("{} should be quiet", show(&loud)));
        }
    }
}
