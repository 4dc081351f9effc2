//! The report as one HTML file: nothing is loaded from anywhere, and no script is needed to read it.

mod answer;
mod attempts;
mod checklist;
mod evidence;
mod findings;
mod flowchart;
mod frame;
mod head;
mod ladder;
mod odds;
mod page;
mod ranking;
mod record;
mod scale;
mod searched;
mod steps;
mod timeline;
mod wanted;

pub use head::html_head;

use crate::outline::{Format, Part, Section};
use crate::words::figure::several;
use crate::words::incident::causes_of;
use crate::words::visible::visible;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use page::Page;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Incident;

/// How the HTML report shall look.
#[derive(Debug, Clone, Default)]
pub struct HtmlOptions {
    /// The reader's own time zone, written beside UTC.
    pub time_zone: Option<TimeZone>,
    /// The number of the ticket.
    pub case: Option<String>,
    /// Id of a cause whose arithmetic is told piece by piece besides that of the verdict.
    pub explain: Option<String>,
}

/// The diagnosis as one HTML file, for reading on a screen and, printed, as a checklist.
///
/// Every string that may come out of a log is escaped, made visible and cut at a bound. A policy within the page
/// allows its own style and script by their hashes and nothing else, not even a request.
///
/// # Example
/// ```
/// # use rdpwhy_diagnose::{Options, diagnose};
/// # use rdpwhy_logs::{ReadOptions, Source, read};
/// # let log = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
/// #     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
/// #     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
/// #     <EventData><Data Name="ErrorCode">0x8009030D</Data></EventData></Event>"#;
/// # let (pack, _) = rdpwhy_rules::Pack::built_in(&[])?;
/// # let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
/// # let diagnosis = diagnose(&reading, &pack, &Options::default());
/// use rdpwhy_report::{HtmlOptions, html};
///
/// let page = html(&diagnosis, &HtmlOptions { case: Some("INC-4711".into()), ..HtmlOptions::default() });
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("INC-4711"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn html(diagnosis: &Diagnosis, options: &HtmlOptions) -> String {
    let page = Page::new(diagnosis, options);
    let sections = Section::of(diagnosis, Format::Html);
    let document =
        page.document(&sections, &html! { @for section in &sections { (write(&page, *section)) } });
    // What the parts let through by mistake is made visible here. Line feeds are the page's own, and those of commands.
    let lines: Vec<String> = document.into_string().lines().map(visible).collect();
    lines.join("\n") + "\n"
}

fn write(page: &Page<'_>, section: Section) -> Markup {
    match section {
        Section::Quiet => page.quiet(),
        Section::Overview => page.overview(),
        Section::Incidents => incidents(page),
        Section::Course => page.course(),
        Section::Collect => page.missing(),
        Section::Conditions => page.conditions(),
        Section::Notices => page.notices(),
        Section::Background => page.background(),
        Section::Older => page.older(),
        Section::Leads => page.leads(),
        Section::Attempts => page.attempts(),
        Section::Searched => page.searched(),
        Section::Warnings => page.warnings(),
        // The frame of the page has its head and imprint, and records have their log beside them.
        Section::Head | Section::Imprint | Section::Cited => html! {},
    }
}

fn incidents(page: &Page<'_>) -> Markup {
    let untold = page.diagnosis.incidents.len().saturating_sub(page.limits.incidents);
    html! {
        @for incident in page.told() { (self::incident(page, incident)) }
        @if untold > 0 {
            p.note { (several(untold, "more incident")) " in the list above. " code { "--since" } ", " code { "--until" }
                " and " code { "--at" } " narrow the report down to them." }
        }
    }
}

fn incident(page: &Page<'_>, incident: &Incident) -> Markup {
    let causes = causes_of(page.diagnosis, incident);
    let part = |part: Part| match part {
        Part::Verdict => page.verdict(incident, &causes),
        Part::Ladder => page.ladder(incident),
        Part::Odds => page.odds(incident, &causes),
        Part::Evidence => page.reasons(incident, &causes),
        Part::Timeline => page.timeline(incident, &causes),
        Part::Changes => page.changes(incident),
        Part::Steps => page.steps(incident, &causes),
        Part::Never => page.never(incident, &causes),
        Part::Path => page.flowchart(incident),
        Part::Ranking => page.ranking(incident, &causes),
        // The verdict has the mechanism, and the odds have the other causes.
        Part::Mechanism | Part::Considered | Part::Candidates => html! {},
    };
    html! {
        section.incident #{ "incident-" (incident.id) } aria-labelledby={ "incident-" (incident.id) "-title" } {
            @for one in Part::of(incident, &causes, Format::Html) { (part(*one)) }
        }
    }
}
