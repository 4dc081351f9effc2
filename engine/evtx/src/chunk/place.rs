//! Where a chunk is.

/// Where a chunk is in its file.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its position, from 0.
    pub chunk: u32,
    /// Bytes from the start of the file.
    pub offset: u64,
}
