//! What the logs hold, and by how much their clocks differ.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::assemble::figure::{by_count, counted};
use crate::diagnosis::result as view;
use crate::world::address::Address;
use rdpwhy_logs::RecordGap;
use rdpwhy_rules::SignalId;
use std::collections::BTreeMap;

/// At most so many gaps of a log are listed.
const GAPS_LISTED: usize = 20;

impl Assembly<'_> {
    pub(super) fn clocks(&self) -> Vec<view::Clock> {
        self.scene
            .offsets
            .iter()
            .map(|offset| {
                #[expect(clippy::cast_precision_loss, reason = "an offset is at most a day")]
                let seconds = offset.ahead as f64 / 1e7;
                view::Clock {
                    client: self.machine(offset.client),
                    host: self.machine(offset.host),
                    ahead_seconds: (seconds * 1000.0).round() / 1000.0,
                    attempts: offset.attempts,
                }
            })
            .collect()
    }

    pub(super) fn coverage(&self) -> Vec<view::Coverage> {
        let mut rows: Vec<view::Coverage> = Vec::new();
        for log in &self.reading.logs {
            let first = rows.len();
            for span in &log.spans {
                rows.push(view::Coverage {
                    channel: span.channel.to_string(),
                    computer: span.computer.to_string(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: span.records,
                    recovered: 0,
                    damaged: log.damages.len(),
                    gaps: usize::try_from(span.gap_count).unwrap_or(usize::MAX),
                    missing: span.gaps.iter().take(GAPS_LISTED).map(missing).collect(),
                    first: Some(span.first),
                    last: Some(span.last),
                });
            }
            let recovered = log.recovered;
            if let Some(row) = rows.get_mut(first) {
                row.recovered = recovered;
            }
            if log.spans.is_empty() {
                rows.push(view::Coverage {
                    channel: log.channel_of_name().unwrap_or_default(),
                    computer: String::new(),
                    file: log.name.clone(),
                    sha256: log.sha256.clone(),
                    bytes: log.bytes,
                    records: 0,
                    recovered,
                    damaged: log.damages.len(),
                    gaps: 0,
                    missing: Vec::new(),
                    first: None,
                    last: None,
                });
            }
        }
        rows
    }

    /// What was summed up by the reading, for there was too much of it.
    pub(super) fn older(&self) -> Option<view::Older> {
        let sums = self.reading.older.as_ref()?;
        let first = sums.iter().map(|sum| sum.first).min()?;
        let last = sums.iter().map(|sum| sum.last).max()?;
        let (mut shown, mut sources): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
        for sum in sums {
            let events = usize::try_from(sum.events).unwrap_or(usize::MAX);
            for signal in SignalId::of_marks(&sum.marks) {
                *shown.entry(self.pack().signal(signal).signal.title.clone()).or_default() += events;
            }
            if let Some(source) = &sum.source {
                *sources.entry(Address::parse(source).host.to_string()).or_default() += events;
            }
        }
        Some(view::Older {
            records: usize::try_from(sums.iter().map(|sum| sum.events).sum::<u64>()).unwrap_or(usize::MAX),
            shown: counted(by_count(shown)),
            source_count: sources.len(),
            sources: counted(by_count(sources)),
            first,
            last,
        })
    }
}

fn missing(gap: &RecordGap) -> view::Missing {
    view::Missing {
        records: gap.before_id.saturating_sub(gap.after_id).saturating_sub(1),
        after: gap.after,
        before: gap.before,
    }
}
