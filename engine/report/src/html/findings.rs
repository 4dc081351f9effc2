//! Findings beside the causes: notices, failures put aside, leads, what is missing, and what could not be read.

use super::{Page, command};
use crate::words::figure::{count, several};
use crate::words::finding::{findings, lift, parts};
use crate::words::list::{counted, telling};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Collect, Lead, Notice};

/// So many machines are told of a finding that several have.
const MACHINES_TOLD: usize = 12;
/// So many leads are told.
const LEADS_TOLD: usize = 12;
/// So many warnings are told.
const WARNINGS_TOLD: usize = 50;
/// So many addresses are named.
const NAMED: usize = 10;
/// So many logs are asked for, the most telling first.
const LOGS_ASKED: usize = 12;
/// So many of them are shown at once.
const LOGS_SHOWN: usize = 3;
/// So many causes are named that a log would tell more about.
const CAUSES_NAMED: usize = 8;

impl Page<'_> {
    pub(super) fn notices(&self) -> Markup {
        html! {
            @if !self.diagnosis.notices.is_empty() {
                section aria-labelledby="notices" {
                    h2 #notices { "Notices" }
                    @for alike in findings(self.diagnosis) { (self.finding(&alike)) }
                }
            }
            (self.background())
            (self.older())
        }
    }

    fn finding(&self, alike: &[&Notice]) -> Markup {
        let Some(first) = alike.first() else { return html! {} };
        let (class, word) = match first.severity.as_str() {
            "security" => ("bad", "Security"),
            "warning" => ("careful", "Warning"),
            _ => ("plain", "Note"),
        };
        html! {
            article.finding.(class) {
                h3 { span.tag { (word) } " " (value(&first.title)) }
                @for notice in alike.iter().take(MACHINES_TOLD) {
                    p { (self.places.machine(&notice.machine)) " · " (value(&notice.text)) }
                    (self.records(&notice.records, notice.count))
                }
                @if alike.len() > MACHINES_TOLD {
                    p.note { "… and on " (several(alike.len() - MACHINES_TOLD, "more machine")) }
                }
                @if !first.so.trim().is_empty() { p { (prose(&first.so)) } }
            }
        }
    }

    /// Failures of strangers or of others.
    fn background(&self) -> Markup {
        let Some(background) = &self.diagnosis.background else { return html! {} };
        let sources = counted("from", "addresses", &background.sources, background.source_count, NAMED);
        html! {
            section aria-labelledby="aside" {
                h2 #aside { "Put aside" }
                p { (several(background.failures, "failed attempt")) " of strangers or of others than the ticket is about · "
                    (self.clock.span(&background.started, &background.ended))
                    @if let Some(sources) = sources { " · " (sources) } }
            }
        }
    }

    /// Records that were summed up.
    fn older(&self) -> Markup {
        let Some(older) = &self.diagnosis.older else { return html! {} };
        let sources = counted("from", "addresses", &older.sources, older.source_count, NAMED);
        html! {
            section aria-labelledby="older" {
                h2 #older { "Too many to look at one by one" }
                p { (several(older.records, "older record")) " · "
                    (self.clock.span(&older.first, &older.last))
                    @if let Some(sources) = sources { " · " (sources) } }
                ul { @for shown in older.shown.iter().take(NAMED) { li { (telling(shown)) } } }
            }
        }
    }

    /// What to get next.
    pub(super) fn missing(&self) -> Markup {
        let all = self.diagnosis.collect.len();
        html! {
            @if all > 0 {
                section aria-labelledby="missing" {
                    h2 #missing { "Not in these logs" }
                    p { "Worth getting next, the most telling first." }
                    @for wanted in self.diagnosis.collect.iter().take(LOGS_SHOWN) { (self.wanted(wanted)) }
                    @if all > LOGS_SHOWN {
                        details {
                            summary { (several(all.min(LOGS_ASKED) - LOGS_SHOWN, "fainter hope")) }
                            @for wanted in self.diagnosis.collect.iter().take(LOGS_ASKED).skip(LOGS_SHOWN) { (self.wanted(wanted)) }
                        }
                    }
                    @if all > LOGS_ASKED { p.note { "… and " (several(all - LOGS_ASKED, "more log")) } }
                }
            }
        }
    }

    fn wanted(&self, wanted: &Collect) -> Markup {
        html! {
            h3 { (self.places.channel(&wanted.channel)) " on the " (value(&wanted.on)) }
            p { (prose(&wanted.why)) }
            @if !wanted.causes.is_empty() { p.soft { "Would tell more about " (named(&wanted.causes)) "." } }
            @if !wanted.command.trim().is_empty() { (command(&wanted.command)) }
        }
    }

    pub(super) fn leads(&self) -> Markup {
        let all = self.diagnosis.leads.len();
        html! {
            @if all > 0 {
                section aria-labelledby="leads" {
                    h2 #leads { "Leads" }
                    p { "Records that keep company with the failures, whatever that means." }
                    ul { @for lead in self.diagnosis.leads.iter().take(LEADS_TOLD) { li { (self.lead(lead)) } } }
                    @if all > LEADS_TOLD { p.note { "… and " (several(all - LEADS_TOLD, "more lead")) } }
                }
            }
        }
    }

    fn lead(&self, lead: &Lead) -> Markup {
        html! {
            strong { "event " (lead.event_id) " of " (value(&lead.provider)) } " · " (self.places.channel(&lead.channel))
            " on " (value(&lead.machine)) " · " (count(lead.near)) " of its " (count(lead.total))
            " records fell into minutes with failures, " (lift(lead))
        }
    }

    pub(super) fn warnings(&self) -> Markup {
        let all = self.diagnosis.warnings.len();
        html! {
            @if all > 0 {
                section aria-labelledby="warnings" {
                    h2 #warnings { "Warnings" }
                    ul {
                        @for warning in self.diagnosis.warnings.iter().take(WARNINGS_TOLD) {
                            @let (message, help) = parts(warning);
                            li { (value(message)) @if let Some(help) = help { br; span.soft { "help: " (value(help)) } } }
                        }
                    }
                    @if all > WARNINGS_TOLD { p.note { "… and " (several(all - WARNINGS_TOLD, "more warning")) } }
                }
            }
        }
    }
}

fn named(causes: &[String]) -> Markup {
    let more = causes.len().saturating_sub(CAUSES_NAMED);
    html! {
        @for (number, cause) in causes.iter().take(CAUSES_NAMED).enumerate() {
            @if number > 0 { ", " } code { (value(cause)) }
        }
        @if more > 0 { " and " (several(more, "more cause")) }
    }
}
