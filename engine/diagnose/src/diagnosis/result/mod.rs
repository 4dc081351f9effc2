//! The diagnosis as handed to reports: every figure that a report may show, and nothing else.
//!
//! Times are UTC with 100 ns, on the clock of the machine that wrote the record; attempts and incidents are on the
//! host's clock. Values of closed lists are enums here and words in the JSON report, which is this structure as it stands.

mod aside;
mod asked;
mod attempt;
mod cause;
mod code;
mod collect;
mod counted;
mod coverage;
mod evidence;
mod finding;
mod incident;
mod record;
mod sentence;
mod step;
mod verdict;
mod warning;
mod word;

pub use aside::{Background, Older};
pub use asked::{Asked, Meaning, Pair};
pub use attempt::{Aborted, Attempt, Outcome, SeenFrom, Totals};
pub use cause::{Cause, Confuser};
pub use code::Code;
pub use collect::Collect;
pub use counted::Counted;
pub use coverage::{Clock, Coverage, Missing};
pub use evidence::{Evidence, EvidenceId, State};
pub use finding::{Condition, Lead, Notice};
pub use incident::{Change, Family, Good, Incident};
pub use record::{Field, Record};
pub use sentence::Sentence;
pub use step::Step;
pub use verdict::Verdict;
pub use warning::Warning;

use rdpwhy_rules::ladder::DomainWords;
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
    /// What reports call the things of this domain: no part of the JSON report.
    #[serde(skip)]
    pub words: DomainWords,
    /// The stages in the order in which a connection climbs them.
    pub stages: Vec<Stage>,
    /// Failures that belong together, in the order in which a person should read them: what the ticket is about first, then
    /// what has a clear cause and still goes on.
    pub incidents: Vec<Incident>,
    /// The first cause of each incident in their order, then all other causes of all incidents, the likeliest first.
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
    /// States that lasted: those that outlast the logs first, then those that an incident falls into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Findings beside the causes.
    pub notices: Vec<Notice>,
    /// Kinds of records that appear near failures and hardly elsewhere, the most striking first.
    pub leads: Vec<Lead>,
    /// What could not be read, and the like.
    pub warnings: Vec<Warning>,
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
