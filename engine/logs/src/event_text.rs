//! Records exported as text, XML or JSON, to a log.
//!
//! The text is read block by block and cut into records by their tags or braces alone, so that a broken one costs
//! itself and records can be read side by side. Text has no checksums and no header: what it held is known by the
//! records themselves.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::archive::LimitReached;
use crate::chunk::{Worker, records};
use crate::event_json::parse_event_json;
use crate::format::{Encoding, Format};
use crate::kind::Kind;
use crate::log::{Damage, Log, LogForm, SpanPart};
use crate::log_file::{LogReading, Sharing, Workers, hex};
use crate::overlap::Twin;
use crate::tally::TallyBuilder;
use crate::{Progress, parse_event_xml};
use rdpwhy_event::Event;
use rdpwhy_event::{FileTime, Warning};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;
/// Bytes a record may have. Real ones, with their message in words, have some thousand.
const MAX_RECORD: usize = 4 << 20;
/// Records that one thread reads at a time.
const GROUP: usize = 64;
/// Ids and times kept before they are summed up. Within so many, records may stand in any order.
const MAX_PLACES: usize = 1 << 20;

/// Reads records as text from the first to the last. `format` is [`Format::Xml`] or [`Format::Json`].
///
/// # Errors
/// When it cannot be read from the start. When reading fails later, what came before is kept.
pub(crate) fn read_text(
    mut input: impl Read,
    name: &str,
    format: Format,
    workers: &Workers<'_>,
    sharing: Sharing,
    progress: &dyn Progress,
) -> io::Result<LogReading> {
    let cut = if format == Format::Json { cut_json } else { cut_xml };
    let mut text = Text::default();
    let mut end = text.fill(&mut input);
    if let (Some(Err(_)), true) = (&end, text.raw.is_empty()) {
        end.take().transpose()?;
    }
    let mut builder = TextBuilder::new(name, format);
    let mut sha256 = Sha256::new();
    let mut next_raw = Vec::new();
    loop {
        let (pieces, rest) = cut(&text.block, end.is_some());
        let mut groups = Vec::new();
        let mut next_end = None;
        let read = |group: &[Range<usize>]| {
            workers.with(|worker| GroupReading::of(worker, &text.block, group, format, workers))
        };
        rayon::in_place_scope(|scope| {
            if sharing == Sharing::AllThreads {
                scope.spawn(|_| groups = pieces.par_chunks(GROUP).map(read).collect());
                scope.spawn(|_| sha256.update(&text.raw));
            } else {
                groups = pieces.chunks(GROUP).map(read).collect();
                sha256.update(&text.raw);
            }
            if end.is_none() {
                next_end = fill(&mut input, &mut next_raw);
            }
        });
        builder.bytes += text.raw.len() as u64;
        progress.read(text.raw.len() as u64);
        for mut group in groups {
            workers.horizon.admit(&mut group.events);
            builder.push(group, &text);
        }
        workers.horizon.drop_old(&mut builder.events);
        if end.is_some() {
            break;
        }
        text.drop_to(rest);
        std::mem::swap(&mut text.raw, &mut next_raw);
        text.decode(next_end.is_some());
        end = next_end;
    }
    Ok(builder.finish(&sha256.finalize(), end.and_then(Result::err)))
}

/// Reads a block; `Some` when the file ended, with the error if it was one.
fn fill(input: &mut impl Read, raw: &mut Vec<u8>) -> Option<io::Result<()>> {
    raw.clear();
    match input.take(BLOCK as u64).read_to_end(raw) {
        Ok(read) => (read < BLOCK).then_some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}

/// A window on the text.
#[derive(Default)]
struct Text {
    encoding: Option<Encoding>,
    /// The bytes last read.
    raw: Vec<u8>,
    /// Bytes of a letter that goes on in the next block.
    odd: Vec<u8>,
    /// The text, as UTF-8 as far as it is sound.
    block: Vec<u8>,
    /// Where `block` begins in the file, in bytes and in lines from 1.
    offset: u64,
    line: u64,
}

impl Text {
    fn fill(&mut self, input: &mut impl Read) -> Option<io::Result<()>> {
        let end = fill(input, &mut self.raw);
        self.decode(end.is_some());
        end
    }

    /// Appends what was read to the block.
    fn decode(&mut self, is_end: bool) {
        let mut start = 0;
        let encoding = *self.encoding.get_or_insert_with(|| {
            let (encoding, first) = Encoding::of(&self.raw);
            (start, self.offset, self.line) = (first, first as u64, 1);
            encoding
        });
        let unit = match encoding {
            Encoding::Utf8 => return self.block.extend_from_slice(&self.raw[start..]),
            Encoding::Utf16Le => u16::from_le_bytes,
            Encoding::Utf16Be => u16::from_be_bytes,
        };
        self.odd.extend_from_slice(&self.raw[start..]);
        let mut units: Vec<u16> = self.odd.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        // The first half of a letter waits for the second.
        if !is_end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
        }
        self.odd.drain(..units.len() * 2);
        let mut letter = [0; 4];
        for decoded in char::decode_utf16(units) {
            let decoded = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.block.extend_from_slice(decoded.encode_utf8(&mut letter).as_bytes());
        }
    }

    /// Forgets the text before `at`.
    fn drop_to(&mut self, at: usize) {
        (self.offset, self.line) = self.place(at);
        self.block.drain(..at);
    }

    /// Where in the file the block's byte `at` is: bytes from its start, and the line, from 1.
    fn place(&self, at: usize) -> (u64, u64) {
        let before = &self.block[..at];
        let bytes = match self.encoding {
            Some(Encoding::Utf16Le | Encoding::Utf16Be) => {
                2 * String::from_utf8_lossy(before).chars().map(char::len_utf16).sum::<usize>()
            }
            _ => at,
        };
        (self.offset + bytes as u64, self.line + memchr::memchr_iter(b'\n', before).count() as u64)
    }
}

/// Cuts a block into `<Event>` elements; whatever else breaks off or ends without having begun is a piece as well,
/// so that it is counted. Gives the pieces, and from where on the block is not cut yet.
fn cut_xml(block: &[u8], is_end: bool) -> (Vec<Range<usize>>, usize) {
    const END: &[u8] = b"</Event>";
    let mut ends = memmem::find_iter(block, END).map(|at| at + END.len());
    let mut end = ends.next();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start_tag(block, at) {
        if let Some(stray) = end.filter(|end| *end <= start) {
            pieces.push(at..stray);
            end = ends.find(|end| *end > start);
        }
        match end {
            Some(end_of_it) if end_of_it - start <= MAX_RECORD => {
                at = end_of_it;
                pieces.push(start..at);
                end = ends.next();
            }
            None if !is_end && block.len() - start <= MAX_RECORD => return (pieces, start),
            _ => {
                // It breaks off, or is no record for its size: the next one may still be sound.
                at = next_start_tag(block, start + 1).unwrap_or(block.len());
                pieces.push(start..at);
            }
        }
    }
    if let Some(stray) = end {
        pieces.push(at..stray);
        at = ends.last().unwrap_or(stray);
    }
    // A tag may go on in the next block.
    let rest = if is_end { block.len() } else { block.len().saturating_sub(END.len()).max(at) };
    (pieces, rest)
}

/// Where the next `<Event>` begins.
fn next_start_tag(block: &[u8], from: usize) -> Option<usize> {
    start_tags(block.get(from..)?).next().map(|at| from + at)
}

/// Where the last `<Event>` in a piece begins, if it is not the first.
fn last_start_tag(piece: &[u8]) -> Option<usize> {
    start_tags(piece).last().filter(|at| *at > 0)
}

fn start_tags(text: &[u8]) -> impl Iterator<Item = usize> {
    const START: &[u8] = b"<Event";
    let is_tag = |at: &usize| matches!(text.get(at + START.len()), Some(b'>' | b' ' | b'\t' | b'\r' | b'\n'));
    memmem::find_iter(text, START).filter(is_tag)
}

/// Cuts a block into JSON objects, on a line each or on several, in a list or not. Lines that are none are pieces as
/// well, so that they are counted.
fn cut_json(block: &[u8], is_end: bool) -> (Vec<Range<usize>>, usize) {
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let skipped =
            block[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']'));
        at += skipped.count();
        let Some(first) = block.get(at) else { return (pieces, at) };
        let end = if *first == b'{' { object_end(block, at) } else { line_end(block, at) };
        match end {
            Some(end) => {
                // `evtx_dump` puts a line before each record of several lines.
                if *first == b'{' || !block[at..].starts_with(b"Record ") {
                    pieces.push(at..end);
                }
                at = end;
            }
            None if !is_end && block.len() - at <= MAX_RECORD => return (pieces, at),
            // No line in what is left begins a record.
            None => {
                pieces.push(at..block.len());
                at = block.len();
            }
        }
    }
}

fn line_end(block: &[u8], at: usize) -> Option<usize> {
    memchr::memchr(b'\n', &block[at..]).map(|end| at + end)
}

/// The end of the object that begins at `at`: behind its last brace, or where a line begins with another one, which
/// no object of several lines does.
fn object_end(block: &[u8], at: usize) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (place, byte) in block.iter().enumerate().skip(at) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if place > at && block[place - 1] == b'\n' => return Some(place),
            b'{' if !in_text => depth += 1,
            b'}' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// What some records held.
struct GroupReading {
    events: Vec<Event>,
    /// Kind, record id and time of every record.
    seen: Vec<(Arc<Kind>, u64, FileTime)>,
    twins: Vec<Twin>,
    /// Where pieces that are no record begin, and why.
    faults: Vec<(usize, String)>,
    zoneless: u64,
    /// Records with bytes that are no UTF-8.
    garbled: u64,
}

impl GroupReading {
    fn of(
        worker: &mut Worker<'_>,
        block: &[u8],
        pieces: &[Range<usize>],
        format: Format,
        workers: &Workers<'_>,
    ) -> GroupReading {
        worker.trim();
        let mut group = GroupReading {
            events: Vec::new(),
            seen: Vec::with_capacity(pieces.len()),
            twins: Vec::new(),
            faults: Vec::new(),
            zoneless: 0,
            garbled: 0,
        };
        for piece in pieces {
            let bytes = &block[piece.clone()];
            match group.parse(worker, bytes, format) {
                Ok(event) => group.take(worker, event, workers),
                Err(reason) => {
                    group.faults.push((piece.start, reason));
                    // A record that breaks off may have taken in the next one, which is whole.
                    let inner = last_start_tag(bytes).filter(|_| format == Format::Xml);
                    if let Some(Ok(event)) = inner.map(|at| group.parse(worker, &bytes[at..], format)) {
                        group.take(worker, event, workers);
                    }
                }
            }
        }
        group
    }

    fn take(&mut self, worker: &mut Worker<'_>, mut event: Event, workers: &Workers<'_>) {
        let (kind, keeps) = worker.sort_in(&mut event);
        self.twins.extend(workers.watched(&kind, event.record_id, event.time));
        self.seen.push((kind, event.record_id, event.time));
        if keeps {
            self.events.push(event);
        }
    }

    fn parse(&mut self, worker: &mut Worker<'_>, piece: &[u8], format: Format) -> Result<Event, String> {
        let text = String::from_utf8_lossy(piece);
        let event = if format == Format::Json {
            let parsed = parse_event_json(text.as_bytes(), worker.names())?;
            self.zoneless += u64::from(parsed.zoneless);
            parsed.event
        } else {
            let (event, parsed) =
                parse_event_xml(&text, worker.names()).map_err(|error| error.to_string())?;
            parsed.time.ok_or("it has no time that can be read")?;
            Event { header_id: event.record_id, ..event }
        };
        self.garbled += u64::from(matches!(text, std::borrow::Cow::Owned(_)));
        Ok(event)
    }
}

/// Record ids and times by channel and computer.
type Places = HashMap<(Arc<str>, Arc<str>), Vec<(u64, FileTime)>>;

struct TextBuilder<'n> {
    name: &'n str,
    form: LogForm,
    bytes: u64,
    records: u64,
    events: Vec<Event>,
    tally: TallyBuilder,
    twins: Vec<Twin>,
    places: Places,
    placed: usize,
    parts: Vec<SpanPart>,
    faults: u64,
    /// Byte, line and reason.
    first_fault: Option<(u64, u64, String)>,
    zoneless: u64,
    garbled: u64,
}

impl<'n> TextBuilder<'n> {
    fn new(name: &'n str, format: Format) -> TextBuilder<'n> {
        TextBuilder {
            name,
            form: if format == Format::Json { LogForm::Json } else { LogForm::Xml },
            bytes: 0,
            records: 0,
            events: Vec::new(),
            tally: TallyBuilder::default(),
            twins: Vec::new(),
            places: Places::new(),
            placed: 0,
            parts: Vec::new(),
            faults: 0,
            first_fault: None,
            zoneless: 0,
            garbled: 0,
        }
    }

    fn push(&mut self, group: GroupReading, text: &Text) {
        if let (None, Some((at, reason))) = (&self.first_fault, group.faults.first()) {
            let (offset, line) = text.place(*at);
            self.first_fault = Some((offset, line, reason.clone()));
        }
        self.faults += group.faults.len() as u64;
        self.zoneless += group.zoneless;
        self.garbled += group.garbled;
        self.records += group.seen.len() as u64;
        self.events.extend(group.events);
        self.twins.extend(group.twins);
        let mut minutes: BTreeMap<(&Arc<Kind>, u32), u32> = BTreeMap::new();
        for (kind, record_id, time) in &group.seen {
            *minutes.entry((kind, time.minute())).or_default() += 1;
            let key = (Arc::clone(&kind.channel), Arc::clone(&kind.computer));
            self.places.entry(key).or_default().push((*record_id, *time));
        }
        for ((kind, minute), count) in minutes {
            self.tally.add(kind, &[(minute, count)]);
        }
        self.placed += group.seen.len();
        if self.placed > MAX_PLACES {
            self.sum_up();
        }
    }

    fn sum_up(&mut self) {
        self.placed = 0;
        for ((channel, computer), mut places) in self.places.drain() {
            self.parts.push(SpanPart::new(channel, computer, &mut places));
        }
    }

    fn finish(mut self, sha256: &[u8], error: Option<io::Error>) -> LogReading {
        self.sum_up();
        let (mut damages, mut warnings) = (Vec::new(), Vec::new());
        self.note_faults(&mut damages, &mut warnings);
        if let Some(error) = error {
            let limit = LimitReached::of(&error);
            let code = if limit.is_some() { "archive::limit" } else { "text::read-error" };
            let what = format!("reading failed ({error}); what follows was not read");
            let help = limit.map_or("Copy the file again and try once more".to_owned(), LimitReached::help);
            warnings.push(
                Warning::new(code, self.name, what.clone()).at(format!("byte {}", self.bytes)).help(help),
            );
            damages.push(Damage {
                chunk: 0,
                offset: self.bytes,
                code,
                what,
                records_lost: None,
                between: None,
            });
        }
        let log = Log {
            name: self.name.to_owned(),
            form: self.form,
            bytes: self.bytes,
            sha256: hex(sha256),
            recovered: 0,
            records: self.records,
            dirty: false,
            wrapped: false,
            spans: SpanPart::join(self.parts),
            whole: damages.is_empty(),
            damages,
        };
        LogReading {
            log,
            events: self.events,
            carved: Vec::new(),
            tally: self.tally,
            warnings,
            twins: self.twins,
        }
    }

    fn note_faults(&self, damages: &mut Vec<Damage>, warnings: &mut Vec<Warning>) {
        if let Some((offset, line, reason)) = &self.first_fault {
            let what = format!("{} could not be read; the first: {reason}", records(self.faults));
            let place = format!("line {line}, byte {offset}");
            let help = "The other records were read. Export the log again, best as .evtx: wevtutil epl <channel> <file>.evtx";
            warnings.push(Warning::new("text::record", self.name, what.clone()).at(place).help(help));
            let records_lost = Some(self.faults);
            damages.push(Damage {
                chunk: 0,
                offset: *offset,
                code: "text::record",
                what,
                records_lost,
                between: None,
            });
        }
        if self.zoneless > 0 {
            let message = format!("{} with a time without zone; taken as UTC", records(self.zoneless));
            let help =
                "If they are local times, forward them with their offset from UTC, or send the log as .evtx";
            warnings.push(Warning::new("text::no-zone", self.name, message).help(help));
        }
        if self.garbled > 0 {
            let message =
                format!("{} with letters that are no UTF-8; they are shown as �", records(self.garbled));
            let help =
                "Names may not match those of other logs. Export as .evtx, or with `wevtutil qe /uni:true`";
            warnings.push(Warning::new("text::letters", self.name, message).help(help));
        }
        if self.records == 0 && self.faults == 0 {
            warnings.push(Warning::new("text::no-records", self.name, "there are no records in it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], format: Format) -> LogReading {
        let all = |_: &str, _: u32, _: &str| true;
        let first =
            read_text(bytes, "log", format, &Workers::new(&all, false), Sharing::OneThread, &()).unwrap();
        let second =
            read_text(bytes, "log", format, &Workers::new(&all, false), Sharing::AllThreads, &()).unwrap();
        assert_eq!(
            (&first.log, &first.events, &first.warnings),
            (&second.log, &second.events, &second.warnings)
        );
        first
    }

    fn event(id: u64) -> String {
        format!(
            "<Event xmlns='x'><System><Provider Name='P'/><EventID>7</EventID><TimeCreated SystemTime='2026-03-09T07:58:00Z'/>\
             <EventRecordID>{id}</EventRecordID><Channel>C</Channel><Computer>H</Computer></System><EventData>\
             <Data Name='A'>größer</Data></EventData></Event>"
        )
    }

    fn dumped(id: u64) -> String {
        format!(
            r##"{{"Event":{{"System":{{"EventID":7,"TimeCreated":{{"#attributes":{{"SystemTime":"2026-03-09T07:58:00Z"}}}},"EventRecordID":{id}}},"EventData":{{"A":"{{\""}}}}}}"##
        )
    }

    fn ids(reading: &LogReading) -> Vec<u64> {
        reading.events.iter().map(|event| event.record_id).collect()
    }

    #[test]
    fn many_blocks_in_every_encoding_give_every_record() {
        let count = 12_000;
        let text: String = (1..=count).map(event).collect::<Vec<_>>().join("\r\n");
        let text = format!("<?xml version=\"1.0\"?>\r\n<Events>{text}</Events>");
        assert!(text.len() > 2 * BLOCK);
        let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
        for bytes in [
            text.clone().into_bytes(),
            units().flat_map(u16::to_le_bytes).collect(),
            units().flat_map(u16::to_be_bytes).collect(),
        ] {
            let reading = read(&bytes, Format::Xml);
            assert_eq!(ids(&reading), (1..=count).collect::<Vec<_>>());
            assert_eq!(reading.events[9].field("A"), Some("größer"));
            assert_eq!((reading.log.whole, reading.log.bytes), (true, bytes.len() as u64));
            assert_eq!((reading.log.spans[0].gap_count, reading.log.spans[0].records), (0, count));
        }
    }

    #[test]
    fn broken_records_cost_themselves_and_are_located() {
        let text = format!("{}\n<Event><System>\n{}\n</Event>\n{}", event(1), event(2), event(3));
        let reading = read(text.as_bytes(), Format::Xml);
        assert_eq!((ids(&reading), reading.log.damages[0].records_lost), (vec![1, 2, 3], Some(2)));
        let text = format!("{}\n{}\n<Event xmlns='x'><System>", event(1), event(2).replace("</System>", ""));
        let reading = read(text.as_bytes(), Format::Xml);
        assert_eq!((ids(&reading), reading.log.whole), (vec![1], false));
        let warning = reading.warnings[0].to_string();
        let place = format!("log: line 2, byte {}: ", event(1).len() + 1);
        assert!(
            warning.starts_with(&format!("{place}2 records could not be read; the first: ")),
            "{warning}"
        );

        let text = format!("{}\n{{\"Event\":{{\"Sys\n{}\nwhat is this\n{}", dumped(1), dumped(2), dumped(3));
        let reading = read(text.as_bytes(), Format::Json);
        assert_eq!(ids(&reading), [1, 2, 3]);
        let warning = reading.warnings[0].to_string();
        assert!(warning.contains("line 2") && warning.contains("2 records could not be read"), "{warning}");
    }

    #[test]
    fn json_stands_on_lines_in_lists_or_spread_out() {
        let spread = |id: u64| {
            let json: serde_json::Value = serde_json::from_str(&dumped(id)).unwrap();
            serde_json::to_string_pretty(&json).unwrap()
        };
        for text in [
            format!("{}\r\n{}\r\n", dumped(1), dumped(2)),
            format!("[{},{}]", dumped(1), dumped(2)),
            format!("[\n{},\n{}\n]\n", dumped(1), dumped(2)),
            format!("Record 1\n{}\nRecord 2\n{}\n", spread(1), spread(2)),
        ] {
            let reading = read(text.as_bytes(), Format::Json);
            assert_eq!((ids(&reading), reading.log.whole), (vec![1, 2], true), "{text}");
        }
    }

    #[test]
    fn a_record_without_end_is_let_go() {
        let text = format!("{}<Event>{}", event(1), "x".repeat(3 * MAX_RECORD));
        let reading = read(text.as_bytes(), Format::Xml);
        assert_eq!((ids(&reading), reading.log.damages.len()), (vec![1], 1));
        let text = format!("{}\n{{\"a\":\"{}\n{}", dumped(1), "x".repeat(3 * MAX_RECORD), dumped(2));
        assert_eq!(ids(&read(text.as_bytes(), Format::Json)), [1, 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn changed_bytes_never_panic_and_cost_only_what_is_near(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            is_json: bool,
        ) {
            let (form, format): (fn(u64) -> String, _) =
                if is_json { (dumped, Format::Json) } else { (event, Format::Xml) };
            let mut bytes: Vec<u8> = (1..=40).map(form).collect::<Vec<_>>().join("\n").into_bytes();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            // A change can take the record before or behind with it.
            prop_assert!(read(&bytes, format).log.records >= 40 - 3 * changes.len() as u64);
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, Format::Xml);
            let _ = read(&bytes, Format::Json);
        }
    }
}
