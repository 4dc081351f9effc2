//! A diagnosis as text, Markdown, JSON, HTML and Mermaid, and its timeline as CSV and JSON Lines.
//!
//! A report shows what a [`Diagnosis`](rdpwhy_diagnose::Diagnosis) holds and adds no facts to it. [`text`] is for
//! people at a terminal, [`markdown`] for ticket systems, [`html`] for a browser and for print, [`mermaid`] draws the way
//! to the verdict, and [`json`] is for programs; [`csv()`], [`timesketch_csv`], [`jsonl`] and [`ecs_jsonl`] are timelines. All are pure
//! functions. Logs can hold anything, so no character of theirs reaches a report that could steer a terminal or hide
//! other characters.

mod html;
mod json;
mod markdown;
mod mermaid;
mod outline;
mod path;
mod text;
mod timeline;
mod words;

pub use html::{HtmlOptions, html, html_head};
pub use json::{JsonOptions, json, safe as safe_json};
pub use markdown::{MarkdownOptions, markdown};
pub use mermaid::mermaid;
pub use text::{TextOptions, text};
pub use timeline::{csv, ecs_jsonl, jsonl, timesketch_csv};
pub use words::lines::{WideWords, filled};
pub use words::step::{CostWords, cost_words, helps_on_page};
pub use words::summary::summary_text as summary;
pub use words::visible::visible;
