//! What Timesketch asks of every row of a timeline.

use super::row::Row;
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

/// The columns that it asks for.
pub(crate) const COLUMNS: [&str; 3] = ["message", "datetime", "timestamp_desc"];

/// Their values.
pub(crate) fn columns(row: &Row) -> [String; 3] {
    [row.text().to_owned(), datetime(row.time()), description(row.kind()).to_owned()]
}

/// With microseconds and an offset, as its importers read it.
fn datetime(time: &str) -> String {
    let Ok(time) = time.parse::<Timestamp>() else { return time.to_owned() };
    let microseconds = DateTimePrinter::new().precision(Some(6));
    microseconds.timestamp_to_string(&time).replace('Z', "+00:00")
}

fn description(kind: &str) -> &'static str {
    match kind {
        "attempt" => "Connection Attempt Started",
        "coverage" => "Log Coverage",
        _ => "Event Logged",
    }
}
