//! Forges tickets, diagnoses their logs and holds the diagnoses against what the tickets expect.
//!
//! [`judge`] does it for one ticket; [`Score`] sums up many: which cause was found how often, and whether a
//! probability of 80 % was right eight times out of ten.
//!
//! Use it to see what a change of a rule does to all tickets.
//!
//! # Example
//! ```
//! use rdpwhy_forge::Shapes;
//! use rdpwhy_rules::Pack;
//! use std::path::Path;
//!
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let ticket = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/key-inaccessible/ticket.yml"));
//! let judged = rdpwhy_proof::judge(ticket, &pack, &Shapes::embedded()?)?;
//! assert!(judged.complaints.is_empty(), "{:?}", judged.complaints);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod composed;
mod quality;
mod score;
mod ticket;

pub use composed::{Outcome, sweep};
pub use quality::{Bin, Calibration, Quality, page};
pub use score::{Band, CauseScore, Score};
pub use ticket::{
    Judged, ProofError, Said, forge_into, judge, judge_all, judge_logs, options, side_by_side, tickets,
};
