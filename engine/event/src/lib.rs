//! Windows events as values: the lowest crate of the workspace, which depends on no other.
//!
//! An [`Event`] is a decoded record: its [`Heading`], its [`Fields`], the [`FileTime`] at which it was written and the place
//! it was read from. Readers of logs make events; rules and diagnoses use them. With [`Wants`], they
//! tell a reader which records to decode; with [`Warning`], a reader says which input it could not use.
//!
//! Use it for the records of a reader of your own, or to look at those that `rdpwhy-logs` has read. Times are UTC in units of
//! 100 ns; fields keep the order of the record, and several may have one name.
//!
//! # Example
//! ```
//! use rdpwhy_event::{FieldList, FileTime, Names};
//! use std::sync::Arc;
//!
//! // Names that occur in many events are stored once.
//! let mut names = Names::default();
//! let mut fields = FieldList::default();
//! fields.push(Arc::from("IpAddress"), "203.0.113.7");
//! fields.push(Arc::from("LogonType"), "10");
//! let fields = fields.finish(&mut names);
//! assert_eq!(fields.named("LogonType").next(), Some("10"));
//!
//! let time: FileTime = "2026-03-09T08:41:10.5Z".parse()?;
//! assert_eq!(time.to_string(), "2026-03-09T08:41:10.5000000Z");
//! # Ok::<(), rdpwhy_event::FileTimeError>(())
//! ```

mod event;
mod field_list;
mod fields;
mod filetime;
mod guid;
pub mod hash;
mod moment;
mod name;
pub mod system_text;
mod wants;
mod warning;
mod wording;

pub use event::{Event, FileId, Heading, Payload};
pub use field_list::{FieldList, MAX_FIELD_NAME};
pub use fields::{Field, FieldNames, Fields, NameList};
pub use filetime::{FileTime, FileTimeError};
pub use guid::{Guid, GuidError};
pub use moment::{Calendar, TypedTime, zone};
pub use name::Names;
pub use wants::{Class, Marks, Shown, Sight, Wants};
pub use warning::Warning;
pub use wording::{FieldKind, MessageField, MessageText, Wording};
