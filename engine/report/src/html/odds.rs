//! How likely each cause is.

use super::page::{Page, heading};
use crate::words::figure::{factor, percent, several};
use crate::words::reason::{
    self, CONSEQUENCE, TELLS, candidates, less_likely, open, reasons, sentence, worth_telling,
};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

impl Page<'_> {
    /// The causes with a bar each, and why the others are less likely.
    pub(super) fn odds(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let shown: Vec<&Cause> = causes
            .iter()
            .enumerate()
            .filter(|(place, cause)| (*place == 0 && incident.stands_out) || worth_telling(cause))
            .map(|(_, cause)| *cause)
            .take(self.limits.others)
            .collect();
        let rest: f64 = causes.iter().map(|cause| cause.probability).sum::<f64>()
            - shown.iter().map(|cause| cause.probability).sum::<f64>();
        let others = causes.len() - shown.len();
        html! {
            (heading(incident, "odds", "How likely each cause is"))
            table.odds {
                thead { tr { th scope="col" { "Cause" } th scope="col" { "Probability" } } }
                tbody {
                    @for cause in &shown {
                        tr {
                            th scope="row" { (value(&cause.headline)) " " code { (value(&cause.cause)) }
                                @if cause.consequence_of.is_some() { (CONSEQUENCE) }
                                @for why in aside(incident, causes, cause) { p.soft { (why) } } }
                            td { (bar(cause.probability, "likely")) }
                        }
                    }
                    tr { th scope="row" { "None of these" } td { (bar(incident.none, "none")) } }
                    @if others > 0 {
                        tr { th scope="row" { (several(others, "other known cause")) " together" }
                            td { (bar(rest.max(0.0), "none")) } }
                    }
                }
            }
            (tells(incident, causes, self.limits.others))
        }
    }
}

/// Why this cause is not the verdict, or what speaks for it and against it where none is.
fn aside(incident: &Incident, causes: &[&Cause], cause: &Cause) -> Vec<String> {
    match causes.first() {
        Some(first) if incident.stands_out => {
            if first.cause == cause.cause {
                Vec::new()
            } else {
                vec![less_likely(first, cause)]
            }
        }
        _ => {
            let sides = [("for", true), ("against", false)];
            let strongest = sides.into_iter().filter_map(|(word, for_it)| {
                let reason = *reasons(cause, for_it).first()?;
                Some(format!("{word} {}: {}", factor(reason.likelihood_ratio), sentence(reason)))
            });
            let open = open(cause).map(|text| format!("open: {text}"));
            strongest.chain(open).collect()
        }
    }
}

/// What tells the candidates apart where none stands out.
fn tells(incident: &Incident, causes: &[&Cause], among: usize) -> Markup {
    let pairs = reason::tells(&candidates(causes), if incident.stands_out { 0 } else { among });
    html! {
        @if !pairs.is_empty() {
            h4 { (TELLS) }
            ul { @for pair in pairs { li { (pair) } } }
        }
    }
}

fn bar(probability: f64, class: &str) -> Markup {
    html! {
        svg.bar.(class) viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track width="100" height="8" {}
            rect.fill width=(format!("{:.2}", probability.clamp(0.0, 1.0) * 100.0)) height="8" {}
        }
        span.percent { (percent(probability)) }
    }
}
