//! What was put aside or summed up.

use super::counted::Counted;
use rdpwhy_event::FileTime;
use serde::Serialize;

/// Failures put aside.
#[derive(Debug, Clone, Serialize)]
pub struct Background {
    /// How many.
    pub failures: usize,
    /// Client addresses, the most frequent first (at most 20).
    pub sources: Vec<Counted>,
    /// How many different client addresses.
    pub source_count: usize,
    /// Start of the first.
    pub started: FileTime,
    /// End of the last.
    pub ended: FileTime,
}

/// Records that were summed up instead of being looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Older {
    /// How many.
    pub records: usize,
    /// What they show, by the signals' titles, the most frequent first (at most 20).
    pub shown: Vec<Counted>,
    /// Client addresses, the most frequent first (at most 20); none where there were too many to tell them apart.
    pub sources: Vec<Counted>,
    /// How many different client addresses.
    pub source_count: usize,
    /// Time of the first.
    pub first: FileTime,
    /// Time of the last.
    pub last: FileTime,
}
