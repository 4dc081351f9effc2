//! Exported Windows event logs to events.
//!
//! [`read`] takes files, folders and archives and hands back a [`Reading`]: every [`Event`] that something downstream
//! [`Wants`], a [`Log`] per file with what was read and what was lost, a [`Tally`] over all records whether
//! decoded or not, and the [`Warning`]s on the way. Damage costs what is damaged and nothing else. Where it is asked for,
//! records are also recovered from where no log holds them any more.
//!
//! A record is looked at three times at most. The quick look knows where EVTX keeps the few values that say what a
//! record is and reads only those; records that nobody wants end there. Of the others the values are read that decide what
//! they show; those that show nothing end there. What is left is read straight from the values of its template. Records
//! of which any of this is not certain are decoded in full by the `evtx` crate.

mod archive;
#[cfg(test)]
mod both_ways;
mod chunk;
mod definition;
mod event_json;
mod event_text;
mod event_xml;
mod foreign;
mod format;
mod horizon;
mod input;
mod input_file;
mod instance;
mod json;
mod kind;
mod log;
mod log_file;
#[cfg(test)]
#[path = "../tests/made/mod.rs"]
mod made;
mod overlap;
mod plan;
mod quick_look;
mod reading;
mod record_walk;
mod recovery;
mod rendering;
mod sighting;
mod summary;
mod tally;
mod template;

pub use archive::{ArchiveFile, ArchiveLimits};
pub use event_xml::{EventXmlError, Parsed, parse_event_xml};
pub use input::files_to_read;
pub use log::{Damage, Log, LogForm, RecordGap, Span};
pub use reading::{MAX_EVENTS, Progress, ReadError, ReadOptions, Reading, read};
pub use summary::Sum;
pub use tally::{Count, Tally};
