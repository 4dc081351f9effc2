//! What changed before the failures began.

use super::Report;
use super::page::Tone;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Change, Incident};

/// So many changes are told, the latest ones, unless all are asked for.
const CHANGES_TOLD: usize = 5;

impl Report<'_> {
    pub(super) fn changes(&mut self, incident: &Incident) {
        if incident.changes.is_empty() {
            return;
        }
        self.page.heading(match incident.last_good {
            Some(_) => "Changed since the last good attempt",
            None => "Changed in the week before",
        });
        let runs = runs(&incident.changes, self.options.verbose);
        let told = if self.options.verbose { runs.len() } else { CHANGES_TOLD.min(runs.len()) };
        let untold = runs.len() - told;
        if untold > 0 {
            self.page.paragraph(4, &format!("… {untold} earlier (-v shows all)"), Tone::Faint);
        }
        for (change, records) in &runs[untold..] {
            self.page.item("  - ", Tone::Plain, &value(&change.title), Tone::Plain);
            let count =
                if *records > 1 { format!(" · the last of {records} records") } else { String::new() };
            let text = format!("{}{count}", self.record(&change.record));
            self.page.paragraph(4, &text, Tone::Faint);
        }
    }
}

/// The last of each run of changes alike on one machine, and how long the run is; runs of one if `apart`.
fn runs(changes: &[Change], apart: bool) -> Vec<(&Change, usize)> {
    let alike =
        |a: &Change, b: &Change| !apart && a.signal == b.signal && a.record.computer == b.record.computer;
    let runs = changes.chunk_by(alike);
    runs.filter_map(|run| run.last().map(|last| (last, run.len()))).collect()
}
