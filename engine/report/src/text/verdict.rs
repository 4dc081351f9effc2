//! The answer in plain words: what is wrong where, since when, for whom; and what can be said when nothing is found.

use super::page::Tone;
use super::report::Report;
use crate::words::figure::{percent, sure};
use crate::words::incident::{NOBODY_ELSE, answer, causes_of, course, failures, last_good, scene, undecided};
use crate::words::list::counted;
use crate::words::ticket::quiet;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Verdict;
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

/// Text of a verdict is behind its percentage.
pub(super) const INDENT: usize = 7;

impl<'a> Report<'a> {
    /// All incidents in a line or two each.
    pub(super) fn overview(&mut self) {
        let diagnosis = self.diagnosis;
        self.page.heading(&format!("{} separate incidents", diagnosis.incidents.len()));
        let told = self.limits.incidents_listed;
        for incident in diagnosis.incidents.iter().take(told) {
            let causes = causes_of(self.diagnosis, incident);
            let answer = answer(incident, &causes);
            self.page.item(&format!("  {:>2}  ", incident.id), Tone::Plain, &answer, Tone::Strong);
            let span = self.clock.span(incident.started, incident.ended);
            let facts = format!(
                "{} · {} · {span}",
                self.places.machine(&incident.machine),
                failures(self.diagnosis, incident)
            );
            self.page.paragraph(6, &facts, Tone::Plain);
        }
        self.more(diagnosis.incidents.len(), told, "more incident");
    }

    pub(super) fn verdict(&mut self, incident: &Incident, causes: &[&'a Cause]) {
        self.page.blank();
        if self.diagnosis.incidents.len() > 1 {
            let title = format!("Incident {} of {}", incident.id, self.diagnosis.incidents.len());
            self.page.heading(&title);
        }
        self.headline(incident, causes);
        self.scene(incident);
        self.people(incident);
        self.last_good(incident);
    }

    fn headline(&mut self, incident: &Incident, causes: &[&'a Cause]) {
        if let Some(first) = causes.first().filter(|_| incident.stands_out) {
            let lead = format!("{:<INDENT$}", percent(first.probability));
            self.page.item(&lead, Tone::Strong, &value(&first.headline), Tone::Strong);
            let facts = format!(
                "{} · fault: {}{}",
                value(&first.cause),
                self.diagnosis.words.fault(first.side),
                sure(first.probability)
            );
            self.page.paragraph(INDENT, &facts, Tone::Faint);
            if let Some(says) = &first.says {
                self.page.paragraph(INDENT, &value(says), Tone::Plain);
            }
            return;
        }
        let (title, text) = undecided(self.diagnosis, incident, causes);
        self.page.item("  ?    ", Tone::Careful, &title, Tone::Strong);
        self.page.paragraph(INDENT, &text, Tone::Plain);
    }

    /// Machine, stage, number and time of the failures.
    fn scene(&mut self, incident: &Incident) {
        let text = scene(self.diagnosis, incident, &self.places);
        self.page.paragraph(INDENT, &text, Tone::Plain);
        if !incident.assumed {
            let span = self.clock.span(incident.started, incident.ended);
            self.page.paragraph(INDENT, &span, Tone::Plain);
        }
        if incident.strangers {
            let text = format!("{}{NOBODY_ELSE}", self.diagnosis.words.only_strangers);
            self.page.paragraph(INDENT, &text, Tone::Careful);
        }
    }

    fn people(&mut self, incident: &Incident) {
        let told = self.limits.people;
        let sources = counted("from", "addresses", &incident.sources, incident.source_count, told);
        let users = counted("user", "users", &incident.users, incident.user_count, told);
        let facts: Vec<String> = [sources, users].into_iter().flatten().collect();
        if !facts.is_empty() {
            self.page.paragraph(INDENT, &facts.join(" · "), Tone::Plain);
        }
    }

    fn last_good(&mut self, incident: &Incident) {
        if let Some(text) = last_good(self.diagnosis, incident, &self.clock) {
            self.page.paragraph(INDENT, &text, Tone::Plain);
        }
        for text in course(self.diagnosis, incident, &self.clock) {
            self.page.paragraph(INDENT, &text, Tone::Plain);
        }
    }

    pub(super) fn mechanism(&mut self, cause: &Cause) {
        if !cause.mechanism.trim().is_empty() {
            self.page.blank();
            self.page.paragraph(INDENT, &prose(&cause.mechanism), Tone::Plain);
        }
    }

    /// What can be said when nothing failed, or nothing is known.
    pub(super) fn quiet(&mut self) {
        let healthy = self.diagnosis.verdict == Verdict::Healthy;
        let (lead, tone) = if healthy { ("ok     ", Tone::Good) } else { ("  ?    ", Tone::Careful) };
        let quiet = quiet(self.diagnosis, &self.clock);
        self.page.blank();
        self.page.item(lead, tone, &quiet.title, Tone::Strong);
        for text in quiet.texts {
            self.page.paragraph(INDENT, &text, Tone::Plain);
        }
    }
}
