//! Every attempt, where all is asked for.

use super::Report;
use super::figure::{count, several};
use super::page::Tone;
use crate::visible::value;
use rdpwhy_diagnose::diagnosis::Attempt;

impl Report<'_> {
    pub(super) fn attempts(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.attempts.is_empty() {
            return;
        }
        self.page.heading("Attempts");
        for attempt in &diagnosis.attempts {
            let time = self.clock.span(&attempt.started, &attempt.ended);
            let text = format!("{time} · {}", self.course(attempt));
            self.page.item("  - ", Tone::Plain, &text, Tone::Plain);
            if let Some(first) = attempt.records.first() {
                let text = self.record(first);
                self.page.paragraph(4, &format!("begins with {text}"), Tone::Faint);
            }
        }
    }

    /// How it went, on which machines, from where, as whom.
    fn course(&self, attempt: &Attempt) -> String {
        let mut facts = vec![outcome(attempt), self.places.machine(&attempt.machine)];
        if attempt.count > 1 {
            facts.insert(0, format!("{} alike", several(attempt.count, "attempt")));
        }
        facts.extend(attempt.other_machine.as_deref().map(|other| self.places.machine(other)));
        let named = [
            ("from", &attempt.source),
            ("as", &attempt.user),
            ("to", &attempt.target),
            ("code", &attempt.code),
        ];
        facts.extend(
            named
                .iter()
                .filter_map(|(word, fact)| fact.as_deref().map(|fact| format!("{word} {}", value(fact)))),
        );
        facts.extend(attempt.incident.map(|incident| format!("incident {}", count(incident as u64))));
        facts.join(" · ")
    }
}

/// `failed at tls`, `succeeded, cut off later`; what counts as failed though a session began is told as such.
fn outcome(attempt: &Attempt) -> String {
    let mut text = value(&attempt.outcome);
    if let Some(kind) = &attempt.aborted {
        text.push_str(&format!(" ({})", value(kind)));
    }
    match (attempt.outcome.as_str(), &attempt.stage, &attempt.stage_last) {
        ("failed", Some(first), Some(last)) if first != last => {
            text.push_str(&format!(" between {} and {}", value(first), value(last)));
        }
        ("failed", Some(stage), _) => text.push_str(&format!(" at {}", value(stage))),
        ("succeeded", ..) | (_, None, _) => {}
        (_, Some(stage), _) => text.push_str(&format!(" after {}", value(stage))),
    }
    if attempt.replaced {
        text.push_str(", taken over by another connection");
    } else if attempt.dropped {
        text.push_str(if attempt.outcome == "failed" {
            ", its session was cut off"
        } else {
            ", cut off later"
        });
    }
    text
}
