//! What was read of one log.

use std::io;

use rdpwhy_event::{Event, FileId, Warning};
use rdpwhy_evtx::WatchedRecord;

use crate::gather::log::Log;
use crate::gather::tally::TallyBuilder;
use crate::input::unsupported::Unsupported;

/// What a log file held; events in the order they are stored.
#[derive(Debug)]
pub(crate) struct LogReading {
    pub(crate) log: Log,
    pub(crate) events: Vec<Event>,
    /// Records recovered from it, some of which logs may hold all the same.
    pub(crate) carved: Vec<Event>,
    pub(crate) tally: TallyBuilder,
    pub(crate) warnings: Vec<Warning>,
    /// The records that were to be watched.
    pub(crate) watched: Vec<WatchedRecord>,
}

impl LogReading {
    /// Tells every event which log it is from.
    pub(crate) fn number(&mut self, file: FileId) {
        self.events.iter_mut().chain(&mut self.carved).for_each(|event| event.file = file);
    }
}

/// Why a file gave no log.
#[derive(Debug)]
pub(crate) enum NoLog {
    Unsupported(Unsupported),
    Io(io::Error),
}

impl From<io::Error> for NoLog {
    fn from(error: io::Error) -> NoLog {
        NoLog::Io(error)
    }
}
