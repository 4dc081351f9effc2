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
    let (peak, report) = peak_of(log, arguments);
    (peak, report.unwrap())
}

/// The same for what may have no report.
fn peak_of(log: &Path, arguments: &[&str]) -> (u64, Option<u64>) {
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
    (peak << 10, report.metadata().ok().map(|report| report.len()))
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

/// What the program takes for itself with two threads and a report on little.
const BARE: u64 = 64 << 20;

/// A text over and over, up to so many bytes.
fn over_and_over(before: &str, text: &str, bytes: usize) -> Vec<u8> {
    [before, &text.repeat(bytes / text.len())].concat().into_bytes()
}

/// Records of one event, each on a machine of its own.
fn machines(count: usize) -> Vec<u8> {
    let event = |number: usize| {
        format!(
            "<Event><System><Provider Name=\"P\"/><EventID>4625</EventID><Channel>Security</Channel><Computer>c{number}\
             </Computer><TimeCreated SystemTime=\"2026-03-02T08:00:00Z\"/></System></Event>"
        )
    };
    format!("<Events>{}</Events>", (0..count).map(event).collect::<String>()).into_bytes()
}

/// A log of Windows with the header of a sample, and this behind it.
fn behind_a_header(header: usize, what: &[u8], bytes: usize) -> Vec<u8> {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/key-inaccessible/logs/host/System.evtx");
    [&std::fs::read(sample).unwrap()[..header], &what.repeat(bytes / what.len())].concat()
}

/// Inputs of each kind that are made to take much, with how many bytes each of theirs may take in memory.
fn crafted() -> Vec<(&'static str, u64, Vec<u8>)> {
    const MANY: usize = 6 << 20;
    let record = [&b"**\0\0\x20\0\0\0"[..], &[0; 24]].concat();
    let chunk = [&b"ElfChnk\0"[..], &[0; 504]].concat();
    let pasted = "Log Name: Security\nSource: Microsoft-Windows-Security-Auditing\nDate: 2026-03-02 08:00:00\n\
                  Event ID: 4625\nComputer: h\n\n";
    let keys: String = (0..400_000).map(|number| format!("\"k{number}\":1,")).collect();
    let columns: String = (0..300_000).map(|number| format!("c{number},")).collect();
    let cells = format!("EventID,TimeCreated,{columns}\n{}", "1,".repeat(300_000));
    vec![
        ("tiny.xml", 10, over_and_over("<Events>", "<Event/>", MANY)),
        ("deep.xml", 10, over_and_over("<Events><Event><System>", "<a>", MANY)),
        ("machines.xml", 64, machines(12_000)),
        ("empty.jsonl", 10, over_and_over("", "{}\n", MANY)),
        ("array.json", 10, over_and_over("[", "{},", MANY)),
        ("deep.json", 10, over_and_over("", "{\"a\":", MANY)),
        ("keys.json", 20, format!("{{\"Event\":{{{keys}\"k\":1}}}}").into_bytes()),
        ("columns.csv", 20, cells.into_bytes()),
        ("rows.csv", 10, over_and_over("EventID,TimeCreated,Channel\n", "1,2,3\n", MANY)),
        ("open-quote.csv", 10, over_and_over("EventID,TimeCreated\n\"", "a", MANY)),
        ("lines.txt", 10, over_and_over("", "a\n", MANY)),
        ("pasted.txt", 20, over_and_over("", pasted, MANY)),
        ("zeros.evtx", 2, behind_a_header(4096, &[0], MANY)),
        ("chunks.evtx", 2, behind_a_header(4096, &chunk, MANY)),
        ("records.evtx", 4, behind_a_header(4096 + 512, &record, MANY)),
    ]
}

/// Whoever hands in a log cannot make the program take more than a few times its size, whatever kind of log it is.
#[test]
fn memory_is_bounded_by_the_bytes_of_every_kind_of_input() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, each, bytes) in crafted() {
        let log = folder.path().join(name);
        std::fs::write(&log, &bytes).unwrap();
        for recover in [false, true] {
            let arguments: &[&str] =
                if recover { &["--threads", "2", "--recover"] } else { &["--threads", "2"] };
            // What holds no record has no report.
            let (peak, _) = peak_of(&log, arguments);
            let most = BARE + each * bytes.len() as u64;
            assert!(peak < most, "{name}: {} MiB for {} bytes", peak >> 20, bytes.len());
        }
    }
}

/// Small when packed, large when not: neither the one nor the other is held.
#[test]
fn memory_is_bounded_for_what_is_packed() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, _, bytes) in crafted().into_iter().filter(|(name, ..)| name.ends_with("l")) {
        let log = folder.path().join(format!("{name}.gz"));
        let mut packed = GzEncoder::new(File::create(&log).unwrap(), Compression::fast());
        let times = if name == "machines.xml" { 1 } else { 20 };
        (0..times).for_each(|_| packed.write_all(&bytes).unwrap());
        packed.finish().unwrap();
        let (peak, _) = peak_of(&log, &["--threads", "2"]);
        let most = BARE + 64 * (2 << 20);
        assert!(peak < most, "{name}: {} MiB for {times} times {} bytes", peak >> 20, bytes.len());
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
