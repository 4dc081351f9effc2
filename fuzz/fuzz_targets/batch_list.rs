//! One byte for the kind of list, then a list of cases: read, and every value is the list's own.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &str)| {
    let (is_csv, text) = input;
    let rows = if is_csv { rdpwhy_batch::csv_rows(text) } else { rdpwhy_batch::json_rows(text) };
    let lines = text.lines().count() as u64;
    let mut held = 0;
    for (line, row) in rows {
        assert!(line <= lines + 1, "line {line} of {lines}");
        match row {
            // The column of a cell is named once more in each row.
            Ok(row) => held += row.values().flatten().map(String::len).sum::<usize>(),
            Err(message) => assert!(!message.is_empty()),
        }
    }
    // A number may be written longer than it stands there: 1e20 becomes 100000000000000000000.
    assert!(held <= 400 * text.len() + 64, "{held} of {}", text.len());
});
