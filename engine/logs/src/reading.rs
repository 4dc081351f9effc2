//! Everything that was read.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::FileTime;
use crate::event::{Event, FileId};
use crate::input::{self, Input, Inputs};
use crate::log::Log;
use crate::log_file::{LogReading, NoLog, Sharing, Workers, read_log};
use crate::recovery;
use crate::tally::{Tally, TallyBuilder};
use crate::warning::Warning;

/// Logs of at least this many bytes are read one at a time, each by all threads; smaller ones side by side.
const LARGE: u64 = 8 << 20;
/// Stack of the reading threads: the decoder recurses into nested elements.
const STACK: usize = 8 << 20;

/// Which records anything downstream could use.
pub trait Wants: Sync {
    /// Whether to decode records of this provider, event id and channel. Must give the same answer every time.
    fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool;

    /// Whether to keep a wanted record's event, now that its values are known. What is dropped here costs its
    /// decoding, but no memory; it stays in the tally.
    fn keeps(&self, _event: &Event) -> bool {
        true
    }
}

/// A closure of the same shape.
impl<F: Fn(&str, u32, &str) -> bool + Sync> Wants for F {
    fn wants(&self, provider: &str, event_id: u32, channel: &str) -> bool {
        self(provider, event_id, channel)
    }
}

/// Told how far the reading is, from any thread.
pub trait Progress: Sync {
    /// How much there is to read; called once, first.
    fn found(&self, files: usize, bytes: u64);
    /// That many more bytes have been read.
    fn read(&self, bytes: u64);
}

/// Nobody is told.
impl Progress for () {
    fn found(&self, _files: usize, _bytes: u64) {}
    fn read(&self, _bytes: u64) {}
}

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Threads to use; by default as many as there are processors. The result is the same.
    pub threads: Option<NonZeroUsize>,
    /// Look for records that no log holds any more, too: in the free space of chunks, in chunks that are not where a
    /// log has its chunks, and in files that are no log. They are marked as [`Event::recovered`], and are in no
    /// [`Span`](crate::Span) and no [`Tally`].
    pub recover: bool,
}

/// Everything that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// By name.
    pub logs: Vec<Log>,
    /// The wanted records, by time, computer, channel, record id, log, and then as stored.
    pub events: Vec<Event>,
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
        self.unread > 0 || self.logs.iter().any(|log| !log.whole)
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
    #[error("no files or folders given; name the event logs (.evtx) to read, or the folder they are in")]
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

/// Reads the logs in the files and folders given.
///
/// The result depends on their contents and names alone: not on the order of `inputs`, the number of threads, or
/// where the folders are.
///
/// # Errors
/// [`ReadError`] when no log could be read at all. Everything else is a [`Warning`].
pub fn read(
    inputs: &[PathBuf],
    wants: &dyn Wants,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Reading, ReadError> {
    if inputs.is_empty() {
        return Err(ReadError::NoInputs);
    }
    let inputs = input::find(inputs);
    progress.found(inputs.files.len(), inputs.files.iter().map(|file| file.bytes).sum());
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.map_or(0, NonZeroUsize::get))
        .stack_size(STACK)
        .build()
        .map_err(|error| ReadError::Threads(error.to_string()))?;
    let readings =
        pool.install(|| read_files(&inputs.files, &Workers::new(wants, options.recover), progress));
    pool.install(|| combine(inputs, readings))
}

type Outcome = Result<LogReading, NoLog>;

/// Reads the files, in their order.
fn read_files(files: &[Input], workers: &Workers<'_>, progress: &dyn Progress) -> Vec<Outcome> {
    let read = |file: &Input, sharing| {
        let input = File::open(&file.path)?;
        read_log(input, &file.name, workers, sharing, progress)
    };
    let mut outcomes: Vec<Option<Outcome>> =
        files.par_iter().map(|file| (file.bytes < LARGE).then(|| read(file, Sharing::OneThread))).collect();
    for (outcome, file) in outcomes.iter_mut().zip(files) {
        if outcome.is_none() {
            *outcome = Some(read(file, Sharing::AllThreads));
        }
    }
    outcomes.into_iter().flatten().collect()
}

fn combine(inputs: Inputs, outcomes: Vec<Outcome>) -> Result<Reading, ReadError> {
    let Inputs { files, mut warnings, mut unread } = inputs;
    let (mut logs, mut events, mut tally): (Vec<Log>, Vec<Event>, _) =
        (Vec::new(), Vec::new(), TallyBuilder::default());
    let mut carved = Vec::new();
    for (file, outcome) in files.iter().zip(outcomes) {
        let mut reading = match outcome {
            Ok(reading) => reading,
            Err(why) => {
                unread += 1;
                warnings.push(match why {
                    NoLog::Foreign(foreign) => foreign.warning(&file.name),
                    NoLog::Io(error) => input::unreadable(&file.name, &error),
                });
                continue;
            }
        };
        if let Some(twin) = logs.iter().find(|log| log.sha256 == reading.log.sha256) {
            let message = format!("the same, byte for byte, as {}; it is counted once", twin.name);
            warnings.push(Warning::new("input::same-content", &file.name, message));
            continue;
        }
        reading.number(FileId(u32::try_from(logs.len()).unwrap_or(u32::MAX)));
        carved.append(&mut reading.carved);
        logs.push(reading.log);
        if events.is_empty() {
            events = reading.events;
        } else {
            events.append(&mut reading.events);
        }
        tally.merge(reading.tally);
        warnings.append(&mut reading.warnings);
    }
    if logs.is_empty() {
        warnings.sort();
        return Err(ReadError::NoLogs(warnings));
    }
    for event in recovery::settle(&events, carved) {
        logs[event.file.0 as usize].recovered += 1;
        events.push(event);
    }
    sort(&mut events);
    warnings.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Reading { logs, events, tally: tally.finish(), warnings, unread })
}

/// Puts events in order, by time, computer, channel, record id and log; what is equal in all this stays as stored.
/// Logs are by name, so their numbers order as their names.
///
/// It sorts their places, and then moves each event once: events are large, and a sort of their own would need as
/// much memory again.
fn sort(events: &mut [Event]) {
    let key = |event: &Event| (event.time, event.record_id, event.file);
    let compare = |a: &Event, b: &Event| {
        let texts = (&a.computer, &a.channel).cmp(&(&b.computer, &b.channel));
        a.time.cmp(&b.time).then(texts).then(key(a).cmp(&key(b)))
    };
    if events.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let mut places: Vec<(FileTime, usize)> =
        events.iter().enumerate().map(|(place, event)| (event.time, place)).collect();
    places.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| compare(&events[a.1], &events[b.1])).then(a.1.cmp(&b.1))
    });
    for start in 0..places.len() {
        // Round each circle of events that take each other's places.
        let mut to = start;
        loop {
            let from = std::mem::replace(&mut places[to].1, to);
            if from == start || from == to {
                break;
            }
            events.swap(to, from);
            to = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Names, parse_event_xml};

    proptest! {
        #[test]
        fn events_come_in_order_and_equal_ones_as_stored(keys in prop::collection::vec((0u64..3, 0u64..3, 0usize..2), 0..40)) {
            let mut names = Names::default();
            let channels = ["A", "B"].map(|channel| {
                let xml = format!("<Event><System><EventID>7</EventID><Channel>{channel}</Channel></System></Event>");
                parse_event_xml(&xml, &mut names).unwrap().0
            });
            let event = |(place, &(time, record_id, channel)): (usize, &(u64, u64, usize))| {
                let header_id = place as u64;
                Event { time: FileTime(time), record_id, header_id, ..channels[channel].clone() }
            };
            let mut events: Vec<Event> = keys.iter().enumerate().map(event).collect();
            let mut expected = events.clone();
            expected.sort_by_key(|event| (event.time, event.channel.clone(), event.record_id));
            sort(&mut events);
            prop_assert_eq!(events, expected);
        }
    }
}
