//! Forges tickets, diagnoses their logs and holds the diagnoses against what the tickets expect.
//!
//! [`judge`] does it for one ticket; [`Score`] sums up many: which cause was found how often, and whether a
//! probability of 80 % was right eight times out of ten.

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
