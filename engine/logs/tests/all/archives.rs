//! What hostile, broken and odd archives cost, and what is said about them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::made;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rdpwhy_forge::evtx::{Payload, Record, encode};
use rdpwhy_logs::{ArchiveLimits, Progress, ReadError, ReadOptions, Reading, read};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// How many times over the bytes of an archive may be read: names, entries, and those whose sizes lie.
const OFTEN: u64 = 4;

/// Counts the bytes that are read of an archive.
#[derive(Default)]
struct Counter(AtomicU64);

impl Progress for Counter {
    fn found(&self, _files: usize, _bytes: u64) {}

    fn read(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn log(count: u64) -> Vec<u8> {
    let record = |id: u64| Record {
        payload: Payload::None,
        ..made::record(id, 133_500_000_000_000_000 + id * 10_000_000)
    };
    encode(&(1..=count).map(record).collect::<Vec<_>>()).unwrap()
}

fn zip<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn try_read(name: &str, bytes: &[u8], limits: ArchiveLimits) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let options = ReadOptions { archive_limits: limits, ..ReadOptions::default() };
    let counter = Counter::default();
    let reading = read(&[path], &|_: &str, _: u32, _: &str| true, &options, &counter);
    let (read, given) = (counter.0.into_inner(), bytes.len() as u64);
    assert!(read <= OFTEN * given, "{name}: {read} bytes read of {given}");
    assert_eq!(written_beside(folder.path()), [name], "nothing is written to disk");
    reading
}

fn written_beside(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_str().unwrap().to_owned()).collect()
}

fn read_zip(bytes: &[u8]) -> Reading {
    try_read("t.zip", bytes, ArchiveLimits::default()).unwrap()
}

fn error_of(name: &str, bytes: &[u8], limits: ArchiveLimits) -> String {
    try_read(name, bytes, limits).unwrap_err().to_string()
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.logs.iter().map(|log| log.name.as_str()).collect()
}

fn texts(reading: &Reading) -> Vec<String> {
    reading.warnings.iter().map(ToString::to_string).collect()
}

/// Where a signature of a ZIP archive stands.
fn places(bytes: &[u8], signature: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(signature)).collect()
}

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";

#[test]
fn an_entry_is_named_and_hashed_as_what_it_unpacks_to() {
    let log = log(3);
    let archive =
        zip([("host/System.evtx", log.as_slice()), ("notes.txt", b"x"), ("host/System_1033.MTA", b"y")]);
    let reading = read_zip(&archive);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.evtx"), &log).unwrap();
    let plain =
        read(&[folder.path().to_path_buf()], &|_: &str, _: u32, _: &str| true, &ReadOptions::default(), &());
    assert_eq!(names(&reading), ["t.zip/host/System.evtx"]);
    assert_eq!(
        (&reading.logs[0].sha256, reading.logs[0].bytes),
        (&plain.unwrap().logs[0].sha256, log.len() as u64)
    );
    let found = &reading.archives[0];
    assert_eq!(
        (found.name.as_str(), found.bytes, found.logs, found.others),
        ("t.zip", archive.len() as u64, 1, 2)
    );
    assert!(!reading.partial() && reading.warnings.is_empty(), "{:?}", reading.warnings);
}

#[test]
fn a_log_is_known_by_its_beginning_and_a_shared_name_is_told_apart() {
    let (one, two) = (log(1), log(2));
    let reading = read_zip(&zip([("a/no ending", one.as_slice()), ("a\\no ending", &two)]));
    assert_eq!(names(&reading), ["t.zip/a/no ending", "t.zip/a/no ending (2)"]);
}

#[test]
fn a_small_bomb_is_stopped_and_the_log_beside_it_is_read() {
    // A bomb of ten kilobytes, and one of a log's name that unpacks to more than an entry may.
    let zeroes = vec![0; 10 << 20];
    let small = zip([("a.evtx", zeroes.as_slice())]);
    assert!(small.len() < 12_000);
    assert!(error_of("t.zip", &small, ArchiveLimits::default()).contains("t.zip/a.evtx: not an event log"));

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("bomb.evtx", SimpleFileOptions::default()).unwrap();
    writer.write_all(&log(5)).unwrap();
    (0..30).for_each(|_| writer.write_all(&zeroes).unwrap());
    writer.start_file("System.evtx", SimpleFileOptions::default()).unwrap();
    writer.write_all(&log(3)).unwrap();
    let reading = read_zip(&writer.finish().unwrap().into_inner());
    assert_eq!(names(&reading), ["t.zip/System.evtx", "t.zip/bomb.evtx"]);
    assert_eq!((reading.logs[0].whole, reading.logs[1].whole), (true, false));
    assert!(reading.logs[1].bytes < 65 << 20, "{}", reading.logs[1].bytes);
    let text = texts(&reading).join("\n");
    assert!(text.contains("unpacks to over 200 times its size, as a ZIP bomb does"), "{text}");
    assert!(
        text.contains(
            "[archive::limit]\n  help: If you trust the archive, allow more with --max-archive-ratio"
        )
    );
}

#[test]
fn a_bomb_of_archives_in_archives_is_bounded_as_a_whole() {
    let zeroes = vec![0; 60 << 20];
    let inner = zip([("a.bin", zeroes.as_slice())]);
    let names: Vec<String> = (0..40).map(|n| format!("{n}.evtx")).collect();
    let bomb = log(1).into_iter().chain(zeroes).collect::<Vec<u8>>();
    let many = zip(names.iter().map(|name| (name.as_str(), bomb.as_slice())));
    let outer = zip([("first.zip", many.as_slice()), ("second.zip", &inner), ("third.zip", &many)]);
    let reading = try_read("t.zip", &outer, ArchiveLimits::default()).unwrap();
    let unpacked: u64 = reading.logs.iter().map(|log| log.bytes).sum();
    assert!(unpacked < 300 << 20, "{unpacked}");
    assert!(
        texts(&reading)
            .iter()
            .any(|text| text.contains("the archive unpacks to over 200 times its size in all"))
    );
}

#[test]
fn every_limit_is_settable_and_named() {
    let log = log(2);
    let inner = zip([("a.evtx", log.as_slice())]);
    let outer = zip([("in.zip", inner.as_slice())]);
    let free = ArchiveLimits::default();
    for (bytes, limits, option) in [
        (&outer, ArchiveLimits { depth: 1, ..free }, "--max-archive-depth"),
        (&outer, ArchiveLimits { held: 1000, ..free }, "--max-archive-memory"),
        (&inner, ArchiveLimits { bytes: 1000, ..free }, "--max-archive-bytes"),
        (&inner, ArchiveLimits { entries: 0, ..free }, "--max-archive-entries"),
    ] {
        let said = match try_read("t.zip", bytes, limits) {
            Ok(reading) => {
                assert!(reading.partial());
                texts(&reading).join("\n")
            }
            Err(error) => error.to_string(),
        };
        assert!(said.contains(option) && said.contains("[archive::limit]"), "{option}: {said}");
    }
    assert_eq!(names(&try_read("t.zip", &outer, free).unwrap()), ["t.zip/in.zip/a.evtx"]);
}

#[test]
fn a_hundred_thousand_entries_are_counted_and_not_complained_about_one_by_one() {
    let log = log(1);
    let names: Vec<String> = (0..100_000).map(|n| format!("{n}.txt")).collect();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("first.evtx", stored).unwrap();
    writer.write_all(&log).unwrap();
    for name in &names {
        writer.start_file(name.as_str(), stored).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let reading = read_zip(&bytes);
    assert_eq!(texts(&reading).len(), 1);
    assert!(texts(&reading)[0].starts_with("t.zip: more than 50000 entries; 50001 of them are left out"));
    assert_eq!((reading.logs.len(), reading.archives[0].others), (1, 49_999));
    let all = ArchiveLimits { entries: 200_000, ..ArchiveLimits::default() };
    assert_eq!(try_read("t.zip", &bytes, all).unwrap().archives[0].others, 100_000);
}

#[test]
fn paths_that_lead_out_are_labels_and_nothing_else() {
    let log = log(1);
    let long = format!("{}.evtx", "x".repeat(60_000));
    let two = self::log(2);
    let three = self::log(3);
    let four = self::log(4);
    let reading = read_zip(&zip([
        ("../../etc/a.evtx", log.as_slice()),
        ("C:\\Windows\\b.evtx", &two),
        ("nul\0\u{1b}[2J.evtx", &three),
        (&long, &four),
    ]));
    let names = names(&reading);
    assert_eq!(
        names[..3],
        ["t.zip/(..)/(..)/etc/a.evtx", "t.zip/(C:)/Windows/b.evtx", r"t.zip/nul\u{0}\u{1b}[2J.evtx"]
    );
    assert!(names[3].len() < 300 && names[3].contains('…'));
    let text = texts(&reading).join("\n");
    assert!(text.starts_with("t.zip: entries with paths that would lead out of the archive: "), "{text}");
    assert!(text.contains("`t.zip/(..)/(..)/etc/a.evtx`, `t.zip/(C:)/Windows/b.evtx`; they were read here"));
    assert!(!reading.partial());
}

#[test]
fn encrypted_entries_are_named_and_the_others_read() {
    let (one, two) = (log(1), log(2));
    let mut bytes =
        zip([("host/System.evtx", one.as_slice()), ("host/Security.evtx", &two), ("a.txt", b"x")]);
    let flagged = [(places(&bytes, LOCAL)[1], 6), (places(&bytes, CENTRAL)[1], 8)];
    flagged.iter().for_each(|(at, flags)| bytes[at + flags] |= 1);
    let reading = read_zip(&bytes);
    assert_eq!((names(&reading), reading.unread), (vec!["t.zip/host/System.evtx"], 1));
    assert_eq!(
        texts(&reading),
        ["t.zip: encrypted, so it cannot be read: `t.zip/host/Security.evtx` [archive::encrypted]\n  \
          help: Unpack it with its password and give the folder, or send it without one"]
    );
}

#[test]
fn entries_packed_in_an_unknown_way_are_named() {
    let (one, two) = (log(1), log(2));
    let mut bytes = zip([("System.evtx", one.as_slice()), ("Security.evtx", &two)]);
    let methods = [(places(&bytes, LOCAL)[0], 8), (places(&bytes, CENTRAL)[0], 10)];
    methods.iter().for_each(|(at, method)| bytes[at + method] = 98);
    let reading = read_zip(&bytes);
    assert_eq!((names(&reading), reading.unread), (vec!["t.zip/Security.evtx"], 1));
    let text = &texts(&reading)[0];
    assert!(
        text.starts_with("t.zip: packed with ") && text.contains(": `t.zip/System.evtx` [archive::method]"),
        "{text}"
    );
}

#[test]
fn overlapping_entries_are_left_out() {
    let (one, two, three) = (log(1), log(2), log(3));
    let mut bytes = zip([("a.evtx", one.as_slice()), ("b.evtx", &two), ("c.evtx", &three)]);
    // The second says that it lies where the first does.
    let (first, second) = (places(&bytes, CENTRAL)[0], places(&bytes, CENTRAL)[1]);
    let start: Vec<u8> = bytes[first + 42..first + 46].to_vec();
    bytes[second + 42..second + 46].copy_from_slice(&start);
    let reading = read_zip(&bytes);
    assert_eq!((names(&reading), reading.unread), (vec!["t.zip/c.evtx"], 2));
    assert!(texts(&reading)[0].contains("its data is that of other entries as well, as in a ZIP bomb"));
}

#[test]
fn broken_archives_give_what_can_be_read() {
    let (one, two) = (log(400), log(2));
    let files = [("a.evtx", one.as_slice()), ("b.evtx", two.as_slice())];
    let sound = zip(files);
    // A byte in the middle of the first entry's data.
    let mut changed = sound.clone();
    let at = places(&sound, LOCAL)[1] / 2;
    changed[at] ^= 0xff;
    let reading = read_zip(&changed);
    assert_eq!(names(&reading), ["t.zip/a.evtx", "t.zip/b.evtx"]);
    assert!(!reading.logs[0].whole && reading.logs[1].whole);
    assert!(texts(&reading).iter().any(|text| text.starts_with("t.zip/a.evtx: ")), "{:?}", texts(&reading));
    // Broken off: the directory, which is at its end, is gone.
    let error = error_of("t.zip", &sound[..sound.len() / 2], ArchiveLimits::default());
    assert!(
        error.contains("t.zip: it cannot be unpacked (") && error.contains("copy or pack it again"),
        "{error}"
    );

    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, bytes).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let reading = try_read("t.tar", &tar[..one.len() + 512 + 5000], ArchiveLimits::default()).unwrap();
    assert_eq!((names(&reading), reading.partial()), (vec!["t.tar/a.evtx", "t.tar/b.evtx"], true));
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(&tar).unwrap();
    let gz = gz.finish().unwrap();
    let reading = try_read("t.tar.gz", &gz[..gz.len() - gz.len() / 4], ArchiveLimits::default()).unwrap();
    assert_eq!(reading.logs[0].name, "t.tar.gz/a.evtx");
    assert!(reading.partial());
}

#[test]
fn an_archive_without_logs_says_so() {
    let error =
        error_of("t.zip", &zip([("a.txt", b"x".as_slice()), ("b.png", b"y")]), ArchiveLimits::default());
    assert!(
        error.contains(
            "t.zip: no event logs in this archive, only 2 other files: a.txt, b.png [input::no-logs]"
        ),
        "{error}"
    );
    let empty = zip([("System.evtx", b"".as_slice())]);
    assert!(
        error_of("t.zip", &empty, ArchiveLimits::default()).contains("t.zip/System.evtx: the file is empty")
    );
}

#[test]
fn a_folder_reads_its_archives_and_texts_of_records_alone() {
    let (one, two) = (log(1), log(2));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("System.evtx", &one);
    write("more.zip", &zip([("b.evtx", two.as_slice())]));
    write("drivers.zip", &zip([("a.sys", b"x".as_slice())]));
    write("settings.xml", b"<settings/>");
    write("letter.docx", &zip([("word/document.xml", b"<x/>".as_slice())]));
    let paths: [PathBuf; 1] = [folder.path().to_path_buf()];
    let reading = read(&paths, &|_: &str, _: u32, _: &str| true, &ReadOptions::default(), &()).unwrap();
    assert_eq!(names(&reading), ["System.evtx", "more.zip/b.evtx"]);
    assert!(!reading.partial());
}

mod seven_zip {
    use super::*;

    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in files {
            writer.push_archive_entry(sevenz_rust2::ArchiveEntry::new_file(name), Some(*bytes)).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn its_logs_are_read_and_changed_bytes_never_panic() {
        let (one, two) = (log(5), log(2));
        let sound = pack(&[("../a.evtx", &one), ("notes.txt", b"x"), ("b.evtx", &two)]);
        let reading = try_read("t.7z", &sound, ArchiveLimits::default()).unwrap();
        assert_eq!(names(&reading), ["t.7z/(..)/a.evtx", "t.7z/b.evtx"]);
        assert_eq!(reading.archives[0].others, 1);
        for at in (0..sound.len()).step_by(sound.len() / 60) {
            for value in [0, 0xff] {
                let mut changed = sound.clone();
                changed[at] = value;
                let _ = try_read("t.7z", &changed, ArchiveLimits::default());
            }
        }
    }
}

mod hostile_bytes {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn changed_archives_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
            form in 0usize..3,
        ) {
            let (one, two) = (log(3), log(2));
            let inner = zip([("b.evtx", two.as_slice())]);
            let mut bytes = match form {
                0 => zip([("a.evtx", one.as_slice()), ("in.zip", &inner)]),
                1 => {
                    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                    gz.write_all(&one).unwrap();
                    gz.finish().unwrap()
                }
                _ => ruzstd::encoding::compress_to_vec(one.as_slice(), ruzstd::encoding::CompressionLevel::Fastest),
            };
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = try_read(["t.zip", "t.evtx.gz", "t.evtx.zst"][form], &bytes, ArchiveLimits::default());
        }
    }
}
