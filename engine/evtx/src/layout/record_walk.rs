//! The records of a chunk, found by their headers alone.

use crate::layout::chunk_header::{CHUNK_HEADER, CHUNK_SIZE, ChunkHeader, Integrity};
use crate::layout::little_endian::u32_at;
use crate::layout::record::{LAST_TIME, RECORD_MAGIC, Record, is_closed, record_at};

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
        let mut last = None;
        while offset < rules.end {
            match record_at(chunk, offset).filter(|record| rules.believes(chunk, record, last)) {
                Some(record) => {
                    last = reached(last, record.id);
                    walk.records.push(record);
                    if Some(record.id) == rules.last_id {
                        break;
                    }
                    offset = record.end();
                }
                None => {
                    let next = rules.next_record(chunk, offset + 1, header, trusted, last);
                    // Zeroes, with nothing behind them, are where the free space begins; and what a file's end cuts
                    // off is damage of the chunk as a whole.
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

/// The id that the walk has got to. One that no chunk could hold together with those before it is damaged itself: it
/// does not make the ids behind it old ones.
fn reached(last: Option<u64>, id: u64) -> Option<u64> {
    match last {
        Some(last) if id.checked_sub(last).is_none_or(|by| by >= CHUNK_SIZE as u64) => Some(last),
        _ => Some(id),
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
