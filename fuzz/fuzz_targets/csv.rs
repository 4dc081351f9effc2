//! Any text in the fields of records: timelines have the same rows and columns, and no cell is a formula.
#![no_main]

#[path = "shared/hostile.rs"]
mod hostile;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

/// Rows and columns of both tables, and lines of the third.
static TAME: OnceLock<Vec<(usize, usize)>> = OnceLock::new();

fuzz_target!(|text: &str| {
    let tame = TAME.get_or_init(|| sizes("anna"));
    assert_eq!(&sizes(text), tame, "{text:?}");
});

fn sizes(text: &str) -> Vec<(usize, usize)> {
    let diagnosis = hostile::diagnosis(text);
    let tables = [rdpwhy_report::csv, rdpwhy_report::timesketch_csv];
    let mut sizes: Vec<(usize, usize)> = tables.iter().map(|table| size(&table(&diagnosis, Some(text)))).collect();
    let lines = rdpwhy_report::jsonl(&diagnosis, Some(text));
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        assert!(row.is_object());
    }
    sizes.push((lines.lines().count(), 0));
    sizes
}

fn size(table: &str) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let mut size = (0, 0);
    for row in reader.records() {
        let row = row.expect("all rows have as many cells");
        size = (size.0 + 1, row.len());
        for cell in &row {
            let begins = cell.trim_start().trim_start_matches('"').chars().next();
            let is_formula = begins.is_some_and(|letter| "=+-@\t\r%＝＋－＠".contains(letter));
            assert!(!is_formula && !cell.contains(|letter: char| letter.is_control()), "{cell:?}");
        }
    }
    size
}
