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
    /// where that does not fit together, or `values` is no text.
    pub(crate) fn new(names: FieldNames, values: &[u8], ends: &[usize]) -> Option<Fields> {
        let starts = std::iter::once(&0).chain(ends);
        let lengths = || starts.clone().zip(ends).map(|(start, end)| end.checked_sub(*start));
        let room = lengths().map(|length| Some(length?.checked_ilog2().unwrap_or(0) / BITS + 1));
        let room = room.sum::<Option<u32>>()? as usize;
        let mut text = Vec::with_capacity(room + values.len());
        lengths().flatten().for_each(|length| push_length(length, &mut text));
        text.extend_from_slice(values);
        let text = String::from_utf8(text).ok()?;
        let fits = names.len() == ends.len() && ends.last().copied().unwrap_or(0) == values.len();
        fits.then(|| Fields { names, text: text.into() })
    }

    /// The values whose names are hits, in document order.
    pub(crate) fn named(&self, is_hit: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let any = self.names.iter().any(|name| is_hit(name)).then(|| self.iter());
        any.into_iter().flatten().filter(move |field| is_hit(field.name)).map(|field| field.value)
    }

    /// There is a field of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| **own == *name)
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
