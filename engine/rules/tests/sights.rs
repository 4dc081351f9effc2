//! Records read by what the rules ask about their values are those that the rules recognise, and all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says what it did")]

use std::path::{Path, PathBuf};

use rdpwhy_forge::{Shapes, Ticket, forge};
use rdpwhy_logs::{Event, Marks, ReadOptions, Wants, read};
use rdpwhy_rules::{Pack, RuleFile, SignalId, embedded};

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// All files below a folder whose names end so, by name.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The rules built in and some written elsewhere, which look for keywords and compare fields, too.
fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign");
    let rule = |path: &PathBuf| RuleFile {
        path: path.display().to_string(),
        text: std::fs::read_to_string(path).unwrap(),
    };
    let foreign: Vec<RuleFile> = files(&folder, ".yml").iter().map(rule).collect();
    Pack::load(&embedded(), &foreign).unwrap().0
}

fn events(inputs: &[PathBuf], wants: &dyn Wants) -> Vec<Event> {
    read(inputs, wants, &ReadOptions::default(), &()).unwrap_or_else(|error| panic!("{error}")).events
}

/// Compares both ways to read the logs; how many events the rules recognise.
fn compare(pack: &Pack, inputs: &[PathBuf]) -> usize {
    let recognised = events(inputs, &|_: &str, _: u32, _: &str| true)
        .into_iter()
        .map(|event| (pack.recognise(&event), event))
        .filter(|(signals, _)| !signals.is_empty());
    let mut read = events(inputs, pack).into_iter();
    let mut count = 0;
    for (signals, event) in recognised {
        let own = read.next().unwrap_or_else(|| panic!("not read: {event:#?}"));
        assert_eq!(SignalId::of_marks(&own.marks).collect::<Vec<_>>(), signals, "{event:#?}");
        assert!(Event { marks: Marks::default(), ..own.clone() } == event, "{own:#?}\nis not\n{event:#?}");
        count += 1;
    }
    assert!(read.next().is_none(), "more was read than is recognised");
    count
}

#[test]
fn in_the_samples() {
    let (pack, shapes) = (pack(), Shapes::embedded().unwrap());
    let mut count = 0;
    for path in files(&workspace().join("samples"), ".yml") {
        // What is wrong with a ticket is another test's affair.
        let Ok(logs) = Ticket::load(&path).and_then(|ticket| forge(&ticket, &shapes)) else { continue };
        let folder = tempfile::tempdir().unwrap();
        for log in logs {
            let path = folder.path().join(&log.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &log.bytes).unwrap();
        }
        count += compare(&pack, &[folder.path().to_owned()]);
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn in_real_logs() {
    let data = workspace().join("../shared/data");
    if !data.is_dir() {
        eprintln!("skipped: no real logs beside the workspace");
        return;
    }
    let count = compare(&pack(), &files(&data, ".evtx"));
    assert!(count > 1000, "{count}");
}
