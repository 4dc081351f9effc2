//! Events to attempts, evidence and ranked causes.
//!
//! [`diagnose`] is a pure function of the records read, the rules and the options: no clock, locale, environment or
//! network enters it.

mod address;
mod assemble;
mod attempt;
mod belief;
mod candidates;
mod clock;
mod coverage;
pub mod diagnosis;
mod evidence;
mod fact;
mod flow;
mod health;
mod incident;
mod key;
mod lead;
mod memo;
mod odd;
mod pairing;
mod rank;
mod redact;
mod roles;
mod timeline;
mod witnesses;

pub use diagnosis::{Diagnosis, Verdict};
pub use flow::{Options, diagnose};
pub use redact::redact;
