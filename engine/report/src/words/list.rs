//! Lists in a sentence.

use super::figure::count;
use super::visible::{prose, value};
use rdpwhy_diagnose::diagnosis::Counted;

/// "a", "a and b", "a, b and c".
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `from 10.0.0.4`, or `3 addresses: 10.0.0.4 (8), 10.0.0.5 (4), …` with at most `told` of them.
pub(crate) fn counted(alone: &str, many: &str, list: &[Counted], all: usize, told: usize) -> Option<String> {
    let first = list.first()?;
    if all <= 1 {
        return Some(format!("{alone} {}", value(&first.value)));
    }
    let entry = |entry: &Counted| format!("{} ({})", value(&entry.value), count(entry.count as u64));
    let mut named: Vec<String> = list.iter().take(told).map(entry).collect();
    if all > named.len() {
        named.push("…".to_owned());
    }
    Some(format!("{} {many}: {}", count(all as u64), named.join(", ")))
}

/// What older records show, and how many of them.
pub(crate) fn telling(shown: &Counted) -> String {
    format!("{} ({})", prose(&shown.value), count(shown.count as u64))
}
