//! HTML and Mermaid reports of whole runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::path::{Path, PathBuf};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name).join("logs")
}

fn report(arguments: &[&str], logs: &Path) -> String {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg("-q").args(arguments).arg(logs).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_page_holds_all_that_its_reader_needs() {
    let page = report(&["--format", "html"], &sample("key-inaccessible"));
    for expected in [
        "The host cannot read the private key of its Remote Desktop certificate",
        "How far it got",
        "Evidence for it",
        "Worked, changed, broke",
        "What to do, in this order",
        "The way to the answer",
        "How the ranking adds up",
        "What was searched",
        "SHA-256",
        "icacls $d /save C:\\RdpCase\\MachineKeys.acl",
        "class=\"checklist\"",
        // A record in full: its number and its fields.
        "System #22896",
        "<dt>ErrorCode</dt><dd>0x8009030d</dd>",
    ] {
        assert!(page.contains(expected), "{expected} is missing");
    }
}

#[test]
fn a_page_loads_nothing_and_its_policy_says_so() {
    for name in ["key-inaccessible", "two-causes", "healthy", "no-rdp-records"] {
        let page = report(&["--format", "html"], &sample(name));
        assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"), "{name}");
        for loading in [
            " src=", "<link", "<iframe", "<img", "url(", "@import", "http://", "https://", " style=",
            "onclick",
        ] {
            assert!(!page.contains(loading), "{name}: {loading}");
        }
    }
}

#[test]
fn the_same_logs_give_the_same_bytes() {
    for name in ["key-inaccessible", "two-causes"] {
        for format in ["html", "mermaid"] {
            let one = report(&["--format", format, "--threads", "1"], &sample(name));
            let eight = report(&["--format", format, "--threads", "8"], &sample(name));
            assert!(one == eight, "{name} as {format}");
        }
    }
}

#[test]
fn the_readers_zone_stands_beside_utc() {
    let page = report(&["--format", "html", "--tz", "Europe/Berlin"], &sample("key-inaccessible"));
    assert!(page.contains("2026-03-09 07:58:00 (08:58:00 +01:00)"));
}

#[test]
fn a_cause_asked_for_has_its_sum_told() {
    let sum = "The sum for tls-protocol-cipher-mismatch, piece by piece";
    let logs = sample("key-inaccessible");
    assert!(!report(&["--format", "html"], &logs).contains(sum));
    assert!(report(&["--format", "html", "--explain", "tls-protocol-cipher-mismatch"], &logs).contains(sum));
}

#[test]
fn charts_tell_the_way_to_the_verdict() {
    let chart = report(&["--format", "mermaid"], &sample("two-causes"));
    assert!(chart.starts_with("flowchart TD\n"));
    for expected in ["i1_start[\"7 failed attempts", "i2_start[\"5 failed attempts", "fails at tls", "==>"] {
        assert!(chart.contains(expected), "{expected} is missing in\n{chart}");
    }
    let quiet = report(&["--format", "mermaid"], &sample("no-rdp-records"));
    assert!(quiet.contains("These logs contain no connection attempt"), "{quiet}");
}
