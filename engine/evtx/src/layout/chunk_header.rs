//! A chunk's header, and how far the chunk can be believed.

use crate::layout::little_endian::{u32_at, u64_at};
use crate::layout::record::SMALLEST_RECORD;

/// Bytes of a chunk.
pub const CHUNK_SIZE: usize = 65_536;
/// Bytes of a chunk's header. The chunk's records begin behind it.
pub(crate) const CHUNK_HEADER: usize = 512;
/// First bytes of every chunk.
pub(crate) const CHUNK_MAGIC: &[u8; 8] = b"ElfChnk\0";
/// Chunk flag: no checksums are stored.
const NO_CHECKSUMS: u32 = 4;

/// What a chunk's header says of its records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChunkHeader {
    pub(crate) first_id: u64,
    pub(crate) last_id: u64,
    pub(super) last_record: usize,
    pub(super) free_space: usize,
    records_checksum: u32,
    header_checksum: u32,
    flags: u32,
}

/// How far a chunk can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integrity {
    pub(crate) magic: bool,
    pub(crate) header: bool,
    pub(crate) records: bool,
}

impl Integrity {
    /// The header's offsets and ids can be used: it is intact, or else its offset of the free space is, as the
    /// records' checksum shows.
    pub(super) fn trusts_header(self) -> bool {
        self.magic && (self.header || self.records)
    }
}

impl ChunkHeader {
    /// Reads the header of a whole chunk.
    pub(crate) fn of(chunk: &[u8]) -> ChunkHeader {
        ChunkHeader {
            first_id: u64_at(chunk, 24),
            last_id: u64_at(chunk, 32),
            last_record: u32_at(chunk, 44) as usize,
            free_space: u32_at(chunk, 48) as usize,
            records_checksum: u32_at(chunk, 52),
            header_checksum: u32_at(chunk, 124),
            flags: u32_at(chunk, 120),
        }
    }

    /// Whether bytes that begin like a chunk may be one: its header is intact, or what it says makes sense.
    pub(crate) fn is_likely(bytes: &[u8]) -> bool {
        let header = ChunkHeader::of(bytes);
        let is_in_chunk = |at: usize| (CHUNK_HEADER..=CHUNK_SIZE).contains(&at);
        bytes.len() > CHUNK_HEADER
            && (header.has_its_checksum(bytes)
                || (header.promised().is_some()
                    && is_in_chunk(header.free_space)
                    && is_in_chunk(header.last_record)))
    }

    /// Compares magic and checksums.
    pub(crate) fn integrity(&self, chunk: &[u8]) -> Integrity {
        let magic = chunk.starts_with(CHUNK_MAGIC);
        if self.flags & NO_CHECKSUMS != 0 {
            return Integrity { magic, header: true, records: true };
        }
        let header = self.has_its_checksum(chunk);
        let records = chunk
            .get(CHUNK_HEADER..self.free_space)
            .is_some_and(|records| evtx::checksum_ieee(records) == self.records_checksum);
        Integrity { magic, header, records }
    }

    fn has_its_checksum(&self, chunk: &[u8]) -> bool {
        let mut covered = [0u8; 504];
        covered[..120].copy_from_slice(&chunk[..120]);
        covered[120..].copy_from_slice(&chunk[128..CHUNK_HEADER]);
        evtx::checksum_ieee(&covered) == self.header_checksum
    }

    /// How many records the ids promise, if they make sense. An empty chunk has -1 and -1.
    pub(crate) fn promised(&self) -> Option<u64> {
        if self.first_id == u64::MAX && self.last_id == u64::MAX {
            return Some(0);
        }
        let count = self.last_id.checked_sub(self.first_id)?.checked_add(1)?;
        (count <= (CHUNK_SIZE / SMALLEST_RECORD) as u64).then_some(count)
    }
}
