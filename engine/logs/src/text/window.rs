//! A window on the text of a file, as UTF-8 and with its place in the file.

use std::io::{self, Read};

use crate::input::encoding::Encoding;

/// Bytes read at a time.
pub(super) const BLOCK: usize = 1 << 20;
/// Bytes a record may have. Real ones, with their message in words, have some thousand.
pub(super) const MAX_RECORD: usize = 4 << 20;

/// A window on the text of a file.
#[derive(Default)]
pub(super) struct Window {
    encoding: Option<Encoding>,
    /// The bytes last read.
    pub(super) raw: Vec<u8>,
    /// Bytes of a letter that goes on in the next block.
    odd: Vec<u8>,
    /// The text, as UTF-8 as far as it is sound.
    pub(super) block: Vec<u8>,
    /// Where `block` begins in the file, in bytes and in lines from 1.
    offset: u64,
    line: u64,
}

impl Window {
    /// Reads the first block; `Some` when the file ended, with the error if it was one.
    pub(super) fn fill(&mut self, input: &mut impl Read) -> Option<io::Result<()>> {
        let end = fill(input, &mut self.raw);
        self.decode(end.is_some());
        end
    }

    /// Appends what was read to the block.
    pub(super) fn decode(&mut self, is_end: bool) {
        let mut start = 0;
        let encoding = *self.encoding.get_or_insert_with(|| {
            let (encoding, first) = Encoding::of(&self.raw);
            (start, self.offset, self.line) = (first, first as u64, 1);
            encoding
        });
        let unit = match encoding {
            Encoding::Utf8 => return self.block.extend_from_slice(&self.raw[start..]),
            Encoding::Utf16Le => u16::from_le_bytes,
            Encoding::Utf16Be => u16::from_be_bytes,
        };
        self.odd.extend_from_slice(&self.raw[start..]);
        let mut units: Vec<u16> = self.odd.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        // The first half of a letter waits for the second.
        if !is_end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
        }
        self.odd.drain(..units.len() * 2);
        let mut letter = [0; 4];
        for decoded in char::decode_utf16(units) {
            let decoded = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.block.extend_from_slice(decoded.encode_utf8(&mut letter).as_bytes());
        }
    }

    /// Forgets the text before `at`.
    pub(super) fn drop_to(&mut self, at: usize) {
        (self.offset, self.line) = self.place(at);
        self.block.drain(..at);
    }

    /// Where in the file the block's byte `at` is: bytes from its start, and the line, from 1.
    pub(super) fn place(&self, at: usize) -> (u64, u64) {
        let before = &self.block[..at];
        let bytes = match self.encoding {
            Some(Encoding::Utf16Le | Encoding::Utf16Be) => {
                2 * String::from_utf8_lossy(before).chars().map(char::len_utf16).sum::<usize>()
            }
            _ => at,
        };
        (self.offset + bytes as u64, self.line + memchr::memchr_iter(b'\n', before).count() as u64)
    }
}

/// Reads a block; `Some` when the file ended, with the error if it was one.
pub(super) fn fill(input: &mut impl Read, raw: &mut Vec<u8>) -> Option<io::Result<()>> {
    raw.clear();
    match input.take(BLOCK as u64).read_to_end(raw) {
        Ok(read) => (read < BLOCK).then_some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}
