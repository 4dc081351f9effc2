//! Whatever stands in a field that names somebody: no name and no part of it of four letters or more is in a redacted report.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use proptest::prelude::*;
use rdpwhy_diagnose::{Diagnosis, Options, Redacted, diagnose, redact};
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_report::{HtmlOptions, JsonOptions, MarkdownOptions, TextOptions};
use rdpwhy_rules::{Pack, embedded};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&embedded(), &[]).unwrap().0);

/// What stands in the fields of the records.
#[derive(Debug, Clone)]
struct Names {
    host: String,
    client: String,
    domain: String,
    users: [String; 2],
    address: String,
    password: String,
}

impl Names {
    /// Names that nothing else in a report is called.
    fn plain() -> Names {
        Names {
            host: "qa".into(),
            client: "qb".into(),
            domain: "qc".into(),
            users: ["qd".into(), "qe".into()],
            address: "192.0.2.1".into(),
            password: "qf".into(),
        }
    }

    fn all(&self) -> [&str; 6] {
        let [one, other] = &self.users;
        [&self.host, &self.client, &self.domain, one, other, &self.password]
    }

    /// Runs of letters and digits, four or longer, that are no numbers.
    fn parts(&self) -> BTreeSet<String> {
        let runs = self.all().into_iter().flat_map(|name| runs(name).into_iter().collect::<Vec<_>>());
        runs.filter(|run| run.chars().count() >= 4 && !run.chars().all(char::is_numeric)).collect()
    }
}

fn runs(text: &str) -> BTreeSet<String> {
    let runs = text.split(|letter: char| !letter.is_alphanumeric());
    runs.filter(|run| !run.is_empty()).map(str::to_lowercase).collect()
}

fn event(provider: &str, channel: &str, id: u32, second: u32, computer: &str, data: &Value) -> Value {
    let time = format!("2026-03-02T08:{:02}:{:02}.0000000Z", second / 60, second % 60);
    json!({ "Event": {
        "System": {
            "Provider": { "#attributes": { "Name": provider } },
            "EventID": id,
            "TimeCreated": { "#attributes": { "SystemTime": time } },
            "EventRecordID": 1000 + second,
            "Channel": channel,
            "Computer": computer,
        },
        "EventData": data,
    } })
}

/// Refused and good logons, a command line and a message, as host and client would write them.
fn log(names: &Names) -> String {
    let Names { host, client, domain, users: [user, other], address, password } = names;
    let full = format!("{host}.{domain}");
    let security = |id, second, data: Value| {
        event("Microsoft-Windows-Security-Auditing", "Security", id, second, &full, &data)
    };
    let refused = |second, user: &str| {
        security(
            4625,
            second,
            json!({ "SubjectUserName": format!("{host}$"), "SubjectDomainName": domain, "TargetUserName": user,
                "TargetDomainName": domain, "Status": "0xc000006d", "SubStatus": "0xc000006a", "LogonType": "3",
                "WorkstationName": client, "IpAddress": address, "IpPort": "0",
                "ProcessName": format!("C:\\Users\\{user}\\Desktop\\svchost.exe") }),
        )
    };
    let manager = "Microsoft-Windows-TerminalServices-RemoteConnectionManager";
    let lines = [
        event(
            "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
            "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
            131,
            10,
            &full,
            &json!({ "ConnType": "TCP", "ClientIP": format!("[::ffff:{address}]:50112") }),
        ),
        refused(11, user),
        refused(21, &format!("{domain}\\{user}")),
        refused(31, &format!("{other}@{domain}")),
        security(
            4688,
            40,
            json!({ "SubjectUserName": other, "NewProcessName": "C:\\Windows\\System32\\takeown.exe",
                "CommandLine": format!("takeown /f C:\\MachineKeys /s {host} /u {user} /p {password}") }),
        ),
        security(
            4740,
            45,
            json!({ "TargetUserName": user, "TargetDomainName": client, "SubjectUserName": other }),
        ),
        event(
            manager,
            &format!("{manager}/Operational"),
            1149,
            50,
            &full,
            &json!({ "Param1": user, "Param2": domain, "Param3": address }),
        ),
        event(
            "Microsoft-Windows-TerminalServices-ClientActiveXCore",
            "Microsoft-Windows-TerminalServices-RDPClient/Operational",
            1024,
            9,
            &format!("{client}.{domain}"),
            &json!({ "Name": "Server Name", "Value": full, "CustomLevel": "Info" }),
        ),
    ];
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn redacted(names: &Names) -> Redacted {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    std::fs::write(&path, log(names)).unwrap();
    let reading = read(&[path], &*PACK, &ReadOptions::default(), &()).unwrap();
    assert!(reading.events.len() >= 4, "{names:?}");
    let options = Options { user: Some(names.users[0].clone()), ..Options::default() };
    redact(&diagnose(&reading, &PACK, &options), &reading, &PACK)
}

type Render = fn(&Diagnosis) -> String;

fn text(diagnosis: &Diagnosis, brief: bool) -> String {
    let options = TextOptions {
        width: 100,
        verbose: true,
        brief,
        case: None,
        color: true,
        time_zone: None,
        explain: None,
    };
    rdpwhy_report::text(diagnosis, &options)
}

fn full_json(diagnosis: &Diagnosis) -> String {
    rdpwhy_report::json(diagnosis, &JsonOptions { full: true, case: None })
}

fn formats() -> [(&'static str, Render); 12] {
    [
        ("json", |diagnosis| rdpwhy_report::json(diagnosis, &JsonOptions { full: false, case: None })),
        ("full json", full_json),
        ("brief text", |diagnosis| text(diagnosis, true)),
        ("text", |diagnosis| text(diagnosis, false)),
        ("markdown", |diagnosis| {
            rdpwhy_report::markdown(
                diagnosis,
                &MarkdownOptions { verbose: true, ..MarkdownOptions::default() },
            )
        }),
        ("brief markdown", |diagnosis| {
            rdpwhy_report::markdown(diagnosis, &MarkdownOptions { brief: true, ..MarkdownOptions::default() })
        }),
        ("mermaid", |diagnosis| rdpwhy_report::mermaid(diagnosis, None)),
        ("ecs", |diagnosis| rdpwhy_report::ecs_jsonl(diagnosis, None)),
        ("html", |diagnosis| {
            rdpwhy_report::html(diagnosis, &HtmlOptions { time_zone: None, explain: None, case: None })
        }),
        ("csv", |diagnosis| rdpwhy_report::csv(diagnosis, None)),
        ("jsonl", |diagnosis| rdpwhy_report::jsonl(diagnosis, None)),
        ("timesketch", |diagnosis| rdpwhy_report::timesketch_csv(diagnosis, None)),
    ]
}

/// A report with its escapes resolved as far as they could hide where a word begins.
fn plain(report: &str) -> String {
    let mut plain = report.to_owned();
    for escape in ["\\n", "\\r", "\\t", "\\b", "\\f", "\\u001b", "\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"] {
        plain = plain.replace(escape, " ");
    }
    plain
}

/// The words that reports have of themselves.
static OWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let redacted = redacted(&Names::plain());
    let mut own: BTreeSet<String> =
        formats().iter().flat_map(|(_, render)| runs(&plain(&render(&redacted.diagnosis)))).collect();
    own.extend(embedded().iter().flat_map(|file| runs(&file.text)));
    own
});

fn no_part_survives(names: &Names) -> Result<(), TestCaseError> {
    let redacted = redacted(names);
    for (format, render) in formats() {
        let report = render(&redacted.diagnosis);
        prop_assert!(report.len() > 100);
        let words = runs(&plain(&report));
        for part in names.parts().iter().filter(|part| !OWN.contains(*part)) {
            let is_long = part.chars().count() >= 6;
            let mut others = words.iter().filter(|word| !OWN.contains(*word));
            let holds = words.contains(part) || (is_long && others.any(|word| word.contains(&**part)));
            prop_assert!(!holds, "{}: {} of {:?}", format, part, names);
        }
        prop_assert!(!report.contains(&names.address), "{}: {}", format, names.address);
        let left = redacted.names_left(&report, render);
        prop_assert!(left.is_empty(), "{}: refused for {:?} of {:?}", format, left, names);
    }
    Ok(())
}

/// Names as people and attackers write them.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z]{1,12}",
        "[A-Z]{3,8}-[A-Z0-9]{2,8}",
        "[a-z]{1,8}\\.[a-z]{2,10}",
        "[A-Z][a-zäöüß]{3,8} [A-ZÄÖÜẞ][a-zäöüß]{3,8}",
        "[ΑΒΓΔΣΟΦς]{4,9}",
        "[İIıiŞşĞğ]{4,9}",
        "[А-Яа-я]{4,9}",
        "[一-龥]{2,5}",
        "[\"'<>=+&;|`*_#{}()%$~^, ]{0,3}[a-z]{4,9}[\"'<>=+&;|`*_#{}()%$~^, ]{1,3}",
        "[a-z]{4,7}[\u{202e}\u{200f}\u{1b}\n\t\u{2066}…]{1,2}[a-z]{4,7}",
        "[a-z]{4,7}[\\\\@/:][a-z]{4,9}",
        "(&#x27;|&amp;|\\\\u0041|\\\\n|%41|%%18)[a-z]{4,9}",
        "(DWM|UMFD|USER|HOST|S-1-5|10\\.0\\.0)-[a-z]{4,8}",
        prop_oneof![
            Just("event"),
            Just("error"),
            Just("host"),
            Just("client"),
            Just("address"),
            Just("user-1"),
            Just("security"),
            Just("evtx"),
            Just("the"),
            Just("logon"),
            Just("microsoft"),
            Just("windows"),
            Just("null"),
            Just("a"),
            Just("1"),
            Just("System"),
            Just("local"),
            Just("VALUE-1"),
            Just("span"),
            Just("TargetUserName"),
            Just("failed")
        ]
        .prop_map(str::to_owned),
    ]
}

fn names() -> impl Strategy<Value = Names> {
    let users = [name(), name()];
    let address = (11_u8..250, 1_u8..250, 1_u8..250).prop_filter("loopback", |(a, ..)| *a != 127);
    (name(), name(), name(), users, address, "[A-Za-z!#%]{7,12}").prop_map(
        |(host, client, domain, users, (a, b, c), password)| {
            let address = format!("{a}.{b}.{c}.77");
            Names { host, client, domain, users, address, password }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_of_a_name_survives(names in names()) {
        no_part_survives(&names)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "long: thousands of names"]
    fn no_part_of_thousands_of_names_survives(names in names()) {
        no_part_survives(&names)?;
    }
}

/// A user called like a word of a report is masked where records name him, and the word stays.
#[test]
fn words_of_the_report_stay() {
    for word in ["event", "error", "host", "failed", "security", "logon", "TargetUserName"] {
        let names = Names { users: [word.to_owned(), "qe".to_owned()], ..Names::plain() };
        let report: Value = serde_json::from_str(&full_json(&redacted(&names).diagnosis)).unwrap();
        let plain: Value = serde_json::from_str(&full_json(&redacted(&Names::plain()).diagnosis)).unwrap();
        // Nothing but the warning that such an account does not exist could differ.
        assert_eq!(report["diagnoses"], plain["diagnoses"], "{word}");
        assert_eq!(report["notices"], plain["notices"], "{word}");
        assert!(report["incidents"][0]["users"][0]["value"].as_str().unwrap().contains("USER-"), "{word}");
    }
}

/// The last check, made to find something: a name is put back as if the redaction had missed it.
#[test]
fn a_name_that_is_left_is_found_in_every_format_that_shows_it() {
    let names = Names { users: ["waldemar".to_owned(), "qe".to_owned()], ..Names::plain() };
    let mut shown = 0;
    for spelling in
        ["waldemar", "Waldemar", "WALDEMAR", "contoso\\waldemar", "waldemar@example.org", "<waldemar>"]
    {
        let mut redacted = redacted(&names);
        for (format, render) in formats() {
            let report = render(&redacted.diagnosis);
            assert!(redacted.names_left(&report, render).is_empty(), "{format}: nothing is missed yet");
        }
        for attempt in &mut redacted.diagnosis.attempts {
            attempt.user = Some(spelling.to_owned());
        }
        for incident in &mut redacted.diagnosis.incidents {
            incident.users.iter_mut().for_each(|user| spelling.clone_into(&mut user.value));
        }
        for (format, render) in formats() {
            let report = render(&redacted.diagnosis);
            if report.to_lowercase().contains("waldemar") {
                shown += 1;
                assert_eq!(redacted.names_left(&report, render), ["waldemar"], "{format}: {spelling}");
            }
        }
    }
    assert!(shown > 40, "{shown}");
}
