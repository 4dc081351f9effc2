//! Exported Windows event logs to events.
//!
//! [`read`] takes files, folders and archives, as paths or as bytes with names, and returns a [`Reading`]: every [`Event`](rdpwhy_event::Event) that
//! something downstream [`Wants`](rdpwhy_event::Wants), a [`Log`] per file with what was read and what was lost, a
//! [`Tally`] over all records whether decoded or not, and the [`Warning`](rdpwhy_event::Warning)s on the way. Damage costs
//! what is damaged and nothing else. Where it is asked for, records are also recovered from where no log contains them any more.
//!
//! Use it to read what people send: EVTX files, exports as XML, JSON or CSV, pasted text, and archives of them. Events are in the
//! order of time; the result does not depend on the order of the inputs or on the number of threads. Only where nothing could be read at
//! all is there a [`ReadError`].
//!
//! # Example
//! ```
//! use rdpwhy_logs::{ReadOptions, Source, read};
//!
//! let log = r#"<Events><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
//!     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
//!     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
//!     <EventData><Data Name="Type">server</Data><Data Name="ErrorCode">0x8009030D</Data></EventData></Event></Events>"#;
//! // Whether a record is to be decoded, by its provider, event ID and channel.
//! let wants = |provider: &str, _event_id: u32, _channel: &str| provider == "Schannel";
//! let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &wants, &ReadOptions::default(), &())?;
//! assert_eq!(reading.events[0].field("ErrorCode"), Some("0x8009030D"));
//! assert!(reading.warnings.is_empty() && !reading.partial());
//! # Ok::<(), rdpwhy_logs::ReadError>(())
//! ```
//!
//! The bytes of EVTX files are read by [`rdpwhy_evtx`]. Inside, data flows one way: `input` (what was given) → `gather`
//! (what is kept of it) → `evtx_file` and `text` (one log) → `archive` (the logs in one) → `read` (all of them).

mod archive;
mod evtx_file;
mod gather;
mod input;
#[cfg(test)]
#[path = "../tests/all/made/mod.rs"]
mod made;
mod read;
mod text;

pub use archive::archive_file::ArchiveFile;
pub use archive::limits::ArchiveLimits;
pub use gather::log::{Log, LogForm};
pub use gather::progress::Progress;
pub use gather::summary::Sum;
pub use gather::tally::{Count, Tally};
pub use input::format::has_archive_name;
pub use input::search::{files_to_read, looks_like_log};
pub use input::source::{NamedBytes, Source};
pub use rdpwhy_evtx::{Damage, EventXmlError, Parsed, RecordGap, Span, parse_event_xml};
pub use read::everything::read;
pub use read::options::{MAX_EVENTS, ReadOptions};
pub use read::reading::{ReadError, Reading};
pub use read::threads::with_threads;
