//! The edge: typed values as reports write them.

use serde::{Serialize, Serializer};
use std::fmt::Display;

/// Writes a value that has a word in rules as that word.
pub(super) fn word<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Values that reports write as they are displayed.
macro_rules! written_as_displayed {
    ($($name:ty),+) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

written_as_displayed!(
    super::attempt::Aborted,
    super::attempt::Outcome,
    super::attempt::SeenFrom,
    super::code::Code,
    super::evidence::EvidenceId,
    super::evidence::State,
    super::verdict::Verdict,
    super::warning::Warning
);
