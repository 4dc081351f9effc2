//! What must not change a verdict: a machine that gets another name, a clock that is wrong, as long as the logs tell of it;
//! and what must not be claimed once the log of starts and stops is gone.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says by panicking what is wrong, and prints what it counted"
)]

use crate::bench::{forged, judge, read, sort};
use rdpwhy_diagnose::diagnosis::{Diagnosis, SeenFrom, Verdict};
use rdpwhy_event::{Event, FileId, FileTime, Names};
use rdpwhy_forge::Ticket;
use rdpwhy_logs::{Reading, parse_event_xml};
use std::sync::Arc;

const SECOND: i64 = 10_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// Every so many of the tickets that name a cause have their turn.
const EVERY: usize = 2;

/// Tickets that name a cause and ask nothing special, with what is read of their logs.
fn tickets() -> impl Iterator<Item = (String, Ticket, Reading)> {
    let all = rdpwhy_testkit::tickets()
        .into_iter()
        .filter(|path| !path.components().any(|c| c.as_os_str() == "reports"));
    let loaded = all.map(|path| (path.display().to_string(), Ticket::load(&path).unwrap()));
    let named = loaded.filter(|(_, ticket)| {
        ticket.expect.claim.first.is_some() && ticket.expect.options == rdpwhy_forge::Options::default()
    });
    named.step_by(EVERY).map(|(path, ticket)| {
        let reading = read(&[forged(&ticket)], 2);
        (path, ticket, reading)
    })
}

/// The first cause, where the verdict is that something is wrong. How sure it is may change: a clock that was set speaks for
/// causes of its own.
fn answer(diagnosis: &Diagnosis) -> Option<String> {
    let wrong = matches!(diagnosis.verdict, Verdict::Diagnosed | Verdict::Inconclusive);
    diagnosis.diagnoses.first().filter(|_| wrong).map(|first| first.cause.clone())
}

/// The computer with the most events.
fn busiest(reading: &Reading) -> Option<Arc<str>> {
    let mut counts: std::collections::BTreeMap<Arc<str>, usize> = std::collections::BTreeMap::new();
    reading.events.iter().for_each(|event| *counts.entry(event.computer.clone()).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(computer, _)| computer)
}

/// A moment near the middle of what the machine logged at which it logged nothing for ten minutes on either side.
fn pause(reading: &Reading, computer: &str) -> Option<i64> {
    let times: Vec<i64> =
        reading.events.iter().filter(|e| &*e.computer == computer).map(|e| e.time.0.cast_signed()).collect();
    let middle = times.len() / 2;
    let gaps = times.windows(2).enumerate().filter(|(_, pair)| pair[1] - pair[0] >= 20 * MINUTE);
    gaps.min_by_key(|(place, _)| place.abs_diff(middle)).map(|(_, pair)| i64::midpoint(pair[0], pair[1]))
}

/// Puts a record into the System log of the machine, behind those up to that moment.
fn insert(reading: &mut Reading, computer: &str, provider: &str, id: u32, data: &str, at: i64) -> Option<()> {
    let moment = FileTime(at.cast_unsigned());
    let of_system = |event: &Event| &*event.computer == computer && &*event.channel == "System";
    let file: FileId = reading.events.iter().find(|event| of_system(event))?.file;
    let before = reading.events.iter().filter(|event| of_system(event) && event.time < moment);
    let record_id = before.map(|event| event.record_id).max().unwrap_or(0) + 1;
    for event in reading.events.iter_mut().filter(|event| of_system(event) && event.record_id >= record_id) {
        event.record_id += 1;
    }
    let xml = format!(
        "<Event><System><Provider Name='{provider}'/><EventID>{id}</EventID><Channel>System</Channel>\
         <Computer>{computer}</Computer></System><EventData>{data}</EventData></Event>"
    );
    let (event, _) = parse_event_xml(&xml, &mut Names::default()).unwrap();
    reading.events.push(Event { time: moment, file, record_id, ..event });
    Some(())
}

/// The machine is called otherwise from that moment on, and its System log says so.
fn renamed(mut reading: Reading, old: &str, at: i64) -> Option<Reading> {
    let suffix = old.split_once('.').map_or("", |(_, domain)| domain);
    let new: Arc<str> = format!("RENAMED-7.{suffix}").trim_end_matches('.').into();
    let label = old.split('.').next().unwrap_or(old).to_uppercase();
    let data = format!("<Data>{label}</Data><Data>RENAMED-7</Data>");
    insert(&mut reading, old, "EventLog", 6011, &data, at)?;
    let moment = FileTime(at.cast_unsigned());
    for event in reading.events.iter_mut().filter(|event| &*event.computer == old && event.time >= moment) {
        Arc::make_mut(&mut event.heading).computer = Arc::clone(&new);
    }
    for log in &mut reading.logs {
        let mut later = Vec::new();
        for span in log.spans.iter_mut().filter(|span| &*span.computer == old && span.last >= moment) {
            let mut second = span.clone();
            second.computer = Arc::clone(&new);
            (span.last, second.first) = (span.last.min(moment), second.first.max(moment));
            later.push(second);
        }
        log.spans.retain(|span| span.first < span.last || &*span.computer != old);
        log.spans.extend(later);
    }
    sort(&mut reading.events);
    Some(reading)
}

/// The clock of the machine goes wrong by so much from that moment on.
fn moved(mut reading: Reading, computer: &str, from: i64, by: i64) -> Reading {
    let shift = |time: &mut FileTime| {
        if time.0.cast_signed() >= from {
            time.0 = time.0.wrapping_add_signed(by);
        }
    };
    reading
        .events
        .iter_mut()
        .filter(|event| &*event.computer == computer)
        .for_each(|event| shift(&mut event.time));
    for span in
        reading.logs.iter_mut().flat_map(|log| &mut log.spans).filter(|span| &*span.computer == computer)
    {
        shift(&mut span.first);
        shift(&mut span.last);
        (span.first, span.last) = (span.first.min(span.last), span.first.max(span.last));
    }
    sort(&mut reading.events);
    reading
}

/// How many tickets were tried, and which of them changed their answer.
fn changed(change: impl Fn(&Reading, &Diagnosis) -> Option<Reading>) -> (usize, Vec<String>) {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (path, _, reading) in tickets() {
        let before = judge(&reading);
        let Some(other) = change(&reading, &before) else { continue };
        tried += 1;
        let (before, after) = (answer(&before), answer(&judge(&other)));
        if before != after {
            wrong.push(format!("{path}: {before:?} became {after:?}"));
        }
    }
    println!("{tried} tickets tried");
    (tried, wrong)
}

#[test]
fn a_machine_renamed_half_way_keeps_its_verdict() {
    let (tried, wrong) = changed(|reading, _| {
        let computer = busiest(reading)?;
        renamed(reading.clone(), &computer, pause(reading, &computer)?)
    });
    assert!(tried >= 20 && wrong.is_empty(), "{tried} tried\n{}", wrong.join("\n"));
}

#[test]
fn a_clock_that_is_wrong_all_the_time_changes_no_verdict() {
    let (tried, wrong) = changed(|reading, _| {
        let computer = busiest(reading)?;
        let alone = reading.events.iter().all(|event| event.computer == computer);
        alone.then(|| moved(reading.clone(), &computer, i64::MIN, 7 * HOUR + 13 * MINUTE))
    });
    assert!(tried >= 20 && wrong.is_empty(), "{tried} tried\n{}", wrong.join("\n"));
}

#[test]
fn a_clients_clock_is_put_right_by_attempts_that_both_ends_saw() {
    for by in [-3 * MINUTE, 2 * HOUR] {
        let (tried, wrong) = changed(|reading, before| {
            let shared = before.attempts.iter().filter(|attempt| attempt.side == SeenFrom::Both);
            let client = shared.clone().find_map(|attempt| attempt.other_machine.clone())?;
            (shared.map(|attempt| attempt.count).sum::<usize>() >= 3)
                .then(|| moved(reading.clone(), &client, i64::MIN, by))
        });
        assert!(tried >= 5 && wrong.is_empty(), "{tried} tried, by {by}\n{}", wrong.join("\n"));
    }
}

#[test]
fn a_clock_set_wrong_half_way_changes_no_verdict_where_a_record_tells() {
    let (tried, wrong) = changed(|reading, _| {
        let computer = busiest(reading)?;
        let alone = reading.events.iter().all(|event| event.computer == computer);
        let at = pause(reading, &computer).filter(|_| alone)?;
        let by = -3 * HOUR;
        let (old, new) = (FileTime(at.cast_unsigned()), FileTime((at + by).cast_unsigned()));
        let data = format!(
            "<Data Name='NewTime'>{new}</Data><Data Name='OldTime'>{old}</Data><Data Name='Reason'>1</Data>"
        );
        let mut other = reading.clone();
        insert(&mut other, &computer, "Microsoft-Windows-Kernel-General", 1, &data, at)?;
        Some(moved(other, &computer, at, by))
    });
    assert!(tried >= 20 && wrong.is_empty(), "{tried} tried\n{}", wrong.join("\n"));
}

/// The clock stands years in the past from one pause of the log to the next, and no record tells of it.
#[test]
fn a_clock_that_goes_wrong_and_returns_changes_no_verdict_where_record_numbers_tell() {
    let (tried, wrong) = changed(|reading, _| {
        let computer = busiest(reading)?;
        let alone = reading.events.iter().all(|event| event.computer == computer);
        let at = pause(reading, &computer).filter(|_| alone)?;
        let until = at + 6 * HOUR;
        let back = reading.events.iter().any(|event| event.time.0.cast_signed() > until);
        let mut other = reading.clone();
        let by = -9 * 365 * 24 * HOUR;
        for event in &mut other.events {
            let time = event.time.0.cast_signed();
            if (at..=until).contains(&time) {
                event.time.0 = event.time.0.wrapping_add_signed(by);
            }
        }
        sort(&mut other.events);
        back.then_some(other)
    });
    assert!(tried >= 10 && wrong.is_empty(), "{tried} tried\n{}", wrong.join("\n"));
}

#[test]
fn without_the_system_log_no_sleep_becomes_a_fault_of_the_way() {
    let mut tried = 0;
    for path in rdpwhy_testkit::tickets() {
        let ticket = Ticket::load(&path).unwrap();
        if ticket.expect.claim.first.as_deref() != Some("host-asleep-or-restarting") {
            continue;
        }
        let mut reading = read(&[forged(&ticket)], 2);
        reading.events.retain(|event| &*event.channel != "System");
        reading.logs.iter_mut().for_each(|log| log.spans.retain(|span| &*span.channel != "System"));
        let diagnosis = judge(&reading);
        let sure = diagnosis
            .diagnoses
            .iter()
            .find(|cause| cause.probability > 0.5 && cause.cause != "host-asleep-or-restarting");
        assert!(
            sure.is_none(),
            "{}: {:?}",
            path.display(),
            sure.map(|cause| (&cause.cause, cause.probability))
        );
        tried += 1;
    }
    assert!(tried >= 5, "{tried} tried");
}
