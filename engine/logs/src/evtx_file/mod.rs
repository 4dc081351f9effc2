//! EVTX files to logs.

mod log_builder;
mod log_damages;
mod piece;
pub(crate) mod read_log;
mod recover;
