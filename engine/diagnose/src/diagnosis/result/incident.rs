//! Failures that belong together, and what had changed before them.

use super::counted::Counted;
use super::record::Record;
use super::word::word;
use rdpwhy_event::FileTime;
use rdpwhy_rules::Side;
use serde::Serialize;

/// Failures that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct Incident {
    /// Number, from 1.
    pub id: usize,
    /// Number of its case, from 1: incidents of one case share their likeliest cause and how it shows, whenever and on
    /// whichever machine they happened.
    pub case: usize,
    /// The incident whose cause brought this one about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<usize>,
    /// The machine that saw them.
    pub machine: String,
    /// Its part in the attempts.
    #[serde(serialize_with = "word")]
    pub side: Side,
    /// Start of the first.
    pub started: FileTime,
    /// End of the last.
    pub ended: FileTime,
    /// How many attempts failed.
    pub failures: usize,
    /// The first stage at which they may have broken.
    pub stage: String,
    /// The last stage at which they may have broken.
    pub stage_last: String,
    /// Client addresses with their failures, the most frequent first (at most 20).
    pub sources: Vec<Counted>,
    /// How many different client addresses.
    pub source_count: usize,
    /// Users with their failures, the most frequent first (at most 20).
    pub users: Vec<Counted>,
    /// How many different users.
    pub user_count: usize,
    /// Made up by strangers only.
    pub strangers: bool,
    /// No attempt is in the logs; a lasting fault is.
    pub assumed: bool,
    /// There are so many incidents that only the first causes of this one are kept, without evidence and steps.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub brief: bool,
    /// Probability of "none of these".
    pub none: f64,
    /// Prior of "none of these".
    pub none_prior: f64,
    /// What "none of these" weighs against the causes: its prior, or more where nothing but symptoms speaks for the first
    /// cause or no attempt is in the logs.
    pub none_weight: f64,
    /// Whether the first cause is likely enough to be the verdict.
    pub stands_out: bool,
    /// Where no cause stands out and its family does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// What changed on the machines between the last success and the first failure, by time (at most the last 20).
    pub changes: Vec<Change>,
    /// The last success on the same machine before the first failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good: Option<Good>,
    /// The first success after it of one of its sources or users; without one it was still going on when the logs ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<Good>,
}

/// Causes that share a mechanism and that these logs do not tell apart.
#[derive(Debug, Clone, Serialize)]
pub struct Family {
    /// Its word in the rules.
    pub id: String,
    /// What is wrong, as far as all of them have it in common.
    pub title: String,
    /// The probability of its causes together.
    pub probability: f64,
    /// Those of its causes that something speaks for, the likeliest first.
    pub causes: Vec<String>,
}

/// A change before an incident.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Name of the signal.
    pub signal: String,
    /// What the log shows.
    pub title: String,
    /// The record that tells it.
    pub record: Record,
}

/// A success before or after an incident.
#[derive(Debug, Clone, Serialize)]
pub struct Good {
    /// When it began.
    pub time: FileTime,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether it is of a source or user of the incident.
    pub same: bool,
}
