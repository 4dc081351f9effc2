//! Records as proof.

use rdpwhy_event::FileTime;
use serde::Serialize;

/// A record as proof.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Name of the log.
    pub file: String,
    /// Its channel.
    pub channel: String,
    /// The machine that wrote it.
    pub computer: String,
    /// Provider.
    pub provider: String,
    /// Event id.
    pub event_id: u32,
    /// Record id.
    pub record_id: u64,
    /// No log holds it any more: it was recovered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
    /// When it was written, by the clock of the machine that wrote it.
    pub time: FileTime,
    /// The same moment on the clock that everything is compared on, where that differs by a second or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<FileTime>,
    /// Its payload, on the first records of each piece of evidence that counted (at most the first 24 fields).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// A field of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Its name; unnamed ones are called by their position.
    pub name: String,
    /// Its value, cut with `…` beyond 300 characters.
    pub value: String,
}
