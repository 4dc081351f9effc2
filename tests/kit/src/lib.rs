//! What tests of several crates share: the tickets under `samples/`, their logs, and the folder of real logs.
//!
//! Everything here panics where it cannot go on: a test says by panicking what is wrong.

mod store;

use std::path::{Path, PathBuf};

pub use store::forged;

/// Names the folder with logs that Windows wrote, and that are no part of the project.
const REAL_LOGS: &str = "RDPWHY_REAL_LOGS";

/// The folder of the checkout.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// All files below a folder whose names end so, whatever the case, by path.
///
/// # Panics
/// Where the folder cannot be read.
#[must_use]
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.expect("an entry of a folder can be read").path()) {
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

/// All tickets under `samples/`, by path.
#[must_use]
pub fn tickets() -> Vec<PathBuf> {
    let found = files(&workspace().join("samples"), "ticket.yml");
    assert!(found.len() > 200, "the samples are missing");
    found
}

/// A few tickets of each kind, for tests that have to be quick; all of them have their turn among the long tests.
#[must_use]
pub fn some_tickets() -> Vec<PathBuf> {
    tickets().into_iter().step_by(9).collect()
}

/// The folder of real logs.
///
/// Tests that need it are ignored unless they are asked for, so that nobody takes what did not run for a success.
///
/// # Panics
/// Where the environment names no folder.
#[must_use]
pub fn real_logs() -> PathBuf {
    let folder = std::env::var_os(REAL_LOGS).map_or_else(
        || panic!("this test reads real logs: {REAL_LOGS}=DIR names their folder"),
        PathBuf::from,
    );
    assert!(folder.is_dir(), "{REAL_LOGS} is {}, which is no folder", folder.display());
    folder
}
