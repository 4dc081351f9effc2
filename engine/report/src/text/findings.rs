//! Findings beside the causes: notices, failures put aside, leads, and what could not be read.

use super::page::Tone;
use super::report::Report;
use crate::outline::Section;
use crate::words::figure::{count, several};
use crate::words::finding::{findings, lasted, lift};
use crate::words::list::{counted, telling};
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::Notice;
use rdpwhy_rules::Severity;

impl Report<'_> {
    pub(super) fn conditions(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Conditions);
        let told = self.limits.conditions;
        for condition in diagnosis.conditions.iter().take(told) {
            let text = format!(
                "{} · {} · {}",
                self.places.machine(&condition.machine),
                value(&condition.title),
                lasted(condition, &self.clock)
            );
            self.page.item("  - ", Tone::Plain, &text, Tone::Plain);
            if let Some(first) = condition.records.first() {
                let text = self.record(first);
                self.page.paragraph(4, &text, Tone::Faint);
            }
        }
        self.more(diagnosis.conditions.len(), told, "more span");
    }

    pub(super) fn notices(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Notices);
        for alike in findings(diagnosis) {
            self.finding(&alike);
        }
    }

    fn finding(&mut self, alike: &[&Notice]) {
        let (lead, tone) = match alike[0].severity {
            Severity::Security => ("  SECURITY  ", Tone::Bad),
            Severity::Warning => ("  warning   ", Tone::Careful),
            Severity::Info => ("  note      ", Tone::Plain),
        };
        self.page.item(lead, tone, &value(&alike[0].title), Tone::Strong);
        let told = self.limits.machines_of_notice;
        for notice in alike.iter().take(told) {
            self.sighting(notice);
        }
        if alike.len() > told {
            let text = format!("… and on {} (-v shows all)", several(alike.len() - told, "more machine"));
            self.page.paragraph(12, &text, Tone::Faint);
        }
        if !alike[0].so.trim().is_empty() {
            self.page.paragraph(12, &prose(&alike[0].so), Tone::Plain);
        }
    }

    fn sighting(&mut self, notice: &Notice) {
        let text = format!("{} · {}", self.places.machine(&notice.machine), value(&notice.text));
        self.page.paragraph(12, &text, Tone::Plain);
        let told = self.limits.records_of_notice.min(notice.records.len());
        for record in notice.records.iter().take(told) {
            let several = told == 1 && notice.count > 1;
            let count =
                if several { format!(" · {} records", count(notice.count as u64)) } else { String::new() };
            let text = format!("{}{count}", self.record(record));
            self.page.paragraph(14, &text, Tone::Faint);
        }
    }

    pub(super) fn background(&mut self) {
        let Some(background) = &self.diagnosis.background else { return };
        self.heading(Section::Background);
        let told = self.limits.people_aside;
        let sources = counted("from", "addresses", &background.sources, background.source_count, told);
        let sources = sources.map(|sources| format!(" · {sources}")).unwrap_or_default();
        let text = format!(
            "{} from unrelated sources or users · {}{sources}",
            several(background.failures, "failed attempt"),
            self.clock.span(background.started, background.ended)
        );
        self.page.paragraph(2, &text, Tone::Plain);
    }

    pub(super) fn older(&mut self) {
        let Some(older) = &self.diagnosis.older else { return };
        self.heading(Section::Older);
        let told = self.limits.people_aside;
        let sources = counted("from", "addresses", &older.sources, older.source_count, told);
        let sources = sources.map(|sources| format!(" · {sources}")).unwrap_or_default();
        let shown: Vec<String> = older.shown.iter().take(told).map(telling).collect();
        let text = format!(
            "{} · {}{sources} · {}",
            several(older.records, "older record"),
            self.clock.span(older.first, older.last),
            shown.join(" · ")
        );
        self.page.paragraph(2, &text, Tone::Plain);
    }

    pub(super) fn leads(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Leads);
        let told = self.limits.leads;
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
        self.heading(Section::Warnings);
        let told = self.limits.warnings;
        let all = &diagnosis.warnings[..told.min(diagnosis.warnings.len())];
        for (number, warning) in all.iter().enumerate() {
            self.page.item("  ! ", Tone::Careful, &value(&warning.matter()), Tone::Plain);
            // Advice that serves the next warning as well is given after the last of them.
            let goes_on = all.get(number + 1).is_some_and(|next| next.help() == warning.help());
            if let Some(help) = warning.help().filter(|_| !goes_on) {
                self.page.paragraph(4, &format!("help: {}", value(help)), Tone::Plain);
            }
        }
        self.more(diagnosis.warnings.len(), told, "more warning");
    }
}
