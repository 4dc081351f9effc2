//! What the logs hold, and by how much their clocks differ.

use rdpwhy_event::FileTime;
use serde::Serialize;

/// What one log holds of one channel; of a log without any readable record, one row without channel and machine.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// Channel.
    pub channel: String,
    /// Machine.
    pub computer: String,
    /// Name of the log.
    pub file: String,
    /// SHA-256 of the log.
    pub sha256: String,
    /// Size of the log in bytes.
    pub bytes: u64,
    /// Records held.
    pub records: u64,
    /// Records of use that were recovered from the whole log; told in its first row.
    #[serde(skip_serializing_if = "is_zero")]
    pub recovered: u64,
    /// Damaged places of the log.
    pub damaged: usize,
    /// Gaps in the record ids.
    pub gaps: usize,
    /// The first of these gaps, at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// First record; null where none could be read.
    pub first: Option<FileTime>,
    /// Last record; null where none could be read.
    pub last: Option<FileTime>,
}

/// Records that are missing between two others, by their ids.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// How many ids are missing.
    pub records: u64,
    /// When the record before them was written.
    pub after: FileTime,
    /// When the record behind them was written.
    pub before: FileTime,
}

/// Two clocks compared.
#[derive(Debug, Clone, Serialize)]
pub struct Clock {
    /// The machine whose times were moved.
    pub client: String,
    /// The machine whose clock the report uses.
    pub host: String,
    /// Seconds by which the client's clock runs ahead.
    pub ahead_seconds: f64,
    /// How many attempts both saw.
    pub attempts: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
