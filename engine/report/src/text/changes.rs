//! What changed before the failures began.

use super::page::Tone;
use super::report::Report;
use crate::words::incident::changed;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::{Change, Incident};

impl Report<'_> {
    pub(super) fn changes(&mut self, incident: &Incident) {
        if incident.changes.is_empty() {
            return;
        }
        self.page.heading(changed(incident));
        let runs = runs(&incident.changes, self.whole);
        let told = self.limits.changes.min(runs.len());
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
