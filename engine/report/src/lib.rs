//! A diagnosis as text, JSON, HTML and Mermaid.
//!
//! A report shows what a [`Diagnosis`](rdpwhy_diagnose::Diagnosis) holds and adds no facts to it. [`text`] is for
//! people at a terminal, [`html`] for a browser and for print, [`mermaid`] draws the way to the verdict, and [`json`] is
//! for programs; all are pure functions. Logs can hold anything, so no character
//! of theirs reaches a report that could steer a terminal or hide other characters.

mod attempt;
mod clock;
mod figure;
mod finding;
mod html;
mod incident;
mod json;
mod mermaid;
mod path;
mod place;
mod reason;
mod step;
mod text;
mod ticket;
mod visible;

pub use html::{HtmlOptions, html};
pub use json::json;
pub use mermaid::mermaid;
pub use text::{TextOptions, text};
