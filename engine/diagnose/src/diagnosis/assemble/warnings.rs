//! Warnings: what could not be read, and what the diagnosis rests on beside the records.

use crate::attempts::attempt::Outcome;
use crate::cases::focus::outside;
use crate::diagnosis::assemble::assembly::Assembly;
use crate::world::tick::ticks;

impl Assembly<'_> {
    /// What could not be read, and what the diagnosis rests on beside the records.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<String> = self.reading.warnings.iter().map(ToString::to_string).collect();
        let open = |index: &usize| self.scene.attempts[*index].outcome == Outcome::Unknown;
        if self.ranked.iter().any(|ranked| ranked.incident.failures.iter().any(open)) {
            warnings.push(
                "the logs do not show how some attempts ended; they are taken for failures because of the ticket or the \
                 evidence"
                    .to_owned(),
            );
        }
        if let Some(at) = self.options.at.filter(|at| {
            outside(
                &self.scene.timeline.machines,
                self.scene.coverage,
                ticks(*at),
                &self.pack().ladder().thresholds.focus,
            )
        }) {
            warnings.push(format!(
                "these logs hold nothing from around {at}: get those that reach back to it, if there are any"
            ));
        }
        if self.ranked.iter().any(|ranked| ranked.assumed) {
            warnings.push(
                "no connection attempt is in these logs; the diagnosis rests on a lasting fault that they show".to_owned(),
            );
        }
        warnings
    }
}
