//! How much of each thing a report shows.

/// No limit.
const ALL: usize = usize::MAX;

/// How many of each thing one format shows at most.
///
/// A field that a format does not use is 0 there. The drawings have their own figures, since they depend on the room that
/// a drawing has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// Incidents at full length.
    pub(crate) incidents: usize,
    /// Incidents in the list at the top.
    pub(crate) incidents_listed: usize,
    /// Machines in the head.
    pub(crate) machines: usize,
    /// Compared clocks in the head.
    pub(crate) clocks: usize,
    /// Seconds from which on a clock is worth a line: nobody need reckon with less.
    pub(crate) clock_seconds: f64,
    /// Addresses, and users, of an incident.
    pub(crate) people: usize,
    /// Addresses of failures and records that were put aside, and kinds of those records.
    pub(crate) people_aside: usize,
    /// Reasons for a cause, and as many against it.
    pub(crate) reasons: usize,
    /// Records of a reason.
    pub(crate) records_of_reason: usize,
    /// Changes before an incident, the latest ones.
    pub(crate) changes: usize,
    /// Causes side by side where none stands out.
    pub(crate) candidates: usize,
    /// Other causes beside the one that stands out.
    pub(crate) others: usize,
    /// Causes whose sum is shown piece by piece.
    pub(crate) explained: usize,
    /// Causes in a sum.
    pub(crate) summands: usize,
    /// Pieces of evidence that did not count.
    pub(crate) uncounted: usize,
    /// Causes from which checks are taken where none stands out.
    pub(crate) causes_checked: usize,
    /// Checks where no cause stands out.
    pub(crate) checks: usize,
    /// Logs worth getting.
    pub(crate) wanted: usize,
    /// Those of them that are shown at once.
    pub(crate) wanted_open: usize,
    /// Causes that a log worth getting would show more about.
    pub(crate) causes_of_wanted: usize,
    /// States that lasted.
    pub(crate) conditions: usize,
    /// Machines of a notice.
    pub(crate) machines_of_notice: usize,
    /// Records of a notice on one machine.
    pub(crate) records_of_notice: usize,
    /// Leads.
    pub(crate) leads: usize,
    /// Attempts.
    pub(crate) attempts: usize,
    /// Logs, or rows of logs where a format has a row for each channel.
    pub(crate) logs: usize,
    /// Channels of a log.
    pub(crate) channels: usize,
    /// Gaps in the record IDs of a log.
    pub(crate) gaps: usize,
    /// Archives.
    pub(crate) archives: usize,
    /// Warnings.
    pub(crate) warnings: usize,
}

/// The text report.
pub(crate) const TEXT: Limits = Limits {
    incidents: 5,
    incidents_listed: 20,
    machines: 6,
    clocks: 3,
    clock_seconds: 1.0,
    people: 3,
    people_aside: 3,
    reasons: 8,
    records_of_reason: 1,
    changes: 5,
    candidates: 4,
    others: 6,
    explained: 0,
    summands: 10,
    uncounted: ALL,
    causes_checked: 4,
    checks: 4,
    wanted: 3,
    wanted_open: 3,
    causes_of_wanted: 4,
    conditions: 3,
    machines_of_notice: 3,
    records_of_notice: 1,
    leads: 3,
    attempts: 0,
    logs: 12,
    channels: 3,
    gaps: 0,
    archives: 0,
    warnings: 10,
};

/// The text report at full length.
pub(crate) const TEXT_WHOLE: Limits = Limits {
    incidents: ALL,
    incidents_listed: ALL,
    clocks: ALL,
    clock_seconds: 0.0,
    people: ALL,
    people_aside: ALL,
    reasons: ALL,
    records_of_reason: ALL,
    changes: ALL,
    candidates: ALL,
    others: ALL,
    wanted: ALL,
    wanted_open: ALL,
    conditions: ALL,
    machines_of_notice: ALL,
    records_of_notice: ALL,
    leads: ALL,
    attempts: ALL,
    logs: ALL,
    channels: ALL,
    archives: ALL,
    warnings: ALL,
    ..TEXT
};

/// The Markdown report.
pub(crate) const MARKDOWN: Limits = Limits {
    incidents: 5,
    incidents_listed: 0,
    machines: 5,
    clocks: ALL,
    clock_seconds: 1.0,
    people: 5,
    people_aside: 5,
    reasons: ALL,
    records_of_reason: 3,
    changes: 20,
    candidates: ALL,
    others: ALL,
    explained: 0,
    summands: 0,
    uncounted: 0,
    causes_checked: ALL,
    checks: ALL,
    wanted: 5,
    wanted_open: 5,
    causes_of_wanted: 0,
    conditions: 5,
    machines_of_notice: 5,
    records_of_notice: 1,
    leads: 5,
    attempts: 20,
    logs: 20,
    channels: ALL,
    gaps: 0,
    archives: 20,
    warnings: 20,
};

/// The Markdown report at full length.
pub(crate) const MARKDOWN_WHOLE: Limits = Limits {
    incidents: ALL,
    records_of_reason: ALL,
    changes: ALL,
    wanted: ALL,
    wanted_open: ALL,
    conditions: ALL,
    machines_of_notice: ALL,
    leads: ALL,
    attempts: ALL,
    logs: ALL,
    archives: ALL,
    warnings: ALL,
    ..MARKDOWN
};

/// The HTML report. It has room for more, and details that open.
pub(crate) const HTML: Limits = Limits {
    incidents: 10,
    incidents_listed: 100,
    machines: 8,
    clocks: ALL,
    clock_seconds: 1.0,
    people: 5,
    people_aside: 10,
    reasons: 16,
    records_of_reason: ALL,
    changes: ALL,
    candidates: 4,
    others: 8,
    explained: 3,
    summands: 10,
    uncounted: 40,
    causes_checked: ALL,
    checks: 6,
    wanted: 12,
    wanted_open: 3,
    causes_of_wanted: 8,
    conditions: 20,
    machines_of_notice: 12,
    records_of_notice: ALL,
    leads: 12,
    attempts: 300,
    logs: 120,
    channels: ALL,
    gaps: 20,
    archives: 120,
    warnings: 50,
};
