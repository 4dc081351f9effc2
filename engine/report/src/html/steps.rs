//! What to do, in working order, and what not to do.

use super::{Page, command, heading};
use crate::words::reason::candidates;
use crate::words::step::{NOTHING, READ_ONLY, WORTH_WHOLE, cost, is_command, price, risk};
use crate::words::visible::prose;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Cause, Incident, Step};

/// So many checks are told when no cause stands out.
const CHECKS_TOLD: usize = 6;
/// Longer commands of checks stand behind a line that opens.
const CHECK_SHORT: usize = 6;

impl Page<'_> {
    pub(super) fn steps(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let Some(first) = causes.first() else { return html! {} };
        if !incident.stands_out {
            return self.checks(incident, causes);
        }
        if let Some(earlier) = self.same_as(incident, first) {
            return html! {
                (heading(incident, "do", "What to do"))
                p { "The same as for " a href={ "#incident-" (earlier) "-do" } { "incident " (earlier) } ": the cause is the same." }
            };
        }
        html! {
            @if !first.fix.is_empty() {
                (heading(incident, "do", "What to do, in this order"))
                @let most = first.fix.iter().fold(0.0, |most: f64, step| most.max(step.helps));
                ol.steps { @for step in &first.fix { (step_of(step, is_worth(step, most))) } }
            }
            (never(incident, first))
        }
    }

    /// Steps that only look, of the likeliest causes: safe whatever the cause is.
    fn checks(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let likely = checks(incident, causes);
        html! {
            @if !likely.is_empty() {
                (heading(incident, "do", "Look first: these checks change nothing"))
                ol.steps { @for step in likely { (step_of(step, true)) } }
            }
            @if let Some(first) = candidates(causes).first().filter(|cause| cause.probability >= incident.none) {
                (never(incident, first))
            }
        }
    }
}

/// A step; its command and what to know about it stand behind a line that opens unless it is `whole`.
fn step_of(step: &Step, whole: bool) -> Markup {
    let only_looks = step.cost == READ_ONLY;
    let price = if only_looks { format!("{} · {}", risk(step), cost(&step.cost)) } else { price(step) };
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
    let only_looks = step.cost == READ_ONLY;
    let run = step.run.as_deref().unwrap_or_default();
    let lines = run.trim_end().lines().count();
    html! {
        @if lines > CHECK_SHORT && only_looks {
            details { summary { (lines) " lines of commands" } (command(run)) }
        } @else if lines > 0 { (command(run)) }
        dl.about {
            @if only_looks {
                (about("expect", &step.verify))
            } @else {
                (about("changes", &step.changes))
                @if step.side_effects.trim() != NOTHING { (about("users notice", &step.side_effects)) }
                (about("undo", &step.undo))
                (about("check", &step.verify))
            }
        }
    }
}

/// Whether a step stands there in full: those that only look do, and the changes that help most.
fn is_worth(step: &Step, most: f64) -> bool {
    step.cost == READ_ONLY || step.helps >= most * WORTH_WHOLE
}

/// The checks worth doing while no cause stands out. Those for causes less likely than "none of these" would be
/// shots in the dark.
pub(super) fn checks<'d>(incident: &Incident, causes: &[&'d Cause]) -> Vec<&'d Step> {
    let mut checks: Vec<&Step> = Vec::new();
    let likely = candidates(causes).into_iter().filter(|cause| cause.probability >= incident.none);
    for step in likely.flat_map(|cause| &cause.fix) {
        if step.cost == READ_ONLY && checks.iter().all(|other| other.step != step.step) {
            checks.push(step);
        }
    }
    checks.truncate(CHECKS_TOLD);
    checks
}

fn about(what: &str, text: &str) -> Markup {
    let text = text.trim();
    html! {
        @if !text.is_empty() {
            div { dt { (what) } dd { @if is_command(text) { (command(text)) } @else { (prose(text)) } } }
        }
    }
}

fn never(incident: &Incident, cause: &Cause) -> Markup {
    html! {
        @if !cause.never.is_empty() {
            (heading(incident, "never", "Do not"))
            ul.never { @for advice in &cause.never { li { (prose(advice)) } } }
        }
    }
}

fn grade(step: &Step) -> &'static str {
    match (step.risk.as_str(), step.cost.as_str()) {
        ("high", _) | (_, "weakens") => "bad",
        ("medium", _) | (_, "restart" | "disconnects") => "careful",
        _ => "good",
    }
}
