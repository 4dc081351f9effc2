//! A chunk to what it holds.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Minutes with how many records fall into each.
type Minutes = Vec<(u32, u32)>;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxRecord, ParserSettings};

use crate::instance::{self, Value};
use crate::kind::{Kind, KindId, Kinds};
use crate::log::{Damage, SpanPart};
use crate::overlap::{Twin, Watch};
use crate::parse_event_xml;
use crate::plan::{Draft, PayloadPlace, Within};
use crate::quick_look::Look;
use crate::record_walk::{
    CHUNK_HEADER, CHUNK_MAGIC, CHUNK_SIZE, ChunkHeader, Integrity, RECORD_HEADER, RECORD_MAGIC, Record,
    RecordWalk, Unreadable,
};
use crate::recovery::carve;
use crate::template::{TemplateId, Templates};
use rdpwhy_event::Fields;
use rdpwhy_event::Shown;
use rdpwhy_event::{Event, FileId, Payload};
use rdpwhy_event::{FileTime, Marks, Names, Wants};

/// The header id of what stands for records that nobody wants decoded.
const FOLDED: u64 = u64::MAX - 1;

/// Places in one chunk that are told one by one; a crafted chunk could have thousands.
const MAX_PLACES: usize = 16;

/// What one thread needs to read chunks, kept from chunk to chunk.
pub(crate) struct Worker<'w> {
    watch: Option<&'w Watch>,
    kinds: Kinds<'w>,
    templates: Templates,
    names: Names,
    settings: Arc<ParserSettings>,
    /// A chunk's copy for the decoder.
    copy: Vec<u8>,
    /// Look for old records in free space, too.
    recover: bool,
    /// Values of the instance at hand, and of the one in it.
    values: Vec<Value>,
    inner: Vec<Value>,
    draft: Draft,
    text: Vec<u8>,
}

impl<'w> Worker<'w> {
    /// `watch` names records to be listed one by one.
    pub(crate) fn new(wants: &'w dyn Wants, watch: Option<&'w Watch>, recover: bool) -> Worker<'w> {
        let settings = Arc::new(ParserSettings::new().indent(false));
        Worker {
            watch,
            kinds: Kinds::new(wants),
            templates: Templates::default(),
            names: Names::default(),
            settings,
            copy: Vec::new(),
            recover,
            values: Vec::new(),
            inner: Vec::new(),
            draft: Draft::default(),
            text: Vec::new(),
        }
    }

    pub(crate) fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Marks an event read elsewhere: its kind, and whether to keep the event.
    pub(crate) fn sort_in(&mut self, event: &mut Event) -> (Arc<Kind>, bool) {
        let id = self.kinds.id_of(&event.computer, &event.channel, &event.provider, event.event_id);
        (Arc::clone(self.kinds.kind(id)), self.kinds.mark(id, event))
    }

    /// Begins a chunk.
    pub(crate) fn trim(&mut self) {
        self.templates.trim();
        if self.kinds.trim() {
            self.templates = Templates::default();
        }
    }
}

/// Where a chunk is in its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Its position, from 0.
    pub(crate) chunk: u32,
    /// Bytes from the start of the file.
    pub(crate) offset: u64,
}

/// What kind of thing a chunk's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Zeroes, or a header without records.
    Nothing,
    /// Neither a chunk's first bytes nor a record: perhaps what the disk held before there was a log.
    Strange,
    /// Records, or what is left of them.
    Records,
}

/// What a chunk held.
#[derive(Debug)]
pub(crate) struct ChunkReading {
    pub(crate) place: Place,
    pub(crate) content: Content,
    pub(crate) events: Vec<Event>,
    /// Records recovered from its free space.
    pub(crate) carved: Vec<Event>,
    pub(crate) records: u64,
    /// Times of the records stored first and last.
    pub(crate) times: Option<(FileTime, FileTime)>,
    /// The header's first record id, for the order of chunks.
    pub(crate) first_id: Option<u64>,
    pub(crate) parts: Vec<SpanPart>,
    /// Records of each kind by minute; kinds and minutes in order.
    pub(crate) counts: Vec<(Arc<Kind>, Minutes)>,
    pub(crate) damages: Vec<Damage>,
    /// The records that were to be watched.
    pub(crate) twins: Vec<Twin>,
}

/// What was seen of a chunk's records, by position, and why some could not be decoded.
pub(crate) struct SeenRecords {
    looks: Vec<Option<Look>>,
    /// Those to keep.
    pub(crate) events: Vec<(usize, Event)>,
    pub(crate) reasons: BTreeMap<usize, String>,
}

impl SeenRecords {
    /// Room for the looks at so many records.
    pub(crate) fn of(records: usize) -> SeenRecords {
        SeenRecords { looks: vec![None; records], events: Vec::new(), reasons: BTreeMap::new() }
    }
}

/// Reads a chunk. `stored` may be shorter than a chunk where the file breaks off.
pub(crate) fn read_chunk(worker: &mut Worker<'_>, stored: &[u8], place: Place) -> ChunkReading {
    worker.trim();
    let mut reading = ChunkReading {
        place,
        content: Content::Nothing,
        events: Vec::new(),
        carved: Vec::new(),
        records: 0,
        times: None,
        first_id: None,
        parts: Vec::new(),
        counts: Vec::new(),
        damages: Vec::new(),
        twins: Vec::new(),
    };
    if stored.iter().all(|byte| *byte == 0) {
        return reading;
    }
    let padded;
    let chunk = if stored.len() == CHUNK_SIZE {
        stored
    } else {
        padded = [stored, &vec![0; CHUNK_SIZE - stored.len()]].concat();
        &padded
    };
    let header = ChunkHeader::of(chunk);
    let integrity = header.integrity(chunk);
    let walk = RecordWalk::of(chunk, stored.len(), &header, integrity);
    reading.content = match (walk.records.is_empty(), integrity.magic) {
        (true, false) => Content::Strange,
        (true, true) if walk.unreadable.is_empty() && stored.len() == CHUNK_SIZE => Content::Nothing,
        _ => Content::Records,
    };
    if worker.recover {
        reading.carved = carve(worker, chunk, stored.len(), &walk.records, place);
    }
    if reading.content != Content::Records {
        return reading;
    }
    reading.first_id = integrity.magic.then_some(header.first_id);

    // Beside a gap nothing is sure: what lies in it may be what other records point at.
    let trusted = (integrity.records || stored.len() < CHUNK_SIZE) && walk.unreadable.is_empty();
    let seen = worker.read_records(chunk, &walk, trusted);
    reading.note_damage(&Findings {
        header: &header,
        integrity,
        walk: &walk,
        seen: &seen,
        stored: stored.len(),
    });
    reading.take(worker, seen);
    reading
}

impl Worker<'_> {
    /// Looks at each record and decodes those that are wanted or not sure. Where checksums say that bytes changed,
    /// nothing is sure.
    fn read_records(&mut self, chunk: &[u8], walk: &RecordWalk, trusted: bool) -> SeenRecords {
        let mut seen = SeenRecords::of(walk.records.len());
        let mut chosen = Vec::new();
        for (position, record) in walk.records.iter().enumerate() {
            let found = if trusted { self.look(chunk, record) } else { None };
            seen.looks[position] = found.map(|(look, _)| look);
            match found {
                Some((look, _)) if !self.kinds.wanted(look.kind) => {}
                Some((look, template)) => match self.read_directly(chunk, record, template, look) {
                    Some(event) => seen.events.extend(event.map(|event| (position, event))),
                    None => chosen.push(position),
                },
                None => chosen.push(position),
            }
        }
        if !chosen.is_empty() {
            self.decode(chunk, walk, &chosen, &mut seen);
            seen.events.sort_by_key(|(position, _)| *position);
        }
        seen
    }

    /// The quick look at a record, and its template; leaves its values in `values`.
    pub(crate) fn look(&mut self, chunk: &[u8], record: &Record) -> Option<(Look, TemplateId)> {
        let body = record.offset + RECORD_HEADER..record.end() - 4;
        let definition = instance::read(chunk, body, &mut self.values)?;
        let template = self.templates.at(chunk, definition)?;
        let quick_look = self.templates.get(template).quick_look(&mut self.kinds)?;
        let look = quick_look.look(chunk, &self.values, &mut self.kinds)?;
        Some((look, template))
    }

    /// The event of the record just looked at, `Some(None)` where it shows nothing; `None` where it is not certain that
    /// the decoder gives the same.
    pub(crate) fn read_directly(
        &mut self,
        chunk: &[u8],
        record: &Record,
        template: TemplateId,
        look: Look,
    ) -> Option<Option<Event>> {
        let inner = self.inner_payload(chunk, template)?;
        let (sight, sighting) = self.kinds.sighting(look.kind)?;
        let shown = match self.templates.payload(template, inner, &self.values)? {
            Some(plan) => {
                let values = if inner.is_some() { &self.inner } else { &self.values };
                match plan.spots(sight, sighting.fields()) {
                    Some(spots) => sighting.shown(spots, chunk, values),
                    None => Shown::Unsure,
                }
            }
            None => Shown::Unsure,
        };
        let marks = match shown {
            Shown::Marks(None) => return Some(None),
            Shown::Marks(marks) => marks,
            Shown::Unsure => None,
        };
        let mut event = self.build(chunk, record, template, inner, look)?;
        let is_kept = match marks {
            Some(marks) => {
                event.marks = marks;
                true
            }
            None => self.kinds.mark(look.kind, &mut event),
        };
        Some(is_kept.then_some(event))
    }

    /// Reads the instance that an event's payload is into `inner`, and gives its template, where there is one of its own.
    fn inner_payload(&mut self, chunk: &[u8], template: TemplateId) -> Option<Option<(TemplateId, Within)>> {
        let mut found = None;
        if let PayloadPlace::Value { value, within, dependency } =
            self.templates.get(template).event()?.payload
        {
            let left_out = instance::is_left_out(dependency, &self.values);
            let value = self.values.get(value).copied().filter(|value| value.is_null() || value.is_xml())?;
            found = (value.is_xml() && !left_out).then_some((value, within));
        }
        // XML anywhere else has to be sound, too.
        let others = self.values.iter().filter(|value| value.is_xml()).count();
        if others != usize::from(found.is_some()) {
            return None;
        }
        let Some((value, within)) = found else { return Some(None) };
        let definition = instance::read(chunk, value.range(), &mut self.inner)?;
        if self.inner.iter().any(|value| value.is_xml()) {
            return None;
        }
        Some(Some((self.templates.at(chunk, definition)?, within)))
    }

    fn build(
        &mut self,
        chunk: &[u8],
        record: &Record,
        template: TemplateId,
        inner: Option<(TemplateId, Within)>,
        look: Look,
    ) -> Option<Event> {
        let plan = self.templates.get(template).event()?;
        let system = plan.system(chunk, &self.values, &mut self.text, &mut self.names)?;
        let mut payload = Payload::None;
        let mut fields = None;
        if let Some(plan) = self.templates.payload(template, inner, &self.values)? {
            let values = if inner.is_some() { &self.inner } else { &self.values };
            payload = plan.payload.clone();
            fields = Some(plan.fields(chunk, values, &mut self.draft, &mut self.names)?);
        }
        if self.kinds.kind(look.kind).provider.is_empty() {
            return None;
        }
        let fields = match fields {
            Some(fields) => fields,
            None => Fields::new(self.names.list(Vec::new()), &[], &[])?,
        };
        Some(Event {
            file: FileId(0),
            chunk: 0,
            record_id: look.record_id,
            header_id: record.id,
            recovered: false,
            time: look.time,
            process_id: system.process_id,
            thread_id: system.thread_id,
            activity_id: system.activity_id,
            heading: self.kinds.heading(look.kind, system, payload, &mut self.names),
            fields,
            marks: Marks::default(),
        })
    }

    /// Decodes the chosen records with the decoder.
    pub(crate) fn decode(
        &mut self,
        chunk: &[u8],
        walk: &RecordWalk,
        chosen: &[usize],
        seen: &mut SeenRecords,
    ) {
        let mut left: BTreeMap<usize, String> =
            chosen.iter().map(|&position| (position, "it was passed over".to_owned())).collect();
        let mut copy = std::mem::take(&mut self.copy);
        fold(chunk, &walk.records, chosen, &mut copy);
        match EvtxChunkData::new(copy, false) {
            Ok(mut data) => {
                match data.parse(Arc::clone(&self.settings)) {
                    Ok(mut parsed) => {
                        for item in parsed.iter() {
                            let (position, decoded) = match item {
                                Ok(record) if record.event_record_id == FOLDED => continue,
                                Ok(record) => (record.event_record_id, self.event(record)),
                                Err(EvtxError::FailedToParseRecord { record_id, source }) => {
                                    (record_id, Err(reason(&source)))
                                }
                                Err(_) => continue,
                            };
                            let position = usize::try_from(position).unwrap_or(usize::MAX);
                            if left.remove(&position).is_some() {
                                self.take(&walk.records[position], position, decoded, seen);
                            }
                        }
                    }
                    Err(error) => left.values_mut().for_each(|reason| *reason = error.to_string()),
                }
                self.copy = data.data;
            }
            Err(error) => left.values_mut().for_each(|reason| *reason = error.to_string()),
        }
        seen.reasons.append(&mut left);
    }

    fn event(&mut self, record: EvtxRecord<'_>) -> Result<(Event, crate::Parsed), String> {
        let xml = record.into_xml_bytes().map_err(|error| reason(&error))?;
        let xml = std::str::from_utf8(&xml.data).map_err(|error| error.to_string())?;
        match parse_event_xml(xml, &mut self.names) {
            Ok((event, _)) if event.provider.is_empty() && event.event_id == 0 => {
                Err("its values are all zero".into())
            }
            parsed => parsed.map_err(|error| error.to_string()),
        }
    }

    /// Notes what the decoder gave for a record.
    fn take(
        &mut self,
        record: &Record,
        position: usize,
        decoded: Result<(Event, crate::Parsed), String>,
        seen: &mut SeenRecords,
    ) {
        let (mut event, parsed) = match decoded {
            Ok(decoded) => decoded,
            Err(reason) => {
                seen.reasons.insert(position, reason);
                return;
            }
        };
        event.header_id = record.id;
        event.record_id = parsed.record_id.unwrap_or(record.id);
        event.time = parsed.time.unwrap_or(record.time);
        let kind = self.kinds.id_of(&event.computer, &event.channel, &event.provider, event.event_id);
        seen.looks[position] = Some(Look { kind, record_id: event.record_id, time: event.time });
        if self.kinds.mark(kind, &mut event) {
            seen.events.push((position, event));
        }
    }
}

/// The innermost reason of an error of the decoder.
fn reason(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Copies a chunk so that the decoder meets the chosen records and little else.
///
/// The chosen records get their position as id, so that what comes out can be told apart whatever their ids were.
/// Each run of others becomes one record without content; nothing but the header of its first record changes, because
/// other records point at templates and names stored in it. What lies behind a chosen record and is none is taken
/// into it, behind the end of its content, for the same reason. The string and template tables are left out: they are
/// shortcuts that the decoder does without, and a damaged one could cost the chunk.
fn fold(chunk: &[u8], records: &[Record], chosen: &[usize], copy: &mut Vec<u8>) {
    copy.clear();
    copy.extend_from_slice(chunk);
    copy[..8].copy_from_slice(CHUNK_MAGIC);
    copy[128..CHUNK_HEADER].fill(0);
    let mut end = CHUNK_HEADER;
    let mut last: Option<usize> = None;
    for &position in chosen {
        let record = &records[position];
        let run = end..record.offset;
        match last {
            Some(last) if !run.is_empty() && records[last + 1].offset != end => {
                put_size(copy, records[last].offset, records[last].size + run.len());
            }
            _ => put_folded(copy, run),
        }
        put_header(copy, record.offset, record.size, position as u64);
        end = record.end();
        last = Some(position);
    }
    let limit =
        |copy: &mut [u8], at: usize, value: u32| copy[at..at + 4].copy_from_slice(&value.to_le_bytes());
    copy[24..32].fill(0);
    copy[32..40].fill(0xff);
    limit(copy, 44, u32::MAX);
    limit(copy, 48, u32::try_from(end).unwrap_or(u32::MAX));
}

/// Makes one record without content of the bytes in `run`, which is empty or begins with a record.
fn put_folded(copy: &mut [u8], run: Range<usize>) {
    const SMALLEST: usize = RECORD_HEADER + 1 + 4;
    if run.len() >= SMALLEST {
        put_header(copy, run.start, run.len(), FOLDED);
        copy[run.start + RECORD_HEADER] = 0;
    }
}

fn put_size(copy: &mut [u8], record: usize, size: usize) {
    copy[record + 4..record + 8].copy_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
}

/// Writes a record header; the time is one that any calendar holds, since the decoder drops records with others.
fn put_header(copy: &mut [u8], at: usize, size: usize, id: u64) {
    put_size(copy, at, size);
    let header = &mut copy[at..at + RECORD_HEADER];
    header[..4].copy_from_slice(RECORD_MAGIC);
    header[8..16].copy_from_slice(&id.to_le_bytes());
    header[16..].fill(0);
}

/// What the damages of a chunk are told from.
struct Findings<'a> {
    header: &'a ChunkHeader,
    integrity: Integrity,
    walk: &'a RecordWalk,
    seen: &'a SeenRecords,
    stored: usize,
}

impl Findings<'_> {
    fn read(&self) -> u64 {
        self.seen.looks.iter().flatten().count() as u64
    }

    /// Records lost in all, if the header can be believed.
    fn lost(&self) -> Option<u64> {
        let promised = self.header.promised().filter(|_| self.integrity.magic && self.integrity.header)?;
        Some(promised.saturating_sub(self.read()))
    }

    /// Ids of the records lost at one place, by those on both sides of it: the first, and how many.
    fn lost_at(&self, gap: &Unreadable) -> Option<(u64, u64)> {
        let id = |position: usize| self.walk.records.get(position).map(|record| record.id);
        let before = match gap.found_before.checked_sub(1) {
            Some(position) => id(position),
            None => self.header.first_id.checked_sub(1),
        };
        let after = id(gap.found_before).or(self.header.last_id.checked_add(1));
        let lost = after?.checked_sub(before?)?.checked_sub(1)?;
        (lost < (CHUNK_SIZE / RECORD_HEADER) as u64).then_some((before?.saturating_add(1), lost))
    }

    /// Time of the nearest record read before (`..position`) or from `position` on.
    fn neighbours(&self, position: usize) -> (Option<FileTime>, Option<FileTime>) {
        let (before, after) = self.seen.looks.split_at(position);
        let time = |look: &Look| look.time;
        (before.iter().rev().flatten().next().map(time), after.iter().flatten().next().map(time))
    }
}

impl ChunkReading {
    fn note_damage(&mut self, findings: &Findings<'_>) {
        let (told, rest) = findings.walk.unreadable.split_at(findings.walk.unreadable.len().min(MAX_PLACES));
        for gap in told {
            let lost = findings.lost_at(gap);
            let what = match lost {
                Some((_, 0)) => "no record where one should begin; 0 records lost".to_owned(),
                Some((id, 1)) => format!("no record where one should begin; 1 record lost (#{id})"),
                Some((id, lost)) => {
                    let last = id.saturating_add(lost - 1);
                    format!("no record where one should begin; {lost} records lost (#{id} … #{last})")
                }
                None => "no record where one should begin".to_owned(),
            };
            let lost = lost.map(|(_, lost)| lost);
            self.note("evtx::record-header", gap.offset, what, lost, findings.neighbours(gap.found_before));
        }
        if let [first, .., last] | [first @ last] = rest {
            let lost = rest.iter().map(|gap| findings.lost_at(gap).map(|(_, lost)| lost)).sum();
            let what = format!("no record where one should begin; the same at {} places in all", rest.len());
            let ((before, _), (_, after)) =
                (findings.neighbours(first.found_before), findings.neighbours(last.found_before));
            self.note("evtx::record-header", first.offset, what, lost, (before, after));
        }
        if let Some((&position, reason)) = findings.seen.reasons.first_key_value() {
            let lost = findings.seen.reasons.len() as u64;
            let what = format!("{} could not be decoded ({reason})", records(lost));
            let offset = findings.walk.records[position].offset;
            self.note("evtx::record-content", offset, what, Some(lost), findings.neighbours(position));
        }
        self.note_chunk(findings);
        self.damages.sort_by_key(|damage| damage.offset);
    }

    /// Damage of the chunk as a whole: the worst of it, with what was read all the same.
    fn note_chunk(&mut self, findings: &Findings<'_>) {
        let Findings { integrity, stored, .. } = findings;
        let read = records(findings.read());
        let lost = findings.lost();
        let (code, what) = if *stored < CHUNK_SIZE {
            (
                "evtx::truncated",
                format!("the file breaks off in this chunk, after {stored} of its {CHUNK_SIZE} bytes"),
            )
        } else if !integrity.magic {
            ("evtx::chunk-magic", "this is no chunk: it does not begin with ElfChnk".to_owned())
        } else if !integrity.records {
            ("evtx::chunk-checksum", "the chunk's records do not have its checksum".to_owned())
        } else if !integrity.header {
            ("evtx::chunk-header-checksum", "the chunk's header does not have its checksum".to_owned())
        } else {
            return;
        };
        let what = match lost {
            Some(0) => format!("{what}; all its {read} were read"),
            Some(lost) => format!("{what}; {read} read, {lost} lost"),
            None => format!("{what}; {read} read"),
        };
        // What the places within the chunk account for does not count twice.
        let accounted: u64 = self.damages.iter().filter_map(|damage| damage.records_lost).sum();
        self.note(code, 0, what, lost.map(|lost| lost.saturating_sub(accounted)), (None, None));
    }

    fn note(
        &mut self,
        code: &'static str,
        offset: usize,
        what: String,
        records_lost: Option<u64>,
        (before, after): (Option<FileTime>, Option<FileTime>),
    ) {
        self.damages.push(Damage {
            chunk: self.place.chunk,
            offset: self.place.offset + offset as u64,
            code,
            what,
            records_lost,
            // A chunk caught while it was written anew holds newer records before older ones: what was lost between
            // them can be of any time from the one to the other.
            between: before.zip(after).map(|(before, after)| (before.min(after), before.max(after))),
        });
    }

    fn take(&mut self, worker: &Worker<'_>, seen: SeenRecords) {
        let mut minutes: Vec<(KindId, u32)> = Vec::with_capacity(seen.looks.len());
        let mut spans: Vec<(KindId, Vec<(u64, FileTime)>)> = Vec::new();
        for look in seen.looks.into_iter().flatten() {
            self.records += 1;
            self.times = Some((self.times.map_or(look.time, |(first, _)| first), look.time));
            minutes.push((look.kind, look.time.minute()));
            let kind = worker.kinds.kind(look.kind);
            self.twins.extend(worker.watch.and_then(|watch| watch.twin(kind, look.record_id, look.time)));
            let same = |id: KindId| {
                let other = worker.kinds.kind(id);
                id == look.kind || other.channel == kind.channel && other.computer == kind.computer
            };
            match spans.iter_mut().find(|(id, _)| same(*id)) {
                Some((_, records)) => records.push((look.record_id, look.time)),
                None => spans.push((look.kind, vec![(look.record_id, look.time)])),
            }
        }
        let chunk = self.place.chunk;
        self.events = seen.events.into_iter().map(|(_, event)| Event { chunk, ..event }).collect();
        minutes.sort_unstable();
        let count = |run: &[(KindId, u32)]| (run[0].1, u32::try_from(run.len()).unwrap_or(u32::MAX));
        let of_kind = |of_kind: &[(KindId, u32)]| {
            let kind = Arc::clone(worker.kinds.kind(of_kind[0].0));
            (kind, of_kind.chunk_by(|a, b| a == b).map(count).collect())
        };
        self.counts = minutes.chunk_by(|a, b| a.0 == b.0).map(of_kind).collect();
        // By content: the numbers of kinds differ from thread to thread.
        self.counts.sort_unstable();
        let part = |(id, mut records): (KindId, Vec<_>)| {
            let kind = worker.kinds.kind(id);
            SpanPart::new(Arc::clone(&kind.channel), Arc::clone(&kind.computer), &mut records)
        };
        self.parts = spans.into_iter().map(part).collect();
    }
}

/// `1 record`, `2 records`.
pub(crate) fn records(count: u64) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{count} records") }
}
