//! Names that recur in every record, stored once.

use std::collections::HashSet;
use std::sync::Arc;

/// Names kept at most; the next one starts the set anew. Real logs hold a few thousand, crafted ones any number.
const MAX_NAMES: usize = 1 << 16;

/// Fields of a record that are remembered for the next one.
const MAX_LAST: usize = 64;
/// Bytes of a value that is worth looking for among the others; longer ones rarely recur.
const LONGEST_VALUE: usize = 64;

/// A set of shared strings: the same text gives the same `Arc` as long as the set lasts.
#[derive(Debug, Default)]
pub struct Names {
    set: HashSet<Arc<str>>,
    positions: Vec<Arc<str>>,
    /// Names and values of the fields read last, by position: records of one kind follow each other, and a look
    /// at the one before is cheaper than a look into the set.
    last: Vec<(Arc<str>, Arc<str>)>,
}

impl Names {
    /// The shared string of `text`.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.set.get(text) {
            return Arc::clone(name);
        }
        if self.set.len() >= MAX_NAMES {
            self.set.clear();
        }
        let name: Arc<str> = text.into();
        self.set.insert(Arc::clone(&name));
        name
    }

    /// The shared strings of a field's name and value, which is the `position`th of its record. Values that are
    /// too long to recur are not shared.
    pub(crate) fn field(&mut self, position: usize, name: &str, value: &str) -> (Arc<str>, Arc<str>) {
        let last = self.last.get(position);
        let known_name = last.filter(|(last, _)| **last == *name).map(|(name, _)| Arc::clone(name));
        let known_value = last.filter(|(_, last)| **last == *value).map(|(_, value)| Arc::clone(value));
        let all_known = known_name.is_some() && known_value.is_some();
        let name = known_name.unwrap_or_else(|| self.shared(name));
        let value = match known_value {
            Some(value) => value,
            None if value.len() > LONGEST_VALUE => value.into(),
            None => self.shared(value),
        };
        if !all_known {
            self.remember(position, (&name, &value));
        }
        (name, value)
    }

    fn remember(&mut self, position: usize, (name, value): (&Arc<str>, &Arc<str>)) {
        let pair = (Arc::clone(name), Arc::clone(value));
        if let Some(last) = self.last.get_mut(position) {
            *last = pair;
        } else if position == self.last.len() && position < MAX_LAST {
            self.last.push(pair);
        }
    }

    /// `Data[position]`, the name of an unnamed data element.
    pub(crate) fn data(&mut self, position: usize) -> Arc<str> {
        if let Some(name) = self.positions.get(position) {
            return Arc::clone(name);
        }
        let name: Arc<str> = format!("Data[{position}]").into();
        if position == self.positions.len() && position < MAX_NAMES {
            self.positions.push(Arc::clone(&name));
        }
        name
    }
}
