//! The bytes at hand of a file that is read piece by piece.

use std::io::{self, Read};

/// Bytes asked for at first.
const FIRST_READ: usize = 128 << 10;

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
        self.take(input, 0, length);
    }

    /// Takes the next `length` bytes as well, if it was not the last piece.
    pub(super) fn extend(&mut self, input: &mut impl Read, length: usize) {
        if self.end.is_none() {
            self.take(input, self.bytes.len(), length);
        }
    }

    /// Takes the next `length` bytes behind the first `kept` of those it has, in as few reads as the input allows: what the
    /// bytes were before is overwritten and not cleared.
    fn take(&mut self, input: &mut impl Read, kept: usize, length: usize) {
        let (mut filled, to) = (kept, kept + length);
        self.end = None;
        while filled < to && self.end.is_none() {
            if filled == self.bytes.len() {
                // Most files are small.
                self.bytes.resize((2 * filled).clamp(FIRST_READ, to.max(FIRST_READ)), 0);
            }
            let until = self.bytes.len().min(to);
            match input.read(&mut self.bytes[filled..until]) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.end = Some(Err(error)),
            }
        }
        self.bytes.truncate(filled);
    }

    /// The error that the file ended with.
    pub(super) fn error(self) -> Option<io::Error> {
        self.end.and_then(Result::err)
    }
}
