//! The timelines: one list of rows, written as CSV, as CSV for Timesketch and as JSON Lines of two kinds.

mod csv;
mod ecs;
mod jsonl;
mod row;
mod timesketch;

pub use csv::{csv, timesketch_csv};
pub use jsonl::{ecs_jsonl, jsonl};
