//! What a log file stores, by the headers of the file, its chunks and its records alone.

pub(crate) mod chunk_header;
pub(crate) mod file_header;
pub(crate) mod little_endian;
pub(crate) mod record;
pub(crate) mod record_walk;
