//! Where records lie, in few words: machines with their parts, channels by short names, logs where it matters.

use crate::visible::value;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::{Coverage, Record};
use std::collections::{BTreeMap, BTreeSet};

/// Channels of Windows components begin with this; what follows names the component.
const COMMON_PREFIX: &str = "Microsoft-Windows-";

/// What the places of a diagnosis are called.
pub(super) struct Places {
    /// Short names of channels.
    channels: BTreeMap<String, String>,
    /// Channels of which more than one log is there.
    in_several_logs: BTreeSet<String>,
    /// Parts of machines (host, client, gateway) by their lower-case name.
    parts: BTreeMap<String, BTreeSet<String>>,
    /// Machines that wrote the logs, by lower-case name.
    machines: BTreeMap<String, String>,
}

impl Places {
    pub(super) fn new(diagnosis: &Diagnosis) -> Places {
        Places {
            channels: short_names(diagnosis.coverage.iter().map(|row| row.channel.as_str())),
            in_several_logs: in_several_logs(&diagnosis.coverage),
            parts: parts(diagnosis),
            machines: diagnosis
                .coverage
                .iter()
                .map(|row| (key(&row.computer), row.computer.clone()))
                .collect(),
        }
    }

    /// The machines that wrote the logs, each with its part where known.
    pub(super) fn machines(&self) -> Vec<String> {
        self.machines.values().map(|machine| self.machine(machine)).collect()
    }

    /// `SRV-RDS01 (host)`.
    pub(super) fn machine(&self, name: &str) -> String {
        match self.parts.get(&key(name)) {
            Some(parts) => {
                format!("{} ({})", value(name), parts.iter().cloned().collect::<Vec<_>>().join(" and "))
            }
            None => value(name),
        }
    }

    /// The short name of a channel: what tells it from the others.
    pub(super) fn channel(&self, channel: &str) -> String {
        value(self.channels.get(channel).map_or(channel, String::as_str))
    }

    /// `System #8812, #8813 (event 36870)`, with machine and log where there are several; `beside` is what stands
    /// behind the first number.
    pub(super) fn record(&self, record: &Record, beside: &str) -> String {
        let channel = self.channel(&record.channel);
        let mut text = format!("{channel} #{}{beside} (event {})", record.record_id, record.event_id);
        if self.machines.len() > 1 {
            text.push_str(&format!(" on {}", value(&record.computer)));
        }
        if self.in_several_logs.contains(&record.channel) {
            text.push_str(&format!(" in {}", value(&record.file)));
        }
        text
    }
}

/// Machines are written with and without their domain, in capitals or not.
fn key(machine: &str) -> String {
    let name = if machine.parse::<std::net::IpAddr>().is_ok() {
        machine
    } else {
        machine.split('.').next().unwrap_or(machine)
    };
    name.to_lowercase()
}

fn parts(diagnosis: &Diagnosis) -> BTreeMap<String, BTreeSet<String>> {
    let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut is = |machine: &str, part: &str| {
        parts.entry(key(machine)).or_default().insert(value(part));
    };
    for attempt in &diagnosis.attempts {
        match (attempt.side.as_str(), &attempt.other_machine) {
            ("both", Some(other)) => {
                is(&attempt.machine, "host");
                is(other, "client");
            }
            (side, _) => is(&attempt.machine, side),
        }
    }
    for incident in &diagnosis.incidents {
        is(&incident.machine, &incident.side);
    }
    parts
}

fn short_names<'a>(channels: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let all: BTreeSet<&str> = channels.collect();
    let short = |channel: &str| match channel.strip_prefix(COMMON_PREFIX) {
        Some(rest) => rest.rsplit('-').next().unwrap_or(rest).to_owned(),
        None => channel.to_owned(),
    };
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for channel in &all {
        *taken.entry(short(channel)).or_default() += 1;
    }
    let name = |channel: &str| if taken[&short(channel)] == 1 { short(channel) } else { channel.to_owned() };
    all.into_iter().map(|channel| (channel.to_owned(), name(channel))).collect()
}

fn in_several_logs(coverage: &[Coverage]) -> BTreeSet<String> {
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in coverage {
        files.entry(&row.channel).or_default().insert(&row.file);
    }
    files.into_iter().filter(|(_, files)| files.len() > 1).map(|(channel, _)| channel.to_owned()).collect()
}
