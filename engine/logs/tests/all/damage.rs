//! What damaged, foreign and oddly placed files cost, and what is said about them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::made::record;
use rdpwhy_forge::evtx::{Record, encode};
use rdpwhy_logs::{ReadError, ReadOptions, Reading, read};
use tempfile::TempDir;

const CHUNK: usize = 65_536;
const START: u64 = 133_500_000_000_000_000;
const SECOND: u64 = 10_000_000;

/// Records 1..=count, a second apart.
fn log(count: u64) -> Vec<u8> {
    encode(&(1..=count).map(|id| record(id, START + id * SECOND)).collect::<Vec<_>>()).expect("records fit")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("files have folders")).expect("folders are made");
        fs::write(path, bytes).expect("files are written");
    }
    folder
}

fn try_read(paths: &[&Path]) -> Result<Reading, ReadError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    read(&paths, &|_: &str, _: u32, _: &str| true, &ReadOptions::default(), &())
}

fn read_bytes(bytes: &[u8]) -> Reading {
    let folder = folder(&[("a.evtx", bytes)]);
    try_read(&[folder.path()]).expect("the log is read")
}

fn ids(reading: &Reading) -> Vec<u64> {
    reading.events.iter().map(|event| event.record_id).collect()
}

fn texts(reading: &Reading) -> Vec<String> {
    reading.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_log_gives_every_field() {
    let reading = read_bytes(&log(400));
    assert_eq!(ids(&reading), (1..=400).collect::<Vec<_>>());
    assert!(!reading.partial() && reading.warnings.is_empty());
    let event = &reading.events[41];
    assert_eq!((event.field("Id"), event.field("Computer"), event.event_id), (Some("42"), Some("HOST"), 7));
    assert_eq!(event.time.0, START + 42 * SECOND);
    let span = &reading.logs[0].spans[0];
    assert_eq!((span.records, span.first_record_id, span.last_record_id, span.gap_count), (400, 1, 400, 0));
    assert_eq!(reading.tally.total("Some-Provider", 7, "Some/Operational"), 400);
}

#[test]
fn a_changed_record_costs_itself_and_says_where() {
    let mut bytes = log(400);
    let sound = read_bytes(&bytes);
    let second = sound.events.iter().filter(|event| event.chunk == 1).count();
    // The header of a record in the middle of the second chunk.
    let at = 4096 + CHUNK + 30_000;
    let at = at + bytes[at..].windows(4).position(|four| four == b"**\0\0").expect("records follow");
    bytes[at] = 0;
    let reading = read_bytes(&bytes);
    assert_eq!(reading.events.len(), 399);
    assert!(reading.partial());
    let log = &reading.logs[0];
    let codes: Vec<_> =
        log.damages.iter().map(|damage| (damage.code, damage.chunk, damage.records_lost)).collect();
    assert_eq!(codes, [("evtx::chunk-checksum", 1, Some(0)), ("evtx::record-header", 1, Some(1))]);
    assert_eq!(log.damages[1].offset, at as u64);
    let (before, after) = log.damages[1].between.expect("there are neighbours");
    let id = log.spans[0].gaps[0].after_id + 1;
    assert_eq!(log.damages[1].what, format!("no record where one should begin; 1 record lost (#{id})"));
    assert_eq!(after.ticks_since(before), 2 * SECOND as i64);
    assert_eq!(
        texts(&reading)[0],
        format!(
            "a.evtx: chunk 1 at offset 0x11000: the chunk's records do not have its checksum; {} records read, 1 lost \
             [evtx::chunk-checksum]",
            second - 1
        )
    );
    assert_eq!(log.spans[0].gap_count, 1);
}

#[test]
fn many_damaged_places_of_a_chunk_are_told_in_few() {
    let mut bytes = log(400);
    let sound = read_bytes(&bytes);
    let starts: Vec<usize> =
        (4096 + 512..4096 + CHUNK).step_by(8).filter(|at| bytes[*at..].starts_with(b"**\0\0")).collect();
    for at in starts.iter().skip(1).step_by(2) {
        bytes[*at] = 0;
    }
    let reading = read_bytes(&bytes);
    let broken = starts.len() / 2;
    assert_eq!(reading.events.len(), sound.events.len() - broken);
    let damages = &reading.logs[0].damages;
    let places: Vec<_> = damages.iter().filter(|damage| damage.code == "evtx::record-header").collect();
    assert!(broken > 17, "{broken}");
    assert_eq!(places.len(), 17);
    let lost: u64 = places.iter().filter_map(|damage| damage.records_lost).sum();
    assert_eq!(lost, broken as u64);
    let rest = places[16];
    assert_eq!(
        rest.what,
        format!("no record where one should begin; the same at {} places in all", broken - 16)
    );
    let (before, after) = rest.between.expect("records stand around them");
    assert!(after.ticks_since(before) >= 2 * SECOND as i64 * (broken as i64 - 17));
}

#[test]
fn a_cut_log_is_read_up_to_the_cut() {
    let bytes = log(400);
    let cut = &bytes[..4096 + CHUNK + 20_000];
    let reading = read_bytes(cut);
    let sound = read_bytes(&bytes);
    assert_eq!(ids(&reading)[..], ids(&sound)[..reading.events.len()]);
    assert!(reading.partial());
    let codes: Vec<_> = reading.logs[0].damages.iter().map(|damage| damage.code).collect();
    assert_eq!(codes[0], "evtx::truncated");
    assert!(texts(&reading)[0].contains("the file breaks off in this chunk, after 20000 of its 65536 bytes"));
}

#[test]
fn wiped_chunks_are_damage_inside_and_none_at_the_end() {
    let mut bytes = log(600);
    let chunks = (bytes.len() - 4096) / CHUNK;
    assert!(chunks >= 3);
    bytes.extend(vec![0; 4 * CHUNK]);
    assert!(!read_bytes(&bytes).partial(), "unused chunks are no damage");
    bytes[4096 + CHUNK..4096 + 2 * CHUNK].fill(0);
    let reading = read_bytes(&bytes);
    let damage = &reading.logs[0].damages[0];
    assert_eq!((damage.code, damage.chunk), ("evtx::chunk-empty", 1));
    assert!(damage.between.is_some() && reading.partial());
}

#[test]
fn chunks_are_read_without_a_good_file_header_or_chunk_header() {
    let mut bytes = log(400);
    let sound = read_bytes(&bytes);
    bytes[..128].fill(0);
    let reading = read_bytes(&bytes);
    assert_eq!((reading.events.len(), reading.partial()), (400, true));
    assert!(
        texts(&reading)[0]
            .starts_with("a.evtx: the file's header is damaged; its chunks were read all the same")
    );
    assert_eq!(read_bytes(&bytes[4096..]).events.len(), 400, "without any header");
    assert_eq!(read_bytes(&bytes[4001..]).events.len(), 400, "cut off anywhere in it");
    let second = sound.events.iter().filter(|event| event.chunk > 0).count();
    let reading = read_bytes(&bytes[5001..]);
    assert_eq!((reading.events.len(), reading.partial()), (second, true), "cut off in the first chunk");

    let mut bytes = log(400);
    bytes[4096..4096 + 4].fill(0);
    let reading = read_bytes(&bytes);
    assert_eq!((reading.events.len(), reading.logs[0].damages[0].code), (400, "evtx::chunk-magic"));
    let mut bytes = log(400);
    bytes[4096 + 128..4096 + 512].fill(0xff);
    assert_eq!(read_bytes(&bytes).events.len(), 400, "the tables of names and templates are shortcuts");
}

#[test]
fn rotated_chunks_are_one_span_without_gaps() {
    let bytes = log(600);
    let first = 4096 + CHUNK;
    let rotated = [&bytes[..4096], &bytes[first..], &bytes[4096..first]].concat();
    let reading = read_bytes(&rotated);
    let log = &reading.logs[0];
    assert!(log.wrapped && log.whole, "{:?}", log.damages);
    assert_eq!((log.spans[0].gap_count, log.spans[0].out_of_order, log.spans.len()), (0, 0, 1));
    assert!(ids(&reading).is_sorted());
}

#[test]
fn missing_ids_and_steps_back_are_noted() {
    let mut records: Vec<Record> = (1..=400).map(|id| record(id, START + id * SECOND)).collect();
    records.drain(99..109);
    records[200].time -= 3600 * SECOND;
    let reading = read_bytes(&encode(&records).expect("records fit"));
    let span = &reading.logs[0].spans[0];
    assert_eq!((span.gap_count, span.out_of_order), (1, 1));
    assert_eq!((span.gaps[0].after_id, span.gaps[0].before_id), (99, 110));
    assert_eq!(span.steps_back[0].before_id, 211);
}

#[test]
fn what_was_lost_between_newer_and_older_records_is_of_any_time_between_them() {
    // A chunk that was being written anew: behind the newer records stand those of the pass before.
    let time = |id: u64| START + id * SECOND - if id > 50 { 3600 * SECOND } else { 0 };
    let mut bytes =
        encode(&(1..=100).map(|id| record(id, time(id))).collect::<Vec<_>>()).expect("records fit");
    let starts: Vec<usize> =
        (4096 + 512..4096 + CHUNK).step_by(8).filter(|at| bytes[*at..].starts_with(b"**\0\0")).collect();
    bytes[starts[50]] = 0;
    let reading = read_bytes(&bytes);
    let (from, to) = reading.logs[0].damages[1].between.expect("records stand around it");
    assert_eq!((from.0, to.0), (time(52), time(50)));
}

#[test]
fn foreign_files_are_called_what_they_are() {
    let cases: [(&str, &[u8], &str); 7] = [
        ("a.evtx", b"", "a.evtx: the file is empty"),
        ("a.evtx", b"some words\r\n", "a.evtx: a text file without event records"),
        ("a.evtx", b"PK\x03\x04\0\0", "a.evtx: it cannot be unpacked ("),
        ("a.evtx", b"0\0\0\0LfLe\x01\0\0\0", "a.evtx: an event log of Windows XP or Server 2003 (.evt)"),
        (
            "a.evtx",
            b"\xef\xbb\xbf<?xml version='1.0'?>",
            "a.evtx: XML text without event records, not an event log",
        ),
        ("a.etl", b"\0\0\x01\0\x02\x03", "a.etl: a trace (.etl), not an event log"),
        (
            "a.evtx",
            b"\0\0\x01\0\x02\x03",
            "a.evtx: not an event log: neither a log's header nor a chunk is in it",
        ),
    ];
    for (name, bytes, words) in cases {
        let folder = folder(&[(name, bytes)]);
        let error = try_read(&[&folder.path().join(name)]).expect_err("there is no log").to_string();
        let expected = format!("no event log to read\n{words}");
        assert!(error.starts_with(&expected), "{error}\nis not\n{expected}");
        assert!(error.contains("\n  help: "), "{error}");
    }
}

#[test]
fn one_bad_path_is_a_warning_and_only_bad_paths_an_error() {
    let folder = folder(&[("a.evtx", &log(3)), ("empty/notes.txt", b"x")]);
    let missing = folder.path().join("missing.evtx");
    let reading = try_read(&[folder.path(), &missing]).expect("a.evtx is read");
    assert!(reading.partial());
    assert!(
        texts(&reading)[0].starts_with("missing.evtx: there is no such file or folder [input::not-found]")
    );
    assert!(matches!(try_read(&[]), Err(ReadError::NoInputs)));
    let error = try_read(&[&folder.path().join("empty"), &missing]).expect_err("nothing to read").to_string();
    assert_eq!(
        error,
        "no event log to read\n\
         empty: no event logs in this folder, only 1 other file: notes.txt [input::no-logs]\n  \
         help: Put exported logs there: wevtutil epl <channel> <file>.evtx\n\
         missing.evtx: there is no such file or folder [input::not-found]\n  \
         help: Check the path; names with blanks need quotes"
    );
}

#[test]
fn names_are_as_short_as_they_can_be() {
    let (one, two, three) = (log(1), log(2), log(3));
    let folder = folder(&[
        ("host/System.evtx", &one),
        ("client/System.evtx", &two),
        ("client/deep/No Ending", &three),
        ("client/notes.txt", b"x"),
    ]);
    let names = |paths: &[&str]| -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let reading = try_read(&paths).expect("logs are read");
        assert!(!reading.partial());
        reading.logs.into_iter().map(|log| log.name).collect()
    };
    assert_eq!(names(&["host/System.evtx"]), ["System.evtx"]);
    assert_eq!(names(&["host", "client"]), ["client/System.evtx", "deep/No Ending", "host/System.evtx"]);
    assert_eq!(
        names(&["client/System.evtx", "host/System.evtx"]),
        ["client/System.evtx", "host/System.evtx"]
    );
    assert_eq!(names(&[""]), ["client/System.evtx", "client/deep/No Ending", "host/System.evtx"]);
}

#[test]
fn the_same_log_counts_once() {
    let bytes = log(5);
    let folder = folder(&[("a.evtx", &bytes), ("copy.evtx", &bytes)]);
    let a = folder.path().join("a.evtx");
    let reading = try_read(&[&a, folder.path()]).expect("logs are read");
    assert_eq!((reading.events.len(), reading.logs.len(), reading.partial()), (5, 1, false));
    let texts = texts(&reading);
    assert_eq!(texts[0], "a.evtx: given more than once; it is read once [input::given-twice]");
    assert!(texts[1].starts_with("copy.evtx: the same, byte for byte, as a.evtx; it is counted once"));
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("logs/a.evtx", &log(5)), ("other/b.evtx", &log(3)), ("other/c.txt", b"x")]);
    let logs = folder.path().join("logs");
    symlink(folder.path(), logs.join("up")).expect("links can be made");
    symlink("../other/b.evtx", logs.join("b.evtx")).expect("links can be made");
    symlink("../other/c.txt", logs.join("c.txt")).expect("links can be made");
    std::fs::hard_link(logs.join("a.evtx"), logs.join("hard.evtx")).expect("links can be made");
    let reading = try_read(&[&logs]).expect("the log is read");
    assert_eq!((reading.logs.len(), reading.events.len(), reading.partial()), (1, 5, false));
    let texts = texts(&reading);
    assert_eq!(texts.len(), 2, "{texts:?}");
    let told = "b.evtx: a link, which is not followed; it leads to `../other/b.evtx` [input::link]";
    assert!(texts[0].starts_with(told), "{texts:?}");
    assert!(texts[1].starts_with("up: a link, which is not followed; it leads to `/"), "{texts:?}");

    let named =
        try_read(&[&logs.join("b.evtx"), &logs.join("up")]).expect("links that are given are followed");
    assert_eq!(
        (named.logs.len(), named.events.len()),
        (2, 5),
        "the records of one are among those of the other"
    );
}

#[cfg(unix)]
#[test]
fn of_many_links_the_first_are_named() {
    let folder = folder(&[("a.evtx", &log(1))]);
    for number in 0..100 {
        let link = folder.path().join(format!("link-{number:03}"));
        std::os::unix::fs::symlink("/", link).expect("links can be made");
    }
    let texts = texts(&try_read(&[folder.path()]).expect("the log is read"));
    assert_eq!(texts.len(), 6, "{texts:?}");
    assert_eq!(texts[5], "link-005: the first of 95 more links, which are not followed [input::link]");
}

#[test]
fn a_fault_of_the_reader_costs_one_input_and_no_other() {
    let folder = folder(&[("a.evtx", &log(3)), ("b.evtx", &log(5))]);
    let failed = std::sync::atomic::AtomicBool::new(false);
    let wants = |_: &str, _: u32, _: &str| {
        assert!(failed.swap(true, std::sync::atomic::Ordering::Relaxed), "the reader fails once");
        true
    };
    let options = ReadOptions { threads: Some(std::num::NonZeroUsize::MIN), ..ReadOptions::default() };
    let reading = read(&[folder.path().to_owned()], &wants, &options, &()).expect("the other log is read");
    assert_eq!(reading.logs.len(), 1, "{:?}", texts(&reading));
    assert!(reading.partial());
    assert!(texts(&reading)[0].contains("[input::reader-failed]"), "{:?}", texts(&reading));
}
