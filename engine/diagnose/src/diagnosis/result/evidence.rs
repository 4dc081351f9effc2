//! Pieces of evidence.

use super::record::{Field, Record};
use super::sentence::Sentence;
use serde::Serialize;
use std::fmt;

pub use crate::evidence::seen::State;

/// A piece of evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Unique within the cause.
    pub id: EvidenceId,
    /// Name of the signal, or the phrase about the attempts.
    pub signal: String,
    /// What it says, in a sentence.
    pub because: Sentence,
    /// By how much it multiplies the odds; below 1 it speaks against. 1 where it did not count.
    pub likelihood_ratio: f64,
    /// What that number rests on: `estimate`, `estimate; source: ID`, `counted: …` or `measured: …`.
    pub basis: String,
    /// Whether it speaks for the cause.
    #[serde(rename = "for")]
    pub for_it: bool,
    /// Whether it was seen.
    pub state: State,
    /// At how many failures.
    pub seen: usize,
    /// Of how many that could show it.
    pub of: usize,
    /// Correlated evidence counts once in a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Recovered records alone tell it, so it counts little.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
    /// Why it did not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The values of its first record that show what happened, as the rules name them (at most 4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub telling: Vec<Field>,
    /// How many records tell it.
    pub record_count: usize,
    /// The telling records, at most 20.
    pub records: Vec<Record>,
}

/// What a piece of evidence is called: unique within its cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceId {
    /// A piece of the cause's rule.
    Rule(String),
    /// The failures broke at another stage than the cause's.
    Stage,
    /// Nothing but symptoms speaks for the cause.
    SymptomsOnly,
    /// The cause does not explain a record beside the failures.
    Unexplained,
    /// The cause brings about another one that shows.
    Effect,
    /// How much more often such answers are right than the estimates say: no evidence, but a factor like one.
    Calibration,
}

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            EvidenceId::Rule(id) => id,
            EvidenceId::Stage => "stage",
            EvidenceId::SymptomsOnly => "symptoms-only",
            EvidenceId::Unexplained => "unexplained",
            EvidenceId::Effect => "effect",
            EvidenceId::Calibration => "calibration",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            State::Present => "present",
            State::Absent => "absent",
            State::Unknown => "unknown",
        })
    }
}
