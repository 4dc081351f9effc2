//! The frame of the page: its title, contents and imprint, and the policy that lets it do nothing but be read.

use super::head::html_head;
use super::page::Page;
use crate::outline::{Format, Section};
use crate::words::figure::several;
use crate::words::incident::{causes_of, open_title};
use crate::words::ticket::quiet_title;
use crate::words::visible::value;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The looks of the page.
const STYLE: &str = include_str!("style.css");
/// Copies commands. The page is whole without it.
const SCRIPT: &str = include_str!("script.js");

impl Page<'_> {
    pub(super) fn document(&self, sections: &[Section], body: &Markup) -> Markup {
        let title = format!("{} · {}", self.title(), value(&self.diagnosis.tool.name));
        html! {
            (DOCTYPE)
            html lang="en" {
                (html_head(&title, STYLE, SCRIPT))
                body {
                    a.skip href="#answer" { "Skip to the answer" }
                    (self.checklist())
                    header { (self.head()) }
                    (self.contents(sections))
                    main #answer tabindex="-1" { (body) }
                    footer { (self.imprint()) }
                    div #said role="status" aria-live="polite" {}
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    /// The answer in a line.
    fn title(&self) -> String {
        let Some(first) = self.diagnosis.incidents.first() else {
            return quiet_title(self.diagnosis);
        };
        match causes_of(self.diagnosis, first).first() {
            Some(cause) if first.stands_out => value(&cause.headline),
            _ => open_title(first),
        }
    }

    fn contents(&self, sections: &[Section]) -> Markup {
        html! {
            nav aria-label="Contents" {
                ul {
                    @for incident in self.told() {
                        li { a href={ "#incident-" (incident.id) } {
                            @if self.diagnosis.incidents.len() > 1 { "Incident " (incident.id) } @else { "Answer" }
                        } }
                        @if self.has_steps(incident) {
                            li { a href={ "#incident-" (incident.id) "-do" } { "What to do" } }
                        }
                    }
                    @for (id, section) in sections.iter().filter_map(|section| Some((anchor(*section)?, section))) {
                        li { a href={ "#" (id) } { (section.title(Format::Html)) } }
                    }
                }
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
            p { "Printed, the first page is a checklist of the steps, and the whole report follows." }
        }
    }
}

/// Where the contents lead to; the sections at both ends are in plain sight, and those put aside are short.
fn anchor(section: Section) -> Option<&'static str> {
    match section {
        Section::Course => Some("course"),
        Section::Conditions => Some("lasted"),
        Section::Notices => Some("notices"),
        Section::Collect => Some("missing"),
        Section::Leads => Some("leads"),
        Section::Attempts => Some("attempts"),
        Section::Searched => Some("searched"),
        Section::Warnings => Some("warnings"),
        Section::Head
        | Section::Quiet
        | Section::Overview
        | Section::Incidents
        | Section::Background
        | Section::Older
        | Section::Cited
        | Section::Imprint => None,
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
