//! Collections of Sigma rules written elsewhere: thousands of them, some of which cannot be used.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use std::fmt::Write as _;
use std::path::Path;

/// A rule as Sigma's collection has them, for any record of a process.
fn rule(number: usize, more: &str) -> String {
    let mut endings = String::new();
    for ending in 0..number % 20 {
        writeln!(endings, "            - '\\tool-{number}-{ending}.exe'").unwrap();
    }
    format!(
        "title: Tool {number}\nid: {number:08x}-0000-4000-8000-000000000000\nstatus: test\ndate: 2026-01-02\n\
         regression_tests_path: regression_data/{number}/info.yml\nsimulation:\n    - type: other\n      name: x\n\
         logsource:\n    category: process_creation\n    product: windows\ndetection:\n    selection:\n        \
         Image|endswith:\n            - '\\x.exe'\n{endings}{more}    condition: selection\nlevel: low\n"
    )
}

fn rules(count: usize, broken: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..count {
        // More than any expression may take.
        let more =
            if number < broken { "        CommandLine|re: '(\\w{200}[а-я]{200}){100}'\n" } else { "" };
        std::fs::write(folder.path().join(format!("rule-{number:04}.yml")), rule(number, more)).unwrap();
    }
    folder
}

/// Standard output, standard error and exit status.
fn run(arguments: &[&str]) -> (String, String, i32) {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/key-inaccessible/logs");
    let mut command = Command::cargo_bin("rdpwhy").unwrap();
    let output = command.arg(logs).args(["-q", "--format", "json"]).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

/// The report without its head, in which the number and the fingerprint of the rules stand.
fn body(report: &str) -> &str {
    &report[report.find("\"verdict\"").unwrap()..]
}

#[test]
fn thousands_of_rules_that_no_cause_names_change_nothing_and_say_little() {
    let (plain, _, _) = run(&[]);
    let folder = rules(1000, 0);
    let (report, told, code) = run(&["--rules", &folder.path().to_string_lossy()]);
    assert_eq!(code, 0, "{told}");
    assert!(body(&report) == body(&plain));
    assert!(told.lines().count() < 10 && told.contains("(and 999 more times)"), "{told}");
}

#[test]
fn rules_that_cannot_be_used_stop_the_run_or_are_left_out_by_name() {
    let folder = rules(30, 3);
    let path = folder.path().to_string_lossy().into_owned();
    let (report, told, code) = run(&["--rules", &path]);
    assert_eq!((report.as_str(), code), ("", 2));
    assert!(told.contains("help: --rules-lenient leaves out the 3 files with errors"), "{told}");
    // A cause that names a rule which is left out cannot stay either.
    let cause = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/causes/rdp-key-inaccessible.yml"),
    );
    let cause =
        cause.unwrap().replace("schannel-key-unusable-rdp-36870", "00000000-0000-4000-8000-000000000000");
    std::fs::create_dir(folder.path().join("causes")).unwrap();
    std::fs::write(folder.path().join("causes/rdp-key-inaccessible.yml"), cause).unwrap();
    let (report, told, code) = run(&["--rules", &path, "--rules-lenient"]);
    assert_eq!(code, 0, "{told}");
    assert!(body(&report) == body(&run(&[]).0));
    for file in ["rule-0000.yml", "rule-0001.yml", "rule-0002.yml", "causes/rdp-key-inaccessible.yml"] {
        assert!(told.contains(&format!("{file}` has an error, so the rule is left out")), "{file}: {told}");
    }
}
