//! Causes weighed by the evidence for them.

pub(crate) mod rank;
