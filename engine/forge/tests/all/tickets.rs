//! Tickets forged and read back with the evtx crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use evtx::{EvtxParser, ParserSettings};
use rdpwhy_forge::{ForgedLog, Shapes, Ticket, forge};
use serde_json::Value as Json;

const HEAD: &str = "title: A test\nstart: 2026-03-09T08:00:00Z\nmachines: { host: { computer: SRV.contoso.local }, \
                    client: { computer: PC.contoso.local, clock: +7m } }\n";

fn forged(rest: &str) -> Vec<ForgedLog> {
    let ticket = Ticket::parse(&format!("{HEAD}{rest}"), "ticket.yml").unwrap();
    forge(&ticket, &Shapes::embedded().unwrap()).unwrap()
}

/// What is wrong with the ticket; lines count from the head's three.
fn fault(rest: &str) -> String {
    let shapes = Shapes::embedded().unwrap();
    let ticket = Ticket::parse(&format!("{HEAD}{rest}"), "ticket.yml");
    match ticket.and_then(|ticket| forge(&ticket, &shapes)) {
        Ok(_) => panic!("nothing is wrong with {rest}"),
        Err(error) => error.to_string(),
    }
}

fn events(log: &ForgedLog) -> Vec<Json> {
    let settings = ParserSettings::default().validate_checksums(true).num_threads(1);
    let mut parser = EvtxParser::from_buffer(log.bytes.clone()).unwrap().with_configuration(settings);
    parser.records_json_value().map(|r| r.unwrap().data["Event"].take()).collect()
}

fn all(logs: &[ForgedLog]) -> BTreeMap<&str, Vec<Json>> {
    logs.iter().map(|log| (log.path.as_str(), events(log))).collect()
}

fn time(event: &Json) -> &str {
    event["System"]["TimeCreated"]["#attributes"]["SystemTime"].as_str().unwrap()
}

fn id(event: &Json) -> u64 {
    let id = &event["System"]["EventID"];
    id.as_u64().or_else(|| id["#text"].as_u64()).unwrap()
}

fn activity(event: &Json) -> &str {
    event["System"]["Correlation"]["#attributes"]["ActivityID"].as_str().unwrap_or("")
}

#[test]
fn every_shape_and_every_scene_is_written_and_read() {
    let shapes = Shapes::embedded().unwrap();
    let summary = shapes.summary();
    let (scenes, singles) = summary.split_once("scenes:\n").unwrap().1.split_once("shapes:\n").unwrap();
    let mut count = 0;
    for (kind, lines) in [("scene", scenes), ("shape", singles)] {
        for line in lines.lines() {
            let (name, parameters) = line.trim().split_once(':').unwrap();
            let needed: String = parameters
                .split(", ")
                .filter(|p| !p.contains('='))
                .filter_map(|p| p.trim().strip_suffix('*'))
                .map(|p| format!(", {p}: {}", sample(p)))
                .collect();
            let logs = forged(&format!("events:\n  - {{ at: +0s, on: host, {kind}: {name}{needed} }}\n"));
            let read: usize = logs.iter().map(|log| events(log).len()).sum();
            assert!(read > 0, "{name}");
            count += 1;
        }
    }
    assert!(count > 250, "only {count}");
}

/// A value that any shape takes for a parameter of this name.
fn sample(name: &str) -> &str {
    match name {
        "address" => "10.0.0.5",
        "old" => "-7m",
        "reason" => "2308",
        "error" => "5",
        "code" => "0x80090302",
        _ => "x",
    }
}

#[test]
fn one_line_makes_the_ladder_of_a_connection_with_one_activity() {
    let logs =
        forged("events:\n  - { at: +0s, on: host, scene: logon-nla, address: 10.0.0.5, session: 4 }\n");
    let logs = all(&logs);
    let core = &logs["host/Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx"];
    let lsm = &logs["host/Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx"];
    assert_eq!(
        core.iter().map(id).filter(|id| [131, 141, 98, 66, 68].contains(id)).collect::<Vec<_>>(),
        [131, 141, 98, 66, 68]
    );
    assert_eq!(lsm.iter().map(id).collect::<Vec<_>>(), [41, 42, 21, 22]);
    assert_eq!(time(&core[0]), "2026-03-09T08:00:00.0000000Z");
    assert_eq!(lsm[2]["UserData"]["EventXML"]["User"], "CONTOSO\\anna");
    assert_eq!(lsm[2]["UserData"]["EventXML"]["SessionID"], 4);
    assert!(activity(&core[0]).starts_with("{f420"), "{}", activity(&core[0]));
    assert!(core.iter().chain(lsm).all(|event| activity(event) == activity(&core[0])));
    let security: Vec<(u64, u64)> = logs["host/Security.evtx"]
        .iter()
        .map(|e| (id(e), e["EventData"]["LogonType"].as_u64().unwrap_or(0)))
        .collect();
    assert_eq!(security, [(4624, 3), (4634, 3), (4648, 0), (4624, 10)]);
}

#[test]
fn repetitions_have_their_own_time_port_and_activity() {
    let logs = forged(
        "events:\n  - { at: +0s, on: host, shape: tcp-accepted-131, address: [10.0.0.5, 10.0.0.6], repeat: 3, every: 3m }\n",
    );
    let events = events(&logs[0]);
    let times: Vec<&str> = events.iter().map(time).collect();
    assert_eq!(times[1..], ["2026-03-09T08:03:00.0000000Z", "2026-03-09T08:06:00.0000000Z"]);
    let address = |e: &Json| e["EventData"]["ClientIP"].as_str().unwrap().to_owned();
    let addresses: Vec<String> = events.iter().map(address).collect();
    assert_eq!(addresses, ["10.0.0.5:49700", "10.0.0.6:49706", "10.0.0.5:49712"]);
    assert_ne!(activity(&events[0]), activity(&events[1]));
    let record_id = |e: &Json| e["System"]["EventRecordID"].as_u64().unwrap();
    assert_eq!(record_id(&events[2]), record_id(&events[0]) + 2);
}

#[test]
fn a_clock_that_is_ahead_shows_in_every_time_of_its_machine() {
    let logs =
        forged("events:\n  - { at: +0.0000001s, on: client, shape: client-connecting-1024, server: srv }\n");
    assert_eq!(time(&events(&logs[0])[0]), "2026-03-09T08:07:00.0000001Z");
}

#[test]
fn only_collected_channels_are_written_and_empty_ones_are_empty_logs() {
    let logs = forged(
        "collected: { host: [System, core] }\nevents:\n  - { at: +0s, on: host, scene: accept, address: 10.0.0.5 }\n",
    );
    let counts: Vec<(&str, usize)> = logs.iter().map(|l| (l.path.as_str(), events(l).len())).collect();
    assert_eq!(
        counts,
        [
            ("host/Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx", 5),
            ("host/System.evtx", 0)
        ]
    );
}

#[test]
fn a_wrapped_log_keeps_its_record_ids() {
    let rest = "logs:\n  - { on: host, channels: System, from: -2d, until: +0s, every: 1h, first_record_id: 500, \
                keep_from: -1d }\n";
    let events = events(&forged(rest)[0]);
    assert!((23..=27).contains(&events.len()), "{}", events.len());
    assert!(events[0]["System"]["EventRecordID"].as_u64().unwrap() > 520);
}

#[test]
fn named_activities_join_events_and_their_connection() {
    let rest = "events:\n  - { at: +0s, on: host, scene: logon-nla, address: 10.0.0.5, activity: a }\n  \
                - { at: +1h, on: host, scene: user-disconnect, address: 10.0.0.5, activity: a }\n";
    let logs = forged(rest);
    let logs = all(&logs);
    let lsm = &logs["host/Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx"];
    assert!(lsm.iter().all(|event| activity(event) == activity(&lsm[0])));
    let security = &logs["host/Security.evtx"];
    let logon = security.iter().find(|e| e["EventData"]["LogonType"] == 10).unwrap();
    let end = security.iter().find(|e| id(e) == 4779).unwrap();
    assert_eq!(logon["EventData"]["TargetLogonId"], end["EventData"]["LogonID"]);
}

#[test]
fn a_record_spelled_out_has_what_it_says() {
    let rest = r#"events:
  - at: +1m
    on: host
    channel: System
    provider: Schannel
    guid: "{1F678132-5938-4686-9FDC-C8FF68F15C85}"
    id: 36870
    level: 2
    user: S-1-5-18
    data: { Type: server, ErrorCode: { hex32: 0x8009030D }, ErrorState: { u32: 10001 } }
  - { at: +2m, on: host, channel: System, provider: TermDD, id: 56, qualifiers: 49162, classic: [a, ""], binary: "0A0B" }
  - { at: +3m, on: host, channel: A/B, provider: X, id: 1, user_data: { root: R, xmlns: N, fields: { "@a": "1", U: { V: w } } } }
"#;
    let logs = forged(rest);
    let logs = all(&logs);
    let system = &logs["host/System.evtx"];
    assert_eq!(system[0]["EventData"]["ErrorCode"], "0x8009030d");
    assert_eq!(system[0]["EventData"]["ErrorState"], 10001);
    assert_eq!(system[0]["System"]["Security"]["#attributes"]["UserID"], "S-1-5-18");
    assert_eq!(system[1]["EventData"]["Data"]["#text"], serde_json::json!(["a", ""]));
    assert_eq!(system[1]["System"]["EventID"]["#attributes"]["Qualifiers"], 49162);
    let user = &logs["host/A%4B.evtx"][0]["UserData"]["R"];
    assert_eq!(user["#attributes"], serde_json::json!({ "xmlns": "N", "a": "1" }));
    assert_eq!(user["U"]["V"], "w");
}

#[test]
fn faults_name_their_place_and_what_is_legal() {
    let cases = [
        (
            "events:\n  - { at: +0s, on: hosst, shape: x }\n",
            "ticket.yml:5:20: unknown machine `hosst`; there are `host`, `client`",
        ),
        (
            "events:\n  - { at: +0s, on: host, shape: tcp-acepted-131, address: x }\n",
            "ticket.yml:5:33: unknown shape `tcp-acepted-131`; did you mean `tcp-accepted-131`",
        ),
        ("events:\n  - { at: +0s, on: host, shape: tcp-accepted-131 }\n", "shapes.yml:"),
        (
            "events:\n  - { at: soon, on: host, shape: listener-received-261 }\n",
            "ticket.yml:5:11: a time such as",
        ),
        ("expect: { verdict: ill }\n", "ticket.yml:4:20: unknown verdict `ill`; there are `diagnosed`"),
        (
            "expect: { frist: x }\n",
            "ticket.yml:4:11: unknown key `frist`; there are `incidents`, `options`, `verdict`",
        ),
        ("logs:\n  - { on: host, channels: Sistem }\n", "ticket.yml:5:27: unknown channel `Sistem`"),
    ];
    for (rest, expected) in cases {
        let message = fault(rest);
        assert!(message.starts_with(expected), "{message}");
    }
    let message = fault("events:\n  - { at: +0s, on: host, shape: tcp-accepted-131, adress: x }\n");
    assert!(
        message.starts_with("ticket.yml:5:51: unknown parameter `adress`; there are `address`"),
        "{message}"
    );
    let message = fault("events:\n  - { at: +0s, on: host, shape: tcp-accepted-131 }\n");
    assert!(
        message.ends_with("parameter `address` is needed here and was not given (event at ticket.yml:5:5)"),
        "{message}"
    );
}

#[test]
fn a_record_too_large_is_an_error_at_its_event() {
    let text = "x".repeat(32_600);
    let rest = format!("events:\n  - {{ at: +0s, on: host, shape: method-called-72, method: {text} }}\n");
    let message = fault(&rest);
    assert!(message.starts_with("ticket.yml:5:5: the record needs"), "{message}");
}

#[test]
fn a_ticket_takes_from_its_base_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("ticket.yml"), text).unwrap();
    };
    write("a", &format!("{HEAD}events:\n  - {{ at: +0s, on: host, shape: listener-received-261 }}\n"));
    write(
        "b",
        "base: ../a/ticket.yml\ntitle: Another\nexpect: { first: x, options: { error: 0x904, at: +1m } }\nadd_events:\n  \
         - { at: +1s, on: host, shape: listener-received-261 }\n",
    );
    let ticket = Ticket::load(&folder.path().join("b/ticket.yml")).unwrap();
    assert_eq!(ticket.title, "Another");
    assert_eq!(ticket.expect.claim.first.as_deref(), Some("x"));
    assert_eq!(ticket.expect.options.error, Some(2308));
    assert_eq!(ticket.expect.options.at.unwrap().to_string(), "2026-03-09T08:01:00Z");
    let logs = forge(&ticket, &Shapes::embedded().unwrap()).unwrap();
    assert_eq!(events(&logs[0]).len(), 2);
}

#[test]
fn every_sample_is_forged_alike_twice_and_its_records_ascend() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let shapes = Shapes::load(&samples).unwrap();
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path().join("ticket.yml");
        if !path.is_file() {
            continue;
        }
        let ticket = Ticket::load(&path).unwrap();
        let logs = forge(&ticket, &shapes).unwrap();
        assert_eq!(logs, forge(&ticket, &shapes).unwrap(), "{}", path.display());
        for log in &logs {
            let ids: Vec<u64> =
                events(log).iter().map(|e| e["System"]["EventRecordID"].as_u64().unwrap()).collect();
            assert!(ids.is_sorted(), "{}", log.path);
        }
    }
}
