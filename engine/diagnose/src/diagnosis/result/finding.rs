//! Findings beside the causes.

use super::record::Record;
use super::sentence::Sentence;
use super::word::word;
use rdpwhy_event::FileTime;
use rdpwhy_rules::Severity;
use serde::Serialize;

/// A finding beside the causes.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Id of the rule.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How much it matters.
    #[serde(serialize_with = "word")]
    pub severity: Severity,
    /// On which machine.
    pub machine: String,
    /// What was seen.
    pub text: Sentence,
    /// What it means and what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub so: String,
    /// How many records tell it.
    pub count: usize,
    /// The telling records, at most 20.
    pub records: Vec<Record>,
}

/// A state of a machine that lasted, whether or not anybody tried to connect.
#[derive(Debug, Clone, Serialize)]
pub struct Condition {
    /// Its word in the rules.
    pub id: String,
    /// What the machine was like.
    pub title: String,
    /// Which machine.
    pub machine: String,
    /// Since when.
    pub from: FileTime,
    /// Until when. Missing if it outlasts the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<FileTime>,
    /// The last moment at which it is known to have held.
    pub last: FileTime,
    /// Nobody could get in while it held.
    pub closes: bool,
    /// How many records tell it.
    pub count: usize,
    /// The first of them and that of its end, at most 5.
    pub records: Vec<Record>,
}

/// A kind of record that keeps company with failures.
#[derive(Debug, Clone, Serialize)]
pub struct Lead {
    /// Machine.
    pub machine: String,
    /// Channel.
    pub channel: String,
    /// Provider.
    pub provider: String,
    /// Event id.
    pub event_id: u32,
    /// How many fell into minutes with failures.
    pub near: u64,
    /// How many there are in all.
    pub total: u64,
    /// How many times more often than elsewhere.
    pub lift: f64,
}
