//! A diagnosis as text, Markdown, JSON, HTML and Mermaid, and its timeline as CSV and JSON Lines.
//!
//! A report shows what a [`Diagnosis`](rdpwhy_diagnose::Diagnosis) contains and adds no facts to it. [`text`] is for
//! people at a terminal, [`markdown`] for ticket systems, [`html`] for a browser and for print, [`mermaid`] draws the way
//! to the verdict, and [`json`] is for programs; [`csv()`], [`timesketch_csv`], [`jsonl`] and [`ecs_jsonl`] are timelines. All are pure
//! functions. Logs can contain anything, so no character of theirs reaches a report that could steer a terminal or hide
//! other characters.
//!
//! Use it to show a diagnosis to people, or to hand it to other programs. A report is a `String` in UTF-8; making one never fails, and
//! the same diagnosis and options give the same bytes.
//!
//! # Example
//! ```
//! use rdpwhy_diagnose::{Options, diagnose};
//! use rdpwhy_logs::{ReadOptions, Source, read};
//! use rdpwhy_report::{JsonOptions, TextOptions, json, text};
//! use rdpwhy_rules::Pack;
//!
//! let log = r#"<Events><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
//!     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
//!     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
//!     <EventData><Data Name="Type">server</Data><Data Name="ErrorCode">0x8009030D</Data></EventData></Event></Events>"#;
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let reading = read(&[Source::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
//! let diagnosis = diagnose(&reading, &pack, &Options::default());
//!
//! let options = TextOptions { width: 100, brief: true, case: Some("INC-4711".into()), ..TextOptions::default() };
//! print!("{}", text(&diagnosis, &options));
//! let program = json(&diagnosis, &JsonOptions::default());
//! # assert!(program.contains("36870"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
