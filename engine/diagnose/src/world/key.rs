//! What records and attempts share with others, by number: comparing numbers costs nothing, and there are many records.

use crate::world::address::{Address, user_key};
use crate::world::recognized::Recognized;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::ladder::Role;
use rdpwhy_rules::phrase::Shared;

/// A value of an attribute. Numbers of the same [`Keys`] are equal where the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key(u32);

/// Stands for "the record tells none".
const NONE: u32 = u32::MAX;
/// Texts whose numbers are remembered as they are written.
const MOST_KNOWN: usize = 1 << 16;
/// Events whose values are read in one go.
const BATCH: usize = 4096;

/// The client address, user and session of an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeysOf([u32; 3]);

impl KeysOf {
    /// Those of one attempt: its client address, user and session.
    pub(crate) fn new(keys: [Option<Key>; 3]) -> KeysOf {
        KeysOf(keys.map(|key| key.map_or(NONE, |key| key.0)))
    }

    /// What it has in common with events, where any event tells the same.
    pub(crate) fn get(self, shared: Shared) -> Option<Key> {
        let number = self.0[shared as usize];
        (number != NONE).then_some(Key(number))
    }
}

/// The client address, user and session that each event tells, in the form in which they are compared.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    numbers: HashMap<String, u32>,
    of_event: Vec<[u32; 3]>,
}

impl Keys {
    /// Reads the values of all events.
    pub(crate) fn new(recognized: &Recognized<'_>) -> Keys {
        use rayon::prelude::*;
        let events: Vec<u32> = (0..u32::try_from(recognized.events.len()).unwrap_or(NONE)).collect();
        let values = |&event: &u32| {
            [Role::Address, Role::User, Role::Session].map(|role| recognized.role(event, role))
        };
        let forms: [fn(&str) -> String; 3] =
            [|text| (*Address::parse(text).host).to_owned(), user_key, str::to_owned];
        let mut keys = Keys { of_event: Vec::with_capacity(events.len()), ..Keys::default() };
        // The same few texts stand in many events.
        let mut known: [HashMap<&str, u32>; 3] = Default::default();
        for batch in events.chunks(64 * BATCH) {
            let read: Vec<[Option<&str>; 3]> = batch.par_iter().with_min_len(BATCH).map(values).collect();
            for texts in read {
                let mut numbers = [NONE; 3];
                for (place, text) in texts.into_iter().enumerate() {
                    let Some(text) = text else { continue };
                    if known[place].len() > MOST_KNOWN {
                        known[place].clear();
                    }
                    let number = |keys: &mut Keys| keys.number(forms[place](text));
                    numbers[place] = *known[place].entry(text).or_insert_with(|| number(&mut keys));
                }
                keys.of_event.push(numbers);
            }
        }
        keys
    }

    fn number(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(NONE);
        *self.numbers.entry(text).or_insert(next)
    }

    /// What the event tells.
    pub(crate) fn of_event(&self, event: u32, shared: Shared) -> Option<Key> {
        let number = self.of_event[event as usize][shared as usize];
        (number != NONE).then_some(Key(number))
    }

    /// The number of a value that some event tells, in the form in which it is compared.
    pub(crate) fn find(&self, text: &str) -> Option<Key> {
        self.numbers.get(text).map(|number| Key(*number))
    }
}
