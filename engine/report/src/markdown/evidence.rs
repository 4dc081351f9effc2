//! What speaks for a cause and against it, what changed before, and the other causes.

use super::paper::{code, plain, said};
use super::report::Report;
use crate::words::figure::{factor, percent, several};
use crate::words::incident::changed;
use crate::words::reason::{
    CONSIDERED, ESTIMATES, candidates, less_likely, marked, reasons, sentence, worth_telling,
};
use crate::words::summary::telling;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident};

/// What a weight rests on, where it is more than an estimate.
fn basis(reason: &Evidence) -> String {
    marked(reason).map(|basis| format!(" · {}", said(&basis))).unwrap_or_default()
}

impl Report<'_> {
    /// Of the cause that stands out, or of each candidate.
    pub(super) fn evidence(&mut self, incident: &Incident, causes: &[&Cause]) {
        let told: Vec<&Cause> = if incident.stands_out { causes[..1].to_vec() } else { candidates(causes) };
        for cause in told.into_iter().take(self.limits.candidates) {
            self.evidence_of(cause);
        }
    }

    /// Each reason with its weight and the records that prove it.
    fn evidence_of(&mut self, cause: &Cause) {
        self.paper.heading(4, &format!("Evidence for {}", code(&cause.cause)));
        let mut rows = Vec::new();
        let told = self.limits.reasons;
        let sides =
            [true, false].into_iter().flat_map(|for_it| reasons(cause, for_it).into_iter().take(told));
        for reason in sides {
            self.reason(reason, &mut rows);
        }
        if rows.is_empty() {
            self.paper.paragraph(
                "There is no evidence for or against it in these logs; only how common it is counts.",
            );
            return;
        }
        self.paper.table(&["Weight", "Finding", "Time (UTC)", "Log", "Record", "Event", "Machine"], &rows);
        self.paper.paragraph(&format!(
            "× = how many times more likely this makes the cause, ÷ = how many times less likely; the numbers multiply. {ESTIMATES}"
        ));
    }

    fn reason(&mut self, reason: &Evidence, rows: &mut Vec<Vec<String>>) {
        let told = self.limits.records_of_reason.min(reason.records.len());
        let untold = reason.record_count.saturating_sub(told);
        let more = if told > 0 && untold > 0 {
            format!(" · and {}", several(untold, "more record"))
        } else {
            String::new()
        };
        let values: String = telling(reason).iter().map(|text| format!(" · {}", code(text))).collect();
        let mut head = vec![
            factor(reason.likelihood_ratio),
            format!("{}{values}{more}{}", said(&sentence(reason)), basis(reason)),
        ];
        if told == 0 {
            head.resize(7, String::new());
            rows.push(head);
            return;
        }
        for record in &reason.records[..told] {
            let mut row = std::mem::replace(&mut head, vec![String::new(), String::new()]);
            row.extend(self.cells(record));
            rows.push(row);
        }
    }

    pub(super) fn changes(&mut self, incident: &Incident) {
        if incident.changes.is_empty() {
            return;
        }
        self.paper.heading(4, changed(incident));
        let told = self.limits.changes.min(incident.changes.len());
        let changes = &incident.changes[incident.changes.len() - told..];
        let items: Vec<String> = changes
            .iter()
            .map(|change| format!("{} · {}", said(&value(&change.title)), self.record(&change.record)))
            .collect();
        self.paper.items(items);
    }

    pub(super) fn considered(&mut self, incident: &Incident, causes: &[&Cause]) {
        let Some(first) = causes.first() else { return };
        self.paper.heading(4, CONSIDERED);
        let skipped = usize::from(incident.stands_out);
        let (worth, rest): (Vec<&Cause>, Vec<&Cause>) =
            causes.iter().skip(skipped).copied().partition(|cause| worth_telling(cause));
        let mut rows: Vec<Vec<String>> = worth
            .iter()
            .take(self.limits.others)
            .map(|cause| {
                let why =
                    if std::ptr::eq(*cause, *first) { String::new() } else { less_likely(first, cause) };
                let title = format!("{} {}", plain(&value(&cause.headline)), code(&cause.cause));
                vec![percent(cause.probability), title, said(&why)]
            })
            .collect();
        rows.push(vec![percent(incident.none), "none of these".to_owned(), String::new()]);
        if !rest.is_empty() {
            let share: f64 = rest.iter().map(|cause| cause.probability).sum();
            let text = several(rest.len(), "other known cause");
            let why = "below 1 %, or without supporting evidence".to_owned();
            rows.push(vec![percent(share), text, why]);
        }
        self.paper.table(&["Probability", "Cause", "Why less likely"], &rows);
    }
}
