//! What records and attempts share with others, by number: comparing numbers costs nothing, and there are many records.

use crate::attempts::attempt::Attempt;
use crate::world::address::{Address, user_key};
use crate::world::timeline::Timeline;
use rdpwhy_rules::{Pack, Role, Shared};
use std::collections::HashMap;

/// A value of an attribute. Numbers of the same [`Keys`] are equal where the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key(u32);

/// Stands for "the record tells none".
const NONE: u32 = u32::MAX;
/// Events whose values are read in one go.
const BATCH: usize = 4096;

/// The client address, user and session that each event tells, in the form in which they are compared.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    numbers: HashMap<String, u32>,
    of_event: Vec<[u32; 3]>,
}

impl Keys {
    /// Reads the values of all events.
    pub(crate) fn new(timeline: &Timeline<'_>, pack: &Pack) -> Keys {
        use rayon::prelude::*;
        let events: Vec<u32> = (0..u32::try_from(timeline.events.len()).unwrap_or(NONE)).collect();
        let values = |&event: &u32| {
            let role = |role| timeline.role(pack, event, role);
            [
                role(Role::Address).map(|text| Address::parse(text).host),
                role(Role::User).map(user_key),
                role(Role::Session).map(str::to_owned),
            ]
        };
        let mut keys = Keys { of_event: Vec::with_capacity(events.len()), ..Keys::default() };
        // In batches: each text lives until it has its number, and no longer.
        for batch in events.chunks(64 * BATCH) {
            let read: Vec<[Option<String>; 3]> = batch.par_iter().with_min_len(BATCH).map(values).collect();
            for texts in read {
                let numbers = texts.map(|text| text.map_or(NONE, |text| keys.number(text)));
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

    /// What the attempt knows, where any event tells the same.
    pub(crate) fn of_attempt(&self, attempt: &Attempt, shared: Shared) -> Option<Key> {
        let find = |text: &str| self.numbers.get(text).map(|number| Key(*number));
        match shared {
            Shared::Address => attempt.source().and_then(find),
            Shared::User => attempt.user.as_deref().and_then(|user| find(&user_key(user))),
            Shared::Session => attempt.session.as_deref().and_then(find),
        }
    }
}

/// The largest number of different keys in any window of `within` ticks; `keys` are in time order.
pub(crate) fn most_different<K: Copy + Eq + std::hash::Hash>(
    keys: &[(i64, K)],
    within: Option<i64>,
) -> usize {
    let mut inside: HashMap<K, usize> = HashMap::new();
    let (mut first, mut most) = (0, 0);
    for &(at, key) in keys {
        *inside.entry(key).or_default() += 1;
        while within.is_some_and(|within| keys[first].0 < at - within) {
            if let Some(count) = inside.get_mut(&keys[first].1) {
                *count -= 1;
                if *count == 0 {
                    inside.remove(&keys[first].1);
                }
            }
            first += 1;
        }
        most = most.max(inside.len());
    }
    most
}

/// The largest number of moments in any window of `within` ticks; they are in order.
pub(crate) fn most(moments: &[i64], within: Option<i64>) -> usize {
    let Some(within) = within else { return moments.len() };
    let (mut first, mut most) = (0, 0);
    for (place, at) in moments.iter().enumerate() {
        while moments[first] < at - within {
            first += 1;
        }
        most = most.max(place + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_are_counted_as_by_hand(mut times in prop::collection::vec((0i64..60, 0u8..5), 0..40), within in 0i64..30) {
            times.sort_unstable();
            let window = |at: i64| times.iter().filter(move |(other, _)| *other <= at && *other >= at - within);
            let different = |at: i64| window(at).map(|(_, key)| *key).collect::<std::collections::BTreeSet<_>>().len();
            let moments: Vec<i64> = times.iter().map(|(at, _)| *at).collect();
            let ends = || moments.iter().copied();
            prop_assert_eq!(most(&moments, Some(within)), ends().map(|at| window(at).count()).max().unwrap_or(0));
            prop_assert_eq!(most_different(&times, Some(within)), ends().map(different).max().unwrap_or(0));
            prop_assert_eq!(most(&moments, None), times.len());
        }
    }
}
