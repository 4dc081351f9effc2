//! The diagnosis as handed to reports, and how it is put together.

pub(crate) mod assemble;
pub(crate) mod result;

pub use result::*;
