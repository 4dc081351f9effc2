//! Bytes as a log file, all the way to the report.
#![no_main]

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_diagnose::diagnose;
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_report::TextOptions;
use rdpwhy_rules::{Pack, embedded};

static PACK: OnceLock<Pack> = OnceLock::new();
static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let path = log(bytes);
    let options = |recover| ReadOptions {
        threads: NonZeroUsize::new(1),
        recover,
        ..ReadOptions::default()
    };
    let (all, none) = (|_: &str, _: u32, _: &str| true, |_: &str, _: u32, _: &str| false);
    let Ok(reading) = read(&[path.clone()], &all, &options(true), &()) else { return };
    let Ok(quick) = read(&[path], &none, &options(false), &()) else { return };
    assert_eq!(quick.tally, reading.tally, "the quick look counts what a full reading counts");
    assert_eq!(quick.logs[0].spans, reading.logs[0].spans, "recovered records are in no span");
    // The rest takes a hundred times as long.
    if reading.events.is_empty() || !bytes.len().is_multiple_of(64) {
        return;
    }
    let pack = PACK.get_or_init(|| Pack::load(&embedded(), &[]).expect("our own rules are sound").0);
    let diagnosis = diagnose(&reading, pack, &rdpwhy_diagnose::Options::default());
    let text = rdpwhy_report::text(&diagnosis, &TextOptions::default());
    let json = rdpwhy_report::json(&diagnosis, &rdpwhy_report::JsonOptions { full: true, case: None });
    assert!(!text.chars().chain(json.chars()).any(|letter| letter.is_control() && letter != '\n'));
});

fn log(bytes: &[u8]) -> PathBuf {
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join("a.evtx");
    std::fs::write(&path, bytes).expect("the log is written");
    path
}
