//! Which channels of which machines the logs hold, and for what spans of time.
//!
//! Absence is evidence only inside coverage: a channel covers a span if it holds records at or before its start and
//! at or after its end, and no gap in the record ids and no damage lies between.

use crate::timeline::{Machine, Timeline};
use rdpwhy_logs::{FileTime, Reading};
use std::collections::BTreeMap;

/// Covered spans of one channel on one machine, in time order, not overlapping.
#[derive(Debug, Clone, Default)]
struct Covered {
    spans: Vec<(i64, i64)>,
    holes: Vec<(i64, i64)>,
}

/// Coverage of all channels of all machines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    channels: BTreeMap<(Machine, String), Covered>,
}

impl Coverage {
    /// Reads the coverage off the logs, on the common clock.
    pub(crate) fn new(reading: &Reading, timeline: &Timeline<'_>) -> Coverage {
        let mut coverage = Coverage::default();
        for log in &reading.logs {
            for span in &log.spans {
                let Some(machine) = timeline.machines.find(&span.computer) else { continue };
                let moved = |time: FileTime| timeline.common(machine, time);
                let covered = coverage.channels.entry((machine, span.channel.to_lowercase())).or_default();
                covered.spans.push((moved(span.first), moved(span.last)));
                for gap in &span.gaps {
                    covered.holes.push((moved(gap.after), moved(gap.before)));
                }
                for damage in &log.damages {
                    if let Some((after, before)) = damage.between {
                        covered.holes.push((moved(after), moved(before)));
                    }
                }
            }
        }
        for covered in coverage.channels.values_mut() {
            covered.settle();
        }
        coverage
    }

    /// Whether the machine's channel would hold what happened from `from` to `to` (ticks on the common clock).
    pub(crate) fn covers(&self, machine: Machine, channel: &str, from: i64, to: i64) -> bool {
        self.channels.get(&(machine, channel.to_lowercase())).is_some_and(|covered| covered.covers(from, to))
    }

    /// Whether any record of the machine's channel is held.
    pub(crate) fn holds(&self, machine: Machine, channel: &str) -> bool {
        self.channels.contains_key(&(machine, channel.to_lowercase()))
    }

    /// First and last moment held of any channel of the machine.
    pub(crate) fn extent(&self, machine: Machine) -> Option<(i64, i64)> {
        let spans = self.channels.iter().filter(|((of, _), _)| *of == machine).flat_map(|(_, c)| &c.spans);
        spans.fold(None, |extent, &(from, to)| match extent {
            None => Some((from, to)),
            Some((first, last)) => Some((from.min(first), to.max(last))),
        })
    }

    /// The last moment that the machine's channel holds.
    pub(crate) fn last(&self, machine: Machine, channel: &str) -> Option<i64> {
        let covered = self.channels.get(&(machine, channel.to_lowercase()))?;
        covered.spans.iter().map(|span| span.1).max()
    }
}

impl Covered {
    /// Joins overlapping spans. Two exports of one channel that do not overlap leave a hole between them.
    fn settle(&mut self) {
        self.spans.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(self.spans.len());
        for &(from, to) in &self.spans {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        self.spans = joined;
        self.holes.sort_unstable();
        self.holes.dedup();
    }

    fn covers(&self, from: i64, to: i64) -> bool {
        let inside = self.spans.iter().any(|&(first, last)| first <= from && to <= last);
        inside && !self.holes.iter().any(|&(after, before)| after < to && from < before)
    }
}

/// A time as signed ticks.
pub(crate) fn ticks(time: FileTime) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX / 4)
}
