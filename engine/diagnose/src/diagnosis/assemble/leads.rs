//! Kinds of records that accompany failures, so that even an unknown cause leaves a lead.
//!
//! Over every record of the logs, wanted by a rule or not: a kind (machine, channel, provider, event id) leads if its
//! records fall into the minutes of failures far more often than chance would have it.

use crate::cases::incident::Incident;
use crate::diagnosis::result::Lead;
use crate::evidence::scene::Scene;
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_event::hash::HashMap;
use rdpwhy_logs::Reading;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// At most so many leads are told.
const TOLD: usize = 10;
const TICKS_PER_MINUTE: i64 = 600_000_000;

/// The kinds that accompany the failures of the incidents, the most striking first.
pub(super) fn leads(reading: &Reading, scene: &Scene<'_>, incidents: &[&Incident]) -> Vec<Lead> {
    let ladder_events = of_attempts(scene);
    let limits = &scene.pack.ladder().thresholds.lead;
    let least = limits.records as u64;
    let mut leads = Vec::new();
    let mut minutes_of: BTreeMap<Machine, (Vec<i64>, Vec<i64>)> = BTreeMap::new();
    let failures = failures(scene, incidents);
    for count in &reading.tally.counts {
        let Some(machine) = scene.timeline.machines.find(&count.computer) else { continue };
        let own = ladder_events.contains(&(&*count.provider, count.event_id));
        if own || count.total < least {
            continue;
        }
        let shift = scene.timeline.shift.get(machine.0 as usize).copied().unwrap_or(0);
        let (minutes, good) = minutes_of.entry(machine).or_insert_with(|| {
            let bad = failure_minutes(scene, failures.get(&machine), shift);
            let good = success_minutes(scene, &bad, machine, shift);
            (bad, good)
        });
        let (Some(first), Some(last)) = (count.histogram.first(), count.histogram.last()) else { continue };
        if minutes.is_empty() || count.bucket_minutes > 1 {
            continue;
        }
        let near = within(count, minutes);
        // The span in which the kind is seen at all, widened to the failures, is what chance would spread it over.
        let from = i64::from(first.0).min(*minutes.first().expect("not empty"));
        let to = i64::from(last.0).max(*minutes.last().expect("not empty"));
        let beside = within(count, good);
        let lift = lift(near, count.total, minutes.len(), to - from + 1).min(against(
            near,
            minutes.len(),
            beside,
            good.len(),
        ));
        if near >= least && lift >= limits.lift {
            leads.push(Lead {
                machine: scene.timeline.machines.name(machine).to_owned(),
                channel: count.channel.to_string(),
                provider: count.provider.to_string(),
                event_id: count.event_id,
                near,
                total: count.total,
                lift: (lift * 10.0).round() / 10.0,
            });
        }
    }
    leads.sort_by(by_weight);
    leads.truncate(TOLD);
    leads
}

/// The most striking first; of equals by name.
fn by_weight(a: &Lead, b: &Lead) -> Ordering {
    let weight = |lead: &Lead| lead.lift.min(1000.0) * share(lead.near, lead.total);
    let name =
        |lead: &Lead| (lead.provider.clone(), lead.event_id, lead.machine.clone(), lead.channel.clone());
    weight(b).total_cmp(&weight(a)).then_with(|| name(a).cmp(&name(b)))
}

/// The kinds of records that attempts are made of: they are near failures by their nature.
fn of_attempts<'s>(scene: &Scene<'s>) -> BTreeSet<(&'s str, u32)> {
    let events = scene.timeline.events;
    let joined = scene.attempts.iter().flat_map(|attempt| &attempt.records);
    // By the place of the provider's name first: millions of records share a few names.
    let mut kinds: HashMap<(*const u8, u32), &str> = HashMap::default();
    for event in joined.map(|joined| &events[joined.event as usize]) {
        kinds.entry((event.provider.as_ptr(), event.event_id)).or_insert(&event.provider);
    }
    kinds.into_iter().map(|((_, event_id), provider)| (provider, event_id)).collect()
}

/// The failures of the incidents, by the machines that took part in them.
fn failures(scene: &Scene<'_>, incidents: &[&Incident]) -> BTreeMap<Machine, Vec<usize>> {
    let mut failures: BTreeMap<Machine, Vec<usize>> = BTreeMap::new();
    for &index in incidents.iter().flat_map(|incident| &incident.failures) {
        let attempt = &scene.attempts[index];
        let other = attempt.other.filter(|other| *other != attempt.machine);
        for machine in std::iter::once(attempt.machine).chain(other) {
            failures.entry(machine).or_default().push(index);
        }
    }
    failures
}

/// The minutes (since 1601, on the machine's own clock) around the failures that the machine took part in.
fn failure_minutes(scene: &Scene<'_>, failures: Option<&Vec<usize>>, shift: i64) -> Vec<i64> {
    let limits = &scene.pack.ladder().thresholds.lead;
    let around = whole_minutes(limits.around);
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for attempt in failures.into_iter().flatten().map(|&index| &scene.attempts[index]) {
        let minute = |ticks: i64| (ticks - shift).div_euclid(TICKS_PER_MINUTE);
        // A session that lasted for hours is bad company only at its end.
        let from = minute(attempt.start).max(minute(attempt.end) - whole_minutes(limits.session_end));
        spans.push((from - around, minute(attempt.end) + around));
    }
    spans.sort_unstable();
    let mut minutes: Vec<i64> = Vec::new();
    for (from, to) in spans {
        let next = minutes.last().map_or(from, |last| from.max(last + 1));
        minutes.extend(next..=to);
    }
    minutes
}

/// The minutes around the successes, without those of failures.
fn success_minutes(scene: &Scene<'_>, bad: &[i64], machine: Machine, shift: i64) -> Vec<i64> {
    let around = whole_minutes(scene.pack.ladder().thresholds.lead.around);
    let mut minutes = BTreeSet::new();
    let own = scene.of_machine(machine).iter().map(|&index| &scene.attempts[index as usize]);
    for attempt in own.filter(|attempt| !attempt.is_failure()) {
        for at in [attempt.start, attempt.end] {
            let minute = (at - shift).div_euclid(TICKS_PER_MINUTE);
            minutes.extend(
                (minute - around..=minute + around).filter(|minute| bad.binary_search(minute).is_err()),
            );
        }
    }
    minutes.into_iter().collect()
}

fn whole_minutes(span: Duration) -> i64 {
    span_ticks(span) / TICKS_PER_MINUTE
}

/// How many times more often the kind is written near failures than near attempts that went well: what comes with every
/// connection is no lead.
#[expect(clippy::cast_precision_loss, reason = "counts of records and minutes are far below 2^52")]
fn against(near: u64, minutes: usize, beside: u64, good: usize) -> f64 {
    if good == 0 {
        return f64::MAX;
    }
    (near as f64 / minutes.max(1) as f64) / ((beside as f64 + 0.5) / good as f64)
}

/// How many records of the kind were written in these minutes, which are sorted; the kind is counted by the minute.
fn within(count: &rdpwhy_logs::Count, minutes: &[i64]) -> u64 {
    let written =
        count.histogram.iter().filter(|(minute, _)| minutes.binary_search(&i64::from(*minute)).is_ok());
    written.map(|(_, records)| u64::from(*records)).sum()
}

/// How many times more often the kind is written in those minutes than in the others.
#[expect(clippy::cast_precision_loss, reason = "counts of records and minutes are far below 2^52")]
fn lift(near: u64, total: u64, minutes: usize, span: i64) -> f64 {
    let elsewhere = (span - i64::try_from(minutes).unwrap_or(i64::MAX)).max(1) as f64;
    let rate_near = near as f64 / minutes.max(1) as f64;
    // One record more elsewhere than was seen, so that few records do not claim too much.
    let rate_elsewhere = ((total - near.min(total)) as f64 + 1.0) / elsewhere;
    rate_near / rate_elsewhere
}

#[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
