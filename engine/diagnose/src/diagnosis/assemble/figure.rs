//! Times, probabilities and counts as reports have them.

use crate::diagnosis::result as view;
use rdpwhy_event::FileTime;
use rdpwhy_event::hash::HashMap;

/// At most so many values are listed in a count.
pub(super) const LISTED: usize = 20;
/// Probabilities and ratios are rounded to this many digits, so that every machine prints the same.
const DIGITS: f64 = 1e6;

/// The time of that moment.
pub(super) fn time(ticks: i64) -> FileTime {
    FileTime(u64::try_from(ticks).unwrap_or(0))
}

/// The number, rounded as reports have it.
pub(super) fn round(number: f64) -> f64 {
    // Six digits after the point for probabilities, six significant ones for large ratios.
    (number * DIGITS).round() / DIGITS
}

/// The first of the counts.
pub(super) fn counted(list: Vec<(String, usize)>) -> Vec<view::Counted> {
    list.into_iter().take(LISTED).map(|(value, count)| view::Counted { value, count }).collect()
}

/// Counts of a value over attempts, the most frequent first, then by name.
pub(super) fn frequent<'v>(values: impl Iterator<Item = &'v str>) -> Vec<(String, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::default();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    by_count(counts.into_iter().map(|(value, count)| (value.to_owned(), count)))
}

/// The most frequent first, then by name.
pub(super) fn by_count(counts: impl IntoIterator<Item = (String, usize)>) -> Vec<(String, usize)> {
    let mut list: Vec<(String, usize)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}
