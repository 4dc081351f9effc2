//! A diagnosis as text and JSON.
//!
//! A report shows what a [`Diagnosis`](rdpwhy_diagnose::Diagnosis) holds and adds no facts to it. [`text`] is for
//! people at a terminal, [`json`] for programs; both are pure functions. Logs can hold anything, so no character
//! of theirs reaches a report that could steer a terminal or hide other characters.

mod json;
mod text;
mod visible;

pub use json::json;
pub use text::{TextOptions, text};
