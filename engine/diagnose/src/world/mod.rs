//! Who and when, before anything is judged: the machines and addresses, one clock, and what each log could have shown.

pub(crate) mod address;
pub(crate) mod clock;
pub(crate) mod coverage;
pub(crate) mod density;
pub(crate) mod identity;
pub(crate) mod key;
pub(crate) mod machine;
pub(crate) mod numbers;
mod recognized;
mod roles;
pub(crate) mod tick;
pub(crate) mod timeline;

use clock::steps;
use identity::Known;
use machine::{Machine, Machines};
use rdpwhy_logs::Reading;
use rdpwhy_rules::Pack;
use recognized::Recognized;
use timeline::Timeline;

/// The events of the logs on one clock, with the signals recognized in them.
pub(crate) fn timeline<'a>(reading: &'a Reading, pack: &'a Pack) -> Timeline<'a> {
    let events = &reading.events[..];
    let recognized = Recognized::new(events, pack);
    let renames = identity::renames(&recognized, pack.ladder());
    let machines = Machines::new(&Known::new(reading, pack.ladder()), &renames);
    let machine: Vec<Machine> =
        events.iter().map(|event| machines.find(&event.computer).unwrap_or(Machine(0))).collect();
    let steps = steps(&recognized, &machine, pack.ladder());
    Timeline::new(recognized, machines, machine, steps, pack)
}
