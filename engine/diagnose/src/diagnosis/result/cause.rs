//! The causes of incidents.

use super::evidence::Evidence;
use super::step::Step;
use super::word::word;
use rdpwhy_rules::FaultSide;
use serde::Serialize;

/// A cause in an incident.
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    /// Id of the cause.
    pub cause: String,
    /// The connection failed because …
    pub title: String,
    /// The headline.
    pub headline: String,
    /// Number of the incident.
    pub incident: usize,
    /// Probability among all causes and "none of these" of the incident.
    pub probability: f64,
    /// Probability before any evidence.
    pub prior: f64,
    /// On which side the fault lies.
    #[serde(serialize_with = "word")]
    pub side: FaultSide,
    /// Where its failures usually break.
    pub stage: String,
    /// What goes wrong.
    pub mechanism: String,
    /// What counted, for and against, in the order of the rule.
    pub evidence: Vec<Evidence>,
    /// What did not count: unknown, absent, or spoken for by stronger evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<Evidence>,
    /// Causes that it brings about and that show here as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// A likelier cause that brings this one about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence_of: Option<String>,
    /// Fix steps in working order.
    pub fix: Vec<Step>,
    /// What not to do.
    pub never: Vec<String>,
    /// What it is mistaken for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confusers: Vec<Confuser>,
    /// Where the knowledge comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}

/// A cause that looks alike.
#[derive(Debug, Clone, Serialize)]
pub struct Confuser {
    /// Its id.
    pub cause: String,
    /// What tells the two apart.
    pub tell: String,
}
