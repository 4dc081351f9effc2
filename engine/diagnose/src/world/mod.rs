//! Who and when, before anything is judged: the machines and addresses, one clock, and what each log could have shown.

pub(crate) mod address;
pub(crate) mod clock;
pub(crate) mod coverage;
pub(crate) mod key;
pub(crate) mod roles;
pub(crate) mod timeline;
