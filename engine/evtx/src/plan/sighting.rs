//! What a record shows, by the raw values of its instance before anything is decoded.

use rdpwhy_event::{Class, Event, Marks, Shown, Sight};

use crate::template::instance::{Value, is_left_out};
use crate::template::rendering::push_value;
use rdpwhy_event::hash::HashMap;

/// Values of one field whose class is remembered.
const MAX_KNOWN: usize = 1 << 13;
/// Longer values are mostly different ones.
const MAX_REMEMBERED: usize = 128;

/// The number of a [`Sighting`] among those of a worker.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct SightId(pub(crate) usize);

/// Where a payload has the one value of a field.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Spot {
    Nowhere,
    /// In the instance's value of this number, unless the other one is null.
    Value {
        value: usize,
        dependency: Option<usize>,
    },
}

/// A sight, and the classes of the values it was asked about.
pub(crate) struct Sighting<'w> {
    sight: Box<dyn Sight + 'w>,
    known: Vec<Known>,
    classes: Vec<Class>,
    key: Vec<u8>,
    text: Vec<u8>,
}

/// Classes of one field's values; `None` where the sight does not say.
#[derive(Default)]
struct Known {
    absent: Option<Option<Class>>,
    /// By type and bytes.
    by_value: HashMap<Box<[u8]>, Option<Class>>,
    /// Type and bytes of the value asked about last, if any, and its class: many records in a row have the same.
    last: Vec<u8>,
    last_class: Option<Class>,
}

impl<'w> Sighting<'w> {
    pub(crate) fn new(sight: Box<dyn Sight + 'w>) -> Sighting<'w> {
        let known = sight.fields().iter().map(|_| Known::default()).collect();
        Sighting { sight, known, classes: Vec::new(), key: Vec::new(), text: Vec::new() }
    }

    /// The fields that are asked about.
    pub(crate) fn fields(&self) -> &[&str] {
        self.sight.fields()
    }

    /// What a record shows whose payload has the fields asked about at these spots.
    pub(crate) fn shown(&mut self, spots: &[Spot], chunk: &[u8], values: &[Value]) -> Shown {
        self.classes.clear();
        for (field, spot) in spots.iter().enumerate() {
            let class = match *spot {
                Spot::Value { value, dependency } if !is_left_out(dependency, values) => {
                    values.get(value).and_then(|value| self.class(field, *value, chunk))
                }
                _ => self.absent(field),
            };
            let Some(class) = class else { return Shown::Unsure };
            self.classes.push(class);
        }
        self.sight.shown(&self.classes)
    }

    /// What an event shows.
    pub(crate) fn marks(&mut self, event: &Event) -> Option<Marks> {
        self.sight.marks(event)
    }

    fn absent(&mut self, field: usize) -> Option<Class> {
        *self.known[field].absent.get_or_insert_with(|| self.sight.class(field, None))
    }

    fn class(&mut self, field: usize, value: Value, chunk: &[u8]) -> Option<Class> {
        let bytes = value.bytes(chunk);
        let known = &self.known[field];
        if let Some((kind, last)) = known.last.split_first()
            && *kind == value.kind
            && last == bytes
        {
            return known.last_class;
        }
        let class = self.known_class(field, value, bytes);
        let known = &mut self.known[field];
        known.last.clear();
        known.last.push(value.kind);
        known.last.extend_from_slice(bytes);
        known.last_class = class;
        class
    }

    /// The class as the sight was asked before, or is now.
    fn known_class(&mut self, field: usize, value: Value, bytes: &[u8]) -> Option<Class> {
        self.key.clear();
        self.key.push(value.kind);
        self.key.extend_from_slice(bytes);
        if let Some(known) = self.known[field].by_value.get(&*self.key) {
            return *known;
        }
        let class = self.ask(field, value, bytes);
        if bytes.len() <= MAX_REMEMBERED {
            let known = &mut self.known[field].by_value;
            if known.len() == MAX_KNOWN {
                known.clear();
            }
            known.insert(self.key.as_slice().into(), class);
        }
        class
    }

    fn ask(&mut self, field: usize, value: Value, bytes: &[u8]) -> Option<Class> {
        if !value.is_scalar() {
            return None;
        }
        self.text.clear();
        push_value(value.kind, bytes, &mut self.text)?;
        self.sight.class(field, Some(std::str::from_utf8(&self.text).ok()?))
    }
}
