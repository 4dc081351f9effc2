//! Everything that was read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::archive::{ArchiveFile, ArchiveLimits};
use crate::horizon::Horizon;
use crate::input::{self, Inputs};
use crate::input_file::{FileReading, InputFile};
use crate::log::Log;
use crate::log_file::{LogReading, Sharing, Workers};
use crate::overlap::{self, Twin, Watch};
use crate::recovery;
use crate::summary::Sum;
use crate::tally::{Tally, TallyBuilder};
use rdpwhy_event::FileTime;
use rdpwhy_event::Wants;
use rdpwhy_event::Warning;
use rdpwhy_event::{Event, FileId};

/// Logs of at least this many bytes are read one at a time, each by all threads; smaller ones side by side.
const LARGE: u64 = 8 << 20;
/// So many files are read before what has become too old is dropped.
const BATCH: usize = 256;
/// Stack of the reading threads: the decoder recurses into nested elements.
const STACK: usize = 8 << 20;

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
    /// What unpacking archives may cost.
    pub archive_limits: ArchiveLimits,
    /// Look for records that no log holds any more, too: in the free space of chunks, in chunks that are not where a
    /// log has its chunks, and in files that are no log. They are marked as [`Event::recovered`], and are in no
    /// [`Span`](crate::Span) and no [`Tally`].
    pub recover: bool,
    /// Events held at most, the newest, and the rest of the minute of the oldest of them; [`MAX_EVENTS`] by default.
    pub max_events: Option<NonZeroUsize>,
}

/// Events held at most unless more are asked for: with all that a diagnosis makes of them, some 600 MB.
pub const MAX_EVENTS: usize = 1_000_000;

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

/// Reads the logs in the files, folders and archives given. A record that several logs hold counts once.
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
    pool.install(|| {
        let Inputs { files, warnings, unread } = inputs;
        let files: Vec<InputFile> =
            files.into_par_iter().map(|file| InputFile::new(file, options.archive_limits)).collect();
        let most = options.max_events.map_or(MAX_EVENTS, NonZeroUsize::get);
        let workers = Workers::new(wants, options.recover).holding(most);
        let readings = read_files(&files, &workers, progress);
        combine(&files, readings, (warnings, unread), &workers.horizon, most)
    })
}

/// Reads the files, in their order.
fn read_files(files: &[InputFile], workers: &Workers<'_>, progress: &dyn Progress) -> Vec<FileReading> {
    // What an archive unpacks to may be large whatever its size.
    let is_small = |file: &InputFile| file.input.bytes < LARGE && !file.is_archive();
    let mut readings: Vec<Option<FileReading>> = Vec::with_capacity(files.len());
    for batch in files.chunks(BATCH) {
        let small =
            |file: &InputFile| is_small(file).then(|| file.read(workers, Sharing::OneThread, progress, None));
        readings.par_extend(batch.par_iter().map(small));
        drop_old(&mut readings, workers);
    }
    for (at, file) in files.iter().enumerate() {
        if readings[at].is_none() {
            readings[at] = Some(file.read(workers, Sharing::AllThreads, progress, None));
            drop_old(&mut readings, workers);
        }
    }
    readings.into_iter().flatten().collect()
}

/// Drops what has become too old of logs read before.
fn drop_old(readings: &mut [Option<FileReading>], workers: &Workers<'_>) {
    if workers.horizon.start().is_some() {
        let logs = readings.iter_mut().flatten().flat_map(|reading| &mut reading.logs);
        logs.for_each(|log| workers.horizon.drop_old(&mut log.events));
    }
}

fn combine(
    files: &[InputFile],
    readings: Vec<FileReading>,
    (mut warnings, mut unread): (Vec<Warning>, usize),
    horizon: &Horizon<'_>,
    most: usize,
) -> Result<Reading, ReadError> {
    let mut archives = Vec::new();
    let mut found: Vec<(usize, LogReading)> = Vec::new();
    for (at, mut reading) in readings.into_iter().enumerate() {
        unread += reading.unread;
        warnings.append(&mut reading.warnings);
        archives.extend(reading.archive);
        found.extend(reading.logs.into_iter().map(|log| (at, log)));
    }
    found.sort_by(|(_, a), (_, b)| a.log.name.cmp(&b.log.name));
    let copies = leave_out_copies(&mut found);
    let mut repeats = !copies.is_empty();
    warnings.extend(copies);
    if found.is_empty() {
        warnings.sort();
        return Err(ReadError::NoLogs(warnings));
    }
    let (places, mut readings): (Vec<usize>, Vec<LogReading>) = found.into_iter().unzip();
    let twice = count_once(files, &places, &mut readings);
    repeats |= !twice.is_empty();
    warnings.extend(twice);
    let (mut logs, mut events, mut tally): (Vec<Log>, Vec<Event>, _) =
        (Vec::new(), Vec::new(), TallyBuilder::default());
    let mut carved = Vec::new();
    for mut reading in readings {
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
    for event in recovery::settle(&events, carved) {
        logs[event.file.0 as usize].recovered += 1;
        events.push(event);
    }
    horizon.drop_old(&mut events);
    let events_from = horizon.start();
    let older = events_from.filter(|_| !repeats).map(|_| horizon.sums());
    warnings.extend(events_from.map(|from| too_many(most, from)));
    sort(&mut events);
    warnings.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Reading { logs, archives, events, events_from, older, tally: tally.finish(), warnings, unread })
}

fn too_many(most: usize, from: FileTime) -> Warning {
    let message =
        format!("more than {most} of the records matter; those before {from} are counted and not looked at");
    let help = "Give only the logs of the days in question, or allow more with --max-events";
    Warning::new("input::too-many", "all logs", message).help(help)
}

/// Leaves out logs that are the same, byte for byte, as one before them.
fn leave_out_copies(found: &mut Vec<(usize, LogReading)>) -> Vec<Warning> {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut warnings = Vec::new();
    found.retain(|(_, reading)| {
        let log = &reading.log;
        let Some(twin) = first.get(&log.sha256) else {
            first.insert(log.sha256.clone(), log.name.clone());
            return true;
        };
        let message = format!("the same, byte for byte, as {twin}; it is counted once");
        warnings.push(Warning::new("input::same-content", &log.name, message));
        false
    });
    warnings
}

/// Reads logs that may overlap once more, and counts what several hold once. `places` are the positions in `files` of
/// the files that the logs come from.
fn count_once(files: &[InputFile], places: &[usize], readings: &mut [LogReading]) -> Vec<Warning> {
    let Some((watch, watched)) = Watch::over(readings) else {
        return Vec::new();
    };
    let mut by_file: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    for at in watched {
        by_file.entry(places[at]).or_default().insert(readings[at].log.name.clone(), at);
    }
    let nothing = |_: &str, _: u32, _: &str| false;
    let workers = Workers::watching(&nothing, &watch);
    let mut twins: Vec<(usize, Vec<Twin>)> = Vec::new();
    for (file, logs) in by_file {
        let names: BTreeSet<String> = logs.keys().cloned().collect();
        let again = files[file].read(&workers, Sharing::AllThreads, &(), Some(&names));
        twins.extend(again.logs.into_iter().filter_map(|log| Some((*logs.get(&log.log.name)?, log.twins))));
    }
    overlap::count_once(readings, twins)
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
    use crate::parse_event_xml;
    use rdpwhy_event::Names;

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
