//! The fields of an event while it is read.

use std::sync::Arc;

use crate::{Fields, Names};

/// Bytes that a field name may have.
///
/// Real names have fewer than a hundred. The nested elements of a crafted record could otherwise make each name as long as
/// the record. Elements nested more deeply take the name of the element that contains them.
pub const MAX_FIELD_NAME: usize = 1024;

/// Fields collected one at a time, in document order; [`FieldList::finish`] turns them into [`Fields`].
///
/// # Example
/// ```
/// use rdpwhy_event::{FieldList, Names};
/// let mut names = Names::default();
/// let mut list = FieldList::default();
/// list.push(names.shared("User"), "anna");
/// assert_eq!(list.finish(&mut names).named("User").next(), Some("anna"));
/// ```
#[derive(Debug, Default)]
pub struct FieldList {
    names: Vec<Arc<str>>,
    text: String,
    ends: Vec<usize>,
}

impl FieldList {
    /// Appends a field.
    pub fn push(&mut self, name: Arc<str>, value: &str) {
        self.text.push_str(value);
        self.names.push(name);
        self.ends.push(self.text.len());
    }

    /// The fields, which share their list of names with other events that have the same one.
    pub fn finish(self, names: &mut Names) -> Fields {
        let FieldList { names: list, text, ends } = self;
        Fields::new(names.list(list), text.as_bytes(), &ends).expect("each name has its value")
    }
}
