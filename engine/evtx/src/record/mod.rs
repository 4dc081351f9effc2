//! A record to the event that it is, as far as anyone wants it.

mod decode;
mod direct;
mod fold;
pub(crate) mod kind;
pub(crate) mod quick_look;
pub(crate) mod seen_records;
pub(crate) mod templates;
pub(crate) mod watch;
pub(crate) mod worker;
