//! The report for people at a terminal.

mod attempts;
mod brief;
mod changes;
mod chart;
mod codes;
mod collect;
mod considered;
mod evidence;
mod explain;
mod findings;
mod header;
mod page;
mod report;
mod steps;
mod verdict;

use crate::outline::{Part, Section};
use crate::words::figure::several;
use crate::words::incident::causes_of;
use crate::words::visible;
use brief::{Room, SCREEN};
use jiff::tz::TimeZone;
use page::Tone;
use rdpwhy_diagnose::Diagnosis;
use rdpwhy_diagnose::diagnosis::Incident;
use report::Report;

/// How the text report shall look.
#[derive(Debug, Clone)]
pub struct TextOptions {
    /// Columns of a line, taken into the range from 60 to 160. Commands are never broken and may be wider.
    pub width: usize,
    /// Everything at full length: all evidence, whole scripts, all attempts, all logs with their hashes.
    pub verbose: bool,
    /// One screen: the verdict, a paragraph for the ticket, the shortest proof and what to do. Not with `verbose`.
    pub brief: bool,
    /// The number of the ticket.
    pub case: Option<String>,
    /// Colours as ANSI escapes. The words say everything that the colours do.
    pub color: bool,
    /// The reader's own time zone, written beside UTC.
    pub time_zone: Option<TimeZone>,
    /// Id of a cause whose arithmetic is shown instead of the report.
    pub explain: Option<String>,
}

impl Default for TextOptions {
    /// 80 columns, short, without colours, UTC only.
    fn default() -> Self {
        TextOptions {
            width: 80,
            verbose: false,
            brief: false,
            case: None,
            color: false,
            time_zone: None,
            explain: None,
        }
    }
}

/// The diagnosis for people at a terminal; ends with a newline and is never empty.
///
/// Times are UTC as logged. Every string that may come out of a log is made visible (`\u{1b}`) and cut at a bound.
pub fn text(diagnosis: &Diagnosis, options: &TextOptions) -> String {
    let mut report = Report::new(diagnosis, options);
    if let Some(cause) = &options.explain {
        report.header();
        report.explain(cause);
        report.imprint();
    } else if options.brief && !options.verbose {
        return one_screen(diagnosis, options);
    } else {
        if let Some(case) = &options.case {
            report.page.line("", &format!("Case {}", visible::value(case)), Tone::Strong);
        }
        Section::of(diagnosis, report.format()).into_iter().for_each(|section| write(&mut report, section));
    }
    report.page.finish()
}

/// The fullest report that fits on a screen, or the shortest one.
fn one_screen(diagnosis: &Diagnosis, options: &TextOptions) -> String {
    let mut shortest = String::new();
    for room in Room::narrowing() {
        let mut report = Report::new(diagnosis, options);
        report.one_screen(options.case.as_deref(), &room);
        shortest = report.page.finish();
        if shortest.lines().count() <= SCREEN {
            break;
        }
    }
    shortest
}

fn write(report: &mut Report<'_>, section: Section) {
    match section {
        Section::Head => {
            report.header();
            report.ticket_codes();
        }
        Section::Quiet => report.quiet(),
        Section::Overview => report.overview(),
        Section::Incidents => incidents(report),
        // A terminal is no place for drawings.
        Section::Course => {}
        Section::Collect => report.collect(),
        Section::Conditions => report.conditions(),
        Section::Notices => report.notices(),
        Section::Background => report.background(),
        Section::Older => report.older(),
        Section::Leads => report.leads(),
        Section::Attempts => report.attempts(),
        Section::Searched => report.searched(),
        Section::Cited => report.cited(),
        Section::Warnings => report.warnings(),
        Section::Imprint => report.imprint(),
    }
}

fn incidents(report: &mut Report<'_>) {
    let incidents = &report.diagnosis.incidents;
    for incident in incidents.iter().take(report.limits.incidents) {
        self::incident(report, incident);
    }
    let untold = incidents.len().saturating_sub(report.limits.incidents);
    if untold > 0 {
        report.page.blank();
        let text =
            format!("{} more in the list above; -v shows all of them in full.", several(untold, "incident"));
        report.page.paragraph(0, &text, Tone::Plain);
    }
}

fn incident(report: &mut Report<'_>, incident: &Incident) {
    let causes = causes_of(report.diagnosis, incident);
    for part in Part::of(incident, &causes, report.format()) {
        match part {
            Part::Verdict => report.verdict(incident, &causes),
            Part::Ladder => report.ladder(incident),
            Part::Mechanism => report.mechanism(causes[0]),
            Part::Evidence => report.evidence(causes[0]),
            Part::Changes => report.changes(incident),
            Part::Steps => report.steps(incident, &causes),
            Part::Never => report.never(incident, &causes),
            Part::Considered => report.considered(incident, &causes),
            Part::Candidates => report.candidates(incident, &causes),
            // A terminal is no place for drawings, and the sums are shown when asked for.
            Part::Odds | Part::Timeline | Part::Path | Part::Ranking => {}
        }
    }
}
