//! The JSON report.

use crate::words::visible::is_hidden;
use rdpwhy_diagnose::Diagnosis;
use std::fmt::Write;

/// The diagnosis as indented JSON with a newline at its end, as `docs/report.schema.json` describes it.
///
/// Characters that are invisible or steer terminals are written as `\uXXXX`, which any JSON reader turns back.
pub fn json(diagnosis: &Diagnosis) -> String {
    let plain =
        serde_json::to_string_pretty(diagnosis).expect("a diagnosis has only string keys and plain values");
    safe(&plain) + "\n"
}

/// JSON in which whatever a reader would not see is written as `\uXXXX`.
pub(crate) fn safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 1);
    for letter in json.chars() {
        // Line feeds stand between values only: serde_json writes those within strings as `\n`.
        if letter != '\n' && is_hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("strings take all");
            }
        } else {
            safe.push(letter);
        }
    }
    safe
}
