//! One ticket in every container and every dialect: the same diagnosis from each.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::dialects;
use assert_cmd::Command;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

type Files = Vec<(String, Vec<u8>)>;
/// Writes a log anew.
type Convert = fn(&[u8]) -> Vec<u8>;

/// The logs of a sample, by their paths in it.
fn logs(sample: &str) -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample).join("logs");
    let mut files = Vec::new();
    for machine in std::fs::read_dir(&folder).unwrap() {
        for file in std::fs::read_dir(machine.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

fn converted(files: &Files, extension: &str, convert: Convert) -> Files {
    files.iter().map(|(name, bytes)| (name.replace("evtx", extension), convert(bytes))).collect()
}

fn zip(files: &Files) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(files: &Files) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        // Names of over a hundred letters stand in entries of their own.
        builder.append_data(&mut header, format!("ticket/of/somebody/{name}"), bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn seven_zip(files: &Files) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in files {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        writer.push_archive_entry(entry, Some(bytes.as_slice())).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn written(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn report(paths: &[PathBuf], threads: &str) -> Value {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.args(paths).args(["--format", "json", "--threads", threads]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{paths:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn report_of(name: &str, bytes: Vec<u8>) -> Value {
    let folder = written(&vec![(name.to_owned(), bytes)]);
    report(&[folder.path().join(name)], "2")
}

/// What a diagnosis says, without the names of files: causes in order, with each piece of evidence, its records and
/// their times as far as `digits` of their text go.
fn essence(report: &Value, digits: usize) -> Vec<String> {
    let mut said = vec![report["verdict"].to_string()];
    for cause in report["diagnoses"].as_array().unwrap() {
        said.push(format!("{} {:.3}", cause["cause"], cause["probability"].as_f64().unwrap()));
        for evidence in cause["evidence"].as_array().unwrap() {
            said.push(format!("  {} {}", evidence["signal"], evidence["likelihood_ratio"]));
            for record in evidence["records"].as_array().unwrap() {
                let time = &record["time"].as_str().unwrap()[..digits];
                said.push(format!("    {} {} {time}", record["channel"], record["record_id"]));
            }
        }
    }
    for attempt in report["attempts"].as_array().unwrap() {
        let started = &attempt["started"].as_str().unwrap()[..digits];
        said.push(format!("{started} {} {} {}", attempt["outcome"], attempt["stage"], attempt["count"]));
    }
    for row in report["coverage"].as_array().unwrap() {
        said.push(format!("{} {} {}", row["channel"], row["computer"], row["records"]));
    }
    said
}

const FULL: usize = "2026-03-09T07:58:00.1234567".len();
const MICROSECONDS: usize = FULL - 1;
const MILLISECONDS: usize = FULL - 4;

fn assert_same(sample: &str, name: &str, report: &Value, digits: usize) {
    let folder = written(&logs(sample));
    let expected = essence(&self::report(&[folder.path().to_path_buf()], "2"), digits);
    let said = essence(report, digits);
    assert!(expected.len() > 10);
    let differ: Vec<_> = expected.iter().zip(&said).filter(|(a, b)| a != b).take(5).collect();
    assert!(expected == said, "{sample} as {name}, {} and {} lines: {differ:#?}", expected.len(), said.len());
}

const SAMPLES: [&str; 2] = ["key-inaccessible", "credssp-mismatch"];

#[test]
fn every_container_gives_the_same_diagnosis() {
    for sample in &SAMPLES[..1] {
        let files = logs(sample);
        let compressed = |pack: Convert, extension: &str| -> Files {
            files.iter().map(|(name, bytes)| (format!("{name}.{extension}"), pack(bytes))).collect()
        };
        let containers: Vec<(&str, Vec<u8>)> = vec![
            ("ticket.zip", zip(&files)),
            ("nested.zip", zip(&vec![("logs of/ticket.zip".to_owned(), zip(&files))])),
            ("ticket.7z", seven_zip(&files)),
            ("seven in.zip", zip(&vec![("ticket.7z".to_owned(), seven_zip(&files))])),
            ("ticket.tar", tar(&files)),
            ("ticket.tar.gz", gzip(&tar(&files))),
            ("ticket.tgz", gzip(&tar(&files))),
            ("ticket.tar.zst", zstd(&tar(&files))),
            ("tar in.zip", zip(&vec![("ticket.tar.gz".to_owned(), gzip(&tar(&files)))])),
            ("each.zip", zip(&compressed(gzip, "gz"))),
            ("frames.zip", zip(&compressed(zstd, "zst"))),
        ];
        for (name, bytes) in containers {
            assert_same(sample, name, &report_of(name, bytes), FULL);
        }
    }
}

#[test]
fn every_dialect_gives_the_same_diagnosis() {
    let dialects: &[(&str, &str, Convert, usize)] = &[
        ("Event Viewer", "xml", dialects::event_viewer_xml, FULL),
        ("wevtutil", "xml", dialects::wevtutil_xml, FULL),
        ("PowerShell", "xml", dialects::powershell_xml, FULL),
        ("evtx_dump", "jsonl", dialects::evtx_dump, FULL),
        ("Winlogbeat", "ndjson", dialects::winlogbeat, MILLISECONDS),
        ("NXLog", "json", dialects::nxlog, MICROSECONDS),
        ("Promtail", "json", dialects::promtail, FULL),
    ];
    for sample in SAMPLES {
        for &(name, extension, convert, digits) in dialects {
            let files = converted(&logs(sample), extension, convert);
            let folder = written(&files);
            assert_same(sample, name, &report(&[folder.path().to_path_buf()], "3"), digits);
            let name = format!("{name} in.zip");
            assert_same(sample, &name, &report_of(&name, zip(&files)), digits);
        }
    }
}

#[test]
fn an_archive_gives_the_same_report_on_any_number_of_threads_and_in_a_folder() {
    let files = logs("key-inaccessible");
    let folder = written(&vec![("ticket.zip".to_owned(), zip(&files))]);
    let path = [folder.path().join("ticket.zip")];
    let first = report(&path, "1");
    assert_eq!(first, report(&path, "8"));
    assert_eq!(first, report(&[folder.path().to_path_buf()], "2"));
    let archive = &first["archives"][0];
    assert_eq!((&archive["name"], &archive["logs"]), (&"ticket.zip".into(), &files.len().into()));
    assert_eq!(archive["sha256"].as_str().unwrap().len(), 64);
}

/// A ticket whose logs come twice and in parts still counts every record once, whatever the order of arguments.
#[test]
fn records_that_come_twice_count_once() {
    let files = logs("key-inaccessible");
    let folder = written(&vec![
        ("a.zip".to_owned(), zip(&files)),
        ("b.zip".to_owned(), zip(&converted(&files, "xml", dialects::event_viewer_xml))),
        ("c.zip".to_owned(), zip(&converted(&files, "jsonl", dialects::winlogbeat))),
    ]);
    let paths: Vec<PathBuf> =
        ["a.zip", "b.zip", "c.zip"].iter().map(|name| folder.path().join(name)).collect();
    let run = |paths: &[PathBuf]| {
        let output =
            Command::cargo_bin("rdpwhy").unwrap().args(paths).args(["--format", "json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let notes = String::from_utf8(output.stderr).unwrap();
        (serde_json::from_slice::<Value>(&output.stdout).unwrap(), notes)
    };
    let (report, notes) = run(&paths);
    let (turned, _) = run(&[paths[2].clone(), paths[1].clone(), paths[0].clone()]);
    assert_eq!(report, turned);
    assert!(notes.contains("b.zip/host/System.xml: "), "{notes}");
    assert!(notes.contains("records are in other logs as well and count once: "), "{notes}");
    assert!(notes.contains(" in a.zip/host/System.evtx [input::same-records]"), "{notes}");

    let once = self::report(&paths[..1], "2");
    let causes = |report: &Value| -> Vec<String> {
        essence(report, FULL).into_iter().filter(|line| !line.contains("contoso.local")).collect()
    };
    assert_eq!(causes(&report), causes(&once));
    let records = |report: &Value| -> u64 {
        report["coverage"].as_array().unwrap().iter().map(|row| row["records"].as_u64().unwrap()).sum()
    };
    assert_eq!(records(&report), records(&once));
}

/// As Velociraptor packs what a client has uploaded: its escapes are not what people call the files.
#[test]
fn a_collection_of_velociraptor_is_read_and_its_names_are_those_of_windows() {
    let escaped = |files: &Files| -> Files {
        let path = "uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/winevt/Logs";
        let own = |name: &str| name.rsplit('/').next().unwrap_or(name).replace('%', "%25");
        files.iter().map(|(name, bytes)| (format!("{path}/{}", own(name)), bytes.clone())).collect()
    };
    let host: Files =
        logs("key-inaccessible").into_iter().filter(|(name, _)| name.starts_with("host/")).collect();
    let files = escaped(&host);
    assert!(files.iter().any(|(name, _)| name.ends_with("%254Operational.evtx")));
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("Collection-SRV.zip");
    std::fs::write(&archive, zip(&files)).unwrap();
    let unpacked = written(&files);
    let plain = written(&host);
    let expected = report(&[plain.path().to_owned()], "1");
    for path in [archive, unpacked.path().to_owned()] {
        let found = report(&[path], "1");
        assert_eq!(found["diagnoses"][0]["cause"], "rdp-key-inaccessible");
        assert_eq!(found["verdict"], expected["verdict"]);
        let text = found.to_string();
        assert!(text.contains("C:/Windows/System32/winevt/Logs/"), "{}", found["coverage"]);
        assert!(text.contains("%4Operational.evtx") && !text.contains("%25") && !text.contains("%3A"));
    }
}
