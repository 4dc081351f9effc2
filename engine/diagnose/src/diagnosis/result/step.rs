//! What to do about a cause.

use super::sentence::Sentence;
use super::word::word;
use rdpwhy_rules::{Cost, Risk};
use serde::Serialize;

/// A fix or check step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Id of the step.
    pub step: String,
    /// What to do.
    #[serde(rename = "do")]
    pub do_: String,
    /// Where to run it.
    #[serde(rename = "where")]
    pub where_: String,
    /// The command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Sentence>,
    /// What it touches.
    pub changes: String,
    /// What it costs.
    #[serde(serialize_with = "word")]
    pub cost: Cost,
    /// How much can go wrong.
    #[serde(serialize_with = "word")]
    pub risk: Risk,
    /// What a user will notice.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub side_effects: String,
    /// How to undo it, in words.
    pub undo: String,
    /// The commands that undo it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_run: Option<Sentence>,
    /// What shows that it worked.
    pub verify: String,
    /// Probability that it ends the fault if the cause is right; 0 for a check.
    pub helps: f64,
    /// What that probability rests on; nothing for a check.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// Rules say so of steps that nobody notices.
const NOTHING: &str = "none";

impl Step {
    /// What a user will notice; empty where that is nothing.
    pub fn noticed(&self) -> &str {
        let effects = self.side_effects.trim();
        if effects == NOTHING { "" } else { effects }
    }
}
