//! The mark by which a report tells which rules it was made with.

use crate::kind::Kind;
use sha2::{Digest, Sha256};

/// The first 16 digits of the SHA-256 over kind, name and text of all rule files, in the order of kind and name.
pub(crate) fn fingerprint<'a>(files: impl Iterator<Item = (Kind, &'a str, &'a str)>) -> String {
    let mut hash = Sha256::new();
    for (kind, name, text) in files {
        hash.update(format!("{kind:?}/{name}\n{}\n", text.len()));
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
