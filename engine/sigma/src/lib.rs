//! Sigma detections: parse, compile, match.
//!
//! [`Detection::read`] compiles the `detection` of a Sigma rule (specification 2.x) and reports every fault of it with its place.
//! [`Detection::is_match`] matches it against anything that implements [`Record`]; Windows [`Event`](rdpwhy_event::Event)s do.
//! To match many detections against many events, an [`Index`] finds those that can match a kind of event at all, and a
//! [`KindSight`] asks each value of such events only once.
//!
//! Use it to find events with Sigma rules. It reads the detection alone: titles, levels and log sources are up to the caller,
//! and correlations, filters and aggregations are refused as unsupported.
//!
//! # Example
//! ```
//! use rdpwhy_sigma::{Detection, Record};
//! use rdpwhy_yaml::{Faults, Reader, parse};
//!
//! /// A record of one field.
//! struct Line(&'static str);
//!
//! impl Record for Line {
//!     fn each_value(&self, field: &str, visit: &mut dyn FnMut(&str) -> bool) -> bool {
//!         field == "Image" && visit(self.0)
//!     }
//!     fn any_value(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
//!         visit(self.0)
//!     }
//!     fn channel(&self) -> &str {
//!         ""
//!     }
//! }
//!
//! let faults = Faults::new();
//! let text = "shell: {Image|endswith: ['\\cmd.exe', '\\pwsh.exe']}\ncondition: shell\n";
//! let documents = parse("rule.yml", text, &faults);
//! let detection = Detection::read(&documents[0], Reader::new("rule.yml", &faults)).expect("the rule has no errors");
//! assert!(detection.is_match(&Line(r"C:\Windows\System32\CMD.EXE")));
//! assert!(!detection.is_match(&Line(r"C:\Windows\notepad.exe")));
//! ```

mod condition;
mod detection;
mod encoding;
mod expression;
mod index;
mod item;
mod modifier;
mod pattern;
mod plan;
mod record;
mod residue;
mod sight;
mod test;

pub use detection::Detection;
pub use expression::Expression;
pub use index::Index;
pub use pattern::{fold, folded_equal};
pub use record::Record;
pub use sight::KindSight;

#[cfg(test)]
mod strategy;
