//! What a result depends on, as one key: while it stays the same, the case need not be diagnosed again.

use super::child;
use crate::arguments::Batch;
use rdpwhy_batch::{Case, hex};
use rdpwhy_rules::Pack;
use std::time::UNIX_EPOCH;

/// The key: a hash of the inputs (paths, sizes and times of change), the options, the version and the rules.
pub(crate) fn of(asked: &Batch, pack: &Pack, case: &Case) -> String {
    let mut parts: Vec<Vec<u8>> =
        vec![env!("CARGO_PKG_VERSION").into(), pack.fingerprint().into(), case.name.clone().into_bytes()];
    parts.extend(child::options(asked, case).into_iter().map(|option| option.into_encoded_bytes()));
    parts.extend(case.paths.iter().map(|path| path.as_os_str().as_encoded_bytes().to_vec()));
    for file in rdpwhy_logs::files_to_read(&case.paths) {
        let metadata = std::fs::metadata(&file).ok();
        let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_nanos());
        let size = metadata.map(|metadata| metadata.len());
        parts.push(file.into_os_string().into_encoded_bytes());
        parts.push(format!("{size:?} {changed:?}").into_bytes());
    }
    let mut all = Vec::new();
    for part in parts {
        // With its length, so that no part can be mistaken for the end of another.
        all.extend((part.len() as u64).to_le_bytes());
        all.extend(part);
    }
    hex(&all)
}
