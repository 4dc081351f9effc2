//! The report as one HTML file: nothing is loaded from anywhere, and no script is needed to read it.

mod answer;
mod attempts;
mod checklist;
mod evidence;
mod findings;
mod flowchart;
mod ranking;
mod record;
mod scale;
mod searched;
mod steps;
mod timeline;

use crate::words::clock::Clock;
use crate::words::figure::several;
use crate::words::incident::causes_of;
use crate::words::place::Places;
use crate::words::ticket::quiet_title;
use crate::words::visible::{value, visible};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Incident;
use sha2::{Digest, Sha256};

/// The looks of the page.
const STYLE: &str = include_str!("style.css");
/// Copies commands. The page is whole without it.
const SCRIPT: &str = include_str!("script.js");
/// So many incidents are told at length.
const INCIDENTS_TOLD: usize = 10;

/// How the HTML report shall look.
#[derive(Debug, Clone, Default)]
pub struct HtmlOptions {
    /// The reader's own time zone, written beside UTC.
    pub time_zone: Option<TimeZone>,
    /// Id of a cause whose arithmetic is told piece by piece besides that of the verdict.
    pub explain: Option<String>,
}

/// The diagnosis as one HTML file, for reading on a screen and, printed, as a checklist.
///
/// Every string that may come out of a log is escaped, made visible and cut at a bound. A policy within the page
/// allows its own style and script by their hashes and nothing else, not even a request.
pub fn html(diagnosis: &Diagnosis, options: &HtmlOptions) -> String {
    let clock = Clock::new(options.time_zone.clone());
    let page = Page { diagnosis, options, clock, places: Places::new(diagnosis) };
    // What the parts let through by mistake is made visible here. Line feeds are the page's own, and those of commands.
    let lines: Vec<String> = page.document().into_string().lines().map(visible).collect();
    lines.join("\n") + "\n"
}

/// What the parts of the page are made from.
struct Page<'a> {
    diagnosis: &'a Diagnosis,
    options: &'a HtmlOptions,
    clock: Clock,
    places: Places,
}

impl Page<'_> {
    fn document(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy());
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    title { (self.title()) " · " (value(&self.diagnosis.tool.name)) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#answer" { "Skip to the answer" }
                    header { (self.head()) }
                    (self.contents())
                    main #answer tabindex="-1" { (self.body()) }
                    footer { (self.imprint()) }
                    (self.checklist())
                    div #said role="status" aria-live="polite" {}
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    /// The answer in a line.
    fn title(&self) -> String {
        let Some(first) = self.diagnosis.incidents.first() else {
            return quiet_title(self.diagnosis).to_owned();
        };
        match causes_of(self.diagnosis, first).first() {
            Some(cause) if first.stands_out => value(&cause.headline),
            _ => "No cause stands out".to_owned(),
        }
    }

    fn contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                ul {
                    @for incident in self.told() {
                        li { a href={ "#incident-" (incident.id) } {
                            @if self.diagnosis.incidents.len() > 1 { "Incident " (incident.id) } @else { "Answer" }
                        } }
                    }
                    @for (id, name) in self.sections() {
                        li { a href={ "#" (id) } { (name) } }
                    }
                }
            }
        }
    }

    /// The parts of the page behind the incidents.
    fn sections(&self) -> Vec<(&'static str, &'static str)> {
        let diagnosis = self.diagnosis;
        let sections = [
            (self.has_course(), "course", "Course of events"),
            (!diagnosis.notices.is_empty(), "notices", "Notices"),
            (!diagnosis.collect.is_empty(), "missing", "Not in these logs"),
            (!diagnosis.leads.is_empty(), "leads", "Leads"),
            (!diagnosis.attempts.is_empty(), "attempts", "Attempts"),
            (true, "searched", "What was searched"),
            (!diagnosis.warnings.is_empty(), "warnings", "Warnings"),
        ];
        sections.into_iter().filter(|(there, ..)| *there).map(|(_, id, name)| (id, name)).collect()
    }

    fn body(&self) -> Markup {
        let untold = self.diagnosis.incidents.len().saturating_sub(INCIDENTS_TOLD);
        html! {
            @if self.diagnosis.incidents.is_empty() { (self.quiet()) }
            @if self.diagnosis.incidents.len() > 1 { (self.overview()) }
            @for incident in self.told() { (self.incident(incident)) }
            @if untold > 0 {
                p.note { (several(untold, "more incident")) " in the list above. " code { "--since" } ", " code { "--until" }
                    " and " code { "--at" } " narrow the report down to them." }
            }
            (self.course())
            (self.notices())
            (self.missing())
            (self.leads())
            (self.attempts())
            (self.searched())
            (self.warnings())
        }
    }

    /// The incidents that are told at length.
    fn told(&self) -> impl Iterator<Item = &Incident> {
        self.diagnosis.incidents.iter().take(INCIDENTS_TOLD)
    }

    fn incident(&self, incident: &Incident) -> Markup {
        let causes = causes_of(self.diagnosis, incident);
        html! {
            section.incident #{ "incident-" (incident.id) } aria-labelledby={ "incident-" (incident.id) "-title" } {
                (self.verdict(incident, &causes))
                (self.ladder(incident))
                (self.likelihood(incident, &causes))
                (self.reasons(incident, &causes))
                (self.timeline(incident, &causes))
                (self.changes(incident))
                (self.steps(incident, &causes))
                (self.flowchart(incident))
                (self.ranking(incident, &causes))
            }
        }
    }

    fn imprint(&self) -> Markup {
        let tool = &self.diagnosis.tool;
        html! {
            p {
                (value(&tool.name)) " " (value(&tool.version)) " · rules " code { (value(&tool.rules)) } " ("
                (several(tool.causes, "cause")) ", " (several(tool.signals, "signal")) ")"
            }
            p { "Printed, this page is a checklist of the steps." }
        }
    }
}

/// Nothing may be loaded, sent or framed; style and script are those of this page and no others.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// A part of an incident: its heading, with an id that no other incident has.
fn heading(incident: &Incident, id: &str, title: &str) -> Markup {
    html! { h3 #{ "incident-" (incident.id) "-" (id) } { (title) } }
}

/// Commands to be copied, as they are.
fn command(text: &str) -> Markup {
    let lines: Vec<String> =
        text.trim_end().lines().map(|line| visible(&line.replace('\t', "    "))).collect();
    html! {
        div.command {
            pre tabindex="0" { code { (lines.join("\n")) } }
            button.copy type="button" hidden { "Copy" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_stand_in_the_page_as_they_were_hashed() {
        for text in [STYLE, SCRIPT] {
            assert!(text.is_ascii() && !text.contains(['\t', '\r']) && !text.contains("</"));
            assert!(text.ends_with('\n'));
        }
    }
}
