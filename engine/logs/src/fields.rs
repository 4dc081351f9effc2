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
    text: Box<str>,
    /// Where each value ends in `text`.
    ends: Box<[u32]>,
}

/// The names of an event's fields.
pub(crate) type FieldNames = Arc<[Arc<str>]>;

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
    /// As many names as ends, which lie in `text` and go up.
    pub(crate) fn new(names: FieldNames, text: Box<str>, ends: Box<[u32]>) -> Fields {
        debug_assert!(names.len() == ends.len() && ends.is_sorted(), "a name for each value");
        Fields { names, text, ends }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The fields in document order.
    pub fn iter(&self) -> impl Iterator<Item = Field<'_>> {
        let starts = std::iter::once(&0).chain(&self.ends);
        self.names.iter().zip(starts.zip(&self.ends)).map(|(name, (&start, &end))| Field {
            name,
            value: self.text.get(start as usize..end as usize).unwrap_or_default(),
        })
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        self.text == other.text && self.ends == other.ends && self.names == other.names
    }
}

impl Eq for Fields {}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|field| (field.name, field.value))).finish()
    }
}
