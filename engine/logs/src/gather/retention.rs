//! How many events are held at most, and from when on.
//!
//! Logs of an attack hold millions of records that rules want. The newest are held, whole minutes of them; the older
//! ones stay in the tally and the spans, and are summed up. Which minute that is depends on all events together and not on the order
//! in which they are read: it only ever moves on, and what is dropped before it would have been dropped in the end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use rdpwhy_event::{Event, FileTime, Wants};

use crate::gather::summary::{Sum, Summary};

/// The minute from which on events are held.
pub(crate) struct Retention<'w> {
    wants: &'w dyn Wants,
    most: usize,
    /// Events before this minute are dropped.
    minute: AtomicU32,
    held: Mutex<Held>,
    /// Those dropped.
    dropped: Mutex<Summary>,
}

/// How many events of each minute are held.
#[derive(Debug, Default)]
struct Held {
    minutes: BTreeMap<u32, usize>,
    events: usize,
}

impl<'w> Retention<'w> {
    /// Holds this many events, and the rest of the minute of the oldest of them.
    pub(crate) fn new(most: usize, wants: &'w dyn Wants) -> Retention<'w> {
        let dropped = Mutex::new(Summary::new());
        Retention { wants, most, minute: AtomicU32::new(0), held: Mutex::default(), dropped }
    }

    /// Counts events just read, and drops those that are too old.
    pub(crate) fn admit(&self, events: &mut Vec<Event>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: what is counted is not older than the retention.
        self.drop_old(events);
        let held = &mut *held;
        for event in events.iter() {
            *held.minutes.entry(event.time.minute()).or_default() += 1;
        }
        held.events += events.len();
        while held.events >= self.most
            && let Some(oldest) = held.minutes.first_entry()
            && held.events - oldest.get() >= self.most
        {
            let (minute, count) = oldest.remove_entry();
            held.events -= count;
            self.minute.fetch_max(minute.saturating_add(1), Ordering::Relaxed);
        }
    }

    /// Drops the events that are too old by now, and sums them up; not those recovered, which no log holds any more.
    pub(crate) fn drop_old(&self, events: &mut Vec<Event>) {
        let minute = self.minute.load(Ordering::Relaxed);
        let is_old = |event: &Event| event.time.minute() < minute;
        if !events.iter().any(is_old) {
            return;
        }
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        events.retain(|event| {
            let is_old = is_old(event);
            if is_old && !event.recovered {
                dropped.add(event, self.wants);
            }
            !is_old
        });
    }

    /// The events dropped, summed up.
    pub(crate) fn sums(&self) -> Vec<Sum> {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *dropped, Summary::new()).finish()
    }

    /// The moment from which on events are held, if any were dropped.
    pub(crate) fn start(&self) -> Option<FileTime> {
        let minute = self.minute.load(Ordering::Relaxed);
        (minute > 0).then(|| FileTime::from_minute(minute))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rdpwhy_event::Names;
    use rdpwhy_evtx::parse_event_xml;

    use super::*;

    proptest! {
        #[test]
        fn the_newest_are_held_in_whatever_order_they_come(
            minutes in prop::collection::vec(0u32..20, 0..60),
            most in 1usize..40,
            size in 1usize..7,
        ) {
            let xml = "<Event><System><EventID>7</EventID></System></Event>";
            let event = parse_event_xml(xml, &mut Names::default()).unwrap().0;
            let of = |minute: &u32| Event { time: FileTime::from_minute(*minute), ..event.clone() };
            let hold = |minutes: Vec<u32>| {
                let wants = |_: &str, _: u32, _: &str| true;
                let retention = Retention::new(most, &wants);
                let mut all = Vec::new();
                for group in minutes.chunks(size) {
                    let mut events: Vec<Event> = group.iter().map(of).collect();
                    retention.admit(&mut events);
                    all.append(&mut events);
                }
                retention.drop_old(&mut all);
                let mut held: Vec<u32> = all.iter().map(|event| event.time.minute()).collect();
                held.sort_unstable();
                (held, retention.start(), retention.sums())
            };
            let (held, start, sums) = hold(minutes.clone());
            let mut sorted = minutes.clone();
            sorted.sort_unstable();
            // By hand: the newest, and all others of the minute of the oldest of them.
            let least = sorted.len().checked_sub(most).map_or(0, |at| sorted[at]);
            let expected: Vec<u32> = sorted.iter().copied().filter(|minute| *minute >= least).collect();
            prop_assert_eq!(&held, &expected);
            prop_assert_eq!(start.is_some(), expected.len() < minutes.len());
            let dropped: u64 = sums.iter().map(|sum| sum.events).sum();
            prop_assert_eq!(dropped as usize, minutes.len() - expected.len());
            prop_assert_eq!(sums.first().map(|sum| sum.first.minute()), (dropped > 0).then(|| sorted[0]));
            prop_assert_eq!(hold(sorted.iter().rev().copied().collect()), (held, start, sums));
        }
    }
}
