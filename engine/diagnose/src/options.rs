//! What the ticket says beyond its logs.

use rdpwhy_event::FileTime;

/// What the ticket says beyond its logs.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only failures from here on.
    pub since: Option<FileTime>,
    /// Only failures up to here.
    pub until: Option<FileTime>,
    /// The time in the ticket.
    pub at: Option<FileTime>,
    /// The code of the client's dialog.
    pub error: Option<u32>,
    /// Its extended code.
    pub extended: Option<u32>,
    /// Only this user's failures.
    pub user: Option<String>,
    /// Only failures from this address or client.
    pub source: Option<String>,
    /// Only failures of connections to this host.
    pub target: Option<String>,
    /// Hand on values of records whole, whatever their length.
    pub whole_values: bool,
    /// Version of the program, for the report.
    pub version: String,
}

impl Options {
    /// Whether the ticket says who or which machines had the trouble.
    pub(crate) fn names_someone(&self) -> bool {
        self.user.is_some() || self.source.is_some() || self.target.is_some()
    }

    /// Whether the ticket says that something failed: a moment, a person, a place or a code.
    pub(crate) fn is_complaint(&self) -> bool {
        self.names_someone() || self.at.is_some() || self.error.is_some() || self.extended.is_some()
    }
}
