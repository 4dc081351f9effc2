//! Every ticket under samples/ gets the diagnosis that it expects.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_forge::Shapes;
use rdpwhy_rules::{Pack, embedded};
use std::path::{Path, PathBuf};

/// How many of the public reports under `samples/reports/` get the diagnosis that they expect; a report is measured, not asserted.
/// Raise it when rules or engine get better, and never change a report to reach it.
const REPORTS_AS_EXPECTED: usize = 24;

/// The tickets under `samples/`: those that were written for the rules, and the public reports that were not.
fn tickets() -> (Vec<PathBuf>, Vec<PathBuf>) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let reports = samples.join("reports");
    rdpwhy_proof::tickets(&samples).unwrap().into_iter().partition(|path| !path.starts_with(&reports))
}

fn pack() -> Pack {
    Pack::load(&embedded(), &[]).unwrap_or_else(|error| panic!("{error}")).0
}

#[test]
fn every_ticket_gets_the_diagnosis_it_expects() {
    let (pack, shapes) = (pack(), Shapes::embedded().unwrap());
    let (tickets, _) = tickets();
    assert!(tickets.len() >= 11, "the samples are missing");
    let mut wrong = String::new();
    for path in &tickets {
        let judged = rdpwhy_proof::judge(path, &pack, &shapes).unwrap();
        for complaint in &judged.complaints {
            wrong.push_str(&format!("{}: {complaint}\n", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn public_reports_are_diagnosed_no_worse_than_before() {
    let (pack, shapes) = (pack(), Shapes::embedded().unwrap());
    let (_, reports) = tickets();
    assert!(reports.len() >= 20, "the reports are missing");
    let judged = reports.iter().map(|path| (path, rdpwhy_proof::judge(path, &pack, &shapes).unwrap()));
    let missed: Vec<String> = judged
        .filter(|(_, judged)| !judged.complaints.is_empty())
        .map(|(path, judged)| format!("{}: {}", path.display(), judged.complaints.join("; ")))
        .collect();
    let right = reports.len() - missed.len();
    assert!(right >= REPORTS_AS_EXPECTED, "{right} of {}\n{}", reports.len(), missed.join("\n"));
}

#[test]
fn every_cause_has_a_ticket_on_which_it_stands_first() {
    let pack = pack();
    let mut proved = std::collections::BTreeSet::new();
    for path in tickets().0 {
        let expect = rdpwhy_forge::Ticket::load(&path).unwrap().expect;
        proved.extend(expect.claim.first);
        proved.extend(expect.incidents.into_iter().filter_map(|claim| claim.first));
    }
    let unproved: Vec<&str> =
        pack.causes().iter().map(|cause| cause.id.as_str()).filter(|id| !proved.contains(*id)).collect();
    assert!(unproved.is_empty(), "no ticket proves {unproved:?}");
}

#[test]
fn the_logs_beside_the_tickets_are_what_the_forge_writes() {
    let shapes = Shapes::embedded().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for path in rdpwhy_proof::tickets(&samples).unwrap() {
        let logs = path.with_file_name("logs");
        if !logs.is_dir() {
            continue;
        }
        let ticket = rdpwhy_forge::Ticket::load(&path).unwrap();
        for log in rdpwhy_forge::forge(&ticket, &shapes).unwrap() {
            let on_disk =
                std::fs::read(logs.join(&log.path)).unwrap_or_else(|error| panic!("{}: {error}", log.path));
            assert!(
                on_disk == log.bytes,
                "{} of {} is stale: run the forge on samples/",
                log.path,
                path.display()
            );
        }
    }
}
