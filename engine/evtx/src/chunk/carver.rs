//! Chunks that are not where a log has its chunks: what is left of a log that was cleared, in any file.

use memchr::memmem;
use rdpwhy_event::Event;

use crate::chunk::place::Place;
use crate::chunk::reading::{ChunkReading, read_chunk};
use crate::layout::chunk_header::{CHUNK_MAGIC, CHUNK_SIZE, ChunkHeader};
use crate::record::worker::Worker;

/// Chunks that begin closer together than this are one chunk and a text that looks like another. It bounds what a
/// crafted file costs: each of its bytes is looked at this many times less often than a chunk is long.
const STEP: usize = 512;

/// Looks for chunks that are not where a log has its chunks.
pub struct Carver {
    /// Where the log has its chunks: one begins there, and then one each [`CHUNK_SIZE`]. `None`: it is no log.
    start: Option<u64>,
    /// What is left of the bytes before, and where it begins in the file.
    bytes: Vec<u8>,
    offset: u64,
    /// Chunks before this offset are not looked for again.
    next: u64,
    chunks: u32,
    /// Records found, wanted or not.
    pub records: u64,
    /// The wanted ones.
    pub events: Vec<Event>,
}

impl Carver {
    /// `start` is where the log has its first chunk, in bytes from the start of the file; `None` where it is not a log.
    pub fn new(start: Option<usize>) -> Carver {
        let start = start.map(|start| start as u64);
        Carver { start, bytes: Vec::new(), offset: 0, next: 0, chunks: 0, records: 0, events: Vec::new() }
    }

    /// Looks through the next bytes of the file; `is_last` when there are no more.
    pub fn feed(&mut self, worker: &mut Worker<'_>, bytes: &[u8], is_last: bool) {
        self.bytes.extend_from_slice(bytes);
        let held = std::mem::take(&mut self.bytes);
        let finder = memmem::Finder::new(CHUNK_MAGIC);
        let mut at = 0;
        // What a chunk at the end lacks may follow.
        let mut keep = if is_last { held.len() } else { held.len().saturating_sub(CHUNK_MAGIC.len() - 1) };
        while let Some(found) = finder.find(&held[at..]).map(|found| at + found) {
            if held.len() - found < CHUNK_SIZE && !is_last {
                keep = found;
                break;
            }
            at = found + 1;
            self.take(worker, &held[found..held.len().min(found + CHUNK_SIZE)], self.offset + found as u64);
        }
        self.bytes = held[keep..].to_vec();
        self.offset += keep as u64;
    }

    fn take(&mut self, worker: &mut Worker<'_>, stored: &[u8], offset: u64) {
        let on_grid = |start: u64| offset >= start && (offset - start).is_multiple_of(CHUNK_SIZE as u64);
        if offset < self.next || self.start.is_some_and(on_grid) || !ChunkHeader::is_likely(stored) {
            return;
        }
        self.next = offset + STEP as u64;
        let reading = read_chunk(worker, stored, Place { chunk: self.chunks, offset });
        let ChunkReading { events, carved, records, .. } = reading;
        self.chunks = self.chunks.saturating_add(1);
        self.records += records + carved.len() as u64;
        self.events.extend(events.into_iter().chain(carved).map(|event| Event { recovered: true, ..event }));
    }
}
