//! Which names are those of one machine: it was renamed, or it joined a domain.

use crate::world::address::machine_key;
use crate::world::recognized::Recognized;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_event::Event;
use rdpwhy_logs::Reading;
use rdpwhy_rules::ladder::Ladder;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why two names are taken to be one machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// One is the other without its domain, and no other machine has that name.
    Domain,
    /// This record tells that it was renamed.
    Renamed(u32),
}

/// Another name of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    /// As logs write it.
    pub(crate) name: String,
    /// Why it is taken to be the same machine's.
    pub(crate) why: Why,
}

/// A record that tells of a machine's new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rename {
    /// The record.
    event: u32,
    /// Who wrote it, in lower case.
    computer: String,
    /// Its old name, as [`machine_key`] has it.
    from: String,
    /// Its new name, likewise.
    to: String,
    /// When.
    time: i64,
}

/// A name, and when its records were written.
#[derive(Debug, Clone)]
struct Name {
    spelling: String,
    first: i64,
    last: i64,
}

/// The names that logs give to machines, by the name in lower case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    names: BTreeMap<String, Name>,
    /// Records under the old name may be this much younger than the one that tells of the new.
    overlap: i64,
}

/// A machine: the name that it had last, and its others.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) aliases: Vec<Alias>,
}

impl Known {
    /// The names in all logs.
    pub(crate) fn new(reading: &Reading, ladder: &Ladder) -> Known {
        let mut known = Known { overlap: span_ticks(ladder.thresholds.identity.overlap), ..Known::default() };
        for span in reading.logs.iter().flat_map(|log| &log.spans) {
            known.add(&span.computer, ticks(span.first), ticks(span.last));
        }
        // Records of one computer mostly follow each other, and share its name.
        let same = |a: &Event, b: &Event| Arc::ptr_eq(&a.computer, &b.computer);
        for run in reading.events.chunk_by(same) {
            let times = run.iter().map(|event| ticks(event.time));
            if let (Some(first), Some(last)) = (times.clone().min(), times.max()) {
                known.add(&run[0].computer, first, last);
            }
        }
        known
    }

    fn add(&mut self, name: &str, first: i64, last: i64) {
        let new = || Name { spelling: name.to_owned(), first, last };
        let known = self.names.entry(name.to_lowercase()).or_insert_with(new);
        known.first = known.first.min(first);
        known.last = known.last.max(last);
        if *name < *known.spelling {
            name.clone_into(&mut known.spelling);
        }
    }

    /// The names with that first label.
    fn labelled<'k>(&'k self, labels: &BTreeMap<String, Vec<&'k str>>, label: &str) -> Vec<&'k str> {
        labels.get(label).cloned().unwrap_or_default()
    }
}

/// The records of new names, in the order of the events.
pub(crate) fn renames(recognized: &Recognized<'_>, ladder: &Ladder) -> Vec<Rename> {
    let mut found = Vec::new();
    for event in 0..u32::try_from(recognized.events.len()).unwrap_or(u32::MAX) {
        for signal in recognized.signals(event) {
            let record = &recognized.events[event as usize];
            let name = |field: &str| record.field(field).map(str::trim).filter(|name| !name.is_empty());
            for rename in ladder.renames.iter().filter(|rename| rename.signal == signal) {
                if let (Some(from), Some(to)) = (name(&rename.from), name(&rename.to)) {
                    let (from, to) = (machine_key(from), machine_key(to));
                    let (computer, time) = (record.computer.to_lowercase(), ticks(record.time));
                    found.push(Rename { event, computer, from, to, time });
                }
            }
        }
    }
    found
}

/// The names gathered by machine.
pub(super) fn groups(known: &Known, renames: &[Rename]) -> Vec<Group> {
    let mut labels: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in known.names.keys() {
        labels.entry(machine_key(name)).or_default().push(name);
    }
    let mut links: Vec<(&str, &str, Why)> = labels.values().filter_map(|names| joined(names)).collect();
    let of_renames = renames.iter().flat_map(|rename| {
        let pairs = renamed(known, &labels, rename);
        pairs.into_iter().map(|(old, new)| (old, new, Why::Renamed(rename.event)))
    });
    links.extend(of_renames);
    gather(known, &links)
}

/// A bare name and the only full one that begins with it.
fn joined<'k>(names: &[&'k str]) -> Option<(&'k str, &'k str, Why)> {
    let bare = names.iter().find(|name| !name.contains('.'))?;
    let mut full = names.iter().filter(|name| name.contains('.'));
    let only = full.next().filter(|_| full.next().is_none())?;
    Some((bare, only, Why::Domain))
}

/// The names before and after, as far as logs have both. A machine that goes on under the old name is another one, and so is one
/// that had the new name long before.
fn renamed<'k>(
    known: &'k Known,
    labels: &BTreeMap<String, Vec<&'k str>>,
    rename: &Rename,
) -> Vec<(&'k str, &'k str)> {
    let ends = |name: &&str| known.names[*name].last <= rename.time + known.overlap;
    let begins = |name: &&str| known.names[*name].first >= rename.time - known.overlap;
    let old: BTreeSet<&str> = known.labelled(labels, &rename.from).into_iter().filter(ends).collect();
    let mut new: BTreeSet<&str> = known.labelled(labels, &rename.to).into_iter().filter(begins).collect();
    // Whoever wrote the record is the machine, under whichever of its names.
    let writer = known.names.get_key_value(&rename.computer).map(|(name, _)| name.as_str());
    new.extend(writer.filter(|name| !old.contains(name)));
    // Of several in different domains nobody can tell which one is meant.
    if rename.from == rename.to || old.len() > 2 || new.len() > 2 {
        return Vec::new();
    }
    old.iter().flat_map(|old| new.iter().map(move |new| (*old, *new))).collect()
}

/// The names that links join, each group under the name that was last in use.
fn gather(known: &Known, links: &[(&str, &str, Why)]) -> Vec<Group> {
    let mut of_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut members: Vec<Vec<&str>> = Vec::new();
    for (number, name) in known.names.keys().enumerate() {
        of_name.insert(name, number);
        members.push(vec![name]);
    }
    let mut whys: BTreeMap<&str, Why> = BTreeMap::new();
    for &(one, other, why) in links {
        for name in [one, other] {
            let kept = whys.entry(name).or_insert(why);
            *kept = (*kept).max(why);
        }
        let (into, from) = (of_name[one].min(of_name[other]), of_name[one].max(of_name[other]));
        if into != from {
            let moved = std::mem::take(&mut members[from]);
            of_name.extend(moved.iter().map(|name| (*name, into)));
            members[into].extend(moved);
        }
    }
    members.into_iter().filter(|names| !names.is_empty()).map(|names| group(known, names, &whys)).collect()
}

fn group(known: &Known, mut names: Vec<&str>, whys: &BTreeMap<&str, Why>) -> Group {
    // The last one in use; of those used alike the full one.
    names.sort_by_key(|name| (known.names[*name].last, name.len(), *name));
    let last = names.pop().expect("a group has a name");
    names.sort_unstable();
    let aliases = names.into_iter().map(|name| Alias {
        name: known.names[name].spelling.clone(),
        why: whys.get(name).copied().unwrap_or(Why::Domain),
    });
    Group { name: known.names[last].spelling.clone(), aliases: aliases.collect() }
}
