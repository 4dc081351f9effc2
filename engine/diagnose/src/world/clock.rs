//! Clocks that were set: what the steps were, and the true order of records that a clock set back has mixed up.

use crate::world::machine::Machine;
use crate::world::recognized::Recognized;
use crate::world::tick::{span_ticks, ticks};
use rdpwhy_event::{Event, FileId, FileTime};
use rdpwhy_rules::ladder::Ladder;
use rdpwhy_rules::ladder::thresholds::Clock;
use std::collections::{BTreeMap, BTreeSet};

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
}

impl Step {
    /// Ticks by which the clock was moved; negative if it was set back.
    pub(crate) fn by(&self) -> i64 {
        self.new - self.old
    }
}

/// A step is compared with at most so many before it, to see whether another channel has told of it.
const COMPARED: usize = 64;

/// All steps, in the order of the records. `machine` is the machine of each event.
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
                    steps.push(Step { machine: machine[event as usize], event, old, new });
                }
            }
        }
    }
    let told: BTreeSet<Machine> =
        steps.iter().filter(|step| step.by().abs() >= least).map(|step| step.machine).collect();
    steps.extend(excursions(recognized.events, machine, &told, ladder));
    steps.sort_by_key(|step| (step.machine, recognized.events[step.event as usize].record_id, step.event));
    // Two channels may tell of the same step.
    let same = |a: &Step, b: &Step| (a.old - b.old).abs() < least && (a.new - b.new).abs() < least;
    let mut kept: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps {
        let own = kept.iter().rev().take_while(|other| other.machine == step.machine);
        if step.by().abs() < least || !own.take(COMPARED).any(|other| same(other, &step)) {
            kept.push(step);
        }
    }
    kept
}

/// Excursions of clocks that no record tells of: record numbers go on while the times fall by far, and later return. Of each
/// machine the channel counts that shows the longest fall: the pauses between its records blur it least. `told` are the machines
/// whose own records tell of their clocks.
fn excursions(events: &[Event], machine: &[Machine], told: &BTreeSet<Machine>, ladder: &Ladder) -> Vec<Step> {
    let limits = &ladder.thresholds.clock;
    let mut writers: BTreeMap<FileId, BTreeSet<Machine>> = BTreeMap::new();
    let mut logs: BTreeMap<(Machine, FileId, &str), Vec<u32>> = BTreeMap::new();
    for (index, event) in (0_u32..).zip(events) {
        let owner = machine[index as usize];
        writers.entry(event.file).or_default().insert(owner);
        if !event.recovered && !told.contains(&owner) {
            logs.entry((owner, event.file, &event.channel)).or_default().push(index);
        }
    }
    // Into a log of several machines records come when they come.
    logs.retain(|(_, file, _), _| writers[file].len() == 1);
    let mut found: BTreeMap<Machine, (Step, Step)> = BTreeMap::new();
    for ((owner, _, _), mut list) in logs {
        list.sort_by_key(|&event| (events[event as usize].record_id, event));
        let Some(pair) = excursion(events, owner, &list, limits) else { continue };
        let longer = |kept: &(Step, Step)| pair.0.by() < kept.0.by();
        if found.get(&owner).is_none_or(longer) {
            found.insert(owner, pair);
        }
    }
    found.into_values().flat_map(|(fall, rise)| [fall, rise]).collect()
}

/// The first fall of the times in a channel's records (by record number) that a later rise takes back.
fn excursion(events: &[Event], machine: Machine, list: &[u32], limits: &Clock) -> Option<(Step, Step)> {
    let time = |event: u32| ticks(events[event as usize].time);
    let steps = list.windows(2).filter_map(|pair| {
        let step = Step { machine, event: pair[1], old: time(pair[0]), new: time(pair[1]) };
        (step.by().abs() >= span_ticks(limits.untold)).then_some(step)
    });
    let mut fall: Option<Step> = None;
    for step in steps {
        match fall {
            Some(first) if takes_back(first, step, limits.returns) => return Some((first, step)),
            _ if step.by() < 0 => fall = Some(step),
            _ => {}
        }
    }
    None
}

/// A stretch of a machine's records whose times are wrong by as much as a later step made good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong {
    /// Whose clock.
    machine: Machine,
    /// The step that made it wrong; none where it was wrong from the first record on.
    from: Option<Step>,
    /// The step that put it right.
    until: Step,
}

impl Wrong {
    /// Whose clock.
    pub(crate) fn machine(&self) -> Machine {
        self.machine
    }

    /// What to add to a time of that stretch, in ticks.
    fn by(&self) -> i64 {
        self.until.by()
    }

    /// Whether a time as written can be of that stretch.
    fn may_hold(&self, time: i64, slack: i64) -> bool {
        match &self.from {
            Some(from) => from.new - slack <= time && time <= self.until.old + slack,
            None => true,
        }
    }

    /// Whether a time as written, of which nothing else is known, must be of that stretch.
    fn must_hold(&self, time: i64) -> bool {
        match &self.from {
            Some(from) => self.by().abs() > self.until.old - from.new && self.may_hold(time, 0),
            None => time < self.until.new,
        }
    }
}

/// The stretches in which clocks were wrong. A step and a later one that takes it back were an excursion: only what lies between
/// them is wrong. A clock set back for good was wrong before. One set forward for good leaves a gap and mixes nothing up: after
/// sleep it was right on both sides.
pub(crate) fn wrong(steps: &[Step], ladder: &Ladder) -> Vec<Wrong> {
    let limits = &ladder.thresholds.clock;
    let mut found = Vec::new();
    for steps in steps.chunk_by(|a, b| a.machine == b.machine) {
        let mut open: Vec<Step> = Vec::new();
        for &step in steps.iter().filter(|step| step.by().abs() >= span_ticks(limits.step)) {
            let taken_back = open.last().copied().filter(|last| takes_back(*last, step, limits.returns));
            match taken_back {
                Some(from) => {
                    open.pop();
                    found.push(Wrong { machine: step.machine, from: Some(from), until: step });
                }
                None => open.push(step),
            }
        }
        let back = open.into_iter().filter(|step| step.by() < 0);
        found.extend(back.map(|until| Wrong { machine: until.machine, from: None, until }));
    }
    found
}

/// Whether the second step takes the first one back, but for this part of it.
#[expect(clippy::cast_precision_loss, reason = "a share is enough")]
fn takes_back(first: Step, second: Step, but: f64) -> bool {
    let left = (first.by() + second.by()).abs() as f64;
    first.by().signum() != second.by().signum()
        && left <= first.by().abs().max(second.by().abs()) as f64 * but
}

/// A time as a machine wrote it, put right where it must be of a stretch in which the clock was wrong.
pub(crate) fn put_right(machine: Machine, time: i64, wrong: &[Wrong]) -> i64 {
    let own = wrong.iter().filter(|wrong| wrong.machine == machine && wrong.must_hold(time));
    time + own.map(Wrong::by).sum::<i64>()
}

/// How much to add to each event's time so that it stands where it was written.
pub(crate) fn corrections(
    events: &[Event],
    machine: &[Machine],
    wrong: &[Wrong],
    ladder: &Ladder,
) -> Vec<i64> {
    let mut corrections = vec![0; events.len()];
    if wrong.is_empty() {
        return corrections;
    }
    let least = span_ticks(ladder.thresholds.clock.step);
    let mut channels: BTreeMap<(Machine, &str), Vec<usize>> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        channels.entry((machine[index], &event.channel)).or_default().push(index);
    }
    for ((owner, channel), mut list) in channels {
        list.sort_by_key(|&index| (events[index].record_id, index));
        for wrong in wrong.iter().filter(|wrong| wrong.machine == owner) {
            let place = |step: &Step| place(events, &list, channel, step, least);
            let (from, until) = (wrong.from.as_ref().and_then(place), place(&wrong.until));
            let until = until.unwrap_or_else(|| match wrong.from {
                Some(_) => list.len(),
                // Without a fall nothing was written on one of the two sides.
                None => list.partition_point(|&index| ticks(events[index].time) <= wrong.until.new),
            });
            for &index in &list[from.unwrap_or(0).min(until)..until] {
                if wrong.may_hold(ticks(events[index].time), least) {
                    corrections[index] += wrong.by();
                }
            }
        }
    }
    corrections
}

/// The place in a channel's records (by record id) of the first one written after the step; `None` where no jump shows it.
fn place(events: &[Event], list: &[usize], channel: &str, step: &Step, least: i64) -> Option<usize> {
    let told = &events[step.event as usize];
    if *told.channel == *channel {
        // The record of a step is mostly written on the new clock, but not by every build.
        let after = (ticks(told.time) - step.new).abs() <= (ticks(told.time) - step.old).abs();
        let id = told.record_id;
        return Some(list.partition_point(|&index| {
            let own = events[index].record_id;
            own < id || (own == id && !after)
        }));
    }
    let time = |place: usize| ticks(events[list[place]].time);
    (1..list.len()).find(|&place| {
        let jump = time(place) - time(place - 1);
        jump.signum() == step.by().signum()
            && jump.abs() > step.by().abs() / 2
            && time(place - 1) <= step.old + least
            && time(place) >= step.new - least
    })
}
