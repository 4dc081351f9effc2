//! The rule files that count: of those of the same kind and name, the last one.

use std::collections::BTreeMap;

use rdpwhy_yaml::{Faults, Node, Reader};
use sha2::{Digest, Sha256};

use crate::embedded::Embedded;
use crate::file::RuleFile;
use crate::kind::Kind;

/// A rule file to load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    built_in: Option<&'static Embedded>,
}

impl<'a> From<&'a RuleFile> for Source<'a> {
    fn from(file: &'a RuleFile) -> Self {
        Source { path: &file.path, text: &file.text, built_in: None }
    }
}

impl From<&'static Embedded> for Source<'_> {
    fn from(file: &'static Embedded) -> Self {
        Source { path: file.path, text: file.text, built_in: Some(file) }
    }
}

impl<'a> Source<'a> {
    /// The documents of the file, read by the build or here.
    pub(crate) fn documents(self, faults: &Faults) -> Vec<Node> {
        self.built_in
            .and_then(Embedded::documents)
            .unwrap_or_else(|| rdpwhy_yaml::parse(self.path, self.text, faults))
    }

    /// A reader for the nodes of the file.
    pub(crate) fn reader(self, faults: &'a Faults) -> Reader<'a> {
        Reader::new(self.path, faults)
    }
}

/// The rule files that count, by kind and name.
pub(crate) struct Files<'a>(BTreeMap<(Kind, &'a str), Source<'a>>);

impl<'a> Files<'a> {
    /// Of files of the same kind and name the last one counts.
    pub(crate) fn new<'s: 'a>(sources: impl Iterator<Item = Source<'s>>) -> Self {
        let keyed = |file: Source<'s>| {
            let kind = Kind::of(file.path);
            ((kind, kind.name(file.path)), file)
        };
        Files(sources.map(keyed).collect())
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Kind, Source<'a>)> {
        self.0.iter().map(|((kind, _), file)| (*kind, *file))
    }

    /// Those of one kind, with their names.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = (&'a str, Source<'a>)> {
        self.0
            .range((kind, "")..)
            .take_while(move |((of, _), _)| *of == kind)
            .map(|((_, name), file)| (*name, *file))
    }

    /// The first 16 digits of the SHA-256 over kind, name and text of all files, in the order of kind and name.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for ((kind, name), file) in &self.0 {
            hash.update(format!("{kind:?}/{name}\n{}\n", file.text.len()));
            hash.update(file.text);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
