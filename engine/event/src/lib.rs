//! Windows events as values: the ground floor, which depends on nothing else here.
//!
//! An [`Event`] is a decoded record: its [`Heading`], its [`Fields`], the [`FileTime`] at which it was written and the place
//! it was read from. Readers of logs make events; rules and diagnoses use them. [`Wants`] is how the one tells the other
//! which records are of use before they are decoded, and [`Warning`] is what a reader says about input that it could not use.

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
