//! The shape of a record's XML: elements whose texts are literal or filled in from a value.

use super::value::Guid;

/// An element of a template.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, Text)>,
    pub(crate) content: Content,
    /// Index of the value without which the element is left out; [`Element::ALWAYS`] if none.
    pub(crate) dependency: u16,
}

/// What is between an element's tags.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// `<a/>`
    Closed,
    /// `<a></a>`
    Empty,
    Text(Text),
    Elements(Vec<Element>),
}

/// A literal, or the place of a value.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Literal(String),
    Value { index: u16, code: u8, optional: bool },
}

impl Element {
    pub(crate) const ALWAYS: u16 = 0xFFFF;

    pub(crate) fn new(name: &str, content: Content) -> Element {
        Element { name: name.to_owned(), attributes: Vec::new(), content, dependency: Self::ALWAYS }
    }

    /// An element that is there only if value `index` is.
    pub(crate) fn optional(name: &str, index: u16, code: u8) -> Element {
        let text = Text::optional(index, code);
        Element { dependency: index, ..Element::new(name, Content::Text(text)) }
    }

    pub(crate) fn with(mut self, name: &str, text: Text) -> Element {
        self.attributes.push((name.to_owned(), text));
        self
    }

    /// The GUID of the definition that has this element as its root.
    pub(crate) fn guid(&self) -> Guid {
        // The debug form names every part of the tree and no offset, so it is the same in every chunk.
        Guid::from_hash(format!("{self:?}").as_bytes())
    }
}

impl Text {
    pub(crate) fn literal(text: &str) -> Text {
        Text::Literal(text.to_owned())
    }

    pub(crate) fn optional(index: u16, code: u8) -> Text {
        Text::Value { index, code, optional: true }
    }

    pub(crate) fn value(index: u16, code: u8) -> Text {
        Text::Value { index, code, optional: false }
    }
}
