//! The page about all cases.
pub fn index() {}
