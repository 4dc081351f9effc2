//! What to get next.

use super::Report;
use super::listed;
use super::page::Tone;
use crate::visible::{prose, value};

/// So many logs are asked for, the most telling first.
const LOGS_ASKED: usize = 3;
/// So many causes are named that a log would tell more about.
const CAUSES_NAMED: usize = 4;
/// So many channels of the logs are told unless all are asked for.
pub(super) const CHANNELS_TOLD: usize = 12;

impl Report<'_> {
    pub(super) fn collect(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.collect.is_empty() {
            return;
        }
        self.page.heading("Not in these logs");
        let told = if self.options.verbose { usize::MAX } else { LOGS_ASKED };
        for wanted in diagnosis.collect.iter().take(told) {
            let title =
                format!("{} on the {} · {}", value(&wanted.channel), value(&wanted.on), prose(&wanted.why));
            self.page.item("  - ", Tone::Plain, &title, Tone::Plain);
            if !wanted.causes.is_empty() {
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
    let mut names: Vec<String> = causes.iter().take(CAUSES_NAMED).map(|cause| value(cause)).collect();
    if causes.len() > CAUSES_NAMED {
        names.push(format!("{} more", causes.len() - CAUSES_NAMED));
    }
    listed(&names)
}
