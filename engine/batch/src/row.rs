//! The rows, as they are written: one JSON object a line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case: a row of `cases.jsonl`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseRow {
    /// Name of the case.
    pub case: String,
    /// `diagnosed`, `inconclusive`, `healthy` or `no_evidence`; null where the case could not be diagnosed.
    pub verdict: Option<String>,
    /// The most likely cause of the first incident; the verdict says whether it stands out.
    pub cause: Option<String>,
    /// What is wrong, in one line.
    pub title: Option<String>,
    /// The group of similar causes that the cause belongs to.
    pub family: Option<String>,
    /// Probability of the cause, from 0 to 1.
    pub probability: Option<f64>,
    /// The first stage at which the failures may have broken.
    pub stage: Option<String>,
    /// On which side the fault is: `client`, `host`, `gateway`, …
    pub side: Option<String>,
    /// The machine that the failed connections were made to, as far as the logs name it.
    pub host: Option<String>,
    /// Start of the first failure of the first incident (UTC).
    pub first_failure: Option<String>,
    /// End of its last failure (UTC).
    pub last_failure: Option<String>,
    /// Start of its first failure, where an earlier attempt on the same machine succeeded: the cause began between the two.
    pub onset: Option<String>,
    /// The last success before it.
    pub last_good: Option<String>,
    /// The first success after it; null while it was still going on when the logs ended.
    pub recovered: Option<String>,
    /// The answer in a few sentences, for the ticket.
    pub summary: String,
    /// Number of incidents.
    pub incidents: usize,
    /// Number of failed attempts, all incidents together.
    pub failed: usize,
    /// Number of attempts that succeeded.
    pub succeeded: usize,
    /// First record of the logs (UTC).
    pub logs_from: Option<String>,
    /// Last record of the logs (UTC).
    pub logs_to: Option<String>,
    /// What cases are compared by, such as updates, gateways and addresses; by kind and value.
    pub facts: Vec<Fact>,
    /// The kinds of facts that the logs could show. A kind that is not here is unknown, not absent.
    pub comparable: Vec<String>,
    /// Every input was read completely.
    pub complete: bool,
    /// Number of warnings in the report.
    pub warnings: usize,
    /// The reports, by format: paths relative to this file.
    pub reports: BTreeMap<String, String>,
    /// Why the case could not be diagnosed.
    pub error: Option<String>,
}

/// Something that a case may share with others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// What it is: a kind of `case_facts` in the rules.
    pub kind: String,
    /// Its value.
    pub value: String,
    /// The first record that shows it (UTC); null where it is not an event, such as an address.
    pub time: Option<String>,
}

/// An incident: a row of `incidents.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IncidentRow {
    /// Name of the case.
    pub case: String,
    /// Number of the incident in its case, from 1.
    pub incident: usize,
    /// The machine that saw the failures.
    pub machine: String,
    /// Its part in the attempts: `client`, `host` or `gateway`.
    pub seen_from: String,
    /// Start of the first failure (UTC).
    pub started: String,
    /// End of the last failure (UTC).
    pub ended: String,
    /// Number of failed attempts.
    pub failures: usize,
    /// The first stage at which they may have broken.
    pub stage: String,
    /// The last stage at which they may have broken.
    pub stage_last: String,
    /// The most likely cause.
    pub cause: Option<String>,
    /// What is wrong, in one line.
    pub title: Option<String>,
    /// Probability of the cause.
    pub probability: Option<f64>,
    /// Probability of "none of these".
    pub none: f64,
    /// Whether the cause is likely enough to be the verdict.
    pub stands_out: bool,
    /// The group of similar causes, where it is the verdict and no single cause is.
    pub family: Option<String>,
    /// Client addresses, the most frequent first (at most 20).
    pub sources: Vec<String>,
    /// Users, the most frequent first (at most 20).
    pub users: Vec<String>,
    /// The last success before it (UTC).
    pub last_good: Option<String>,
    /// The first success after it (UTC).
    pub recovered: Option<String>,
    /// What changed on the machines between the last success and the first failure: names of signals.
    pub changes: Vec<String>,
}

/// An attempt, or many alike: a row of `attempts.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptRow {
    /// Name of the case.
    pub case: String,
    /// First record (of the first attempt; UTC).
    pub started: String,
    /// Last record (of the last attempt; UTC).
    pub ended: String,
    /// From where it was seen: `client`, `host`, `gateway` or `both`.
    pub seen_from: String,
    /// The machine that saw it.
    pub machine: String,
    /// The client's address, with its port where known.
    pub source: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// What the client was told to connect to.
    pub target: Option<String>,
    /// `failed`, `succeeded`, `aborted` or `unknown`.
    pub outcome: String,
    /// Where it broke; for others the furthest stage reached.
    pub stage: Option<String>,
    /// The client's disconnect reason, in hex.
    pub code: Option<String>,
    /// Number of the incident in its case.
    pub incident: Option<usize>,
    /// How many attempts this row stands for.
    pub count: usize,
}

/// What failing cases share: a row of `shared.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SharedRow {
    /// The finding as a sentence.
    pub says: String,
    /// The cause that the failing cases have; null for all failing cases, whatever their cause.
    pub cause: Option<String>,
    /// What they share: a kind of fact, or `onset` where their failures began together.
    pub kind: String,
    /// Its value; for `onset` the first of the moments.
    pub value: String,
    /// Other facts that exactly the same cases have (at most 20), as `kind value`: these cases cannot tell which of them matters.
    pub also: Vec<String>,
    /// Failing cases that have it.
    pub failing_with: usize,
    /// All cases that have it.
    pub with: usize,
    /// Failing cases that do not have it although their logs could show it.
    pub failing_without: usize,
    /// All cases that do not have it although their logs could show it.
    pub without: usize,
    /// How many times as often cases with it fail as those without it; null where none of those without it fails.
    pub lift: Option<f64>,
    /// How often chance alone would produce such a difference, over all comparisons made.
    pub chance: f64,
    /// When the failures of the cases that have it began: the first onset (UTC).
    pub onset_first: Option<String>,
    /// The last onset (UTC).
    pub onset_last: Option<String>,
    /// The failing cases that have it.
    pub cases: Vec<String>,
}

/// All rows of one case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// The case.
    pub case: CaseRow,
    /// Its incidents.
    pub incidents: Vec<IncidentRow>,
    /// Its attempts.
    pub attempts: Vec<AttemptRow>,
}
