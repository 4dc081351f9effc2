//! Rules as Windows PowerShell scripts.
//!
//! [`diagnose`] prints a script of live checks that only looks, [`collect`] one that packs the logs which the rules read,
//! [`fix`] one that goes through the steps of a cause. All that a script knows comes from the rules; this crate knows how
//! to put it into PowerShell 5.1: ASCII, lines that end with LF, text quoted, commands within script blocks.

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
