//! Recovered records that are in none of the logs.

use std::collections::BTreeSet;

use rdpwhy_event::Event;

/// Of the records carved, those that are in none of the logs, each once, in the order carved.
pub(super) fn settle(live: &[Event], carved: Vec<Event>) -> Vec<Event> {
    let key = |event: &Event| {
        let heading = &event.heading;
        (event.time, event.record_id, heading.event_id, heading.channel.clone(), heading.computer.clone())
    };
    let mut copies: BTreeSet<_> = carved.iter().map(key).collect();
    if copies.is_empty() {
        return carved;
    }
    for event in live {
        copies.remove(&key(event));
    }
    carved.into_iter().filter(|event| copies.remove(&key(event))).collect()
}
