//! Answers that are looked for once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Answers by what was asked, from any thread. Two threads that ask the same at the same time may both look.
#[derive(Debug)]
pub(crate) struct Memo<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The answer for `key`, which is always the same; looked for where it is not known.
    pub(crate) fn of(&self, key: K, look: impl FnOnce() -> V) -> V {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = look();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
            found
        })
    }
    /// The same, for a key that is not at hand to be kept.
    pub(crate) fn of_ref(&self, key: &K, look: impl FnOnce() -> V) -> V
    where
        K: Clone,
    {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        known.unwrap_or_else(|| self.of(key.clone(), look))
    }
}
