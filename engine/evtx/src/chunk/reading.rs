//! A chunk to what it contains.

use std::sync::Arc;

use rdpwhy_event::{Event, FileTime};

use crate::chunk::findings::Findings;
use crate::chunk::place::Place;
use crate::chunk::slack::carve;
use crate::damage::Damage;
use crate::layout::chunk_header::{CHUNK_SIZE, ChunkHeader};
use crate::layout::record_walk::RecordWalk;
use crate::record::kind::{Kind, KindId};
use crate::record::seen_records::SeenRecords;
use crate::record::watch::WatchedRecord;
use crate::record::worker::Worker;
use crate::span::SpanPart;

/// Records of each kind by minute.
#[derive(Debug, Default)]
pub struct Counts {
    /// Each kind, and where in `minutes` its own are.
    kinds: Vec<(Arc<Kind>, std::ops::Range<usize>)>,
    /// Minutes with how many records fall into each, by kind.
    minutes: Vec<(u32, u32)>,
}

impl Counts {
    /// Kinds and their minutes, both in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<Kind>, &[(u32, u32)])> {
        self.kinds.iter().map(|(kind, minutes)| (kind, &self.minutes[minutes.clone()]))
    }

    /// Counts records by the numbers of their kinds and their minutes.
    fn of(mut records: Vec<(KindId, u32)>, worker: &Worker<'_>) -> Counts {
        records.sort_unstable();
        let mut counts = Counts { kinds: Vec::new(), minutes: Vec::with_capacity(records.len()) };
        for of_kind in records.chunk_by(|a, b| a.0 == b.0) {
            let start = counts.minutes.len();
            let count = |run: &[(KindId, u32)]| (run[0].1, u32::try_from(run.len()).unwrap_or(u32::MAX));
            counts.minutes.extend(of_kind.chunk_by(|a, b| a == b).map(count));
            counts.kinds.push((Arc::clone(worker.kinds.kind(of_kind[0].0)), start..counts.minutes.len()));
        }
        // By content: the numbers of kinds differ from thread to thread.
        counts.kinds.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        counts
    }
}

/// What kind of thing a chunk's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Zeroes, or a header without records.
    Nothing,
    /// Neither a chunk's first bytes nor a record: perhaps what the disk held before there was a log.
    Strange,
    /// Records, or what is left of them.
    Records,
}

/// What a chunk held.
#[derive(Debug)]
pub struct ChunkReading {
    /// Where it is.
    pub place: Place,
    /// What its bytes are.
    pub content: Content,
    /// The wanted records, in the order they are stored.
    pub events: Vec<Event>,
    /// Records recovered from its free space.
    pub carved: Vec<Event>,
    /// How many records it holds, wanted or not.
    pub records: u64,
    /// Times of the records stored first and last.
    pub times: Option<(FileTime, FileTime)>,
    /// The header's first record id, for the order of chunks.
    pub first_id: Option<u64>,
    /// Its records by channel and computer.
    pub parts: Vec<SpanPart>,
    /// Records of each kind by minute.
    pub counts: Counts,
    /// What could not be read.
    pub damages: Vec<Damage>,
    /// The records that were to be watched.
    pub watched: Vec<WatchedRecord>,
}

/// Reads a chunk. `stored` may be shorter than a chunk where the file breaks off.
pub fn read_chunk(worker: &mut Worker<'_>, stored: &[u8], place: Place) -> ChunkReading {
    worker.trim();
    let mut reading = ChunkReading {
        place,
        content: Content::Nothing,
        events: Vec::new(),
        carved: Vec::new(),
        records: 0,
        times: None,
        first_id: None,
        parts: Vec::new(),
        counts: Counts::default(),
        damages: Vec::new(),
        watched: Vec::new(),
    };
    if stored.iter().all(|byte| *byte == 0) {
        return reading;
    }
    let padded;
    let chunk = if stored.len() == CHUNK_SIZE {
        stored
    } else {
        padded = [stored, &vec![0; CHUNK_SIZE - stored.len()]].concat();
        &padded
    };
    let header = ChunkHeader::of(chunk);
    let integrity = header.integrity(chunk);
    let walk = RecordWalk::of(chunk, stored.len(), &header, integrity);
    reading.content = match (walk.records.is_empty(), integrity.magic) {
        (true, false) => Content::Strange,
        (true, true) if walk.unreadable.is_empty() && stored.len() == CHUNK_SIZE => Content::Nothing,
        _ => Content::Records,
    };
    if worker.recover {
        reading.carved = carve(worker, chunk, stored.len(), &walk.records, place);
    }
    if reading.content != Content::Records {
        return reading;
    }
    reading.first_id = integrity.magic.then_some(header.first_id);

    // Beside a gap nothing is sure: what is in it may be what other records point at.
    let trusted = (integrity.records || stored.len() < CHUNK_SIZE) && walk.unreadable.is_empty();
    let seen = read_records(worker, chunk, &walk, trusted);
    let (header, walk, seen_records, stored) = (&header, &walk, &seen, stored.len());
    reading.damages = Findings { place, header, integrity, walk, seen: seen_records, stored }.damages();
    reading.take(worker, seen);
    reading
}

/// Looks at each record and decodes those that are wanted or not sure. Where checksums say that bytes changed,
/// nothing is sure.
fn read_records(worker: &mut Worker<'_>, chunk: &[u8], walk: &RecordWalk, trusted: bool) -> SeenRecords {
    let mut seen = SeenRecords::of(walk.records.len());
    let mut chosen = Vec::new();
    for (position, record) in walk.records.iter().enumerate() {
        let found = if trusted { worker.look(chunk, record) } else { None };
        seen.looks[position] = found.map(|(look, _)| look);
        match found {
            Some((look, _)) if !worker.kinds.wanted(look.kind) => {}
            Some((look, template)) => match worker.read_directly(chunk, record, template, look) {
                Some(event) => seen.events.extend(event.map(|event| (position, event))),
                None => chosen.push(position),
            },
            None => chosen.push(position),
        }
    }
    if !chosen.is_empty() {
        worker.decode(chunk, walk, &chosen, &mut seen);
        seen.events.sort_by_key(|(position, _)| *position);
    }
    seen
}

impl ChunkReading {
    fn take(&mut self, worker: &Worker<'_>, seen: SeenRecords) {
        let room = seen.looks.len();
        let mut minutes: Vec<(KindId, u32)> = Vec::with_capacity(room);
        let mut spans: Vec<(KindId, Vec<(u64, FileTime)>)> = Vec::new();
        for look in seen.looks.into_iter().flatten() {
            self.records += 1;
            self.times = Some((self.times.map_or(look.time, |(first, _)| first), look.time));
            minutes.push((look.kind, look.time.minute()));
            let kind = worker.kinds.kind(look.kind);
            self.watched.extend(worker.watch.and_then(|watch| watch.record(kind, look.record_id, look.time)));
            let same = |id: KindId| {
                let other = worker.kinds.kind(id);
                // A worker's equal texts are one.
                id == look.kind
                    || Arc::ptr_eq(&other.channel, &kind.channel)
                        && Arc::ptr_eq(&other.computer, &kind.computer)
            };
            match spans.iter_mut().find(|(id, _)| same(*id)) {
                Some((_, records)) => records.push((look.record_id, look.time)),
                None => {
                    let mut records = Vec::with_capacity(room);
                    records.push((look.record_id, look.time));
                    spans.push((look.kind, records));
                }
            }
        }
        let chunk = self.place.chunk;
        self.events = seen.events.into_iter().map(|(_, event)| Event { chunk, ..event }).collect();
        self.counts = Counts::of(minutes, worker);
        let part = |(id, mut records): (KindId, Vec<_>)| {
            let kind = worker.kinds.kind(id);
            SpanPart::new(Arc::clone(&kind.channel), Arc::clone(&kind.computer), &mut records)
        };
        self.parts = spans.into_iter().map(part).collect();
    }
}
