//! Places in files.

use std::ops::Range;

/// A place in a file: bytes `start..end`, and where `start` lies (line and column from 1, column in characters).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The part `range` (bytes) of a scalar whose text is `text` and which is at this span.
    ///
    /// The whole span where the text is not in the file letter by letter (escapes, blocks, several lines).
    #[must_use]
    pub fn part(self, text: &str, range: Range<usize>) -> Span {
        let quote = match (self.end - self.start).checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return self,
        };
        if range.end > text.len() || !text.is_char_boundary(range.start) || text.contains('\n') {
            return self;
        }
        let column = self.column + quote + text[..range.start].chars().count();
        Span { start: self.start + quote + range.start, end: self.start + quote + range.end, column, ..self }
    }
}
