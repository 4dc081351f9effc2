//! What the logs show about an incident: each finding is present, absent although it would be logged, or unknown.

pub(crate) mod candidates;
pub(crate) mod fact;
pub(crate) mod outlier;
pub(crate) mod scene;
