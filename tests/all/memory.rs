//! Memory: what a crafted input makes the program hold stays in proportion to its size.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::cargo::CommandCargoExt;
use flate2::{Compression, write::GzEncoder};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What the program takes for itself, its rules and its threads, with room to spare.
const OWN: u64 = 160 << 20;

/// A refused sign-in whose values are long.
fn record(number: usize, minute: usize, value: &str) -> String {
    let time = format!("2026-03-02T{:02}:{:02}:00.{number:07}Z", minute / 60, minute % 60);
    serde_json::json!({ "Event": {
        "System": {
            "Provider": { "#attributes": { "Name": "Microsoft-Windows-Security-Auditing" } },
            "EventID": 4625,
            "TimeCreated": { "#attributes": { "SystemTime": time } },
            "EventRecordID": number + 1,
            "Channel": "Security",
            "Computer": "SRV.contoso.local",
        },
        "EventData": {
            "TargetUserName": format!("user-{}{value}", number % 50), "TargetDomainName": "CONTOSO", "Status": "0xc000006d",
            "SubStatus": "0xc000006a", "LogonType": "3", "IpAddress": format!("10.0.0.{}", number % 250),
            "WorkstationName": value,
        },
    } })
    .to_string()
}

/// Packs as many records; hands back how many bytes they are unpacked.
fn packed(path: &Path, records: usize, minutes: usize, value: &str) -> u64 {
    let mut packed = GzEncoder::new(File::create(path).unwrap(), Compression::fast());
    let mut bytes = 0;
    for number in 0..records {
        let line = record(number, number * minutes / records, value) + "\n";
        bytes += line.len() as u64;
        packed.write_all(line.as_bytes()).unwrap();
    }
    packed.finish().unwrap();
    bytes
}

/// The most memory that the program had while it made a report, and the report's size.
fn peak(log: &Path, arguments: &[&str]) -> (u64, u64) {
    let report = log.with_extension("report");
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    command.arg(log).args(["-q", "--force", "-o"]).arg(&report).args(arguments).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = kib.unwrap_or(0).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    (peak << 10, report.metadata().unwrap().len())
}

#[test]
fn long_values_take_little_memory_and_make_small_reports() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, records, minutes, length) in
        [("huge", 100, 1, 1 << 20), ("flood", 6000, 1, 16 << 10), ("spread", 6000, 300, 16 << 10)]
    {
        let log = folder.path().join(format!("{name}.jsonl.gz"));
        let bytes = packed(&log, records, minutes, &"A".repeat(length));
        assert!(bytes > 190 << 20, "{name}: {bytes}");
        for format in ["json", "html", "text", "csv"] {
            let (peak, report) = peak(&log, &["--format", format]);
            assert!(peak < OWN + bytes / 6, "{name} as {format}: {} MiB for {} MiB", peak >> 20, bytes >> 20);
            assert!(report < 4 << 20, "{name} as {format}: a report of {} KiB", report >> 10);
        }
    }
}

#[test]
fn values_are_whole_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl.gz");
    packed(&log, 20, 1, &"A".repeat(9000));
    let report = |arguments: &[&str]| {
        peak(&log, arguments);
        std::fs::read_to_string(log.with_extension("report")).unwrap()
    };
    let whole = "A".repeat(9000);
    assert!(report(&["--format", "json", "--full"]).contains(&whole));
    let cut = report(&["--format", "json"]);
    assert!(cut.contains("A…") && !cut.contains(&whole));
}
