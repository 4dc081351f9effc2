//! What Timesketch asks of every row of a timeline.

use super::row::{Kind, Row};
use jiff::fmt::temporal::DateTimePrinter;
use rdpwhy_event::FileTime;

/// The columns that it asks for, those by which its analyzers know records of Windows, and tags.
pub(crate) const COLUMNS: [&str; 5] = ["message", "datetime", "timestamp_desc", "data_type", "tag"];

/// Their values.
pub(crate) fn columns(row: &Row) -> [String; 5] {
    [
        row.text().to_owned(),
        datetime(row.time()),
        row.happened().unwrap_or_else(|| description(row.kind())).to_owned(),
        data_type(row).to_owned(),
        // Never empty: it would be read as the tag `nan`.
        row.tags().join(","),
    ]
}

/// What plaso, and the analyzers and Sigma rules that build on it, call a column of ours.
pub(crate) fn name(column: &'static str) -> &'static str {
    match column {
        "machine" => "computer_name",
        "provider" => "source_name",
        "event_id" => "event_identifier",
        "record_id" => "record_number",
        other => other,
    }
}

/// Columns of integers. A table in which a cell of theirs is empty would be read with `36870.0` in the others.
pub(crate) fn is_integer(column: &str) -> bool {
    matches!(column, "incident" | "count" | "event_id" | "record_id")
}

/// Records have the type that plaso gives them; what was made of several has its own.
fn data_type(row: &Row) -> &'static str {
    match row.kind() {
        Kind::Attempt => "rdpwhy:attempt",
        Kind::Coverage => "rdpwhy:coverage",
        Kind::Evidence | Kind::Notice | Kind::Change => "windows:evtx:record",
    }
}

/// With microseconds and an offset, as its importers read it.
fn datetime(time: FileTime) -> String {
    let Some(time) = time.to_timestamp() else { return time.to_string() };
    let microseconds = DateTimePrinter::new().precision(Some(6));
    microseconds.timestamp_to_string(&time).replace('Z', "+00:00")
}

fn description(kind: Kind) -> &'static str {
    match kind {
        Kind::Attempt => "Attempt Started",
        Kind::Coverage => "Log Coverage",
        Kind::Evidence | Kind::Notice | Kind::Change => "Event Logged",
    }
}
