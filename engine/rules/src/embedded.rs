//! The rules built into the program, with the YAML that the build has read.

use std::borrow::Cow;

use rdpwhy_yaml::{Node, Scalar, Span, Value};

use crate::file::RuleFile;
use crate::kind::Kind;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A rule file built into the program.
#[derive(Debug)]
pub(crate) struct Embedded {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    /// Its documents, as [`rdpwhy_yaml::parse`] reads them; `None` where there was a fault to report.
    pub(crate) documents: Option<&'static [Node]>,
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

#[cfg(test)]
mod tests {
    use rdpwhy_yaml::{Faults, parse};

    use super::*;

    #[test]
    fn the_built_in_documents_are_those_of_the_texts() {
        for file in FILES {
            let faults = Faults::new();
            let documents = parse(file.path, file.text, &faults);
            assert!(faults.is_empty(), "{}", faults.render(false));
            assert_eq!(file.documents, Some(&*documents), "{}", file.path);
        }
    }
}
