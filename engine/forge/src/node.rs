//! Tickets, shapes and scenes as trees in which every node knows its file, line and column, and every scalar its spelling.
//!
//! Spelling matters here: a ticket's `0x904` must reach a text field as `0x904` and a number field as 2308, and
//! which of the two it is, the shape decides long after the ticket was read.

use std::cell::RefCell;
use std::sync::Arc;

use rdpwhy_yaml::{Fault, Faults, Span, Value};

use crate::error::ForgeError;
use crate::place::Place;

/// A node of a YAML document.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Scalar(String),
    List(Vec<Node>),
    /// In the order written; keys are unique.
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) name: String,
}

/// Reads one document.
pub(crate) fn parse(text: &str, file: &str) -> Result<Node, ForgeError> {
    let file: Arc<str> = file.into();
    let faults = Faults::new();
    let documents = rdpwhy_yaml::parse(&file, text, &faults);
    if let Some(fault) = faults.sorted().first() {
        let Span { line, column, .. } = fault.span.unwrap_or(START);
        let message = format!("{}{}", fault.message, reason(fault));
        return Err(Place { file, line, column }.fault(message));
    }
    match documents.first() {
        Some(document) => Ok(Node::of(document, &file)),
        None => Err(place(START, &file).fault("there is nothing in this file")),
    }
}

/// Where a file begins.
const START: Span = Span { start: 0, end: 0, line: 1, column: 1 };

/// Why, behind what is wrong.
fn reason(fault: &Fault) -> String {
    let reasons = [Some(&fault.label).filter(|label| !label.is_empty()), fault.help.as_ref()];
    let reasons: Vec<&str> = reasons.into_iter().flatten().map(String::as_str).collect();
    if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) }
}

fn place(span: Span, file: &Arc<str>) -> Place {
    Place { file: file.clone(), line: span.line, column: span.column }
}

impl Node {
    fn of(node: &rdpwhy_yaml::Node, file: &Arc<str>) -> Node {
        let key = |key: &rdpwhy_yaml::Node| Key {
            place: place(key.span, file),
            name: key.as_text().unwrap_or_default().to_owned(),
        };
        let kind = match &node.value {
            Value::Null => Kind::Null,
            Value::Scalar(scalar) => Kind::Scalar(scalar.text.to_string()),
            Value::Seq(items) => Kind::List(items.iter().map(|item| Node::of(item, file)).collect()),
            Value::Map(entries) => {
                Kind::Map(entries.iter().map(|(name, value)| (key(name), Node::of(value, file))).collect())
            }
        };
        Node { place: place(node.span, file), kind }
    }
}

impl Node {
    pub(crate) fn fault(&self, message: impl Into<String>) -> ForgeError {
        self.place.fault(message)
    }

    /// What the node is, in words for an error.
    fn description(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }

    /// The scalar as spelled; nothing is empty text.
    pub(crate) fn text(&self) -> Result<&str, ForgeError> {
        match &self.kind {
            Kind::Scalar(text) => Ok(text),
            Kind::Null => Ok(""),
            _ => Err(self.fault(format!("text was expected here, not {}", self.description()))),
        }
    }

    pub(crate) fn map(&self) -> Result<&[(Key, Node)], ForgeError> {
        match &self.kind {
            Kind::Map(entries) => Ok(entries),
            Kind::Null => Ok(&[]),
            _ => Err(self.fault(format!("a mapping was expected here, not {}", self.description()))),
        }
    }

    /// The items of a list; a scalar is a list of one.
    pub(crate) fn items(&self) -> Result<&[Node], ForgeError> {
        match &self.kind {
            Kind::List(items) => Ok(items),
            Kind::Null => Ok(&[]),
            Kind::Scalar(_) => Ok(std::slice::from_ref(self)),
            Kind::Map(_) => Err(self.fault("a list was expected here, not a mapping")),
        }
    }

    /// Reads the scalar with `read`, or says what was expected.
    pub(crate) fn read<T>(&self, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, ForgeError> {
        let text = self.text()?;
        read(text).ok_or_else(|| self.fault(format!("{expected} was expected here, not `{text}`")))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Calls `visit` with every scalar at and below this node, in the order written.
    pub(crate) fn scalars<'n>(&'n self, visit: &mut impl FnMut(&'n str)) {
        match &self.kind {
            Kind::Null => {}
            Kind::Scalar(text) => visit(text),
            Kind::List(items) => items.iter().for_each(|item| item.scalars(visit)),
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| value.scalars(visit)),
        }
    }
}

/// Reads an unsigned number, decimal or `0x…`.
pub(crate) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// A mapping whose keys are asked for one by one; the keys asked for are the legal ones.
pub(crate) struct Fields<'n> {
    node: &'n Node,
    entries: &'n [(Key, Node)],
    asked: RefCell<Vec<&'static str>>,
}

impl<'n> Fields<'n> {
    pub(crate) fn of(node: &'n Node) -> Result<Fields<'n>, ForgeError> {
        Ok(Fields { node, entries: node.map()?, asked: RefCell::default() })
    }

    pub(crate) fn optional(&self, name: &'static str) -> Option<&'n Node> {
        self.asked.borrow_mut().push(name);
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    pub(crate) fn required(&self, name: &'static str) -> Result<&'n Node, ForgeError> {
        self.optional(name).ok_or_else(|| self.node.fault(format!("`{name}` is missing here")))
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<Option<String>, ForgeError> {
        self.optional(name).map(|node| node.text().map(str::to_owned)).transpose()
    }

    pub(crate) fn texts(&self, name: &'static str) -> Result<Vec<String>, ForgeError> {
        let items = self.optional(name).map_or(Ok(&[][..]), Node::items)?;
        items.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    /// An error for the first key that nobody asked for.
    pub(crate) fn finish(&self) -> Result<(), ForgeError> {
        let asked = self.asked.borrow();
        match self.entries.iter().find(|(key, _)| !asked.contains(&key.name.as_str())) {
            None => Ok(()),
            Some((key, _)) => Err(key.place.fault(unknown("key", &key.name, asked.iter().copied()))),
        }
    }
}

/// Words for a name that nothing has, with the names there are; near misses alone if there are any.
pub(crate) fn unknown<'a>(what: &str, name: &str, legal: impl Iterator<Item = &'a str>) -> String {
    let legal: Vec<&str> = legal.collect();
    let near: Vec<&str> = legal.iter().copied().filter(|l| l.contains(name) || near(l, name)).collect();
    let shown = if near.is_empty() { &legal } else { &near };
    let list = shown.iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ");
    let lead = if near.is_empty() { "there are" } else { "did you mean" };
    format!("unknown {what} `{name}`; {lead} {list}")
}

/// Whether both names share at least half of their words.
fn near(a: &str, b: &str) -> bool {
    let words = |s: &'_ str| s.split(['-', '_']).map(str::to_owned).collect::<Vec<_>>();
    let (left, right) = (words(a), words(b));
    let shared = right.iter().filter(|word| left.contains(word)).count();
    right.len() > 1 && shared * 2 >= right.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_spelling_and_nodes_their_place() {
        let node = parse("a: 0x904\nb:\n  - 'null'\n  - ~\n", "t.yml").unwrap();
        assert_eq!(node.get("a").unwrap().text().unwrap(), "0x904");
        let items = node.get("b").unwrap().items().unwrap();
        assert_eq!(items[0].text().unwrap(), "null");
        assert!(matches!(items[1].kind, Kind::Null));
        assert_eq!(items[0].place.to_string(), "t.yml:3:5");
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_place_and_the_legal_keys() {
        let node = parse("at: 1\nonn: host\n", "t.yml").unwrap();
        let fields = Fields::of(&node).unwrap();
        let _ = (fields.optional("at"), fields.optional("on"));
        let error = fields.finish().unwrap_err();
        assert_eq!(error.to_string(), "t.yml:2:1: unknown key `onn`; there are `at`, `on`");
    }

    #[test]
    fn a_key_given_twice_is_an_error() {
        let error = parse("a: 1\na: 2\n", "t.yml").unwrap_err();
        assert_eq!(
            error.to_string(),
            "t.yml:2:1: the key `a` is given twice: the second time; it is already in line 1"
        );
    }
}
