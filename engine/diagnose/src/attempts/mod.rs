//! Connection attempts, rebuilt from both ends, and how each of them ended.

pub(crate) mod attempt;
pub(crate) mod pairing;
