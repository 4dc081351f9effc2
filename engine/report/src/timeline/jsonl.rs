//! The timeline as JSON Lines.

use super::row::rows;
use super::timesketch;
use crate::json::safe;
use rdpwhy_diagnose::Diagnosis;
use serde_json::Value;

/// The timeline as JSON Lines: an object for each row, with the names that Timesketch asks for and those of the CSV
/// timeline; what a row does not know is left out.
///
/// Characters that are invisible or steer terminals are written as `\uXXXX`.
pub fn jsonl(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    let mut lines = String::new();
    for row in rows(diagnosis) {
        let named = timesketch::COLUMNS.into_iter().zip(timesketch::columns(&row).map(Value::from));
        let pairs: Vec<String> = named
            .chain(row.columns())
            .chain(case.map(|case| ("case", Value::from(case))))
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("{}: {value}", Value::from(name)))
            .collect();
        lines.push_str(&safe(&format!("{{{}}}", pairs.join(", "))));
        lines.push('\n');
    }
    lines
}
