//! What was searched and asked, at the head of the report, and what made it, at its end.

use super::page::Tone;
use super::report::Report;
use crate::outline::Section;
use crate::words::figure::{count, several};
use crate::words::list::listed;
use crate::words::ticket::{NO_RECORD, apart, asked, grave, logs, losses, outcomes, several_records, span};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::Coverage;
use std::collections::BTreeMap;

/// Logs are named if their names together take no more columns; else only their number is told.
const NAMES_LONGEST: usize = 60;

impl Report<'_> {
    pub(super) fn header(&mut self) {
        let searched = self.searched_in_short();
        self.page.item("Searched  ", Tone::Strong, &searched, Tone::Plain);
        if let Some(span) = span(self.diagnosis, &self.clock) {
            let zone = self.clock.zone_name().map(|name| format!(", in brackets {name}")).unwrap_or_default();
            self.page.item("Span      ", Tone::Strong, &format!("{span} · times are UTC{zone}"), Tone::Plain);
        }
        if let Some(outcomes) = outcomes(self.diagnosis) {
            self.page.item("Attempts  ", Tone::Strong, &outcomes, Tone::Plain);
        }
        if let Some(asked) = asked(self.diagnosis, &self.clock) {
            self.page.item("Asked     ", Tone::Strong, &asked, Tone::Plain);
        }
        self.clocks();
        self.security();
    }

    /// Points at findings that must not be missed, however long the report is.
    fn security(&mut self) {
        let grave = grave(self.diagnosis);
        if !grave.is_empty() {
            let text = format!("{} (see Notices)", grave.join(" · "));
            self.page.item("SECURITY  ", Tone::Bad, &text, Tone::Plain);
        }
    }

    fn searched_in_short(&self) -> String {
        let mut facts = vec![several(logs(self.diagnosis).len(), "log")];
        let names: Vec<String> = logs(self.diagnosis).keys().map(|name| value(name)).collect();
        let names = names.join(", ");
        if !names.is_empty() && names.chars().count() <= NAMES_LONGEST {
            facts[0] = format!("{} ({names})", facts[0]);
        }
        let records: u64 = self.diagnosis.coverage.iter().map(|row| row.records).sum();
        facts.push(several_records(records));
        facts.extend(losses(self.diagnosis));
        let machines = self.places.machines();
        if machines.len() > self.limits.machines {
            facts.push(several(machines.len(), "machine"));
        } else if !machines.is_empty() {
            facts.push(listed(&machines));
        }
        facts.join(" · ")
    }

    fn clocks(&mut self) {
        let limits = self.limits;
        let differ =
            self.diagnosis.clocks.iter().filter(|clock| clock.ahead_seconds.abs() >= limits.clock_seconds);
        for clock in differ.take(limits.clocks) {
            let text = apart(clock);
            self.page.item("Clock     ", Tone::Strong, &text, Tone::Plain);
        }
    }

    /// Each log and channel, the whole of what can be known from them.
    pub(super) fn searched(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Searched);
        if diagnosis.coverage.is_empty() {
            self.page.paragraph(2, NO_RECORD, Tone::Plain);
        }
        let mut rows_of: BTreeMap<&str, Vec<&Coverage>> = BTreeMap::new();
        for row in &diagnosis.coverage {
            rows_of.entry(&row.file).or_default().push(row);
        }
        let told = self.limits.logs;
        for (name, rows) in rows_of.iter().take(told) {
            self.page.line("  ", &value(name), Tone::Strong);
            if let Some(first) = rows.first().filter(|_| self.whole) {
                let text = format!("{} bytes · sha256 {}", count(first.bytes), value(&first.sha256));
                self.page.paragraph(4, &text, Tone::Faint);
            }
            let told = self.limits.channels;
            for row in rows.iter().take(told) {
                self.page.item("    ", Tone::Plain, &self.held(row), Tone::Plain);
            }
            self.more(rows.len(), told, "more channel");
        }
        self.more(rows_of.len(), told, "more log");
        for archive in diagnosis.archives.iter().take(self.limits.archives) {
            self.page.line("  ", &value(&archive.name), Tone::Strong);
            let text = format!("{} bytes · sha256 {}", count(archive.bytes), value(&archive.sha256));
            self.page.paragraph(4, &text, Tone::Faint);
            let others = usize::try_from(archive.others).unwrap_or(usize::MAX);
            let text = format!(
                "an archive of {} and {}",
                several(archive.logs, "log"),
                several(others, "other file")
            );
            self.page.item("    ", Tone::Plain, &text, Tone::Plain);
        }
    }

    /// What a log contains of a channel.
    fn held(&self, row: &Coverage) -> String {
        let channel = if self.whole { value(&row.channel) } else { self.places.channel(&row.channel) };
        let mut facts = vec![channel, value(&row.computer)];
        facts.retain(|name| !name.is_empty());
        facts.push(several_records(row.records));
        if let (Some(first), Some(last)) = (row.first, row.last) {
            facts.push(self.clock.span(first, last));
        }
        if row.recovered > 0 {
            facts.push(format!("{} recovered from this log", count(row.recovered)));
        }
        if row.damaged > 0 {
            facts.push(several(row.damaged, "damaged place"));
        }
        if row.gaps > 0 {
            facts.push(several(row.gaps, "gap") + " in the record ids");
        }
        facts.join(" · ")
    }

    /// In which logs the records lie that the report names.
    pub(super) fn cited(&mut self) {
        let cited = self.places.cited();
        if cited.is_empty() {
            return;
        }
        self.heading(Section::Cited);
        for (channel, logs) in cited {
            self.page.line("  ", &format!("{channel} · {}", logs.join(", ")), Tone::Faint);
        }
    }

    pub(super) fn imprint(&mut self) {
        self.page.blank();
        let text = self.maker();
        self.page.paragraph(0, &text, Tone::Faint);
    }

    /// What made the report: its version and its rules.
    pub(super) fn maker(&self) -> String {
        let tool = &self.diagnosis.tool;
        format!(
            "{} {} · rules {} ({}, {})",
            value(&tool.name),
            value(&tool.version),
            value(&tool.rules),
            several(tool.causes, "cause"),
            several(tool.signals, "signal")
        )
    }
}
