//! An HTML report under construction: what all of its parts are made from.

use super::HtmlOptions;
use crate::outline::{HTML, Limits};
use crate::words::clock::Clock;
use crate::words::place::Places;
use crate::words::visible::visible;
use maud::{Markup, html};
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Incident;
use rdpwhy_rules::placeholder::placeholders;

/// What the parts of the page are made from.
pub(super) struct Page<'a> {
    pub(super) diagnosis: &'a Diagnosis,
    /// The number of the ticket.
    pub(super) case: Option<&'a str>,
    /// Id of a cause whose arithmetic is told piece by piece besides that of the verdict.
    pub(super) explain: Option<&'a str>,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) places: Places,
}

impl<'a> Page<'a> {
    pub(super) fn new(diagnosis: &'a Diagnosis, options: &'a HtmlOptions) -> Self {
        Page {
            diagnosis,
            case: options.case.as_deref(),
            explain: options.explain.as_deref(),
            limits: HTML,
            clock: Clock::new(options.time_zone.clone()),
            places: Places::new(diagnosis),
        }
    }

    /// The incidents that are told at length.
    pub(super) fn told(&self) -> impl Iterator<Item = &'a Incident> {
        self.diagnosis.incidents.iter().take(self.limits.incidents)
    }
}

/// A part of an incident: its heading, with an id that no other incident has.
pub(super) fn heading(incident: &Incident, id: &str, title: &str) -> Markup {
    html! { h3 #{ "incident-" (incident.id) "-" (id) } { (title) } }
}

/// Commands to be copied, as they are.
pub(super) fn command(text: &str) -> Markup {
    let lines: Vec<String> =
        text.trim_end().lines().map(|line| visible(&line.replace('\t', "    "))).collect();
    html! {
        div.command {
            pre tabindex="0" { code { (fields(&lines.join("\n"))) } }
            button.copy type="button" hidden { "Copy" }
        }
    }
}

/// The command, with a field to type in for each placeholder that is still open.
fn fields(text: &str) -> Markup {
    let open = placeholders(text);
    let ends = std::iter::once(0).chain(open.iter().map(|open| open.range.end));
    let words = ends.zip(open.iter().map(|open| open.range.start).chain([text.len()]));
    html! {
        @for (index, (from, to)) in words.enumerate() {
            (&text[from..to])
            @if let Some(open) = open.get(index) {
                span.open contenteditable="true" spellcheck="false" role="textbox" aria-label=(open.name) {
                    (&text[open.range.clone()])
                }
            }
        }
    }
}
