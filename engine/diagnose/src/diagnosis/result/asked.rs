//! What was asked.

use super::code::Code;
use rdpwhy_event::FileTime;
use serde::Serialize;

/// What was asked; absent where not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// Attempts from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<FileTime>,
    /// Attempts up to here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<FileTime>,
    /// The time in the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<FileTime>,
    /// The dialog's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Code>,
    /// What it is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_name: Option<String>,
    /// The dialog's extended code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<Code>,
    /// What it is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_name: Option<String>,
    /// Whose failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// To which host, as the user names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}
