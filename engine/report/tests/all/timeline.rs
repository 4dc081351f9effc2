//! Timelines, read as spreadsheets and Timesketch read them.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use rdpwhy_report::{csv, ecs_jsonl, jsonl, timesketch_csv};
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
    insta::assert_snapshot!("key_inaccessible_ecs", ecs_jsonl(&fixture::key_inaccessible(), None));
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
        for name in ["message", "datetime", "timestamp_desc", "data_type", "kind", "computer_name"] {
            assert!(object[name].is_string(), "{name} in {line}");
        }
        assert!(object["tag"].as_array().is_some_and(|tags| !tags.is_empty()), "{line}");
    }
}

/// Timesketch reads tables with pandas, which makes floating-point numbers of integers where a cell is empty, and the tag
/// `nan` of an empty one.
#[test]
fn integers_stay_integers_and_records_have_the_names_that_analyzers_know() {
    for (name, diagnosis) in fixture::all() {
        let (head, rows) = table(&timesketch_csv(&diagnosis, None));
        let column = |wanted: &str| head.iter().position(|column| column == wanted).unwrap();
        let records = rows.iter().filter(|row| row[column("data_type")] == "windows:evtx:record");
        for row in records {
            for full in ["computer_name", "source_name", "event_identifier", "record_number", "channel"] {
                assert!(!["", "0"].contains(&&*row[column(full)]), "{name}: {full} in {row:?}");
            }
        }
        for row in &rows {
            for integer in ["incident", "count", "event_identifier", "record_number"] {
                assert!(row[column(integer)].parse::<u64>().is_ok(), "{name}: {integer} in {row:?}");
            }
            assert!(row[column("tag")].starts_with("rdpwhy-"), "{name}: {row:?}");
        }
    }
}

#[test]
fn rows_have_the_names_of_the_elastic_common_schema() {
    for (name, diagnosis) in fixture::all() {
        let lines = ecs_jsonl(&diagnosis, Some("INC-4711"));
        assert_eq!(lines.lines().count(), csv_rows(&diagnosis), "{name}");
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let time: jiff::Timestamp = row["@timestamp"].as_str().unwrap().parse().unwrap();
            assert!(time.as_second() > 0 && row["message"].is_string() && row["labels.case"] == "INC-4711");
            let outcome = row["event.outcome"].as_str().unwrap_or("unknown");
            assert!(["success", "failure", "unknown"].contains(&outcome), "{name}: {line}");
            // Its codes and record numbers are words.
            assert!(!row["event.code"].is_number() && !row["winlog.record_id"].is_number(), "{name}: {line}");
        }
    }
}

fn csv_rows(diagnosis: &rdpwhy_diagnose::Diagnosis) -> usize {
    table(&csv(diagnosis, None)).1.len()
}

#[test]
fn the_number_of_the_ticket_is_in_every_row() {
    let diagnosis = fixture::key_inaccessible();
    let (head, rows) = table(&csv(&diagnosis, Some("=INC-4711")));
    assert_eq!(head.last().map(String::as_str), Some("case"));
    assert!(rows.iter().all(|row| row.last().is_some_and(|cell| cell == "'=INC-4711")));
    assert!(jsonl(&diagnosis, Some("INC-4711")).lines().all(|line| line.contains("\"case\": \"INC-4711\"")));
}
