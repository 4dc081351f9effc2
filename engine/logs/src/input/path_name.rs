//! What a path is called in reports.

use std::path::{Component, Path};

/// What Velociraptor puts before a drive that it reads past Windows: `\\.\`.
const DEVICE: &str = "%5C%5C.%5C";

/// The parts of a path as names to show.
pub(crate) fn parts(path: &Path) -> impl DoubleEndedIterator<Item = String> {
    path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(decoded(&part.to_string_lossy())),
        _ => None,
    })
}

/// The last `count` parts of a path, joined with `/`.
pub(crate) fn tail(path: &Path, count: usize) -> String {
    let mut last: Vec<String> = parts(path).rev().take(count).collect();
    last.reverse();
    last.join("/")
}

/// A path below a folder, with the folder's own name for the folder itself.
pub(crate) fn below(root: &Path, path: &Path) -> String {
    match path.strip_prefix(root).map(|rest| parts(rest).count()) {
        Ok(0) | Err(_) => tail(path, 1),
        Ok(count) => tail(path, count),
    }
}

/// A part of a path without the escapes that Velociraptor writes for characters that a file name must not have: `C%3A` is `C:`,
/// and `A-B%254Operational.evtx` is what Windows calls `A-B%4Operational.evtx`.
///
/// What would lead elsewhere, such as `%2F`, stays as it is.
pub(crate) fn decoded(part: &str) -> String {
    let is_device = part.get(..DEVICE.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(DEVICE));
    let rest = if is_device { &part[DEVICE.len()..] } else { part };
    // Last, as it was first when the name was written: what it leaves is no escape.
    rest.replace("%3A", ":").replace("%3a", ":").replace("%25", "%")
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_velociraptor_are_shown_as_windows_has_them() {
        let path =
            Path::new("uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/winevt/Logs/A-B%254Operational.evtx");
        assert_eq!(tail(path, 2), "Logs/A-B%4Operational.evtx");
        assert_eq!(tail(path, 6), "C:/Windows/System32/winevt/Logs/A-B%4Operational.evtx");
        for plain in ["A-B%4Operational.evtx", "A-B%4Admin.evtx", "100%.evtx", "%2F%2e%2e", "%253", "%5C"] {
            let shown = if plain == "%253" { "%3" } else { plain };
            assert_eq!(decoded(plain), shown);
        }
        assert_eq!(decoded("C%253A"), "C%3A");
    }
}
