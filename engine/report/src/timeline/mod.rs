//! The timelines: one list of rows, written as CSV, as CSV for Timesketch and as JSON Lines.

mod csv;
mod jsonl;
mod row;
mod timesketch;

pub use csv::{csv, timesketch_csv};
pub use jsonl::jsonl;
