//! Every attempt, where all is asked for.

use super::Report;
use super::page::Tone;
use crate::words::attempt::course;

impl Report<'_> {
    pub(super) fn attempts(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.attempts.is_empty() {
            return;
        }
        self.page.heading("Attempts");
        for attempt in &diagnosis.attempts {
            let time = self.clock.span(&attempt.started, &attempt.ended);
            let text = format!("{time} · {}", course(attempt, &self.places));
            self.page.item("  - ", Tone::Plain, &text, Tone::Plain);
            if let Some(first) = attempt.records.first() {
                let text = self.record(first);
                self.page.paragraph(4, &format!("begins with {text}"), Tone::Faint);
            }
        }
    }
}
