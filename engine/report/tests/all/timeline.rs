//! Timelines, read as spreadsheets and Timesketch read them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use rdpwhy_report::{csv, jsonl, timesketch_csv};
use serde_json::Value;

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (head, rows)
}

#[test]
fn timelines_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(format!("{name}_csv"), csv(&diagnosis, None).replace('\r', ""));
    }
    insta::assert_snapshot!(
        "key_inaccessible_timesketch",
        timesketch_csv(&fixture::key_inaccessible(), None).replace('\r', "")
    );
    insta::assert_snapshot!("key_inaccessible_jsonl", jsonl(&fixture::key_inaccessible(), None));
}

#[test]
fn rows_stand_in_the_order_of_time_and_are_all_there() {
    for (name, diagnosis) in fixture::all() {
        let (head, rows) = table(&csv(&diagnosis, None));
        assert_eq!(head[..3], ["time", "text", "kind"], "{name}");
        assert!(rows.windows(2).all(|pair| pair[0][0] <= pair[1][0]), "{name}");
        let of = |kind: &str| rows.iter().filter(|row| row[2] == kind).count();
        assert_eq!(of("attempt"), diagnosis.attempts.len(), "{name}");
        let notices: usize = diagnosis.notices.iter().map(|notice| notice.records.len()).sum();
        assert_eq!(of("notice"), notices, "{name}");
        let ends = diagnosis.coverage.iter().flat_map(|row| [&row.first, &row.last]);
        assert_eq!(of("coverage"), ends.flatten().count(), "{name}");
        assert_eq!(jsonl(&diagnosis, None).lines().count(), rows.len(), "{name}");
    }
}

#[test]
fn no_cell_of_a_hostile_ticket_runs() {
    let mut diagnosis = fixture::hostile();
    diagnosis.attempts[0].user = Some("=HYPERLINK(\"http://evil.example\";\"x\")".to_owned());
    diagnosis.attempts[0].source = Some("\u{ff1d}1+1".to_owned());
    for text in [csv(&diagnosis, None), timesketch_csv(&diagnosis, None)] {
        let (_, rows) = table(&text);
        for cell in rows.iter().flatten() {
            let first = cell.trim_start_matches([' ', '"']).chars().next();
            assert!(!first.is_some_and(|c| "=+-@\t\r\u{ff1d}".contains(c)), "{cell}");
            assert!(!cell.contains(['\r', '\n', '\u{1b}', '\u{202e}']), "{cell}");
        }
        assert!(rows.iter().flatten().any(|cell| cell.starts_with("'=HYPERLINK")));
    }
}

#[test]
fn timesketch_finds_its_columns() {
    let diagnosis = fixture::key_inaccessible();
    let (head, rows) = table(&timesketch_csv(&diagnosis, None));
    assert_eq!(head[..3], ["message", "datetime", "timestamp_desc"]);
    for row in &rows {
        let time: jiff::Timestamp = row[1].parse().unwrap();
        assert!(
            row[1].ends_with("+00:00") && row[1].len() == "2026-03-09T07:58:31.201000+00:00".len(),
            "{time}"
        );
    }
    for line in jsonl(&diagnosis, None).lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        for name in ["message", "datetime", "timestamp_desc", "kind", "machine"] {
            assert!(object[name].is_string(), "{name} in {line}");
        }
    }
}

#[test]
fn the_number_of_the_ticket_is_in_every_row() {
    let diagnosis = fixture::key_inaccessible();
    let (head, rows) = table(&csv(&diagnosis, Some("=INC-4711")));
    assert_eq!(head.last().map(String::as_str), Some("case"));
    assert!(rows.iter().all(|row| row.last().is_some_and(|cell| cell == "'=INC-4711")));
    assert!(jsonl(&diagnosis, Some("INC-4711")).lines().all(|line| line.contains("\"case\": \"INC-4711\"")));
}
