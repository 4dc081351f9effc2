//! Where a template has the text of an attribute or element: in itself, or in a value of each instance.

use std::sync::Arc;

use crate::template::element::Piece;
use crate::template::instance::Value;

/// A text: as the template has it, or as the instance's value of this number.
#[derive(Debug)]
pub(super) enum Source {
    Literal(Arc<str>),
    Value(usize),
}

impl Source {
    /// The text of these pieces, `Some(None)` when there is none; `None` when it has several parts.
    pub(super) fn of(pieces: &[Piece]) -> Option<Option<Source>> {
        match pieces {
            [] => Some(None),
            [Piece::Literal(text)] if text.is_empty() => Some(None),
            [Piece::Literal(text)] => Some(Some(Source::Literal(text.as_str().into()))),
            [Piece::Value(value)] => Some(Some(Source::Value(*value))),
            _ => None,
        }
    }
}

/// The value is there, and rendered wherever it is.
pub(super) fn is_scalar(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_scalar())
}
