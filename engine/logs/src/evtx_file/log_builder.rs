//! A log in the making, chunk by chunk.

use std::io;

use rdpwhy_event::{Event, Warning};
use rdpwhy_evtx::{CHUNK_SIZE, ChunkReading, Content, FileHeader, Place, SpanPart, WatchedRecord};

use crate::evtx_file::log_damages::LogDamages;
use crate::gather::log::{Log, LogForm};
use crate::gather::log_reading::LogReading;
use crate::gather::retention::Retention;
use crate::gather::tally::TallyBuilder;

/// A log's events are looked through for old ones when there are twice as many as after the last time, and this many.
const PRUNED_FROM: usize = 100_000;

/// A log in the making.
pub(super) struct LogBuilder<'n> {
    name: &'n str,
    /// Where its first chunk is.
    start: usize,
    header: Option<FileHeader>,
    bytes: u64,
    chunks: u32,
    records: u64,
    events: Vec<Event>,
    /// How many events there were when the old ones were last dropped.
    kept: usize,
    carved: Vec<Event>,
    tally: TallyBuilder,
    watched: Vec<WatchedRecord>,
    parts: Vec<SpanPart>,
    damages: LogDamages,
    last_first_id: Option<u64>,
    descends: bool,
}

impl<'n> LogBuilder<'n> {
    /// Begins a log whose first chunk is at `start`. `first_bytes` are the first ones of the file.
    pub(super) fn new(name: &'n str, first_bytes: &[u8], start: usize) -> LogBuilder<'n> {
        LogBuilder {
            name,
            start,
            header: FileHeader::of(first_bytes),
            bytes: 0,
            chunks: 0,
            records: 0,
            events: Vec::new(),
            kept: PRUNED_FROM,
            carved: Vec::new(),
            tally: TallyBuilder::default(),
            watched: Vec::new(),
            parts: Vec::new(),
            damages: LogDamages::default(),
            last_first_id: None,
            descends: false,
        }
    }

    /// Where the next chunk is.
    pub(super) fn next_place(&self) -> Place {
        Place { chunk: self.chunks, offset: self.start as u64 + u64::from(self.chunks) * CHUNK_SIZE as u64 }
    }

    /// Counts bytes of the file that were read.
    pub(super) fn count_bytes(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Takes the next chunk.
    pub(super) fn push(&mut self, mut reading: ChunkReading) {
        self.chunks = self.chunks.saturating_add(1);
        self.carved.append(&mut reading.carved);
        if reading.content != Content::Records {
            self.damages.push_without(reading.place, reading.content);
            return;
        }
        if let Some(first) = reading.first_id {
            self.descends |= self.last_first_id.is_some_and(|last| first < last);
            self.last_first_id = Some(first);
        }
        self.damages.push(&mut reading);
        self.records += reading.records;
        self.events.extend(reading.events);
        self.parts.extend(reading.parts);
        self.watched.extend(reading.watched);
        for (kind, minutes) in reading.counts.iter() {
            self.tally.add(kind, minutes);
        }
    }

    /// Takes records recovered from places between the chunks.
    pub(super) fn add_carved(&mut self, carved: impl Iterator<Item = Event>) {
        self.carved.extend(carved);
    }

    /// Drops events that have become too old, once there are many.
    pub(super) fn prune(&mut self, retention: &Retention<'_>) {
        if self.events.len() >= 2 * self.kept {
            retention.drop_old(&mut self.events);
            self.kept = self.events.len().max(PRUNED_FROM);
        }
    }

    /// The log of this hash, whose reading ended with an error or at the end of its file.
    pub(super) fn finish(mut self, sha256: String, error: Option<io::Error>) -> LogReading {
        let header = self.header.as_ref();
        self.damages.end(header, self.chunks, self.bytes, error);
        let mut warnings = Vec::from_iter(self.header_warning());
        warnings.extend(self.damages.warnings(self.name));
        let damages = self.damages.finish();
        let log = Log {
            name: self.name.to_owned(),
            form: LogForm::Evtx,
            bytes: self.bytes,
            sha256,
            records: self.records,
            recovered: 0,
            dirty: self.header.is_some_and(|header| header.is_dirty()),
            wrapped: self.descends
                || (self.records > 0 && self.header.is_some_and(|header| header.first_chunk > 0)),
            spans: SpanPart::join(self.parts),
            whole: damages.is_empty() && self.header.is_some(),
            damages,
        };
        let LogBuilder { events, carved, tally, watched, .. } = self;
        LogReading { log, events, carved, tally, warnings, watched }
    }

    fn header_warning(&self) -> Option<Warning> {
        let Some(header) = &self.header else {
            let message = "the file's header is damaged; its chunks were read all the same";
            let help = "Export or copy the log again if it is still there: chunks before the first good one are missing";
            return Some(Warning::new("evtx::file-header", self.name, message).help(help));
        };
        (!header.is_intact()).then(|| {
            let message = "the file's header does not have its checksum; its chunks were read all the same";
            Warning::new("evtx::file-header-checksum", self.name, message)
        })
    }
}
