//! YAML as a tree in which every node knows its place and every scalar its spelling.
//!
//! Spelling matters here: a ticket's `0x904` must reach a text field as `0x904` and a number field as 2308, and
//! which of the two it is, the shape decides long after the ticket was read.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde_saphyr::granit_parser::{Event, Marker, Parser, ScalarStyle, StrInput};

use crate::ForgeError;

/// Where something stands: file, line and column, both from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name as given to the reader.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

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

/// Deeper nesting is refused; nothing we read comes near it.
const DEEPEST: usize = 40;

/// Reads one document.
pub(crate) fn parse(text: &str, file: &str) -> Result<Node, ForgeError> {
    let mut reader = Reader { parser: Parser::new_from_str(text), file: file.into(), anchors: Vec::new() };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, place) => {
                return Err(place.fault("there is nothing in this file"));
            }
            (event, place) => return reader.node(event, place, 0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    file: Arc<str>,
    anchors: Vec<(usize, Node)>,
}

impl<'a> Reader<'a> {
    fn place(&self, marker: &Marker) -> Place {
        Place { file: self.file.clone(), line: marker.line(), column: marker.col() + 1 }
    }

    /// The next event that is not a comment.
    fn next(&mut self) -> Result<(Event<'a>, Place), ForgeError> {
        loop {
            match self.parser.next() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, range))) => {
                    let place = self.place(&range.start);
                    return Ok((event, place));
                }
                Some(Err(error)) => return Err(self.place(error.marker()).fault(error.info())),
                None => return Ok((Event::StreamEnd, self.place(&Marker::new(0, 1, 0)))),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, place: Place, depth: usize) -> Result<Node, ForgeError> {
        if depth > DEEPEST {
            return Err(place.fault(format!("nested deeper than {DEEPEST} levels")));
        }
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style), anchor),
            Event::SequenceStart(_, anchor, _) => (self.list(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map(depth)?, anchor),
            Event::Alias(id) => {
                let known = self.anchors.iter().rev().find(|(anchor, _)| *anchor == id);
                return known.map(|(_, node)| node.clone()).ok_or_else(|| place.fault("unknown anchor"));
            }
            other => return Err(place.fault(format!("a value was expected, not {other:?}"))),
        };
        let node = Node { place, kind };
        if anchor != 0 {
            self.anchors.push((anchor, node.clone()));
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Kind, ForgeError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Kind::List(items)),
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Kind, ForgeError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, place) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Kind::Map(entries)),
                (Event::Scalar(name, ..), place) => (name, place),
                (_, place) => return Err(place.fault("a key must be plain text")),
            };
            let key = Key { place, name: event.into_owned() };
            if let Some((first, _)) = entries.iter().find(|(k, _)| k.name == key.name) {
                let message = format!("`{}` is already given on line {}", key.name, first.place.line);
                return Err(key.place.fault(message));
            }
            let (event, place) = self.next()?;
            let value = self.node(event, place, depth + 1)?;
            entries.push((key, value));
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Kind {
    if style == ScalarStyle::Plain && matches!(text, "" | "~" | "null") {
        return Kind::Null;
    }
    Kind::Scalar(text.to_owned())
}

impl Place {
    /// An error at this place.
    pub(crate) fn fault(&self, message: impl Into<String>) -> ForgeError {
        ForgeError::At { place: self.clone(), message: message.into() }
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
        assert_eq!(error.to_string(), "t.yml:2:1: `a` is already given on line 1");
    }
}
