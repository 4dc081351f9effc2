//! The bytes of an archive or of an entry of one.

use std::io::{Read, Seek};

/// Something that can be read from any place.
pub(crate) trait SeekRead: Read + Seek {}

impl<T: Read + Seek> SeekRead for T {}

/// The bytes of a file or of an entry.
pub(super) enum Source<'s> {
    /// From any place.
    Anywhere(&'s mut dyn SeekRead),
    /// Once, from the first to the last.
    Once(&'s mut dyn Read),
}
