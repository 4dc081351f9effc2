//! Attempts that no log shows, implied by records that speak of a fault.

use crate::attempts::attempt::{Attempt, assumed};
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::timeline::Timeline;
use rdpwhy_rules::{Pack, Side, SignalId, Witness};
use std::collections::BTreeMap;

/// Attempts that no log shows, each implied by a record that speaks of a fault: one for each of the latest such records of which
/// no attempt is known, at moments at which the logs would not show who connected. With each goes how sure a cause may be that rests
/// on it. `complaint` is the moment that the ticket names.
pub(crate) fn implied(
    timeline: &Timeline<'_>,
    coverage: &Coverage,
    pack: &Pack,
    used: &[u32],
    complaint: Option<i64>,
) -> Vec<(Attempt, f64)> {
    let belief = &pack.ladder().belief;
    let mut found: BTreeMap<(i64, u32), (Attempt, f64)> = BTreeMap::new();
    for witness in belief.witnesses.iter().filter(|witness| witness.alone) {
        for &event in &timeline.seen[witness.signal.index()] {
            let (machine, time) = (timeline.machine[event as usize], timeline.time[event as usize]);
            let known = used.binary_search(&event).is_ok();
            let over = || is_over(witness, machine, time, complaint, timeline);
            if known || over() || shows_attempts(machine, witness.side, time, coverage, pack) {
                continue;
            }
            let implied = || (assumed(witness.side, machine, time, witness.breaks), witness.most);
            let (_, most) = found.entry((time, event)).or_insert_with(implied);
            *most = most.max(witness.most);
            if found.len() > belief.implied.records {
                found.pop_first();
            }
        }
    }
    found.into_values().collect()
}

/// Whether another record says that the fault was over before the complaint, or at all where nobody complains of a moment.
fn is_over(
    witness: &Witness,
    machine: Machine,
    time: i64,
    complaint: Option<i64>,
    timeline: &Timeline<'_>,
) -> bool {
    let until = complaint.unwrap_or(i64::MAX);
    witness.until.iter().any(|signal| !timeline.on(*signal, machine, time + 1, until).is_empty())
}

/// Whether the logs of that side of the machine would show an attempt of that moment.
fn shows_attempts(machine: Machine, side: Side, time: i64, coverage: &Coverage, pack: &Pack) -> bool {
    let held = |signal: &SignalId| coverage.covers(machine, pack.signal(*signal).home_channel(), time, time);
    let mut kinds = pack.ladder().belief.visible.iter().filter(|visible| visible.side == side);
    kinds.any(|visible| visible.any.iter().any(held))
}
