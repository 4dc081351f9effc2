//! The two views of one attempt: which record of the client belongs to which connection on the host.

use crate::attempts::attempt::Attempt;
use crate::attempts::offset::ClockOffset;
use crate::world::address::{Address, Reach, machine_key};
use crate::world::machine::{Machine, Machines};
use crate::world::tick::span_ticks;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::{Ending, Ladder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Pairs each client attempt with the host attempt that it became: of those that lie within it, the one that got furthest.
///
/// Clocks must agree already. Returns (client attempt, host attempt), each attempt at most once.
pub(crate) fn pairs(
    attempts: &[Attempt],
    offsets: &[ClockOffset],
    machines: &Machines,
    ladder: &Ladder,
) -> Vec<(usize, usize)> {
    let slack = span_ticks(ladder.thresholds.pairing.slack);
    let mut taken = vec![false; attempts.len()];
    let mut found = Vec::new();
    let hosts: Vec<usize> = (0..attempts.len()).filter(|&index| attempts[index].side == Side::Host).collect();
    for (client, host) in with_itself(attempts, &hosts, machines, ladder) {
        taken[host] = true;
        found.push((client, host));
    }
    let own: BTreeSet<usize> = found.iter().map(|(client, _)| *client).collect();
    let sources = usual_sources(attempts, offsets, &hosts, slack);
    let of_clients = attempts.iter().enumerate().filter(|(_, attempt)| attempt.side == Side::Client);
    for (index, client) in of_clients.filter(|(index, _)| !own.contains(index)) {
        let Some(offset) = offset_of(client.machine, offsets) else { continue };
        let inside = beginning(attempts, &hosts, client.start - slack, client.end.max(client.start + slack));
        let source = sources.get(&client.machine);
        let fits = inside
            .filter(|&host| meant(client, &attempts[host], offset.host, machines) && !taken[host])
            .filter(|&host| {
                source.is_none_or(|source| attempts[host].source().is_none_or(|own| own == source))
            });
        let fits = fits.filter(|&host| may_be_one(client, &attempts[host], ladder));
        let best = fits.max_by_key(|&host| {
            (attempts[host].reached.max(attempts[host].failed), std::cmp::Reverse(attempts[host].start))
        });
        if let Some(host) = best {
            taken[host] = true;
            found.push((index, host));
        }
    }
    let strays = strays(attempts, &found, &hosts, taken, ladder);
    found.extend(strays);
    found.sort_unstable();
    found
}

/// Connections of a machine to itself: its own client was told to go there, and in the same moment one arrives from there.
fn with_itself(
    attempts: &[Attempt],
    hosts: &[usize],
    machines: &Machines,
    ladder: &Ladder,
) -> Vec<(usize, usize)> {
    let slack = span_ticks(ladder.thresholds.pairing.slack);
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut taken = BTreeSet::new();
    for (index, client) in attempts.iter().enumerate().filter(|(_, attempt)| attempt.side == Side::Client) {
        if !names_itself(client, machines) {
            continue;
        }
        let mut near = beginning(attempts, hosts, client.start - slack, client.start + slack);
        let arrived = near.find(|&host| {
            let attempt = &attempts[host];
            let from_itself = attempt.reach() == Reach::Loopback
                || attempt
                    .source()
                    .is_some_and(|source| client.server.as_ref().is_some_and(|s| *s.host == *source));
            attempt.machine == client.machine
                && from_itself
                && may_be_one(client, attempt, ladder)
                && !taken.contains(&host)
        });
        if let Some(host) = arrived {
            taken.insert(host);
            found.push((index, host));
        }
    }
    found
}

/// Whether the client was told to connect to its own machine.
fn names_itself(client: &Attempt, machines: &Machines) -> bool {
    client.target.as_deref().is_some_and(|target| {
        let address = Address::parse(target);
        let own = machines.labelled(&machine_key(&address.host)).contains(&client.machine);
        own || address.is_loopback()
    })
}

/// Client attempts without a counterpart so far, and the one attempt of some host that began at the same moment and is
/// taken for this client's: it comes from one of its addresses, or both got in, and not over the internet.
fn strays(
    attempts: &[Attempt],
    found: &[(usize, usize)],
    hosts: &[usize],
    mut taken: Vec<bool>,
    ladder: &Ladder,
) -> Vec<(usize, usize)> {
    let slack = span_ticks(ladder.thresholds.pairing.slack);
    let paired: BTreeSet<usize> = found.iter().map(|(client, _)| *client).collect();
    let mut addresses: BTreeMap<Machine, BTreeSet<&str>> = BTreeMap::new();
    for &(client, host) in found {
        addresses.entry(attempts[client].machine).or_default().extend(attempts[host].source());
    }
    let mut strays = Vec::new();
    let of_clients = attempts.iter().enumerate().filter(|(_, attempt)| attempt.side == Side::Client);
    for (index, client) in of_clients.filter(|(index, _)| !paired.contains(index)) {
        let Some(known) = addresses.get(&client.machine) else { continue };
        let is_own = |host: &Attempt| {
            let from_there = host.source().is_some_and(|source| known.contains(source));
            let both_in = client.logged_on() && host.logged_on() && host.reach() != Reach::Public;
            from_there || both_in
        };
        let near = beginning(attempts, hosts, client.start - slack, client.start + slack);
        let mut fits = near.filter(|&host| {
            let attempt = &attempts[host];
            attempt.machine != client.machine
                && !taken[host]
                && is_own(attempt)
                && may_be_one(client, attempt, ladder)
        });
        let only = fits.next().filter(|_| fits.next().is_none());
        if let Some(host) = only {
            taken[host] = true;
            strays.push((index, host));
        }
    }
    strays
}

/// The other machine of client attempts that no host attempt was found for: the one that the target names, or, where it
/// names none of this ticket's, the only other machine whose logs could have seen the connection.
pub(crate) fn name_hosts(attempts: &mut [Attempt], machines: &Machines, is_host: &dyn Fn(Machine) -> bool) {
    let known = addresses(attempts, machines);
    // Three tell whether there is one beside any client.
    let hosts: Vec<Machine> = machines.all().filter(|machine| is_host(*machine)).take(3).collect();
    for attempt in attempts.iter_mut().filter(|attempt| attempt.side != Side::Host && attempt.other.is_none())
    {
        let client = attempt.machine;
        let key = attempt.target.as_deref().map(|target| machine_key(&Address::parse(target).host));
        let meant = key.as_deref().map_or(&[][..], |key| machines.labelled(key));
        let named = meant.iter().copied().find(|machine| *machine != client);
        let places =
            [attempt.target.as_deref().map(place), attempt.server.as_ref().map(|s| Arc::clone(&s.host))];
        let mut there = places.iter().flatten().filter_map(|place| known.get(place));
        let learnt = there.find_map(|there| there.filter(|machine| *machine != client));
        let mut others = hosts.iter().copied().filter(|machine| *machine != client);
        let only = others.next().filter(|_| others.next().is_none());
        // A gateway leads to many hosts.
        attempt.other = named.or(learnt).or(only.filter(|_| attempt.side == Side::Client));
    }
}

/// The name or address of a target, as it is compared.
fn place(target: &str) -> Arc<str> {
    Address::parse(target).host
}

/// The machines behind the names and addresses that clients went to, as far as attempts show them that both ends saw, or
/// that name a machine of these logs. `None` where one led to several.
fn addresses(attempts: &[Attempt], machines: &Machines) -> BTreeMap<Arc<str>, Option<Machine>> {
    let mut known: BTreeMap<Arc<str>, Option<Machine>> = BTreeMap::new();
    for attempt in attempts.iter().filter(|attempt| attempt.side != Side::Gateway) {
        let target = attempt.target.as_deref().map(place);
        let named = target.as_deref().map_or(&[][..], |target| machines.labelled(&machine_key(target)));
        let host = match (attempt.side, attempt.other, named) {
            (Side::Host, Some(_), _) => attempt.machine,
            (Side::Client, _, [only]) => *only,
            _ => continue,
        };
        for place in target.into_iter().chain(attempt.server.as_ref().map(|server| server.host.clone())) {
            let there = known.entry(place).or_insert(Some(host));
            *there = there.filter(|machine| *machine == host);
        }
    }
    known
}

/// Those of these attempts, which are by start, that begin in that span.
fn beginning<'a>(
    attempts: &'a [Attempt],
    indices: &'a [usize],
    from: i64,
    to: i64,
) -> impl Iterator<Item = usize> + 'a {
    let first = indices.partition_point(|&index| attempts[index].start < from);
    indices[first..].iter().copied().take_while(move |&index| attempts[index].start <= to)
}

/// Whether nothing speaks against the client's and the host's attempt being the same one. What stopped a client on its
/// way may have left a record on the host, but no connection.
fn may_be_one(client: &Attempt, host: &Attempt, ladder: &Ladder) -> bool {
    (host.reached.is_none() || !client.never_arrived(ladder)) && !contradicts(client, host, ladder)
}

/// A client that was cut off before it was connected is not the one whose session went on without it.
fn contradicts(client: &Attempt, host: &Attempt, ladder: &Ladder) -> bool {
    let cut = client.ended == Some(Ending::Fault) && !client.logged_on();
    let went_on = host.ended.is_none() || host.end > client.end + span_ticks(ladder.thresholds.pairing.slack);
    cut && host.logged_on() && went_on
}

/// Whether the client's attempt may have become that host attempt: it named that machine, or, naming none of this
/// ticket's, it went to the host that its clock was compared with.
fn meant(client: &Attempt, host: &Attempt, compared: Machine, machines: &Machines) -> bool {
    let key = client.target.as_deref().map(|target| machine_key(&Address::parse(target).host));
    let named = key.as_deref().map_or(&[][..], |key| machines.labelled(key));
    named.contains(&host.machine) || (host.machine == compared && named.is_empty())
}

/// What is known of the client's clock. Offsets are by client.
fn offset_of(client: Machine, offsets: &[ClockOffset]) -> Option<&ClockOffset> {
    let found = offsets.binary_search_by_key(&client, |offset| offset.client);
    found.ok().map(|index| &offsets[index])
}

/// The address from which a client machine most often came.
fn usual_sources(
    attempts: &[Attempt],
    offsets: &[ClockOffset],
    hosts: &[usize],
    slack: i64,
) -> BTreeMap<Machine, String> {
    let mut counts: BTreeMap<Machine, BTreeMap<String, usize>> = BTreeMap::new();
    for client in attempts.iter().filter(|attempt| attempt.side == Side::Client) {
        let Some(offset) = offset_of(client.machine, offsets) else { continue };
        for host in beginning(attempts, hosts, client.start - slack, client.start + slack) {
            if attempts[host].machine == offset.host
                && let Some(source) = attempts[host].source()
            {
                *counts.entry(client.machine).or_default().entry(source.to_owned()).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .filter_map(|(machine, counts)| {
            let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?;
            Some((machine, most.0))
        })
        .collect()
}
