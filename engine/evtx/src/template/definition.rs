//! A template's definition: what a chunk stores once, and the records of the chunk fill in.
//!
//! A definition refers to names elsewhere in its chunk, so the same one has other bytes in every chunk. Written
//! without its places it is the same everywhere ([`Normalized`]), and what was learned from it in one chunk holds in all.

use crate::layout::chunk_header::CHUNK_HEADER;

/// Bytes of a definition's header: offset of the next one, GUID, size.
pub(crate) const DEFINITION_HEADER: usize = 24;
/// Where records, and so definitions and names, begin.
const FIRST: usize = CHUNK_HEADER;
const FRAGMENT_HEADER: &[u8; 4] = b"\x0f\x01\x01\0";

/// What a definition without its places is written to.
pub(crate) trait Sink {
    /// Takes the next bytes; `None` to take no more.
    fn take(&mut self, bytes: &[u8]) -> Option<()>;
}

/// A definition without its places.
#[derive(Debug, Default)]
pub(crate) struct Normalized(pub(crate) Vec<u8>);

impl Sink for Normalized {
    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        self.0.extend_from_slice(bytes);
        Some(())
    }
}

/// Compares a definition with one written before; nothing is left when they are the same.
pub(crate) struct Comparison<'t>(pub(crate) &'t [u8]);

impl Sink for Comparison<'_> {
    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(bytes)?;
        Some(())
    }
}

/// Writes the definition at `offset` without its places; `None` where it holds what [`Element::of`](crate::template::element::Element::of) does not know, or ends early.
pub(crate) fn normalize(chunk: &[u8], offset: usize, out: &mut impl Sink) -> Option<()> {
    let size = u32::from_le_bytes(*chunk.get(offset.checked_add(20)?..)?.first_chunk()?) as usize;
    let at = offset.checked_add(DEFINITION_HEADER)?;
    let end = at.checked_add(size)?;
    if offset < FIRST || end > chunk.len() {
        return None;
    }
    let mut tokens = Tokens { chunk, at, end };
    tokens.take::<4>().filter(|header| header == FRAGMENT_HEADER)?;
    while tokens.at < tokens.end {
        let [token] = tokens.take()?;
        match token {
            0x00 => break,
            0x01 | 0x41 => {
                let dependency: [u8; 2] = tokens.take()?;
                let _size: [u8; 4] = tokens.take()?;
                out.take(&[0x01, dependency[0], dependency[1]])?;
                out.take(tokens.name()?)?;
                if token == 0x41 {
                    let _size: [u8; 4] = tokens.take()?;
                }
            }
            0x02..=0x04 => out.take(&[token])?,
            0x05 | 0x45 => {
                let [1, low, high] = tokens.take()? else { return None };
                let length = usize::from(u16::from_le_bytes([low, high]));
                out.take(&[0x05])?;
                out.take(tokens.counted(length)?)?;
            }
            0x06 | 0x46 | 0x09 | 0x49 => {
                out.take(&[token & 0x3f])?;
                out.take(tokens.name()?)?;
            }
            0x0d | 0x0e => {
                let [low, high, kind] = tokens.take()?;
                if !is_value_type(kind) {
                    return None;
                }
                out.take(&[0x0d, low, high])?;
            }
            _ => return None,
        }
    }
    Some(())
}

/// The GUID of the definition at `offset`.
pub(crate) fn guid(chunk: &[u8], offset: usize) -> Option<[u8; 16]> {
    chunk.get(offset.checked_add(4)?..)?.first_chunk().copied()
}

fn is_value_type(kind: u8) -> bool {
    matches!(kind, 0x00..=0x15 | 0x21 | 0x81..=0x95)
}

/// Where in a chunk's tokens we are.
struct Tokens<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
}

impl<'c> Tokens<'c> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = self.chunk.get(self.at..self.end)?.first_chunk::<N>()?;
        self.at += N;
        Some(*bytes)
    }

    /// Reads a name reference, and passes the name where it is stored behind it. The name comes with its length
    /// before it.
    fn name(&mut self) -> Option<&'c [u8]> {
        let offset = u32::from_le_bytes(self.take()?) as usize;
        let chunk: &'c [u8] = self.chunk;
        let entry = chunk.get(offset.checked_add(6)?..)?;
        let length = 2 * usize::from(u16::from_le_bytes(*entry.first_chunk()?));
        if offset == self.at {
            self.at += 6 + 2 + length + 2;
        }
        entry.get(..2 + length).filter(|_| offset >= FIRST)
    }

    /// A text of `units`, with its length, the two bytes just read, before it.
    fn counted(&mut self, units: usize) -> Option<&'c [u8]> {
        let chunk: &'c [u8] = self.chunk;
        let text = chunk.get(self.at - 2..self.end)?.get(..2 + 2 * units)?;
        self.at += 2 * units;
        Some(text)
    }
}
