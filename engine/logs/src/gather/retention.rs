//! How many events are held at most, and from when on.
//!
//! Logs of an attack hold millions of records that rules want. The newest are held, whole minutes of them; the older
//! ones stay in the tally and the spans, and are summed up. Which minute that is depends on all events together and not on the order
//! in which they are read: it only ever moves on, and what is dropped before it would have been dropped in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use rdpwhy_event::{Event, FileTime, Wants};

use crate::gather::summary::{Sum, Summary};

/// Values are held up to this many bytes: signals have been recognised by then, and reports show less.
const LONGEST: usize = 1 << 10;
/// Values of an event that holds more bytes than this in all are held up to an equal share of it.
const EVENT_LARGEST: usize = 8 << 10;
/// Values of events in a minute that alone holds more than may be held are held up to this many bytes.
const LONGEST_IN_FLOODS: usize = 32;
/// Bytes of values that are held at most. A million events of the usual size hold less.
pub(crate) const MOST_BYTES: usize = 512 << 20;

/// The minute from which on events are held.
pub(crate) struct Retention<'w> {
    wants: &'w dyn Wants,
    most: usize,
    most_bytes: usize,
    /// Values are held whole, whatever their length.
    whole: bool,
    /// Events before this minute are dropped.
    minute: AtomicU32,
    held: Mutex<Held>,
    /// Those dropped.
    dropped: Mutex<Summary>,
}

/// How many events of each minute are held.
#[derive(Debug, Default)]
struct Held {
    minutes: BTreeMap<u32, Load>,
    total: Load,
    /// Minutes that alone hold more bytes than may be held.
    floods: BTreeSet<u32>,
}

/// How much is held.
#[derive(Debug, Clone, Copy, Default)]
struct Load {
    events: usize,
    bytes: usize,
}

impl<'w> Retention<'w> {
    /// Holds this many events, and the rest of the minute of the oldest of them.
    pub(crate) fn new(most: usize, wants: &'w dyn Wants) -> Retention<'w> {
        let dropped = Mutex::new(Summary::new());
        let (minute, held) = (AtomicU32::new(0), Mutex::default());
        Retention { wants, most, most_bytes: MOST_BYTES, whole: false, minute, held, dropped }
    }

    /// Holds values whole, whatever their length.
    pub(crate) fn whole(self, whole: bool) -> Retention<'w> {
        Retention { whole, ..self }
    }

    /// Counts events just read, and drops those that are too old.
    pub(crate) fn admit(&self, events: &mut Vec<Event>) {
        self.shorten(events);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: what is counted is not older than the retention.
        self.drop_too_old(events);
        let held = &mut *held;
        for event in events.iter() {
            let minute = event.time.minute();
            let load = held.minutes.entry(minute).or_default();
            load.add(event);
            if load.bytes > self.most_bytes && !self.whole {
                held.floods.insert(minute);
            }
            held.total.add(event);
        }
        while let Some(oldest) = held.minutes.first_entry()
            && self.is_enough(held.total.without(*oldest.get()))
        {
            let (minute, load) = oldest.remove_entry();
            held.total = held.total.without(load);
            self.minute.fetch_max(minute.saturating_add(1), Ordering::Relaxed);
        }
        held.thin_out(events);
    }

    /// Whether that is as much as may be held.
    fn is_enough(&self, load: Load) -> bool {
        load.events >= self.most || load.bytes >= self.most_bytes
    }

    /// Cuts long values. What a record shows is known by now, and reports cut them still shorter.
    fn shorten(&self, events: &mut [Event]) {
        if self.whole {
            return;
        }
        for event in events.iter_mut().filter(|event| event.fields.size() > LONGEST) {
            if let Some(cut) = event.fields.cut(LONGEST) {
                event.fields = cut;
            }
            if event.fields.size() > EVENT_LARGEST
                && let Some(cut) = event.fields.cut(EVENT_LARGEST / event.fields.len().max(1))
            {
                event.fields = cut;
            }
        }
    }

    /// Drops the events that are too old by now, and cuts those of which there are too many in a minute.
    pub(crate) fn drop_old(&self, events: &mut Vec<Event>) {
        self.drop_too_old(events);
        self.shorten(events);
        self.held.lock().unwrap_or_else(PoisonError::into_inner).thin_out(events);
    }

    /// Drops the events that are too old by now, and sums them up; not those recovered, which no log contains any more.
    fn drop_too_old(&self, events: &mut Vec<Event>) {
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

    /// Whether there are fewer events than may be held, and what they say is too much.
    pub(crate) fn is_by_bytes(&self) -> bool {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).total.events < self.most
    }

    /// The moment from which on events are held, if any were dropped.
    pub(crate) fn start(&self) -> Option<FileTime> {
        let minute = self.minute.load(Ordering::Relaxed);
        (minute > 0).then(|| FileTime::from_minute(minute))
    }
}

impl Held {
    /// Cuts the values of events in minutes that hold too much. Whether a minute does depends on all of its events, and not
    /// on their order.
    fn thin_out(&self, events: &mut [Event]) {
        if self.floods.is_empty() {
            return;
        }
        for event in events.iter_mut().filter(|event| self.floods.contains(&event.time.minute())) {
            if let Some(cut) = event.fields.cut(LONGEST_IN_FLOODS) {
                event.fields = cut;
            }
        }
    }
}

impl Load {
    fn add(&mut self, event: &Event) {
        self.events += 1;
        self.bytes += event.fields.size();
    }

    fn without(self, other: Load) -> Load {
        Load { events: self.events - other.events, bytes: self.bytes - other.bytes }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rdpwhy_event::Names;
    use rdpwhy_evtx::parse_event_xml;

    use super::*;

    fn event(minute: u32, value: &str) -> Event {
        let xml = format!(
            "<Event><System><EventID>7</EventID></System><EventData><Data Name='A'>{value}</Data></EventData></Event>"
        );
        let event = parse_event_xml(&xml, &mut Names::default()).unwrap().0;
        Event { time: FileTime::from_minute(minute), ..event }
    }

    #[test]
    fn long_values_are_cut_unless_they_are_wanted_whole() {
        let wants = |_: &str, _: u32, _: &str| true;
        let long = "a".repeat(3 * LONGEST);
        let held = |whole: bool| {
            let mut events = vec![event(1, &long)];
            Retention::new(10, &wants).whole(whole).admit(&mut events);
            events[0].field("A").unwrap().len()
        };
        assert_eq!((held(false), held(true)), (LONGEST, long.len()));
    }

    proptest! {
        #[test]
        fn what_is_held_by_bytes_does_not_depend_on_the_order(
            told in prop::collection::vec((0u32..6, 1usize..200), 0..40),
            most_bytes in 100usize..2000,
            size in 1usize..7,
        ) {
            let wants = |_: &str, _: u32, _: &str| true;
            let hold = |told: &[(u32, usize)]| {
                let retention = Retention { most_bytes, ..Retention::new(usize::MAX, &wants) };
                let mut all = Vec::new();
                for group in told.chunks(size) {
                    let of = |(minute, length): &(u32, usize)| event(*minute, &"a".repeat(*length));
                    let mut events: Vec<Event> = group.iter().map(of).collect();
                    retention.admit(&mut events);
                    all.append(&mut events);
                }
                retention.drop_old(&mut all);
                let of = |event: &Event| (event.time.minute(), event.field("A").unwrap_or_default().len());
                let mut held: Vec<(u32, usize)> = all.iter().map(of).collect();
                held.sort_unstable();
                (held, retention.start())
            };
            let held = hold(&told);
            // What is held: the newest minutes until they are enough, and in one that is too large by itself little of each.
            for minute in held.0.iter().map(|(minute, _)| *minute) {
                let newer: usize = held.0.iter().filter(|(own, _)| *own > minute).map(|(_, length)| length + 4).sum();
                prop_assert!(newer < most_bytes + 4 * held.0.len());
            }
            prop_assert_eq!(hold(&told.iter().rev().copied().collect::<Vec<_>>()), held);
        }

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
