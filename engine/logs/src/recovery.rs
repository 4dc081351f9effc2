//! Records that no log holds any more: old ones in the free space of chunks, and those of chunks that lie anywhere in
//! a file.
//!
//! Windows writes into a chunk that was used before without wiping it, and leaves the records of a log that was
//! cleared where they are. Such a record is whole by itself, but it points at templates and names that may have been
//! overwritten. It is believed only where the template it names is still the one it points at, and where what comes
//! out has the time that its header says.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::chunk::{ChunkReading, Place, SeenRecords, Worker, read_chunk};
use crate::instance;
use crate::record_walk::{
    CHUNK_HEADER, CHUNK_MAGIC, CHUNK_SIZE, ChunkHeader, RECORD_HEADER, RECORD_MAGIC, Record, RecordWalk,
    is_closed, record_at,
};
use crate::rendering::LAST_TIME;
use rdpwhy_event::Event;

/// Chunks that begin closer together than this are one chunk and a text that looks like another. It bounds what a
/// crafted file costs: each of its bytes is looked at so many times less often than a chunk is long.
const STEP: usize = 512;

/// Old records in what the live ones leave of a chunk, of which the first `stored` bytes are in the file.
pub(crate) fn carve(
    worker: &mut Worker<'_>,
    chunk: &[u8],
    stored: usize,
    live: &[Record],
    place: Place,
) -> Vec<Event> {
    let mut walk = RecordWalk::default();
    let mut old = Vec::new();
    let mut from = CHUNK_HEADER;
    for next in live.iter().map(Some).chain([None]) {
        let end = next.map_or(stored, |record| record.offset);
        for record in old_records(chunk, from, end) {
            old.push(walk.records.len());
            walk.records.push(record);
        }
        walk.records.extend(next);
        from = next.map_or(end, Record::end);
    }
    if old.is_empty() {
        return Vec::new();
    }
    let mut seen = SeenRecords::of(walk.records.len());
    worker.decode(chunk, &walk, &old, &mut seen);
    let believed = |(position, event): (usize, Event)| {
        let is_whole = event.time == walk.records[position].time && !event.provider.is_empty();
        is_whole.then_some(Event { chunk: place.chunk, recovered: true, ..event })
    };
    seen.events.sort_by_key(|(position, _)| *position);
    seen.events.into_iter().filter_map(believed).collect()
}

/// The records from `from` to `end` that are whole by themselves.
fn old_records(chunk: &[u8], mut from: usize, end: usize) -> Vec<Record> {
    let mut found = Vec::new();
    let mut values = Vec::new();
    while let Some(at) = chunk.get(from..end).and_then(|rest| memmem::find(rest, RECORD_MAGIC)) {
        let at = from + at;
        let whole = record_at(chunk, at).filter(|record| {
            record.end() <= end
                && is_closed(chunk, record)
                && (1..=LAST_TIME).contains(&record.time.0)
                && has_its_template(chunk, record, &mut values)
        });
        from = whole.map_or(at + 1, |record| record.end());
        found.extend(whole);
    }
    found
}

/// The record's template, by the first bytes of its GUID, is at the place that the record points at.
fn has_its_template(chunk: &[u8], record: &Record, values: &mut Vec<instance::Value>) -> bool {
    let body = record.offset + RECORD_HEADER..record.end() - 4;
    instance::read(chunk, body.clone(), values).is_some_and(|_| instance::names_its_template(chunk, body))
        && values
            .iter()
            .filter(|value| value.is_xml())
            .all(|value| instance::names_its_template(chunk, value.range()))
}

/// Looks for chunks that are not where a log has its chunks.
pub(crate) struct Carver {
    /// Where the log has its chunks: one begins there, and then one each [`CHUNK_SIZE`]. `None`: it is no log.
    start: Option<u64>,
    /// What is left of the bytes before, and where it begins in the file.
    bytes: Vec<u8>,
    offset: u64,
    /// Chunks before this offset are not looked for again.
    next: u64,
    chunks: u32,
    /// Records found, wanted or not.
    pub(crate) records: u64,
    /// The wanted ones.
    pub(crate) events: Vec<Event>,
}

impl Carver {
    pub(crate) fn new(start: Option<usize>) -> Carver {
        let start = start.map(|start| start as u64);
        Carver { start, bytes: Vec::new(), offset: 0, next: 0, chunks: 0, records: 0, events: Vec::new() }
    }

    /// Looks through the next bytes of the file; `is_last` when there are no more.
    pub(crate) fn feed(&mut self, worker: &mut Worker<'_>, bytes: &[u8], is_last: bool) {
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

/// Of the records carved, those that are in none of the logs, each once, in the order carved.
pub(crate) fn settle(live: &[Event], carved: Vec<Event>) -> Vec<Event> {
    let key = |event: &Event| {
        let heading = &event.heading;
        (event.time, event.record_id, heading.event_id, heading.channel.clone(), heading.computer.clone())
    };
    let mut copies: BTreeSet<_> = carved.iter().map(key).collect();
    if copies.is_empty() {
        return carved;
    }
    for event in live {
        copies.remove(&key(event));
    }
    carved.into_iter().filter(|event| copies.remove(&key(event))).collect()
}
