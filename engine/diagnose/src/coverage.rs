//! Which channels of which machines the logs hold, and for what spans of time.
//!
//! Absence is evidence only inside coverage: a channel covers a span if it holds records at or before its start and
//! at or after its end, and no gap in the record ids and no damage lies between.

use crate::timeline::{Machine, Timeline};
use rdpwhy_event::FileTime;
use rdpwhy_logs::Reading;
use std::collections::BTreeMap;

/// One channel on one machine.
#[derive(Debug, Clone, Default)]
struct Covered {
    /// What each log holds: its first and last record id, and from when to when.
    parts: Vec<(u64, u64, i64, i64)>,
    /// Spans without a gap, in time order, not overlapping.
    spans: Vec<(i64, i64)>,
}

/// Coverage of all channels of all machines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    /// By machine, then by name of the channel.
    machines: BTreeMap<Machine, BTreeMap<String, Covered>>,
    /// From when to when records of a machine are that somebody chose: they cover nothing.
    excerpts: BTreeMap<Machine, Vec<(i64, i64)>>,
}

impl Coverage {
    /// Reads the coverage off the logs, on the common clock.
    pub(crate) fn new(reading: &Reading, timeline: &Timeline<'_>) -> Coverage {
        let mut coverage = Coverage::default();
        for log in &reading.logs {
            for span in &log.spans {
                let Some(machine) = timeline.machines.find(&span.computer) else { continue };
                let moved = |time: FileTime| timeline.common(machine, time);
                // Of an excerpt, what is missing in it means nothing.
                if log.is_excerpt() {
                    let excerpts = coverage.excerpts.entry(machine).or_default();
                    excerpts.push((moved(span.first), moved(span.last)));
                    continue;
                }
                let channels = coverage.machines.entry(machine).or_default();
                let covered = channels.entry(span.channel.to_lowercase()).or_default();
                let (first, last) = (moved(span.first), moved(span.last));
                covered.parts.push((span.first_record_id, span.last_record_id, first, last));
                let mut holes: Vec<(i64, i64)> =
                    span.gaps.iter().map(|gap| (moved(gap.after), moved(gap.before))).collect();
                // Not all gaps of a log with many are listed: nothing is known behind the last one that is.
                if let Some(gap) = span.gaps.last()
                    && span.gap_count > span.gaps.len() as u64
                {
                    holes.push((moved(gap.before), last));
                }
                // Nobody looked at what is older.
                holes.extend(reading.events_from.map(|from| (first, moved(from))));
                let damages = log.damages.iter().filter_map(|damage| damage.between);
                holes.extend(damages.map(|(after, before)| (moved(after), moved(before))));
                covered.spans.extend(without(first, last, holes));
            }
        }
        for covered in coverage.machines.values_mut().flat_map(BTreeMap::values_mut) {
            covered.settle();
        }
        coverage
    }

    /// Whether the machine's channel would hold what happened from `from` to `to` (ticks on the common clock).
    pub(crate) fn covers(&self, machine: Machine, channel: &str, from: i64, to: i64) -> bool {
        self.channel(machine, channel).is_some_and(|covered| covered.covers(from, to))
    }

    /// Whether any record of the machine's channel is held.
    pub(crate) fn holds(&self, machine: Machine, channel: &str) -> bool {
        self.channel(machine, channel).is_some()
    }

    /// A machine has few channels, and this is asked for every attempt and every piece of evidence: they are compared
    /// where they stand.
    fn channel(&self, machine: Machine, channel: &str) -> Option<&Covered> {
        let mut channels = self.machines.get(&machine)?.iter();
        channels.find(|(name, _)| name.eq_ignore_ascii_case(channel)).map(|(_, covered)| covered)
    }

    /// First and last moment held of any channel of the machine.
    pub(crate) fn extent(&self, machine: Machine) -> Option<(i64, i64)> {
        let channels = self.machines.get(&machine).into_iter().flat_map(BTreeMap::values);
        let parts = channels.flat_map(|covered| &covered.parts).map(|&(_, _, from, to)| (from, to));
        let excerpts = self.excerpts.get(&machine).into_iter().flatten().copied();
        parts.chain(excerpts).fold(None, |extent, (from, to)| match extent {
            None => Some((from, to)),
            Some((first, last)) => Some((from.min(first), to.max(last))),
        })
    }

    /// The last moment that the machine's channel holds.
    pub(crate) fn last(&self, machine: Machine, channel: &str) -> Option<i64> {
        self.channel(machine, channel)?.parts.iter().map(|part| part.3).max()
    }
}

impl Covered {
    /// Joins overlapping spans, and those of logs whose record ids follow each other: one log cut in two. Other logs of
    /// one channel that do not overlap leave a hole between them.
    fn settle(&mut self) {
        self.parts.sort_unstable();
        for pair in self.parts.windows(2) {
            let ((_, last_id, _, last), (first_id, _, first, _)) = (pair[0], pair[1]);
            if last_id.checked_add(1) == Some(first_id) && last <= first {
                self.spans.push((last, first));
            }
        }
        self.spans.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(self.spans.len());
        for &(from, to) in &self.spans {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        self.spans = joined;
    }

    fn covers(&self, from: i64, to: i64) -> bool {
        let next = self.spans.partition_point(|span| span.0 <= from);
        next > 0 && to <= self.spans[next - 1].1
    }
}

/// What is left of a span when its holes are taken out; the moments at their edges stay.
fn without(first: i64, last: i64, mut holes: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    holes.sort_unstable();
    let mut left = Vec::with_capacity(holes.len() + 1);
    let mut from = first;
    for (after, before) in holes {
        if from <= after {
            left.push((from, after.min(last)));
        }
        from = from.max(before);
    }
    if from <= last {
        left.push((from, last));
    }
    left
}

/// A time as signed ticks.
pub(crate) fn ticks(time: FileTime) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX / 4)
}
