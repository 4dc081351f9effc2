//! Events in order.

use rayon::prelude::*;
use rdpwhy_event::{Event, FileTime};

/// Puts events in order, by time, computer, channel, record id and log; what is equal in all this stays as stored.
/// Logs are by name, so their numbers order as their names.
///
/// It sorts their places, and then moves each event once: events are large, and a sort of their own would need as
/// much memory again.
pub(super) fn sort(events: &mut [Event]) {
    let key = |event: &Event| (event.time, event.record_id, event.file);
    let compare = |a: &Event, b: &Event| {
        let texts = (&a.computer, &a.channel).cmp(&(&b.computer, &b.channel));
        a.time.cmp(&b.time).then(texts).then(key(a).cmp(&key(b)))
    };
    if events.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let mut places: Vec<(FileTime, usize)> =
        events.iter().enumerate().map(|(place, event)| (event.time, place)).collect();
    places.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| compare(&events[a.1], &events[b.1])).then(a.1.cmp(&b.1))
    });
    for start in 0..places.len() {
        // Round each circle of events that take each other's places.
        let mut to = start;
        loop {
            let from = std::mem::replace(&mut places[to].1, to);
            if from == start || from == to {
                break;
            }
            events.swap(to, from);
            to = from;
        }
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
        fn events_come_in_order_and_equal_ones_as_stored(keys in prop::collection::vec((0u64..3, 0u64..3, 0usize..2), 0..40)) {
            let mut names = Names::default();
            let channels = ["A", "B"].map(|channel| {
                let xml = format!("<Event><System><EventID>7</EventID><Channel>{channel}</Channel></System></Event>");
                parse_event_xml(&xml, &mut names).unwrap().0
            });
            let event = |(place, &(time, record_id, channel)): (usize, &(u64, u64, usize))| {
                let header_id = place as u64;
                Event { time: FileTime(time), record_id, header_id, ..channels[channel].clone() }
            };
            let mut events: Vec<Event> = keys.iter().enumerate().map(event).collect();
            let mut expected = events.clone();
            expected.sort_by_key(|event| (event.time, event.channel.clone(), event.record_id));
            sort(&mut events);
            prop_assert_eq!(events, expected);
        }
    }
}
