//! The outline of the reports: which sections each format has, in which order, and how much each section shows.
//!
//! Text, Markdown and HTML only render what is decided here. [`Section`] orders the report, [`Part`] an incident within
//! it, and [`Limits`] says how many of each thing are shown. Where formats differ, the lists and figures of all of them
//! are side by side.

mod limits;
mod part;
mod section;

pub(crate) use limits::{HTML, Limits, MARKDOWN, MARKDOWN_WHOLE, TEXT, TEXT_WHOLE};
pub(crate) use part::Part;
pub(crate) use section::{Format, Section};
