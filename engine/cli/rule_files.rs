//! The rule files of a folder.

use rdpwhy_rules::RuleFile;
use std::path::Path;

/// All `.yml` and `.yaml` files below the folder, by path; tickets may stand beside rules.
///
/// # Errors
/// What could not be read, and what to do about it.
pub(crate) fn read(folder: &Path) -> Result<Vec<RuleFile>, String> {
    let mut files = Vec::new();
    gather(folder, &mut files)?;
    if files.is_empty() {
        return Err(format!(
            "error: no rules in {}\n = help: --rules takes a folder that holds .yml files, such as causes/my-cause.yml",
            folder.display()
        ));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn gather(folder: &Path, files: &mut Vec<RuleFile>) -> Result<(), String> {
    let cannot =
        |path: &Path, error: std::io::Error| format!("error: cannot read {}: {error}", path.display());
    for entry in std::fs::read_dir(folder).map_err(|error| cannot(folder, error))? {
        let path = entry.map_err(|error| cannot(folder, error))?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == "ticket.yml") {
            continue;
        } else if path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml") {
            let text = std::fs::read_to_string(&path).map_err(|error| cannot(&path, error))?;
            files.push(RuleFile { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
    Ok(())
}
