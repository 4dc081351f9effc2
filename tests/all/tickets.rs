//! Every ticket under samples/ gets the diagnosis that it expects.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_forge::Shapes;
use rdpwhy_rules::{Pack, embedded};
use std::path::Path;

fn pack() -> Pack {
    Pack::load(&embedded(), &[]).unwrap_or_else(|error| panic!("{error}")).0
}

#[test]
fn every_ticket_gets_the_diagnosis_it_expects() {
    let (pack, shapes) = (pack(), Shapes::embedded().unwrap());
    let tickets = rdpwhy_proof::tickets(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")).unwrap();
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
fn every_cause_has_a_ticket_on_which_it_stands_first() {
    let pack = pack();
    let mut proved = std::collections::BTreeSet::new();
    for path in rdpwhy_proof::tickets(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")).unwrap() {
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
