//! Diagnoses of many cases: rows for programs, what failing cases share, and a page for people.
//!
//! [`rows`] turns the diagnosis of one case into [`Rows`]. [`shared`] compares the rows of all cases and says what those that
//! fail have in common and the others do not. [`index`] is one HTML page about all of them. All are pure functions: where the cases
//! come from and where the rows go is up to the caller. What can be compared is set in the rules (`case_facts` of the ladder).
//!
//! Use it for a folder of tickets or the logs of a fleet. The result does not depend on the order of the cases, and the same cases give
//! the same bytes. A case that could not be read has a row too ([`failed`]).
//!
//! # Example
//! ```
//! use rdpwhy_batch::{Source, failed, index, rows, shared};
//! use rdpwhy_diagnose::{Options, diagnose};
//! use rdpwhy_logs::{ReadOptions, Source as Log, read};
//! use rdpwhy_rules::Pack;
//!
//! let log = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
//!     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
//!     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
//!     <EventData><Data Name="ErrorCode">0x8009030D</Data></EventData></Event>"#;
//! let (pack, _warnings) = Pack::built_in(&[])?;
//! let reading = read(&[Log::bytes("System.xml", log.as_bytes())], &pack, &ReadOptions::default(), &())?;
//! let diagnosis = diagnose(&reading, &pack, &Options::default());
//! let first = rows(Source { case: "INC-1", diagnosis: &diagnosis, reading: &reading, pack: &pack }).case;
//! let second = failed("INC-2", "no log could be read").case;
//! let cases = [first, second];
//! let page = index(&cases, &shared(&cases, &pack), "1.0", &pack);
//! assert!(page.contains("2 cases") && page.contains("no log could be read"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod case;
mod chance;
mod error;
mod facts;
mod index;
mod layout;
mod list;
mod row;
mod rows;
mod schema;
mod several;
mod shared;

pub use case::{Case, hex, named_apart};
pub use error::one_line;
pub use index::index;
pub use layout::{Entry, is_one_case};
pub use list::{ListRow, csv_rows, json_rows};
pub use row::{AttemptRow, CaseRow, Fact, IncidentRow, Rows, SharedRow};
pub use rows::{Source, failed, rows};
pub use schema::schema;
pub use several::several_cases;
pub use shared::shared;
