//! Every ticket under samples/ gets the diagnosis that it expects.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_forge::Ticket;
use rdpwhy_rules::{Pack, embedded};
use rdpwhy_testkit::{forged, workspace};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How many of the public reports under `samples/reports/` get the diagnosis that they expect; a report is measured, not asserted.
/// Raise it when rules or engine get better, and never change a report to reach it.
const REPORTS_AS_EXPECTED: usize = 167;

/// The tickets under `samples/`: those that were written for the rules, and the public reports that were not.
fn tickets() -> (Vec<PathBuf>, Vec<PathBuf>) {
    let reports = workspace().join("samples/reports");
    rdpwhy_testkit::tickets().into_iter().partition(|path| !path.starts_with(&reports))
}

fn pack() -> Pack {
    Pack::load(&embedded(), &[]).unwrap_or_else(|error| panic!("{error}")).0
}

/// What is wrong with the diagnosis of a ticket, a line each.
fn complaints(path: &Path, pack: &Pack) -> String {
    let ticket = Ticket::load(path).unwrap();
    let logs = forged(&ticket).unwrap();
    let judged = rdpwhy_proof::judge_logs(path, ticket, &logs, pack).unwrap();
    judged.complaints.iter().map(|complaint| format!("{}: {complaint}\n", path.display())).collect()
}

#[test]
fn every_ticket_gets_the_diagnosis_it_expects() {
    let pack = pack();
    let wrong = rdpwhy_proof::side_by_side(&tickets().0, |path| complaints(path, &pack)).concat();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn public_reports_are_diagnosed_no_worse_than_before() {
    let (pack, reports) = (pack(), tickets().1);
    assert!(reports.len() >= 20, "the reports are missing");
    let missed = rdpwhy_proof::side_by_side(&reports, |path| complaints(path, &pack));
    let right = missed.iter().filter(|complaints| complaints.is_empty()).count();
    assert!(right >= REPORTS_AS_EXPECTED, "{right} of {}\n{}", reports.len(), missed.concat());
}

#[test]
fn every_cause_has_a_ticket_on_which_it_stands_first() {
    let pack = pack();
    let mut proved = BTreeSet::new();
    for path in tickets().0 {
        let expect = Ticket::load(&path).unwrap().expect;
        proved.extend(expect.claim.first);
        proved.extend(expect.incidents.into_iter().filter_map(|claim| claim.first));
    }
    let unproved: Vec<&str> =
        pack.causes().iter().map(|cause| cause.id.as_str()).filter(|id| !proved.contains(*id)).collect();
    assert!(unproved.is_empty(), "no ticket proves {unproved:?}");
}

#[test]
fn the_logs_beside_the_tickets_are_what_the_forge_writes() {
    for path in rdpwhy_testkit::tickets().iter().filter(|path| path.with_file_name("logs").is_dir()) {
        let own = path.with_file_name("logs");
        let folder = forged(&Ticket::load(path).unwrap()).unwrap();
        for log in rdpwhy_testkit::files(&folder, ".evtx") {
            let name = log.strip_prefix(&folder).unwrap();
            let on_disk =
                std::fs::read(own.join(name)).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
            assert!(
                on_disk == std::fs::read(&log).unwrap(),
                "{} of {} is stale: run the forge on samples/",
                name.display(),
                path.display()
            );
        }
    }
}
