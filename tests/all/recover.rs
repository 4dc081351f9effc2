//! The command on damaged and cleared logs, with and without `--recover`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65_536;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs")
}

/// The logs of the sample, each changed, in a folder.
fn changed(change: impl Fn(&str, &mut Vec<u8>)) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for machine in ["host", "client"] {
        std::fs::create_dir(folder.path().join(machine)).unwrap();
        for entry in std::fs::read_dir(sample().join(machine)).unwrap() {
            let path = entry.unwrap().path();
            let mut bytes = std::fs::read(&path).unwrap();
            change(path.file_name().unwrap().to_str().unwrap(), &mut bytes);
            std::fs::write(folder.path().join(machine).join(path.file_name().unwrap()), bytes).unwrap();
        }
    }
    folder
}

/// What clearing leaves: chunks whose headers know of no record, with the records still behind them.
fn clear(bytes: &mut [u8]) {
    for chunk in bytes[FILE_HEADER..].as_chunks_mut::<CHUNK>().0 {
        for (at, value) in [(8, 1u64), (16, u64::MAX), (24, u64::MAX), (32, u64::MAX)] {
            chunk[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        for (at, value) in [(44, 512u32), (48, 512), (52, 0)] {
            chunk[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        chunk[128..512].fill(0);
        let covered = [&chunk[..120], &chunk[128..512]].concat();
        let checksum = evtx_checksum(&covered);
        chunk[124..128].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// CRC-32 as in EVTX, bit by bit.
fn evtx_checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

fn json(folder: &Path, arguments: &[&str]) -> (serde_json::Value, Option<i32>) {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg(folder).args(["--format", "json"]).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (serde_json::from_str(&text).unwrap_or(serde_json::Value::Null), output.status.code())
}

#[test]
fn sound_logs_give_the_same_report_with_recovery() {
    assert_eq!(json(&sample(), &[]), json(&sample(), &["--recover"]));
}

#[test]
fn cleared_logs_still_tell_what_happened_but_prove_little() {
    let folder = changed(|_, bytes| clear(bytes));
    let (plain, code) = json(folder.path(), &[]);
    assert_eq!((plain["verdict"].as_str(), code), (Some("no_evidence"), Some(0)));

    let (report, _) = json(folder.path(), &["--recover"]);
    assert_eq!(report["totals"]["failed"], 9, "{}", report["totals"]);
    let coverage = report["coverage"].as_array().unwrap();
    assert!(coverage.iter().all(|row| row["records"] == 0 && row["first"].is_null()), "{coverage:#?}");
    assert!(coverage.iter().any(|row| row["recovered"].as_u64() > Some(20)), "{coverage:#?}");
    for cause in report["diagnoses"].as_array().unwrap() {
        for evidence in
            cause["evidence"].as_array().unwrap().iter().filter(|evidence| evidence["id"] != "stage")
        {
            let ratio = evidence["likelihood_ratio"].as_f64().unwrap();
            assert!((0.5..=2.0).contains(&ratio), "{evidence:#}");
            assert_ne!(evidence["state"], "absent", "{evidence:#}");
            let marked = |record: &serde_json::Value| record["recovered"] == true;
            assert!(evidence["records"].as_array().unwrap().iter().all(marked), "{evidence:#}");
        }
    }
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap();
    jsonschema::validate(&schema, &report).unwrap();
}

#[test]
fn the_text_report_marks_what_was_recovered() {
    let folder = changed(|name, bytes| {
        if name == "System.evtx" {
            clear(bytes)
        }
    });
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg(folder.path()).args(["--recover", "--full", "--width", "160"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" recovered · "), "{text}");
    assert!(text.contains(", recovered)") && text.contains("(recovered records only)"), "{text}");
}

#[test]
fn a_wiped_span_is_a_hole_in_the_coverage() {
    // The host's log of connections is larger than a chunk; the second is overwritten.
    let wiped = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx";
    let folder = changed(|name, bytes| {
        if name == wiped {
            bytes[FILE_HEADER + CHUNK..FILE_HEADER + 2 * CHUNK].fill(0x55);
        }
    });
    let (report, code) = json(folder.path(), &[]);
    assert_eq!(code, Some(1));
    let rows: Vec<_> =
        report["coverage"].as_array().unwrap().iter().filter(|row| row["damaged"] != 0).collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!(rows[0]["file"], format!("host/{wiped}"));
    let warning = report["warnings"].to_string();
    assert!(warning.contains("chunk 1 at offset 0x11000"), "{warning}");
}
