//! Records that several logs contain: the same log twice in different forms, a log and its archive, exports that
//! overlap. Each counts once.
//!
//! Record ids say where logs may overlap, and only those logs are read again, to list the records there.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rdpwhy_event::{FileTime, Warning};
use rdpwhy_evtx::{Span, Watch, WatchedRecord};

use crate::gather::log_reading::LogReading;

/// Ticks by which the times of one record may differ: other programs round them, to a millisecond or a second.
const ROUNDED: i64 = 10_000_000;
/// Other logs named in a warning.
const NAMED: usize = 3;

/// Channel and computer.
type Key = (Arc<str>, Arc<str>);

/// What to watch, and in which logs, by position. `None` where no two logs contain records of one channel and
/// computer with ids among each other.
pub(super) fn watch(logs: &[LogReading]) -> Option<(Watch, BTreeSet<usize>)> {
    let mut by_key: BTreeMap<Key, Vec<(usize, &Span)>> = BTreeMap::new();
    for (at, reading) in logs.iter().enumerate() {
        // Records without an id have no duplicates.
        for span in reading.log.spans.iter().filter(|span| span.last_record_id > 0) {
            let key = (Arc::clone(&span.channel), Arc::clone(&span.computer));
            by_key.entry(key).or_default().push((at, span));
        }
    }
    let (mut watch, mut watched) = (Watch::default(), BTreeSet::new());
    for ((channel, computer), mut spans) in by_key {
        spans.sort_by_key(|(at, span)| (span.first_record_id, *at));
        let mut highest: Option<(usize, u64)> = None;
        for (at, span) in spans {
            if let Some((other, last)) = highest.filter(|(_, last)| span.first_record_id <= *last) {
                watched.extend([at, other]);
                watch.add(&channel, &computer, span.first_record_id, last.min(span.last_record_id));
            }
            if highest.is_none_or(|(_, last)| span.last_record_id > last) {
                highest = Some((at, span.last_record_id));
            }
        }
    }
    (!watched.is_empty()).then_some((watch, watched))
}

/// A record that may have a duplicate, and the position of the log that holds it.
type Placed = (WatchedRecord, usize);

/// Counts every record once that several logs contain. It stays in the log of the most exact form, and among those in
/// the first by name; spans still show what each log covers.
///
/// `logs` are by name; `duplicates` are of the logs at these positions.
pub(super) fn count_once(
    logs: &mut [LogReading],
    duplicates: Vec<(usize, Vec<WatchedRecord>)>,
) -> Vec<Warning> {
    let mut placed: Vec<Placed> = duplicates
        .into_iter()
        .flat_map(|(at, duplicates)| {
            duplicates
                .into_iter()
                .filter(|duplicate| duplicate.record_id > 0)
                .map(move |duplicate| (duplicate, at))
        })
        .collect();
    let same = |a: &Placed, b: &Placed| {
        (&a.0.kind.channel, &a.0.kind.computer, a.0.record_id)
            == (&b.0.kind.channel, &b.0.kind.computer, b.0.record_id)
    };
    placed.sort_by(|(a, log_of_a), (b, log_of_b)| {
        (&a.kind.channel, &a.kind.computer, a.record_id, a.time, log_of_a).cmp(&(
            &b.kind.channel,
            &b.kind.computer,
            b.record_id,
            b.time,
            log_of_b,
        ))
    });
    let forms: Vec<_> = logs.iter().map(|reading| reading.log.form).collect();
    let mut surplus: BTreeMap<usize, Surplus> = BTreeMap::new();
    for run in placed.chunk_by(same) {
        let near = |a: &Placed, b: &Placed| b.0.time.ticks_since(a.0.time) < ROUNDED;
        for one in run.chunk_by(near) {
            let owner = one.iter().map(|(_, at)| *at).min_by_key(|at| (forms[*at], *at));
            for (duplicate, at) in one.iter().filter(|(_, at)| Some(*at) != owner) {
                surplus.entry(*at).or_default().add(duplicate, owner.unwrap_or(*at));
            }
        }
    }
    let names: Vec<String> = logs.iter().map(|reading| reading.log.name.clone()).collect();
    surplus.iter().map(|(at, surplus)| surplus.take_from(&mut logs[*at], &names)).collect()
}

/// The records of a log that are counted elsewhere.
#[derive(Default)]
struct Surplus {
    duplicates: Vec<WatchedRecord>,
    /// How many of them each other log holds, by its position.
    owners: BTreeMap<usize, u64>,
}

impl Surplus {
    fn add(&mut self, duplicate: &WatchedRecord, owner: usize) {
        self.duplicates.push(duplicate.clone());
        *self.owners.entry(owner).or_default() += 1;
    }

    fn take_from(&self, reading: &mut LogReading, names: &[String]) -> Warning {
        let mut ids: HashSet<(&str, &str, u64, FileTime)> = HashSet::with_capacity(self.duplicates.len());
        for duplicate in &self.duplicates {
            reading.tally.remove(&duplicate.kind, duplicate.time.minute());
            reading.log.records = reading.log.records.saturating_sub(1);
            let of = |span: &&mut Span| {
                span.channel == duplicate.kind.channel && span.computer == duplicate.kind.computer
            };
            if let Some(span) = reading.log.spans.iter_mut().find(of) {
                span.records = span.records.saturating_sub(1);
            }
            ids.insert((
                &duplicate.kind.channel,
                &duplicate.kind.computer,
                duplicate.record_id,
                duplicate.time,
            ));
        }
        reading
            .events
            .retain(|event| !ids.contains(&(&*event.channel, &*event.computer, event.record_id, event.time)));
        let mut owners: Vec<(u64, usize)> = self.owners.iter().map(|(at, count)| (*count, *at)).collect();
        owners.sort_by_key(|(count, at)| (std::cmp::Reverse(*count), *at));
        let named: Vec<String> =
            owners.iter().take(NAMED).map(|(count, at)| format!("{count} in {}", names[*at])).collect();
        let others = match owners.len().saturating_sub(NAMED) {
            0 => String::new(),
            others => format!(", and more in {others} other logs"),
        };
        let all = self.duplicates.len();
        let message = format!(
            "{all} of its records are in other logs as well and count once: {}{others}",
            named.join(", ")
        );
        Warning::new("input::same-records", &reading.log.name, message)
    }
}
