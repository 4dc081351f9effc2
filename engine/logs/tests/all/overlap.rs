//! Records that several logs hold count once, and others as often as they are there.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::made;
use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use evtx::EvtxParser;
use rdpwhy_forge::evtx::{Payload, Record, encode};
use rdpwhy_logs::{ReadOptions, Reading, read};
use tempfile::TempDir;

const START: u64 = 133_500_000_000_000_000;
const DAY: u64 = 864_000_000_000;

fn record(id: u64, start: u64, computer: &str) -> Record {
    let record = made::record(id, start + id * 10_000_000);
    Record { computer: computer.into(), payload: Payload::None, ..record }
}

fn log(ids: RangeInclusive<u64>, start: u64, computer: &str) -> Vec<u8> {
    encode(&ids.map(|id| record(id, start, computer)).collect::<Vec<_>>()).unwrap()
}

fn xml(log: &[u8]) -> Vec<u8> {
    let mut parser = EvtxParser::from_buffer(log.to_vec()).unwrap();
    parser.records().map(|record| record.unwrap().data).collect::<String>().into_bytes()
}

/// Reads files in the order given and in the other one, which must not matter.
fn read_all(files: &[(&str, Vec<u8>)]) -> (TempDir, Reading) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths: Vec<PathBuf> = Vec::new();
    for (name, bytes) in files {
        paths.push(folder.path().join(name));
        fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    let read =
        |paths: &[PathBuf]| read(paths, &|_: &str, _: u32, _: &str| true, &ReadOptions::default(), &());
    let reading = read(&paths).unwrap();
    paths.reverse();
    assert_eq!(reading, read(&paths).unwrap());
    (folder, reading)
}

/// Records by log, and in the events and the tally.
fn counts(reading: &Reading) -> (Vec<u64>, usize, u64) {
    let total = reading.tally.total("Some-Provider", 7, "Some/Operational");
    (reading.logs.iter().map(|log| log.records).collect(), reading.events.len(), total)
}

#[test]
fn a_log_and_a_later_export_share_what_both_hold() {
    let (_folder, reading) =
        read_all(&[("a.evtx", log(1..=400, START, "H")), ("b.evtx", log(301..=500, START, "H"))]);
    assert_eq!(counts(&reading), (vec![400, 100], 500, 500));
    let warnings: Vec<String> = reading.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "b.evtx: 100 of its records are in other logs as well and count once: 100 in a.evtx [input::same-records]"
        ]
    );
    assert!(!reading.partial());
    // What each covers stays what it was.
    let span = &reading.logs[1].spans[0];
    assert_eq!((span.first_record_id, span.last_record_id, span.records, span.gap_count), (301, 500, 100, 0));
}

#[test]
fn the_binary_form_keeps_its_records_and_text_adds_what_it_lacks() {
    let whole = log(1..=300, START, "H");
    let (_folder, reading) = read_all(&[("a.xml", xml(&whole)), ("z.evtx", log(101..=200, START, "H"))]);
    assert_eq!(counts(&reading), (vec![200, 100], 300, 300));
    assert!(
        reading
            .events
            .iter()
            .filter(|event| event.file.0 == 1)
            .all(|event| (101..=200).contains(&event.record_id))
    );
}

#[test]
fn three_logs_count_once_in_the_first() {
    let all = log(1..=50, START, "H");
    let more = log(1..=60, START, "H");
    let (_folder, reading) = read_all(&[("a.evtx", all.clone()), ("b.evtx", more), ("c.xml", xml(&all))]);
    assert_eq!(counts(&reading), (vec![50, 10, 0], 60, 60));
}

#[test]
fn the_same_ids_of_another_time_or_computer_are_other_records() {
    let (_folder, reading) = read_all(&[
        ("a.evtx", log(1..=50, START, "H")),
        ("b.evtx", log(1..=50, START, "OTHER")),
        ("c.evtx", log(1..=50, START + DAY, "H")),
    ]);
    assert_eq!(counts(&reading), (vec![50, 50, 50], 150, 150));
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
}

#[test]
fn records_that_one_log_holds_twice_are_as_many_as_it_says() {
    let mut twice = log(1..=10, START, "H");
    let chunk = twice[4096..].to_vec();
    twice.extend(chunk);
    let (_folder, reading) = read_all(&[("a.evtx", twice.clone()), ("b.evtx", log(20..=30, START, "H"))]);
    assert_eq!(counts(&reading), (vec![20, 11], 31, 31));
    let (_folder, reading) = read_all(&[("a.evtx", log(1..=5, START, "H")), ("b.evtx", twice)]);
    assert_eq!(counts(&reading), (vec![5, 10], 15, 15));
}
