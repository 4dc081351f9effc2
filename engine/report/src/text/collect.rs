//! What to get next.

use super::page::Tone;
use super::report::Report;
use crate::outline::Section;
use crate::words::list::listed;
use crate::words::visible::{prose, value};
use rdpwhy_diagnose::Verdict;

impl Report<'_> {
    pub(super) fn collect(&mut self) {
        let diagnosis = self.diagnosis;
        self.heading(Section::Collect);
        let told = self.limits.wanted;
        // With a verdict at hand it matters less which others a log would tell of.
        let open = self.whole || diagnosis.verdict == Verdict::Inconclusive;
        for wanted in diagnosis.collect.iter().take(told) {
            let title = format!(
                "{} on the {} · {}",
                self.places.channel(&wanted.channel),
                self.diagnosis.words.side(wanted.on),
                prose(&wanted.why)
            );
            self.page.item("  - ", Tone::Plain, &title, Tone::Plain);
            if open && !wanted.causes.is_empty() {
                let text = format!(
                    "would help to decide about {}",
                    named(&wanted.causes, self.limits.causes_of_wanted)
                );
                self.page.paragraph(4, &text, Tone::Faint);
            }
            for line in wanted.command.trim_end().lines() {
                self.page.line("        ", line, Tone::Command);
            }
        }
        self.more(diagnosis.collect.len(), told, "more log");
    }
}

/// The causes, or of more than this many only their number.
fn named(causes: &[String], told: usize) -> String {
    if causes.len() > told {
        return format!("{} causes", causes.len());
    }
    listed(&causes.iter().map(|cause| value(cause)).collect::<Vec<_>>())
}
