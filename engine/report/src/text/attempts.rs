//! Every attempt, where all is asked for.

use super::page::Tone;
use super::report::Report;
use crate::outline::Section;
use crate::words::attempt::course;

impl Report<'_> {
    pub(super) fn attempts(&mut self) {
        self.heading(Section::Attempts);
        for attempt in self.diagnosis.attempts.iter().take(self.limits.attempts) {
            let time = self.clock.span(attempt.started, attempt.ended);
            let text = format!("{time} · {}", course(attempt, &self.places));
            self.page.item("  - ", Tone::Plain, &text, Tone::Plain);
            if let Some(first) = attempt.records.first() {
                let text = self.record(first);
                self.page.paragraph(4, &format!("begins with {text}"), Tone::Faint);
            }
        }
    }
}
