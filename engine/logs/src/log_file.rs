//! A log file to its records.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::Progress;
use crate::archive::LimitReached;
use crate::chunk::{ChunkReading, Content, Place, Worker, read_chunk, records};
use crate::foreign::Foreign;
use crate::horizon::Horizon;
use crate::input::LOG_MAGIC;
use crate::kind::Kind;
use crate::log::{Damage, Log, LogForm, SpanPart};
use crate::overlap::{Twin, Watch};
use crate::record_walk::{CHUNK_MAGIC, CHUNK_SIZE, ChunkHeader, u16_at, u32_at, u64_at};
use crate::recovery::Carver;
use crate::tally::TallyBuilder;
use rdpwhy_event::{Event, FileId};
use rdpwhy_event::{FileTime, Wants, Warning};

/// Bytes of the file header, behind which the chunks begin.
const FILE_HEADER: usize = 4096;
/// Chunks read at first: among them is the first good one, or else it is no log.
const FIRST_BATCH: usize = 64;
/// Chunks read at a time from then on. Two batches are in memory, one being read while the other is looked at;
/// they are small so that the processor's cache holds both.
const BATCH: usize = 16;
/// A log's events are looked through for old ones when there are twice as many as after the last time, and this many.
const PRUNED_FROM: usize = 100_000;
/// Damages of one log that get a warning of their own.
const MAX_WARNINGS: usize = 5;
const DIRTY: u32 = 1;
const NO_CHECKSUMS: u32 = 4;

/// Workers lent to whoever reads a chunk; each is used by one thread at a time.
pub(crate) struct Workers<'w> {
    wants: &'w dyn Wants,
    /// Records to be listed one by one.
    watch: Option<&'w Watch>,
    /// Look for records that no log holds any more, too.
    recover: bool,
    /// From when on events are held.
    pub(crate) horizon: Horizon<'w>,
    idle: Mutex<Vec<Worker<'w>>>,
}

impl<'w> Workers<'w> {
    pub(crate) fn new(wants: &'w dyn Wants, recover: bool) -> Workers<'w> {
        let horizon = Horizon::new(usize::MAX, wants);
        Workers { wants, watch: None, recover, horizon, idle: Mutex::new(Vec::new()) }
    }

    /// Holds at most so many events, the newest, and the rest of the minute of the oldest of them.
    pub(crate) fn holding(self, most: usize) -> Workers<'w> {
        Workers { horizon: Horizon::new(most, self.wants), ..self }
    }

    /// Workers that also list the records watched.
    pub(crate) fn watching(wants: &'w dyn Wants, watch: &'w Watch) -> Workers<'w> {
        Workers { watch: Some(watch), ..Workers::new(wants, false) }
    }

    /// The record, if it is watched.
    pub(crate) fn watched(&self, kind: &Arc<Kind>, record_id: u64, time: FileTime) -> Option<Twin> {
        self.watch?.twin(kind, record_id, time)
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
    pub(crate) twins: Vec<Twin>,
}

/// Why a file gave no log.
#[derive(Debug)]
pub(crate) enum NoLog {
    Foreign(Foreign),
    Io(io::Error),
}

impl From<io::Error> for NoLog {
    fn from(error: io::Error) -> NoLog {
        NoLog::Io(error)
    }
}

/// Reads a log from its first byte to its last, batch by batch.
///
/// # Errors
/// [`NoLog`] when it is something else, or cannot be read from the start. When reading fails later, what came
/// before is kept and the rest is a damage.
pub(crate) fn read_log(
    mut input: impl Read,
    name: &str,
    workers: &Workers<'_>,
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<LogReading, NoLog> {
    let mut current = Vec::new();
    let mut next = Vec::new();
    let mut end = fill(&mut input, &mut current, FILE_HEADER + FIRST_BATCH * CHUNK_SIZE);
    if let (Some(Err(_)), true) = (&end, current.is_empty()) {
        end.take().transpose()?;
    }
    let start = match chunks_start(name, &current) {
        Ok(start) => start,
        Err(foreign) if workers.recover => {
            let first = Pieces { current, end };
            return recover(first, input, name, workers, progress)?.ok_or(NoLog::Foreign(foreign));
        }
        Err(foreign) => return Err(NoLog::Foreign(foreign)),
    };
    if end.is_none() && start != FILE_HEADER {
        // To the end of the last chunk begun.
        let rest = CHUNK_SIZE - (current.len() - start) % CHUNK_SIZE;
        end = fill(&mut input, &mut next, rest);
        current.append(&mut next);
    }
    let mut builder = LogBuilder::new(name, &current, start);
    let mut carver = workers.recover.then(|| Carver::new(Some(start)));
    let mut sha256 = Sha256::new();
    let mut skip = start;
    loop {
        let place = builder.next_place();
        let mut readings = Vec::new();
        let mut next_end = None;
        // The input stays on this thread: it may be what an archive unpacks to, which no other thread can take over.
        rayon::in_place_scope(|scope| {
            match sharing {
                Sharing::AllThreads => {
                    scope.spawn(|_| readings = read_batch(&current[skip..], place, workers, sharing));
                    scope.spawn(|_| sha256.update(&current));
                }
                Sharing::OneThread => {
                    sha256.update(&current);
                    readings = read_batch(&current[skip..], place, workers, sharing);
                }
            }
            if end.is_none() {
                next_end = fill(&mut input, &mut next, BATCH * CHUNK_SIZE);
            }
        });
        if let Some(carver) = &mut carver {
            workers.with(|worker| carver.feed(worker, &current, end.is_some()));
        }
        builder.bytes += current.len() as u64;
        progress.read(current.len() as u64);
        for mut reading in readings {
            workers.horizon.admit(&mut reading.events);
            workers.horizon.drop_old(&mut reading.carved);
            builder.push(reading);
        }
        if builder.events.len() >= 2 * builder.kept {
            workers.horizon.drop_old(&mut builder.events);
            builder.kept = builder.events.len().max(PRUNED_FROM);
        }
        if end.is_some() {
            break;
        }
        end = next_end;
        std::mem::swap(&mut current, &mut next);
        skip = 0;
    }
    let error = end.and_then(Result::err);
    builder.carved.extend(carver.into_iter().flat_map(|carver| carver.events));
    Ok(builder.finish(&hex(&sha256.finalize()), error))
}

/// The bytes at hand of a file read piece by piece, and whether they are its last.
struct Pieces {
    current: Vec<u8>,
    end: Option<io::Result<()>>,
}

/// Looks for chunks in a file that is no log; `None` when there are none.
fn recover(
    Pieces { mut current, mut end }: Pieces,
    mut input: impl Read,
    name: &str,
    workers: &Workers<'_>,
    progress: &dyn Progress,
) -> Result<Option<LogReading>, NoLog> {
    let mut carver = Carver::new(None);
    let mut sha256 = Sha256::new();
    let mut bytes = 0;
    loop {
        bytes += current.len() as u64;
        progress.read(current.len() as u64);
        sha256.update(&current);
        workers.with(|worker| carver.feed(worker, &current, end.is_some()));
        if end.is_some() {
            break;
        }
        end = fill(&mut input, &mut current, FIRST_BATCH * CHUNK_SIZE);
    }
    if carver.records == 0 {
        return Ok(None);
    }
    let message = format!("no event log, but {} of one were found in it", records(carver.records));
    let help = "They are told as recovered, count for little by themselves, and prove no absence";
    let mut warnings = vec![Warning::new("recover::no-log", name, message).help(help)];
    if let Some(Err(error)) = end {
        let message = format!("reading failed ({error}); what follows was not read");
        warnings.push(Warning::new("evtx::read-error", name, message));
    }
    let log = Log {
        name: name.to_owned(),
        form: LogForm::Evtx,
        bytes,
        sha256: hex(&sha256.finalize()),
        records: 0,
        recovered: 0,
        dirty: false,
        wrapped: false,
        spans: Vec::new(),
        whole: false,
        damages: Vec::new(),
    };
    let (events, tally) = (Vec::new(), TallyBuilder::default());
    Ok(Some(LogReading { log, events, carved: carver.events, tally, warnings, twins: Vec::new() }))
}

/// Lower-case hex, as hashes are written.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads until `buffer` has `length` bytes; `Some` when the file ended before that, with the error if it was one.
fn fill(input: &mut impl Read, buffer: &mut Vec<u8>, length: usize) -> Option<io::Result<()>> {
    buffer.clear();
    let limit = u64::try_from(length).unwrap_or(u64::MAX);
    match input.take(limit).read_to_end(buffer) {
        Ok(read) => (read < length).then_some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}

fn read_batch(bytes: &[u8], first: Place, workers: &Workers<'_>, sharing: Sharing) -> Vec<ChunkReading> {
    let read = |(at, chunk): (usize, &[u8])| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let place = Place {
            chunk: first.chunk.saturating_add(at),
            offset: first.offset + u64::from(at) * CHUNK_SIZE as u64,
        };
        workers.with(|worker| read_chunk(worker, chunk, place))
    };
    match sharing {
        Sharing::AllThreads => bytes.par_chunks(CHUNK_SIZE).enumerate().map(read).collect(),
        Sharing::OneThread => bytes.chunks(CHUNK_SIZE).enumerate().map(read).collect(),
    }
}

/// Where the first chunk is. Chunks follow the header of 4,096 bytes; in a file without a good header they can
/// begin at any multiple of that, as long as the first is within the first batch. Where the beginning was cut off at
/// any other place, the first chunk that is whole is not far from it, and the next one stands right behind it.
fn chunks_start(name: &str, bytes: &[u8]) -> Result<usize, Foreign> {
    let is_chunk = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(CHUNK_MAGIC));
    let usual = || (FILE_HEADER..bytes.len()).step_by(CHUNK_SIZE).find(is_chunk).map(|_| FILE_HEADER);
    let cut = || {
        let near = bytes.get(..bytes.len().min(FILE_HEADER + CHUNK_SIZE))?;
        let at = memmem::find(near, CHUNK_MAGIC)?;
        let next = at + CHUNK_SIZE;
        let goes_on = bytes.get(next..next + CHUNK_MAGIC.len()).is_none_or(|_| is_chunk(&next));
        (goes_on && ChunkHeader::is_likely(&bytes[at..bytes.len().min(next)])).then_some(at)
    };
    let found = usual().or_else(|| (0..bytes.len()).step_by(FILE_HEADER).find(is_chunk)).or_else(cut);
    match found {
        Some(start) => Ok(start),
        None if bytes.starts_with(LOG_MAGIC) => Ok(FILE_HEADER.min(bytes.len())),
        None => Err(Foreign::of(name, bytes)),
    }
}

struct LogBuilder<'n> {
    name: &'n str,
    start: usize,
    header: Vec<u8>,
    bytes: u64,
    chunks: u32,
    records: u64,
    events: Vec<Event>,
    /// How many events there were when the old ones were last dropped.
    kept: usize,
    carved: Vec<Event>,
    tally: TallyBuilder,
    twins: Vec<Twin>,
    parts: Vec<SpanPart>,
    damages: Vec<Damage>,
    limit: Option<LimitReached>,
    /// Places of damages that lack the time of a record before them or behind them, and what is known.
    last_time: Option<FileTime>,
    open: Vec<(usize, Option<FileTime>)>,
    /// Chunks without records, since the last one with records.
    without: Vec<(Place, Content)>,
    last_first_id: Option<u64>,
    descends: bool,
}

impl<'n> LogBuilder<'n> {
    fn new(name: &'n str, first_bytes: &[u8], start: usize) -> LogBuilder<'n> {
        let header = first_bytes.get(..128).filter(|bytes| bytes.starts_with(LOG_MAGIC)).unwrap_or_default();
        LogBuilder {
            name,
            start,
            header: header.to_vec(),
            bytes: 0,
            chunks: 0,
            records: 0,
            events: Vec::new(),
            kept: PRUNED_FROM,
            carved: Vec::new(),
            tally: TallyBuilder::default(),
            twins: Vec::new(),
            parts: Vec::new(),
            damages: Vec::new(),
            limit: None,
            last_time: None,
            open: Vec::new(),
            without: Vec::new(),
            last_first_id: None,
            descends: false,
        }
    }

    fn next_place(&self) -> Place {
        Place { chunk: self.chunks, offset: self.start as u64 + u64::from(self.chunks) * CHUNK_SIZE as u64 }
    }

    fn push(&mut self, reading: ChunkReading) {
        self.chunks = self.chunks.saturating_add(1);
        self.carved.extend(reading.carved);
        if reading.content != Content::Records {
            self.without.push((reading.place, reading.content));
            return;
        }
        let without = std::mem::take(&mut self.without);
        self.note_without(&without);
        if let Some(first) = reading.first_id {
            self.descends |= self.last_first_id.is_some_and(|last| first < last);
            self.last_first_id = Some(first);
        }
        let before = self.last_time;
        let mut damages = reading.damages;
        if let Some((first, last)) = reading.times {
            for (at, before) in self.open.drain(..) {
                self.damages[at].between = before.map(|before| (before, first));
            }
            self.last_time = Some(last);
            // What concerns the chunk as a whole lies around its records.
            for damage in damages.iter_mut().filter(|damage| damage.offset == reading.place.offset) {
                damage.between = Some((before.unwrap_or(first), last));
            }
        }
        damages.into_iter().for_each(|damage| self.note(damage));
        self.records += reading.records;
        self.events.extend(reading.events);
        self.parts.extend(reading.parts);
        self.twins.extend(reading.twins);
        for (kind, minutes) in reading.counts {
            self.tally.add(&kind, &minutes);
        }
    }

    /// Chunks without records where there should be some: one damage for each run of a sort.
    fn note_without(&mut self, chunks: &[(Place, Content)]) {
        for run in chunks.chunk_by(|(_, a), (_, b)| a == b) {
            let (place, content) = run[0];
            let (code, why) = match content {
                Content::Strange => {
                    ("evtx::chunk-magic", "no chunk of a log: neither it nor a record begins there")
                }
                Content::Nothing | Content::Records => {
                    ("evtx::chunk-empty", "empty, though the log goes on behind it")
                }
            };
            let what = match run.len() {
                1 => why.to_owned(),
                count => format!("{why}; the same for {} more chunks", count - 1),
            };
            let Place { chunk, offset } = place;
            self.note(Damage { chunk, offset, code, what, records_lost: None, between: None });
        }
    }

    /// The chunks without records at the end. They are unused as a rule; but not where the header counts them,
    /// and what is strange in a log without a good header is damage.
    fn note_end_without(&mut self) {
        let counted = if self.header.is_empty() { u32::MAX } else { u32::from(u16_at(&self.header, 42)) };
        let without = std::mem::take(&mut self.without);
        let strange: Vec<_> = without
            .into_iter()
            .filter(|(place, content)| *content == Content::Strange && place.chunk < counted)
            .collect();
        self.note_without(&strange);
    }

    fn note(&mut self, damage: Damage) {
        if damage.between.is_none() {
            self.open.push((self.damages.len(), self.last_time));
        }
        self.damages.push(damage);
    }

    fn finish(mut self, sha256: &str, error: Option<io::Error>) -> LogReading {
        let mut warnings = Vec::new();
        self.note_end_without();
        self.note_end(error);
        warnings.extend(self.header_warning());
        let flags = u32_at(&self.header, 120);
        let whole = self.damages.is_empty() && !self.header.is_empty();
        warnings.extend(self.damage_warnings());
        let log = Log {
            name: self.name.to_owned(),
            form: LogForm::Evtx,
            bytes: self.bytes,
            sha256: sha256.to_owned(),
            records: self.records,
            recovered: 0,
            dirty: flags & DIRTY != 0,
            wrapped: self.descends || (self.records > 0 && u64_at(&self.header, 8) > 0),
            spans: SpanPart::join(self.parts),
            whole,
            damages: self.damages,
        };
        let LogBuilder { events, carved, tally, twins, .. } = self;
        LogReading { log, events, carved, tally, warnings, twins }
    }

    /// A file that ends before its header says, or could not be read on.
    fn note_end(&mut self, error: Option<io::Error>) {
        let place = self.next_place();
        let counted = u32::from(u16_at(&self.header, 42));
        let (code, what) = if let Some(error) = error {
            self.limit = LimitReached::of(&error).cloned();
            let code = if self.limit.is_some() { "archive::limit" } else { "evtx::read-error" };
            (code, format!("reading failed ({error}); what follows was not read"))
        } else if counted > self.chunks && self.chunks < u32::from(u16::MAX) {
            let missing = counted - self.chunks;
            (
                "evtx::truncated",
                format!("the file ends {missing} chunks before the {counted} that its header counts"),
            )
        } else if self.bytes < FILE_HEADER as u64 {
            ("evtx::truncated", "the file ends inside its header".to_owned())
        } else {
            return;
        };
        let Place { chunk, .. } = place;
        self.damages.push(Damage {
            chunk,
            offset: self.bytes,
            code,
            what,
            records_lost: None,
            between: None,
        });
    }

    fn header_warning(&self) -> Option<Warning> {
        if self.header.is_empty() {
            let message = "the file's header is damaged; its chunks were read all the same";
            let help = "Export or copy the log again if it is still there: chunks before the first good one are missing";
            return Some(Warning::new("evtx::file-header", self.name, message).help(help));
        }
        let flags = u32_at(&self.header, 120);
        let is_good = flags & (NO_CHECKSUMS | DIRTY) != 0
            || evtx::checksum_ieee(&self.header[..120]) == u32_at(&self.header, 124);
        (!is_good).then(|| {
            let message = "the file's header does not have its checksum; its chunks were read all the same";
            Warning::new("evtx::file-header-checksum", self.name, message)
        })
    }

    fn damage_warnings(&self) -> Vec<Warning> {
        let help = "Records near this place may be missing. Export the log again on the machine it comes from: \
                    wevtutil epl <channel> <file>.evtx";
        let warn = |damage: &Damage| {
            let mut message = damage.what.clone();
            if let Some((before, after)) = damage.between.filter(|_| damage.records_lost != Some(0)) {
                message += &format!(", between {before} and {after}");
            }
            let place = format!("chunk {} at offset {:#x}", damage.chunk, damage.offset);
            let warning = Warning::new(damage.code, self.name, message).at(place);
            if let (Some(limit), "archive::limit") = (&self.limit, damage.code) {
                return warning.help(limit.help());
            }
            if damage.records_lost == Some(0) { warning } else { warning.help(help) }
        };
        let mut warnings: Vec<Warning> = self.damages.iter().take(MAX_WARNINGS).map(warn).collect();
        if let Some(rest) = self.damages.get(MAX_WARNINGS..).filter(|rest| !rest.is_empty()) {
            let lost = rest.iter().filter_map(|damage| damage.records_lost).sum();
            let message = format!("{} more damaged places, with at least {} lost", rest.len(), records(lost));
            warnings.push(Warning::new("evtx::more-damage", self.name, message).help(help));
        }
        warnings
    }
}

impl LogReading {
    /// Tells every event which log it is from.
    pub(crate) fn number(&mut self, file: FileId) {
        self.events.iter_mut().chain(&mut self.carved).for_each(|event| event.file = file);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rdpwhy_forge::evtx::{Form, Payload, Record, Value, encode};

    use super::*;

    fn log() -> Vec<u8> {
        let record = |id: u64| Record {
            form: if id.is_multiple_of(2) { Form::Manifest } else { Form::Legacy },
            provider: "P".into(),
            channel: "C".into(),
            computer: "H".into(),
            payload: Payload::Named {
                name: None,
                fields: vec![("A".into(), Value::U32(7)), ("B".into(), Value::Text("x".repeat(60)))],
                binary: Some(vec![1, 2]),
            },
            ..crate::made::record(id, 133_500_000_000_000_000 + id * 10_000_000)
        };
        encode(&(1..=400).map(record).collect::<Vec<_>>()).unwrap()
    }

    fn read(bytes: &[u8]) -> Option<LogReading> {
        let all = |_: &str, _: u32, _: &str| true;
        let none = |_: &str, _: u32, _: &str| false;
        // Both ways through the reader.
        let _ = read_log(bytes, "log", &Workers::new(&none, false), Sharing::OneThread, &());
        read_log(bytes, "log", &Workers::new(&all, true), Sharing::AllThreads, &()).ok()
    }

    #[test]
    fn a_sound_log_is_whole() {
        let reading = read(&log()).unwrap();
        assert_eq!((reading.events.len(), reading.log.records, reading.log.whole), (400, 400, true));
        assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn changed_bytes_never_panic_and_cost_only_what_is_near(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        ) {
            let mut bytes = log();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = read(&bytes);
        }

        #[test]
        fn changed_structure_never_panics(
            changes in prop::collection::vec((0usize..3, 0usize..1600, any::<u32>()), 1..12),
        ) {
            let mut bytes = log();
            // The headers, templates and first records, where most offsets and sizes are.
            for (chunk, at, word) in changes {
                let at = FILE_HEADER + chunk * CHUNK_SIZE + at * 4;
                if let Some(place) = bytes.get_mut(at..at + 4) {
                    place.copy_from_slice(&(word % 70_000).to_le_bytes());
                }
            }
            let _ = read(&bytes);
        }

        #[test]
        fn any_length_is_read_as_far_as_it_goes(length in any::<prop::sample::Index>()) {
            let bytes = log();
            let length = length.index(bytes.len());
            if let Some(reading) = read(&bytes[..length]) {
                prop_assert_eq!(reading.log.bytes, length as u64);
                prop_assert!(!reading.log.whole || reading.events.len() == 400);
            }
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let _ = read(&bytes);
            let mut chunk = log()[..FILE_HEADER + 512].to_vec();
            chunk.extend(&bytes);
            chunk.resize(FILE_HEADER + CHUNK_SIZE, 0x2a);
            let _ = read(&chunk);
        }
    }
}
