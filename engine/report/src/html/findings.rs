//! Findings beside the causes: notices, failures put aside, leads, and what could not be read.

use super::page::Page;
use crate::outline::{Format, Section};
use crate::words::figure::{count, several};
use crate::words::finding::{findings, lasted, lift};
use crate::words::list::{counted, telling};
use crate::words::visible::{prose, value};
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::{Lead, Notice};
use rdpwhy_rules::Severity;

impl Page<'_> {
    pub(super) fn notices(&self) -> Markup {
        html! {
            @if !self.diagnosis.notices.is_empty() {
                section aria-labelledby="notices" {
                    h2 #notices { (Section::Notices.title(Format::Html)) }
                    @for alike in findings(self.diagnosis) { (self.finding(&alike)) }
                }
            }
        }
    }

    /// States that lasted.
    pub(super) fn conditions(&self) -> Markup {
        let all = self.diagnosis.conditions.len();
        let told = self.limits.conditions;
        html! {
            section aria-labelledby="lasted" {
                h2 #lasted { (Section::Conditions.title(Format::Html)) }
                @for condition in self.diagnosis.conditions.iter().take(told) {
                    article.finding.plain {
                        h3 { (value(&condition.title)) }
                        p { (self.places.machine(&condition.machine)) " · " (lasted(condition, &self.clock)) }
                        (self.records(&condition.records, condition.count))
                    }
                }
                @if all > told { p.note { "… and " (several(all - told, "more span")) } }
            }
        }
    }

    fn finding(&self, alike: &[&Notice]) -> Markup {
        let Some(first) = alike.first() else { return html! {} };
        let (class, word) = match first.severity {
            Severity::Security => ("bad", "Security"),
            Severity::Warning => ("careful", "Warning"),
            Severity::Info => ("plain", "Note"),
        };
        html! {
            article.finding.(class) {
                h3 { span.tag { (word) } " " (value(&first.title)) }
                @for notice in alike.iter().take(self.limits.machines_of_notice) {
                    p { (self.places.machine(&notice.machine)) " · " (value(&notice.text)) }
                    (self.records(&notice.records, notice.count))
                }
                @if alike.len() > self.limits.machines_of_notice {
                    p.note { "… and on " (several(alike.len() - self.limits.machines_of_notice, "more machine")) }
                }
                @if !first.so.trim().is_empty() { p { (prose(&first.so)) } }
            }
        }
    }

    /// Failures of strangers or of others.
    pub(super) fn background(&self) -> Markup {
        let Some(background) = &self.diagnosis.background else { return html! {} };
        let sources = counted(
            "from",
            "addresses",
            &background.sources,
            background.source_count,
            self.limits.people_aside,
        );
        html! {
            section aria-labelledby="aside" {
                h2 #aside { (Section::Background.title(Format::Html)) }
                p { (several(background.failures, "failed attempt")) " from unrelated sources or users · "
                    (self.clock.span(background.started, background.ended))
                    @if let Some(sources) = sources { " · " (sources) } }
            }
        }
    }

    /// Records that were summed up.
    pub(super) fn older(&self) -> Markup {
        let Some(older) = &self.diagnosis.older else { return html! {} };
        let sources =
            counted("from", "addresses", &older.sources, older.source_count, self.limits.people_aside);
        html! {
            section aria-labelledby="older" {
                h2 #older { (Section::Older.title(Format::Html)) }
                p { (several(older.records, "older record")) " · "
                    (self.clock.span(older.first, older.last))
                    @if let Some(sources) = sources { " · " (sources) } }
                ul { @for shown in older.shown.iter().take(self.limits.people_aside) { li { (telling(shown)) } } }
            }
        }
    }

    pub(super) fn leads(&self) -> Markup {
        let all = self.diagnosis.leads.len();
        html! {
            @if all > 0 {
                section aria-labelledby="leads" {
                    h2 #leads { (Section::Leads.title(Format::Html)) }
                    p { "Events that cluster around the failures. The reason is not known." }
                    ul { @for lead in self.diagnosis.leads.iter().take(self.limits.leads) { li { (self.lead(lead)) } } }
                    @if all > self.limits.leads { p.note { "… and " (several(all - self.limits.leads, "more lead")) } }
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
                    h2 #warnings { (Section::Warnings.title(Format::Html)) }
                    ul {
                        @for warning in self.diagnosis.warnings.iter().take(self.limits.warnings) {
                            li { (value(&warning.matter())) @if let Some(help) = warning.help() { br; span.soft { "help: " (value(help)) } } }
                        }
                    }
                    @if all > self.limits.warnings { p.note { "… and " (several(all - self.limits.warnings, "more warning")) } }
                }
            }
        }
    }
}
