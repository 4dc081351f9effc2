//! One byte for the kind of archive, then its bytes.
#![no_main]

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_logs::{ArchiveLimits, ReadOptions, read};

static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();

const NAMES: [&str; 6] = ["a.zip", "a.7z", "a.tar", "a.tar.gz", "a.tar.zst", "a.evtx.gz"];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let path = folder.path().join(NAMES[usize::from(*kind) % NAMES.len()]);
    std::fs::write(&path, bytes).expect("the archive is written");
    let archive_limits = ArchiveLimits { bytes: 1 << 22, held: 1 << 22, ..ArchiveLimits::default() };
    let all = |_: &str, _: u32, _: &str| true;
    let read = |threads| {
        let options = ReadOptions { threads: NonZeroUsize::new(threads), archive_limits, ..ReadOptions::default() };
        read(std::slice::from_ref(&path), &all, &options, &()).ok()
    };
    let reading = read(1);
    if let Some(reading) = &reading {
        // Names out of an archive are labels: nothing in them is a path that leads somewhere.
        assert!(reading.logs.iter().all(|log| !log.name.split('/').any(|part| part == "..")));
    }
    if bytes.len() % 16 == 0 {
        assert_eq!(reading, read(2), "the number of threads changes nothing");
    }
});
