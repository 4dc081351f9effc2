//! A template as a tree of elements, whose texts are literal or values of each instance.

use crate::template::definition::Normalized;
use crate::template::rendering::push_text;

/// Elements within elements that are followed; real templates have about five.
const MAX_DEPTH: usize = 32;

/// An element of a template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    /// The value without which the element is left out.
    pub(crate) dependency: Option<usize>,
    pub(crate) attributes: Vec<(String, Vec<Piece>)>,
    pub(crate) children: Vec<Child>,
}

/// What an element holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Child {
    Piece(Piece),
    Element(Element),
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// As the definition has it.
    Literal(String),
    /// The instance's value of this number.
    Value(usize),
}

impl Element {
    /// The one element of a definition; `None` where it holds anything that templates are not known to hold.
    pub(crate) fn of(normalized: &Normalized) -> Option<Element> {
        let mut reader = Reader { rest: &normalized.0, open: Vec::new(), start: None, root: None };
        while let Some((&token, rest)) = reader.rest.split_first() {
            reader.rest = rest;
            reader.token(token)?;
        }
        if reader.start.is_some() || !reader.open.is_empty() {
            return None;
        }
        reader.root
    }

    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        local(&self.name)
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl Piece {
    /// The number of the value that it is.
    pub(crate) fn value(&self) -> Option<usize> {
        match self {
            Piece::Value(value) => Some(*value),
            Piece::Literal(_) => None,
        }
    }
}

struct Reader<'t> {
    rest: &'t [u8],
    /// Elements whose content is being read.
    open: Vec<Element>,
    /// The element whose start tag is being read.
    start: Option<Element>,
    root: Option<Element>,
}

impl Reader<'_> {
    fn token(&mut self, token: u8) -> Option<()> {
        match token {
            0x01 => {
                let dependency = u16::from_le_bytes(self.take()?);
                let dependency = (dependency != 0xffff).then_some(usize::from(dependency));
                let element = Element { name: self.name()?, dependency, ..Element::default() };
                self.start.replace(element).is_none().then_some(())
            }
            0x02 => {
                self.open.push(self.start.take()?);
                (self.open.len() <= MAX_DEPTH).then_some(())
            }
            0x03 => {
                let element = self.start.take()?;
                self.attach(element)
            }
            0x04 if self.start.is_none() => {
                let element = self.open.pop()?;
                self.attach(element)
            }
            0x05 => {
                let length = usize::from(u16::from_le_bytes(self.take()?));
                let mut text = Vec::new();
                push_text(self.bytes(2 * length)?, &mut text);
                self.piece(Piece::Literal(String::from_utf8(text).ok()?))
            }
            0x06 => {
                let name = self.name()?;
                self.start.as_mut()?.attributes.push((name, Vec::new()));
                Some(())
            }
            0x09 => {
                let text = match self.name()?.as_str() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => return None,
                };
                self.piece(Piece::Literal(text.to_owned()))
            }
            0x0d => {
                let value = usize::from(u16::from_le_bytes(self.take()?));
                self.piece(Piece::Value(value))
            }
            _ => None,
        }
    }

    fn attach(&mut self, element: Element) -> Option<()> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Child::Element(element)),
            None if self.root.is_none() => self.root = Some(element),
            None => return None,
        }
        Some(())
    }

    /// Adds to the attribute or content that is being read; pieces of literal text become one.
    fn piece(&mut self, piece: Piece) -> Option<()> {
        if let Some(start) = &mut self.start {
            let (_, pieces) = start.attributes.last_mut()?;
            match (pieces.last_mut(), piece) {
                (Some(Piece::Literal(text)), Piece::Literal(more)) => text.push_str(&more),
                (_, piece) => pieces.push(piece),
            }
            return Some(());
        }
        let children = &mut self.open.last_mut()?.children;
        match (children.last_mut(), piece) {
            (Some(Child::Piece(Piece::Literal(text))), Piece::Literal(more)) => text.push_str(&more),
            (_, piece) => children.push(Child::Piece(piece)),
        }
        Some(())
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }

    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    /// A name that XML takes for one, and nobody for anything else.
    fn name(&mut self) -> Option<String> {
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let units = self.bytes(2 * length)?.as_chunks::<2>().0;
        let character = |&[low, high]: &[u8; 2]| {
            let plain = low.is_ascii_alphanumeric() || b"_-.:".contains(&low);
            (high == 0 && plain).then_some(char::from(low))
        };
        let name: String = units.iter().map(character).collect::<Option<_>>()?;
        let begins_well = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let mut parts = name.split(':');
        (parts.all(begins_well) && name.matches(':').count() <= 1).then_some(name)
    }
}
