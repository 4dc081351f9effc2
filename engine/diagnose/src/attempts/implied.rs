//! Attempts that no log shows, implied by records that speak of a fault.

use crate::attempts::attempt::{Attempt, assumed};
use crate::evidence::scene::Scene;
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_rules::{Pack, Side, Witness};
use std::collections::BTreeMap;

/// An attempt that no log shows, implied by a record.
#[derive(Debug, Clone)]
pub(crate) struct Implied {
    /// The attempt, at the moment of the record, or where the fault lasts, as long after it as shows that.
    pub(crate) attempt: Attempt,
    /// How sure a cause may be that rests on it.
    pub(crate) most: f64,
    /// The fault lasts: whoever tried after it, until these logs end, left no trace.
    pub(crate) lasts: bool,
}

/// Attempts that no log shows, each implied by a record that speaks of a fault: one for each of the latest such records of which
/// no attempt is known (`heard` are those that speak of one), at moments at which the logs would not show who connected, or that
/// nobody came after. `complaint` is the moment that the ticket names.
pub(crate) fn implied(scene: &Scene<'_>, heard: &[u32], complaint: Option<i64>) -> Vec<Implied> {
    let (timeline, coverage, pack) = (scene.timeline, scene.coverage, scene.pack);
    let belief = &pack.ladder().belief;
    let last = last_arrivals(scene);
    let mut found: BTreeMap<(i64, u32), Implied> = BTreeMap::new();
    for witness in belief.witnesses.iter().filter(|witness| witness.alone || witness.lasts.is_some()) {
        for &event in &timeline.seen[witness.signal.index()] {
            let (machine, time) = (timeline.machine[event as usize], timeline.time[event as usize]);
            let arrived = last.get(&(machine, witness.side)).copied();
            let lasts = lasts(witness, machine, time, scene) && arrived.is_none_or(|last| last <= time);
            let known = heard.binary_search(&event).is_ok();
            let opens =
                || !known && witness.alone && !shows_attempts(machine, witness.side, time, coverage, pack);
            if is_over(witness, machine, time, complaint, timeline) || !(lasts || opens()) {
                continue;
            }
            // Whoever came while it lasted: what happened in the minutes before the record was over by then.
            let moment = witness.lasts.filter(|_| lasts).map_or(time, |least| time + span_ticks(least));
            let attempt = || assumed(witness.side, machine, moment, witness.breaks);
            let implied = found.entry((time, event)).or_insert_with(|| Implied {
                attempt: attempt(),
                most: 0.0,
                lasts,
            });
            implied.most = implied.most.max(witness.most);
            implied.lasts |= lasts;
            if found.len() > belief.implied.records {
                found.pop_first();
            }
        }
    }
    found.into_values().collect()
}

/// When the last attempt of each machine and side began.
fn last_arrivals(scene: &Scene<'_>) -> BTreeMap<(Machine, Side), i64> {
    let mut last = BTreeMap::new();
    for attempt in scene.attempts {
        let latest = last.entry((attempt.machine, attempt.side)).or_insert(attempt.start);
        *latest = attempt.start.max(*latest);
    }
    last
}

/// Whether the fault that the record tells of goes on for long enough in a log that would show its end.
fn lasts(witness: &Witness, machine: Machine, time: i64, scene: &Scene<'_>) -> bool {
    let Some(least) = witness.lasts else { return false };
    let until = time + span_ticks(least);
    let shown = witness.until.iter().any(|signal| {
        let channel = scene.pack.signal(*signal).home_channel();
        scene.coverage.last(machine, channel).is_some_and(|last| last >= until)
    });
    shown && !is_over(witness, machine, time, None, scene.timeline)
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
    let mut kinds = pack.ladder().belief.visible.iter().filter(|visible| visible.side == side);
    kinds.any(|visible| coverage.shows(pack, &visible.any, machine, (time, time)))
}
