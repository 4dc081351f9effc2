//! The bytes at hand of a file that is read piece by piece.

use std::io::{self, Read};

/// Some bytes of a file, and whether they are its last.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// `Some` when the file ended in this piece, with the error if it was one.
    pub(super) end: Option<io::Result<()>>,
}

impl Piece {
    /// The first bytes of a file, `length` of them if there are as many.
    ///
    /// # Errors
    /// When not even the first byte can be read. An error behind it is the end of the piece.
    pub(super) fn first(input: &mut impl Read, length: usize) -> io::Result<Piece> {
        let mut piece = Piece::default();
        piece.fill(input, length);
        match piece.end {
            Some(Err(error)) if piece.bytes.is_empty() => Err(error),
            _ => Ok(piece),
        }
    }

    /// Takes the next `length` bytes instead of those it has.
    pub(super) fn fill(&mut self, input: &mut impl Read, length: usize) {
        self.bytes.clear();
        self.take(input, length);
    }

    /// Takes the next `length` bytes as well, if it was not the last piece.
    pub(super) fn extend(&mut self, input: &mut impl Read, length: usize) {
        if self.end.is_none() {
            self.take(input, length);
        }
    }

    fn take(&mut self, input: &mut impl Read, length: usize) {
        let limit = u64::try_from(length).unwrap_or(u64::MAX);
        self.end = match input.take(limit).read_to_end(&mut self.bytes) {
            Ok(read) => (read < length).then_some(Ok(())),
            Err(error) => Some(Err(error)),
        };
    }

    /// The error that the file ended with.
    pub(super) fn error(self) -> Option<io::Error> {
        self.end.and_then(Result::err)
    }
}
