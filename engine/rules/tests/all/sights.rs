//! Records read by what the rules ask about their values are those that the rules recognise, and all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says what it did")]

use crate::stock;
use std::path::PathBuf;

use crate::stock::{events, everything, files, forged, workspace};
use rdpwhy_event::{Event, Marks};
use rdpwhy_forge::Shapes;
use rdpwhy_rules::{Pack, SignalId, embedded};

/// The rules built in and some written elsewhere, which look for keywords and compare fields, too.
fn pack() -> Pack {
    Pack::load(&embedded(), &stock::foreign()).unwrap().0
}

/// Compares both ways to read the logs; how many events the rules recognise.
fn compare(pack: &Pack, inputs: &[PathBuf]) -> usize {
    let recognised = events(inputs, &everything)
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
        let Ok(folder) = forged(&path, &shapes) else { continue };
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
