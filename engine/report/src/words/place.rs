//! Where records lie, in few words: machines with their parts, channels by short names, logs where it matters.

use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Coverage, Record, SeenFrom};
use rdpwhy_diagnose::{Diagnosis, machine_key, machine_label};
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::DomainWords;
use std::collections::{BTreeMap, BTreeSet};

/// Names of channels begin with this many parts for maker and product; those after it name the component.
const MAKER_AND_PRODUCT: usize = 2;

/// What the places of a diagnosis are called.
pub(crate) struct Places {
    /// Short names of channels.
    channels: BTreeMap<String, String>,
    /// Channels and lower-case machines with more than one log.
    in_several_logs: BTreeSet<(String, String)>,
    /// Parts of machines (host, client, gateway) by their lower-case name.
    parts: BTreeMap<String, BTreeSet<String>>,
    /// What the parts and the rest of the domain are called.
    words: DomainWords,
    /// Machines that wrote the logs, by lower-case name.
    machines: BTreeMap<String, String>,
    /// Channels, machines and logs of the records named so far.
    cited: BTreeSet<(String, String, String)>,
}

impl Places {
    pub(crate) fn new(diagnosis: &Diagnosis) -> Places {
        Places {
            channels: short_names(diagnosis.coverage.iter().map(|row| row.channel.as_str())),
            in_several_logs: in_several_logs(&diagnosis.coverage),
            parts: parts(diagnosis),
            words: diagnosis.words.clone(),
            machines: diagnosis
                .coverage
                .iter()
                .filter(|row| !row.computer.is_empty())
                .map(|row| (machine_key(&row.computer), row.computer.clone()))
                .collect(),
            cited: BTreeSet::new(),
        }
    }

    /// What the things of this domain are called.
    pub(crate) fn words(&self) -> &DomainWords {
        &self.words
    }

    /// The machines that wrote the logs, each with its part where known.
    pub(crate) fn machines(&self) -> Vec<String> {
        self.machines.values().map(|machine| self.machine(machine)).collect()
    }

    /// `SRV-RDS01 (host)`.
    pub(crate) fn machine(&self, name: &str) -> String {
        match self.parts.get(&machine_key(name)) {
            Some(parts) => {
                format!(
                    "{} ({})",
                    value(name),
                    parts.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
                )
            }
            None => value(name),
        }
    }

    /// The short name of a channel: what tells it from the others.
    pub(crate) fn channel(&self, channel: &str) -> String {
        value(self.channels.get(channel).map_or_else(|| component(channel), String::as_str))
    }

    /// `System #8812, #8813 (event 36870)`, with machine and log where there are several; `beside` is what is
    /// behind the first number.
    pub(crate) fn record(&mut self, record: &Record, beside: &str) -> String {
        self.cited.insert((record.channel.clone(), record.computer.clone(), record.file.clone()));
        self.name(record, beside)
    }

    /// The same for a report that tells the log beside each record.
    pub(crate) fn name(&self, record: &Record, beside: &str) -> String {
        let channel = self.channel(&record.channel);
        let recovered = if record.recovered { ", recovered" } else { "" };
        let mut text =
            format!("{channel} #{}{beside} (event {}{recovered})", record.record_id, record.event_id);
        text.push_str(&self.on(&record.computer));
        if self.in_several_logs.contains(&(record.channel.clone(), machine_key(&record.computer))) {
            text.push_str(&format!(" in {}", value(&record.file)));
        }
        text
    }

    /// ` on SRV-RDS01` where there are several machines.
    fn on(&self, machine: &str) -> String {
        if self.machines.len() > 1 { format!(" on {}", value(machine_label(machine))) } else { String::new() }
    }

    /// The channels of the records named so far, each with the logs in which they lie.
    pub(crate) fn cited(&self) -> BTreeMap<String, Vec<String>> {
        let mut logs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (channel, machine, file) in &self.cited {
            let place = format!("{}{}", self.channel(channel), self.on(machine));
            logs.entry(place).or_default().push(value(file));
        }
        logs
    }
}

fn parts(diagnosis: &Diagnosis) -> BTreeMap<String, BTreeSet<String>> {
    let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut is = |machine: &str, part: Side| {
        parts.entry(machine_key(machine)).or_default().insert(diagnosis.words.side(part).to_owned());
    };
    for attempt in &diagnosis.attempts {
        match attempt.side {
            SeenFrom::One(side) => is(&attempt.machine, side),
            SeenFrom::Both => {
                is(&attempt.machine, Side::Host);
                attempt.other_machine.iter().for_each(|other| is(other, Side::Client));
            }
        }
    }
    for incident in &diagnosis.incidents {
        is(&incident.machine, incident.side);
    }
    parts
}

/// Channels by names that are short and yet tell each from the others; the whole name where a short one would not.
fn short_names<'a>(channels: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let all: BTreeSet<&str> = channels.collect();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for channel in &all {
        *taken.entry(component(channel)).or_default() += 1;
    }
    let name = |channel| if taken[component(channel)] == 1 { component(channel) } else { channel };
    all.iter().map(|channel| ((*channel).to_owned(), name(channel).to_owned())).collect()
}

/// What a channel is called after its component: `Maker-Product-Group-SomePart/Kind` becomes `SomePart/Kind`.
///
/// The last part alone names the component only if it is made of several words itself: `Client` could be anybody's.
fn component(channel: &str) -> &str {
    let head = channel.split('/').next().unwrap_or(channel);
    let parts: Vec<&str> = head.split('-').collect();
    let Some((last, groups)) = parts.split_last().filter(|_| parts.len() > MAKER_AND_PRODUCT) else {
        return channel;
    };
    let of_words = last.contains(' ')
        || last.chars().skip(1).any(char::is_uppercase) && last.chars().any(char::is_lowercase);
    let dropped = if of_words { groups } else { &parts[..MAKER_AND_PRODUCT] };
    let length: usize = dropped.iter().map(|part| part.len() + 1).sum();
    channel.get(length..).filter(|rest| !rest.is_empty() && !rest.starts_with('/')).unwrap_or(channel)
}

fn in_several_logs(coverage: &[Coverage]) -> BTreeSet<(String, String)> {
    let mut files: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for row in coverage {
        files.entry((row.channel.clone(), machine_key(&row.computer))).or_default().insert(&row.file);
    }
    files.into_iter().filter(|(_, files)| files.len() > 1).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_tell_channels_apart() {
        let channels = [
            ("System", "System"),
            ("Microsoft-Windows-TerminalServices-RDPClient/Operational", "RDPClient/Operational"),
            (
                "Microsoft-Windows-TerminalServices-Gateway/Operational",
                "TerminalServices-Gateway/Operational",
            ),
            ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Admin", "RdpCoreTS/Admin"),
            ("Microsoft-Windows-CAPI2/Operational", "CAPI2/Operational"),
            ("Microsoft-Windows-DNS-Client/Operational", "DNS-Client/Operational"),
            ("Microsoft-Windows-A-SameName/Admin", "Microsoft-Windows-A-SameName/Admin"),
            ("Microsoft-Windows-B-SameName/Admin", "Microsoft-Windows-B-SameName/Admin"),
            ("Microsoft-Windows-A-OtherName/Admin", "OtherName/Admin"),
            ("Microsoft-Windows-Two Words/Log", "Two Words/Log"),
            ("OpenSSH/Operational", "OpenSSH/Operational"),
            ("Maker-Agent/Admin", "Maker-Agent/Admin"),
            ("a-b-/x", "a-b-/x"),
            ("--", "--"),
            ("", ""),
        ];
        let names = short_names(channels.iter().map(|(channel, _)| *channel));
        for (channel, short) in channels {
            assert_eq!(names[channel], short);
        }
    }
}
