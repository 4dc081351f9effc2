//! Which records of a log are to be decoded, and what they show.

use std::sync::Arc;

use crate::{Event, Wording};

/// Which records anything downstream could use.
pub trait Wants: Sync {
    /// Whether to decode records of this provider, event id and channel. Must give the same answer every time.
    fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool;

    /// How to look at the records of a wanted kind: asked for once by each thread.
    fn sight(&self, _provider: &str, _event_id: u32, _channel: &str) -> Box<dyn Sight + '_> {
        Box::new(Everything)
    }

    /// Who the event says a connection came from: what it is summed up by when it is too old to be held. Must give the
    /// same answer for the same event every time.
    fn source(&self, _event: &Event) -> Option<String> {
        None
    }

    /// The message texts by which records are read that come without their values. Must give the same answer every
    /// time.
    fn wording(&self) -> Option<&Wording> {
        None
    }
}

/// A closure of the same shape; everything wanted is kept.
impl<F: Fn(&str, u32, &str) -> bool + Sync> Wants for F {
    fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool {
        self(provider, event_id, channel)
    }
}

/// How to look at records of one provider, event id and channel.
///
/// What a record shows mostly depends on few values of few fields. These are asked about one by one, before anything
/// else of the record is decoded; the answers, by value, are remembered. What shows nothing costs no more than that, and no
/// memory; it stays in the tally. All answers must be the same every time.
pub trait Sight: Send {
    /// The payload fields that are asked about.
    fn fields(&self) -> &[&str];

    /// The class of a value of the field of that number, and of its absence. Records whose fields have one value each, or
    /// none, and of the same classes, show the same. `None`: it is not told.
    fn class(&mut self, field: usize, value: Option<&str>) -> Option<Class>;

    /// What records show whose fields are of these classes.
    fn shown(&mut self, classes: &[Class]) -> Shown;

    /// What the event shows, now that all its values are known; `None`: nothing.
    fn marks(&mut self, event: &Event) -> Option<Marks>;
}

/// The number of a class of values, in the order in which a [`Sight`] met them.
#[derive(Debug, Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub u32);

/// What can be told of a record from the classes of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// What it shows; `None`: nothing.
    Marks(Option<Marks>),
    /// It takes the event.
    Unsure,
}

struct Everything;

impl Sight for Everything {
    fn fields(&self) -> &[&str] {
        &[]
    }

    fn class(&mut self, _field: usize, _value: Option<&str>) -> Option<Class> {
        None
    }

    fn shown(&mut self, _classes: &[Class]) -> Shown {
        Shown::Marks(Some(Marks::default()))
    }

    fn marks(&mut self, _event: &Event) -> Option<Marks> {
        Some(Marks::default())
    }
}

/// What an event shows, as numbers of whoever reads on, who asked for it by [`Wants`].
///
/// One pointer, for events are many; those that show the same mostly share it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(Option<Arc<Box<[u32]>>>);

impl Marks {
    /// These numbers, in the order given.
    #[must_use]
    pub fn new(numbers: &[u32]) -> Marks {
        Marks((!numbers.is_empty()).then(|| Arc::new(numbers.into())))
    }

    /// The numbers.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        self.0.as_ref().map_or(&[], |numbers| numbers)
    }
}
