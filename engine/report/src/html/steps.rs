//! What to do, in working order, and what not to do.

use super::page::{Page, command, heading};
use crate::words::incident::{causes_of, told_earlier};
use crate::words::reason::{likely, meant};
use crate::words::step::{
    Care, DO_NOT, LOOK_FIRST, WORTH_WHOLE, care, checks, cost, is_command, most_helpful, price, risk,
};
use crate::words::summary::remedy;
use crate::words::visible::prose;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};
use rdpwhy_rules::Cost;

/// Longer commands of checks are behind a line that opens.
const CHECK_SHORT: usize = 6;
/// Steps that the first screen shows.
const FIRST: usize = 4;

impl Page<'_> {
    /// The fix steps of the cause, or where none stands out the checks of the likeliest ones.
    pub(super) fn steps(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let Some(first) = causes.first().filter(|_| incident.stands_out) else {
            return self.checks(incident, causes);
        };
        if let Some(earlier) = told_earlier(self.diagnosis, incident, first) {
            return html! {
                (heading(incident, "do", "What to do"))
                p { "The same as for " a href={ "#incident-" (earlier) "-do" } { "incident " (earlier) } ": the cause is the same." }
            };
        }
        html! {
            @if !first.fix.is_empty() {
                (heading(incident, "do", "What to do, in this order"))
                @let most = most_helpful(&first.fix);
                ol.steps { @for step in &first.fix { (step_of(step, is_worth(step, most))) } }
            }
        }
    }

    /// Whether the incident has a part that says what to do.
    pub(super) fn has_steps(&self, incident: &Incident) -> bool {
        let causes = causes_of(self.diagnosis, incident);
        match causes.first().filter(|_| incident.stands_out) {
            Some(first) => !first.fix.is_empty() || told_earlier(self.diagnosis, incident, first).is_some(),
            None => !checks(&likely(incident, &causes), &self.limits).is_empty(),
        }
    }

    /// What to do about the first incident, in a line for each step: what only looks, up to the step that is likely to help.
    pub(super) fn first_steps(&self) -> Markup {
        let Some(incident) = self.diagnosis.incidents.first() else { return html! {} };
        let causes = causes_of(self.diagnosis, incident);
        let steps: Vec<(usize, &Step)> = match causes.first().filter(|_| incident.stands_out) {
            Some(first) => up_to_remedy(&first.fix),
            None => {
                checks(&likely(incident, &causes), &self.limits).into_iter().enumerate().take(FIRST).collect()
            }
        };
        html! {
            @if !steps.is_empty() {
                div.first {
                    p { strong { @if incident.stands_out { "What to do" } @else { (LOOK_FIRST) } }
                        " · " a href={ "#incident-" (incident.id) "-do" } { "all steps with their commands" } }
                    ol {
                        @for (place, step) in steps {
                            li value=(place + 1) { (prose(&step.do_)) " " span.price.(grade(step)) { (first_price(step)) } }
                        }
                    }
                }
            }
        }
    }

    fn checks(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let checks = checks(&likely(incident, causes), &self.limits);
        html! {
            @if !checks.is_empty() {
                (heading(incident, "do", LOOK_FIRST))
                ol.steps { @for step in checks { (step_of(step, true)) } }
            }
        }
    }

    /// What not to do about the cause that stands out, or about the likeliest one; said once for incidents with one
    /// cause, as its steps are.
    pub(super) fn never(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let told =
            |cause: &&Cause| incident.stands_out && told_earlier(self.diagnosis, incident, cause).is_some();
        let cause = meant(incident, causes).filter(|cause| !cause.never.is_empty() && !told(cause));
        html! {
            @if let Some(cause) = cause {
                (heading(incident, "never", DO_NOT))
                ul.never { @for advice in &cause.never { li { (prose(advice)) } } }
            }
        }
    }
}

/// The read-only steps before the one that is likely to help, and that one, with their places in the list.
fn up_to_remedy(steps: &[Step]) -> Vec<(usize, &Step)> {
    let Some(best) = remedy(steps) else { return Vec::new() };
    let until = steps.iter().position(|step| step.step == best.step).unwrap_or_default();
    let looks = steps.iter().enumerate().take(until).filter(|(_, step)| step.cost == Cost::ReadOnly);
    looks.take(FIRST - 1).chain(std::iter::once((until, best))).collect()
}

/// Risk and cost alone.
pub(super) fn first_price(step: &Step) -> String {
    format!("{} · {}", risk(step), cost(step.cost))
}

/// A step; its command and what to know about it are behind a line that opens unless it is `whole`.
fn step_of(step: &Step, whole: bool) -> Markup {
    let only_looks = step.cost == Cost::ReadOnly;
    let price = if only_looks { first_price(step) } else { price(step) };
    html! {
        li {
            h4 { (prose(&step.do_)) }
            p.price.(grade(step)) { (price) }
            @if !step.where_.trim().is_empty() { p.soft { "where: " (prose(&step.where_)) } }
            @if whole { (how(step)) } @else { details { summary { "How, and what to know before" } (how(step)) } }
        }
    }
}

fn how(step: &Step) -> Markup {
    let only_looks = step.cost == Cost::ReadOnly;
    let run = step.run.as_deref().unwrap_or_default();
    let lines = run.trim_end().lines().count();
    html! {
        @if lines > CHECK_SHORT && only_looks {
            details { summary { (lines) " commands" } (command(run)) }
        } @else if lines > 0 { (command(run)) }
        dl.about {
            @if only_looks {
                (about("expect", &step.verify))
            } @else {
                (about("changes", &step.changes))
                (about("users notice", step.noticed()))
                (undo(step))
                (about("check", &step.verify))
            }
        }
    }
}

/// How to undo a step: in words, and the commands below them.
fn undo(step: &Step) -> Markup {
    let commands = step.undo_run.as_deref().unwrap_or_default();
    html! {
        @if !step.undo.trim().is_empty() {
            div { dt { "undo" } dd { (prose(&step.undo)) @if !commands.is_empty() { (command(commands)) } } }
        }
    }
}

/// Whether a step is shown in full: read-only steps are, and the changes that help most.
fn is_worth(step: &Step, most: f64) -> bool {
    step.cost == Cost::ReadOnly || step.helps >= most * WORTH_WHOLE
}

fn about(what: &str, text: &str) -> Markup {
    let text = text.trim();
    html! {
        @if !text.is_empty() {
            div { dt { (what) } dd { @if is_command(text) { (command(text)) } @else { (prose(text)) } } }
        }
    }
}

fn grade(step: &Step) -> &'static str {
    match care(step) {
        Care::Dangerous => "bad",
        Care::Careful => "careful",
        Care::Harmless => "good",
    }
}
