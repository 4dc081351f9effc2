//! Diagnoses of many cases: rows for programs, what failing cases share, and a page for people.
//!
//! [`rows`] turns the diagnosis of one case into [`Rows`]. [`shared`] compares the rows of all cases and says what those that
//! fail have in common and the others do not. [`index`] is one HTML page about all of them. All are pure functions: where the cases
//! come from and where the rows go is up to the caller. What can be compared is set in the rules (`case_facts` of the ladder).

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
