//! What to get next.

use super::page::{Page, command};
use crate::outline::{Format, Section};
use crate::words::figure::several;
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::Collect;

impl Page<'_> {
    /// What to get next.
    pub(super) fn missing(&self) -> Markup {
        let all = self.diagnosis.collect.len();
        html! {
            @if all > 0 {
                section aria-labelledby="missing" {
                    h2 #missing { (Section::Collect.title(Format::Html)) }
                    p { "Logs worth adding, the most useful first." }
                    @for wanted in self.diagnosis.collect.iter().take(self.limits.wanted_open) { (self.wanted(wanted)) }
                    @if all > self.limits.wanted_open {
                        details {
                            summary { (several(all.min(self.limits.wanted) - self.limits.wanted_open, "fainter hope")) }
                            @for wanted in self.diagnosis.collect.iter().take(self.limits.wanted).skip(self.limits.wanted_open) { (self.wanted(wanted)) }
                        }
                    }
                    @if all > self.limits.wanted { p.note { "… and " (several(all - self.limits.wanted, "more log")) } }
                }
            }
        }
    }

    fn wanted(&self, wanted: &Collect) -> Markup {
        html! {
            h3 { (self.places.channel(&wanted.channel)) " on the " (self.diagnosis.words.side(wanted.on)) }
            p { (prose(&wanted.why)) }
            @if !wanted.causes.is_empty() { p.soft { "Would help to decide about " (named(&wanted.causes, self.limits.causes_of_wanted)) "." } }
            @if !wanted.command.trim().is_empty() { (command(&wanted.command)) }
        }
    }
}

fn named(causes: &[String], told: usize) -> Markup {
    let more = causes.len().saturating_sub(told);
    html! {
        @for (number, cause) in causes.iter().take(told).enumerate() {
            @if number > 0 { ", " } code { (value(cause)) }
        }
        @if more > 0 { " and " (several(more, "more cause")) }
    }
}
