//! Many cases at once: `rdpwhy batch`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use rdpwhy_forge::Ticket;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Runs `rdpwhy batch`; hands back the exit status and what it wrote to standard error.
fn batch(arguments: &[&str]) -> (i32, String) {
    let output = Command::cargo_bin("rdpwhy").unwrap().arg("batch").args(arguments).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn rows(out: &Path, name: &str) -> Vec<Value> {
    let lines = fs::read_to_string(out.join(name)).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// All visible files of a folder of results, with their bytes.
fn results(out: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = rdpwhy_testkit::files(out, "");
    files.retain(|file| !text(file).contains(".rdpwhy-batch"));
    files
        .into_iter()
        .map(|file| (file.strip_prefix(out).unwrap().to_owned(), fs::read(file).unwrap()))
        .collect()
}

/// A folder with three good cases, a broken one, and one with a hostile name.
fn tickets() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(ROOT).join("samples");
    for (name, sample) in
        [("INC-1", "key-inaccessible"), ("INC-2", "healthy"), ("INC-3", "certificate-expired")]
    {
        copy(&samples.join(sample).join("logs"), &folder.path().join("in").join(name));
    }
    let broken = folder.path().join("in/broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("System.evtx"), "not a log").unwrap();
    #[cfg(unix)]
    copy(&samples.join("healthy/logs"), &folder.path().join("in/<img src=x>\u{1b}[2J"));
    folder
}

#[test]
fn each_case_has_a_row_and_reports_and_a_broken_one_costs_itself() {
    let folder = tickets();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    let (code, said) = batch(&[text(&input), "-o", text(&out), "--formats", "json,html"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("1 failed") && !said.contains('\u{1b}'), "{said}");
    let cases = rows(&out, "cases.jsonl");
    let find = |name: &str| cases.iter().find(|row| row["case"] == name).unwrap();
    assert_eq!(find("INC-1")["cause"], "rdp-key-inaccessible");
    assert_eq!(find("INC-2")["verdict"], "healthy");
    assert_eq!(find("broken")["verdict"], Value::Null);
    assert!(find("broken")["error"].as_str().unwrap().starts_with("no event log to read"));
    let report: Value = serde_json::from_slice(&fs::read(out.join("reports/INC-1.json")).unwrap()).unwrap();
    assert_eq!(report["case"], "INC-1");
    assert_eq!(report["summary"], find("INC-1")["summary"]);
    assert_eq!(report["diagnoses"][0]["cause"], find("INC-1")["cause"]);
    for row in &cases {
        for report in row["reports"].as_object().unwrap().values() {
            assert!(out.join(report.as_str().unwrap()).is_file(), "{report}");
        }
    }
    assert!(!rows(&out, "incidents.jsonl").is_empty() && !rows(&out, "attempts.jsonl").is_empty());
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("INC-1") && page.contains("reports/INC-1.html") && !page.contains("<img"));
}

#[test]
fn rows_are_as_the_schema_says_and_it_is_not_stale() {
    let path = Path::new(ROOT).join("docs/batch.schema.json");
    let schema = rdpwhy_batch::schema();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == schema, "docs/batch.schema.json is stale: run this test with UPDATE_DOCS=1");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let folder = tickets();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    batch(&[text(&input), "-o", text(&out), "-q"]);
    for (file, kind) in
        [("cases.jsonl", "CaseRow"), ("incidents.jsonl", "IncidentRow"), ("attempts.jsonl", "AttemptRow")]
    {
        let of_file = json!({ "$ref": format!("#/$defs/{kind}"), "$defs": schema["$defs"] });
        let validator = jsonschema::validator_for(&of_file).unwrap();
        let described: BTreeSet<&String> =
            schema["$defs"][kind]["properties"].as_object().unwrap().keys().collect();
        for row in rows(&out, file) {
            assert!(validator.is_valid(&row), "{file}: {row}");
            assert_eq!(row.as_object().unwrap().keys().collect::<BTreeSet<_>>(), described, "{file}");
        }
    }
}

#[test]
fn results_are_the_same_at_any_number_of_threads_and_after_a_kill() {
    let folder = tickets();
    let input = folder.path().join("in");
    let out = |name: &str| folder.path().join(name);
    for threads in ["1", "4"] {
        batch(&[text(&input), "-o", text(&out(threads)), "-q", "--threads", threads]);
    }
    let expected = results(&out("1"));
    assert!(expected.len() > 8);
    assert!(expected == results(&out("4")));
    // Killed after the first result.
    let killed = out("killed");
    let program = assert_cmd::cargo::cargo_bin("rdpwhy");
    let arguments = ["batch", text(&input), "-o", text(&killed), "-q", "--threads", "1"];
    let mut run = std::process::Command::new(program).args(arguments).spawn().unwrap();
    let kept = killed.join(".rdpwhy-batch/results");
    while fs::read_dir(&kept).map_or(0, Iterator::count) == 0 && run.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let (code, said) = batch(&[text(&input), "-o", text(&killed)]);
    assert_eq!(code, 1);
    assert!(said.contains("are done already"), "{said}");
    assert!(expected == results(&killed));
    // A changed input is diagnosed again, and nothing else.
    fs::remove_dir_all(input.join("INC-2/client")).unwrap();
    let (_, said) = batch(&[text(&input), "-o", text(&killed)]);
    assert!(said.contains("; 1 diagnosed now"), "{said}");
}

#[test]
fn nothing_of_the_users_is_overwritten() {
    let folder = tickets();
    let input = folder.path().join("in");
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("cases.jsonl"), "mine").unwrap();
    let (code, said) = batch(&[text(&input), "-o", text(&own)]);
    assert_eq!(code, 2);
    assert!(said.contains("is not empty") && said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(own.join("cases.jsonl")).unwrap(), "mine");
    for inside in [input.join("INC-1/out"), input.join("INC-1"), folder.path().to_owned()] {
        let (code, said) = batch(&[text(&input), "-o", text(&inside), "--force"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("would mix with the input"), "{said}");
    }
    // Beside the cases it is not one of them.
    let beside = input.join("results");
    for _ in 0..2 {
        assert_eq!(batch(&[text(&input), "-o", text(&beside), "-q"]).0, 1);
    }
    assert!(rows(&beside, "cases.jsonl").iter().all(|row| row["case"] != "results"));
    let (code, said) = batch(&[text(&input.join("INC-1")), "-o", text(&beside)]);
    assert_eq!(code, 2);
    assert!(said.contains("results of other inputs"), "{said}");
    assert_eq!(batch(&[text(&own), "-o", text(&folder.path().join("none"))]).0, 2);
}

#[test]
fn a_case_that_takes_too_long_is_given_up_and_tried_again() {
    let folder = tickets();
    let list = folder.path().join("list.jsonl");
    let line = |case: &str, path: &str| json!({ "case": case, "path": path }).to_string() + "\n";
    fs::write(&list, line("a", "in/INC-1") + &line("b", "in/INC-2")).unwrap();
    let out = folder.path().join("out");
    // No process starts in so little memory.
    let (code, _) = batch(&["--cases", text(&list), "-o", text(&out), "--max-memory", "1", "-q"]);
    let errors = rows(&out, "cases.jsonl");
    if cfg!(target_os = "linux") {
        assert_eq!(code, 1);
        assert!(errors.iter().all(|row| row["error"].as_str().unwrap().contains("memory")), "{errors:?}");
    }
    let (code, said) = batch(&["--cases", text(&list), "-o", text(&out)]);
    assert_eq!(code, 0, "{said}");
    assert!(rows(&out, "cases.jsonl").iter().all(|row| row["error"] == Value::Null));
}

#[test]
fn a_list_gives_each_case_its_options() {
    let folder = tickets();
    let list = folder.path().join("list.csv");
    fs::write(&list, "case,path,error,extended\nA,in/INC-1,0x904,0x7\nB,in/INC-1,,\n").unwrap();
    let out = folder.path().join("out");
    let arguments = ["--cases", text(&list), "-o", text(&out), "--formats", "json", "-q"];
    assert_eq!(batch(&arguments).0, 0);
    let report = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(out.join("reports").join(name)).unwrap()).unwrap()
    };
    assert_eq!(report("A.json")["asked"]["error"], "0x904");
    assert_eq!(report("B.json")["asked"]["error"], Value::Null);
    fs::write(&list, "case,path,error\nA,in/INC-1,nine\n").unwrap();
    let (code, said) = batch(&arguments);
    assert_eq!(code, 2);
    assert!(said.contains("list.csv:2: invalid value 'nine'"), "{said}");
}

/// A host whose people sign in every day; on some an update is installed, and on some the key fails afterwards.
fn host(number: usize, updated: bool, fails: bool) -> Ticket {
    let (day, minute) = (10 + number % 7, number % 60);
    let update = |at: &str, article: &str| {
        format!(
            "  - {{ at: {at}, on: host, shape: update-installed-19, title: 'Cumulative Update ({article})' }}\n"
        )
    };
    let mut events = update("-40h", "KB5000001");
    if updated {
        events += &update("-4h", "KB5099999");
    }
    let address = format!("10.{}.{}.5", number % 3, number);
    events += &format!(
        "  - {{ at: -1d, on: host, scene: mstsc-logon, user: u{number}, address: {address}, session: 3, activity: a }}\n  \
         - {{ at: -20h, on: host, scene: user-logoff, user: u{number}, session: 3, activity: a }}\n"
    );
    events += &if fails {
        format!(
            "  - {{ at: -1h, on: host, scene: service-restart }}\n  \
             - {{ at: +{minute}m, on: host, scene: tls-key-failed, address: {address}, repeat: 5, every: 7m }}\n"
        )
    } else {
        format!(
            "  - {{ at: +{minute}m, on: host, scene: mstsc-logon, user: u{number}, address: {address}, session: 4, activity: b }}\n  \
             - {{ at: +4h, on: host, scene: user-logoff, user: u{number}, session: 4, activity: b }}\n"
        )
    };
    let ticket = format!(
        "title: Host {number}\nstory: One of a fleet.\nstart: 2026-03-{day}T08:00:00Z\nmachines: {{ host: {{ computer: \
         SRV-{number:03}.corp.example }} }}\ncollected: {{ host: [System, rdp] }}\nlogs:\n  - {{ on: host, channels: [System, rdp], \
         from: -3d, until: +6h, every: 9h }}\nevents:\n{events}expect: {{ verdict: {} }}\n",
        if fails { "diagnosed" } else { "healthy" }
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ticket.yml");
    fs::write(&path, ticket).unwrap();
    Ticket::load(&path).unwrap()
}

/// What hosts share, each with its own logs.
fn fleet(
    hosts: usize,
    is_updated: impl Fn(usize) -> bool,
    fails: impl Fn(usize) -> bool,
) -> (Vec<Value>, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: usize| {
        let logs = rdpwhy_testkit::forged(&host(number, is_updated(number), fails(number))).unwrap();
        json!({ "case": format!("host-{number:03}"), "path": logs }).to_string() + "\n"
    };
    let list = folder.path().join("fleet.jsonl");
    fs::write(&list, (0..hosts).map(line).collect::<String>()).unwrap();
    let out = folder.path().join("out");
    let (code, said) = batch(&["--cases", text(&list), "-o", text(&out), "--formats", "json"]);
    assert_eq!(code, 0, "{said}");
    (rows(&out, "cases.jsonl"), rows(&out, "shared.jsonl"))
}

/// The one thing that is shared is the update, which 14 hosts have and 12 of them fail with.
fn check_update(cases: &[Value], shared: &[Value]) {
    assert_eq!(cases.iter().filter(|row| row["cause"] == "rdp-key-inaccessible").count(), 12);
    let [update] = shared else { panic!("{shared:#?}") };
    assert_eq!((&update["kind"], &update["value"]), (&json!("update"), &json!("KB5099999")));
    let says = update["says"].as_str().unwrap();
    let others = cases.len() - 14;
    let expected = format!(
        "12 of 14 cases with Windows update KB5099999 fail with rdp-key-inaccessible; 0 of {others} without it do."
    );
    assert!(says.starts_with(&expected), "{says}");
    assert!(says.contains("In 12 of them the failures began within 6 hours of it"), "{says}");
}

#[test]
fn an_update_that_failing_hosts_share_is_found_and_none_is_claimed_where_there_is_none() {
    let is_updated = |number: usize| number % 4 == 1 && number != 57;
    let (cases, shared) = fleet(60, is_updated, |number| is_updated(number) && number != 5 && number != 9);
    check_update(&cases, &shared);
    let (_, shared) = fleet(60, |number| number % 5 == 2, |number| number % 4 == 1);
    assert!(shared.is_empty(), "{shared:#?}");
}

/// The same in a fleet of ordinary size. As many hosts fail in the second one, and have the update in it; but not the same ones.
#[test]
#[ignore = "long"]
fn an_update_on_14_of_244_hosts_is_found_and_none_is_claimed_where_there_is_none() {
    let is_updated = |number: usize| number % 17 == 3 && number < 17 * 14;
    let (cases, shared) = fleet(244, is_updated, |number| is_updated(number) && number != 3 && number != 20);
    assert_eq!(cases.len(), 244);
    check_update(&cases, &shared);
    let (cases, shared) = fleet(244, |number| number % 19 == 5, |number| number % 20 == 7);
    assert!(cases.iter().filter(|row| row["cause"] == "rdp-key-inaccessible").count() >= 12);
    assert!(shared.is_empty(), "{shared:#?}");
}

#[test]
fn what_is_a_case_depends_on_what_is_given() {
    let folder = tickets();
    let input = folder.path().join("in");
    let names = |out: &Path| -> Vec<String> {
        rows(out, "cases.jsonl").iter().map(|row| row["case"].as_str().unwrap().to_owned()).collect()
    };
    // A ticket with folders for host and client, and one with nothing but logs.
    let flat = folder.path().join("flat");
    fs::create_dir(&flat).unwrap();
    for log in rdpwhy_testkit::files(&input.join("INC-1/host"), "evtx") {
        fs::copy(&log, flat.join(log.file_name().unwrap())).unwrap();
    }
    for (at, ticket) in [input.join("INC-2"), flat.clone()].iter().enumerate() {
        let out = folder.path().join(format!("one-{at}"));
        let (code, said) = batch(&[text(ticket), "-o", text(&out)]);
        assert_eq!(
            (code, names(&out)),
            (0, vec![text(ticket.file_name().unwrap().as_ref()).to_owned()]),
            "{said}"
        );
        assert!(said.contains("is one case"), "{said}");
    }
    // A forgotten log does not make one ticket out of many.
    let log = rdpwhy_testkit::files(&flat, "evtx").remove(0);
    fs::copy(log, input.join("System.evtx")).unwrap();
    let out = folder.path().join("all");
    let (_, said) = batch(&[text(&input), "-o", text(&out)]);
    assert!(names(&out).len() >= 4 && said.contains("not part of any case"), "{said}");
    // As a shell makes them of TICKETS/*; one more ticket is the same fleet.
    let (one, two) = (input.join("INC-1"), input.join("INC-2"));
    let out = folder.path().join("several");
    assert_eq!(batch(&[text(&one), text(&two), "-o", text(&out)]).0, 0);
    assert_eq!(names(&out), ["INC-1", "INC-2"]);
    let three = input.join("INC-3");
    let (code, said) = batch(&[text(&one), text(&two), text(&three), "-o", text(&out)]);
    assert_eq!((code, names(&out).len()), (0, 3), "{said}");
    assert!(said.contains("2 of 3 cases are done already"), "{said}");
}

#[test]
fn a_folder_of_tickets_among_others_is_said() {
    let folder = tickets();
    let input = folder.path().join("in");
    for sample in ["credssp-mismatch", "session-conflict", "vpn-lost"] {
        copy(&Path::new(ROOT).join("samples").join(sample).join("logs"), &input.join(sample));
    }
    let one = folder.path().join("INC-9");
    copy(&Path::new(ROOT).join("samples/healthy/logs"), &one);
    let out = folder.path().join("out");
    let (_, said) = batch(&[text(&input), text(&one), "-o", text(&out)]);
    assert_eq!(said.matches("looks like several cases").count(), 1, "{said}");
    assert!(said.contains(&format!("rdpwhy batch {} -o RESULTS", input.display())), "{said}");
}

#[test]
fn a_folder_of_tickets_is_not_taken_for_one_silently() {
    let diagnose = |path: &Path| {
        let mut command = Command::cargo_bin("rdpwhy").unwrap();
        let output = command.arg("diagnose").arg(path).args(["--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let warned = report["warnings"].to_string().contains("[input::several-cases]");
        assert_eq!(
            warned,
            String::from_utf8_lossy(&output.stderr).contains("rdpwhy batch FOLDER -o RESULTS")
        );
        warned
    };
    let folder = tickets();
    let input = folder.path().join("in");
    for sample in ["credssp-mismatch", "session-conflict", "vpn-lost"] {
        copy(&Path::new(ROOT).join("samples").join(sample).join("logs"), &input.join(sample));
    }
    assert!(diagnose(&input));
    assert!(!diagnose(&input.join("INC-1")));
    // Every sample is one ticket, with the logs of up to four machines in folders of their own.
    let samples = rdpwhy_testkit::files(&Path::new(ROOT).join("samples"), "ticket.yml");
    for logs in samples.iter().map(|ticket| ticket.with_file_name("logs")).filter(|logs| logs.is_dir()) {
        assert!(!diagnose(&logs), "{}", logs.display());
    }
}

/// What the page in the browser asks of the command is in JavaScript, where no compiler sees it.
#[test]
fn the_page_asks_for_a_case_as_the_command_takes_it() {
    let page = fs::read_to_string(Path::new(ROOT).join("web/page.js")).unwrap();
    let line = page.lines().find(|line| line.contains("\"batch-case\"")).unwrap();
    let out = tempfile::tempdir().unwrap();
    let folder = format!("--folder={}", text(out.path()));
    let words = line.split('"').skip(1).step_by(2);
    let asked: Vec<&str> =
        words.map(|word| if word == "--folder=/out" { folder.as_str() } else { word }).collect();
    let logs = Path::new(ROOT).join("samples/key-inaccessible/logs");
    Command::cargo_bin("rdpwhy").unwrap().args(asked).arg(logs).assert().success();
    for format in ["html", "md", "json"] {
        assert!(out.path().join(format).is_file(), "no report as {format}");
    }
}
