//! An instance of a template: which definition it fills in, and with what values.

use crate::layout::little_endian::u32_at;
use crate::template::definition::DEFINITION_HEADER;

/// Values an instance may have; real ones have up to a hundred or so.
const MAX_VALUES: usize = 512;

/// A value of an instance: its type, and where its bytes are in the chunk.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Value {
    pub(crate) kind: u8,
    start: u32,
    size: u16,
}

impl Value {
    pub(crate) fn bytes(self, chunk: &[u8]) -> &[u8] {
        let start = self.start as usize;
        chunk.get(start..start + usize::from(self.size)).unwrap_or_default()
    }

    pub(crate) fn is_null(self) -> bool {
        self.kind == 0 || (self.kind == XML && self.size == 0)
    }

    /// The value is XML of its own, as a payload is.
    pub(crate) fn is_xml(self) -> bool {
        self.kind == XML && self.size > 0
    }

    /// The value is an array of texts.
    pub(crate) fn is_texts(self) -> bool {
        self.kind == TEXTS
    }

    /// The value is rendered wherever it is.
    pub(crate) fn is_scalar(self) -> bool {
        !self.is_xml() && !self.is_texts()
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.size)
    }
}

const XML: u8 = 0x21;
const TEXTS: u8 = 0x81;

/// An element that depends on a value of this number is left out, because the value is null.
pub(crate) fn is_left_out(dependency: Option<usize>, values: &[Value]) -> bool {
    dependency.and_then(|value| values.get(value)).is_some_and(|value| value.is_null())
}

/// Reads the one instance that `body` holds into `values`, and gives the offset of its definition.
///
/// `None` where there is anything else, or the size of a value is not that of its type: then it is not certain
/// where the values behind it are.
pub(crate) fn read(chunk: &[u8], body: std::ops::Range<usize>, values: &mut Vec<Value>) -> Option<usize> {
    let stream = chunk.get(body.clone())?;
    let instance = stream.strip_prefix(b"\x0f\x01\x01\0").unwrap_or(stream);
    let &[0x0c, _, _, _, _, _, a, b, c, d] = instance.first_chunk::<10>()? else {
        return None;
    };
    let definition = u32::from_le_bytes([a, b, c, d]) as usize;
    let mut table = body.end - instance.len() + 10;
    if definition == table {
        table = table.checked_add(DEFINITION_HEADER)?.checked_add(u32_at(chunk, table + 20) as usize)?;
    }
    let end = read_values(chunk.get(..body.end)?, table, values)?;
    let ends = end == body.end || chunk.get(end) == Some(&0);
    ends.then_some(definition)
}

/// Whether the one instance in `body` names the template that its offset leads to: both have the same first bytes of
/// a GUID.
pub(crate) fn names_its_template(chunk: &[u8], body: std::ops::Range<usize>) -> bool {
    let Some(stream) = chunk.get(body) else { return false };
    let instance = stream.strip_prefix(b"\x0f\x01\x01\0").unwrap_or(stream);
    let definition = u32_at(instance, 6) as usize;
    instance.first() == Some(&0x0c) && u32_at(instance, 2) == u32_at(chunk, definition.saturating_add(4))
}

/// Reads the values whose table begins at `table`, and gives the offset of their end.
fn read_values(chunk: &[u8], table: usize, values: &mut Vec<Value>) -> Option<usize> {
    let count = u32::from_le_bytes(*chunk.get(table..)?.first_chunk()?) as usize;
    if count > MAX_VALUES {
        return None;
    }
    let sizes = chunk.get(table + 4..)?.get(..4 * count)?.as_chunks::<4>().0;
    // Below four gigabytes, for a chunk and at most this many values of 64 kilobytes.
    let mut start = u32::try_from(table + 4 + 4 * count).ok()?;
    // Every slot is written anew: room is made only for more values than any instance had before.
    values.resize(count, Value::default());
    let mut is_proper = true;
    for (value, &[low, high, kind, _]) in values.iter_mut().zip(sizes) {
        let size = u16::from_le_bytes([low, high]);
        is_proper &= match kind {
            FLAGS_OR_POINTER => size == 4 || size == 8,
            SID => chunk
                .get(start as usize + 1)
                .is_some_and(|parts| usize::from(size) == 8 + 4 * usize::from(*parts)),
            _ => SIZES[usize::from(kind)].fits(size),
        };
        *value = Value { kind, start, size };
        start += u32::from(size);
    }
    let end = start as usize;
    (is_proper && end <= chunk.len()).then_some(end)
}

/// A type whose values have the size of a pointer.
const FLAGS_OR_POINTER: u8 = 0x10;
/// A type whose values say themselves how long they are.
const SID: u8 = 0x13;

/// What is asked of the size of a type's values: the bits of the mask must be these.
#[derive(Clone, Copy)]
struct Size {
    mask: u16,
    bits: u16,
}

/// By the number of the type; a table, because every value of every record is looked at.
const SIZES: [Size; 256] = sizes();

const fn sizes() -> [Size; 256] {
    const ANY: Size = Size { mask: 0, bits: 0 };
    const EVEN: Size = Size { mask: 1, bits: 0 };
    const NEVER: Size = Size { mask: 0, bits: 1 };
    const fn exactly(size: u16) -> Size {
        Size { mask: u16::MAX, bits: size }
    }
    let mut sizes = [NEVER; 256];
    let mut kind = 0;
    while kind < sizes.len() {
        sizes[kind] = match kind {
            0x00 | 0x02 | 0x0e | 0x21 => ANY,
            0x01 | 0x81 => EVEN,
            0x03 | 0x04 => exactly(1),
            0x05 | 0x06 => exactly(2),
            0x07 | 0x08 | 0x0d | 0x14 => exactly(4),
            0x09 | 0x0a | 0x11 | 0x15 => exactly(8),
            0x0f | 0x12 => exactly(16),
            _ => NEVER,
        };
        kind += 1;
    }
    sizes
}

impl Size {
    fn fits(self, size: u16) -> bool {
        size & self.mask == self.bits
    }
}
