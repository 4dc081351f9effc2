//! What the logs show about an incident: each finding is present, absent although it would be logged, or unknown.

pub(crate) mod answers;
mod arrivals;
mod candidates;
mod covered;
mod enough;
mod fact;
pub(crate) mod inquiry;
mod list;
mod look;
mod outlier;
mod own;
mod places;
mod questions;
pub(crate) mod scene;
pub(crate) mod seen;
pub(crate) mod spell;
pub(crate) mod stay;
mod votes;
mod watchers;
mod whole;
mod window;
pub(crate) mod witnesses;
