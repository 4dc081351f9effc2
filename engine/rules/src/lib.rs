//! Rules in YAML to a checked, compiled pack.
//!
//! [`Pack::load`] reads signals (Sigma rules), causes with their evidence, notices, fix steps, live checks and the ladder; every
//! fault of every file is reported at once. After loading, a rule cannot be wrong, and matching never sees YAML again.

mod cause;
mod check;
mod code;
pub mod command;
mod embedded;
pub mod fault;
mod fingerprint;
mod id;
mod identity;
pub mod index;
mod kind;
mod ladder;
mod lint;
mod load;
mod message;
mod pack;
pub mod record;
mod relation;
mod sight;
pub mod sigma;
pub mod signal;
mod stored;
pub mod yaml;

pub use cause::{AttemptFact, Cause, Collect, Confuser, Cost, Evidence, Finding, Fix, Notice, Step};
pub use check::Check;
pub use code::{Code, CodeField, CodePair, CodeTable, CodeValue, Decoded};
pub use embedded::embedded;
pub use id::{CauseId, SignalId, StageId, StepId};
pub use identity::Identities;
pub use ladder::{
    ClockRecord, Ending, Join, Ladder, LadderRecord, Milestone, Preconnection, Probe, Ranking, Retry, Role,
    RoleField, Side, Stage,
};
pub use lint::lint;
pub use load::RuleFile;
pub use pack::{Pack, PackError, SignalView};
pub use relation::{
    Anchor, Clause, Direction, Distinct, Edge, End, Fact, PhraseError, Place, Quantifier, Relation, Shared,
    parse_fact, parse_relation, parse_span,
};
