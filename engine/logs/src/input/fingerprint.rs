//! The SHA-256 of a file.

use sha2::{Digest, Sha256};

/// A file's SHA-256, computed as its bytes are read.
#[derive(Default)]
pub(crate) struct Fingerprint {
    sha256: Sha256,
}

impl Fingerprint {
    /// Takes the next bytes of the file.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
    }

    /// The hash as lower-case hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        self.sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
