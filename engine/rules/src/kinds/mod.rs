//! The kinds of rules, each in one file: its type, its loader, its lint and the shape of its files.

pub(crate) mod cause;
pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod identities;
pub(crate) mod ladder;
pub(crate) mod logsources;
pub(crate) mod messages;
pub(crate) mod notice;
pub(crate) mod signal;
pub(crate) mod sources;
pub(crate) mod step;
