//! A chunk to what it contains: events, counts, spans, damage, and old records in its free space.

pub(crate) mod carver;
mod findings;
pub(crate) mod place;
pub(crate) mod reading;
mod slack;
