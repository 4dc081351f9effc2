//! What to do, in working order, and what not to do.

use super::paper::{code, plain};
use super::report::Report;
use crate::words::incident::told_earlier;
use crate::words::reason::{likely, meant};
use crate::words::step::{DO_NOT, LOOK_FIRST, checks, is_command, price, same_steps};
use crate::words::visible::prose;
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};
use rdpwhy_rules::Cost;

impl Report<'_> {
    /// The fix steps of the cause, or where none stands out the checks of the likeliest ones.
    pub(super) fn steps(&mut self, incident: &Incident, causes: &[&Cause]) {
        let Some(first) = causes.first().filter(|_| incident.stands_out) else {
            return self.fix(&checks(&likely(incident, causes), &self.limits), LOOK_FIRST);
        };
        if let Some(earlier) = told_earlier(self.diagnosis, incident, first) {
            self.paper.heading(4, "What to do");
            self.paper.paragraph(&same_steps(earlier));
            return;
        }
        self.fix(&first.fix.iter().collect::<Vec<_>>(), "What to do, in this order");
    }

    fn fix(&mut self, steps: &[&Step], title: &str) {
        if steps.is_empty() {
            return;
        }
        self.paper.heading(4, title);
        for (number, step) in steps.iter().enumerate() {
            self.paper.heading(5, &format!("{}. {}", number + 1, plain(&prose(&step.do_))));
            self.paper.paragraph(&format!(
                "{} · where: {}",
                plain(&price(step)),
                plain(&prose(&step.where_))
            ));
            if let Some(run) = step.run.as_deref().filter(|run| !run.trim().is_empty()) {
                self.paper.commands(run);
            }
            self.consequences(step);
        }
    }

    /// What a step changes, how it is taken back, and how to see that it worked.
    fn consequences(&mut self, step: &Step) {
        let mut facts = Vec::new();
        let looks = step.cost == Cost::ReadOnly;
        if !looks {
            facts.push(("Changes", step.changes.as_str()));
            facts.push(("Users notice", step.noticed()));
            facts.push(("Undo", step.undo.as_str()));
        }
        facts.push((if looks { "Expect" } else { "Check" }, step.verify.as_str()));
        let told = facts.into_iter().filter(|(_, text)| !text.trim().is_empty()).map(|(what, text)| {
            let text = if is_command(text) { code(&prose(text)) } else { plain(&prose(text)) };
            format!("**{what}:** {text}")
        });
        self.paper.items(told.collect::<Vec<_>>());
        if let Some(undo) = step.undo_run.as_deref().filter(|_| !looks) {
            self.paper.paragraph("To undo it:");
            self.paper.commands(undo);
        }
    }

    pub(super) fn never(&mut self, incident: &Incident, causes: &[&Cause]) {
        let Some(cause) = meant(incident, causes).filter(|cause| !cause.never.is_empty()) else { return };
        self.paper.heading(4, DO_NOT);
        self.paper.items(cause.never.iter().map(|advice| plain(&prose(advice))).collect::<Vec<_>>());
    }
}
