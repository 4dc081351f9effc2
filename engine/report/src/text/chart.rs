//! The ladder of stages, with the rung on which the failures broke.

use super::Report;
use super::page::Tone;
use super::verdict::INDENT;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::Incident;

impl Report<'_> {
    /// `✓ name ── ✓ tcp ── ✗ tls ── · nla`: passed, passed, broken, not reached; `?` where it may have broken.
    pub(super) fn chart(&mut self, incident: &Incident) {
        let stages = &self.diagnosis.stages;
        let place = |id: &str| stages.iter().position(|stage| stage.id == id);
        let (Some(first), Some(last)) = (place(&incident.stage), place(&incident.stage_last)) else { return };
        // Nothing is known of the way: a row of question marks would only look like knowledge.
        if first == 0 && last + 1 == stages.len() && last > 0 {
            return;
        }
        let pieces: Vec<(String, Tone)> = stages
            .iter()
            .enumerate()
            .map(|(rung, stage)| {
                let (mark, tone) = mark(rung, first, last);
                (format!("{mark} {}", value(&stage.id)), tone)
            })
            .collect();
        self.page.blank();
        self.page.row(INDENT, &pieces, " ── ");
        if first != last {
            self.page.paragraph(INDENT, "(broken at one of the stages marked ?)", Tone::Faint);
        }
    }
}

fn mark(rung: usize, first: usize, last: usize) -> (char, Tone) {
    if rung < first {
        ('✓', Tone::Good)
    } else if rung > last {
        ('·', Tone::Faint)
    } else if first == last {
        ('✗', Tone::Bad)
    } else {
        ('?', Tone::Careful)
    }
}
