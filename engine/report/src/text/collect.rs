//! What to get next.

use super::Report;
use super::listed;
use super::page::Tone;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Verdict;

/// So many logs are asked for, the most telling first.
const LOGS_ASKED: usize = 3;
/// So many causes are named at most that a log would tell more about; of more only the number is told.
const CAUSES_NAMED: usize = 4;

impl Report<'_> {
    pub(super) fn collect(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.collect.is_empty() {
            return;
        }
        self.page.heading("Not in these logs");
        let told = if self.options.verbose { usize::MAX } else { LOGS_ASKED };
        // With a verdict at hand it matters less which others a log would tell of.
        let open = self.options.verbose || diagnosis.verdict == Verdict::Inconclusive;
        for wanted in diagnosis.collect.iter().take(told) {
            let title = format!(
                "{} on the {} · {}",
                self.places.channel(&wanted.channel),
                value(&wanted.on),
                prose(&wanted.why)
            );
            self.page.item("  - ", Tone::Plain, &title, Tone::Plain);
            if open && !wanted.causes.is_empty() {
                let text = format!("would tell more about {}", named(&wanted.causes));
                self.page.paragraph(4, &text, Tone::Faint);
            }
            for line in wanted.command.trim_end().lines() {
                self.page.line("        ", line, Tone::Command);
            }
        }
        self.more(diagnosis.collect.len(), told, "more log");
    }
}

fn named(causes: &[String]) -> String {
    if causes.len() > CAUSES_NAMED {
        return format!("{} causes", causes.len());
    }
    listed(&causes.iter().map(|cause| value(cause)).collect::<Vec<_>>())
}
