//! The ladder of stages, with the rung on which the failures broke.

use super::page::Tone;
use super::report::Report;
use super::verdict::INDENT;
use crate::words::ladder::{Ladder, Rung};
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::Incident;

impl Report<'_> {
    /// `✓ name ── ✓ tcp ── ✗ tls ── · nla`: passed, passed, broken, not reached; `?` where it may have broken.
    pub(super) fn ladder(&mut self, incident: &Incident) {
        let Some(ladder) = Ladder::of(self.diagnosis, incident).filter(|ladder| !ladder.is_unknown()) else {
            return;
        };
        let pieces: Vec<(String, Tone)> = ladder
            .rungs()
            .map(|(stage, rung)| (format!("{} {}", rung.mark(), value(&stage.id)), tone(rung)))
            .collect();
        self.page.blank();
        self.page.row(INDENT, &pieces, " ── ");
        if !ladder.is_sure() {
            self.page.paragraph(INDENT, "(broken at one of the stages marked ?)", Tone::Faint);
        }
    }
}

fn tone(rung: Rung) -> Tone {
    match rung {
        Rung::Passed => Tone::Good,
        Rung::Broke => Tone::Bad,
        Rung::Perhaps => Tone::Careful,
        Rung::Ahead => Tone::Faint,
    }
}
