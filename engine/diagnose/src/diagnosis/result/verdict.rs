//! The answer in one word.

use std::fmt;

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A cause stands out.
    Diagnosed,
    /// There are failures and no cause stands out.
    Inconclusive,
    /// There are attempts and none failed.
    Healthy,
    /// The logs hold no attempt.
    NoEvidence,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Diagnosed => "diagnosed",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Healthy => "healthy",
            Verdict::NoEvidence => "no_evidence",
        })
    }
}
