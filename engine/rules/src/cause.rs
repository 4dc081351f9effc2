//! Causes, notices and fix steps as they run: every name resolved, every number checked.

use crate::relation::{Fact, Relation};
use crate::{CauseId, SignalId, StageId, StepId};

/// A known root cause.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// Completes "the connection failed because …".
    pub title: String,
    /// The headline of a report whose first cause this is.
    pub verdict: String,
    /// On which side the fault lies: client, host, network, domain or gateway.
    pub side: String,
    /// Where its failures break, the usual stage first.
    pub stages: Vec<StageId>,
    /// Probability before any evidence, among all causes and "none of these".
    pub prior: f64,
    /// What goes wrong and why the client sees what it sees.
    pub mechanism: String,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
    /// The causes that it brings about.
    pub leads_to: Vec<CauseId>,
    /// What it is mistaken for.
    pub confusers: Vec<Confuser>,
    /// Steps in working order.
    pub fix: Vec<Fix>,
    /// What not to do, in the reader's words.
    pub never: Vec<String>,
    /// What to get next.
    pub collect: Vec<Collect>,
    /// Where the knowledge comes from.
    pub references: Vec<String>,
}

impl Cause {
    /// Whether any of its evidence, for it or against it, looks at records of the signal.
    #[must_use]
    pub fn speaks_of(&self, signal: SignalId) -> bool {
        self.evidence.iter().any(|evidence| match &evidence.finding {
            Finding::Signal { signals, .. } | Finding::Absent { signals, .. } => signals.contains(&signal),
            Finding::Attempts(_) | Finding::Code(_) | Finding::Extended(_) => false,
        })
    }
}

/// A cause that looks alike.
#[derive(Debug, Clone)]
pub struct Confuser {
    /// The other cause.
    pub cause: CauseId,
    /// What tells the two apart.
    pub tell: String,
}

/// A step of a cause's fix list.
#[derive(Debug, Clone, Copy)]
pub struct Fix {
    /// The step.
    pub step: StepId,
    /// Probability that this step alone ends the fault if the cause is right; 0 for a check.
    pub helps: f64,
}

/// A log worth getting.
#[derive(Debug, Clone)]
pub struct Collect {
    /// Channel or other source.
    pub channel: String,
    /// On which machine: host, client, gateway or domain controller.
    pub on: String,
    /// What it would tell.
    pub why: String,
}

/// What a piece of evidence looks at.
#[derive(Debug, Clone)]
pub enum Finding {
    /// Records of any of these signals in this relation to the failures.
    Signal {
        /// Any of them.
        signals: Vec<SignalId>,
        /// Where and how.
        relation: Relation<SignalId>,
    },
    /// None of these signals in this relation, although the logs would hold them.
    Absent {
        /// None of them.
        signals: Vec<SignalId>,
        /// Where and how.
        relation: Relation<SignalId>,
    },
    /// A fact about the attempts.
    Attempts(AttemptFact),
    /// The dialog's code or the client's recorded reason is one of these.
    Code(Vec<u32>),
    /// The dialog's extended code is one of these.
    Extended(Vec<u32>),
}

impl Finding {
    /// Whether it shows that something went wrong, and not what: a code, the shape of the attempts, a record that many faults
    /// leave.
    #[must_use]
    pub fn is_symptom(&self, symptoms: &[SignalId]) -> bool {
        match self {
            Finding::Signal { signals, .. } => signals.iter().all(|signal| symptoms.contains(signal)),
            Finding::Attempts(fact) => fact.fact.is_shape(),
            Finding::Absent { .. } | Finding::Code(_) | Finding::Extended(_) => true,
        }
    }
}

/// A fact about attempts with its stages resolved.
#[derive(Debug, Clone)]
pub struct AttemptFact {
    /// The phrase as written, for reports.
    pub phrase: String,
    /// What it says.
    pub fact: Fact,
    /// The stages that it names, in the order named.
    pub stages: Vec<StageId>,
}

/// A piece of evidence for or against a cause.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Unique within the cause: the signal's name, or the phrase.
    pub id: String,
    /// What it looks at.
    pub finding: Finding,
    /// For the cause, or against it.
    pub supports: bool,
    /// Likelihood ratio above one; evidence against divides by it.
    pub ratio: f64,
    /// Of a group of correlated evidence only the strongest counts.
    pub group: Option<String>,
    /// The sentence of the report; `{Field}` of the first record, `{count}`, `{failures}`.
    pub because: String,
    /// Counts this much the other way when it is missing although the logs would hold it.
    pub if_absent: Option<f64>,
}

/// A fix or check step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What to do, as an imperative.
    pub do_: String,
    /// Where to run it.
    pub where_: String,
    /// The exact command, if there is one.
    pub run: Option<String>,
    /// The command can run as it stands, on the machine that `where_` names: no placeholder, nothing to choose.
    pub runnable: bool,
    /// What it touches.
    pub changes: String,
    /// How much it costs.
    pub cost: Cost,
    /// `none`, `low`, `medium` or `high`.
    pub risk: String,
    /// What a user will notice.
    pub side_effects: String,
    /// What takes it back.
    pub undo: String,
    /// The same as commands that can run as they stand, if there are such.
    pub undo_run: Option<String>,
    /// What shows that it worked.
    pub verify: String,
    /// Where the knowledge comes from.
    pub sources: Vec<String>,
}

/// The price of a step, the cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// Reads only.
    ReadOnly,
    /// Minutes, nobody notices.
    Unnoticed,
    /// One setting, reversible, no outage.
    Reversible,
    /// Disconnects current users for seconds.
    Disconnects,
    /// Restart or maintenance window.
    Restart,
    /// Weakens security or may break other services: last resort.
    Weakens,
}

impl Cost {
    /// The word in the rule file.
    pub fn as_str(self) -> &'static str {
        match self {
            Cost::ReadOnly => "read-only",
            Cost::Unnoticed => "unnoticed",
            Cost::Reversible => "reversible",
            Cost::Disconnects => "disconnects",
            Cost::Restart => "restart",
            Cost::Weakens => "weakens",
        }
    }

    /// All of them with their words.
    pub const ALL: [Cost; 6] =
        [Cost::ReadOnly, Cost::Unnoticed, Cost::Reversible, Cost::Disconnects, Cost::Restart, Cost::Weakens];
}

/// A finding beside the causes.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// `info`, `warning` or `security`.
    pub severity: String,
    /// All must hold.
    pub when: Vec<Finding>,
    /// The sentence of the report; `{Field}` of the first record, `{count}`.
    pub text: String,
    /// What it means for the diagnosis, and what to do.
    pub so: String,
}
