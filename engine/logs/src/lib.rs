//! Exported Windows event logs to events.
//!
//! [`read`] takes files, folders and archives, as paths or as bytes with names, and hands back a [`Reading`]: every [`Event`](rdpwhy_event::Event) that
//! something downstream [`Wants`](rdpwhy_event::Wants), a [`Log`] per file with what was read and what was lost, a
//! [`Tally`] over all records whether decoded or not, and the [`Warning`](rdpwhy_event::Warning)s on the way. Damage costs
//! what is damaged and nothing else. Where it is asked for, records are also recovered from where no log holds them any more.
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
