//! Connection attempts.

use super::record::Record;
use serde::Serialize;

/// A connection attempt, or many alike.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// First record (of the first, if many).
    pub started: String,
    /// Last record (of the last, if many).
    pub ended: String,
    /// host, client, gateway, or both.
    pub side: String,
    /// The machine that saw it.
    pub machine: String,
    /// The other machine that saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_machine: Option<String>,
    /// The client's address, with its port where known.
    pub source: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// What the client was told to connect to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// failed, succeeded, aborted or unknown.
    pub outcome: String,
    /// For an aborted attempt: preconnection, closed, logon-screen or probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aborted: Option<String>,
    /// Where it broke; for others the furthest stage reached.
    pub stage: Option<String>,
    /// The last stage at which it may have broken, where that is not sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage_last: Option<String>,
    /// The furthest stage proved.
    pub reached: Option<String>,
    /// A session had begun and was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// Another connection took the session over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replaced: bool,
    /// The client's recorded disconnect reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What that reason is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_name: Option<String>,
    /// Number of the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<usize>,
    /// How many attempts this entry stands for.
    pub count: usize,
    /// Its records (of the first, if many), at most 40.
    pub records: Vec<Record>,
}

/// How many attempts came out how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Broke.
    pub failed: usize,
    /// Got a desktop.
    pub succeeded: usize,
    /// Of those, lost it again through a fault or another connection.
    pub dropped: usize,
    /// Not meant to get further.
    pub aborted: usize,
    /// The logs do not say.
    pub unknown: usize,
}
