//! Logs that nobody on this project wrote. They are no part of it: these tests are ignored unless they are asked for.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says by panicking what is wrong, and prints what it counted"
)]

use crate::bench::{PACK, failures, judge, read};
use rdpwhy_diagnose::diagnosis::{Aborted, Diagnosis, SeenFrom, Verdict};
use rdpwhy_logs::{ReadOptions, Reading};
use rdpwhy_rules::Side;
use rdpwhy_testkit::real_logs;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The logs directly in a folder of the real ones, with this in their names.
fn logs(folder: &str, with: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(real_logs().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "evtx"))
        .filter(|path| path.file_name().unwrap().to_string_lossy().contains(with))
        .collect();
    paths.sort();
    paths
}

/// Every readable record of the host's logs of connections, wanted by a rule or not.
fn everything(paths: &[PathBuf]) -> Reading {
    rdpwhy_logs::read(paths, &(|_: &str, _: u32, _: &str| true), &ReadOptions::default(), &()).unwrap()
}

/// The connections that these logs name: the ids under which an RDP connection over TCP was accepted (131 with ConnType
/// TCP), named (65) or received by the listener (261), or credentials were refused (140) or let through (1149).
///
/// A record of a UDP transport bears an id of its own and is no connection; records in damaged chunks are not counted
/// unless the reader could save them.
fn connections(reading: &Reading) -> BTreeSet<u128> {
    let named = reading.events.iter().filter(|event| match event.event_id {
        131 => event.field("ConnType") == Some("TCP"),
        65 | 140 => event.channel.contains("RdpCoreTS"),
        261 | 1149 => event.channel.contains("RemoteConnectionManager"),
        _ => false,
    });
    named.filter_map(|event| event.activity_id).map(|id| id.0).filter(|id| *id != 0).collect()
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn a_host_under_attack_has_one_attempt_for_each_connection() {
    let paths = logs("rdp", "2-vss_0-");
    assert_eq!(paths.len(), 2);
    let diagnosis = judge(&read(&paths, 2));
    let all = everything(&paths);
    let ids = connections(&all);
    let host: usize = diagnosis
        .attempts
        .iter()
        .filter(|attempt| attempt.side == SeenFrom::One(Side::Host))
        .map(|attempt| attempt.count)
        .sum();
    println!("{} connections, {host} attempts, {:?}", ids.len(), diagnosis.totals);
    assert_eq!(host, ids.len());
    for attempt in &diagnosis.attempts {
        assert!(attempt.started <= attempt.ended && attempt.stage.is_some());
    }
    assert_eq!(diagnosis.incidents.len(), 1, "the attack is one incident");
    assert!(diagnosis.incidents[0].strangers);
    assert_eq!(diagnosis.verdict, Verdict::Diagnosed);
    assert_eq!(diagnosis.diagnoses[0].cause, "brute-force-exhaustion");
    let damaged: usize = diagnosis.coverage.iter().map(|coverage| coverage.damaged).sum();
    assert!(damaged > 0, "the damaged places are reported");
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn a_host_that_was_scanned_and_used_had_no_failure_at_its_door() {
    let diagnosis = judge(&read(&logs("rdp", "rdpcorets_148_"), 2));
    let aborted = |why: Aborted| diagnosis.attempts.iter().filter(|a| a.aborted == Some(why)).count();
    println!("{:?}", diagnosis.totals);
    assert_eq!((diagnosis.totals.succeeded, diagnosis.totals.dropped, diagnosis.totals.failed), (5, 1, 0));
    assert_eq!(
        (aborted(Aborted::Preconnection), aborted(Aborted::LogonScreen), diagnosis.totals.aborted),
        (5, 2, 7)
    );
    assert!(failures(&diagnosis).iter().all(|attempt| attempt.stage.as_deref() == Some("session")));
}

/// Logs whose own records do show a cause, with the reason; looked at one by one.
const TOLD: &[(&str, &str)] = &[(
    "Security_short_selected.evtx",
    "one remote logon (type 10) from 23.94.153.202, refused for a wrong password (0xC000006A): it is what it is called",
)];

fn quiet(folder: &str) -> Vec<(String, Diagnosis)> {
    let mut loud = Vec::new();
    for path in logs(folder, "") {
        let reading = rdpwhy_logs::read(std::slice::from_ref(&path), &*PACK, &ReadOptions::default(), &());
        let Ok(reading) = reading else { continue };
        let diagnosis = judge(&reading);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if diagnosis.verdict == Verdict::Diagnosed && !TOLD.iter().any(|(told, _)| *told == name) {
            loud.push((name, diagnosis));
        }
    }
    loud
}

fn nothing_is_diagnosed(folder: &str) {
    let loud = quiet(folder);
    let told: Vec<String> = loud
        .iter()
        .map(|(name, diagnosis)| {
            let first = &diagnosis.diagnoses[0];
            let why: Vec<&str> = first.evidence.iter().map(|evidence| evidence.because.as_str()).collect();
            format!("{name}: {} {:.2} {:?} {why:?}", first.cause, first.probability, diagnosis.totals)
        })
        .collect();
    assert!(loud.is_empty(), "{}", told.join("\n"));
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn logs_of_other_things_diagnose_nothing() {
    nothing_is_diagnosed("other");
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn odd_and_damaged_logs_diagnose_nothing() {
    nothing_is_diagnosed("evtx-crate");
}
