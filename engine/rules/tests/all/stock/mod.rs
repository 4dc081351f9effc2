//! Logs and rules that tests look at.

use std::path::{Path, PathBuf};

use rdpwhy_event::{Event, Wants};
use rdpwhy_forge::{Shapes, Ticket, forge};
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::RuleFile;
use tempfile::TempDir;

pub(crate) fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// All files below a folder whose names end so, by name.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().to_lowercase().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A folder with the logs of a ticket; what is wrong with the ticket where there are none.
pub(crate) fn forged(ticket: &Path, shapes: &Shapes) -> Result<TempDir, String> {
    let ticket = Ticket::load(ticket).map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().unwrap();
    for log in forge(&ticket, shapes).map_err(|error| error.to_string())? {
        let path = folder.path().join(&log.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &log.bytes).unwrap();
    }
    Ok(folder)
}

/// The wanted events of these logs.
pub(crate) fn events(inputs: &[PathBuf], wants: &dyn Wants) -> Vec<Event> {
    read(inputs, wants, &ReadOptions::default(), &()).unwrap_or_else(|error| panic!("{error}")).events
}

/// Everything is wanted.
pub(crate) fn everything(_: &str, _: u32, _: &str) -> bool {
    true
}

/// Sigma rules written elsewhere.
pub(crate) fn foreign() -> Vec<RuleFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign");
    let rule = |path: &PathBuf| RuleFile {
        path: format!("foreign/{}", path.file_name().unwrap().to_string_lossy()),
        text: std::fs::read_to_string(path).unwrap(),
    };
    files(&folder, ".yml").iter().map(rule).collect()
}
