//! The records of a chunk, found by their headers alone.

use crate::rendering::LAST_TIME;
use rdpwhy_event::FileTime;

/// Bytes of a chunk.
pub(crate) const CHUNK_SIZE: usize = 65_536;
/// Bytes of a chunk's header, behind which its records begin.
pub(crate) const CHUNK_HEADER: usize = 512;
/// Bytes of a record's header.
pub(crate) const RECORD_HEADER: usize = 24;
pub(crate) const CHUNK_MAGIC: &[u8; 8] = b"ElfChnk\0";
pub(crate) const RECORD_MAGIC: &[u8; 4] = b"\x2a\x2a\0\0";
/// A record's header and the copy of its size at its end.
const SMALLEST_RECORD: usize = RECORD_HEADER + 4;
/// Chunk flag: no checksums are stored.
const NO_CHECKSUMS: u32 = 4;

/// What a chunk's header says of its records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChunkHeader {
    pub(crate) first_id: u64,
    pub(crate) last_id: u64,
    last_record: usize,
    free_space: usize,
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
    fn trusts_header(self) -> bool {
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
    pub(crate) fn end(&self) -> usize {
        self.offset + self.size
    }
}

/// A place where a record should have been and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) offset: usize,
    /// How many records were found before it.
    pub(crate) found_before: usize,
}

/// The records of a chunk in the order they are stored.
#[derive(Debug, Default)]
pub(crate) struct RecordWalk {
    pub(crate) records: Vec<Record>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// How to walk a chunk.
struct Rules {
    /// Records begin before this.
    end: usize,
    /// And end before this, where the file does.
    stored: usize,
    /// A record with this id is the last one.
    last_id: Option<u64>,
    /// Believe a record only with the copy of its size, and ids that go up: what follows the records of a chunk
    /// that was used before are old records.
    strict: bool,
}

impl RecordWalk {
    /// Walks a whole chunk of which the first `length` bytes were stored (the rest is filled up).
    ///
    /// Where the header can be trusted, this is the walk of the `evtx` crate, and libevtx's: from record to
    /// record by size, to the free space or the record with the last id; past something unreadable on to the next
    /// record that is complete and whose id the header covers.
    pub(crate) fn of(chunk: &[u8], length: usize, header: &ChunkHeader, integrity: Integrity) -> RecordWalk {
        let trusted = integrity.trusts_header();
        let end = if trusted { header.free_space.min(length) } else { length };
        let last_id = trusted.then_some(header.last_id);
        let rules = Rules { end, stored: length, last_id, strict: !trusted };
        let mut walk = RecordWalk::default();
        let mut offset = CHUNK_HEADER;
        while offset < rules.end {
            let last = walk.records.last().map(|record: &Record| record.id);
            match record_at(chunk, offset).filter(|record| rules.believes(chunk, record, last)) {
                Some(record) => {
                    walk.records.push(record);
                    if Some(record.id) == rules.last_id {
                        break;
                    }
                    offset = record.end();
                }
                None => {
                    let next = rules.next_record(chunk, offset + 1, header, trusted, last);
                    // Zeroes, with nothing behind them, are where the free space begins; and what a file's end cuts
                    // off is told of the chunk as a whole.
                    let is_cut = length < chunk.len();
                    if next.is_some() || (u32_at(chunk, offset) != 0 && trusted && !is_cut) {
                        walk.unreadable.push(Unreadable { offset, found_before: walk.records.len() });
                    }
                    let Some(next) = next else { break };
                    offset = next;
                }
            }
        }
        walk
    }
}

impl Rules {
    fn believes(&self, chunk: &[u8], record: &Record, last: Option<u64>) -> bool {
        let strictly = || {
            record.end() <= self.end && is_closed(chunk, record) && last.is_none_or(|last| record.id > last)
        };
        // A time that no calendar holds, on a record without the copy of its size, is where bytes were lost.
        let is_whole = || record.time.0 <= LAST_TIME || is_closed(chunk, record);
        record.end() <= self.stored && is_whole() && (!self.strict || strictly())
    }

    /// The offset of the next record at or after `from` that proves itself.
    fn next_record(
        &self,
        chunk: &[u8],
        from: usize,
        header: &ChunkHeader,
        trusted: bool,
        last: Option<u64>,
    ) -> Option<usize> {
        let search_end = if trusted { self.end.min(header.last_record.saturating_add(4)) } else { self.end };
        let covered = |id: u64| match trusted {
            true => (header.first_id..=header.last_id).contains(&id),
            false => last.is_none_or(|last| id > last && id - last < CHUNK_SIZE as u64),
        };
        let candidates = chunk.get(from..search_end)?.windows(RECORD_MAGIC.len()).enumerate();
        candidates.filter(|(_, bytes)| bytes == RECORD_MAGIC).map(|(at, _)| from + at).find(|&at| {
            record_at(chunk, at).is_some_and(|record| {
                record.end() <= self.end && is_closed(chunk, &record) && covered(record.id)
            })
        })
    }
}

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

/// The number at `at`, or 0 past the end.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

/// The number at `at`, or 0 past the end.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// The number at `at`, or 0 past the end.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
