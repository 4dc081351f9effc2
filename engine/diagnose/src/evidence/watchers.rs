//! Which machines would have seen a connection arrive.
//!
//! In the logs of an enterprise there may be thousands of hosts, and thousands of clients ask: to look at every host for each
//! of them would take for ever.

use crate::world::coverage::Coverage;
use crate::world::machine::Machine;

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
