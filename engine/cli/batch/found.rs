//! The cases in the folders given: each subfolder and each archive is one.

use super::case::Case;
use crate::arguments::Batch;
use crate::failure::Failure;
use crate::terminal;
use std::path::Path;

/// The cases of all paths, in no particular order.
///
/// # Errors
/// A path that does not exist or cannot be listed.
pub(crate) fn cases(asked: &Batch) -> Result<Vec<Case>, Failure> {
    let mut cases = Vec::new();
    for path in &asked.paths {
        let metadata = std::fs::metadata(path).map_err(|error| Failure::cannot_read(path, &error))?;
        if metadata.is_dir() {
            let loose = add_all(path, &mut cases)?;
            if loose > 0 && !asked.quiet {
                terminal::say(&format!(
                    "note: not part of any case, because it is not a subfolder or an archive: {loose} of the entries in `{}`",
                    terminal::name(path)
                ));
            }
        } else {
            cases.push(Case::new(name(path), String::new(), vec![path.clone()]));
        }
    }
    Ok(cases)
}

/// Adds the cases in a folder; hands back how many files are none. Hidden ones do not count.
fn add_all(folder: &Path, cases: &mut Vec<Case>) -> Result<usize, Failure> {
    let mut loose = 0;
    let cannot = |error| Failure::cannot_read(folder, &error);
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let path = entry.path();
        if name(&path).starts_with('.') {
            continue;
        }
        // Links are not followed, as in folders of logs: they can lead to what belongs to another case.
        let kind = entry.file_type().map_err(cannot)?;
        if kind.is_dir() || (kind.is_file() && rdpwhy_logs::has_archive_name(&name(&path))) {
            cases.push(Case::new(name(&path), name(folder), vec![path]));
        } else {
            loose += 1;
        }
    }
    Ok(loose)
}

/// The last part of a path; of `.` and `..`, of the folder that they lead to.
fn name(path: &Path) -> String {
    let whole = path.file_name().map(ToOwned::to_owned).or_else(|| {
        std::fs::canonicalize(path).ok().and_then(|path| path.file_name().map(ToOwned::to_owned))
    });
    whole.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
