//! Why, and what speaks against it: each reason with its weight and the records that prove it.

use super::page::Tone;
use super::report::Report;
use crate::words::figure::{count, factor};
use crate::words::reason::{ESTIMATES, NOTHING_AGAINST, NOTHING_FOR, marked, reasons, sentence};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Record};

/// This many further record ids are beside the first one.
const RECORDS_BESIDE: usize = 3;
/// Columns of a weight, with the space behind it.
pub(super) const FACTOR: usize = 9;

impl Report<'_> {
    pub(super) fn evidence(&mut self, cause: &Cause) {
        self.why(cause);
        self.against(cause);
        self.page.paragraph(2, ESTIMATES, Tone::Faint);
    }

    fn why(&mut self, cause: &Cause) {
        self.page.heading("Evidence  (× = how many times more likely this makes the cause)");
        let reasons = reasons(cause, true);
        if reasons.is_empty() {
            self.page.paragraph(2, NOTHING_FOR, Tone::Plain);
        }
        self.reasons(&reasons);
    }

    fn against(&mut self, cause: &Cause) {
        let reasons = reasons(cause, false);
        if reasons.is_empty() {
            let lead = format!("{:>width$}  ", "÷", width = FACTOR - 2);
            self.page.item(&lead, Tone::Plain, NOTHING_AGAINST, Tone::Plain);
            return;
        }
        self.page.heading("Against  (÷ = how many times less likely this makes the cause)");
        self.reasons(&reasons);
    }

    fn reasons(&mut self, reasons: &[&Evidence]) {
        let told = self.limits.reasons;
        for reason in reasons.iter().take(told) {
            let lead = format!("  {:>width$}  ", factor(reason.likelihood_ratio), width = FACTOR - 4);
            let tone = if reason.for_it { Tone::Strong } else { Tone::Careful };
            self.page.item(&lead, tone, &sentence(reason), Tone::Plain);
            if let Some(basis) = marked(reason) {
                self.page.paragraph(FACTOR, &basis, Tone::Faint);
            }
            self.proof(reason);
            self.telling_values(FACTOR, reason);
        }
        self.more(reasons.len(), told, "more reason");
    }

    /// The records that tell it: the first with its time, a few more by their number; all of them if asked for.
    fn proof(&mut self, evidence: &Evidence) {
        if self.whole {
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
            let time = self.clock.moment(first.time);
            let text = format!("{time} · {}{count}", self.places.record(first, &beside(evidence, first)));
            self.page.paragraph(FACTOR, &text, Tone::Faint);
        }
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
