//! Events that are too old to be held, summed up.

use std::sync::Arc;

use rdpwhy_event::hash::HashMap;
use rdpwhy_event::{Event, FileTime, Marks, Wants};

/// Sums at most before sources, and then machines, are no longer kept separate.
const MAX_SUMS: usize = 1 << 16;

/// Events of one machine and source that show the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Where they were written; empty where computers are no longer kept separate.
    pub computer: Arc<str>,
    /// Who they say a connection came from, see [`Wants::source`]; `None` where they do not say, or where there are so
    /// many that they are no longer kept separate.
    pub source: Option<Arc<str>>,
    /// What they show.
    pub marks: Marks,
    /// How many.
    pub events: u64,
    /// Time of the first.
    pub first: FileTime,
    /// Time of the last.
    pub last: FileTime,
}

/// What events are grouped by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    computer: Arc<str>,
    source: Option<Arc<str>>,
    marks: Marks,
}

/// How many, and when the first and the last.
type Count = (u64, FileTime, FileTime);

/// How finely events are grouped: a matter of all of them together, and not of the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grain {
    Sources,
    Machines,
    Coarsest,
}

/// Sums of events, in whatever order they come.
#[derive(Debug)]
pub(crate) struct Summary {
    /// Sums at most, but for the coarsest.
    most: usize,
    grain: Grain,
    sums: HashMap<Key, Count>,
    /// The empty text.
    nobody: Arc<str>,
}

impl Summary {
    pub(crate) fn new() -> Summary {
        Summary { most: MAX_SUMS, grain: Grain::Sources, sums: HashMap::default(), nobody: "".into() }
    }

    /// Adds an event.
    pub(crate) fn add(&mut self, event: &Event, wants: &dyn Wants) {
        let source = if self.grain == Grain::Sources { wants.source(event) } else { None };
        let key = Key {
            computer: Arc::clone(&event.computer),
            source: source.map(Arc::from),
            marks: event.marks.clone(),
        };
        self.count(key, (1, event.time, event.time));
        while self.sums.len() > self.most && self.grain < Grain::Coarsest {
            self.grain = if self.grain == Grain::Sources { Grain::Machines } else { Grain::Coarsest };
            for (key, count) in std::mem::take(&mut self.sums) {
                self.count(key, count);
            }
        }
    }

    fn count(&mut self, mut key: Key, (events, first, last): Count) {
        if self.grain > Grain::Sources {
            key.source = None;
        }
        if self.grain > Grain::Machines {
            key.computer = Arc::clone(&self.nobody);
        }
        let sum = self.sums.entry(key).or_insert((0, first, last));
        *sum = (sum.0 + events, sum.1.min(first), sum.2.max(last));
    }

    /// The sums, by computer, source and what they show.
    pub(crate) fn finish(self) -> Vec<Sum> {
        let mut sums: Vec<(Key, Count)> = self.sums.into_iter().collect();
        sums.sort();
        let sum = |(Key { computer, source, marks }, (events, first, last))| Sum {
            computer,
            source,
            marks,
            events,
            first,
            last,
        };
        sums.into_iter().map(sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rdpwhy_event::Names;
    use rdpwhy_evtx::parse_event_xml;

    use super::*;

    struct ByName;

    impl Wants for ByName {
        fn wants(&self, _: &str, _: u32, _: &str) -> bool {
            true
        }

        fn source(&self, event: &Event) -> Option<String> {
            event.field("From").map(str::to_owned)
        }
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_the_order(
            told in prop::collection::vec((0u8..4, 0u8..6, 0u64..50), 0..40),
            most in 1usize..20,
        ) {
            let event = |(computer, source, time): &(u8, u8, u64)| {
                let xml = format!(
                    "<Event><System><EventID>7</EventID><Computer>C{computer}</Computer></System>\
                     <EventData><Data Name='From'>{source}</Data></EventData></Event>"
                );
                Event { time: FileTime(*time), ..parse_event_xml(&xml, &mut Names::default()).unwrap().0 }
            };
            let events: Vec<Event> = told.iter().map(event).collect();
            let sums = |events: &mut dyn Iterator<Item = &Event>| {
                let mut summary = Summary { most, ..Summary::new() };
                events.for_each(|event| summary.add(event, &ByName));
                summary.finish()
            };
            let found = sums(&mut events.iter());
            prop_assert_eq!(&found, &sums(&mut events.iter().rev()));
            prop_assert_eq!(found.iter().map(|sum| sum.events).sum::<u64>(), told.len() as u64);
            prop_assert_eq!(found.iter().map(|sum| sum.last.0).max(), told.iter().map(|(.., time)| *time).max());
            let mut pairs: Vec<(u8, u8)> = told.iter().map(|(computer, source, _)| (*computer, *source)).collect();
            pairs.sort_unstable();
            pairs.dedup();
            prop_assert_eq!(found.iter().all(|sum| sum.source.is_some()), pairs.len() <= most);
        }
    }
}
