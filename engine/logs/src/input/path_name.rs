//! What a path is called in reports.

use std::path::{Component, Path};

pub(crate) fn parts(path: &Path) -> impl DoubleEndedIterator<Item = String> {
    path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
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

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
