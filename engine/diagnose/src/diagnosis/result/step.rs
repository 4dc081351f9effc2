//! What to do about a cause.

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
    pub run: Option<String>,
    /// What it touches.
    pub changes: String,
    /// read-only, unnoticed, reversible, disconnects, restart or weakens.
    pub cost: String,
    /// none, low, medium or high.
    pub risk: String,
    /// What a user will notice.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub side_effects: String,
    /// What takes it back.
    pub undo: String,
    /// What shows that it worked.
    pub verify: String,
    /// Probability that it ends the fault if the cause is right; 0 for a check.
    pub helps: f64,
}
