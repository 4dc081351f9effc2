//! Archives to the logs in them.
//!
//! Nothing is written to disk. Entries are read as they unpack; only `.zip` and `.7z` archives within archives are
//! held in memory, because they are read from their end. What an entry is called is a label and nothing else.

pub(crate) mod archive_file;
pub(crate) mod limits;
mod place;
mod seven_zip;
pub(crate) mod source;
mod tar;
pub(crate) mod walk;
mod zip;
mod zstd;
