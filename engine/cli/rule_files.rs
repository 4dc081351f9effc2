//! The rule files of a folder.

use crate::failure::Failure;
use crate::terminal;
use rdpwhy_rules::RuleFile;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A rule file has at most this many bytes: no rule is nearly as long.
const LONGEST: u64 = 16 << 20;

/// All `.yml` and `.yaml` files below the folder, by path; tickets may be beside rules.
///
/// # Errors
/// What could not be read, and what to do about it.
pub(crate) fn read(folder: &Path) -> Result<Vec<RuleFile>, Failure> {
    let mut files = Vec::new();
    for path in find(folder)? {
        files.push(RuleFile { path: path.to_string_lossy().replace('\\', "/"), text: text(&path)? });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The paths of the rule files below the folder.
///
/// # Errors
/// The folder is not one, cannot be read, or has no rules.
pub(crate) fn find(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    const EXPECTED: &str = "name a folder with .yml files in it, such as causes/my-cause.yml";
    let metadata =
        fs::metadata(folder).map_err(|error| Failure::cannot_read(folder, &error).help(EXPECTED))?;
    let shown = terminal::name(folder);
    if !metadata.is_dir() {
        return Err(
            Failure::new(format!("rules are read from a folder, and `{shown}` is not one")).help(EXPECTED)
        );
    }
    let mut paths = Vec::new();
    gather(folder, &mut paths)?;
    if paths.is_empty() {
        return Err(Failure::new(format!("no rules in `{shown}`")).help(EXPECTED));
    }
    Ok(paths)
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(|error| Failure::cannot_read(folder, &error))? {
        let path = entry.map_err(|error| Failure::cannot_read(folder, &error))?.path();
        let is_rule = path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        if path.is_dir() && path.is_symlink() {
            let message = format!("`{}` is a link to a folder, which is not followed", terminal::name(&path));
            return Err(Failure::new(message).help("put the rules themselves into the folder"));
        } else if path.is_dir() {
            gather(&path, paths)?;
        } else if is_rule && path.file_name().is_some_and(|name| name != "ticket.yml") {
            paths.push(path);
        }
    }
    Ok(())
}

/// The text of a rule file. Pipes and devices are refused before they are opened: they may never end.
fn text(path: &Path) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| Failure::cannot_read(path, &error);
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(Failure::new(format!("`{}` is not a regular file", terminal::name(path)))
            .help("rules are .yml files; remove pipes, devices and links to them from the folder"));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::new(format!(
            "`{}` is larger than {} MiB, the limit for a rule file",
            terminal::name(path),
            LONGEST >> 20
        )));
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(format!("`{}` is not UTF-8 text", terminal::name(path))).help("save it as UTF-8")
    })
}
