//! From a ticket to the files of its logs.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::ForgeError;
use crate::evtx::{Record, encode, hash128};
use crate::node::Node;
use crate::place::Place;
use crate::shapes::Shapes;
use crate::ticket::Ticket;
use crate::time::Instant;
use crate::timeline::{Planned, Player};

/// A log file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgedLog {
    /// Where it belongs below the ticket's `logs/`: machine, `/`, channel with `%4` for `/`, `.evtx`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What the ticket's machines logged, as exported logs; by path. The same ticket and shapes give the same bytes.
///
/// # Errors
/// The place of the first event that cannot be written, with the legal names where a name is at fault.
pub fn forge(ticket: &Ticket, shapes: &Shapes) -> Result<Vec<ForgedLog>, ForgeError> {
    let mut logs: BTreeMap<(usize, String), Vec<Planned>> = BTreeMap::new();
    let collected = collected(ticket, shapes)?;
    for (machine, channels) in &collected {
        channels.iter().for_each(|channel| {
            logs.entry((*machine, channel.clone())).or_default();
        });
    }
    for planned in Player::play(ticket, shapes)? {
        let wanted = collected.get(&planned.machine);
        if wanted.is_none_or(|channels| channels.contains(&planned.record.channel)) {
            logs.entry((planned.machine, planned.record.channel.clone())).or_default().push(planned);
        }
    }
    let mut forged = Vec::new();
    for ((machine, channel), planned) in logs {
        let path = format!("{}/{}.evtx", ticket.machines[machine].id, channel.replace('/', "%4"));
        let bytes = write_log(ticket, shapes, machine, &channel, planned)?;
        forged.push(ForgedLog { path, bytes });
    }
    forged.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(forged)
}

/// The lines of the ticket whose records are in the logs that were collected.
pub(crate) fn kept_lines(ticket: &Ticket, shapes: &Shapes) -> Result<BTreeSet<usize>, ForgeError> {
    let collected = collected(ticket, shapes)?;
    let mut lines = BTreeSet::new();
    let mut known: BTreeMap<(usize, String), Keeping> = BTreeMap::new();
    for planned in Player::play(ticket, shapes)? {
        let (machine, channel) = (planned.machine, planned.record.channel);
        if !lines.contains(&planned.place.line)
            && collected.get(&machine).is_none_or(|channels| channels.contains(&channel))
        {
            let keeping = match known.entry((machine, channel)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let keeping = keeping(ticket, shapes, machine, &new.key().1)?;
                    new.insert(keeping)
                }
            };
            if planned.time >= keeping.from && planned.time <= keeping.until {
                lines.insert(planned.place.line);
            }
        }
    }
    Ok(lines)
}

/// The channels collected of each machine that the ticket limits.
fn collected(ticket: &Ticket, shapes: &Shapes) -> Result<BTreeMap<usize, Vec<String>>, ForgeError> {
    let machine = |(on, channels): &(_, Vec<_>)| {
        let on: &Node = on;
        Ok((ticket.machine(on.text()?, &on.place)?, shapes.channel_list(channels)?))
    };
    ticket.collected.iter().map(machine).collect()
}

/// What the ticket says of one log as a file.
struct Keeping {
    first_id: u64,
    from: Instant,
    until: Instant,
}

fn keeping(ticket: &Ticket, shapes: &Shapes, machine: usize, channel: &str) -> Result<Keeping, ForgeError> {
    let id = &ticket.machines[machine].id;
    let seed = format!("{}\nfirst record\n{id}\n{channel}", ticket.title);
    let first_id = 1000 + (hash128(seed.as_bytes()) % 90_000) as u64;
    let mut keeping = Keeping { first_id, from: Instant(0), until: Instant(i64::MAX) };
    for setting in &ticket.logs {
        let about =
            setting.on.text()? == id && shapes.channel_list(&setting.channels)?.iter().any(|c| c == channel);
        if about {
            keeping.first_id = setting.first_record_id.unwrap_or(keeping.first_id);
            keeping.from = setting.keep_from.unwrap_or(keeping.from);
            keeping.until = setting.keep_until.unwrap_or(keeping.until);
        }
    }
    Ok(keeping)
}

/// Numbers the records in the order of true time and writes those that are kept.
fn write_log(
    ticket: &Ticket,
    shapes: &Shapes,
    machine: usize,
    channel: &str,
    mut planned: Vec<Planned>,
) -> Result<Vec<u8>, ForgeError> {
    let keeping = keeping(ticket, shapes, machine, channel)?;
    // Stable: what happens at the same time stays in the order written.
    planned.sort_by_key(|p| p.time);
    let mut places: Vec<Place> = Vec::new();
    let mut records: Vec<Record> = Vec::new();
    for (mut planned, id) in planned.into_iter().zip(keeping.first_id..) {
        if planned.time >= keeping.from && planned.time <= keeping.until {
            planned.record.id = id;
            records.push(planned.record);
            places.push(planned.place);
        }
    }
    encode(&records).map_err(|error| places[error.index()].fault(error.to_string()))
}
