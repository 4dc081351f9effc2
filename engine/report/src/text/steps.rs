//! What to do, in working order, and what not to do.

use super::page::Tone;
use super::report::Report;
use crate::words::incident::told_earlier;
use crate::words::reason::{likely, meant};
use crate::words::step::{
    Care, DO_NOT, LOOK_FIRST, WORTH_WHOLE, care, checks, cost, is_command, most_helpful, price, risk,
    same_steps,
};
use crate::words::visible::prose;
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};
use rdpwhy_rules::{Cost, Risk};

/// A longer command of a check among fix steps is shown only where all is asked for …
const CHECK_SHORT: usize = 3;
/// … and one of a check that is all there is to do, beyond this.
const CHECK_WHOLE: usize = 8;
/// What a check should show is behind this.
const EXPECT: &str = "expect";
/// Column at which the text of a step begins.
const INDENT: usize = 5;

impl Report<'_> {
    /// The fix steps of the cause, or where none stands out the checks of the likeliest ones.
    pub(super) fn steps(&mut self, incident: &Incident, causes: &[&Cause]) {
        match causes.first() {
            Some(first) if incident.stands_out => self.fix(incident, first),
            _ => self.checks(&likely(incident, causes)),
        }
    }

    fn fix(&mut self, incident: &Incident, cause: &Cause) {
        if let Some(earlier) = told_earlier(self.diagnosis, incident, cause) {
            self.page.heading("Do");
            self.page.paragraph(2, &same_steps(earlier), Tone::Plain);
            return;
        }
        if cause.fix.is_empty() {
            return;
        }
        self.page.heading("Do, in this order");
        let most = most_helpful(&cause.fix);
        for (index, step) in cause.fix.iter().enumerate() {
            if self.whole || (step.cost != Cost::ReadOnly && step.helps >= most * WORTH_WHOLE) {
                self.step(index + 1, step);
            } else if step.cost == Cost::ReadOnly {
                self.check(index + 1, step, CHECK_SHORT);
            } else {
                self.title(index + 1, step);
                self.page.paragraph(INDENT, &format!("{} · see -v", price(step)), tone(step));
            }
        }
    }

    /// Steps that only look, of the likeliest causes: safe whatever the cause is.
    fn checks(&mut self, causes: &[&Cause]) {
        let checks = checks(causes, &self.limits);
        if checks.is_empty() {
            return;
        }
        self.page.heading(LOOK_FIRST);
        for (index, step) in checks.into_iter().enumerate() {
            if self.whole {
                self.step(index + 1, step);
            } else {
                self.check(index + 1, step, CHECK_WHOLE);
            }
        }
    }

    fn title(&mut self, number: usize, step: &Step) {
        let lead = format!("{number:>3}  ");
        self.page.item(&lead, Tone::Strong, &prose(&step.do_), Tone::Strong);
    }

    /// A step that only looks, in a few lines: longer commands than `most` lines are left out.
    fn check(&mut self, number: usize, step: &Step, most: usize) {
        self.title(number, step);
        let command = step.run.as_deref().unwrap_or_default().trim_end();
        let lines = command.lines().count();
        let risk = if step.risk == Risk::None { String::new() } else { format!("{} · ", risk(step)) };
        let only = cost(step.cost);
        if lines > most {
            let text = format!("{risk}{only} · {lines} commands (shown with -v)");
            self.page.paragraph(INDENT, &text, tone(step));
            return;
        }
        self.page.paragraph(INDENT, &format!("{risk}{only} · {}", prose(&step.where_)), tone(step));
        self.command(command);
        let lead = format!("{}{EXPECT}: ", " ".repeat(INDENT));
        if most > CHECK_SHORT || self.page.fits(&lead, &prose(&step.verify)) {
            self.about(EXPECT, &step.verify);
        }
    }

    fn step(&mut self, number: usize, step: &Step) {
        self.title(number, step);
        self.page.paragraph(INDENT, &price(step), tone(step));
        self.about("where", &step.where_);
        self.command(step.run.as_deref().unwrap_or_default());
        if step.cost == Cost::ReadOnly {
            self.about(EXPECT, &step.verify);
            return;
        }
        self.about("changes", &step.changes);
        self.about("users notice", step.noticed());
        self.about("undo", &step.undo);
        self.command(step.undo_run.as_deref().unwrap_or_default());
        self.about("check", &step.verify);
    }

    fn about(&mut self, what: &str, text: &str) {
        let text = text.trim();
        let lead = format!("{}{what}: ", " ".repeat(INDENT));
        if text.is_empty() {
            return;
        }
        if self.page.fits(&lead, text) && !text.contains('\n') || !is_command(text) {
            self.page.item(&lead, Tone::Faint, &prose(text), Tone::Plain);
        } else {
            self.page.line("", lead.trim_end(), Tone::Faint);
            self.command(text);
        }
    }

    /// A command on lines of its own, never broken: it is there to be copied.
    fn command(&mut self, command: &str) {
        for line in command.trim_end().lines() {
            self.page.line(&" ".repeat(INDENT + 4), &line.replace('\t', "    "), Tone::Command);
        }
    }

    /// What not to do about the cause that stands out, or about the likeliest one.
    pub(super) fn never(&mut self, incident: &Incident, causes: &[&Cause]) {
        let Some(cause) = meant(incident, causes).filter(|cause| !cause.never.is_empty()) else { return };
        self.page.heading(DO_NOT);
        for advice in &cause.never {
            self.page.item("  ! ", Tone::Bad, &prose(advice), Tone::Plain);
        }
    }
}

fn tone(step: &Step) -> Tone {
    match care(step) {
        Care::Dangerous => Tone::Bad,
        Care::Careful => Tone::Careful,
        Care::Harmless => Tone::Good,
    }
}
