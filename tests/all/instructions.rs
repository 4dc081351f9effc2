//! How many instructions whole runs take: figures that do not move with what else the machine does.
//!
//! They are kept in `tests/instructions/counts.tsv`, for programs built as tests are (`dev`) and for releases. After a change
//! that is meant to move them: `RDPWHY_INSTRUCTIONS=write cargo test --test all -- --ignored instructions`, and the same with
//! `--release`. Valgrind knows no instructions for SHA-256, so that the hash weighs more in them than in a real run.
//!
//! The first line of the table says where they were counted: another compiler, C library, valgrind or processor takes others.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_forge::Ticket;
use rdpwhy_testkit::{forged, workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How far a count may be from the one that is kept.
const TOLERANCE: f64 = 0.03;
/// What is counted: the name, and the ticket whose logs are diagnosed.
const RUNS: [(&str, &str); 3] = [
    ("ticket", "samples/key-inaccessible/ticket.yml"),
    ("attack", "tests/instructions/attack.yml"),
    ("services", "tests/instructions/services.yml"),
];

/// The name of the way in which this test, and the program with it, was built.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

fn table() -> PathBuf {
    workspace().join("tests/instructions/counts.tsv")
}

/// The counts that are kept, by profile and name.
fn kept() -> BTreeMap<(String, String), u64> {
    let text = std::fs::read_to_string(table()).unwrap();
    let lines = text.lines().skip(2).map(|line| line.split('\t').collect::<Vec<_>>());
    lines.map(|cells| ((cells[0].to_owned(), cells[1].to_owned()), cells[2].parse().unwrap())).collect()
}

/// What else decides how many instructions a run takes.
fn place() -> String {
    let first = |program: &str, argument: &str| {
        let said = Command::new(program).arg(argument).output().map(|run| run.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned()
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find(|line| line.starts_with("model name")).unwrap_or_default();
    let model = model.split(':').nth(1).unwrap_or_default().trim();
    format!(
        "# {} | {} | {} | {model}",
        first("rustc", "--version"),
        first("ldd", "--version"),
        first("valgrind", "--version")
    )
}

/// Where the counts that are kept were counted.
fn place_kept() -> String {
    std::fs::read_to_string(table()).unwrap().lines().next().unwrap_or_default().to_owned()
}

/// The instructions of one run; `None` where there is no valgrind.
fn counted(logs: &Path) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(assert_cmd::cargo::cargo_bin("rdpwhy"))
        .args(["diagnose", "--quiet", "--threads", "1"])
        .arg(logs)
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let count = said.lines().find_map(|line| line.split("refs:").nth(1));
    let count = count.unwrap_or_else(|| panic!("valgrind counted nothing: {said}"));
    Some(count.trim().replace(',', "").parse().unwrap())
}

#[test]
#[ignore = "long: under valgrind"]
fn instructions_are_as_many_as_before() {
    let (place, write) =
        (place(), std::env::var_os("RDPWHY_INSTRUCTIONS").is_some_and(|asked| asked == "write"));
    if place != place_kept() && !write {
        eprintln!("skipped: the counts that are kept are of another place: {}", place_kept());
        return;
    }
    let mut counts = kept();
    let mut moved = String::new();
    for (name, ticket) in RUNS {
        let logs = forged(&Ticket::load(&workspace().join(ticket)).unwrap()).unwrap();
        let Some(count) = counted(&logs) else {
            eprintln!("skipped: instructions are not counted, for there is no valgrind");
            return;
        };
        let before = counts.insert((PROFILE.to_owned(), name.to_owned()), count).unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let by = count as f64 / before as f64 - 1.0;
        if by.is_nan() || by.abs() > TOLERANCE {
            moved += &format!("{name} ({PROFILE}): {before} before, {count} now ({:+.1} %)\n", 100.0 * by);
        }
    }
    if write {
        let lines = counts.iter().map(|((profile, name), count)| format!("{profile}\t{name}\t{count}\n"));
        std::fs::write(
            table(),
            format!("{place}\nprofile\trun\tinstructions\n{}", lines.collect::<String>()),
        )
        .unwrap();
    } else {
        assert!(moved.is_empty(), "instructions moved by more than 3 %:\n{moved}");
    }
}
