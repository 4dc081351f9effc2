//! Names by number, where few of them stand in many attempts.

use rdpwhy_event::hash::HashMap;

/// Numbers names so that those have the same number that are equal in the form in which they are compared.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    form: fn(&str) -> String,
    of_name: HashMap<&'a str, usize>,
    of_form: HashMap<String, usize>,
}

impl<'a> Numbers<'a> {
    /// Numbers of names that are compared in this form.
    pub(crate) fn new(form: fn(&str) -> String) -> Self {
        Numbers { form, of_name: HashMap::default(), of_form: HashMap::default() }
    }

    /// The number of the name.
    pub(crate) fn of(&mut self, name: &'a str) -> usize {
        if let Some(number) = self.of_name.get(name) {
            return *number;
        }
        let next = self.of_form.len();
        let number = *self.of_form.entry((self.form)(name)).or_insert(next);
        self.of_name.insert(name, number);
        number
    }
}
