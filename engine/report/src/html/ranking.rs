//! The arithmetic of the ranking, so that a person can do it again.

use super::page::{Page, heading};
use crate::words::figure::{exact, percent, several};
use crate::words::reason::{candidates, sentence, weight};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Cause, Evidence, Incident};

impl Page<'_> {
    pub(super) fn ranking(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let total = incident.none_weight + causes.iter().map(|cause| weight(cause)).sum::<f64>();
        // Probabilities are rounded, so that causes far behind are in no order.
        let mut weighed = causes.to_vec();
        weighed.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let (told, rest) = weighed.split_at(causes.len().min(self.limits.summands));
        let more: f64 = rest.iter().map(|cause| weight(cause)).sum();
        let mut explained: Vec<&Cause> = if incident.stands_out {
            causes.iter().take(1).copied().collect()
        } else {
            candidates(causes).into_iter().take(self.limits.explained).collect()
        };
        let asked = |cause: &&&Cause| self.explain == Some(cause.cause.as_str());
        if let Some(cause) = causes.iter().find(asked)
            && explained.iter().all(|other| other.cause != cause.cause)
        {
            explained.push(cause);
        }
        html! {
            (heading(incident, "sum", "How the ranking adds up"))
            p { "The weight of a cause is its prior, how common it is before any evidence, times the ratio of each piece of \
                evidence that counts. Its probability is its share of all weights." }
            div.scroll role="group" aria-labelledby={ "incident-" (incident.id) "-sum" } tabindex="0" {
                table.sum {
                    thead { tr { th scope="col" { "Cause" } th scope="col" { "Prior" } th scope="col" { "× Ratios" }
                        th scope="col" { "= Weight" } th scope="col" { "Probability" } } }
                    tbody {
                        @for cause in told { (row(cause)) }
                        @if !rest.is_empty() {
                            tr { th scope="row" { (several(rest.len(), "more cause")) } td {} td {} td { (exact(more)) }
                                td { (percent(more / total)) } }
                        }
                        tr { th scope="row" { "None of these" } td { (exact(incident.none_prior)) } td { @if incident.none_weight > incident.none_prior { "raised: there is little evidence for any cause" } @else { "no evidence moves it" } }
                            td { (exact(incident.none_weight)) } td { (percent(incident.none)) } }
                    }
                    tfoot { tr { th scope="row" { "All weights" } td {} td {} td { (exact(total)) } td {} } }
                }
            }
            @for cause in &explained { (pieces(cause, total, self.limits.uncounted)) }
        }
    }
}

fn row(cause: &Cause) -> Markup {
    let ratios: Vec<String> =
        cause.evidence.iter().map(|evidence| exact(evidence.likelihood_ratio)).collect();
    html! {
        tr {
            th scope="row" { code { (value(&cause.cause)) } }
            td { (exact(cause.prior)) }
            td { @if ratios.is_empty() { "none" } @else { (ratios.join(" × ")) } }
            td { (exact(weight(cause))) }
            td { (percent(cause.probability)) }
        }
    }
}

/// Each factor of one cause by its name, and what did not count.
fn pieces(cause: &Cause, total: f64, uncounted_told: usize) -> Markup {
    html! {
        details {
            summary { "The sum for " (value(&cause.cause)) ", piece by piece" }
            table.sum {
                thead { tr { th scope="col" { "Factor" } th scope="col" { "What it is" } } }
                tbody {
                    tr { td { (exact(cause.prior)) } td { "prior" } }
                    @for evidence in &cause.evidence {
                        tr { td { "× " (exact(evidence.likelihood_ratio)) }
                            td { code { (value(&evidence.id.to_string())) } " " (sentence(evidence)) } }
                    }
                    tr { td { "= " (exact(weight(cause))) } td { "its weight" } }
                    tr { td { "÷ " (exact(total)) } td { "all weights: a share of " (exact(weight(cause) / total)) } }
                }
            }
            @if !cause.not_counted.is_empty() {
                h4 { "Did not count" }
                ul { @for evidence in cause.not_counted.iter().take(uncounted_told) { li { (uncounted(evidence)) } } }
                @if cause.not_counted.len() > uncounted_told {
                    p.note { "… and " (several(cause.not_counted.len() - uncounted_told, "more piece")) " of evidence" }
                }
            }
        }
    }
}

fn uncounted(evidence: &Evidence) -> Markup {
    html! {
        (evidence.state) ": " code { (value(&evidence.id.to_string())) }
        @if let Some(note) = &evidence.note { " · " (value(note)) }
    }
}
