//! Events to attempts, evidence and ranked causes.
//!
//! [`diagnose`] is a pure function of the records read, the rules and the options: no clock, locale, environment or
//! network enters it. Data flows one way, from the first folder named below to the last.

mod memo;
mod options;

mod world;

mod attempts;

mod cases;

mod evidence;

mod ranking;

pub mod diagnosis;

mod flow;
mod redact;

pub use diagnosis::{Diagnosis, Verdict};
pub use flow::{diagnose, diagnose_in_stages};
pub use options::Options;
pub use ranking::ranked::INCIDENTS_IN_FULL;
pub use redact::{Redacted, redact};
pub use world::address::{machine_key, machine_label};
