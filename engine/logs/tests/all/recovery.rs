//! Records recovered from where no log holds them any more, and how they are told apart.

#![expect(clippy::unwrap_used, reason = "a test")]

use crate::made;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use evtx::{EvtxParser, ParserSettings};
use rdpwhy_event::Event;
use rdpwhy_forge::evtx::{Form, Payload, Record, Value, encode};
use rdpwhy_logs::{ReadError, ReadOptions, Reading, read};
use rdpwhy_testkit::real_logs;

const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65_536;
const START: u64 = 133_500_000_000_000_000;
const SECOND: u64 = 10_000_000;

fn record(id: u64) -> Record {
    made::record(id, START + id * SECOND)
}

fn log(ids: std::ops::RangeInclusive<u64>) -> Vec<u8> {
    encode(&ids.map(record).collect::<Vec<_>>()).unwrap()
}

/// Where the free space of a log's first chunk begins, from the start of the file.
fn free_space(log: &[u8]) -> usize {
    FILE_HEADER + u32::from_le_bytes(log[FILE_HEADER + 48..].first_chunk().copied().unwrap()) as usize
}

/// A log of few records, written over one with many of which the last are left in the free space.
fn reused(new: std::ops::RangeInclusive<u64>, old: std::ops::RangeInclusive<u64>) -> Vec<u8> {
    let (mut new, old) = (log(new), log(old));
    let free = free_space(&new);
    new[free..].copy_from_slice(&old[free..FILE_HEADER + CHUNK]);
    new
}

fn try_read(files: &[(&str, &[u8])], recover: bool, threads: usize) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        paths.push(folder.path().join(name));
        fs::write(paths.last().unwrap(), bytes).unwrap();
    }
    let options = ReadOptions { threads: NonZeroUsize::new(threads), recover, ..ReadOptions::default() };
    read(&paths, &|_: &str, _: u32, _: &str| true, &options, &())
}

fn ids(reading: &Reading, recovered: bool) -> Vec<u64> {
    let of_kind = |event: &&Event| event.recovered == recovered;
    reading.events.iter().filter(of_kind).map(|event| event.record_id).collect()
}

#[test]
fn old_records_in_free_space_are_found_when_asked_for() {
    let bytes = reused(1001..=1020, 1..=100);
    let plain = try_read(&[("a.evtx", &bytes)], false, 1).unwrap();
    assert_eq!((ids(&plain, false), ids(&plain, true)), ((1001..=1020).collect(), vec![]));
    assert!(plain.logs[0].whole && plain.logs[0].recovered == 0);

    let reading = try_read(&[("a.evtx", &bytes)], true, 1).unwrap();
    assert_eq!(ids(&reading, false), ids(&plain, false));
    let found = ids(&reading, true);
    // One at most is cut by the end of the new records.
    assert!(found.len() >= 70 && found.ends_with(&[99, 100]), "{found:?}");
    assert_eq!(reading.logs[0].recovered, found.len() as u64);
    let event = reading.events.iter().find(|event| event.record_id == 100).unwrap();
    assert_eq!((event.field("Id"), event.time.0), (Some("100"), START + 100 * SECOND));
    // Nothing else knows of them.
    assert_eq!(reading.tally, plain.tally);
    assert_eq!(reading.logs[0].spans, plain.logs[0].spans);
    assert_eq!(reading, try_read(&[("a.evtx", &bytes)], true, 4).unwrap());
}

#[test]
fn copies_of_records_that_some_log_holds_are_not_told_again() {
    let bytes = reused(1001..=1020, 1..=100);
    let other = log(1..=98);
    let reading = try_read(
        &[("a.evtx", &bytes), ("b.evtx", &other), ("c.evtx", &[&bytes[..], &[0; 9]].concat())],
        true,
        2,
    );
    assert_eq!(ids(&reading.unwrap(), true), [99, 100]);
}

#[test]
fn an_old_record_whose_template_was_overwritten_is_left_out() {
    let mut strange = record(1);
    strange.payload =
        Payload::Named { name: None, fields: vec![("Other".into(), Value::U64(1))], binary: None };
    strange.form = Form::Legacy;
    let mut new = encode(&[strange]).unwrap();
    let free = free_space(&new);
    new[free..].copy_from_slice(&log(2..=100)[free..FILE_HEADER + CHUNK]);
    let reading = try_read(&[("a.evtx", &new)], true, 1).unwrap();
    assert_eq!(ids(&reading, true), Vec::<u64>::new());
}

#[test]
fn chunks_are_found_anywhere_in_a_file_that_is_no_log() {
    let log = log(1..=300);
    let chunks = &log[FILE_HEADER..];
    let image = [&[7; 100_001][..], &chunks[..CHUNK], &[0; 5_000_000], &chunks[CHUNK..], &[9; 333]].concat();
    assert!(try_read(&[("memory.raw", &image)], false, 1).is_err());
    let reading = try_read(&[("memory.raw", &image)], true, 1).unwrap();
    assert_eq!(ids(&reading, true), (1..=300).collect::<Vec<_>>());
    assert!(reading.partial() && reading.logs[0].spans.is_empty() && reading.tally.counts.is_empty());
    let warning = reading.warnings[0].to_string();
    assert!(
        warning.starts_with(
            "memory.raw: no event log, but 300 records of one were found in it [recover::no-log]"
        ),
        "{warning}"
    );
    assert_eq!(reading, try_read(&[("memory.raw", &image)], true, 3).unwrap());
    let error = try_read(&[("memory.raw", &[7; 100_001])], true, 1).unwrap_err().to_string();
    assert!(error.contains("not an event log"), "{error}");
}

#[test]
fn chunks_behind_lost_bytes_are_found() {
    let mut bytes = log(1..=600);
    bytes.drain(FILE_HEADER + 30_000..FILE_HEADER + 31_001);
    let plain = try_read(&[("a.evtx", &bytes)], false, 1).unwrap();
    let reading = try_read(&[("a.evtx", &bytes)], true, 1).unwrap();
    let mut all = [ids(&reading, false), ids(&reading, true)].concat();
    all.sort_unstable();
    all.dedup();
    assert!(plain.events.len() < 500, "{}", plain.events.len());
    assert!(all.len() >= 590, "{}", all.len());
}

#[test]
fn no_chunk_is_read_again_and_again() {
    // A chunk's first bytes and a header that makes sense, everywhere.
    let header = [
        b"ElfChnk\0",
        &[0; 16][..],
        &1u64.to_le_bytes(),
        &9u64.to_le_bytes(),
        &[0; 4],
        &600u32.to_le_bytes(),
        &700u32.to_le_bytes(),
    ]
    .concat();
    let bytes = [&[7; 100_001][..], &header.repeat(10_000)].concat();
    // Where each began a chunk of 64 KiB, this would be 100 times the file's bytes, and no end of the test.
    assert!(try_read(&[("a.bin", &bytes)], true, 1).is_err());
}

/// The `evtx` crate's own recovery finds more, because it believes records whose template is another's.
#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn free_space_of_real_logs_gives_what_it_holds() {
    let folder = real_logs().join("rdp");
    let logs = [
        "2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx",
        "2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx",
    ];
    for path in logs.map(|log| -> PathBuf { folder.join(log) }) {
        let options = |recover| ReadOptions { recover, ..ReadOptions::default() };
        let all = |_: &str, _: u32, _: &str| true;
        let plain = read(std::slice::from_ref(&path), &all, &options(false), &()).unwrap();
        let reading = read(std::slice::from_ref(&path), &all, &options(true), &()).unwrap();
        let settings = ParserSettings::new().recover_records(true);
        let mut parser = EvtxParser::from_path(&path).unwrap().with_configuration(settings);
        let theirs = parser.records().filter_map(Result::ok).filter(|record| record.recovered).count();
        println!("{}: {} recovered of {theirs} by the decoder", path.display(), reading.logs[0].recovered);
        assert_eq!(plain.events.len() as u64 + reading.logs[0].recovered, reading.events.len() as u64);
        assert!(reading.logs[0].recovered > 0);
        assert_eq!(plain.logs[0].spans, reading.logs[0].spans);
    }
}
