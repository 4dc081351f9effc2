//! Tickets forged, read and diagnosed, for tests that look closer than the tickets' own expectations.

use rdpwhy_diagnose::diagnosis::{Attempt, Diagnosis, Outcome};
use rdpwhy_diagnose::{Options, diagnose};
use rdpwhy_event::Event;
use rdpwhy_forge::Ticket;
use rdpwhy_logs::{ReadOptions, Reading};
use rdpwhy_rules::{Pack, embedded};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The rules built into the program.
pub(crate) static PACK: LazyLock<Pack> =
    LazyLock::new(|| Pack::load(&embedded(), &[]).unwrap_or_else(|error| panic!("{error}")).0);

/// The folder of the tickets about attempts.
pub(crate) fn tickets() -> PathBuf {
    rdpwhy_testkit::workspace().join("samples/attempts")
}

/// A ticket by the name of its folder.
pub(crate) fn ticket(name: &str) -> Ticket {
    Ticket::load(&tickets().join(name).join("ticket.yml")).unwrap_or_else(|error| panic!("{error}"))
}

/// The folder of the ticket's logs.
pub(crate) fn forged(ticket: &Ticket) -> PathBuf {
    rdpwhy_testkit::forged(ticket).unwrap_or_else(|error| panic!("{error}"))
}

/// What is read of these paths.
pub(crate) fn read(paths: &[PathBuf], threads: usize) -> Reading {
    let options = ReadOptions { threads: NonZeroUsize::new(threads), ..ReadOptions::default() };
    rdpwhy_logs::read(paths, &*PACK, &options, &()).unwrap_or_else(|error| panic!("{error}"))
}

/// The reading of a ticket's logs.
pub(crate) fn reading(ticket: &Ticket) -> Reading {
    read(&[forged(ticket)], 2)
}

/// Puts the events into the order in which a reading has them.
pub(crate) fn sort(events: &mut [Event]) {
    events.sort_by(|a, b| {
        let left = (a.time, &a.computer, &a.channel, a.record_id, a.file);
        left.cmp(&(b.time, &b.computer, &b.channel, b.record_id, b.file))
    });
}

/// The diagnosis of a reading, nothing asked.
pub(crate) fn judge(reading: &Reading) -> Diagnosis {
    diagnose(reading, &PACK, &Options::default())
}

/// The diagnosis of a ticket of `samples/attempts`, nothing asked.
pub(crate) fn diagnosed(name: &str) -> Diagnosis {
    judge(&reading(&ticket(name)))
}

/// The attempts that let the user down.
pub(crate) fn failures(diagnosis: &Diagnosis) -> Vec<&Attempt> {
    diagnosis
        .attempts
        .iter()
        .filter(|attempt| attempt.outcome == Outcome::Failed || attempt.dropped)
        .collect()
}

/// The probabilities of an incident's causes, by name.
pub(crate) fn probabilities(
    diagnosis: &Diagnosis,
    incident: usize,
) -> std::collections::BTreeMap<String, f64> {
    let own = diagnosis.diagnoses.iter().filter(|cause| cause.incident == incident);
    own.map(|cause| (cause.cause.clone(), cause.probability)).collect()
}
