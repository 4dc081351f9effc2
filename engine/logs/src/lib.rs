//! Exported Windows event logs to events.
//!
//! [`read`] takes files, folders and archives and hands back a [`Reading`]: every [`Event`] that something downstream
//! [`Wants`], a [`Log`] per file with what was read and what was lost, a [`Tally`] over all records whether
//! decoded or not, and the [`Warning`]s on the way. Damage costs what is damaged and nothing else. Where it is asked for,
//! records are also recovered from where no log holds them any more.
//!
//! Two readers look at each record. The quick look knows where EVTX keeps the few values that say what a
//! record is and reads only those; records that nobody wants end there. The others are decoded in full by the
//! `evtx` crate, and so is every record that the quick look is not sure of.

mod archive;
#[cfg(test)]
mod both_ways;
mod chunk;
mod definition;
mod event;
mod event_json;
mod event_text;
mod event_xml;
mod fields;
mod filetime;
mod foreign;
mod format;
mod guid;
mod horizon;
mod input;
mod input_file;
mod instance;
mod json;
mod kind;
mod log;
mod log_file;
mod name;
mod overlap;
mod plan;
mod quick_look;
mod reading;
mod record_walk;
mod recovery;
mod rendering;
mod tally;
mod template;
mod warning;

pub use archive::{ArchiveFile, ArchiveLimits};
pub use event::{Event, FileId, Heading, Payload};
pub use event_xml::{EventXmlError, Parsed, parse_event_xml};
pub use fields::{Field, Fields};
pub use filetime::{FileTime, FileTimeError};
pub use guid::{Guid, GuidError};
pub use log::{Damage, Log, LogForm, RecordGap, Span};
pub use name::Names;
pub use reading::{MAX_EVENTS, Progress, ReadError, ReadOptions, Reading, Wants, read};
pub use tally::{Count, Tally};
pub use warning::Warning;
