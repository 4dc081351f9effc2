//! What is worked out once about a template, so that its instances are read without the XML between.

pub(crate) mod event_plan;
pub(crate) mod field_plan;
pub(crate) mod payload_plan;
pub(crate) mod sighting;
mod source;
pub(crate) mod system_plan;
