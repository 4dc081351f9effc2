//! Whether what was diagnosed as one case is several.

use rdpwhy_diagnose::{Diagnosis, machine_key};
use rdpwhy_event::Warning;
use rdpwhy_logs::Reading;
use rdpwhy_rules::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// The warning that the inputs look like several cases that have nothing to do with each other. `None` where they are one case, as
/// far as anybody can tell.
#[must_use]
pub fn several_cases(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Option<Warning> {
    let count = count(diagnosis, reading, pack)?;
    let message = format!(
        "the inputs look like {count} cases that have nothing to do with each other, and were analyzed as one"
    );
    let warning = Warning { file: None, ..Warning::new("input::several-cases", "", message) };
    Some(warning.help("to diagnose each of them by itself: rdpwhy batch FOLDER -o RESULTS"))
}

/// How many cases there are: subfolders or archives with connection attempts, of different machines, none of which saw an
/// attempt of another or was the target of one.
///
/// A log that is in no subfolder and no archive makes it one case.
fn count(diagnosis: &Diagnosis, reading: &Reading, pack: &Pack) -> Option<usize> {
    let mut parts: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for log in &reading.logs {
        let (part, _) = log.name.split_once(['/', '\\'])?;
        parts.entry(part).or_default().extend(log.spans.iter().map(|span| machine_key(&span.computer)));
    }
    let mut groups = Groups::default();
    for machines in parts.values() {
        let mut machines = machines.iter();
        let Some(first) = machines.next() else { continue };
        groups.join(first, first);
        machines.for_each(|machine| groups.join(first, machine));
    }
    for attempt in &diagnosis.attempts {
        let machine = machine_key(&attempt.machine);
        for other in attempt.other_machine.iter().chain(&attempt.target) {
            groups.join(&machine, &machine_key(other));
        }
    }
    let own: BTreeSet<String> =
        diagnosis.attempts.iter().map(|attempt| groups.first(&machine_key(&attempt.machine))).collect();
    (own.len() >= pack.ladder().thresholds.fleet.tickets).then_some(own.len())
}

/// Machines that belong together: each leads to another one of its group, the first one to itself.
#[derive(Default)]
struct Groups(BTreeMap<String, String>);

impl Groups {
    fn first(&self, machine: &str) -> String {
        let mut at = machine;
        while let Some(next) = self.0.get(at).filter(|next| *next != at) {
            at = next;
        }
        at.to_owned()
    }

    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.first(one), self.first(other));
        self.0.insert(other, one.clone());
        self.0.insert(one.clone(), one);
    }
}
