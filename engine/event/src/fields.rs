//! The values of an event's payload.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// The values of a payload in document order, each under its name.
///
/// All values are in one text, and events of the same kind share their names: most of what is kept of a log is
/// this.
#[derive(Clone)]
pub struct Fields {
    names: FieldNames,
    /// As many lengths as names, see [`push_length`], then the values.
    text: Box<str>,
}

/// The names of an event's fields, shared among the events that have the same.
pub type FieldNames = Arc<NameList>;

/// Names of fields, in document order.
#[derive(Debug)]
pub struct NameList {
    names: Vec<Arc<str>>,
    /// One for each name; names of different marks differ. What is asked for is mostly not there, and this tells
    /// so without a look at the names.
    marks: Vec<u32>,
}

impl NameList {
    /// The list of these names.
    pub fn new(names: Vec<Arc<str>>) -> NameList {
        NameList { marks: names.iter().map(|name| mark(name)).collect(), names }
    }

    /// Where in the list a name is; for `Data`, where none is called so, the places of the unnamed ones.
    pub fn places<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = usize> + use<'a, 'n> {
        // The unnamed ones, unless one is called so.
        let positional = name == "Data" && !self.names.iter().any(|own| **own == *name);
        let mark = mark(name);
        let is_hit = move |place: usize| match positional {
            true => self.names[place].starts_with("Data["),
            false => *self.names[place] == *name,
        };
        let marks = self.marks.iter().enumerate();
        let hits = marks.filter(move |&(place, own)| (positional || *own == mark) && is_hit(place));
        hits.map(|(place, _)| place)
    }
}

impl PartialEq for NameList {
    fn eq(&self, other: &NameList) -> bool {
        self.names == other.names
    }
}

impl Eq for NameList {}

impl std::hash::Hash for NameList {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.names.hash(state);
    }
}

/// Three of a name's bytes, and the end of its length.
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let last = bytes.len().saturating_sub(1);
    u32::from_le_bytes([byte(0), byte(last / 2), byte(last), bytes.len().to_le_bytes()[0]])
}

/// What is at the end of a value that was cut.
const MARK: &str = "…";

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
    pub fn new(names: FieldNames, values: &[u8], ends: &[usize]) -> Option<Fields> {
        let starts = std::iter::once(&0).chain(ends);
        let lengths = || starts.clone().zip(ends).map(|(start, end)| end.checked_sub(*start));
        let room = lengths().map(|length| Some(length?.checked_ilog2().unwrap_or(0) / BITS + 1));
        let room = room.sum::<Option<u32>>()? as usize;
        let mut text = Vec::with_capacity(room + values.len());
        lengths().flatten().for_each(|length| push_length(length, &mut text));
        text.extend_from_slice(values);
        let text = String::from_utf8(text).ok()?;
        let fits = names.names.len() == ends.len() && ends.last().copied().unwrap_or(0) == values.len();
        fits.then(|| Fields { names, text: text.into() })
    }

    /// Bytes of all values together, and of what tells them apart.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// The same, where longer values are cut to this many bytes with `…` at their end; `None` where none is longer.
    pub fn cut(&self, longest: usize) -> Option<Fields> {
        if self.size() <= longest || self.iter().all(|field| field.value.len() <= longest) {
            return None;
        }
        let (mut values, mut ends) = (Vec::new(), Vec::with_capacity(self.len()));
        let kept = longest.saturating_sub(MARK.len());
        for Field { value, .. } in self.iter() {
            if value.len() > longest {
                values.extend_from_slice(&value.as_bytes()[..value.floor_char_boundary(kept)]);
                values.extend_from_slice(MARK.as_bytes());
            } else {
                values.extend_from_slice(value.as_bytes());
            }
            ends.push(values.len());
        }
        Fields::new(Arc::clone(&self.names), &values, &ends)
    }

    /// The values under a name, in document order; under `Data`, where no field is called so, the unnamed ones.
    pub fn named<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.names.places(name).map(|place| self.value(place))
    }

    /// The names, shared among events that have the same.
    #[inline]
    pub fn names(&self) -> &Arc<NameList> {
        &self.names
    }

    /// The value at a place of the list of names; empty beyond its end.
    pub fn value(&self, place: usize) -> &str {
        let lengths = self.text.as_bytes().get(..self.len()).unwrap_or_default();
        // Nearly always no value is so long that its length takes two bytes.
        if place < lengths.len() && lengths.iter().all(|length| *length < MORE) {
            let before: usize = lengths[..place].iter().map(|length| usize::from(*length)).sum();
            let start = self.len() + before;
            return self.text.get(start..start + usize::from(lengths[place])).unwrap_or_default();
        }
        let (mut start, mut before, mut own) = (0, 0, 0);
        for at in 0..self.len() {
            let length;
            (length, start) = length_at(self.text.as_bytes(), start);
            match at.cmp(&place) {
                Ordering::Less => before += length,
                Ordering::Equal => own = length,
                Ordering::Greater => {}
            }
        }
        self.text.get(start + before..start + before + own).unwrap_or_default()
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.names.names.len()
    }

    /// There are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.names.names.is_empty()
    }

    /// The fields in document order.
    pub fn iter(&self) -> impl Iterator<Item = Field<'_>> {
        let lengths = self.text.as_bytes();
        let (mut start, mut at) = (0, 0);
        for _ in 0..self.len() {
            (_, start) = length_at(lengths, start);
        }
        self.names.names.iter().map(move |name| {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_values_are_cut_between_letters() {
        let names = ["A", "B", "C"].map(Arc::from).into();
        let fields =
            Fields::new(Arc::new(NameList::new(names)), "xyäöüß12".as_bytes(), &[2, 10, 12]).unwrap();
        let values = |fields: &Fields| fields.iter().map(|field| field.value.to_owned()).collect::<Vec<_>>();
        assert_eq!(values(&fields.cut(5).unwrap()), ["xy", "ä…", "12"]);
        assert_eq!(fields.cut(8), None);
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(pairs in prop::collection::vec(("[ABa]{0,3}|Data(\\[[0-9]\\])?", "\\PC{0,90}"), 0..8)) {
            let names = pairs.iter().map(|(name, _)| name.as_str().into()).collect();
            let (mut text, mut ends) = (String::new(), Vec::new());
            for (_, value) in &pairs {
                text.push_str(value);
                ends.push(text.len());
            }
            let fields = Fields::new(Arc::new(NameList::new(names)), text.as_bytes(), &ends).unwrap();
            let out: Vec<_> = fields.iter().map(|field| (field.name.to_owned(), field.value.to_owned())).collect();
            prop_assert_eq!(&out, &pairs);
            for (name, _) in pairs.iter().filter(|(name, _)| name != "Data") {
                let expected = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
                prop_assert!(fields.named(name).eq(expected));
            }
            let is_called_so = pairs.iter().any(|(name, _)| name == "Data");
            let is_data = |name: &str| if is_called_so { name == "Data" } else { name.starts_with("Data[") };
            let expected = pairs.iter().filter(|(name, _)| is_data(name)).map(|(_, value)| value.as_str());
            prop_assert!(fields.named("Data").eq(expected));
        }
    }
}
