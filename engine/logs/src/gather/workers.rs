//! Workers lent to whoever reads a part of a log.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use rdpwhy_event::{FileTime, Wants, Wording};
use rdpwhy_evtx::{Kind, Watch, WatchedRecord, Worker};

use crate::gather::retention::Retention;

/// Workers lent to whoever reads a chunk; each is used by one thread at a time.
pub(crate) struct Workers<'w> {
    wants: &'w dyn Wants,
    /// Records to be listed one by one.
    watch: Option<&'w Watch>,
    /// Look for records that no log contains any more, too.
    pub(crate) recover: bool,
    /// The zone of times that come without one.
    zone: Option<TimeZone>,
    /// From when on events are held.
    pub(crate) retention: Retention<'w>,
    idle: Mutex<Vec<Worker<'w>>>,
}

impl<'w> Workers<'w> {
    pub(crate) fn new(wants: &'w dyn Wants, recover: bool) -> Workers<'w> {
        let retention = Retention::new(usize::MAX, wants);
        Workers { wants, watch: None, recover, zone: None, retention, idle: Mutex::new(Vec::new()) }
    }

    /// Holds at most this many events, the newest, and the rest of the minute of the oldest of them.
    ///
    /// Long values are cut, unless they are to be held whole.
    pub(crate) fn holding(self, most: usize, whole: bool) -> Workers<'w> {
        Workers { retention: Retention::new(most, self.wants).whole(whole), ..self }
    }

    /// Reads times that come without a zone as local times of this one.
    pub(crate) fn in_zone(self, zone: Option<TimeZone>) -> Workers<'w> {
        Workers { zone, ..self }
    }

    /// The message texts by which records are read that come without their values.
    pub(crate) fn wording(&self) -> Option<&Wording> {
        self.wants.wording()
    }

    /// The zone of times that come without one.
    pub(crate) fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// Workers that also list the records watched.
    pub(crate) fn watching(wants: &'w dyn Wants, watch: &'w Watch) -> Workers<'w> {
        Workers { watch: Some(watch), ..Workers::new(wants, false) }
    }

    /// The record, if it is watched.
    pub(crate) fn watched(&self, kind: &Arc<Kind>, record_id: u64, time: FileTime) -> Option<WatchedRecord> {
        self.watch?.record(kind, record_id, time)
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Worker<'w>) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = idle.unwrap_or_else(|| Worker::new(self.wants, self.watch, self.recover));
        let result = work(&mut worker);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        result
    }
}

/// How the chunks of a batch are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Among all threads, for the log is large.
    AllThreads,
    /// Not at all: other threads read other logs.
    OneThread,
}
