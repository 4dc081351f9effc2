//! Clocks that were set: what the steps were, and the true order of records that a clock set back has mixed up.

use crate::world::machine::Machine;
use crate::world::recognized::Recognized;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_event::{Event, FileTime};
use rdpwhy_rules::Ladder;
use std::collections::BTreeMap;

/// A clock that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Whose clock.
    pub(crate) machine: Machine,
    /// The record that tells of it.
    pub(crate) event: u32,
    /// The time before, in ticks on the clock as it was.
    pub(crate) old: i64,
    /// The time after, in ticks on the clock as it was.
    pub(crate) new: i64,
    /// Whether the clock was set back by enough to mix up the order of records.
    pub(crate) mixes_up: bool,
}

impl Step {
    /// Ticks by which the clock was moved; negative if it was set back.
    pub(crate) fn by(&self) -> i64 {
        self.new - self.old
    }
}

/// All steps, in the order of the events. `machine` is the machine of each event.
pub(crate) fn steps(recognized: &Recognized<'_>, machine: &[Machine], ladder: &Ladder) -> Vec<Step> {
    let least = span_ticks(ladder.thresholds.clock.step);
    let mut steps = Vec::new();
    for event in 0..u32::try_from(recognized.events.len()).unwrap_or(u32::MAX) {
        for signal in recognized.signals(event) {
            let record = &recognized.events[event as usize];
            let time = |field: &str| {
                record.field(field).and_then(|text| text.trim().parse::<FileTime>().ok()).map(ticks)
            };
            for clock in ladder.clocks.iter().filter(|clock| clock.signal == signal) {
                if let (Some(old), Some(new)) = (time(&clock.from), time(&clock.to)) {
                    let mixes_up = new - old <= -least;
                    steps.push(Step { machine: machine[event as usize], event, old, new, mixes_up });
                }
            }
        }
    }
    steps.sort_by_key(|step| (step.machine, recognized.events[step.event as usize].record_id, step.event));
    steps.dedup_by_key(|step| (step.machine, step.old, step.new));
    steps
}

/// How much to add to each event's time so that records written before a clock was set back stand before those written
/// after it, on the clock as it was set. Clocks set forward leave gaps but mix nothing up; they are left alone, since
/// after sleep they are right on both sides.
pub(crate) fn corrections(
    events: &[Event],
    machine: &[Machine],
    steps: &[Step],
    ladder: &Ladder,
) -> Vec<i64> {
    let mut corrections = vec![0; events.len()];
    let back: Vec<&Step> = steps.iter().filter(|step| step.mixes_up).collect();
    if back.is_empty() {
        return corrections;
    }
    let least = span_ticks(ladder.thresholds.clock.step);
    let mut channels: BTreeMap<(Machine, &str), Vec<usize>> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        channels.entry((machine[index], &event.channel)).or_default().push(index);
    }
    for ((owner, channel), mut list) in channels {
        list.sort_by_key(|&index| (events[index].record_id, index));
        for step in back.iter().filter(|step| step.machine == owner) {
            let after = first_after(events, &list, channel, step, least);
            for &index in &list[..after] {
                corrections[index] += step.by();
            }
        }
    }
    corrections
}

/// The place in a channel's records (by record id) of the first one written after the step.
fn first_after(events: &[Event], list: &[usize], channel: &str, step: &Step, least: i64) -> usize {
    let told = &events[step.event as usize];
    if *told.channel == *channel {
        return list.partition_point(|&index| events[index].record_id <= told.record_id);
    }
    let time = |place: usize| ticks(events[list[place]].time);
    let fall = (1..list.len()).find(|&place| {
        time(place) < time(place - 1) + step.by() / 2
            && time(place - 1) <= step.old + least
            && time(place) >= step.new - least
    });
    // Without a fall nothing was written on one of the two sides.
    fall.unwrap_or_else(|| {
        list.iter().position(|&index| ticks(events[index].time) > step.new).unwrap_or(list.len())
    })
}
