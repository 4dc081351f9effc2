//! The chores of the project, by name: `cargo xtask` lists them, `cargo xtask NAME` runs one.
//!
//! It only starts other programs. What a chore does is in the scripts and commands that it names.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a person reads it")]

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

/// A chore: what it is for, and the commands that it runs one after the other in the project's folder.
struct Chore {
    name: &'static str,
    about: &'static str,
    commands: &'static [&'static str],
}

const fn chore(name: &'static str, about: &'static str, commands: &'static [&'static str]) -> Chore {
    Chore { name, about, commands }
}

const CHORES: &[(&str, &[Chore])] = &[
    (
        "While you work",
        &[
            chore("fmt", "format all code", &["cargo fmt --all"]),
            chore(
                "lint",
                "clippy; warnings are errors",
                &["cargo clippy --workspace --all-targets -- -D warnings"],
            ),
            chore("test", "all tests but the long ones", &["cargo test --workspace"]),
            chore(
                "rules",
                "check the rules, and diagnose all samples",
                &["RDPWHY rules check rules", "RDPWHY rules test samples"],
            ),
            chore(
                "docs",
                "the documentation of the crates; warnings are errors",
                &["cargo doc --workspace --no-deps --config build.rustdocflags=[\"-Dwarnings\"]"],
            ),
        ],
    ),
    (
        "Generated files",
        &[
            chore(
                "generate",
                "pages of causes and codes, schemas, manual pages, scripts that collect logs",
                &[
                    "RDPWHY rules docs docs --force",
                    "RDPWHY rules schema --output docs/schema --force",
                    "RDPWHY man docs/man --force",
                    "RDPWHY script collect --side host > scripts/collect-host.ps1",
                    "RDPWHY script collect --side client > scripts/collect-client.ps1",
                ],
            ),
            chore(
                "samples",
                "the logs in samples/, from their tickets",
                &["cargo run --quiet -p rdpwhy-forge -- samples"],
            ),
            chore(
                "quality",
                "the figures in docs/quality.md",
                &["cargo run --release -p rdpwhy-proof -- --write docs/quality.md"],
            ),
            chore(
                "bench",
                "the figures and the plot in docs/performance.md",
                &["bash scripts/bench.sh --docs"],
            ),
        ],
    ),
    (
        "Before a change lands",
        &[
            chore("ci", "everything that must pass; about an hour from nothing", &["bash .ci/run"]),
            chore("long", "the long tests", &["bash scripts/test-long.sh"]),
            chore("fuzz", "TARGET [SECONDS]: fuzz what fuzz/README.md lists", &["bash scripts/fuzz.sh"]),
            chore("page", "build the page and use it in a headless Chromium", &["bash tests/page.sh"]),
            chore("html", "open HTML reports in a headless Chromium", &["bash tests/html-report.sh"]),
            chore(
                "python",
                "build the Python package and test it, and what is in integrations/",
                &["bash tests/python.sh", "bash tests/integrations.sh"],
            ),
            chore(
                "batch",
                "2,000 cases: time, and ten kills; with --ray the same on Ray",
                &["bash scripts/bench-batch.sh"],
            ),
            chore(
                "compare",
                "OLD NEW FORGE: which reports two builds disagree about",
                &["python3 scripts/compare-builds.py"],
            ),
        ],
    ),
    (
        "Releases",
        &[
            chore("package", "the packages for crates.io", &["bash scripts/package.sh"]),
            chore("release", "archives, page, checksums, manifests", &["bash scripts/release.sh"]),
            chore("try-release", "try what `release` made", &["bash tests/release.sh"]),
        ],
    ),
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(name) = arguments.next() else {
        print!("{}", list());
        return ExitCode::SUCCESS;
    };
    let Some(chore) = CHORES.iter().flat_map(|(_, chores)| *chores).find(|chore| chore.name == name) else {
        eprint!("there is no chore `{name}`\n\n{}", list());
        return ExitCode::from(2);
    };
    let given: Vec<String> = arguments.collect();
    for command in chore.commands {
        eprintln!("> {command} {}", given.join(" "));
        if let Err(why) = run(command, &given) {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn list() -> String {
    let mut text = String::from("cargo xtask CHORE [ARGUMENT]…\n");
    for (group, chores) in CHORES {
        text += &format!("\n{group}\n");
        for chore in *chores {
            text += &format!("  {:<12} {}\n", chore.name, chore.about);
        }
    }
    text
}

/// Runs a command line in the project's folder. The first word `RDPWHY` stands for the command that the project builds, and
/// what follows ` > ` is the file that gets its output once it has succeeded.
fn run(line: &str, given: &[String]) -> Result<(), String> {
    let line = line.replacen("RDPWHY", "cargo run --quiet --", 1);
    let (line, file) =
        line.split_once(" > ").map_or((line.as_str(), None), |(line, file)| (line, Some(file)));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut words = line.split(' ');
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(program);
    command.args(words).args(given).current_dir(&root).stderr(Stdio::inherit());
    if file.is_none() {
        command.stdout(Stdio::inherit());
    }
    let output = command.output().map_err(|error| format!("cannot start {program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("failed: {line}"));
    }
    file.map_or(Ok(()), |file| {
        fs::write(root.join(file), output.stdout).map_err(|error| format!("{file}: {error}"))
    })
}
