//! One byte for the form, then a log exported as text.
#![no_main]

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_logs::{ReadOptions, read};

static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();

const NAMES: [&str; 3] = ["a.xml", "a.json", "a.jsonl"];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join(NAMES[usize::from(*kind) % NAMES.len()]);
    std::fs::write(&path, bytes).expect("the log is written");
    let (all, none) = (|_: &str, _: u32, _: &str| true, |_: &str, _: u32, _: &str| false);
    let options = ReadOptions { threads: NonZeroUsize::new(1), ..ReadOptions::default() };
    let Ok(reading) = read(std::slice::from_ref(&path), &all, &options, &()) else { return };
    let Ok(quick) = read(std::slice::from_ref(&path), &none, &options, &()) else { return };
    assert_eq!(reading.tally, quick.tally, "what nobody wants is counted all the same");
    assert!(reading.events.len() as u64 <= reading.logs.iter().map(|log| log.records).sum());
});
