//! What to do, in working order, and what not to do.

use super::Report;
use super::figure::percent;
use super::page::Tone;
use crate::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};

/// A longer command of a check among fix steps is shown only where all is asked for …
const CHECK_SHORT: usize = 3;
/// … and one of a check that is all there is to do, beyond this.
const CHECK_WHOLE: usize = 8;
/// A change that helps less often than this part of the cases in which the best one helps is only named.
const WORTH_WHOLE: f64 = 0.5;
/// So many checks are told when no cause stands out.
const CHECKS_TOLD: usize = 4;
/// The cost of steps that only look.
const READ_ONLY: &str = "read-only";
/// The risk of steps that have none.
const NO_RISK: &str = "none";
/// The side effects of steps that have none.
const NOTHING: &str = "none";
/// What a check should show stands behind this.
const EXPECT: &str = "expect";
/// Column at which the text of a step begins.
const INDENT: usize = 5;

impl Report<'_> {
    pub(super) fn fix(&mut self, incident: &Incident, cause: &Cause) {
        if let Some(earlier) = self.told_earlier(incident, cause) {
            self.page.heading("Do");
            self.page.paragraph(
                2,
                &format!("The same as for incident {earlier}: the cause is the same."),
                Tone::Plain,
            );
            return;
        }
        if cause.fix.is_empty() {
            return;
        }
        self.page.heading("Do, in this order");
        let most = cause.fix.iter().fold(0.0, |most: f64, step| most.max(step.helps));
        for (index, step) in cause.fix.iter().enumerate() {
            if self.options.verbose || (step.cost != READ_ONLY && step.helps >= most * WORTH_WHOLE) {
                self.step(index + 1, step);
            } else if step.cost == READ_ONLY {
                self.check(index + 1, step, CHECK_SHORT);
            } else {
                self.title(index + 1, step);
                self.page.paragraph(INDENT, &format!("{} · see -v", price(step)), tone(step));
            }
        }
    }

    /// The earlier incident whose verdict is this cause, so that its steps are in the report already.
    fn told_earlier(&self, incident: &Incident, cause: &Cause) -> Option<usize> {
        let earlier = self.diagnosis.incidents.iter().take_while(|other| other.id != incident.id);
        let mut same = earlier.filter(|other| {
            let causes = self.causes_of(other);
            other.stands_out && causes.first().is_some_and(|first| first.cause == cause.cause)
        });
        same.next().map(|other| other.id)
    }

    /// Steps that only look, of the likeliest causes: safe whatever the cause is.
    pub(super) fn checks(&mut self, causes: &[&Cause]) {
        let mut checks: Vec<&Step> = Vec::new();
        for step in causes.iter().take(CHECKS_TOLD).flat_map(|cause| &cause.fix) {
            if step.cost == READ_ONLY && checks.iter().all(|other| other.step != step.step) {
                checks.push(step);
            }
        }
        if checks.is_empty() {
            return;
        }
        self.page.heading("Look first: these checks change nothing");
        for (index, step) in checks.into_iter().take(CHECKS_TOLD).enumerate() {
            if self.options.verbose {
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
        let risk = if step.risk == NO_RISK { String::new() } else { format!("{} · ", risk(step)) };
        let only = cost(&step.cost);
        if lines > most {
            let text = format!("{risk}{only} · {lines} lines of commands: see -v");
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
        if step.cost == READ_ONLY {
            self.about(EXPECT, &step.verify);
            return;
        }
        self.about("changes", &step.changes);
        if step.side_effects.trim() != NOTHING {
            self.about("users notice", &step.side_effects);
        }
        self.about("undo", &step.undo);
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

    pub(super) fn never(&mut self, cause: &Cause) {
        if cause.never.is_empty() {
            return;
        }
        self.page.heading("Do not");
        for advice in &cause.never {
            self.page.item("  ! ", Tone::Bad, &prose(advice), Tone::Plain);
        }
    }
}

/// Risk, cost and prospects of a step.
fn price(step: &Step) -> String {
    let mut facts = vec![risk(step), cost(&step.cost)];
    if step.helps > 0.0 {
        facts.push(format!("cures {} of such cases", percent(step.helps)));
    }
    facts.join(" · ")
}

fn risk(step: &Step) -> String {
    if step.risk == NO_RISK { "no risk".to_owned() } else { format!("{} risk", value(&step.risk)) }
}

/// Whether the text is to be copied, so that breaking it would spoil it, rather than read.
fn is_command(text: &str) -> bool {
    text.contains(['$', '|']) || (text.contains('"') && text.contains('\\'))
}

fn cost(cost: &str) -> String {
    match cost {
        READ_ONLY => "only looks".to_owned(),
        "unnoticed" => "nobody notices".to_owned(),
        "reversible" => "can be taken back".to_owned(),
        "disconnects" => "disconnects users for seconds".to_owned(),
        "restart" => "needs a restart or a maintenance window".to_owned(),
        "weakens" => "weakens security or may break other services: last resort".to_owned(),
        other => value(other),
    }
}

fn tone(step: &Step) -> Tone {
    match (step.risk.as_str(), step.cost.as_str()) {
        ("high", _) | (_, "weakens") => Tone::Bad,
        ("medium", _) | (_, "restart" | "disconnects") => Tone::Careful,
        _ => Tone::Good,
    }
}
