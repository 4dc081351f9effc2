//! The pages that people read first: what they show is what the command says, and their links lead somewhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All pages written in Markdown that are not samples of reports.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["", "docs", "docs/causes", "samples", "samples/compose", "fuzz"] {
        let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    found.sort();
    found
}

#[test]
fn the_readme_shows_the_report_as_it_is() {
    let output = Command::new(env!("CARGO_BIN_EXE_rdpwhy"))
        .args(["diagnose", "samples/key-inaccessible/logs"])
        .env_remove("CLICOLOR_FORCE")
        .current_dir(ROOT)
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    // The last line has the fingerprint of the rules, which any change of a rule changes.
    let lines = report.lines().filter(|line| !line.starts_with("Made by"));
    let fresh = lines.fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").unwrap();
        text
    });
    let page = read(&Path::new(ROOT).join("README.md"));
    let (_, rest) = page.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    assert_eq!(
        shown, fresh,
        "README.md is stale: paste what `cargo run -- diagnose samples/key-inaccessible/logs` prints"
    );
}

#[test]
fn the_scripts_that_collect_logs_are_fresh() {
    for side in ["host", "client"] {
        let output = Command::new(env!("CARGO_BIN_EXE_rdpwhy"))
            .args(["script", "collect", "--side", side])
            .output()
            .unwrap();
        let name = format!("scripts/collect-{side}.ps1");
        let stored = read(&Path::new(ROOT).join(&name));
        let fresh = String::from_utf8(output.stdout).unwrap();
        assert_eq!(stored, fresh, "{name} is stale: cargo run -- script collect --side {side} > {name}");
    }
}

/// Windows checks links out as text files, unless it is told otherwise.
#[test]
fn nothing_in_the_repository_is_a_link() {
    let mut links = Vec::new();
    let mut folders = vec![PathBuf::from(ROOT)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_kept =
                name != "target" && (!name.starts_with('.') || [".ci", ".github"].contains(&&*name));
            if path.is_symlink() && is_kept {
                links.push(path);
            } else if path.is_dir() && is_kept {
                folders.push(path);
            }
        }
    }
    assert_eq!(links, Vec::<PathBuf>::new());
}

#[test]
fn the_readme_is_short() {
    let lines = read(&Path::new(ROOT).join("README.md")).lines().count();
    assert!(lines <= 150, "README.md has {lines} lines: details belong in pages under docs/");
}

#[test]
fn the_page_of_options_names_every_option() {
    let output = Command::new(env!("CARGO_BIN_EXE_rdpwhy")).args(["diagnose", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let page = read(&Path::new(ROOT).join("docs/options.md"));
    let mut options = help.split_whitespace().filter(|word| word.starts_with("--")).collect::<Vec<_>>();
    options
        .retain(|option| option.trim_start_matches('-').starts_with(|sign: char| sign.is_ascii_lowercase()));
    assert!(options.len() > 20, "{options:?}");
    // These are written in their short form.
    options.retain(|option| !["--help", "--output", "--quiet", "--verbose"].contains(option));
    options.retain(|option| !page.contains(option.trim_end_matches(['.', ',', ';', ')'])));
    assert!(options.is_empty(), "docs/options.md does not name {options:?}");
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut dead = String::new();
    for page in pages() {
        for link in links(&read(&page)) {
            if let Err(reason) = follow(&page, &link) {
                writeln!(dead, "{}: {link}: {reason}", page.display()).unwrap();
            }
        }
    }
    assert!(dead.is_empty(), "{dead}");
}

/// Targets of links within the project, outside of code.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        if is_code || line.starts_with("    ") {
            continue;
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        found.extend(targets.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://")));
    }
    found
}

fn follow(page: &Path, link: &str) -> Result<(), &'static str> {
    let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    if !target.exists() {
        return Err("there is no such file");
    }
    let is_there = |heading: &str| read(&target).lines().any(|line| anchor(line).as_deref() == Some(heading));
    match heading {
        Some(heading) if !is_there(heading) => Err("there is no such heading"),
        _ => Ok(()),
    }
}

/// What links call a heading.
fn anchor(line: &str) -> Option<String> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
    let kept = title.chars().filter(|sign| sign.is_alphanumeric() || [' ', '-', '_'].contains(sign));
    Some(kept.collect::<String>().to_lowercase().replace(' ', "-"))
}
