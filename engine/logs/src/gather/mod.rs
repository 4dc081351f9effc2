//! What is gathered while logs are read: of one log, of all of them, and by which threads.

pub(crate) mod log;
pub(crate) mod log_reading;
pub(crate) mod progress;
pub(crate) mod retention;
pub(crate) mod summary;
pub(crate) mod tally;
pub(crate) mod workers;
