//! A diagnosis as text, Markdown and JSON, and its timeline as CSV and JSON Lines.
//!
//! A report shows what a [`Diagnosis`](rdpwhy_diagnose::Diagnosis) holds and adds no facts to it. [`text`] is for
//! people at a terminal, [`markdown`] for ticket systems, [`json`] for programs, [`csv()`], [`timesketch_csv`] and
//! [`jsonl`] for spreadsheets and timelines; all are pure functions. Logs can hold anything, so no character of theirs
//! reaches a report that could steer a terminal or hide other characters.

mod attempt;
mod clock;
mod csv;
mod figure;
mod finding;
mod incident;
mod json;
mod jsonl;
mod markdown;
mod place;
mod reason;
mod step;
mod text;
mod ticket;
mod timeline;
mod timesketch;
mod visible;

pub use crate::csv::{csv, timesketch_csv};
pub use json::json;
pub use jsonl::jsonl;
pub use markdown::{MarkdownOptions, markdown};
pub use text::{TextOptions, text};
