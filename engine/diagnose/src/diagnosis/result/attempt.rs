//! Connection attempts.

use super::code::Code;
use super::record::Record;
use rdpwhy_event::FileTime;
use rdpwhy_rules::Side;
use serde::Serialize;
use std::fmt;

pub use crate::attempts::attempt::{Aborted, Outcome};

/// A connection attempt, or many alike.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// First record (of the first, if many).
    pub started: FileTime,
    /// Last record (of the last, if many).
    pub ended: FileTime,
    /// From where it was seen.
    pub side: SeenFrom,
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
    /// How it came out.
    pub outcome: Outcome,
    /// Why it was ended on purpose, for an aborted attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aborted: Option<Aborted>,
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
    pub code: Option<Code>,
    /// What that reason is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_name: Option<String>,
    /// Number of the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<usize>,
    /// How many attempts this entry stands for.
    pub count: usize,
    /// How many records it has (the first, if many).
    pub record_count: usize,
    /// Its records (of the first, if many), at most 40; at most 8 where there are many attempts.
    pub records: Vec<Record>,
}

/// From where an attempt was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeenFrom {
    /// The logs of one machine tell about it.
    One(Side),
    /// The logs of the host and of the client tell about it.
    Both,
}

impl fmt::Display for SeenFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SeenFrom::One(side) => side.fmt(f),
            SeenFrom::Both => f.pad("both"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Failed => "failed",
            Outcome::Succeeded => "succeeded",
            Outcome::Aborted => "aborted",
            Outcome::Unknown => "unknown",
        })
    }
}

impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Aborted::Preconnection => "preconnection",
            Aborted::Closed => "closed",
            Aborted::LogonScreen => "logon-screen",
            Aborted::Probe => "probe",
            Aborted::Retried => "retried",
        })
    }
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
    /// Ended on purpose.
    pub aborted: usize,
    /// The logs do not say.
    pub unknown: usize,
}
