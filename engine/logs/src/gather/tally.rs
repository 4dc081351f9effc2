//! How many records of each kind there are, and when.

use std::sync::Arc;

use rdpwhy_event::FileTime;
use rdpwhy_event::hash::HashMap;
use rdpwhy_evtx::Kind;

/// Kinds counted separately at most; records of further kinds count under one without names and event id 0.
const MAX_KINDS: usize = 1 << 16;
/// Buckets a kind may have: eleven days of every minute. Beyond that its buckets become twice as wide.
const MAX_BUCKETS: usize = 1 << 14;
/// This many buckets that come late, and an eighth of the others, are put into their places in one go.
const LEAST_LATE: usize = 64;
/// Buckets all kinds together may have in the end.
const MAX_ALL_BUCKETS: usize = 1 << 20;

/// How many records of each kind there are, and when: every record counts, decoded or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// By computer, channel, provider, event id.
    pub counts: Vec<Count>,
}

/// The records of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The computer.
    pub computer: Arc<str>,
    /// The channel.
    pub channel: Arc<str>,
    /// The provider.
    pub provider: Arc<str>,
    /// The event id.
    pub event_id: u32,
    /// How many.
    pub total: u64,
    /// Width of the histogram's buckets in minutes: 1 unless there would be too many.
    pub bucket_minutes: u32,
    /// The first minute of a bucket (counted from 1601-01-01 UTC, see [`FileTime::from_minute`]) and how many
    /// records it holds; in order, without empty ones.
    pub histogram: Vec<(u32, u32)>,
}

impl Tally {
    /// How many records of a provider, event id and channel there are, on all computers.
    pub fn total(&self, provider: &str, event_id: u32, channel: &str) -> u64 {
        let alike = |count: &&Count| {
            count.event_id == event_id && *count.provider == *provider && *count.channel == *channel
        };
        self.counts.iter().filter(alike).map(|count| count.total).sum()
    }
}

impl Count {
    /// How many records lie in the buckets that `from..=to` touches.
    pub fn within(&self, from: FileTime, to: FileTime) -> u64 {
        let first = from.minute() / self.bucket_minutes * self.bucket_minutes;
        let buckets = &self.histogram[self.histogram.partition_point(|(minute, _)| *minute < first)..];
        buckets
            .iter()
            .take_while(|(minute, _)| *minute <= to.minute())
            .map(|(_, count)| u64::from(*count))
            .sum()
    }
}

/// A tally in the making. Its result does not depend on the order of the records, as long as the limit of kinds
/// is not reached; then it depends on the order of the first records of each kind.
#[derive(Debug, Default)]
pub(crate) struct TallyBuilder {
    histograms: HashMap<Arc<Kind>, Histogram>,
}

#[derive(Debug, Clone)]
struct Histogram {
    total: u64,
    /// A power of two.
    width: u32,
    /// In order.
    buckets: Vec<(u32, u32)>,
    /// What belongs before the last of them, in no order: logs are mostly in the order of time.
    late: Vec<(u32, u32)>,
}

impl TallyBuilder {
    /// Adds records of one kind: minutes, and how many there are in each.
    pub(crate) fn add(&mut self, kind: &Arc<Kind>, minutes: &[(u32, u32)]) {
        let histogram = self.histogram(kind);
        for &(minute, count) in minutes {
            histogram.total += u64::from(count);
            histogram.put(minute, count);
        }
        histogram.fit(MAX_BUCKETS);
    }

    pub(crate) fn merge(&mut self, other: TallyBuilder) {
        if self.histograms.is_empty() {
            *self = other;
            return;
        }
        let mut kinds: Vec<_> = other.histograms.into_iter().collect();
        kinds.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (kind, from) in kinds {
            let into = self.histogram(&kind);
            into.total += from.total;
            into.widen(from.width);
            for (minute, count) in from.buckets.into_iter().chain(from.late) {
                into.put(minute, count);
            }
            into.fit(MAX_BUCKETS);
        }
    }

    /// Takes back one record that was added.
    pub(crate) fn remove(&mut self, kind: &Arc<Kind>, minute: u32) {
        let histogram = self.histogram(kind);
        histogram.total = histogram.total.saturating_sub(1);
        histogram.take(minute);
        if histogram.total == 0 {
            self.histograms.remove(kind);
        }
    }

    fn histogram(&mut self, kind: &Arc<Kind>) -> &mut Histogram {
        let others = || Kind { computer: "".into(), channel: "".into(), provider: "".into(), event_id: 0 };
        let is_full = self.histograms.len() >= MAX_KINDS;
        let kind = if is_full && !self.histograms.contains_key(kind) {
            Arc::new(others())
        } else {
            Arc::clone(kind)
        };
        self.histograms.entry(kind).or_insert(Histogram {
            total: 0,
            width: 1,
            buckets: Vec::new(),
            late: Vec::new(),
        })
    }

    pub(crate) fn finish(mut self) -> Tally {
        let mut limit = MAX_BUCKETS;
        self.histograms.values_mut().for_each(|histogram| {
            histogram.settle();
            histogram.fit(MAX_BUCKETS);
        });
        while limit > 1
            && self.histograms.values().map(|histogram| histogram.buckets.len()).sum::<usize>()
                > MAX_ALL_BUCKETS
        {
            limit /= 2;
            self.histograms.values_mut().for_each(|histogram| histogram.fit(limit));
        }
        let mut counts: Vec<Count> =
            self.histograms.into_iter().map(|(kind, histogram)| histogram.count(&kind)).collect();
        counts.sort_by(|a, b| {
            let key = |count: &Count| {
                (count.computer.clone(), count.channel.clone(), count.provider.clone(), count.event_id)
            };
            key(a).cmp(&key(b))
        });
        Tally { counts }
    }
}

impl Histogram {
    fn put(&mut self, minute: u32, count: u32) {
        let bucket = minute / self.width * self.width;
        match self.buckets.last_mut() {
            Some((last, counted)) if *last == bucket => *counted = counted.saturating_add(count),
            Some((last, _)) if *last > bucket => {
                self.late.push((bucket, count));
                if self.late.len() >= LEAST_LATE + self.buckets.len() / 8 {
                    self.settle();
                }
            }
            _ => self.buckets.push((bucket, count)),
        }
    }

    /// Takes back one record.
    fn take(&mut self, minute: u32) {
        self.settle();
        let bucket = minute / self.width * self.width;
        if let Ok(place) = self.buckets.binary_search_by_key(&bucket, |(minute, _)| *minute) {
            self.buckets[place].1 = self.buckets[place].1.saturating_sub(1);
            if self.buckets[place].1 == 0 {
                self.buckets.remove(place);
            }
        }
    }

    /// Puts what came late into its place.
    fn settle(&mut self) {
        if !self.late.is_empty() {
            self.buckets.append(&mut self.late);
            // Nearly sorted: the late ones are a run of their own.
            self.buckets.sort_by_key(|(minute, _)| *minute);
            self.join();
        }
    }

    /// Makes one of buckets of the same minute.
    fn join(&mut self) {
        self.buckets.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
    }

    fn fit(&mut self, limit: usize) {
        while self.buckets.len() > limit && self.width < 1 << 31 {
            self.settle();
            if self.buckets.len() > limit {
                self.widen(self.width * 2);
            }
        }
    }

    fn widen(&mut self, width: u32) {
        if width <= self.width {
            return;
        }
        self.settle();
        self.width = width;
        self.buckets.iter_mut().for_each(|(minute, _)| *minute = *minute / width * width);
        self.join();
    }

    fn count(self, kind: &Kind) -> Count {
        Count {
            computer: Arc::clone(&kind.computer),
            channel: Arc::clone(&kind.channel),
            provider: Arc::clone(&kind.provider),
            event_id: kind.event_id,
            total: self.total,
            bucket_minutes: self.width,
            histogram: self.buckets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(event_id: u32) -> Arc<Kind> {
        Arc::new(Kind { computer: "H".into(), channel: "C".into(), provider: "P".into(), event_id })
    }

    #[test]
    fn minutes_are_counted_and_found_again() {
        let mut builder = TallyBuilder::default();
        for (minute, count) in [(10, 1), (12, 2), (10, 3)] {
            builder.add(&kind(7), &[(minute, count)]);
        }
        let tally = builder.finish();
        assert_eq!(tally.counts[0].histogram, [(10, 4), (12, 2)]);
        assert_eq!(tally.total("P", 7, "C"), 6);
        assert_eq!(tally.counts[0].within(FileTime::from_minute(11), FileTime::from_minute(12)), 2);
    }

    #[test]
    fn what_is_taken_back_was_never_there() {
        let mut builder = TallyBuilder::default();
        builder.add(&kind(7), &[(10, 2), (12, 1)]);
        builder.add(&kind(8), &[(10, 1)]);
        [(7, 10), (7, 12), (8, 10)].iter().for_each(|&(id, minute)| builder.remove(&kind(id), minute));
        let tally = builder.finish();
        assert_eq!((tally.counts.len(), &tally.counts[0].histogram), (1, &vec![(10, 1)]));
    }

    #[test]
    fn too_many_buckets_become_wider_whatever_the_order() {
        let minutes: Vec<u32> = (0..3 * MAX_BUCKETS as u32).collect();
        let mut whole = TallyBuilder::default();
        minutes.iter().for_each(|&minute| whole.add(&kind(7), &[(minute, 1)]));
        let mut parts = TallyBuilder::default();
        for part in minutes.rchunks(1000) {
            let mut builder = TallyBuilder::default();
            part.iter().for_each(|&minute| builder.add(&kind(7), &[(minute, 1)]));
            parts.merge(builder);
        }
        let tally = whole.finish();
        assert_eq!((tally.counts[0].bucket_minutes, tally.counts[0].total), (4, 3 * MAX_BUCKETS as u64));
        assert_eq!(parts.finish(), tally);
    }

    #[test]
    fn kinds_beyond_the_limit_count_together() {
        let mut builder = TallyBuilder::default();
        (1..=MAX_KINDS as u32 + 5).for_each(|id| builder.add(&kind(id), &[(1, 1)]));
        let tally = builder.finish();
        assert_eq!((tally.counts[0].event_id, tally.counts[0].total), (0, 5));
        assert_eq!(tally.counts.len(), MAX_KINDS + 1);
    }
}
