//! The report for ticket systems.

mod brief;
mod evidence;
mod findings;
mod head;
mod list;
mod paper;
mod report;
mod searched;
mod steps;
mod verdict;

use crate::outline::{Format, Part, Section};
use crate::words::figure::several;
use crate::words::incident::causes_of;
use jiff::tz::TimeZone;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Incident;
use report::Report;

/// How the Markdown report shall look.
#[derive(Debug, Clone, Default)]
pub struct MarkdownOptions {
    /// Everything at full length: all records, attempts, logs.
    pub verbose: bool,
    /// As short as a comment: the answer, the proof and what to do. Not with `verbose`.
    pub brief: bool,
    /// The number of the ticket.
    pub case: Option<String>,
    /// The reader's own time zone, written beside UTC.
    pub time_zone: Option<TimeZone>,
}

/// The diagnosis for a ticket system: headings, tables and fenced commands in Markdown that GitHub, GitLab, Jira and
/// ServiceNow read alike; no HTML. Ends with a newline.
///
/// Whatever may come out of a log is escaped or is between backticks: it makes no markup, link or mention.
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
/// use rdpwhy_report::{MarkdownOptions, markdown};
///
/// let comment = markdown(&diagnosis, &MarkdownOptions { brief: true, ..MarkdownOptions::default() });
/// let report = markdown(&diagnosis, &MarkdownOptions::default());
/// assert!(report.starts_with("## ") && !comment.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn markdown(diagnosis: &Diagnosis, options: &MarkdownOptions) -> String {
    let mut report = Report::new(diagnosis, options);
    report.case = options.case.clone();
    if options.brief && !options.verbose {
        report.comment();
        return report.paper.finish();
    }
    Section::of(diagnosis, Format::Markdown).into_iter().for_each(|section| write(&mut report, section));
    report.paper.finish()
}

fn write(report: &mut Report<'_>, section: Section) {
    match section {
        Section::Head => report.head(),
        Section::Quiet => report.quiet(),
        Section::Incidents => incidents(report),
        Section::Collect => report.collect(),
        Section::Conditions => report.conditions(),
        Section::Notices => report.notices(),
        Section::Background => report.background(),
        Section::Older => report.older(),
        Section::Leads => report.leads(),
        Section::Attempts => report.attempts(),
        Section::Searched => report.searched(),
        Section::Warnings => report.warnings(),
        Section::Imprint => report.imprint(),
        // The outline of Markdown does not have these.
        Section::Overview | Section::Course | Section::Cited => {}
    }
}

fn incidents(report: &mut Report<'_>) {
    let incidents = &report.diagnosis.incidents;
    for incident in incidents.iter().take(report.limits.incidents) {
        self::incident(report, incident);
    }
    let untold = incidents.len().saturating_sub(report.limits.incidents);
    if untold > 0 {
        report.paper.paragraph(&format!("{} more; -v shows all of them.", several(untold, "incident")));
    }
}

fn incident(report: &mut Report<'_>, incident: &Incident) {
    let causes = causes_of(report.diagnosis, incident);
    for part in Part::of(incident, &causes, Format::Markdown) {
        match part {
            Part::Verdict => report.verdict(incident, &causes),
            Part::Mechanism => report.mechanism(causes[0]),
            Part::Evidence => report.evidence(incident, &causes),
            Part::Changes => report.changes(incident),
            Part::Steps => report.steps(incident, &causes),
            Part::Never => report.never(incident, &causes),
            Part::Considered => report.considered(incident, &causes),
            // The outline of Markdown does not have these.
            Part::Ladder | Part::Odds | Part::Timeline | Part::Candidates | Part::Path | Part::Ranking => {}
        }
    }
}
