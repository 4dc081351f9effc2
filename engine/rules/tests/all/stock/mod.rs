//! Logs and rules that tests look at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use rdpwhy_event::{Event, Wants};
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::RuleFile;
use rdpwhy_testkit::files;

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
