//! Events of forged and of real logs.

use std::path::{Path, PathBuf};

use rdpwhy_forge::{Shapes, Ticket, forge};
use rdpwhy_logs::{Event, ReadOptions, read};

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn events(inputs: &[PathBuf]) -> Vec<Event> {
    let all = |_: &str, _: u32, _: &str| true;
    read(inputs, &all, &ReadOptions::default(), &()).unwrap_or_else(|error| panic!("{error}")).events
}

/// All files below a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// All events of the tickets under samples/, each with its ticket.
pub(crate) fn of_samples() -> Vec<(String, Event)> {
    let shapes = Shapes::embedded().unwrap();
    let is_ticket = |path: &PathBuf| path.file_name().is_some_and(|name| name == "ticket.yml");
    let mut found = Vec::new();
    for path in files(&workspace().join("samples")).into_iter().filter(is_ticket) {
        let folder = tempfile::tempdir().unwrap();
        let ticket = Ticket::load(&path).unwrap_or_else(|error| panic!("{error}"));
        for log in forge(&ticket, &shapes).unwrap_or_else(|error| panic!("{error}")) {
            let path = folder.path().join(&log.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &log.bytes).unwrap();
        }
        let origin = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        found.extend(events(&[folder.path().to_owned()]).into_iter().map(|event| (origin.clone(), event)));
    }
    found
}

/// The events of all real Remote Desktop logs and of every tenth other one; `None` where there are no real logs.
pub(crate) fn real() -> Option<Vec<Event>> {
    let data = workspace().join("../shared/data");
    if !data.is_dir() {
        return None;
    }
    let mut inputs = files(&data.join("rdp"));
    inputs.extend(files(&data.join("other")).into_iter().step_by(10));
    inputs.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("evtx")));
    Some(events(&inputs))
}
