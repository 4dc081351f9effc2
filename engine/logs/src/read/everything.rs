//! Files, folders and archives to everything that is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use rdpwhy_event::{Event, FileId, FileTime, Wants, Warning, Wording};
use rdpwhy_evtx::WatchedRecord;

use crate::gather::log::Log;
use crate::gather::log_reading::LogReading;
use crate::gather::progress::Progress;
use crate::gather::retention::MOST_BYTES;
use crate::gather::tally::TallyBuilder;
use crate::gather::workers::{Sharing, Workers};
use crate::input::search::{self, Inputs};
use crate::input::source::Source;
use crate::read::input_file::{FileReading, InputFile};
use crate::read::options::{MAX_EVENTS, ReadOptions};
use crate::read::reading::{ReadError, Reading};
use crate::read::threads::with_threads;
use crate::read::{order, overlap, recovered};

/// Logs of at least this many bytes are read one at a time, each by all threads; smaller ones side by side.
const LARGE: u64 = 8 << 20;
/// This many files are read before what has become too old is dropped.
const BATCH: usize = 256;

/// Reads the logs in the files, folders and archives given, as paths or as bytes. A record that several logs contain counts once.
///
/// The result depends on their contents and names alone: not on the order of `inputs`, the number of threads, where the
/// folders are, or whether a file is on disk or in memory.
///
/// # Errors
/// [`ReadError`] when no log could be read at all. Everything else is a [`Warning`].
pub fn read<S: Clone + Into<Source>>(
    inputs: &[S],
    wants: &dyn Wants,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Reading, ReadError> {
    if inputs.is_empty() {
        return Err(ReadError::NoInputs);
    }
    let inputs: Vec<Source> = inputs.iter().cloned().map(Into::into).collect();
    let inputs = search::find(&inputs);
    progress.found(inputs.files.len(), inputs.files.iter().map(|file| file.bytes).sum());
    with_threads(options.threads, || {
        let Inputs { files, warnings, unread } = inputs;
        let files: Vec<InputFile> =
            files.into_par_iter().map(|file| InputFile::new(file, options.archive_limits)).collect();
        let most = options.max_events.map_or(MAX_EVENTS, NonZeroUsize::get);
        let workers = Workers::new(wants, options.recover)
            .holding(most, options.whole_values)
            .in_zone(options.zone.clone());
        let readings = read_files(&files, &workers, progress);
        progress.combining();
        combine(&files, readings, (warnings, unread), &workers, most)
    })?
}

/// Reads the files, in their order.
fn read_files(files: &[InputFile], workers: &Workers<'_>, progress: &dyn Progress) -> Vec<FileReading> {
    // What an archive unpacks to may be large whatever its size.
    let is_small = |file: &InputFile| file.input.bytes < LARGE && !file.is_archive();
    let mut readings: Vec<Option<FileReading>> = Vec::with_capacity(files.len());
    for batch in files.chunks(BATCH) {
        let small =
            |file: &InputFile| is_small(file).then(|| guarded(file, workers, Sharing::OneThread, progress));
        readings.par_extend(batch.par_iter().map(small));
        drop_old(&mut readings, workers);
    }
    for (at, file) in files.iter().enumerate() {
        if readings[at].is_none() {
            readings[at] = Some(guarded(file, workers, Sharing::AllThreads, progress));
            drop_old(&mut readings, workers);
        }
    }
    readings.into_iter().flatten().collect()
}

/// Reads a file. A fault of the reader that nobody foresaw costs this file and no other.
fn guarded(
    file: &InputFile,
    workers: &Workers<'_>,
    sharing: Sharing,
    progress: &dyn Progress,
) -> FileReading {
    // Nothing of the failed reading is used afterwards; what the workers share holds whole values at all times.
    let read = AssertUnwindSafe(|| file.read(workers, sharing, progress, None));
    catch_unwind(read).unwrap_or_else(|_| {
        let text = "the reader itself failed on this input; nothing of it was used";
        let help = "this is a bug in rdpwhy: please report it, with the file if you may share it";
        let warning = Warning::new("input::reader-failed", &file.input.name, text).help(help);
        FileReading { warnings: vec![warning], unread: 1, ..FileReading::default() }
    })
}

/// Drops what has become too old of logs read before.
fn drop_old(readings: &mut [Option<FileReading>], workers: &Workers<'_>) {
    if workers.retention.start().is_some() {
        let logs = readings.iter_mut().flatten().flat_map(|reading| &mut reading.logs);
        logs.for_each(|log| workers.retention.drop_old(&mut log.events));
    }
}

fn combine(
    files: &[InputFile],
    readings: Vec<FileReading>,
    (mut warnings, mut unread): (Vec<Warning>, usize),
    workers: &Workers<'_>,
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
    let twice = count_once(files, &places, &mut readings, workers);
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
    for event in recovered::settle(&events, carved) {
        logs[event.file.0 as usize].recovered += 1;
        events.push(event);
    }
    let retention = &workers.retention;
    retention.drop_old(&mut events);
    let events_from = retention.start();
    let older = events_from.filter(|_| !repeats).map(|_| retention.sums());
    warnings.extend(events_from.map(|from| too_many(most, from, retention.is_by_bytes())));
    order::sort(&mut events);
    warnings.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Reading { logs, archives, events, events_from, older, tally: tally.finish(), warnings, unread })
}

fn too_many(most: usize, from: FileTime, by_bytes: bool) -> Warning {
    let (what, help) = if by_bytes {
        let most = MOST_BYTES >> 20;
        (format!("more than {most} MiB of values"), "Give only the logs of the days in question")
    } else {
        let help = "Give only the logs of the days in question, or allow more with --max-events";
        (format!("more than {most} of the records"), help)
    };
    let message = format!("{what} matter; those before {from} are counted and not looked at");
    Warning::new("input::too-many", "all logs", message).help(help)
}

/// Leaves out logs that are the same, byte for byte, as one before them.
fn leave_out_copies(found: &mut Vec<(usize, LogReading)>) -> Vec<Warning> {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut warnings = Vec::new();
    found.retain(|(_, reading)| {
        let log = &reading.log;
        // All empty logs are alike, and each says that its channel was sent.
        if log.is_empty() {
            return true;
        }
        let Some(duplicate) = first.get(&log.sha256) else {
            first.insert(log.sha256.clone(), log.name.clone());
            return true;
        };
        let message = format!("the same, byte for byte, as {duplicate}; it is counted once");
        warnings.push(Warning::new("input::same-content", &log.name, message));
        false
    });
    warnings
}

/// Reads logs that may overlap once more, and counts what several hold once. `places` are the positions in `files` of
/// the files that the logs come from.
fn count_once(
    files: &[InputFile],
    places: &[usize],
    readings: &mut [LogReading],
    workers: &Workers<'_>,
) -> Vec<Warning> {
    let Some((watch, watched)) = overlap::watch(readings) else {
        return Vec::new();
    };
    let mut by_file: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    for at in watched {
        by_file.entry(places[at]).or_default().insert(readings[at].log.name.clone(), at);
    }
    // What is read again has to be read the same way.
    let nothing = Nothing(workers.wording());
    let workers = Workers::watching(&nothing, &watch).in_zone(workers.zone().cloned());
    let mut duplicates: Vec<(usize, Vec<WatchedRecord>)> = Vec::new();
    for (file, logs) in by_file {
        let names: BTreeSet<String> = logs.keys().cloned().collect();
        let again = files[file].read(&workers, Sharing::AllThreads, &(), Some(&names));
        duplicates
            .extend(again.logs.into_iter().filter_map(|log| Some((*logs.get(&log.log.name)?, log.watched))));
    }
    overlap::count_once(readings, duplicates)
}

/// Wants no record, and reads messages all the same: what a record says decides which record it is.
struct Nothing<'w>(Option<&'w Wording>);

impl Wants for Nothing<'_> {
    fn wants(&self, _provider: &str, _event_id: u32, _channel: &str) -> bool {
        false
    }

    fn wording(&self) -> Option<&Wording> {
        self.0
    }
}
