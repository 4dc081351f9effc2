//! What the diagnosis itself tells about names, beside the fields that hold them.

use super::forms::Forms;
use super::named::{Kind, Named, Naming};
use super::pen::Pen;
use crate::diagnosis::result::{Field, Sentence, Warning};
use std::collections::BTreeSet;

/// Reads every place where names can stand, and changes none.
pub(super) struct Gather<'f> {
    naming: Naming,
    forms: &'f Forms,
    /// Addresses, SIDs and the like.
    others: BTreeSet<String>,
}

impl<'f> Gather<'f> {
    pub(super) fn new(naming: Naming, forms: &'f Forms) -> Gather<'f> {
        Gather { naming, forms, others: BTreeSet::new() }
    }

    /// All names, and what else is nobody's business.
    pub(super) fn finish(self) -> (Named, BTreeSet<String>) {
        (self.naming.finish(), self.others)
    }

    fn read(&mut self, text: &str) {
        self.naming.told(text, self.forms);
        let found =
            self.forms.find(text).into_iter().filter(|found| found.form != super::forms::Form::Secret);
        self.others.extend(found.map(|found| text[found.range].to_owned()));
    }
}

impl Pen for Gather<'_> {
    fn value(&mut self, value: &mut String) {
        self.read(value);
    }

    fn sentence(&mut self, sentence: &mut Sentence) {
        sentence.values().for_each(|value| self.read(value));
    }

    fn words(&mut self, _: &mut String) {}

    fn field(&mut self, field: &mut Field) {
        self.read(&field.value);
    }

    fn file(&mut self, _: &mut String) {}

    fn warning(&mut self, warning: &mut Warning) {
        match warning {
            Warning::Input(warning) => {
                let place = [warning.file.as_ref(), warning.place.as_ref()];
                let parts = place.into_iter().chain([Some(&warning.message), warning.help.as_ref()]);
                parts.flatten().for_each(|part| self.read(part));
            }
            // Such sentences quote machines, and whom and what the ticket names.
            Warning::Basis(sentence) => {
                sentence.values().for_each(|value| self.naming.machine(value, Kind::Machine));
            }
        }
    }
}
