//! A record in JSON or a table, as any of the known programs writes it.
#![no_main]

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::Pack;

static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
static PACK: OnceLock<Pack> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let pack = PACK.get_or_init(|| Pack::built_in(&[]).expect("the built-in rules are sound").0);
    let path = folder.path().join(if kind % 2 == 0 { "a.json" } else { "a.csv" });
    std::fs::write(&path, bytes).expect("the log is written");
    let none = |_: &str, _: u32, _: &str| false;
    let options = ReadOptions { threads: NonZeroUsize::new(1), ..ReadOptions::default() };
    let known = read(std::slice::from_ref(&path), pack, &options, &());
    let bare = read(std::slice::from_ref(&path), &none, &options, &());
    // Message texts name values; they neither add nor lose records.
    if let (Ok(known), Ok(bare)) = (known, bare) {
        let records = |reading: &rdpwhy_logs::Reading| reading.logs.iter().map(|log| log.records).sum::<u64>();
        assert_eq!(records(&known), records(&bare));
    }
});
