//! Times as the page shows them.

/// A time of a row to the minute; such times sort as text.
pub(super) fn time(text: Option<&str>) -> String {
    text.map(|text| text.replace('T', " ").chars().take(16).collect()).unwrap_or_default()
}
