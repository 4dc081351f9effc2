//! A text as people paste it.
#![no_main]

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rdpwhy_logs::{ReadOptions, read};
use rdpwhy_rules::Pack;

static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
static PACK: OnceLock<Pack> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let pack = PACK.get_or_init(|| Pack::built_in(&[]).expect("the built-in rules are sound").0);
    let path = folder.path().join("a.txt");
    std::fs::write(&path, bytes).expect("the text is written");
    let options = ReadOptions { threads: NonZeroUsize::new(1), ..ReadOptions::default() };
    let Ok(reading) = read(std::slice::from_ref(&path), pack, &options, &()) else { return };
    assert!(reading.events.len() as u64 <= reading.logs.iter().map(|log| log.records).sum());
    // What is taken out of a text is no longer than the text, but for names that are written out.
    let values: usize = reading.events.iter().flat_map(|event| event.fields.iter()).map(|field| field.value.len()).sum();
    assert!(values <= 8 * bytes.len() + 4096);
});
