//! Which machines would have seen a connection arrive.
//!
//! In the logs of an enterprise there may be thousands of hosts, and thousands of clients ask: to look at every host for each
//! of them would take for ever.

use crate::evidence::scene::Scene;
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use rdpwhy_rules::Side;
use rdpwhy_rules::ladder::LadderRecord;

/// So many machines are told, and one more, because the one that asks does not count.
const TOLD: usize = 2;

/// The spans of time in which the logs of arriving connections are whole, on all machines.
#[derive(Debug, Default)]
pub(super) struct Watchers {
    /// When each span begins, in order, …
    starts: Vec<i64>,
    /// … and of the spans up to it, those of different machines that last longest, the longest first.
    longest: Vec<[Option<(i64, Machine)>; TOLD + 1]>,
}

impl Watchers {
    /// Files the spans of these channels.
    pub(super) fn new<'c>(coverage: &Coverage, channels: impl Iterator<Item = &'c str>) -> Watchers {
        let mut spans: Vec<(i64, i64, Machine)> = channels
            .flat_map(|channel| coverage.holders(channel).map(move |machine| (machine, channel)))
            .flat_map(|(machine, channel)| {
                coverage.spans(machine, channel).iter().map(move |&(from, to)| (from, to, machine))
            })
            .collect();
        spans.sort_unstable();
        let mut watchers = Watchers::default();
        let mut longest = [None; TOLD + 1];
        for (from, to, machine) in spans {
            longest = with(longest, to, machine);
            watchers.starts.push(from);
            watchers.longest.push(longest);
        }
        watchers
    }

    /// Machines but this one that would have seen what arrived in that span; no more than two of them.
    pub(super) fn but(&self, own: Machine, from: i64, to: i64) -> Vec<Machine> {
        let begun = self.starts.partition_point(|start| *start <= from);
        let Some(longest) = begun.checked_sub(1).and_then(|last| self.longest.get(last)) else {
            return Vec::new();
        };
        let watching = longest.iter().flatten().filter(|(until, machine)| *until >= to && *machine != own);
        watching.map(|(_, machine)| *machine).take(TOLD).collect()
    }
}

impl Scene<'_> {
    /// Whether the machine's log would hold a connection that reached it in that span, and whether it was off or asleep. A log
    /// that never held one does not show that it would.
    pub(crate) fn would_hold_arrivals(&self, machine: Machine, span: (i64, i64)) -> bool {
        let held = |signal| !self.timeline.on(signal, machine, i64::MIN, i64::MAX).is_empty();
        let ever = self.arriving().any(|record| held(record.signal));
        ever && self.watches_listener(machine, span) && self.knows_life(machine, span)
    }

    /// Whether the logs would show that the machine was off or asleep in that span.
    pub(super) fn knows_life(&self, machine: Machine, span: (i64, i64)) -> bool {
        let life = &self.pack.ladder().belief.life;
        self.coverage.shows(self.pack, life.down.iter().chain(&life.up), machine, span)
    }

    /// Whether the machine's log would hold a connection that reached it in that span.
    pub(super) fn watches_listener(&self, machine: Machine, (from, to): (i64, i64)) -> bool {
        self.arrival_channels().any(|channel| self.coverage.covers(machine, channel, from, to))
    }

    pub(super) fn watchers(&self) -> &Watchers {
        self.watchers.get_or_init(|| Watchers::new(self.coverage, self.arrival_channels()))
    }

    fn arrival_channels(&self) -> impl Iterator<Item = &str> {
        self.arriving().map(|record| self.pack.signal(record.signal).home_channel())
    }

    /// The kinds of record that a connection leaves when it reaches a host.
    fn arriving(&self) -> impl Iterator<Item = &LadderRecord> {
        let ladder = self.pack.ladder();
        let openers = ladder.records.iter().filter(|r| r.side == Side::Host && r.opens && r.once);
        openers.filter(|record| record.reaches == Some(ladder.arrival()))
    }
}

/// The longest with one more, each machine once.
fn with(
    longest: [Option<(i64, Machine)>; TOLD + 1],
    to: i64,
    machine: Machine,
) -> [Option<(i64, Machine)>; TOLD + 1] {
    let own = longest.iter().flatten().filter(|(_, other)| *other == machine).map(|(until, _)| *until);
    let to = own.max().map_or(to, |until| until.max(to));
    let mut all: Vec<(i64, Machine)> =
        longest.iter().flatten().copied().filter(|(_, other)| *other != machine).collect();
    all.insert(all.partition_point(|(until, _)| *until >= to), (to, machine));
    let mut kept = all.into_iter();
    std::array::from_fn(|_| kept.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_of_each_machine_are_kept() {
        let mut longest = [None; TOLD + 1];
        for (to, machine) in [(5, 1), (9, 2), (7, 1), (3, 3), (8, 4), (1, 2)] {
            longest = with(longest, to, Machine(machine));
        }
        let kept: Vec<(i64, u32)> = longest.iter().flatten().map(|(to, machine)| (*to, machine.0)).collect();
        assert_eq!(kept, [(9, 2), (8, 4), (7, 1)]);
        let watchers = Watchers { starts: vec![0], longest: vec![longest] };
        assert_eq!(watchers.but(Machine(2), 1, 8), [Machine(4)]);
        assert_eq!(watchers.but(Machine(5), 1, 7), [Machine(2), Machine(4)]);
        assert_eq!(watchers.but(Machine(5), -1, 7), []);
    }
}
