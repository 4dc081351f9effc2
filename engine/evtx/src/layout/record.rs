//! A record's header: where the record is, its ID and its time.

use rdpwhy_event::FileTime;

use crate::layout::little_endian::{u32_at, u64_at};

/// Bytes of a record's header.
pub(crate) const RECORD_HEADER: usize = 24;
/// First bytes of every record.
pub(crate) const RECORD_MAGIC: &[u8; 4] = b"\x2a\x2a\0\0";
/// A record's header and the copy of its size at its end.
pub(super) const SMALLEST_RECORD: usize = RECORD_HEADER + 4;
/// Last FILETIME of the year 9999: later ones are not rendered as they are.
pub(crate) const LAST_TIME: u64 = 2_650_467_743_999_999_999;

/// A record's place and header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    /// From the chunk's first byte.
    pub(crate) offset: usize,
    pub(crate) size: usize,
    pub(crate) id: u64,
    pub(crate) time: FileTime,
}

impl Record {
    #[inline]
    pub(crate) fn end(&self) -> usize {
        self.offset + self.size
    }
}

/// The record whose header is at `offset`, if it fits into the chunk.
#[inline]
pub(crate) fn record_at(chunk: &[u8], offset: usize) -> Option<Record> {
    let header = chunk.get(offset..offset.checked_add(RECORD_HEADER)?)?;
    let size = u32_at(header, 4) as usize;
    let fits = size >= SMALLEST_RECORD && offset.checked_add(size)? <= chunk.len();
    (header.starts_with(RECORD_MAGIC) && fits).then(|| Record {
        offset,
        size,
        id: u64_at(header, 8),
        time: FileTime(u64_at(header, 16)),
    })
}

/// The record ends with the copy of its size.
pub(crate) fn is_closed(chunk: &[u8], record: &Record) -> bool {
    u32_at(chunk, record.end() - 4) as usize == record.size
}
