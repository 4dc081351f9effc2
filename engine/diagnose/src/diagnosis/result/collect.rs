//! What to get next.

use super::word::word;
use rdpwhy_rules::Side;
use serde::Serialize;

/// A log worth getting.
#[derive(Debug, Clone, Serialize)]
pub struct Collect {
    /// Channel.
    pub channel: String,
    /// On which machine.
    #[serde(serialize_with = "word")]
    pub on: Side,
    /// Why.
    pub why: String,
    /// Causes that it would tell more about.
    pub causes: Vec<String>,
    /// The command that exports it.
    pub command: String,
    /// How much it could change the ranking; for ordering only.
    pub value: f64,
}
