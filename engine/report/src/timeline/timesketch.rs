//! What Timesketch asks of every row of a timeline.

use super::row::{Kind, Row};
use jiff::fmt::temporal::DateTimePrinter;
use rdpwhy_event::FileTime;

/// The columns that it asks for.
pub(crate) const COLUMNS: [&str; 3] = ["message", "datetime", "timestamp_desc"];

/// Their values.
pub(crate) fn columns(row: &Row) -> [String; 3] {
    [row.text().to_owned(), datetime(row.time()), description(row.kind()).to_owned()]
}

/// With microseconds and an offset, as its importers read it.
fn datetime(time: FileTime) -> String {
    let Some(time) = time.to_timestamp() else { return time.to_string() };
    let microseconds = DateTimePrinter::new().precision(Some(6));
    microseconds.timestamp_to_string(&time).replace('Z', "+00:00")
}

fn description(kind: Kind) -> &'static str {
    match kind {
        Kind::Attempt => "Connection Attempt Started",
        Kind::Coverage => "Log Coverage",
        Kind::Evidence | Kind::Notice | Kind::Change => "Event Logged",
    }
}
