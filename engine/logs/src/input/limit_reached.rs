//! The limit that stopped the reading of an archive.

use std::fmt;
use std::io;

/// The limit that stopped the reading, as the words of a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LimitReached {
    pub(crate) what: String,
    pub(crate) option: &'static str,
}

impl LimitReached {
    /// The limit behind an error of reading, if that is what it was.
    pub(crate) fn of(error: &io::Error) -> Option<&LimitReached> {
        error.get_ref()?.downcast_ref()
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> String {
        format!("If you trust the archive, allow more with {}, or unpack it and give the folder", self.option)
    }
}

impl fmt::Display for LimitReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for LimitReached {}
