//! Sources: the documents, public logs and reports that rules refer to.

use std::collections::BTreeMap;

use rdpwhy_yaml::{Fault, Node, Reader};

use crate::field::owned;
use crate::shape::{Name, Text, shape};

/// A document, a collection of logs or a report that rules refer to.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// Kebab-case ID by which rules refer to it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When, where that is known: a year, a month or a day.
    pub date: Option<String>,
    /// Its public address, or the page of this project's documentation that it is.
    pub url: Option<String>,
    /// What else the reader should know.
    pub note: Option<String>,
}

/// All sources, by ID.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Sources(BTreeMap<String, Source>);

impl Sources {
    /// The source that a reference names: `ID`, or `ID (where in it)`.
    #[must_use]
    pub fn find(&self, reference: &str) -> Option<&Source> {
        self.0.get(split(reference).0)
    }

    /// All of them, by ID.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.values()
    }

    /// A reference in words: publisher and title, and where in it. A reference that no source explains stays as it is.
    #[must_use]
    pub fn cite(&self, reference: &str) -> String {
        let (_, part) = split(reference);
        self.find(reference).map_or_else(
            || reference.to_owned(),
            |source| match part {
                Some(part) => format!("{} ({}; {part})", source.title, source.publisher),
                None => format!("{} ({})", source.title, source.publisher),
            },
        )
    }

    /// Adds the sources of a file, which replace those of the same ID.
    pub(crate) fn add(&mut self, root: &Node, reader: Reader<'_>) {
        let mut map = reader.map(root);
        let mut own: BTreeMap<String, Source> = BTreeMap::new();
        for node in map.list("sources") {
            let Some(source) = source(node, reader) else { continue };
            if own.contains_key(&source.id) {
                let fault =
                    Fault::error("sources::twice", format!("the source `{}` is listed twice", source.id));
                reader.report(node.span, fault.help("give each source an ID of its own"));
            }
            own.insert(source.id.clone(), source);
        }
        map.finish();
        self.0.extend(own);
    }
}

/// Whether a reference needs no source: it is an address itself.
pub(crate) fn is_address(reference: &str) -> bool {
    reference.starts_with("https://") || reference.starts_with("http://")
}

/// The ID of a reference, and the part of the source that is meant.
pub(crate) fn split(reference: &str) -> (&str, Option<&str>) {
    match reference.trim().split_once(" (") {
        Some((id, part)) => (id, Some(part.strip_suffix(')').unwrap_or(part))),
        None => (reference.trim(), None),
    }
}

fn source(node: &Node, reader: Reader<'_>) -> Option<Source> {
    let mut map = reader.map(node);
    let text = |text: Option<&str>| text.map(|text| text.trim().to_owned());
    let source = Source {
        id: owned(map.required_text("id")),
        title: owned(map.required_text("title")),
        publisher: owned(map.required_text("publisher")),
        date: text(map.text("date")),
        url: text(map.text("url")),
        note: text(map.text("note")),
    };
    map.finish();
    (!source.id.is_empty()).then_some(source)
}

shape! {
    /// The sources of the rules: rules/sources.yml.
    #[schemars(title = "Sources")]
    pub(crate) struct SourcesFile {
        sources: Vec<SourceShape>,
    }
}

shape! {
    /// A document, a collection of logs or a report.
    struct SourceShape {
        /// Kebab-case ID by which rules refer to it.
        id: Name,
        title: Text,
        /// Who published it.
        publisher: Text,
        /// When, where that is known: a year, a month or a day.
        date: Option<Text>,
        /// Its public address.
        url: Option<Text>,
        /// What else the reader should know.
        note: Option<Text>,
    }
}
