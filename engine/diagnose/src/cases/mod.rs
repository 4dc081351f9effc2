//! What is to be explained: the failures that the ticket is about, gathered into incidents.

pub(crate) mod focus;
pub(crate) mod gather;
pub(crate) mod incident;
