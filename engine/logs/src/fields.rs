//! The values of an event's payload.

use std::fmt;
use std::sync::Arc;

/// The values of a payload in document order, each under its name.
///
/// All values stand in one text, and events of the same kind share their names: most of what is kept of a log is
/// this.
#[derive(Clone)]
pub struct Fields {
    names: FieldNames,
    /// As many lengths as names, see [`push_length`], then the values.
    text: Box<str>,
}

/// The names of an event's fields.
pub(crate) type FieldNames = Arc<Vec<Arc<str>>>;

/// Bits of a length in one byte. With one more for "there is more", the byte is still ASCII.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

/// Appends a length, the lowest bits first.
fn push_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= usize::from(MORE) {
        out.push(MORE | u8::try_from(length & usize::from(MORE - 1)).unwrap_or(0));
        length >>= BITS;
    }
    out.push(u8::try_from(length).unwrap_or(0));
}

/// The length that begins at `at`, and where the next one does.
fn length_at(text: &[u8], mut at: usize) -> (usize, usize) {
    let (mut length, mut shift) = (0, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        length |= usize::from(byte & (MORE - 1)) << shift;
        shift += BITS;
        if byte & MORE == 0 || shift >= usize::BITS {
            break;
        }
    }
    (length, at)
}

/// One value of a payload, as text.
///
/// Names: a `Data` element's `Name`; `Data[0]`, `Data[1]`… for unnamed ones; `Binary` (upper-case hex);
/// `EventData.Name` for the attribute of that name; below the root of `UserData`, local element names joined
/// with `.` and, after another `.`, the attribute's. An element without content has the value `""`, unless it
/// has attributes, which then stand for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The field's name.
    pub name: &'a str,
    /// The value as rendered in XML, blanks included.
    pub value: &'a str,
}

impl Fields {
    /// Fields of these names, whose values lie in `values` one after the other and end where `ends` says. `None`
    /// where that does not fit together.
    pub(crate) fn new(names: FieldNames, values: &str, ends: &[usize]) -> Option<Fields> {
        let mut text = Vec::with_capacity(values.len() + 2 * ends.len());
        let mut start = 0;
        for &end in ends {
            push_length(values.get(start..end)?.len(), &mut text);
            start = end;
        }
        text.extend_from_slice(values.as_bytes());
        let text = String::from_utf8(text).ok()?;
        (names.len() == ends.len() && start == values.len()).then(|| Fields { names, text: text.into() })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The fields in document order.
    pub fn iter(&self) -> impl Iterator<Item = Field<'_>> {
        let lengths = self.text.as_bytes();
        let (mut start, mut at) = (0, 0);
        for _ in self.names.iter() {
            (_, start) = length_at(lengths, start);
        }
        self.names.iter().map(move |name| {
            let length;
            (length, at) = length_at(lengths, at);
            let value = self.text.get(start..start + length).unwrap_or_default();
            start += length;
            Field { name, value }
        })
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        self.text == other.text && self.names == other.names
    }
}

impl Eq for Fields {}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|field| (field.name, field.value))).finish()
    }
}
