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
use std::sync::Arc;
use timeline::Timeline;

/// The events of the logs on one clock, with the signals recognized in them.
pub(crate) fn timeline<'a>(reading: &'a Reading, pack: &'a Pack) -> Timeline<'a> {
    let events = &reading.events[..];
    let recognized = Recognized::new(events, pack);
    let renames = identity::renames(&recognized, pack.ladder());
    let machines = Machines::new(&Known::new(reading, pack.ladder()), &renames);
    // Records of one computer mostly follow each other, and share its name.
    let runs = events.chunk_by(|a, b| Arc::ptr_eq(&a.computer, &b.computer));
    let machine: Vec<Machine> = runs
        .flat_map(|run| {
            let machine = machines.find(&run[0].computer).unwrap_or(Machine(0));
            std::iter::repeat_n(machine, run.len())
        })
        .collect();
    let steps = steps(&recognized, &machine, pack.ladder());
    Timeline::new(recognized, machines, machine, steps, pack)
}
