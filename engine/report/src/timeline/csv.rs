//! Timelines as CSV, for spreadsheets and for Timesketch.

use super::row::{Row, column_names, rows};
use super::timesketch;
use crate::words::visible::visible;
use rdpwhy_diagnose::Diagnosis;
use serde_json::Value;

/// The timeline as CSV: UTF-8, comma, every cell in quotes, lines end with CR LF (RFC 4180), one head line.
///
/// Columns are `time`, `text`, and those that docs/options.md lists, with `case` as the last if one is named. Signs with
/// which a spreadsheet would begin a formula get an apostrophe before them.
pub fn csv(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    let table = Table {
        head: vec!["time", "text"],
        first: |row| vec![row.time().to_string(), row.text().to_owned()],
        name: |column| column,
        none: |_| "",
    };
    table.write(diagnosis, case)
}

/// The timeline as CSV with the columns that Timesketch asks for, `message`, `datetime` and `timestamp_desc`, its tags, and
/// the names that plaso gives to records of Windows. Columns of integers have `0` where there is none, so that they are
/// read as integers.
pub fn timesketch_csv(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    let table = Table {
        head: timesketch::COLUMNS.to_vec(),
        first: |row| timesketch::columns(row).to_vec(),
        name: timesketch::name,
        none: |column| if timesketch::is_integer(column) { "0" } else { "" },
    };
    table.write(diagnosis, case)
}

/// How a table differs from the other.
struct Table {
    /// Names of its first columns …
    head: Vec<&'static str>,
    /// … and their values.
    first: fn(&Row) -> Vec<String>,
    /// What it calls the other columns.
    name: fn(&'static str) -> &'static str,
    /// What a cell has that has no value.
    none: fn(&str) -> &'static str,
}

impl Table {
    fn write(&self, diagnosis: &Diagnosis, case: Option<&str>) -> String {
        let mut writer = ::csv::WriterBuilder::new()
            .quote_style(::csv::QuoteStyle::Always)
            .terminator(::csv::Terminator::CRLF)
            .from_writer(Vec::new());
        let written = "a vector takes all that is written to it";
        let names = column_names().map(self.name);
        let last = case.map(|_| "case");
        writer.write_record(self.head.iter().copied().chain(names).chain(last)).expect(written);
        for row in rows(diagnosis) {
            let rest = row.columns().into_iter().map(|(name, value)| match plain(&value) {
                text if text.is_empty() => (self.none)(name).to_owned(),
                text => text,
            });
            let cells = (self.first)(&row).into_iter().chain(rest).chain(case.map(str::to_owned));
            writer.write_record(cells.map(|cell| defused(&cell))).expect(written);
        }
        String::from_utf8(writer.into_inner().expect(written)).expect("strings are UTF-8")
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The cell with an apostrophe before every sign with which a spreadsheet would begin a formula.
///
/// A cell may be split where the reader's locale has another separator, and quotes may be taken off, so such a sign
/// counts not only at the start but also behind separators and quotes.
fn defused(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len());
    let mut at_start = true;
    for letter in visible(cell).chars() {
        if at_start && begins_formula(letter) {
            safe.push('\'');
        }
        at_start = match letter {
            ',' | ';' | '|' | '"' | '\'' => true,
            ' ' | '\u{3000}' => at_start,
            _ => false,
        };
        safe.push(letter);
    }
    safe
}

/// The signs themselves and their full-width forms; tabs and line ends are written out before.
fn begins_formula(letter: char) -> bool {
    matches!(
        letter,
        '=' | '+' | '-' | '@' | '%' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{2212}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for (cell, safe) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("  +1", "  '+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\"=1", "\"'=1"),
            ("x;=1", "x;'=1"),
            ("\t=1", "\\t=1"),
            ("\r=1", "\\r=1"),
            ("＝1＋1", "'＝1＋1"),
            ("a=b, c-d", "a=b, c-d"),
            ("2026-03-09T07:58:00Z", "2026-03-09T07:58:00Z"),
        ] {
            assert_eq!(defused(cell), safe);
        }
    }
}
