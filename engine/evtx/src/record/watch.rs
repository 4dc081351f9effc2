//! Records to be listed one by one, because more than one log may hold them.

use std::collections::HashMap;
use std::sync::Arc;

use rdpwhy_event::FileTime;

use crate::record::kind::Kind;

/// Channel and computer.
type Key = (Arc<str>, Arc<str>);

/// Which records to list one by one: by channel and computer, those with IDs in a range.
#[derive(Debug, Default)]
pub struct Watch {
    /// From the lowest to the highest record ID.
    ranges: HashMap<Key, (u64, u64)>,
}

/// A record that was watched and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedRecord {
    /// What it is.
    pub kind: Arc<Kind>,
    /// Its ID.
    pub record_id: u64,
    /// Its time.
    pub time: FileTime,
}

impl Watch {
    /// Watches the records of a channel and computer from `first` to `last`, and all between those and the ones watched
    /// before. Ranges have to be added by their first ID.
    pub fn add(&mut self, channel: &Arc<str>, computer: &Arc<str>, first: u64, last: u64) {
        let key = (Arc::clone(channel), Arc::clone(computer));
        let range = self.ranges.entry(key).or_insert((first, last));
        range.1 = range.1.max(last);
    }

    /// The record, if it is watched.
    pub fn record(&self, kind: &Arc<Kind>, record_id: u64, time: FileTime) -> Option<WatchedRecord> {
        let key = (Arc::clone(&kind.channel), Arc::clone(&kind.computer));
        let (first, last) = self.ranges.get(&key)?;
        (*first..=*last).contains(&record_id).then(|| WatchedRecord {
            kind: Arc::clone(kind),
            record_id,
            time,
        })
    }
}
