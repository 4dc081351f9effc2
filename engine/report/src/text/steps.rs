//! What to do, in working order, and what not to do.

use super::Report;
use super::figure::percent;
use super::page::Tone;
use crate::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};

/// Longer commands are cut, except those of the step that helps most and where all is asked for …
const COMMAND_WHOLE: usize = 8;
/// … to so many lines.
const COMMAND_CUT: usize = 6;
/// Where a text holds one of these it is a command, and breaking it would spoil it.
const OF_COMMANDS: [char; 4] = ['\\', '|', '$', '"'];
/// So many checks are told when no cause stands out.
const CHECKS_TOLD: usize = 4;
/// The cost of steps that only look.
const READ_ONLY: &str = "read-only";
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
            let whole = self.options.verbose || (most > 0.0 && step.helps >= most);
            self.step(index + 1, step, whole);
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
            self.step(index + 1, step, self.options.verbose);
        }
    }

    fn step(&mut self, number: usize, step: &Step, whole: bool) {
        let lead = format!("{number:>3}  ");
        self.page.item(&lead, Tone::Strong, &prose(&step.do_), Tone::Strong);
        self.page.paragraph(INDENT, &price(step), tone(step));
        self.about("where", &step.where_);
        if let Some(command) = &step.run {
            self.command(command, whole);
        }
        if step.cost != READ_ONLY || self.options.verbose {
            self.about("changes", &step.changes);
            self.about("users notice", &step.side_effects);
            self.about("undo", &step.undo);
        }
        self.about("check", &step.verify);
    }

    fn about(&mut self, what: &str, text: &str) {
        let text = text.trim();
        let lead = format!("{}{what}: ", " ".repeat(INDENT));
        let fits = !text.contains('\n') && self.page.fits(&lead, text);
        match text {
            "" => {}
            _ if fits || !text.contains(OF_COMMANDS) => {
                self.page.item(&lead, Tone::Faint, &prose(text), Tone::Plain)
            }
            command => {
                self.page.line("", lead.trim_end(), Tone::Faint);
                self.command(command, true);
            }
        }
    }

    /// A command on lines of its own, never broken: it is there to be copied.
    fn command(&mut self, command: &str, whole: bool) {
        let lines: Vec<&str> = command.trim_end().lines().collect();
        let told = if whole || lines.len() <= COMMAND_WHOLE { lines.len() } else { COMMAND_CUT };
        for line in &lines[..told] {
            self.page.line(&" ".repeat(INDENT + 4), &line.replace('\t', "    "), Tone::Command);
        }
        if told < lines.len() {
            let text =
                format!("… {} more lines: -v shows the whole; do not run a part of it", lines.len() - told);
            self.page.paragraph(INDENT + 4, &text, Tone::Careful);
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
    let risk = if step.risk == "none" { "no risk".to_owned() } else { format!("{} risk", value(&step.risk)) };
    let mut facts = vec![risk, cost(&step.cost)];
    if step.helps > 0.0 {
        facts.push(format!("ends the fault in {} of such cases", percent(step.helps)));
    }
    facts.join(" · ")
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
