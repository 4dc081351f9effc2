//! What was given: files found in folders, and what each of them is by its name and first bytes.

pub(crate) mod encoding;
pub(crate) mod fingerprint;
pub(crate) mod format;
pub(crate) mod label;
pub(crate) mod limit_reached;
mod links;
pub(crate) mod other_files;
pub(crate) mod path_name;
pub(crate) mod search;
pub(crate) mod source;
pub(crate) mod unsupported;
