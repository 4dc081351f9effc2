//! Where an archive or an entry of one is.

/// An archive, or an entry of one, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Its name in the report.
    pub(super) name: String,
    /// What it is called itself, by which it is judged.
    pub(super) file: String,
    /// Archives around it.
    pub(super) depth: u32,
    /// Bytes that it is packed to, as far as they are its own.
    pub(super) packed: u64,
}
