//! Connection attempts, rebuilt from both ends, and how each of them ended.

pub(crate) mod attempt;
mod attributes;
pub(crate) mod belief;
pub(crate) mod conflict;
pub(crate) mod group;
pub(crate) mod hosts;
pub(crate) mod implied;
pub(crate) mod keys;
pub(crate) mod merge;
mod noise;
pub(crate) mod offset;
pub(crate) mod outcome;
pub(crate) mod pairing;
mod progress;
mod ties;
