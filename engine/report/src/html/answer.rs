//! The answer: what was read and asked, the incidents, and the verdict on each.

use super::page::Page;
use crate::words::figure::{percent, several, sure};
use crate::words::incident::{NOBODY_ELSE, answer, causes_of, course, failures, last_good, scene, undecided};
use crate::words::list::counted;
use crate::words::summary::summary;
use crate::words::ticket::{apart, asked, grave, logs, losses, outcomes, quiet, several_records, span};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::Verdict;
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

impl Page<'_> {
    /// What was read and asked.
    pub(super) fn head(&self) -> Markup {
        let diagnosis = self.diagnosis;
        let grave = grave(diagnosis);
        let zone = self.clock.zone_name().map(|zone| format!(", in brackets {zone}")).unwrap_or_default();
        let clocks =
            diagnosis.clocks.iter().filter(|clock| clock.ahead_seconds.abs() >= self.limits.clock_seconds);
        html! {
            p.tool { (value(&diagnosis.tool.name)) }
            h1 { @if diagnosis.incidents.is_empty() { (quiet(diagnosis, &self.clock).title) } @else { (diagnosis.words.why_failed) } }
            @if !grave.is_empty() {
                p.alarm { strong { "Security: " } (grave.join(" · ")) " " a href="#notices" { "see the notices" } }
            }
            (self.summary())
            (self.first_steps())
            dl.facts {
                @if let Some(case) = self.case { div { dt { "Case" } dd { (value(case)) } } }
                div { dt { "Searched" } dd { (self.what_was_read()) } }
                @if let Some(span) = span(diagnosis, &self.clock) {
                    div { dt { "Span" } dd { (span) " · times are UTC" (zone) } }
                }
                @if let Some(outcomes) = outcomes(diagnosis) { div { dt { "Attempts" } dd { (outcomes) } } }
                @if let Some(asked) = asked(diagnosis, &self.clock) { div { dt { "Asked" } dd { (asked) } } }
                @for clock in clocks.take(self.limits.clocks) { div { dt { "Clock" } dd { (apart(clock)) } } }
            }
        }
    }

    /// The paragraph for the ticket.
    fn summary(&self) -> Markup {
        let summary = summary(self.diagnosis, &self.clock, &self.places);
        html! {
            div.summary {
                p { code { strong { (summary.lead()) } " " (summary.sentences.join(" ")) } }
                button.copy type="button" hidden { "Copy summary" }
            }
            (self.ticket_codes())
        }
    }

    /// Everything that is known about the codes of the ticket.
    fn ticket_codes(&self) -> Markup {
        let asked = &self.diagnosis.asked;
        if asked.meanings.is_empty() {
            return html! {};
        }
        html! {
            details.codes {
                summary { "The code in the ticket" }
                @for code in &asked.meanings {
                    p {
                        strong { (code.code) @if let Some(name) = &code.name { " " (value(name)) } } ": " (prose(&code.means))
                        @if let Some(not) = &code.does_not_mean { br; "It does not mean: " (prose(not)) }
                    }
                }
                @if let Some(pair) = &asked.pair {
                    p { strong { "Together: " } (prose(&pair.title)) }
                    @for says in &pair.says { p { (prose(says)) } }
                }
            }
        }
    }

    fn what_was_read(&self) -> String {
        let mut facts = vec![several(logs(self.diagnosis).len(), "log")];
        facts.push(several_records(self.diagnosis.coverage.iter().map(|row| row.records).sum()));
        facts.extend(losses(self.diagnosis));
        let machines = self.places.machines();
        if machines.len() > self.limits.machines {
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
                            @for incident in self.diagnosis.incidents.iter().take(self.limits.incidents_listed) { (self.line(incident)) }
                        }
                    }
                }
                @if all > self.limits.incidents_listed { p.note { "… and " (several(all - self.limits.incidents_listed, "more incident")) } }
            }
        }
    }

    fn line(&self, incident: &Incident) -> Markup {
        let causes = causes_of(self.diagnosis, incident);
        let told = self.told().any(|other| other.id == incident.id);
        let answer = answer(incident, &causes);
        html! {
            tr {
                th scope="row" { (incident.id) }
                td { @if told { a href={ "#incident-" (incident.id) } { (answer) } } @else { (answer) } }
                td { (failures(self.diagnosis, incident)) }
                td { (self.places.machine(&incident.machine)) }
                td.time { (self.clock.span(incident.started, incident.ended)) }
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
                        Some(cause) => p.soft { code { (value(&cause.cause)) } " · fault: " strong { (self.diagnosis.words.fault(cause.side)) } (sure(cause.probability)) },
                        None => p { (open.1) },
                    }
                    @if let Some(says) = first.and_then(|cause| cause.says.as_ref()) { p { (value(says)) } }
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
        let sources =
            counted("from", "addresses", &incident.sources, incident.source_count, self.limits.people);
        let users = counted("user", "users", &incident.users, incident.user_count, self.limits.people);
        html! {
            ul.plain {
                li { (scene(self.diagnosis, incident, &self.places)) }
                @if !incident.assumed { li { (self.clock.span(incident.started, incident.ended)) } }
                @for people in [sources, users].into_iter().flatten() { li { (people) } }
                @if let Some(good) = last_good(self.diagnosis, incident, &self.clock) { li { (good) } }
                @for text in course(self.diagnosis, incident, &self.clock) { li { (text) } }
                @if incident.strangers {
                    li.careful { (self.diagnosis.words.only_strangers) (NOBODY_ELSE) }
                }
            }
        }
    }
}
