//! Records read by what the rules ask about their values are those that the rules recognise, and all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, and says what it did")]

use crate::stock;
use std::path::PathBuf;

use crate::stock::{events, everything};
use rdpwhy_event::{Event, Marks};
use rdpwhy_forge::Ticket;
use rdpwhy_rules::{Pack, SignalId, embedded};
use rdpwhy_testkit::{files, forged, real_logs, some_tickets, tickets};

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

fn in_tickets(tickets: &[PathBuf]) {
    let pack = pack();
    // What is wrong with a ticket is another test's affair.
    let folders = tickets.iter().filter_map(|path| forged(&Ticket::load(path).ok()?).ok());
    let count: usize = folders.map(|folder| compare(&pack, &[folder])).sum();
    assert!(count > 1000, "{count}");
}

#[test]
fn in_some_of_the_samples() {
    in_tickets(&some_tickets());
}

#[test]
#[ignore = "long: all tickets"]
fn in_the_samples() {
    in_tickets(&tickets());
}

#[test]
#[ignore = "needs real logs: RDPWHY_REAL_LOGS=DIR"]
fn in_real_logs() {
    let count = compare(&pack(), &files(&real_logs(), ".evtx"));
    assert!(count > 1000, "{count}");
}
