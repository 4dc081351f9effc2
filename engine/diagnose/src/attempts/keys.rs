//! What attempts have in common with records.

use crate::attempts::attempt::Attempt;
use crate::world::key::{Key, Keys, KeysOf};
use crate::world::numbers::Numbers;
use rdpwhy_event::hash::HashMap;
use rdpwhy_rules::phrase::Shared;

/// The sources of all attempts, by number: few addresses stand in many attempts.
pub(crate) fn sources(attempts: &[Attempt]) -> Vec<Option<usize>> {
    let mut numbers = Numbers::new(str::to_owned);
    attempts.iter().map(|attempt| attempt.source().map(|source| numbers.of(source))).collect()
}

/// What each of the attempts has in common with events.
pub(crate) fn keys_of(attempts: &[Attempt], keys: &Keys) -> Vec<KeysOf> {
    // Few names stand in many attempts, and each has to be put into the form in which it is compared.
    let mut users: HashMap<&str, Option<Key>> = HashMap::default();
    let of = |attempt: &'_ Attempt, shared| attempt.key(keys, shared);
    let mut found = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        let user = attempt.user.as_deref();
        let user = user.and_then(|user| *users.entry(user).or_insert_with(|| of(attempt, Shared::User)));
        found.push(KeysOf::new([of(attempt, Shared::Address), user, of(attempt, Shared::Session)]));
    }
    found
}
