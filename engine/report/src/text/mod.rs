//! The report for people at a terminal.

mod attempts;
mod changes;
mod chart;
mod collect;
mod considered;
mod evidence;
mod explain;
mod findings;
mod header;
mod page;
mod steps;
mod verdict;

use crate::words::clock::Clock;
use crate::words::figure::several;
use crate::words::incident::causes_of;
use crate::words::place::Places;
use crate::words::reason::candidates;
use jiff::tz::TimeZone;
use page::{Page, Tone};
use rdpwhy_diagnose::diagnosis::{Cause, Incident};
use rdpwhy_diagnose::{Diagnosis, Verdict};

/// Narrower pages are not made.
const NARROWEST: usize = 60;
/// Wider lines are hard to read.
const WIDEST: usize = 160;
/// So many incidents are told at length unless all are asked for.
const INCIDENTS_TOLD: usize = 5;

/// How the text report shall look.
#[derive(Debug, Clone)]
pub struct TextOptions {
    /// Columns of a line, taken into the range from 60 to 160. Commands are never broken and may be wider.
    pub width: usize,
    /// Everything at full length: all evidence, whole scripts, all attempts, all logs with their hashes.
    pub verbose: bool,
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
        TextOptions { width: 80, verbose: false, color: false, time_zone: None, explain: None }
    }
}

/// The diagnosis for people at a terminal; ends with a newline and is never empty.
///
/// Times are UTC as logged. Every string that may come out of a log is made visible (`\u{1b}`) and cut at a bound.
pub fn text(diagnosis: &Diagnosis, options: &TextOptions) -> String {
    let mut report = Report::new(diagnosis, options);
    report.header();
    match &options.explain {
        Some(cause) => report.explain(cause),
        None => report.body(),
    }
    report.page.finish()
}

/// A report under construction.
struct Report<'a> {
    diagnosis: &'a Diagnosis,
    options: &'a TextOptions,
    clock: Clock,
    places: Places,
    page: Page,
}

impl<'a> Report<'a> {
    fn new(diagnosis: &'a Diagnosis, options: &'a TextOptions) -> Self {
        Report {
            diagnosis,
            options,
            clock: Clock::new(options.time_zone.clone()),
            places: Places::new(diagnosis),
            page: Page::new(options.width.clamp(NARROWEST, WIDEST), options.color),
        }
    }

    fn body(&mut self) {
        match self.diagnosis.verdict {
            Verdict::Healthy | Verdict::NoEvidence => self.quiet(),
            Verdict::Diagnosed | Verdict::Inconclusive => self.incidents(),
        }
        self.collect();
        self.notices();
        self.background();
        self.older();
        self.leads();
        if self.options.verbose {
            self.attempts();
        }
        if self.options.verbose || self.diagnosis.verdict != Verdict::Diagnosed {
            self.searched();
        } else {
            self.cited();
        }
        self.warnings();
        self.imprint();
    }

    fn incidents(&mut self) {
        let diagnosis = self.diagnosis;
        if diagnosis.incidents.len() > 1 {
            self.overview();
        }
        let told = if self.options.verbose { diagnosis.incidents.len() } else { INCIDENTS_TOLD };
        for incident in diagnosis.incidents.iter().take(told) {
            self.incident(incident);
        }
        let untold = diagnosis.incidents.len().saturating_sub(told);
        if untold > 0 {
            self.page.blank();
            let text = format!(
                "{} more in the list above; -v tells them all at length.",
                several(untold, "incident")
            );
            self.page.paragraph(0, &text, Tone::Plain);
        }
    }

    fn incident(&mut self, incident: &'a Incident) {
        let causes = causes_of(self.diagnosis, incident);
        self.verdict(incident, &causes);
        self.chart(incident);
        let Some(first) = causes.first() else { return };
        if incident.stands_out {
            self.mechanism(first);
            self.why(first);
            self.against(first);
            self.changes(incident);
            self.fix(incident, first);
            self.never(first);
            self.considered(incident, &causes);
            return;
        }
        self.changes(incident);
        let candidates = candidates(&causes);
        if !candidates.is_empty() {
            self.candidates(incident, &causes);
        }
        // Checks for causes less likely than "none of these" would be shots in the dark.
        let likely: Vec<&Cause> =
            candidates.into_iter().filter(|cause| cause.probability >= incident.none).collect();
        if let Some(first) = likely.first() {
            self.checks(&likely);
            self.never(first);
        }
    }
}

/// "a", "a and b", "a, b and c".
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
