//! Why, and what speaks against it: each reason with its weight and the records that prove it.

use super::Report;
use super::page::Tone;
use crate::words::figure::{count, factor};
use crate::words::reason::{reasons, sentence};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Record};

/// So many reasons are told unless all are asked for.
const REASONS_TOLD: usize = 8;
/// So many further record ids stand beside the first one.
const RECORDS_BESIDE: usize = 3;
/// Columns of a weight, with the space behind it.
pub(super) const FACTOR: usize = 9;

impl Report<'_> {
    pub(super) fn why(&mut self, cause: &Cause) {
        self.page.heading("Why  (× so many times likelier by this)");
        let reasons = reasons(cause, true);
        if reasons.is_empty() {
            self.page.paragraph(
                2,
                "Nothing in these logs speaks for it; only how common it is.",
                Tone::Plain,
            );
        }
        self.reasons(&reasons);
    }

    pub(super) fn against(&mut self, cause: &Cause) {
        let reasons = reasons(cause, false);
        if reasons.is_empty() {
            let lead = format!("{:>width$}  ", "÷", width = FACTOR - 2);
            self.page.item(&lead, Tone::Plain, "Nothing in these logs speaks against it.", Tone::Plain);
            return;
        }
        self.page.heading("Against  (÷ so many times less likely by this)");
        self.reasons(&reasons);
    }

    fn reasons(&mut self, reasons: &[&Evidence]) {
        let told = if self.options.verbose { reasons.len() } else { REASONS_TOLD };
        for reason in reasons.iter().take(told) {
            let lead = format!("  {:>width$}  ", factor(reason.likelihood_ratio), width = FACTOR - 4);
            let tone = if reason.for_it { Tone::Strong } else { Tone::Careful };
            self.page.item(&lead, tone, &sentence(reason), Tone::Plain);
            self.proof(reason);
        }
        self.more(reasons.len(), told, "more reason");
    }

    /// The records that tell it: the first with its time, a few more by their number; all of them if asked for.
    fn proof(&mut self, evidence: &Evidence) {
        if self.options.verbose {
            for record in &evidence.records {
                let text = format!("{} · {}", self.record(record), value(&record.provider));
                self.page.paragraph(FACTOR, &text, Tone::Faint);
            }
            let untold = evidence.record_count.saturating_sub(evidence.records.len());
            if untold > 0 {
                let text = format!("… and {} more records", count(untold as u64));
                self.page.paragraph(FACTOR, &text, Tone::Faint);
            }
        } else if let Some(first) = evidence.records.first() {
            let all = evidence.record_count;
            let count = if all > 1 { format!(" · {} records", count(all as u64)) } else { String::new() };
            let time = self.clock.moment(&first.time);
            let text = format!("{time} · {}{count}", self.places.record(first, &beside(evidence, first)));
            self.page.paragraph(FACTOR, &text, Tone::Faint);
        }
    }

    /// `2026-03-09 07:58:31.402  System #8815 (event 36870)`.
    pub(super) fn record(&mut self, record: &Record) -> String {
        format!("{} · {}", self.clock.moment(&record.time), self.places.record(record, ""))
    }
}

/// The numbers of a few records like the first.
fn beside(evidence: &Evidence, first: &Record) -> String {
    let more = evidence.record_count.saturating_sub(1);
    if more == 0 {
        return String::new();
    }
    let alike = |record: &&Record| {
        let place = |record: &Record| (record.event_id, record.recovered);
        record.channel == first.channel && record.file == first.file && place(record) == place(first)
    };
    let ids: Vec<String> = evidence.records[1..]
        .iter()
        .filter(alike)
        .take(RECORDS_BESIDE)
        .map(|record| format!(", #{}", record.record_id))
        .collect();
    let dots = if more > ids.len() { " …" } else { "" };
    format!("{}{dots}", ids.concat())
}
