//! Everything that was read.

use rdpwhy_event::{Event, FileId, FileTime, Warning};

use crate::archive::archive_file::ArchiveFile;
use crate::gather::log::Log;
use crate::gather::summary::Sum;
use crate::gather::tally::Tally;

/// Everything that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// By name.
    pub logs: Vec<Log>,
    /// The archives given, by name.
    pub archives: Vec<ArchiveFile>,
    /// The wanted records, by time, computer, channel, record id, log, and then as stored.
    pub events: Vec<Event>,
    /// Where there were too many wanted records: the moment from which on they are in `events`. The older ones are in the
    /// spans, the tally and `older` alone.
    pub events_from: Option<FileTime>,
    /// The wanted records from before that moment, summed up; by computer, source and what they show. `None` where logs
    /// hold the same records, and some would be counted twice.
    pub older: Option<Vec<Sum>>,
    /// All records, by kind and minute.
    pub tally: Tally,
    /// What a reader of the report has to know, by file.
    pub warnings: Vec<Warning>,
    /// How many of the paths given, or of the files in them, could not be read at all.
    pub unread: usize,
}

impl Reading {
    /// Some input could not be read, or not whole.
    pub fn partial(&self) -> bool {
        self.unread > 0 || self.events_from.is_some() || self.logs.iter().any(|log| !log.whole)
    }

    /// The log an event is from.
    pub fn log(&self, file: FileId) -> Option<&Log> {
        self.logs.get(file.0 as usize)
    }
}

/// Nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No path was given.
    #[error(
        "no files or folders given; name the event logs (.evtx) to read, or the folder or archive they are in"
    )]
    NoInputs,
    /// None of the paths led to a log; the warnings, at least one, say why, each.
    #[error("no event log to read{}", list(.0))]
    NoLogs(Vec<Warning>),
    /// The system would not start threads.
    #[error("the threads to read with could not be started ({0}); try with fewer")]
    Threads(String),
}

fn list(warnings: &[Warning]) -> String {
    warnings.iter().map(|warning| format!("\n{warning}")).collect()
}
