//! The parts of an incident.

use super::section::Format;
use rdpwhy_diagnose::diagnosis::{Cause, Incident};

/// A part of what a report says about one incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The verdict, with what failed where, since when and for whom.
    Verdict,
    /// The stages, and the one at which it broke.
    Ladder,
    /// The causes with a bar each.
    Odds,
    /// What goes wrong.
    Mechanism,
    /// What speaks for the cause and against it; for each candidate where none stands out.
    Evidence,
    /// The failures and their evidence along time.
    Timeline,
    /// What changed before.
    Changes,
    /// Fix steps of the cause, or the checks of the likeliest causes where none stands out.
    Steps,
    /// What not to do.
    Never,
    /// The other causes.
    Considered,
    /// The likeliest causes side by side.
    Candidates,
    /// The way to the verdict.
    Path,
    /// The sum behind each probability.
    Ranking,
}

const TEXT: [Part; 8] = [
    Part::Verdict,
    Part::Ladder,
    Part::Mechanism,
    Part::Evidence,
    Part::Changes,
    Part::Steps,
    Part::Never,
    Part::Considered,
];
/// Without a verdict the candidates are side by side, each with its evidence.
const TEXT_OPEN: [Part; 6] =
    [Part::Verdict, Part::Ladder, Part::Changes, Part::Candidates, Part::Steps, Part::Never];

/// The ladder is a line of the verdict.
const MARKDOWN: [Part; 7] = [
    Part::Verdict,
    Part::Mechanism,
    Part::Evidence,
    Part::Changes,
    Part::Steps,
    Part::Never,
    Part::Considered,
];
/// Without a verdict the causes come before the checks; a ticket gets no advice against what nobody has in mind.
const MARKDOWN_OPEN: [Part; 5] =
    [Part::Verdict, Part::Changes, Part::Evidence, Part::Considered, Part::Steps];

/// The mechanism is a paragraph of the verdict, and the order is the same with a verdict and without one: the story in a
/// picture, what to do, and why.
const HTML: [Part; 10] = [
    Part::Verdict,
    Part::Ladder,
    Part::Timeline,
    Part::Steps,
    Part::Never,
    Part::Odds,
    Part::Evidence,
    Part::Changes,
    Part::Path,
    Part::Ranking,
];

/// Without causes there is nothing to say about any.
const UNWEIGHED: [Part; 2] = [Part::Verdict, Part::Ladder];

impl Part {
    /// The parts of an incident with these causes, in their order.
    pub(crate) fn of(incident: &Incident, causes: &[&Cause], format: Format) -> &'static [Part] {
        match (format, incident.stands_out) {
            (Format::Text | Format::WholeText | Format::Markdown, _) if causes.is_empty() => &UNWEIGHED,
            (Format::Text | Format::WholeText, true) => &TEXT,
            (Format::Text | Format::WholeText, false) => &TEXT_OPEN,
            (Format::Markdown, true) => &MARKDOWN,
            (Format::Markdown, false) => &MARKDOWN_OPEN,
            (Format::Html, _) => &HTML,
        }
    }
}
