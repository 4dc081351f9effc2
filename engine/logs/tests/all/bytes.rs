//! Bytes with names are read like the files they could be.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::made;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use rdpwhy_forge::evtx::{Payload, Record, encode};
use rdpwhy_logs::{ReadError, ReadOptions, Reading, Source, read};

const START: u64 = 133_500_000_000_000_000;

fn log(first: u64, count: u64) -> Vec<u8> {
    let record = |id: u64| Record { payload: Payload::None, ..made::record(id, START + id * 10_000_000) };
    encode(&(first..first + count).map(record).collect::<Vec<_>>()).unwrap()
}

fn try_read<S: Clone + Into<Source>>(inputs: &[S]) -> Result<Reading, ReadError> {
    read(inputs, &|_: &str, _: u32, _: &str| true, &ReadOptions::default(), &())
}

/// Reads files from a folder, by their paths.
fn from_disk(folder: &Path, files: &[(&str, Vec<u8>)]) -> Vec<PathBuf> {
    let write = |(name, bytes): &(&str, Vec<u8>)| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    };
    files.iter().map(write).collect()
}

fn in_memory(files: &[(&str, Vec<u8>)]) -> Vec<Source> {
    files.iter().map(|(name, bytes)| Source::bytes(*name, bytes.clone())).collect()
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn files_in_memory_are_read_as_on_disk() {
    let mut damaged = log(1, 400);
    damaged[4096 + 700] ^= 0xff;
    let text =
        b"<Events><Event xmlns='x'><System><Provider Name='P'/><EventID>7</EventID><Channel>C</Channel>\
        <TimeCreated SystemTime='2026-03-09T08:00:00Z'/><Computer>H</Computer></System></Event></Events>";
    let files = [
        ("System.evtx", log(1, 9)),
        ("again.evtx", log(5, 30)),
        ("damaged.evtx", damaged),
        ("empty.evtx", Vec::new()),
        ("nothing.docx", b"PK\x03\x04".to_vec()),
        ("broken.zip", b"PK\x03\x04broken".to_vec()),
        ("case.zip", zip(&[("host/Inner.evtx", log(900, 12)), ("readme.txt", b"hello".to_vec())])),
        ("text.xml", text.to_vec()),
        ("named.bin", log(2000, 3)),
    ];
    let folder = tempfile::tempdir().unwrap();
    let on_disk = try_read(&from_disk(folder.path(), &files)).unwrap();
    let mut sources = in_memory(&files);
    assert_eq!(try_read(&sources).unwrap(), on_disk);
    sources.reverse();
    assert_eq!(try_read(&sources).unwrap(), on_disk, "their order does not matter");
    assert!(on_disk.logs.len() >= 5 && on_disk.unread >= 3 && on_disk.archives.len() == 2, "{on_disk:?}");
}

#[test]
fn a_large_log_in_memory_is_read_by_all_threads() {
    let one = log(1, 500);
    let header = &one[..4096];
    let large = [header, &one[4096..].repeat(9 * (1 << 20) / (one.len() - 4096) + 1)].concat();
    let folder = tempfile::tempdir().unwrap();
    let files = [("Large.evtx", large)];
    let on_disk = try_read(&from_disk(folder.path(), &files)).unwrap();
    assert!(on_disk.logs[0].bytes > 8 << 20);
    assert_eq!(try_read(&in_memory(&files)).unwrap(), on_disk);
}

#[test]
fn names_keep_their_folders_and_are_told_apart() {
    let sources = [
        Source::bytes(r"..\host\System.evtx", log(1, 2)),
        Source::bytes("System.evtx", log(10, 2)),
        Source::bytes("System.evtx", log(20, 2)),
    ];
    let reading = try_read(&sources).unwrap();
    let names: Vec<&str> = reading.logs.iter().map(|log| log.name.as_str()).collect();
    assert_eq!(names, ["(..)/host/System.evtx", "System.evtx", "System.evtx (2)"]);
}

#[test]
fn paths_and_bytes_go_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = from_disk(folder.path(), &[("System.evtx", log(1, 2))]).remove(0);
    let sources = [Source::from(path), Source::bytes("System.evtx", log(10, 3))];
    let reading = try_read(&sources).unwrap();
    let logs: Vec<(&str, u64)> = reading.logs.iter().map(|log| (log.name.as_str(), log.records)).collect();
    assert_eq!(logs, [("System.evtx", 2), ("System.evtx (2)", 3)]);
}

#[test]
fn what_is_no_log_is_named() {
    let error = try_read(&[Source::bytes("photo.png", *b"\x89PNG\r\n\x1a\n0000")]).unwrap_err().to_string();
    assert!(error.contains("photo.png"), "{error}");
}
