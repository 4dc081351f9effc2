//! An archive, for the report.

/// An archive that was given, or found in a folder, and what was in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ArchiveFile {
    /// Its name in the report. Logs in it have it before their own.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hex.
    pub sha256: String,
    /// Logs in it, and in archives in it.
    pub logs: usize,
    /// Entries that are no logs.
    pub others: u64,
}
