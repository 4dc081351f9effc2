//! The diagnosis with nothing of the records in it: what a report of it says are words of our own.

use super::fold::fold;
use super::pen::Pen;
use crate::diagnosis::result::{Field, Sentence, Warning};
use crate::world::address::machine_key;
use std::collections::BTreeMap;

/// What the stand-ins begin with.
pub(super) const WORD: &str = "VALUE";

/// Puts a stand-in for every value, the same for what reports take for the same.
#[derive(Default)]
pub(super) struct Blank {
    given: BTreeMap<String, usize>,
}

impl Pen for Blank {
    fn value(&mut self, value: &mut String) {
        let next = self.given.len() + 1;
        let number = *self.given.entry(fold(&machine_key(value))).or_insert(next);
        if !value.is_empty() {
            *value = format!("{WORD}-{number}");
        }
    }

    fn sentence(&mut self, sentence: &mut Sentence) {
        *sentence = sentence.with_values(|value| self.value(value));
    }

    /// They are the report's words as well, as they stand in a redacted diagnosis.
    fn words(&mut self, _: &mut String) {}

    fn field(&mut self, field: &mut Field) {
        self.value(&mut field.value);
    }

    /// Of a redacted diagnosis they are pseudonyms, and names of channels.
    fn file(&mut self, _: &mut String) {}

    fn warning(&mut self, warning: &mut Warning) {
        match warning {
            Warning::Input(warning) => {
                let place = [warning.file.as_mut(), warning.place.as_mut()];
                let parts = place.into_iter().chain([Some(&mut warning.message), warning.help.as_mut()]);
                parts.flatten().for_each(|part| self.value(part));
            }
            Warning::Basis(sentence) => self.sentence(sentence),
        }
    }
}
