//! The other causes: why each is less likely, or, when none stands out, what speaks for each.

use super::page::Tone;
use super::report::Report;
use crate::words::figure::{factor, percent, several};
use crate::words::reason::{
    CONSEQUENCE, CONSIDERED, ESTIMATES, TELLS, candidates, less_likely, open, reasons, sentence, tells,
    worth_telling,
};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

impl Report<'_> {
    pub(super) fn considered(&mut self, incident: &Incident, causes: &[&Cause]) {
        self.page.heading(CONSIDERED);
        let Some((first, others)) = causes.split_first() else { return };
        let (worth, rest): (Vec<&Cause>, Vec<&Cause>) = others.iter().partition(|cause| worth_telling(cause));
        let told = self.limits.others;
        for cause in worth.iter().take(told) {
            let aside = if cause.consequence_of.is_some() { CONSEQUENCE } else { "" };
            let title = format!("{}{aside} · {}", value(&cause.headline), value(&cause.cause));
            self.page.item(&lead(cause.probability), Tone::Plain, &title, Tone::Plain);
            self.page.paragraph(10, &less_likely(first, cause), Tone::Faint);
        }
        self.more(worth.len(), told, "more cause");
        self.none(incident, &rest);
    }

    /// "None of these", and together all causes that are too unlikely to be told, or rest on nothing in these logs.
    fn none(&mut self, incident: &Incident, rest: &[&Cause]) {
        self.page.item(&lead(incident.none), Tone::Plain, "none of these", Tone::Plain);
        if !rest.is_empty() {
            let share: f64 = rest.iter().map(|cause| cause.probability).sum();
            let all = if rest.len() == 1 { "" } else { "each " };
            let text = format!(
                "{}, {all}below 1 % or without supporting evidence",
                several(rest.len(), "other known cause")
            );
            self.page.item(&lead(share), Tone::Faint, &text, Tone::Faint);
        }
    }

    /// The likeliest causes side by side, when none of all those weighed stands out.
    pub(super) fn candidates(&mut self, incident: &Incident, causes: &[&Cause]) {
        if candidates(causes).is_empty() {
            return;
        }
        self.page.heading("Candidates");
        let (worth, rest): (Vec<&Cause>, Vec<&Cause>) = causes.iter().partition(|cause| worth_telling(cause));
        let told = self.limits.candidates.min(worth.len());
        for cause in &worth[..told] {
            let title = format!("{} · {}", value(&cause.headline), value(&cause.cause));
            self.page.item(&lead(cause.probability), Tone::Strong, &title, Tone::Plain);
            self.sides(cause);
        }
        self.more(worth.len(), told, "more candidate");
        self.none(incident, &rest);
        self.page.paragraph(2, ESTIMATES, Tone::Faint);
        self.tells(&worth[..told]);
    }

    /// The strongest for, the strongest against, and what is open.
    fn sides(&mut self, cause: &Cause) {
        for (word, for_it) in [("for", true), ("against", false)] {
            if let Some(reason) = reasons(cause, for_it).first() {
                let lead = format!("{:>17}  ", format!("{word} {}", factor(reason.likelihood_ratio)));
                self.page.item(&lead, Tone::Plain, &sentence(reason), Tone::Plain);
                if let Some(record) = reason.records.first() {
                    let text = self.record(record);
                    self.page.paragraph(19, &text, Tone::Faint);
                }
            }
        }
        if let Some(text) = open(cause) {
            self.page.item("             open  ", Tone::Plain, &text, Tone::Plain);
        }
    }

    /// What tells the candidates apart.
    fn tells(&mut self, candidates: &[&Cause]) {
        let pairs = tells(candidates, candidates.len());
        if !pairs.is_empty() {
            self.page.heading(TELLS);
            for pair in pairs {
                self.page.item("  - ", Tone::Plain, &pair, Tone::Plain);
            }
        }
    }
}

fn lead(probability: f64) -> String {
    format!("{:>8}  ", percent(probability))
}
