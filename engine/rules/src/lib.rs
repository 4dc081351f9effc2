//! Rules in YAML to a checked, compiled pack.
//!
//! [`Pack::load`] reads signals (Sigma rules), causes with their evidence, notices, fix steps, live checks and the ladder; every
//! fault of every file is reported at once. After loading, a rule cannot be wrong, and matching never sees YAML again.
//!
//! Use it to look at the built-in rules ([`Pack::built_in`]), to add rules of your own to them, or to load a pack that stands alone
//! ([`Pack::load`]). Lists are in the order of their IDs, and ids such as [`CauseId`] are places in these lists: they mean
//! nothing in another pack. The same files give the same pack and the same [`Pack::fingerprint`].
//!
//! Types that only a diagnosis needs are in modules: [`ladder`] (how records join into attempts), [`phrase`] (when a record counts),
//! [`codes`].
//!
//! # Example
//! ```
//! use rdpwhy_rules::{Pack, RuleFile};
//!
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let cause = pack.find_cause("rdp-key-inaccessible").expect("a built-in cause");
//! println!("{}: {:.1} % before any evidence", cause.verdict, pack.prior(cause) * 100.0);
//!
//! // All faults of all files come at once, each with its place.
//! let mine = RuleFile { path: "my-rules/causes/x.yml".into(), text: "id: y\n".into() };
//! let error = Pack::built_in(&[mine]).expect_err("it has no evidence, and the ID is not the name of the file");
//! assert!(error.to_string().contains("my-rules/causes/x.yml:1"));
//! # Ok::<(), rdpwhy_rules::PackError>(())
//! ```

mod basis;
pub mod command;
mod embedded;
mod field;
mod file;
mod files;
pub mod finding;
mod id;
mod kind;
mod kinds;
mod lint;
mod loading;
mod names;
mod pack;
pub mod phrase;
pub mod placeholder;
mod schema;
mod shape;
mod side;
mod word;
mod written;

pub use basis::{BASIS_KINDS, Basis};
pub use embedded::embedded;
pub use file::RuleFile;
pub use id::{CauseId, FamilyId, SignalId, StageId, StepId};
pub use kind::Kind;
pub use kinds::cause::{Cause, Collect, Confuser, Evidence, FaultSide, Fill, Fix, Variant};
pub use kinds::check::Check;
pub use kinds::identities::Identities;
pub use kinds::notice::{Notice, Severity};
pub use kinds::signal::{LogSource, Signal};
pub use kinds::sources::{Source, Sources};
pub use kinds::step::{Cost, Risk, Step};
pub use lint::lint;
pub use pack::{Pack, PackError, SignalView};
pub use schema::schema;
pub use side::Side;

/// Codes: what the numbers in records and in the client's dialog mean.
pub mod codes {
    pub use crate::kinds::code::{Code, CodeField, CodePair, CodeTable, CodeValue, Decoded, DialogText};
}

/// How records join into attempts: stages, roles, records, limits and thresholds, as `rules/ladder.yml` sets them.
pub mod ladder {
    pub use crate::kinds::ladder::Ladder;
    pub use crate::kinds::ladder::belief::{Belief, Implied, Life, Visible, Witness};
    pub use crate::kinds::ladder::case_fact::{CaseAttribute, CaseFact, CaseFactSource};
    pub use crate::kinds::ladder::condition::Condition;
    pub use crate::kinds::ladder::limit::{Preconnection, Probe, Retry, Strangers};
    pub use crate::kinds::ladder::record::{ChangedRecord, Ending, Join, LadderRecord, Milestone};
    pub use crate::kinds::ladder::role::{Role, RoleField};
    pub use crate::kinds::ladder::stage::{Family, Ranking, Stage, StageRole};
    pub use crate::kinds::ladder::thresholds;
    pub use crate::kinds::ladder::words::DomainWords;
}
