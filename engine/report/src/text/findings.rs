//! Findings beside the causes: notices, failures put aside, leads, and what could not be read.

use super::Report;
use super::figure::{count, several};
use super::page::Tone;
use crate::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Lead, Notice};

/// So many leads are told unless all are asked for.
const LEADS_TOLD: usize = 3;
/// So many warnings are told unless all are asked for.
const WARNINGS_TOLD: usize = 10;
/// What stands between the message of a warning and its advice.
const HELP: &str = "\n  help: ";

impl Report<'_> {
    pub(super) fn notices(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.notices.is_empty() {
            return;
        }
        self.page.heading("Notices");
        let mut notices: Vec<&Notice> = diagnosis.notices.iter().collect();
        notices.sort_by_key(|notice| urgency(notice));
        for notice in notices {
            self.notice(notice);
        }
    }

    fn notice(&mut self, notice: &Notice) {
        let (lead, tone) = match notice.severity.as_str() {
            "security" => ("  SECURITY  ", Tone::Bad),
            "warning" => ("  warning   ", Tone::Careful),
            _ => ("  note      ", Tone::Plain),
        };
        let title = format!("{} · {}", value(&notice.title), self.places.machine(&notice.machine));
        self.page.item(lead, tone, &title, Tone::Strong);
        self.page.paragraph(12, &value(&notice.text), Tone::Plain);
        if !notice.so.trim().is_empty() {
            self.page.paragraph(12, &prose(&notice.so), Tone::Plain);
        }
        let told = if self.options.verbose { notice.records.len() } else { 1 };
        for record in notice.records.iter().take(told) {
            let more = notice.count.saturating_sub(1);
            let beside = if told == 1 && more > 0 {
                format!(" · {} records", count(notice.count as u64))
            } else {
                String::new()
            };
            let text = format!("{}{beside}", self.record(record));
            self.page.paragraph(12, &text, Tone::Faint);
        }
    }

    pub(super) fn background(&mut self) {
        let Some(background) = &self.diagnosis.background else { return };
        self.page.heading("Put aside");
        let sources =
            self.counted("from", "address", "addresses", &background.sources, background.source_count);
        let sources = sources.map(|sources| format!(" · {sources}")).unwrap_or_default();
        let text = format!(
            "{} of strangers or of others than the ticket is about · {}{sources}",
            several(background.failures, "failed attempt"),
            self.clock.span(&background.started, &background.ended)
        );
        self.page.paragraph(2, &text, Tone::Plain);
    }

    pub(super) fn leads(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.leads.is_empty() {
            return;
        }
        self.page.heading("Leads: records that keep company with the failures, whatever that means");
        let told = if self.options.verbose { usize::MAX } else { LEADS_TOLD };
        for lead in diagnosis.leads.iter().take(told) {
            let text = format!(
                "event {} of {} · {} on {} · {} of its {} records fell into minutes with failures, {}",
                lead.event_id,
                value(&lead.provider),
                self.places.channel(&lead.channel),
                value(&lead.machine),
                count(lead.near),
                count(lead.total),
                lift(lead)
            );
            self.page.item("  - ", Tone::Plain, &text, Tone::Plain);
        }
        self.more(diagnosis.leads.len(), told, "more lead");
    }

    pub(super) fn warnings(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.warnings.is_empty() {
            return;
        }
        self.page.heading("Warnings");
        let told = if self.options.verbose { usize::MAX } else { WARNINGS_TOLD };
        for warning in diagnosis.warnings.iter().take(told) {
            let (message, help) = match warning.rsplit_once(HELP) {
                Some((message, help)) => (message, Some(help)),
                None => (warning.as_str(), None),
            };
            self.page.item("  ! ", Tone::Careful, &value(message), Tone::Plain);
            if let Some(help) = help {
                self.page.paragraph(4, &format!("help: {}", value(help)), Tone::Plain);
            }
        }
        self.more(diagnosis.warnings.len(), told, "more warning");
    }
}

fn urgency(notice: &Notice) -> usize {
    let order = ["security", "warning"];
    order.iter().position(|severity| *severity == notice.severity).unwrap_or(order.len())
}

fn lift(lead: &Lead) -> String {
    if lead.near == lead.total || !lead.lift.is_finite() {
        return "none at other times".to_owned();
    }
    format!("{:.0} times more often than at other times", lead.lift)
}
