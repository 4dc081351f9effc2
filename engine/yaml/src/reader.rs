//! Nodes read as what they must be, with a fault where they are not.

use crate::fault::{Fault, Level};
use crate::faults::Faults;
use crate::node::Node;
use crate::span::Span;
use crate::spelling::offer;

/// Reads nodes of one file as what they must be, and reports where they are not.
///
/// Cheap to copy; hand it on to the readers of nested nodes.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The file's name, for the faults.
    pub file: &'a str,
    /// Where faults go.
    pub faults: &'a Faults,
}

impl<'a> Reader<'a> {
    /// A reader for the nodes of `file`.
    #[must_use]
    pub fn new(file: &'a str, faults: &'a Faults) -> Self {
        Reader { file, faults }
    }

    /// Reports `fault` at a place of this file.
    pub fn report(&self, span: Span, fault: Fault) {
        self.faults.push(fault.file(self.file).span(span));
    }

    /// Reports that `node` is not what `what` names ("a text", "a list of texts").
    pub fn wrong_kind(&self, node: &Node, what: &str) {
        let fault = Fault::error("rule::wrong-kind", format!("{what} must stand here"));
        self.report(node.span, fault.label(format!("this is {}", node.kind())));
    }

    /// A scalar's text; numbers and truth values as written.
    #[must_use]
    pub fn text<'n>(&self, node: &'n Node) -> Option<&'n str> {
        node.as_text().or_else(|| self.refuse(node, "a text"))
    }

    /// A scalar, or a list of scalars.
    #[must_use]
    pub fn texts<'n>(&self, node: &'n Node) -> Vec<&'n str> {
        node.one_or_many().iter().filter_map(|node| self.text(node)).collect()
    }

    /// A number.
    #[must_use]
    pub fn number(&self, node: &Node) -> Option<f64> {
        node.as_f64().or_else(|| self.refuse(node, "a number"))
    }

    /// A whole number, decimal or `0x` hexadecimal.
    #[must_use]
    pub fn integer(&self, node: &Node) -> Option<i64> {
        node.as_i64().or_else(|| self.refuse(node, "a whole number"))
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(&self, node: &Node) -> Option<bool> {
        node.as_bool().or_else(|| self.refuse(node, "`true` or `false`"))
    }

    /// One of the legal texts, as the value beside it.
    #[must_use]
    pub fn choice<T: Clone>(&self, node: &Node, legal: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        if let Some((_, value)) = legal.iter().find(|(name, _)| *name == text) {
            return Some(value.clone());
        }
        let names: Vec<&str> = legal.iter().map(|(name, _)| *name).collect();
        let fault = Fault::error("rule::unknown-value", format!("`{text}` is not one of the legal values"));
        self.report(node.span, fault.label("not known").help(offer(text, &names)));
        None
    }

    /// The entries of a map, through a [`MapReader`].
    #[must_use]
    pub fn map(self, node: &'a Node) -> MapReader<'a> {
        MapReader::new(node, self.faults, self.file)
    }

    fn refuse<T>(&self, node: &Node, what: &str) -> Option<T> {
        self.wrong_kind(node, what);
        None
    }
}

/// Keys that are asked for in nearly every map, at most.
const USUAL_KEYS: usize = 24;

/// Reads the keys of a map: asked-for keys are the legal ones, all others are reported by [`MapReader::finish`].
///
/// A key without a value (null) counts as absent. A node that is no map is reported once and then has no keys.
#[derive(Debug)]
pub struct MapReader<'a> {
    reader: Reader<'a>,
    node: &'a Node,
    entries: &'a [(Node, Node)],
    is_map: bool,
    legal: Vec<&'static str>,
}

impl<'a> MapReader<'a> {
    /// A reader over `node`, which must be a map.
    #[must_use]
    pub fn new(node: &'a Node, faults: &'a Faults, file: &'a str) -> Self {
        let reader = Reader::new(file, faults);
        if node.as_map().is_none() {
            reader.wrong_kind(node, "a map");
        }
        let entries = node.as_map().unwrap_or(&[]);
        let legal = Vec::with_capacity(USUAL_KEYS);
        MapReader { reader, node, entries, is_map: node.as_map().is_some(), legal }
    }

    /// The reader for nested nodes.
    #[must_use]
    pub fn reader(&self) -> Reader<'a> {
        self.reader
    }

    /// Where the map is.
    #[must_use]
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// Where the key `key` is, if the map has it.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(name, _)| name.span)
    }

    /// The value of a key that may be missing.
    pub fn optional(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.legal.contains(&key) {
            self.legal.push(key);
        }
        self.node.get(key).filter(|value| !value.is_null())
    }

    /// The value of a key that must be there; reports where it is missing or null.
    pub fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        let value = self.optional(key);
        if value.is_none() && self.is_map {
            let (span, label) = match self.key_span(key) {
                Some(span) => (span, "has no value".to_owned()),
                None => (self.first_key(), format!("`{key}` is missing in this map")),
            };
            let fault = Fault::error("rule::missing-key", format!("the key `{key}` is required"));
            self.reader.report(span, fault.label(label));
        }
        value
    }

    /// The text of a key that must be there.
    pub fn required_text(&mut self, key: &'static str) -> Option<&'a str> {
        self.required(key).and_then(|node| self.reader.text(node))
    }

    /// The text of a key.
    pub fn text(&mut self, key: &'static str) -> Option<&'a str> {
        self.optional(key).and_then(|node| self.reader.text(node))
    }

    /// The text or texts of a key; empty where it is missing.
    pub fn texts(&mut self, key: &'static str) -> Vec<&'a str> {
        self.optional(key).map_or_else(Vec::new, |node| self.reader.texts(node))
    }

    /// The number of a key.
    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        self.optional(key).and_then(|node| self.reader.number(node))
    }

    /// The whole number of a key.
    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        self.optional(key).and_then(|node| self.reader.integer(node))
    }

    /// The truth value of a key.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.optional(key).and_then(|node| self.reader.boolean(node))
    }

    /// The key's value as one of the legal texts.
    pub fn choice<T: Clone>(&mut self, key: &'static str, legal: &[(&str, T)]) -> Option<T> {
        self.optional(key).and_then(|node| self.reader.choice(node, legal))
    }

    /// The key's value as one of the legal texts; the key must be there.
    pub fn required_choice<T: Clone>(&mut self, key: &'static str, legal: &[(&str, T)]) -> Option<T> {
        self.required(key).and_then(|node| self.reader.choice(node, legal))
    }

    /// The elements of a list, or the one value; empty where the key is missing.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        self.optional(key).map_or(&[], Node::one_or_many)
    }

    /// Reports every key that was not asked for.
    pub fn finish(self) {
        self.unknown_keys(Level::Error);
    }

    /// Reports every key that was not asked for, as a warning: the rule works without it.
    pub fn finish_leniently(self) {
        self.unknown_keys(Level::Warning);
    }

    fn unknown_keys(self, level: Level) {
        for (key, _) in self.entries {
            let Some(name) = key.as_text() else { continue };
            if !self.legal.contains(&name) {
                let fault = Fault::error("rule::unknown-key", format!("the key `{name}` is not known here"));
                let fault = Fault { level, ..fault };
                self.reader.report(key.span, fault.label("not known").help(offer(name, &self.legal)));
            }
        }
    }

    fn first_key(&self) -> Span {
        self.entries.first().map_or(self.node.span, |(key, _)| key.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn read(text: &str, with: impl FnOnce(&mut MapReader<'_>)) -> String {
        let faults = Faults::new();
        let documents = parse("rules/steps/a.yml", text, &faults);
        let mut reader = MapReader::new(&documents[0], &faults, "rules/steps/a.yml");
        with(&mut reader);
        reader.finish();
        faults.render(false)
    }

    #[test]
    fn a_map_reports_all_its_faults_at_once() {
        let shown = read("titel: x\nrisk: lo\nprior: many\nids: [a, [b]]\nflag: yes\nrun:\n", |map| {
            map.required_text("title");
            map.choice("risk", &[("none", 0), ("low", 1), ("high", 2)]);
            map.number("prior");
            map.texts("ids");
            map.boolean("flag");
            map.required("run");
        });
        insta::assert_snapshot!(shown, @r"
        error[rule::missing-key]: the key `title` is required
         --> rules/steps/a.yml:1:1
          |
        1 | titel: x
          | ^^^^^ `title` is missing in this map

        error[rule::unknown-key]: the key `titel` is not known here
         --> rules/steps/a.yml:1:1
          |
        1 | titel: x
          | ^^^^^ not known
          |
          = help: did you mean `title`? Legal are `title`, `risk`, `prior`, `ids`, `flag` and `run`

        error[rule::unknown-value]: `lo` is not one of the legal values
         --> rules/steps/a.yml:2:7
          |
        2 | risk: lo
          |       ^^ not known
          |
          = help: did you mean `low`? Legal are `none`, `low` and `high`

        error[rule::wrong-kind]: a number must stand here
         --> rules/steps/a.yml:3:8
          |
        3 | prior: many
          |        ^^^^ this is a text

        error[rule::wrong-kind]: a text must stand here
         --> rules/steps/a.yml:4:10
          |
        4 | ids: [a, [b]]
          |          ^^^ this is a list

        error[rule::wrong-kind]: `true` or `false` must stand here
         --> rules/steps/a.yml:5:7
          |
        5 | flag: yes
          |       ^^^ this is a text

        error[rule::missing-key]: the key `run` is required
         --> rules/steps/a.yml:6:1
          |
        6 | run:
          | ^^^ has no value
        ");
    }

    #[test]
    fn what_is_no_map_is_reported_once() {
        let shown = read("- a\n- b\n", |map| {
            map.required("title");
            map.required("name");
        });
        insta::assert_snapshot!(shown, @r"
        error[rule::wrong-kind]: a map must stand here
         --> rules/steps/a.yml:1:1
          |
        1 | - a
          | ^^^ this is a list
        ");
    }
}
