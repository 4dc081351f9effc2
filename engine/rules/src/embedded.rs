//! The rules built into the program, with the YAML that the build has read, and what it has compiled of it.

use std::ops::Range;

use rdpwhy_yaml::Node;

use crate::file::RuleFile;
use crate::kind::Kind;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A rule file built into the program.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    /// Where its documents are in [`TREES`]; empty where they could not be read without a fault.
    tree: Range<usize>,
}

impl Embedded {
    /// The documents of the file, as [`rdpwhy_yaml::parse`] reads them; `None` where there was a fault to report.
    pub(crate) fn documents(&self) -> Option<Vec<Node>> {
        let tree = &TREES[self.tree.clone()];
        (!tree.is_empty()).then(|| postcard::from_bytes(tree).expect("the build wrote these documents"))
    }
}

/// What the build has compiled of these rules alone; empty where they have a fault to report.
pub(crate) fn compiled() -> &'static [u8] {
    COMPILED
}

/// All of them, by path.
pub(crate) fn files() -> &'static [Embedded] {
    FILES
}

/// The rules built into the program, by kind and name.
pub fn embedded() -> Vec<RuleFile> {
    let mut files: Vec<&Embedded> = FILES.iter().collect();
    files.sort_by_key(|file| (Kind::of(file.path), file.path));
    files.iter().map(|file| RuleFile { path: file.path.to_owned(), text: file.text.to_owned() }).collect()
}
