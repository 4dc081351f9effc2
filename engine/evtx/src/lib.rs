//! Windows event log files (EVTX): bytes to records.
//!
//! Use this crate to read the chunks of a log, or what is left of one. It takes bytes and gives values; files, threads and
//! archives are the business of whoever calls it. Damage costs what is damaged and nothing else.
//!
//! [`read_chunk`] reads one chunk with a [`Worker`], and gives every [`Event`](rdpwhy_event::Event) that something
//! downstream [`Wants`](rdpwhy_event::Wants), with counts of all records, the [`SpanPart`]s they cover, and the
//! [`Damage`]. [`first_chunk`] and [`FileHeader`] say where in a file the chunks are. [`Carver`] finds chunks anywhere.
//! [`parse_event_xml`] reads the XML form of a record.
//!
//! A record is looked at three times at most. The quick look knows where EVTX keeps the few values that say what a
//! record is and reads only those; records that nobody wants end there. Of the others the values are read that decide what
//! they show; those that show nothing end there. What is left is read straight from the values of its template. Records
//! of which any of this is not certain are decoded in full by the `evtx` crate.
//!
//! Inside, data flows one way: `layout` (headers) → `template` (templates and their instances) → `plan` (what is worked out
//! once per template) → `record` (one record) → `chunk` (all of them).
//!
//! # Example
//! ```
//! use rdpwhy_evtx::{CHUNK_SIZE, Place, Worker, first_chunk, read_chunk};
//! # use rdpwhy_forge::evtx::{Form, Payload, Record, encode};
//! # let record = Record {
//! #     id: 1, time: 133_500_000_000_000_000, form: Form::Manifest, provider: "P".into(), guid: None, source_name: None,
//! #     event_id: 7, qualifiers: None, version: 0, level: 4, task: 0, opcode: 0, keywords: 0, activity: None, process: 4,
//! #     thread: 8, channel: "C".into(), computer: "H".into(), user: None, payload: Payload::None,
//! # };
//! # let file = encode(&[record])?;
//! let everything = |_: &str, _: u32, _: &str| true;
//! let mut worker = Worker::new(&everything, None, false);
//! if let Some(start) = first_chunk(&file) {
//!     for (chunk, bytes) in (0..).zip(file[start..].chunks(CHUNK_SIZE)) {
//!         let offset = (start + chunk as usize * CHUNK_SIZE) as u64;
//!         let reading = read_chunk(&mut worker, bytes, Place { chunk, offset });
//!         println!("chunk {chunk}: {} records, {} read", reading.records, reading.events.len());
//! #       assert_eq!((reading.records, reading.events.len()), (1, 1));
//!     }
//! }
//! # Ok::<(), rdpwhy_forge::evtx::EncodeError>(())
//! ```

#[cfg(test)]
mod both_ways;
mod chunk;
mod damage;
mod event_xml;
mod layout;
mod plan;
mod record;
mod span;
mod template;

pub use chunk::carver::Carver;
pub use chunk::place::Place;
pub use chunk::reading::{ChunkReading, Content, Counts, read_chunk};
pub use damage::{Damage, RecordCount};
pub use event_xml::{EventXmlError, Parsed, parse_event_xml};
pub use layout::chunk_header::CHUNK_SIZE;
pub use layout::file_header::{FILE_HEADER, FileHeader, LOG_MAGIC, first_chunk};
pub use record::kind::Kind;
pub use record::watch::{Watch, WatchedRecord};
pub use record::worker::Worker;
pub use span::{RecordGap, Span, SpanPart};
