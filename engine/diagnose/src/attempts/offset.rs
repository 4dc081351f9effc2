//! By how much the clocks of a client and a host differ, as the attempts say that both of them saw.

use crate::attempts::attempt::Attempt;
use crate::world::address::{Address, machine_key};
use crate::world::machine::{Machine, Machines};
use crate::world::tick::span_ticks;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::Ladder;
use rdpwhy_rules::ladder::thresholds::Pairing;
use std::collections::{BTreeMap, BTreeSet};

/// What the shared attempts say about two clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClockOffset {
    /// The machine whose clock was moved.
    pub client: Machine,
    /// The machine whose clock the report uses.
    pub host: Machine,
    /// Ticks by which the client's clock runs ahead of the host's.
    pub ahead: i64,
    /// Attempts that both machines saw.
    pub attempts: usize,
}

/// At most so many attempts of each machine are compared, the latest.
const COMPARED: usize = 400;
/// At most so many sources are looked at by themselves, those that got furthest.
const SOURCES: usize = 64;

/// Among more hosts than this a client is compared with those alone that it names: some host had an attempt at any moment.
const HOSTS: usize = 64;

/// Finds, for each client machine, the host that its attempts reached and the offset between the clocks. By client.
pub(crate) fn offsets(attempts: &[Attempt], machines: &Machines, ladder: &Ladder) -> Vec<ClockOffset> {
    let of = |side: Side| {
        let mut by_machine: BTreeMap<Machine, Vec<usize>> = BTreeMap::new();
        for (index, attempt) in attempts.iter().enumerate().filter(|(_, attempt)| attempt.side == side) {
            by_machine.entry(attempt.machine).or_default().push(index);
        }
        by_machine
    };
    let hosts = of(Side::Host);
    let known: BTreeSet<Machine> = hosts.keys().copied().collect();
    let ticket = Ticket { attempts, machines, hosts: &known, ladder };
    let mut found = Vec::new();
    for (client, tries) in of(Side::Client) {
        let named = named(attempts, &tries, machines);
        let compared = if hosts.len() <= HOSTS { &known } else { &named };
        let compared = compared.iter().filter(|host| **host != client);
        let best = compared
            .filter_map(|host| offset(&ticket, (client, &tries), (*host, hosts.get(host)?)))
            .max_by_key(|offset| (offset.attempts, -offset.ahead.abs(), std::cmp::Reverse(offset.host)));
        found.extend(best);
    }
    found
}

/// What clients and hosts are compared in.
struct Ticket<'a> {
    attempts: &'a [Attempt],
    machines: &'a Machines,
    /// Machines that saw a connection arrive.
    hosts: &'a BTreeSet<Machine>,
    ladder: &'a Ladder,
}

fn offset(
    ticket: &Ticket<'_>,
    (client, tries): (Machine, &[usize]),
    (host, seen): (Machine, &[usize]),
) -> Option<ClockOffset> {
    let (attempts, ladder) = (ticket.attempts, ticket.ladder);
    let may = |index: &usize| may_reach(&attempts[*index], host, ticket.hosts, ticket.machines);
    let (stopped, arrived): (Vec<usize>, Vec<usize>) =
        tries.iter().copied().filter(may).partition(|&index| attempts[index].never_arrived(ladder));
    // What stopped all of them may have left its records on the host.
    let blocked: Vec<usize> =
        seen.iter().copied().filter(|&index| attempts[index].reached.is_none()).collect();
    let (tries, seen) = if arrived.is_empty() { (stopped, blocked.as_slice()) } else { (arrived, seen) };
    let tries: Vec<i64> = tries.iter().rev().take(COMPARED).map(|&index| attempts[index].start).collect();
    let groups = by_source(attempts, seen);
    let limits = &ladder.thresholds.pairing;
    let mut best: Option<(f64, Match)> = None;
    for group in &groups {
        let Some(found) = best_match(&tries, group, ladder) else { continue };
        let chance = found.chance * groups.len() as f64;
        let lone = found.shared == 1;
        let believed = if lone {
            found.ahead.abs() <= span_ticks(limits.lone) && chance < limits.lone_chance
        } else {
            chance < limits.chance
        };
        if believed && best.as_ref().is_none_or(|(least, _)| chance < *least) {
            best = Some((chance, found));
        }
    }
    let (_, found) = best?;
    Some(ClockOffset { client, host, ahead: found.agreed, attempts: found.shared })
}

/// The starts of a host's attempts: of each of its sources alone, since a client mostly comes from one address, and of
/// all together, since it may have several and some logs tell none.
fn by_source(attempts: &[Attempt], seen: &[usize]) -> Vec<Vec<i64>> {
    let mut sources: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &index in seen {
        if let Some(source) = attempts[index].source() {
            sources.entry(source).or_default().push(index);
        }
    }
    let furthest = |list: &[usize]| list.iter().map(|&index| attempts[index].reached).max();
    let mut lists: Vec<Vec<usize>> = sources.into_values().collect();
    // Stable: of sources that got equally far and tried equally often the first by name.
    lists.sort_by_key(|list| std::cmp::Reverse((furthest(list), list.len())));
    lists.truncate(SOURCES);
    lists.push(seen.to_vec());
    let starts = |list: Vec<usize>| {
        let mut starts: Vec<i64> =
            list.iter().rev().take(COMPARED).map(|&index| attempts[index].start).collect();
        starts.sort_unstable();
        starts
    };
    let mut groups: Vec<Vec<i64>> = lists.into_iter().map(starts).collect();
    groups.dedup();
    groups
}

/// How the attempts of a client lie on those of a host best.
struct Match {
    /// Ticks by which the client's clock is ahead if so.
    ahead: i64,
    /// The same as the attempts themselves say, their median.
    agreed: i64,
    /// How many attempts both saw then.
    shared: usize,
    /// How many such matches chance would have brought about at this offset or a smaller one.
    chance: f64,
}

fn best_match(tries: &[i64], seen: &[i64], ladder: &Ladder) -> Option<Match> {
    let limit = span_ticks(ladder.clock_offset);
    let mut candidates: Vec<i64> = tries
        .iter()
        .flat_map(|start| seen.iter().map(move |at| start - at))
        .filter(|ahead| ahead.abs() <= limit)
        .collect();
    candidates.sort_unstable_by_key(|ahead| (ahead.abs(), *ahead));
    candidates.dedup();
    let slack = span_ticks(ladder.thresholds.pairing.slack);
    let shared = |ahead: i64| {
        tries
            .iter()
            .filter(|start| {
                let expected = *start - ahead;
                let at = seen.partition_point(|at| *at < expected - slack);
                seen.get(at).is_some_and(|at| *at <= expected + slack)
            })
            .count()
    };
    let mut best: Option<(usize, i64)> = None;
    for ahead in thin(&candidates, slack / 2) {
        let count = shared(ahead);
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, ahead));
        }
    }
    let (count, ahead) = best?;
    let chance = chance(tries, seen, ahead, count, &ladder.thresholds.pairing);
    Some(Match { ahead, agreed: settle(tries, seen, ahead, slack), shared: count, chance })
}

/// How many offsets up to this one would match so many attempts by chance, given how thick the host's attempts lie there.
#[expect(clippy::cast_precision_loss, reason = "a rough number is enough")]
fn chance(tries: &[i64], seen: &[i64], ahead: i64, count: usize, limits: &Pairing) -> f64 {
    let slack = span_ticks(limits.slack) as f64;
    let around = span_ticks(limits.around);
    // The share of the moments around the matched attempts that lie close to some attempt of the host.
    let near = |start: &i64| {
        let at = start - ahead;
        let first = seen.partition_point(|seen| *seen < at - around);
        let last = seen.partition_point(|seen| *seen <= at + around);
        // A short connection and the real one behind it are one moment; the one that matches is what is to be explained.
        let moments = seen[first..last].windows(2).filter(|pair| (pair[1] - pair[0]) as f64 > slack).count();
        let others = moments as f64;
        (others * 2.0 * slack / (2.0 * around as f64)).min(1.0)
    };
    let least = slack / (30.0 * around as f64);
    let share = (tries.iter().map(near).sum::<f64>() / tries.len() as f64).clamp(least, 1.0);
    let offsets = 2.0 * ahead.abs() as f64 / slack + 1.0;
    // At least `count` of the tries, bounded by the number of ways to choose them.
    let ways: f64 = (0..count).map(|k| (tries.len() - k) as f64 / (k + 1) as f64).product();
    offsets * (ways * share.powi(i32::try_from(count).unwrap_or(i32::MAX))).min(1.0)
}

/// Candidates that differ by less than `step` are tried once.
fn thin(candidates: &[i64], step: i64) -> Vec<i64> {
    let mut tried = std::collections::BTreeSet::new();
    candidates.iter().copied().filter(|ahead| tried.insert(ahead.div_euclid(step.max(1)))).collect()
}

/// The median of the offsets of the shared attempts.
fn settle(tries: &[i64], seen: &[i64], ahead: i64, slack: i64) -> i64 {
    let mut offsets: Vec<i64> = tries
        .iter()
        .filter_map(|start| {
            let expected = start - ahead;
            let at = seen.partition_point(|at| *at < expected - slack);
            seen.get(at).filter(|at| **at <= expected + slack).map(|at| start - at)
        })
        .collect();
    offsets.sort_unstable();
    offsets.get(offsets.len() / 2).copied().unwrap_or(ahead)
}

/// The machines that these attempts name as their target.
fn named(attempts: &[Attempt], tries: &[usize], machines: &Machines) -> BTreeSet<Machine> {
    let targets = tries.iter().filter_map(|&index| attempts[index].target.as_deref());
    targets
        .flat_map(|target| machines.labelled(&machine_key(&Address::parse(target).host)))
        .copied()
        .collect()
}

/// Whether the client's attempt may have been meant for that host.
fn may_reach(attempt: &Attempt, host: Machine, hosts: &BTreeSet<Machine>, machines: &Machines) -> bool {
    let Some(target) = &attempt.target else { return true };
    let address = Address::parse(target);
    if address.is_ip() {
        return true;
    }
    let key = machine_key(&address.host);
    let named = machines.labelled(&key);
    // An alias leads anywhere, the name of another machine of this ticket does not.
    named.contains(&host) || !named.iter().any(|machine| hosts.contains(machine))
}
