//! Templates, which a chunk stores once, and their instances, which are its records.

pub(crate) mod definition;
pub(crate) mod element;
pub(crate) mod instance;
pub(crate) mod rendering;
