//! Reports that are to be shared: no name of a ticket survives in them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::{Pack, embedded};
use rdpwhy_yaml::{Faults, Node};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const FORMATS: [&str; 9] =
    ["text", "json", "markdown", "html", "mermaid", "csv", "jsonl", "ecs", "timesketch"];
/// Keys of a ticket whose values are names.
const NAMING_KEYS: [&str; 8] =
    ["computer", "user", "address", "client_name", "domain", "workstation", "account", "source"];
/// What the names of fields end with that hold names, found by looking at records and not in the rules.
const NAMING_FIELDS: [&str; 11] = [
    "targetusername",
    "subjectusername",
    "workstationname",
    "domainname",
    "ipaddress",
    "ipstring",
    "clientip",
    "clientaddress",
    "clientname",
    "targetusersid",
    "subjectusersid",
];

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("logs")).collect();
    found.retain(|logs| logs.is_dir());
    found.sort();
    assert!(found.len() >= 10);
    found
}

fn report(logs: &Path, format: &str) -> String {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    command.arg(logs).args(["--redact", "-v", "-q", "--format", format]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// Texts below the keys that name somebody or something.
fn in_ticket(node: &Node, found: &mut BTreeSet<String>) {
    for (key, value) in node.as_map().unwrap_or(&[]) {
        if key.as_text().is_some_and(|key| NAMING_KEYS.contains(&key)) {
            found.extend(value.one_or_many().iter().filter_map(Node::as_text).map(str::to_owned));
        }
        in_ticket(value, found);
    }
    node.as_seq().unwrap_or(&[]).iter().for_each(|node| in_ticket(node, found));
}

/// The names in the ticket and in its records, whole and in parts.
fn names(logs: &Path, pack: &Pack) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let ticket = logs.with_file_name("ticket.yml");
    let faults = Faults::new();
    for root in rdpwhy_yaml::parse("ticket.yml", &std::fs::read_to_string(ticket).unwrap(), &faults) {
        in_ticket(&root, &mut found);
    }
    let reading = read(&[logs.to_owned()], pack, &ReadOptions::default(), &()).unwrap();
    for event in &reading.events {
        found.insert(event.computer.to_string());
        for field in event.fields.iter() {
            let name = field.name.to_lowercase();
            if NAMING_FIELDS.iter().any(|ending| name.ends_with(ending)) {
                found.insert(field.value.to_owned());
            }
        }
    }
    found.iter().flat_map(|name| parts(name)).collect()
}

/// `a\b`, `b@a` and `b.a.local` name in each of their parts; addresses and SIDs only as a whole.
fn parts(name: &str) -> Vec<String> {
    let bare = name.trim().trim_matches(['[', ']']);
    if bare.parse::<std::net::IpAddr>().is_ok() || bare.starts_with("S-1-") {
        return vec![bare.to_owned()];
    }
    bare.split(['\\', '@', '/', '.', '$', ':']).map(str::to_owned).collect()
}

/// Whether the text holds the name as a word.
fn holds(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || (name.contains('.') && letter == '.');
    text.match_indices(name).any(|(place, _)| {
        !text[..place].ends_with(is_part) && !text[place + name.len()..].starts_with(is_part)
    })
}

/// Each format once, and each sample once.
#[test]
fn no_name_of_a_ticket_survives() {
    no_name_survives(|sample, format| sample % FORMATS.len() == format);
}

#[test]
#[ignore = "long: every format of every sample"]
fn no_name_of_a_ticket_survives_in_any_format() {
    no_name_survives(|_, _| true);
}

/// Redacts the samples in those formats for which `is_tried` says so, given the places of both.
fn no_name_survives(is_tried: impl Fn(usize, usize) -> bool) {
    let (pack, _) = Pack::load(&embedded(), &[]).unwrap();
    // What is a word of the rules, of a channel or of the report itself names nobody.
    let mut words: String = embedded().iter().map(|file| file.text.to_lowercase()).collect();
    words.push_str(
        &std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
            .unwrap()
            .to_lowercase(),
    );
    let mut looked_for = 0;
    for (sample, logs) in samples().into_iter().enumerate() {
        let names = names(&logs, &pack);
        let telling: Vec<String> = names
            .iter()
            .map(|name| name.to_lowercase())
            .filter(|name| name.len() > 1 && !name.chars().all(|letter| letter.is_ascii_digit()))
            .filter(|name| !["local", "127.0.0.1", "::1", "0.0.0.0"].contains(&name.as_str()))
            .filter(|name| !name.starts_with("s-1-") || name.starts_with("s-1-5-21-"))
            .filter(|name| !holds(&words, name))
            .collect();
        looked_for += telling.len();
        for (_, format) in FORMATS.into_iter().enumerate().filter(|(place, _)| is_tried(sample, *place)) {
            let text = report(&logs, format).to_lowercase();
            assert!(text.len() > 100, "{} as {format}", logs.display());
            let survivors: Vec<&String> = telling.iter().filter(|name| holds(&text, name)).collect();
            assert!(survivors.is_empty(), "{} as {format}: {survivors:?}", logs.display());
        }
    }
    assert!(looked_for > 50, "{looked_for}");
}

#[test]
fn folders_and_names_of_files_are_names_too() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs/host");
    let folder = tempfile::tempdir().unwrap();
    let customer = folder.path().join("case/Fabrikam/srv-fab-01");
    std::fs::create_dir_all(&customer).unwrap();
    std::fs::copy(sample.join("System.evtx"), customer.join("System.evtx")).unwrap();
    let core = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx";
    std::fs::copy(sample.join(core), customer.join("fabrikam-rdp.evtx")).unwrap();
    std::fs::write(customer.join("fabrikam-notes.evtx"), "no log").unwrap();
    for format in FORMATS {
        let text = report(&folder.path().join("case"), format).to_lowercase();
        assert!(!text.contains("fabrikam") && !text.contains("srv-fab"), "{format}: {text}");
    }
    assert!(report(&folder.path().join("case"), "json").contains("FOLDER-1/FOLDER-2/System.evtx"));
}

#[test]
fn the_same_name_has_the_same_pseudonym_and_threads_change_nothing() {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/two-causes/logs");
    let run = |threads: &str| {
        let mut command = Command::cargo_bin("rdpwhy").unwrap();
        command.arg(&logs).args(["--redact", "-q", "--format", "json", "--threads", threads]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let first = run("1");
    assert!(first == run("8"));
    let report: serde_json::Value = serde_json::from_str(&first).unwrap();
    let machine = report["incidents"][0]["machine"].as_str().unwrap();
    assert!(machine.starts_with("HOST-1") || machine.starts_with("CLIENT-1"), "{machine}");
    assert!(report["coverage"].as_array().unwrap().iter().any(|row| row["computer"] == machine));
}
