//! A log file's header, and where its chunks begin.

use memchr::memmem;

use crate::layout::chunk_header::{CHUNK_MAGIC, CHUNK_SIZE, ChunkHeader};
use crate::layout::little_endian::{u16_at, u32_at, u64_at};

/// First bytes of every log file.
pub const LOG_MAGIC: &[u8; 8] = b"ElfFile\0";
/// Bytes of the file header. The chunks begin behind it.
pub const FILE_HEADER: usize = 4096;
/// Bytes of the header that are in use.
const USED: usize = 128;
/// File flag: copied while Windows had the log open.
const DIRTY: u32 = 1;
/// File flag: no checksums are stored.
const NO_CHECKSUMS: u32 = 4;

/// What the header of a log file says about the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHeader {
    /// The position of the chunk with the oldest records, from 0.
    pub first_chunk: u64,
    /// How many chunks there are. Old where the header is [dirty](FileHeader::is_dirty).
    pub chunks: u16,
    flags: u32,
    has_its_checksum: bool,
}

impl FileHeader {
    /// The header at the beginning of a file; `None` where the file does not begin with one.
    pub fn of(bytes: &[u8]) -> Option<FileHeader> {
        let header = bytes.get(..USED).filter(|header| header.starts_with(LOG_MAGIC))?;
        Some(FileHeader {
            first_chunk: u64_at(header, 8),
            chunks: u16_at(header, 42),
            flags: u32_at(header, 120),
            has_its_checksum: evtx::checksum_ieee(&header[..120]) == u32_at(header, 124),
        })
    }

    /// The log was copied while Windows had it open: the header's counts are old.
    pub fn is_dirty(&self) -> bool {
        self.flags & DIRTY != 0
    }

    /// The header matches its checksum, or does not have to.
    pub fn is_intact(&self) -> bool {
        self.flags & (NO_CHECKSUMS | DIRTY) != 0 || self.has_its_checksum
    }
}

/// Where the first chunk of a log file is, in bytes from the start of the file; `None` where these bytes are not those of a
/// log. `bytes` are the first ones of the file.
///
/// Chunks follow the header of 4,096 bytes. In a file without an intact header they can begin at any multiple of that.
/// Where the beginning was cut off at any other place, the first whole chunk is not far from it, and the next chunk
/// follows directly.
pub fn first_chunk(bytes: &[u8]) -> Option<usize> {
    let is_chunk = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(CHUNK_MAGIC));
    let usual = || (FILE_HEADER..bytes.len()).step_by(CHUNK_SIZE).find(is_chunk).map(|_| FILE_HEADER);
    let cut = || {
        let near = bytes.get(..bytes.len().min(FILE_HEADER + CHUNK_SIZE))?;
        let at = memmem::find(near, CHUNK_MAGIC)?;
        let next = at + CHUNK_SIZE;
        let goes_on = bytes.get(next..next + CHUNK_MAGIC.len()).is_none_or(|_| is_chunk(&next));
        (goes_on && ChunkHeader::is_likely(&bytes[at..bytes.len().min(next)])).then_some(at)
    };
    let found = usual().or_else(|| (0..bytes.len()).step_by(FILE_HEADER).find(is_chunk)).or_else(cut);
    found.or_else(|| bytes.starts_with(LOG_MAGIC).then_some(FILE_HEADER.min(bytes.len())))
}
