//! What speaks for the verdict and against it, with the records; and what changed before.

use super::page::{Page, heading};
use crate::words::figure::{factor, several};
use crate::words::incident::changed;
use crate::words::reason::{ESTIMATES, NOTHING_AGAINST, NOTHING_FOR, candidates, marked, reasons, sentence};
use crate::words::summary::telling;
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident};

/// A bar is full at this ratio.
const FULL: f64 = 1000.0;

impl Page<'_> {
    pub(super) fn reasons(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let told: Vec<&Cause> = if incident.stands_out {
            causes.iter().take(1).copied().collect()
        } else {
            candidates(causes).into_iter().take(self.limits.candidates).collect()
        };
        html! {
            @for cause in told {
                @let of = if incident.stands_out { String::new() } else { format!(" {}", value(&cause.headline)) };
                (heading(incident, &format!("for-{}", value(&cause.cause)), &format!("Evidence for{}", if of.is_empty() { " it" } else { &of })))
                (self.side(cause, true))
                @if reasons(cause, false).is_empty() {
                    p.note { (NOTHING_AGAINST) }
                } @else {
                    h4 { "Evidence against it" }
                    (self.side(cause, false))
                }
                p.note { (ESTIMATES) }
            }
        }
    }

    fn side(&self, cause: &Cause, for_it: bool) -> Markup {
        let reasons = reasons(cause, for_it);
        if reasons.is_empty() {
            return html! { p.note { (NOTHING_FOR) } };
        }
        let (class, weight) =
            if for_it { ("for", "Times more likely") } else { ("against", "Times less likely") };
        html! {
            table.evidence.(class) {
                thead { tr { th scope="col" { (weight) } th scope="col" { "What the logs show" } } }
                tbody { @for reason in reasons.iter().take(self.limits.reasons) { (self.reason(reason)) } }
            }
            @if reasons.len() > self.limits.reasons {
                p.note { "… and " (several(reasons.len() - self.limits.reasons, "weaker piece")) " of evidence" }
            }
        }
    }

    fn reason(&self, reason: &Evidence) -> Markup {
        let weight = reason.likelihood_ratio.max(f64::MIN_POSITIVE).ln().abs() / FULL.ln();
        html! {
            tr {
                th.weight scope="row" {
                    (factor(reason.likelihood_ratio))
                    svg.bar viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                        rect.track width="100" height="4" {}
                        rect.fill width=(format!("{:.2}", weight.min(1.0) * 100.0)) height="4" {}
                    }
                }
                td {
                    p { (sentence(reason)) }
                    @if let Some(basis) = marked(reason) { p.soft { (basis) } }
                    @for text in telling(reason) { p.telling { (text) } }
                    (self.records(&reason.records, reason.record_count))
                }
            }
        }
    }

    /// What changed before the failures began.
    pub(super) fn changes(&self, incident: &Incident) -> Markup {
        if incident.changes.is_empty() {
            return html! {};
        }
        html! {
            (heading(incident, "changes", changed(incident)))
            p.note { "A hint, without weight in the ranking." }
            ul.changes {
                @for change in &incident.changes {
                    li { (value(&change.title)) br; span.soft { (self.line_of(&change.record)) } }
                }
            }
        }
    }
}
