//! Pieces of evidence.

use super::record::Record;
use serde::Serialize;

/// A piece of evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Unique within the cause.
    pub id: String,
    /// Name of the signal, or the phrase about the attempts.
    pub signal: String,
    /// What it says, in a sentence.
    pub because: String,
    /// By how much it multiplies the odds; below 1 it speaks against. 1 where it did not count.
    pub likelihood_ratio: f64,
    /// Whether it speaks for the cause.
    #[serde(rename = "for")]
    pub for_it: bool,
    /// present, absent or unknown.
    pub state: String,
    /// At how many failures.
    pub seen: usize,
    /// Of how many that could show it.
    pub of: usize,
    /// Correlated evidence counts once in a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Recovered records alone tell it, so it counts little.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
    /// Why it did not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How many records tell it.
    pub record_count: usize,
    /// The telling records, at most 20.
    pub records: Vec<Record>,
}
