//! What can be wrong with a ticket.

use std::path::PathBuf;

use crate::place::Place;

/// Why a ticket was not forged.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// Something in a ticket, the shapes or the scenes is wrong.
    #[error("{place}: {message}")]
    At {
        /// Where it is.
        place: Place,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Place {
    /// An error at this place.
    pub(crate) fn fault(&self, message: impl Into<String>) -> ForgeError {
        ForgeError::At { place: self.clone(), message: message.into() }
    }
}
