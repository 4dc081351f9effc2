//! The answer: what was read and asked, the incidents, the verdict on each, where it broke, and how likely each cause is.

use super::{Page, heading};
use crate::words::figure::{factor, percent, several};
use crate::words::incident::{failures, last_good, scene, undecided};
use crate::words::ladder::{Ladder, Rung};
use crate::words::list::counted;
use crate::words::reason::{self, candidates, less_likely, reasons, sentence, worth_telling};
use crate::words::ticket::{apart, asked, grave, logs, losses, outcomes, quiet, several_records, span};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::Verdict;
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

/// So many machines are named.
const MACHINES_NAMED: usize = 8;
/// So many incidents are in the list at the top.
const INCIDENTS_LISTED: usize = 100;
/// So many addresses or users are named.
const NAMED: usize = 5;
/// So many causes have a bar.
const BARS: usize = 8;
/// Clocks that differ by less, in seconds, are not told: nobody need reckon with it.
const CLOCK_TOLD: f64 = 1.0;

impl Page<'_> {
    /// What was read and asked.
    pub(super) fn head(&self) -> Markup {
        let diagnosis = self.diagnosis;
        let grave = grave(diagnosis);
        let zone = self.clock.zone_name().map(|zone| format!(", in brackets {zone}")).unwrap_or_default();
        let clocks = diagnosis.clocks.iter().filter(|clock| clock.ahead_seconds.abs() >= CLOCK_TOLD);
        html! {
            p.tool { (value(&diagnosis.tool.name)) }
            h1 { @if diagnosis.incidents.is_empty() { (quiet(diagnosis, &self.clock).title) } @else { "Why the connection failed" } }
            @if !grave.is_empty() {
                p.alarm { strong { "Security: " } (grave.join(" · ")) " " a href="#notices" { "see the notices" } }
            }
            dl.facts {
                div { dt { "Searched" } dd { (self.what_was_read()) } }
                @if let Some(span) = span(diagnosis, &self.clock) {
                    div { dt { "Span" } dd { (span) " · times are UTC" (zone) } }
                }
                @if let Some(outcomes) = outcomes(diagnosis) { div { dt { "Attempts" } dd { (outcomes) } } }
                @if let Some(asked) = asked(diagnosis, &self.clock) { div { dt { "Asked" } dd { (asked) } } }
                @for clock in clocks { div { dt { "Clock" } dd { (apart(clock)) } } }
            }
        }
    }

    fn what_was_read(&self) -> String {
        let mut facts = vec![several(logs(self.diagnosis).len(), "log")];
        facts.push(several_records(self.diagnosis.coverage.iter().map(|row| row.records).sum()));
        facts.extend(losses(self.diagnosis));
        let machines = self.places.machines();
        if machines.len() > MACHINES_NAMED {
            facts.push(several(machines.len(), "machine"));
        } else {
            facts.extend(machines);
        }
        facts.join(" · ")
    }

    /// What can be said when nothing failed, or nothing is known.
    pub(super) fn quiet(&self) -> Markup {
        let quiet = quiet(self.diagnosis, &self.clock);
        let (class, mark) =
            if self.diagnosis.verdict == Verdict::Healthy { ("good", "✓") } else { ("careful", "?") };
        html! {
            section.incident aria-labelledby="quiet-title" {
                div.verdict {
                    p class={ "figure " (class) } aria-hidden="true" { (mark) }
                    div {
                        h2 #quiet-title { (quiet.title) }
                        @for text in &quiet.texts { p { (text) } }
                    }
                }
                (self.short_flowchart())
            }
        }
    }

    /// All incidents in a line each.
    pub(super) fn overview(&self) -> Markup {
        let all = self.diagnosis.incidents.len();
        html! {
            section aria-labelledby="incidents" {
                h2 #incidents { (several(all, "separate incident")) }
                div.scroll role="group" aria-labelledby="incidents" tabindex="0" {
                    table {
                        thead { tr { th scope="col" { "No." } th scope="col" { "Answer" } th scope="col" { "Failures" }
                            th scope="col" { "Machine" } th scope="col" { "Time" } } }
                        tbody {
                            @for incident in self.diagnosis.incidents.iter().take(INCIDENTS_LISTED) { (self.line(incident)) }
                        }
                    }
                }
                @if all > INCIDENTS_LISTED { p.note { "… and " (several(all - INCIDENTS_LISTED, "more incident")) } }
            }
        }
    }

    fn line(&self, incident: &Incident) -> Markup {
        let causes = crate::words::incident::causes_of(self.diagnosis, incident);
        let told = self.told().any(|other| other.id == incident.id);
        let answer = match causes.first() {
            Some(first) if incident.stands_out => {
                format!("{} · {}", percent(first.probability), value(&first.headline))
            }
            _ => "No cause stands out".to_owned(),
        };
        html! {
            tr {
                th scope="row" { (incident.id) }
                td { @if told { a href={ "#incident-" (incident.id) } { (answer) } } @else { (answer) } }
                td { (failures(self.diagnosis, incident)) }
                td { (self.places.machine(&incident.machine)) }
                td.time { (self.clock.span(&incident.started, &incident.ended)) }
            }
        }
    }

    pub(super) fn verdict(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let first = causes.first().filter(|_| incident.stands_out);
        let open = undecided(self.diagnosis, incident, causes);
        html! {
            div.verdict {
                @match first {
                    Some(cause) => p.figure { (percent(cause.probability)) },
                    None => p.figure.careful aria-hidden="true" { "?" },
                }
                div {
                    @if self.diagnosis.incidents.len() > 1 {
                        p.tool { "Incident " (incident.id) " of " (self.diagnosis.incidents.len()) }
                    }
                    h2 #{ "incident-" (incident.id) "-title" } {
                        @match first { Some(cause) => (value(&cause.headline)), None => (open.0) }
                    }
                    @match first {
                        Some(cause) => p.soft { code { (value(&cause.cause)) } " · the fault lies with: " strong { (value(&cause.side)) } },
                        None => p { (open.1) },
                    }
                    (self.circumstances(incident))
                    @if let Some(cause) = first.filter(|cause| !cause.mechanism.trim().is_empty()) {
                        p.mechanism { (prose(&cause.mechanism)) }
                    }
                }
            }
        }
    }

    /// Machine, stage, time and people.
    fn circumstances(&self, incident: &Incident) -> Markup {
        let sources = counted("from", "addresses", &incident.sources, incident.source_count, NAMED);
        let users = counted("user", "users", &incident.users, incident.user_count, NAMED);
        html! {
            ul.plain {
                li { (scene(self.diagnosis, incident, &self.places)) }
                @if !incident.assumed { li { (self.clock.span(&incident.started, &incident.ended)) } }
                @for people in [sources, users].into_iter().flatten() { li { (people) } }
                @if let Some(good) = last_good(self.diagnosis, incident, &self.clock) { li { (good) } }
                @if incident.strangers {
                    li.careful { "Only strangers fail: addresses from outside that never got in. Nobody else's failure is in these logs." }
                }
            }
        }
    }

    /// The stages, with the one at which it broke.
    pub(super) fn ladder(&self, incident: &Incident) -> Markup {
        let Some(ladder) = Ladder::of(self.diagnosis, incident).filter(|ladder| !ladder.is_unknown()) else {
            return html! {};
        };
        html! {
            (heading(incident, "stages", "How far it got"))
            ol.ladder {
                @for (stage, rung) in ladder.rungs() {
                    li class=(class(rung)) {
                        span.mark aria-hidden="true" { (rung.mark()) }
                        span.stage { (value(&stage.id)) }
                        span.state { (rung.word()) }
                        span.soft.means { (prose(&stage.title)) }
                    }
                }
            }
            @if !ladder.is_sure() { p.note { "It broke at one of the stages marked with a question mark." } }
        }
    }

    /// The causes with a bar each, and why the others are less likely.
    pub(super) fn likelihood(&self, incident: &Incident, causes: &[&Cause]) -> Markup {
        let shown: Vec<&Cause> = causes
            .iter()
            .enumerate()
            .filter(|(place, cause)| (*place == 0 && incident.stands_out) || worth_telling(cause))
            .map(|(_, cause)| *cause)
            .take(BARS)
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
                                @if cause.consequence_of.is_some() { " (a consequence here)" }
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
            (tells(incident, causes))
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
            let open = cause.not_counted.iter().filter(|evidence| evidence.state == "unknown").count();
            let open = (open > 0).then(|| {
                format!("open: {} of evidence cannot be judged from these logs", several(open, "piece"))
            });
            strongest.chain(open).collect()
        }
    }
}

/// What tells the candidates apart where none stands out.
fn tells(incident: &Incident, causes: &[&Cause]) -> Markup {
    let pairs = reason::tells(&candidates(causes), if incident.stands_out { 0 } else { BARS });
    html! {
        @if !pairs.is_empty() {
            h4 { "What tells them apart" }
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

fn class(rung: Rung) -> &'static str {
    match rung {
        Rung::Passed => "passed",
        Rung::Broke => "broke",
        Rung::Perhaps => "maybe",
        Rung::Ahead => "ahead",
    }
}
