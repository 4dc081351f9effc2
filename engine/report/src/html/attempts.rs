//! The attempts, one line each.

use super::page::Page;
use crate::outline::{Format, Section};
use crate::words::attempt::outcome;
use crate::words::figure::{count, several};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Attempt, Outcome};

/// A table of this many lines is open from the start.
const SHORT: usize = 12;

impl Page<'_> {
    pub(super) fn attempts(&self) -> Markup {
        let all = &self.diagnosis.attempts;
        let listed = listed(all, self.limits.attempts);
        let heads = ["Time", "Outcome", "Machines", "From", "User", "Code", "Incident"];
        html! {
            section aria-labelledby="attempts" {
                h2 #attempts { (Section::Attempts.title(Format::Html)) }
                details open[listed.len() <= SHORT] {
                    summary { (several(listed.len(), "line")) " with their outcome" }
                    // Works with the script alone, and is not there without it.
                    p.tools hidden {
                        label { "Only lines with " input #attempts-filter type="search" size="30"; } " "
                        span #attempts-shown role="status" {}
                    }
                    div.scroll role="group" aria-labelledby="attempts" tabindex="0" {
                        table.sortable {
                            thead { tr { @for head in heads { th scope="col" { (head) } } } }
                            tbody { @for attempt in &listed { (self.attempt(attempt)) } }
                        }
                    }
                }
                @if all.len() > listed.len() {
                    p.note { "Left out here: " (several(all.len() - listed.len(), "line")) ". " code { "--format csv" } " has them all." }
                }
            }
        }
    }

    fn attempt(&self, attempt: &Attempt) -> Markup {
        let word = |word: &Option<String>| word.as_deref().map(value).unwrap_or_default();
        html! {
            tr {
                td.time { (self.clock.span(attempt.started, attempt.ended)) }
                td class=(grade(attempt)) {
                    @if attempt.count > 1 { (count(attempt.count as u64)) " alike " }
                    (outcome(attempt, &self.diagnosis.words))
                }
                td { (self.places.machine(&attempt.machine))
                    @if let Some(other) = &attempt.other_machine { ", " (self.places.machine(other)) } }
                td { (word(&attempt.source)) }
                td { (word(&attempt.user)) }
                td { @if let Some(code) = attempt.code { (code) } @if let Some(name) = &attempt.code_name { " " (value(name)) } }
                td { @if let Some(incident) = attempt.incident { (incident) } }
            }
        }
    }
}

/// At most this many attempts in the order of time; those of incidents go before others.
fn listed(all: &[Attempt], told: usize) -> Vec<&Attempt> {
    let (of_incidents, others): (Vec<&Attempt>, Vec<&Attempt>) =
        all.iter().partition(|attempt| attempt.incident.is_some());
    let mut listed: Vec<&Attempt> = of_incidents.into_iter().chain(others).take(told).collect();
    listed.sort_by_key(|attempt| attempt.started);
    listed
}

fn grade(attempt: &Attempt) -> &'static str {
    match attempt.outcome {
        Outcome::Failed => "bad",
        Outcome::Succeeded if attempt.dropped => "careful",
        Outcome::Succeeded => "good",
        Outcome::Aborted | Outcome::Unknown => "soft",
    }
}
