//! Names that recur in every record, stored once.

use crate::hash::HashSet;
use std::sync::Arc;

use crate::event::Heading;
use crate::fields::{FieldNames, NameList};

/// Names kept at most; the next one starts the set anew. Real logs contain a few thousand, crafted ones any number.
const MAX_NAMES: usize = 1 << 16;

/// A set of shared strings: the same text gives the same `Arc` as long as the set lasts.
#[derive(Debug, Default)]
pub struct Names {
    set: HashSet<Arc<str>>,
    lists: HashSet<FieldNames>,
    headings: HashSet<Arc<Heading>>,
    positions: Vec<Arc<str>>,
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

    /// The shared list of these names.
    pub fn list(&mut self, names: Vec<Arc<str>>) -> FieldNames {
        let list = NameList::new(names);
        if let Some(known) = self.lists.get(&list) {
            return Arc::clone(known);
        }
        if self.lists.len() >= MAX_NAMES {
            self.lists.clear();
        }
        let list = Arc::new(list);
        self.lists.insert(Arc::clone(&list));
        list
    }

    /// The shared heading that is equal to this one.
    pub fn heading(&mut self, heading: Heading) -> Arc<Heading> {
        if let Some(known) = self.headings.get(&heading) {
            return Arc::clone(known);
        }
        if self.headings.len() >= MAX_NAMES {
            self.headings.clear();
        }
        let heading = Arc::new(heading);
        self.headings.insert(Arc::clone(&heading));
        heading
    }

    /// `Data[position]`, the name of an unnamed data element.
    pub fn data(&mut self, position: usize) -> Arc<str> {
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
