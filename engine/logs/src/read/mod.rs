//! Everything given, read by many threads and put together in one order.

pub(crate) mod everything;
mod input_file;
pub(crate) mod options;
mod order;
mod overlap;
pub(crate) mod reading;
mod recovered;
pub(crate) mod threads;
