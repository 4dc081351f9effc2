//! The causes of incidents.

use super::evidence::Evidence;
use super::sentence::Sentence;
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
    /// The particular form of the cause that these records show: its ID within the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What happened in particular, with the values of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<Sentence>,
    /// Number of the incident.
    pub incident: usize,
    /// Evidence, steps and the like are left out, because of the number of incidents or because the cause is unlikely.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub brief: bool,
    /// Probability among all causes and "none of these" of the incident.
    pub probability: f64,
    /// Probability before any evidence.
    pub prior: f64,
    /// What the prior rests on.
    pub prior_basis: String,
    /// On which side the fault lies.
    #[serde(serialize_with = "word")]
    pub side: FaultSide,
    /// Where its failures usually break.
    pub stage: String,
    /// What goes wrong.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mechanism: String,
    /// What counted, for and against, in the order of the rule.
    pub evidence: Vec<Evidence>,
    /// What did not count: unknown, absent, or spoken for by stronger evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<Evidence>,
    /// Causes that it brings about and that show here as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leads_to: Vec<String>,
    /// A more likely cause that leads to this one.
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

impl Cause {
    /// The cause without its evidence, steps and explanations.
    #[must_use]
    pub fn shortened(&self) -> Cause {
        Cause {
            cause: self.cause.clone(),
            title: self.title.clone(),
            headline: self.headline.clone(),
            variant: self.variant.clone(),
            says: self.says.clone(),
            incident: self.incident,
            brief: true,
            probability: self.probability,
            prior: self.prior,
            prior_basis: self.prior_basis.clone(),
            side: self.side,
            stage: self.stage.clone(),
            mechanism: String::new(),
            evidence: Vec::new(),
            not_counted: Vec::new(),
            leads_to: self.leads_to.clone(),
            consequence_of: self.consequence_of.clone(),
            fix: Vec::new(),
            never: Vec::new(),
            confusers: Vec::new(),
            references: Vec::new(),
        }
    }
}

/// A cause that looks alike.
#[derive(Debug, Clone, Serialize)]
pub struct Confuser {
    /// Its id.
    pub cause: String,
    /// What tells the two apart.
    pub tell: String,
}
