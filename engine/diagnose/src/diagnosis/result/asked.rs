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
    /// What the codes mean, the dialog's own first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<Meaning>,
    /// What the two codes say together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<Pair>,
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

/// What a code of the ticket means.
#[derive(Debug, Clone, Serialize)]
pub struct Meaning {
    /// The code.
    pub code: Code,
    /// What it is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it officially means.
    pub means: String,
    /// What it does not mean, although people read it so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub does_not_mean: Option<String>,
    /// The causes that it points to, the likeliest first, before any log is looked at.
    pub causes: Vec<String>,
}

/// What the two codes of the ticket say together.
#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    /// The gist.
    pub title: String,
    /// What is known about the pair, a paragraph each.
    pub says: Vec<String>,
}
