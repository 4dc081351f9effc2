//! Old records in the free space of chunks.
//!
//! Windows writes into a chunk that was used before without wiping it. Such a record is whole by itself, but it points at
//! templates and names that may have been overwritten. It is believed only where the template it names is still the
//! one it points at, and where what comes out has the time that its header says.

use memchr::memmem;
use rdpwhy_event::Event;

use crate::chunk::place::Place;
use crate::layout::chunk_header::CHUNK_HEADER;
use crate::layout::record::{LAST_TIME, RECORD_HEADER, RECORD_MAGIC, Record, is_closed, record_at};
use crate::layout::record_walk::RecordWalk;
use crate::record::seen_records::SeenRecords;
use crate::record::worker::Worker;
use crate::template::instance;

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
