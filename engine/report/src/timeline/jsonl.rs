//! The timeline as JSON Lines.

use super::row::{Row, rows};
use super::{ecs, timesketch};
use crate::json::safe;
use rdpwhy_diagnose::Diagnosis;
use serde_json::Value;

/// The timeline as JSON Lines: an object for each row, with the names that Timesketch asks for and those that plaso gives
/// to records of Windows; what a row does not know is left out.
///
/// Characters that are invisible or steer terminals are written as `\uXXXX`.
pub fn jsonl(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    lines(diagnosis, |row| {
        let [message, datetime, description, data_type, _] = timesketch::columns(row).map(Value::from);
        let first = [message, datetime, description, data_type, row.tags().into()];
        let named = timesketch::COLUMNS.into_iter().zip(first);
        let rest = row.columns().into_iter().map(|(name, value)| (timesketch::name(name), value));
        named.chain(rest).chain(case.map(|case| ("case", Value::from(case)))).collect()
    })
}

/// The timeline as JSON Lines with the names of the Elastic Common Schema and of Winlogbeat, and the rest below
/// `rdpwhy.`; what a row does not know is left out.
///
/// Characters that are invisible or steer terminals are written as `\uXXXX`.
pub fn ecs_jsonl(diagnosis: &Diagnosis, case: Option<&str>) -> String {
    lines(diagnosis, |row| ecs::columns(row, case))
}

fn lines(diagnosis: &Diagnosis, columns: impl Fn(&Row) -> Vec<(&'static str, Value)>) -> String {
    let mut lines = String::new();
    for row in rows(diagnosis) {
        let known = columns(&row).into_iter().filter(|(_, value)| !value.is_null());
        let pairs: Vec<String> =
            known.map(|(name, value)| format!("{}: {value}", Value::from(name))).collect();
        lines.push_str(&safe(&format!("{{{}}}", pairs.join(", "))));
        lines.push('\n');
    }
    lines
}
