//! Attempts that no log shows, implied by records that speak of a fault.

use crate::attempts::attempt::{Attempt, assumed};
use crate::evidence::scene::Scene;
use crate::world::coverage::Coverage;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use crate::world::timeline::Timeline;
use rdpwhy_rules::ladder::{Role, Witness};
use rdpwhy_rules::{Pack, Side};
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
    let mut found: BTreeMap<(i64, u32), Implied> = BTreeMap::new();
    let mut add = |key: (i64, u32), implied: Implied| {
        merge(&mut found, key, implied);
        if found.len() > belief.implied.records {
            found.pop_first();
        }
    };
    for witness in belief.witnesses.iter().filter(|witness| witness.alone) {
        for &event in &timeline.seen[witness.signal.index()] {
            let (machine, time) = (timeline.machine[event as usize], timeline.time[event as usize]);
            let known = heard.binary_search(&event).is_ok();
            let opens = || !known && !shows_attempts(machine, witness.side, time, coverage, pack);
            if is_over(witness, machine, time, complaint, timeline) || !opens() {
                continue;
            }
            let user = timeline.role(event, Role::User).filter(|name| pack.ladder().is_person(name));
            let attempt = assumed(witness.side, machine, time, witness.breaks).of(user, None);
            add((time, event), Implied { attempt, most: witness.most, lasts: false });
        }
    }
    of_conditions(scene, complaint).into_iter().for_each(|(key, implied)| add(key, implied));
    found.into_values().collect()
}

/// One more, or what it adds to what the same record implies already.
fn merge(found: &mut BTreeMap<(i64, u32), Implied>, key: (i64, u32), implied: Implied) {
    let known = found.entry(key).or_insert_with(|| implied.clone());
    if implied.lasts && !known.lasts {
        known.attempt = implied.attempt;
        known.lasts = true;
    }
    known.most = known.most.max(implied.most);
}

/// States that nobody arrived in, each as an attempt at a moment when whoever came had to find it: until the logs end, or
/// at the moment of the complaint.
fn of_conditions(scene: &Scene<'_>, complaint: Option<i64>) -> Vec<((i64, u32), Implied)> {
    let arrivals = arrivals(scene);
    let conditions = &scene.pack.ladder().conditions;
    let implied = scene.spells().iter().filter_map(|spell| {
        let condition = &conditions[spell.condition];
        let moment = match complaint.filter(|at| spell.touches((*at, *at))) {
            Some(at) => at,
            // Whoever came while it lasted: what happened in the minutes before the record was over by then.
            None => {
                (spell.until.is_none() && spell.lasts).then_some(spell.from + span_ticks(condition.longer))?
            }
        };
        let attempt = assumed(condition.side, spell.machine, moment, condition.breaks?);
        let came = arrivals.get(&(spell.machine, condition.side)).is_some_and(|starts| {
            let next = starts.partition_point(|&start| start <= spell.from);
            starts.get(next).is_some_and(|&start| start <= spell.end())
        });
        let first = *spell.records.first()?;
        (!came).then_some(((spell.from, first), Implied { attempt, most: condition.most, lasts: true }))
    });
    implied.collect()
}

/// When the attempts of each machine and side began, in order.
fn arrivals(scene: &Scene<'_>) -> BTreeMap<(Machine, Side), Vec<i64>> {
    let mut starts: BTreeMap<(Machine, Side), Vec<i64>> = BTreeMap::new();
    for attempt in scene.attempts {
        starts.entry((attempt.machine, attempt.side)).or_default().push(attempt.start);
    }
    starts.values_mut().for_each(|starts| starts.sort_unstable());
    starts
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
