//! Rules as Windows PowerShell scripts.
//!
//! [`diagnose()`] returns a script of read-only live checks, [`collect()`] one that packs the logs that the rules read,
//! [`fix()`] one that goes through the steps of a cause. All that a script knows comes from the rules; this crate knows how
//! to put it into PowerShell 5.1: ASCII, lines that end with LF, text quoted, commands within script blocks.
//!
//! Use it to hand what the rules know to a machine that has nothing but Windows. The same rules give the same script.
//!
//! # Example
//! ```
//! use rdpwhy_rules::{Pack, Side};
//!
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let checks = rdpwhy_script::diagnose(&pack, Side::Host);
//! let cause = pack.find_cause("rdp-key-inaccessible").expect("a built-in cause");
//! let steps = rdpwhy_script::fix(&pack, cause);
//! assert!(checks.is_ascii() && steps.contains("rdp-key-inaccessible"));
//! # Ok::<(), rdpwhy_rules::PackError>(())
//! ```

mod channels;
mod collect;
mod diagnose;
mod fix;
mod quote;

pub use collect::collect;
pub use diagnose::diagnose;
pub use fix::fix;

/// What every script begins with, below its parameters.
const HEAD: &str = include_str!("head.ps1");
