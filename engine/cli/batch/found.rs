//! The cases in the paths given.

use crate::arguments::Batch;
use crate::failure::Failure;
use crate::terminal;
use rdpwhy_batch::{Case, Entry, is_one_case};
use rdpwhy_rules::Pack;
use std::path::{Path, PathBuf};

/// What is in a folder of cases. Hidden entries do not count.
#[derive(Debug, Default)]
struct Contents {
    /// Subfolders and archives.
    whole: Vec<PathBuf>,
    /// Logs beside them.
    logs: usize,
    /// Everything else.
    others: usize,
}

/// The cases of all paths, in no particular order. Of several paths each is a case; one folder has its cases in it, unless it
/// is one itself.
///
/// # Errors
/// A path that does not exist or cannot be listed.
pub(crate) fn cases(asked: &Batch, pack: &Pack) -> Result<Vec<Case>, Failure> {
    for path in &asked.paths {
        std::fs::metadata(path).map_err(|error| Failure::cannot_read(path, &error))?;
    }
    let [only] = asked.paths.as_slice() else {
        return Ok(asked.paths.iter().map(|path| one(path)).collect());
    };
    if !only.is_dir() {
        return Ok(vec![one(only)]);
    }
    let contents = Contents::of(only)?;
    let say = |words: &str| {
        if !asked.common.quiet {
            terminal::say(words);
        }
    };
    if contents.is_one_case(pack) {
        say(&format!("note: `{}` is one case", terminal::name(only)));
        return Ok(vec![one(only)]);
    }
    if contents.logs + contents.others > 0 {
        say(&format!(
            "note: not part of any case, because it is not a subfolder or an archive: {} of the entries in `{}`",
            contents.logs + contents.others,
            terminal::name(only)
        ));
    }
    let parent = name(only);
    Ok(contents.whole.into_iter().map(|path| Case::new(name(&path), parent.clone(), vec![path])).collect())
}

/// The path as a case.
fn one(path: &Path) -> Case {
    let parent = path.parent().map(name).unwrap_or_default();
    Case::new(name(path), parent, vec![path.to_owned()])
}

impl Contents {
    fn of(folder: &Path) -> Result<Contents, Failure> {
        let mut contents = Contents::default();
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
                contents.whole.push(path);
            } else if kind.is_file() && rdpwhy_logs::looks_like_log(&path) {
                contents.logs += 1;
            } else {
                contents.others += 1;
            }
        }
        Ok(contents)
    }

    fn is_one_case(&self, pack: &Pack) -> bool {
        let names: Vec<String> = self.whole.iter().map(|path| name(path)).collect();
        let mut entries: Vec<Entry<'_>> = names.iter().map(|name| Entry::Whole(name)).collect();
        entries.extend((self.logs > 0).then_some(Entry::Log));
        is_one_case(&entries, pack)
    }
}

/// The last part of a path; of `.` and `..`, of the folder that they lead to.
fn name(path: &Path) -> String {
    let whole = path.file_name().map(ToOwned::to_owned).or_else(|| {
        std::fs::canonicalize(path).ok().and_then(|path| path.file_name().map(ToOwned::to_owned))
    });
    whole.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
