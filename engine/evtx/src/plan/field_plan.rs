//! How the elements and attributes of a payload's template become fields.

use crate::plan::source::Source;
use crate::template::element::Piece;
use crate::template::instance::{Value, is_left_out};
use crate::template::rendering::{is_empty, push_value};

/// In a list of names, the names `Data[0]`, `Data[1]`… begin here.
pub(super) const POSITIONS: u16 = 0x8000;

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: u16,
    pub(super) source: Source,
}

/// An element of the payload.
#[derive(Debug)]
pub(super) struct FieldElement {
    pub(super) dependency: Option<usize>,
    /// `None` for the next of the unnamed ones.
    pub(super) name: Option<u16>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Value(usize),
    Pieces(Vec<Piece>),
    Elements(Vec<FieldElement>),
}

/// What a payload's plan makes of an instance, kept from record to record.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<usize>,
    pub(super) names: Vec<u16>,
    pub(super) unnamed: u16,
}

impl Draft {
    /// Ends the value that was appended to the text.
    fn end(&mut self, name: u16) {
        self.names.push(name);
        self.ends.push(self.text.len());
    }

    fn push(&mut self, value: Option<&Value>, chunk: &[u8]) -> Option<()> {
        let value = value.filter(|value| !value.is_xml())?;
        push_value(value.kind, value.bytes(chunk), &mut self.text)
    }
}

impl Attribute {
    /// Puts it, unless it is empty; whether it was put.
    pub(super) fn put(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        match &self.source {
            Source::Literal(text) => draft.text.extend_from_slice(text.as_bytes()),
            Source::Value(number) => {
                let value = values.get(*number).filter(|value| value.is_scalar())?;
                if is_empty(value.kind, value.bytes(chunk)) {
                    return Some(false);
                }
                draft.push(Some(value), chunk)?;
            }
        }
        draft.end(self.name);
        Some(true)
    }
}

impl FieldElement {
    /// Puts it, unless it is left out; whether it was put.
    pub(super) fn put(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        if is_left_out(self.dependency, values) {
            return Some(false);
        }
        if let Content::Value(number) = self.content
            && let Some(value) = values.get(number).filter(|value| value.is_texts())
        {
            return self.put_each(chunk, values, *value, draft);
        }
        let mut structured = self.put_attributes(chunk, values, draft)?;
        let start = draft.text.len();
        match &self.content {
            Content::Value(number) => draft.push(values.get(*number), chunk)?,
            Content::Pieces(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => draft.text.extend_from_slice(text.as_bytes()),
                        Piece::Value(number) => draft.push(values.get(*number), chunk)?,
                    }
                }
            }
            Content::Elements(elements) => {
                for element in elements {
                    structured |= element.put(chunk, values, draft)?;
                }
                if structured {
                    return Some(true);
                }
            }
        }
        self.end(draft, start, structured)
    }

    fn put_attributes(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        let mut any = false;
        for attribute in &self.attributes {
            any |= attribute.put(chunk, values, draft)?;
        }
        Some(any)
    }

    /// Ends the element whose text begins at `start`. Beside attributes, blank text says nothing.
    fn end(&self, draft: &mut Draft, start: usize, structured: bool) -> Option<bool> {
        if structured && draft.text[start..].trim_ascii().is_empty() {
            draft.text.truncate(start);
            return Some(true);
        }
        let name = match self.name {
            Some(name) => name,
            None => {
                let position = draft.unnamed;
                draft.unnamed += 1;
                POSITIONS.checked_add(position).filter(|name| *name < u16::MAX)?
            }
        };
        draft.end(name);
        Some(true)
    }

    /// Puts the element once for each of the texts of an array.
    fn put_each(&self, chunk: &[u8], values: &[Value], array: Value, draft: &mut Draft) -> Option<bool> {
        let units = array.bytes(chunk).as_chunks::<2>().0;
        let Some((&[0, 0], texts)) = units.split_last() else {
            // Without its last NUL, an array would go on into the bytes behind it.
            let structured = units.is_empty().then(|| self.put_attributes(chunk, values, draft))??;
            return self.end(draft, draft.text.len(), structured);
        };
        for text in texts.split(|unit| *unit == [0, 0]) {
            let structured = self.put_attributes(chunk, values, draft)?;
            let start = draft.text.len();
            push_value(0x01, text.as_flattened(), &mut draft.text)?;
            self.end(draft, start, structured)?;
        }
        Some(true)
    }
}
