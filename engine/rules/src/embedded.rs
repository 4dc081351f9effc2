//! The rules built into the program, with what the build has worked out about them.

use crate::kind::Kind;
use crate::load::RuleFile;
use crate::stored;
use crate::yaml::Node;
use std::ops::Range;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A rule file built into the program.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) kind: Kind,
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    /// Where its documents stand in [`TREES`]; empty where they could not be read without a fault.
    tree: Range<usize>,
}

impl Embedded {
    /// The documents of the file, as [`crate::yaml::parse`] reads them; `None` where there was a fault to report.
    pub(crate) fn documents(&self) -> Option<Vec<Node>> {
        (!self.tree.is_empty()).then(|| stored::read(self.text, &TREES[self.tree.clone()]))
    }
}

/// All of them, by kind and name.
pub(crate) fn files() -> &'static [Embedded] {
    FILES
}

/// The fingerprint of exactly these rules.
pub(crate) const FINGERPRINT: &str = BUILT_FINGERPRINT;

/// The rules built into the program.
pub fn embedded() -> Vec<RuleFile> {
    FILES.iter().map(|file| RuleFile { path: file.path.to_owned(), text: file.text.to_owned() }).collect()
}
