//! Whole runs of the command, as its user would see them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::path::{Path, PathBuf};

fn rdpwhy() -> Command {
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    command.env_remove("NO_COLOR").env("LC_ALL", "C");
    command
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs")
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

fn stderr(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stderr).unwrap()
}

fn json(command: &mut Command) -> serde_json::Value {
    serde_json::from_str(&stdout(command)).unwrap()
}

#[test]
fn a_sample_ticket_gets_its_verdict_with_evidence_and_steps() {
    let report = stdout(rdpwhy().arg("diagnose").arg(sample()).arg("--full"));
    for expected in [
        "rdp-key-inaccessible",
        "2026-03-09 07:5",
        "System #",
        "host/System.evtx",
        "icacls",
        "undo:",
        "Do not",
    ] {
        assert!(report.contains(expected), "{expected} is missing in\n{report}");
    }
    rdpwhy().arg(sample()).assert().code(0);
}

#[test]
fn the_report_fits_on_one_screen_unless_all_of_it_is_asked_for() {
    let report =
        stdout(rdpwhy().arg(sample()).args(["--width", "100", "--case", "INC-4711", "--error", "0x904"]));
    assert!(report.lines().count() <= 40, "{}\n{report}", report.lines().count());
    assert!(report.lines().all(|line| line.chars().count() <= 100), "{report}");
    let text = report.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "Case INC-4711",
        "Almost certain (>99 %): The host cannot read the private key",
        "9 failed attempts",
        "It last worked at 2026-03-07 09:31:41.",
        "CommandLine: icacls",
        "SubjectUserName: adm-huber",
        "Fix: Repair the permissions of the Remote Desktop key",
        "the open connection was closed while the client still expected an answer",
        "CAPI2/Operational of the host",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{report}");
    }
    let summary = |options: &[&str]| {
        let report = json(rdpwhy().arg(sample()).args(["--format", "json"]).args(options));
        assert_eq!(report["case"], "INC-4711");
        report["summary"].as_str().unwrap().to_owned()
    };
    assert_eq!(summary(&["--case", "INC-4711"]), summary(&["--case", "INC-4711", "--full"]));
    for format in ["text", "markdown", "html", "csv", "jsonl", "timesketch", "mermaid"] {
        let report = stdout(rdpwhy().arg(sample()).args(["--format", format, "--case", "INC-4711"]));
        assert!(report.contains("INC-4711"), "{format}");
    }
}

#[test]
fn the_json_report_is_short_unless_all_of_it_is_asked_for() {
    let of = |options: &[&str]| stdout(rdpwhy().arg(sample()).args(["--format", "json"]).args(options));
    let (short, full) = (of(&[]), of(&["--full"]));
    assert!(short.len() < 150_000 && full.len() > 3 * short.len(), "{} {}", short.len(), full.len());
    for report in [&short, &full] {
        fits_schema(&serde_json::from_str(report).unwrap(), "sample");
    }
}

/// Connections that fail, each from a client of its own.
fn failing_clients(number: usize) -> String {
    let record = |client: usize, event: u32, data: &str| {
        let time = format!("2026-03-09T{:02}:{:02}:{:02}Z", client / 3600, client / 60 % 60, client % 60);
        let id = client * 2 + usize::from(event == 1026);
        format!(
            r##"{{"Event":{{"System":{{"Provider":{{"#attributes":{{"Name":"Microsoft-Windows-TerminalServices-ClientActiveXCore"}}}},"EventID":{event},"Level":4,"TimeCreated":{{"#attributes":{{"SystemTime":"{time}"}}}},"EventRecordID":{id},"Channel":"Microsoft-Windows-TerminalServices-RDPClient/Operational","Computer":"c{client}","Correlation":{{"#attributes":{{"ActivityID":"{client:08x}-1111-2222-3333-000000000000"}}}}}},"EventData":{{{data}}}}}}}
"##
        )
    };
    let one = |client| {
        let to = format!(r#""Name":"Server Name","Value":"s{client}","CustomLevel":"Info""#);
        let why = r#""Name":"Disconnect Reason","Value":"2308","CustomLevel":"Info""#;
        record(client, 1024, &to) + &record(client, 1026, why)
    };
    (0..number).map(one).collect()
}

#[test]
fn of_many_incidents_only_the_first_are_kept_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let full = rdpwhy_diagnose::INCIDENTS_IN_FULL;
    let report = |number: usize| {
        let path = folder.path().join(format!("{number}.jsonl"));
        std::fs::write(&path, failing_clients(number)).unwrap();
        let report = json(rdpwhy().arg(&path).args(["--format", "json", "--full"]));
        fits_schema(&report, "many clients");
        report
    };
    let brief = |report: &serde_json::Value, what: &str| {
        report[what].as_array().unwrap().iter().filter(|entry| entry["brief"] == true).count()
    };
    let few = report(full);
    assert_eq!((brief(&few, "incidents"), brief(&few, "diagnoses")), (0, 0));
    let many = report(full + 20);
    assert_eq!(many["incidents"].as_array().unwrap().len(), full + 20);
    assert_eq!((brief(&many, "incidents"), brief(&many, "diagnoses")), (20, 60));
    assert!(
        many["warnings"].to_string().contains("there are 70 incidents; the first 50 are explained"),
        "{}",
        many["warnings"]
    );
    let of = |report: &serde_json::Value| report["diagnoses"][0]["evidence"].as_array().unwrap().len();
    assert_eq!(of(&few), of(&many));
}

#[test]
fn the_json_report_keeps_its_contract() {
    let report = json(rdpwhy().arg("diagnose").arg(sample()).args(["--format", "json"]));
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["verdict"], "diagnosed");
    let first = &report["diagnoses"][0];
    assert_eq!(first["cause"], "rdp-key-inaccessible");
    for key in ["title", "probability", "side", "stage", "evidence", "fix"] {
        assert!(!first[key].is_null(), "{key}");
    }
    for key in ["do", "where", "risk", "undo", "verify"] {
        assert!(first["fix"][0][key].is_string(), "{key}");
    }
    let record = &first["evidence"][0]["records"][0];
    for key in ["file", "channel", "record_id", "time"] {
        assert!(!record[key].is_null(), "{key}");
    }
    let sum: f64 =
        report["diagnoses"].as_array().unwrap().iter().map(|d| d["probability"].as_f64().unwrap()).sum();
    let none = report["incidents"][0]["none"].as_f64().unwrap();
    assert!((sum + none - 1.0).abs() < 1e-4, "{sum} + {none}");
}

/// The report has nothing that its schema does not know.
fn fits_schema(report: &serde_json::Value, name: &str) {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json"))
            .unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let faults: Vec<String> =
        schema.iter_errors(report).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}");
}

#[test]
fn the_json_report_fits_its_schema() {
    for name in ["key-inaccessible", "two-causes", "healthy", "no-rdp-records"] {
        let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name).join("logs");
        fits_schema(&json(rdpwhy().arg(logs).args(["--format", "json"])), name);
    }
}

#[test]
fn records_beyond_those_held_are_summed_up() {
    let run = |most: &str, threads: &str, format: &str| {
        let held = ["--max-events", most, "--threads", threads, "--format", format, "--full"];
        stdout(rdpwhy().arg("diagnose").arg(sample()).args(held))
    };
    let older = |most: &str| {
        let report: serde_json::Value = serde_json::from_str(&run(most, "1", "json")).unwrap();
        fits_schema(&report, most);
        report["older"].clone()
    };
    let (few, many, all) = (older("5"), older("25"), older("100000"));
    let records = |older: &serde_json::Value| older["records"].as_u64().unwrap();
    // At least those of the minute of the oldest one held stay.
    assert!(records(&few) > records(&many) && records(&many) > 0, "{few} {many}");
    assert_eq!(few["first"], many["first"]);
    assert!(few["last"].as_str() > many["last"].as_str());
    assert!(
        few["sources"][0]["count"].as_u64().unwrap() > 0 && few["shown"][0]["value"].is_string(),
        "{few}"
    );
    assert!(all.is_null());
    for format in ["json", "text", "markdown", "html"] {
        let report = run("25", "1", format);
        assert!(report == run("25", "4", format), "{format}");
        assert!(format == "json" || report.contains("Too many to look at one by one"), "{format}\n{report}");
    }
}

#[test]
fn reports_do_not_depend_on_threads_or_the_order_of_arguments() {
    let logs: Vec<PathBuf> = ["host", "client"].iter().map(|machine| sample().join(machine)).collect();
    let run = |paths: &[&PathBuf], threads: &str, format: &str| {
        stdout(rdpwhy().arg("diagnose").args(paths).args(["--threads", threads, "--format", format]))
    };
    for format in ["json", "text", "markdown", "csv", "jsonl", "timesketch"] {
        let first = run(&[&logs[0], &logs[1]], "1", format);
        assert!(first.len() > 1000);
        for threads in ["1", "2", "8"] {
            assert!(first == run(&[&logs[1], &logs[0]], threads, format), "{format} with {threads} threads");
        }
    }
}

#[test]
fn scripts_are_printed_and_unknown_causes_refused() {
    for (arguments, expected) in [
        (["script", "collect", "--side=host"], "'Security'"),
        (["script", "diagnose", "--side=client"], "Invoke-Check 'name-and-port'"),
        (["script", "fix", "rdp-key-inaccessible"], "SupportsShouldProcess"),
    ] {
        let script = stdout(rdpwhy().args(arguments));
        assert!(script.contains(expected) && script.starts_with("# rdpwhy:"), "{arguments:?}");
    }
    let mut unknown = rdpwhy();
    unknown.args(["script", "fix", "no-such-cause"]);
    unknown.assert().code(2).stdout("");
    assert!(stderr(&mut unknown).contains("rdp-key-inaccessible"));
}

#[test]
fn options_may_stand_before_the_command() {
    let plain = stdout(rdpwhy().arg("diagnose").arg(sample()));
    assert!(plain == stdout(rdpwhy().args(["-q", "--width", "80", "diagnose"]).arg(sample())));
    // A path of that name would be taken for one.
    let empty = tempfile::tempdir().unwrap();
    for arguments in [["-q", "diagnose"].as_slice(), &["-q", "explain", "0x904"], &["-v", "rules", "list"]] {
        let mut command = rdpwhy();
        command.current_dir(&empty).args(arguments).assert().code(2).stdout("");
        let message = stderr(rdpwhy().current_dir(&empty).args(arguments));
        assert!(message.contains("put the options behind it"), "{message}");
    }
}

#[test]
fn a_missing_path_says_what_to_do() {
    let mut command = rdpwhy();
    command.arg("no/such/folder");
    command.assert().code(2);
    let message = stderr(&mut command);
    assert!(message.contains("folder") && message.contains("help"), "{message}");
}

#[test]
fn an_empty_folder_says_what_to_send() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = rdpwhy();
    command.arg(folder.path());
    command.assert().code(2).stdout("");
    assert!(stderr(&mut command).contains("wevtutil epl"), "{}", stderr(&mut command));
}

#[test]
fn a_text_file_named_evtx_alone_is_an_error_and_beside_logs_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.evtx");
    std::fs::write(&text, "these are my notes").unwrap();
    let mut alone = rdpwhy();
    alone.arg(&text);
    alone.assert().code(2);
    assert!(stderr(&mut alone).contains("notes.evtx"), "{}", stderr(&mut alone));
    let mut beside = rdpwhy();
    beside.arg(&text).arg(sample()).args(["--format", "json"]);
    beside.assert().code(1);
    let report = json(&mut beside);
    assert_eq!(report["diagnoses"][0]["cause"], "rdp-key-inaccessible");
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("notes.evtx"), "{warnings}");
}

#[test]
fn a_damaged_log_costs_only_its_damage() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("System.evtx");
    let mut bytes = std::fs::read(sample().join("host/System.evtx")).unwrap();
    // Into the last record of the first chunk: where it ends stands at offset 48 of the chunk.
    let end = u32::from_le_bytes(bytes[4096 + 48..4096 + 52].try_into().unwrap()) as usize;
    bytes[4096 + end - 48..4096 + end - 16].fill(0xff);
    std::fs::write(&log, bytes).unwrap();
    let mut command = rdpwhy();
    command
        .arg(&log)
        .arg(sample().join("host/Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx"));
    command.args(["--format", "json"]);
    command.assert().code(1);
    let report = json(&mut command);
    assert!(report["warnings"].to_string().contains("System.evtx"));
    assert!(report["coverage"].as_array().unwrap().iter().any(|row| row["damaged"].as_u64() > Some(0)));
}

#[test]
fn a_wrong_rule_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let causes = folder.path().join("causes");
    std::fs::create_dir(&causes).unwrap();
    std::fs::write(
        causes.join("bad-cause.yml"),
        "id: bad-cause\ntitle: x\nside: hst\nstages: [tsl]\nprior: 2\nmechanism: x\nevidence:\n  - signal: no-such-signal\n    relation: sometimes\n    strength: hefty\n    because: x\n",
    )
    .unwrap();
    let mut command = rdpwhy();
    command.arg(sample()).arg("--rules").arg(folder.path());
    command.assert().code(2).stdout("");
    let message = stderr(&mut command);
    for expected in ["bad-cause.yml:3:7", "hst", "tsl", "no-such-signal", "sometimes", "hefty", "decisive"] {
        assert!(message.contains(expected), "{expected} is missing in\n{message}");
    }
}

#[test]
fn rules_of_ones_own_add_and_replace() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["causes", "signals"] {
        std::fs::create_dir(folder.path().join(kind)).unwrap();
    }
    std::fs::write(
        folder.path().join("signals/contoso-marker.yml"),
        "title: the service noticed it\nname: contoso-marker\nstatus: test\ndescription: x\nlogsource: { product: windows, service: system }\ndetection:\n  record: { Provider_Name: Schannel, EventID: 36870 }\n  condition: record\nlevel: low\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join("causes/contoso-cause.yml"),
        "id: contoso-cause\ntitle: x\nverdict: Contoso is at fault\nside: host\nstages: [tls]\nprior: 0.9\nbasis: judgement\nmechanism: x\nevidence:\n  - signal: contoso-marker\n    relation: within 5 seconds after the start of a failure\n    strength: 1000000\n    because: the marker is there\nfix: []\n",
    )
    .unwrap();
    let report = json(rdpwhy().arg(sample()).arg("--rules").arg(folder.path()).args(["--format", "json"]));
    assert_eq!(report["diagnoses"][0]["cause"], "contoso-cause");
}

#[test]
fn the_report_can_be_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    rdpwhy().arg(sample()).arg("-o").arg(&file).assert().code(0).stdout("");
    assert!(std::fs::read_to_string(file).unwrap().contains("rdp-key-inaccessible"));
}

#[test]
fn explain_adds_up_and_knows_its_causes() {
    let report = stdout(rdpwhy().arg(sample()).args(["--explain", "rdp-cert-expired-not-renewed"]));
    assert!(report.contains("prior"), "{report}");
    let mut unknown = rdpwhy();
    unknown.arg(sample()).args(["--explain", "no-such-cause"]);
    unknown.assert().code(2);
    assert!(stderr(&mut unknown).contains("rdp-key-inaccessible"));
}

#[test]
fn negative_codes_are_those_of_powershell() {
    let asked = |codes: &[&str]| stdout(rdpwhy().arg(sample()).arg("--full").args(codes));
    let hex = asked(&["--error", "0x8009030e", "--extended", "0x80070079"]);
    assert!(hex.contains("0x8009030e"), "{hex}");
    assert_eq!(asked(&["--error", "-2146893042", "--extended", "-2147024775"]), hex);
    assert_eq!(asked(&["--error=-2146893042", "--extended=-2147024775"]), hex);
    rdpwhy().arg(sample()).args(["--error", "-2147483649"]).assert().code(2);
    rdpwhy().arg(sample()).args(["--error", "-x"]).assert().code(2);
}

#[test]
fn bad_usage_is_explained() {
    rdpwhy().assert().code(2);
    rdpwhy().arg(sample()).args(["--error", "nine"]).assert().code(2);
    rdpwhy().arg(sample()).args(["--since", "yesterday"]).assert().code(2);
    rdpwhy().arg("--help").assert().code(0);
}

#[test]
fn no_domain_knowledge_stands_in_the_engine() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["cli", "logs/src", "rules/src", "diagnose/src", "report/src"]
        .iter()
        .map(|folder| engine.join(folder))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_test = path.file_stem().is_some_and(|stem| stem == "test" || stem == "tests");
            for (number, line) in code.lines().enumerate().filter(|_| !is_test) {
                let comment = line.trim_start().starts_with("//");
                let words = [
                    "Microsoft-Windows-",
                    "TermService",
                    "Schannel",
                    "LsaSrv",
                    "RdpCoreTS",
                    "MachineKeys",
                    "CredSSP",
                ];
                if !comment && words.iter().any(|word| line.contains(word)) {
                    found.push(format!("{}:{}: {line}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
