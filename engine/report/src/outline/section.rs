//! The sections of a report.

use rdpwhy_diagnose::{Diagnosis, Verdict};

/// The formats that are made of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For a terminal, at full length.
    WholeText,
    /// For a ticket system.
    Markdown,
    /// For a browser and for print.
    Html,
}

/// A section of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// What was read and asked; in Markdown below the answer in one line.
    Head,
    /// The answer where nothing failed, or nothing is known.
    Quiet,
    /// All incidents, a line each.
    Overview,
    /// The incidents at full length; [`super::Part`] orders what is said about each.
    Incidents,
    /// Attempts, incidents and notices along time.
    Course,
    /// Logs worth getting.
    Collect,
    /// States that lasted.
    Conditions,
    /// Findings beside the causes.
    Notices,
    /// Failures that were put aside.
    Background,
    /// Records that were summed up.
    Older,
    /// Kinds of records near failures.
    Leads,
    /// The attempts.
    Attempts,
    /// The logs.
    Searched,
    /// In which logs the records are that the report names.
    Cited,
    /// What could not be read.
    Warnings,
    /// What made the report.
    Imprint,
}

/// Text goes from the verdict to what to get next, because the reader scrolls.
const TEXT: &[Section] = &[
    Section::Head,
    Section::Quiet,
    Section::Overview,
    Section::Incidents,
    Section::Collect,
    Section::Conditions,
    Section::Notices,
    Section::Background,
    Section::Older,
    Section::Leads,
    Section::Attempts,
    Section::Searched,
    Section::Cited,
    Section::Warnings,
    Section::Imprint,
];

/// Markdown has no list of incidents: ticket systems show their headings. It names the log beside each record.
const MARKDOWN: &[Section] = &[
    Section::Head,
    Section::Quiet,
    Section::Incidents,
    Section::Collect,
    Section::Conditions,
    Section::Notices,
    Section::Background,
    Section::Older,
    Section::Leads,
    Section::Attempts,
    Section::Searched,
    Section::Warnings,
    Section::Imprint,
];

/// HTML draws the course of events, and has the notices next to it.
const HTML: &[Section] = &[
    Section::Head,
    Section::Quiet,
    Section::Overview,
    Section::Incidents,
    Section::Course,
    Section::Conditions,
    Section::Notices,
    Section::Background,
    Section::Older,
    Section::Collect,
    Section::Leads,
    Section::Attempts,
    Section::Searched,
    Section::Warnings,
    Section::Imprint,
];

impl Section {
    /// The sections of a report in their order, without those that have nothing to show.
    pub(crate) fn of(diagnosis: &Diagnosis, format: Format) -> Vec<Section> {
        let all: &[Section] = match format {
            Format::Text | Format::WholeText => TEXT,
            Format::Markdown => MARKDOWN,
            Format::Html => HTML,
        };
        all.iter().copied().filter(|section| section.is_shown(diagnosis, format)).collect()
    }

    fn is_shown(self, diagnosis: &Diagnosis, format: Format) -> bool {
        // A reader of text who has a verdict is content with the logs that prove it.
        let is_brief = format == Format::Text && diagnosis.verdict == Verdict::Diagnosed;
        match self {
            Section::Quiet => diagnosis.incidents.is_empty(),
            Section::Overview => diagnosis.incidents.len() > 1,
            Section::Incidents => !diagnosis.incidents.is_empty(),
            Section::Course => !diagnosis.attempts.is_empty() || !diagnosis.incidents.is_empty(),
            Section::Collect => !diagnosis.collect.is_empty(),
            Section::Conditions => !diagnosis.conditions.is_empty(),
            Section::Notices => !diagnosis.notices.is_empty(),
            Section::Background => diagnosis.background.is_some(),
            Section::Older => diagnosis.older.is_some(),
            Section::Leads => !diagnosis.leads.is_empty(),
            Section::Attempts => !diagnosis.attempts.is_empty() && format != Format::Text,
            Section::Searched => !is_brief,
            Section::Cited => is_brief,
            Section::Warnings => !diagnosis.warnings.is_empty(),
            Section::Head | Section::Imprint => true,
        }
    }

    /// Its heading. Those that begin a report or end it have none, and neither have the incidents as a whole.
    pub(crate) fn title(self, format: Format) -> &'static str {
        match (self, format) {
            (
                Section::Head | Section::Quiet | Section::Overview | Section::Incidents | Section::Imprint,
                _,
            ) => "",
            (Section::Course, _) => "Course of events",
            (Section::Collect, _) => "Not in these logs",
            (Section::Conditions, _) => "What lasted",
            (Section::Notices, _) => "Notices",
            (Section::Background, _) => "Not counted",
            (Section::Older, _) => "Too many to look at one by one",
            (Section::Leads, Format::Html) => "Leads",
            (Section::Leads, Format::Markdown) => "Leads: events that cluster around the failures",
            (Section::Leads, Format::Text | Format::WholeText) => {
                "Leads: events that cluster around the failures (unexplained)"
            }
            (Section::Attempts, _) => "Attempts",
            (Section::Searched, _) => "What was searched",
            (Section::Cited, _) => "Where the cited records are",
            (Section::Warnings, _) => "Warnings",
        }
    }
}
