//! Which channels of which machines the logs hold, and for what spans of time.
//!
//! Absence is evidence only inside coverage: a channel covers a span if it holds records at or before its start and
//! at or after its end, and no gap in the record ids and no damage lies between.

use crate::world::machine::Machine;
use crate::world::timeline::Timeline;
use rdpwhy_event::FileTime;
use rdpwhy_event::hash::HashMap;
use rdpwhy_logs::Reading;
use rdpwhy_rules::{Pack, SignalId};
use std::collections::{BTreeMap, BTreeSet};

/// The number of a channel that a log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Channel(u32);

/// One channel on one machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Covered {
    /// What each log holds: its first and last record id, and from when to when.
    parts: Vec<(u64, u64, i64, i64)>,
    /// Spans without a gap, in time order, not overlapping.
    spans: Vec<(i64, i64)>,
}

/// Coverage of all channels of all machines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    /// The number of each channel that is held, by its name as logs and rules spell it and in lower case.
    channels: HashMap<String, Channel>,
    /// By machine and by number of the channel.
    held: HashMap<(Machine, Channel), Covered>,
    /// The machines that hold a channel, by its number, in order.
    holders: HashMap<Channel, BTreeSet<Machine>>,
    /// From the first to the last moment of a machine's records.
    extents: BTreeMap<Machine, (i64, i64)>,
}

impl Coverage {
    /// Reads the coverage off the logs, on the common clock.
    pub(crate) fn new(reading: &Reading, timeline: &Timeline<'_>, pack: &Pack) -> Coverage {
        let mut coverage = Coverage::default();
        let put_right = timeline.put_right();
        for log in &reading.logs {
            let is_excerpt = log.is_excerpt();
            for span in &log.spans {
                let Some(machine) = timeline.machines.find(&span.computer) else { continue };
                let moved = |time: FileTime| timeline.common(machine, time);
                let written = put_right.get(&(machine, &*span.channel)).copied();
                let (from, to) = written.unwrap_or((i64::MAX, i64::MIN));
                let (first, last) = (moved(span.first).min(from), moved(span.last).max(to));
                let extent = coverage.extents.entry(machine).or_insert((first, last));
                *extent = (extent.0.min(first), extent.1.max(last));
                // Of an excerpt, what is missing in it means nothing.
                if is_excerpt {
                    continue;
                }
                let channel = coverage.number(&span.channel);
                coverage.holders.entry(channel).or_default().insert(machine);
                let covered = coverage.held.entry((machine, channel)).or_default();
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
        coverage.held.values_mut().for_each(Covered::settle);
        for channel in pack.signals().iter().flat_map(|signal| &signal.log_source.channels) {
            coverage.spell(channel);
        }
        coverage
    }

    /// The number of a channel that a log holds.
    fn number(&mut self, channel: &str) -> Channel {
        let next = Channel(u32::try_from(self.channels.len()).unwrap_or(u32::MAX));
        let number = *self.channels.entry(channel.to_lowercase()).or_insert(next);
        self.channels.entry(channel.to_owned()).or_insert(number);
        number
    }

    /// Notes how rules spell a channel, so that no look at it has to change its case.
    fn spell(&mut self, channel: &str) {
        if let Some(&number) = self.channels.get(&channel.to_lowercase()) {
            self.channels.entry(channel.to_owned()).or_insert(number);
        }
    }

    /// Whether the machine's channel would hold what happened from `from` to `to` (ticks on the common clock).
    pub(crate) fn covers(&self, machine: Machine, channel: &str, from: i64, to: i64) -> bool {
        self.named(machine, channel).is_some_and(|covered| covered.covers(from, to))
    }

    /// Whether the machine's logs would show any of the signals if it was written from `from` to `to`.
    pub(crate) fn shows<'s>(
        &self,
        pack: &Pack,
        signals: impl IntoIterator<Item = &'s SignalId>,
        machine: Machine,
        (from, to): (i64, i64),
    ) -> bool {
        let mut channels = signals.into_iter().map(|signal| pack.signal(*signal).home_channel());
        channels.any(|channel| self.covers(machine, channel, from, to))
    }

    /// The numbers of the channels that these signals are written to, as far as any log holds them, once each.
    pub(crate) fn numbers<'s>(
        &self,
        pack: &Pack,
        signals: impl IntoIterator<Item = &'s SignalId>,
    ) -> Vec<Channel> {
        let channels = signals.into_iter().map(|signal| pack.signal(*signal).home_channel());
        let mut numbers: Vec<Channel> = channels.filter_map(|channel| self.find(channel)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Whether one of these channels of the machine would hold what happened from `from` to `to`.
    pub(crate) fn any_covers(&self, machine: Machine, channels: &[Channel], (from, to): (i64, i64)) -> bool {
        let mut held = channels.iter().filter_map(|channel| self.channel(machine, *channel));
        held.any(|covered| covered.covers(from, to))
    }

    /// Whether any record of the machine's channel is held.
    pub(crate) fn holds(&self, machine: Machine, channel: &str) -> bool {
        self.named(machine, channel).is_some()
    }

    /// The number of the channel, if any log holds it.
    pub(crate) fn find(&self, channel: &str) -> Option<Channel> {
        self.channels.get(channel).copied()
    }

    /// What is held of the machine's channel.
    pub(crate) fn channel(&self, machine: Machine, channel: Channel) -> Option<&Covered> {
        self.held.get(&(machine, channel))
    }

    /// Whether any machine's records of the channel are held.
    pub(crate) fn holds_anywhere(&self, channel: &str) -> bool {
        self.channels.contains_key(channel)
    }

    /// The machines whose records of the channel are held, in order.
    pub(crate) fn holders(&self, channel: &str) -> impl Iterator<Item = Machine> {
        self.channels.get(channel).and_then(|number| self.holders.get(number)).into_iter().flatten().copied()
    }

    /// The spans in which the machine's channel is whole, in order.
    pub(crate) fn spans(&self, machine: Machine, channel: &str) -> &[(i64, i64)] {
        self.named(machine, channel).map_or(&[], |covered| &covered.spans)
    }

    fn named(&self, machine: Machine, channel: &str) -> Option<&Covered> {
        self.channel(machine, self.find(channel)?)
    }

    /// First and last moment held of any channel of the machine.
    pub(crate) fn extent(&self, machine: Machine) -> Option<(i64, i64)> {
        self.extents.get(&machine).copied()
    }

    /// The last moment that the machine's channel holds.
    pub(crate) fn last(&self, machine: Machine, channel: &str) -> Option<i64> {
        self.named(machine, channel)?.parts.iter().map(|part| part.3).max()
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

    /// Whether it would hold what happened from `from` to `to` (ticks on the common clock).
    pub(crate) fn covers(&self, from: i64, to: i64) -> bool {
        self.around(from, to).is_some()
    }

    /// The span without a gap that holds what happened from `from` to `to`, if there is one.
    pub(crate) fn around(&self, from: i64, to: i64) -> Option<(i64, i64)> {
        let next = self.spans.partition_point(|span| span.0 <= from);
        self.spans[..next].last().copied().filter(|span| to <= span.1)
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
