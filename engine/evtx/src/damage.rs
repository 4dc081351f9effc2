//! What could not be read of a log.

use std::fmt;

use rdpwhy_event::FileTime;

/// A place in a log file that could not be read, or only with doubt.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Damage {
    /// The chunk's position in the file, from 0.
    pub chunk: u32,
    /// Where it begins, in bytes from the start of the file.
    pub offset: u64,
    /// A stable name such as `evtx::chunk-checksum`.
    pub code: &'static str,
    /// What is the matter and what it cost, in words.
    pub what: String,
    /// How many records were lost, if that is known.
    pub records_lost: Option<u64>,
    /// Times of the records stored before and after it, if there are both; within a chunk, the earlier one first.
    pub between: Option<(FileTime, FileTime)>,
}

/// How many records, in words: `1 record`, `2 records`.
///
/// # Example
/// ```
/// use rdpwhy_evtx::RecordCount;
/// assert_eq!(RecordCount(1).to_string(), "1 record");
/// assert_eq!(RecordCount(0).to_string(), "0 records");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordCount(pub u64);

impl fmt::Display for RecordCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecordCount(count) = self;
        if *count == 1 { f.write_str("1 record") } else { write!(f, "{count} records") }
    }
}
