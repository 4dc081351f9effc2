//! The diagnosis as handed to reports: every figure that a report may show, and nothing else.
//!
//! Times are UTC with 100 ns, on the clock of the machine that wrote the record; attempts and incidents are on the
//! host's clock. The JSON report is this structure as it stands.

use serde::Serialize;

/// A whole diagnosis.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnosis {
    /// Version of this structure.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What was asked.
    pub asked: Asked,
    /// The answer in one word.
    pub verdict: Verdict,
    /// The stages in the order in which a connection climbs them.
    pub stages: Vec<Stage>,
    /// Failures that belong together, the first one first.
    pub incidents: Vec<Incident>,
    /// All causes of all incidents, the likeliest first.
    pub diagnoses: Vec<Cause>,
    /// Connection attempts by start; an entry may stand for many alike.
    pub attempts: Vec<Attempt>,
    /// How many attempts came out how.
    pub totals: Totals,
    /// Failures of strangers or of others, put aside because the ticket is not about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<Background>,
    /// Records too old to be looked at one by one, because there are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older: Option<Older>,
    /// Clocks that were compared.
    pub clocks: Vec<Clock>,
    /// What the logs hold.
    pub coverage: Vec<Coverage>,
    /// The archives that were given; the logs in them are named after them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<rdpwhy_logs::ArchiveFile>,
    /// What to get next, the most telling first.
    pub collect: Vec<Collect>,
    /// Findings beside the causes.
    pub notices: Vec<Notice>,
    /// Kinds of records that appear near failures and hardly elsewhere, the most striking first.
    pub leads: Vec<Lead>,
    /// What could not be read, and the like.
    pub warnings: Vec<String>,
}

/// A rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Its id, as attempts and incidents name it.
    pub id: String,
    /// What a connection has reached on it, in a few words.
    pub title: String,
}

/// What made the diagnosis.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// Name of the program.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Fingerprint of the rules: the first 16 digits of the SHA-256 over their texts.
    pub rules: String,
    /// Number of signals.
    pub signals: usize,
    /// Number of causes.
    pub causes: usize,
}

/// What was asked; absent where not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// Attempts from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Attempts up to here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The time in the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The dialog's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_name: Option<String>,
    /// The dialog's extended code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<String>,
    /// What it is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_name: Option<String>,
    /// Whose failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A cause stands out.
    Diagnosed,
    /// There are failures and no cause stands out.
    Inconclusive,
    /// There are attempts and none failed.
    Healthy,
    /// The logs hold no attempt.
    NoEvidence,
}

/// Failures that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct Incident {
    /// Number, from 1.
    pub id: usize,
    /// The machine that saw them.
    pub machine: String,
    /// Its part in the attempts: host, client or gateway.
    pub side: String,
    /// Start of the first.
    pub started: String,
    /// End of the last.
    pub ended: String,
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
    /// Probability of "none of these".
    pub none: f64,
    /// Prior of "none of these".
    pub none_prior: f64,
    /// What "none of these" weighs against the causes: its prior, or more where nothing but symptoms speaks for the first
    /// cause or no attempt is in the logs.
    pub none_weight: f64,
    /// Whether the first cause is likely enough to be the verdict.
    pub stands_out: bool,
    /// What changed on the machines between the last success and the first failure, by time (at most the last 20).
    pub changes: Vec<Change>,
    /// The last success on the same machine before the first failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good: Option<LastGood>,
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

/// A value and how often it occurs.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// How often.
    pub count: usize,
}

/// The last success before an incident.
#[derive(Debug, Clone, Serialize)]
pub struct LastGood {
    /// When it began.
    pub time: String,
    /// From where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether it is of a source or user of the incident.
    pub same: bool,
}

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
    /// client, host, network, domain or gateway.
    pub side: String,
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

/// A piece of evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Unique within the cause.
    pub id: String,
    /// Name of the signal, or the phrase about the attempts.
    pub signal: String,
    /// What it says, in a sentence.
    pub because: String,
    /// By how much it multiplies the odds; below 1 it speaks against. 1 where it did not count.
    pub likelihood_ratio: f64,
    /// Whether it speaks for the cause.
    #[serde(rename = "for")]
    pub for_it: bool,
    /// present, absent or unknown.
    pub state: String,
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
    /// How many records tell it.
    pub record_count: usize,
    /// The telling records, at most 20.
    pub records: Vec<Record>,
}

/// A record as proof.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Name of the log.
    pub file: String,
    /// Its channel.
    pub channel: String,
    /// The machine that wrote it.
    pub computer: String,
    /// Provider.
    pub provider: String,
    /// Event id.
    pub event_id: u32,
    /// Record id.
    pub record_id: u64,
    /// No log holds it any more: it was recovered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
    /// When it was written.
    pub time: String,
    /// Its payload, on the first records of each piece of evidence that counted (at most the first 24 fields).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// A field of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Its name; unnamed ones are called by their position.
    pub name: String,
    /// Its value, cut with `…` beyond 300 characters.
    pub value: String,
}

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

/// Failures put aside.
#[derive(Debug, Clone, Serialize)]
pub struct Background {
    /// How many.
    pub failures: usize,
    /// Client addresses, the most frequent first (at most 20).
    pub sources: Vec<Counted>,
    /// How many different client addresses.
    pub source_count: usize,
    /// Start of the first.
    pub started: String,
    /// End of the last.
    pub ended: String,
}

/// Records that were summed up instead of being looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Older {
    /// How many.
    pub records: usize,
    /// What they show, by the signals' titles, the most frequent first (at most 20).
    pub shown: Vec<Counted>,
    /// Client addresses, the most frequent first (at most 20); none where there were too many to tell them apart.
    pub sources: Vec<Counted>,
    /// How many different client addresses.
    pub source_count: usize,
    /// Time of the first.
    pub first: String,
    /// Time of the last.
    pub last: String,
}

/// Two clocks compared.
#[derive(Debug, Clone, Serialize)]
pub struct Clock {
    /// The machine whose times were moved.
    pub client: String,
    /// The machine whose clock the report uses.
    pub host: String,
    /// Seconds by which the client's clock runs ahead.
    pub ahead_seconds: f64,
    /// How many attempts both saw.
    pub attempts: usize,
}

/// What one log holds of one channel; of a log without any readable record, one row without channel and machine.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// Channel.
    pub channel: String,
    /// Machine.
    pub computer: String,
    /// Name of the log.
    pub file: String,
    /// SHA-256 of the log.
    pub sha256: String,
    /// Size of the log in bytes.
    pub bytes: u64,
    /// Records held.
    pub records: u64,
    /// Records of use that were recovered from the whole log; told in its first row.
    #[serde(skip_serializing_if = "is_zero")]
    pub recovered: u64,
    /// Damaged places of the log.
    pub damaged: usize,
    /// Gaps in the record ids.
    pub gaps: usize,
    /// The first of these gaps, at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// First record; null where none could be read.
    pub first: Option<String>,
    /// Last record; null where none could be read.
    pub last: Option<String>,
}

/// Records that are missing between two others, by their ids.
#[derive(Debug, Clone, Serialize)]
pub struct Missing {
    /// How many ids are missing.
    pub records: u64,
    /// When the record before them was written.
    pub after: String,
    /// When the record behind them was written.
    pub before: String,
}

/// A log worth getting.
#[derive(Debug, Clone, Serialize)]
pub struct Collect {
    /// Channel.
    pub channel: String,
    /// On which machine.
    pub on: String,
    /// Why.
    pub why: String,
    /// Causes that it would tell more about.
    pub causes: Vec<String>,
    /// The command that exports it.
    pub command: String,
    /// How much it could change the ranking; for ordering only.
    pub value: f64,
}

/// A finding beside the causes.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Id of the rule.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// info, warning or security.
    pub severity: String,
    /// On which machine.
    pub machine: String,
    /// What was seen.
    pub text: String,
    /// What it means and what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub so: String,
    /// How many records tell it.
    pub count: usize,
    /// The telling records, at most 20.
    pub records: Vec<Record>,
}

/// A kind of record that keeps company with failures.
#[derive(Debug, Clone, Serialize)]
pub struct Lead {
    /// Machine.
    pub machine: String,
    /// Channel.
    pub channel: String,
    /// Provider.
    pub provider: String,
    /// Event id.
    pub event_id: u32,
    /// How many fell into minutes with failures.
    pub near: u64,
    /// How many there are in all.
    pub total: u64,
    /// How many times more often than elsewhere.
    pub lift: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
