//! Lists of values out of logs.

use super::paper::code;
use crate::words::figure::count;
use crate::words::visible::value;
use rdpwhy_diagnose::diagnosis::Counted;

/// The values with their numbers, the most frequent first.
pub(super) fn counted(list: &[Counted], all: usize, told: usize) -> Option<String> {
    let mut named: Vec<String> = list
        .iter()
        .take(told)
        .map(|entry| format!("{} ({})", code(&value(&entry.value)), count(entry.count as u64)))
        .collect();
    if named.is_empty() {
        return None;
    }
    if all > named.len() {
        named.push(format!("… {all} in all"));
    }
    Some(named.join(", "))
}
