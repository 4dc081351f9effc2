//! Causes weighed by the evidence for them, incident by incident.

pub(crate) mod assumed;
pub(crate) mod calibrate;
pub(crate) mod cases;
mod effects;
pub(crate) mod family;
pub(crate) mod pointed_at;
pub(crate) mod rank;
pub(crate) mod ranked;
mod split;
pub(crate) mod unfinished;
pub(crate) mod weighed;
