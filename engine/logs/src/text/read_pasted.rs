//! A text that people pasted records into, to a log.

use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::Arc;

use rdpwhy_event::{Event, Warning};
use rdpwhy_evtx::{RecordCount, Worker, parse_event_xml};

use crate::gather::log_reading::{LogReading, NoLog};
use crate::gather::progress::Progress;
use crate::gather::workers::Workers;
use crate::input::encoding::Encoding;
use crate::input::fingerprint::Fingerprint;
use crate::input::format::{Format, HEAD};
use crate::input::unsupported::Unsupported;
use crate::text::group_reading::GroupReading;
use crate::text::locale::Locale;
use crate::text::moment::When;
use crate::text::pasted::{self, Paste, Pasted};
use crate::text::text_builder::TextBuilder;
use crate::text::window::Window;

/// Bytes of a text that are searched for records. Nobody pastes so much; exports of that size have a form of their own.
const MAX_TEXT: u64 = 64 << 20;
const WHOLE_LOG: &str = "Send the whole log if you can: wevtutil epl <channel> <file>.evtx";

/// Reads the records in any text.
///
/// # Errors
/// [`NoLog`] when it cannot be read, or there are no records in it.
pub(crate) fn read_pasted(
    mut input: impl Read,
    name: &str,
    workers: &Workers<'_>,
    progress: &dyn Progress,
) -> Result<LogReading, NoLog> {
    let mut raw = Vec::new();
    input.by_ref().take(MAX_TEXT).read_to_end(&mut raw)?;
    let mut fingerprint = Fingerprint::default();
    fingerprint.update(&raw);
    let mut builder = TextBuilder::new(name, Format::Text);
    builder.bytes = raw.len() as u64 + pass(&mut input, &mut fingerprint)?;
    progress.read(builder.bytes);
    let locale = Locale::of(workers);
    let paste = pasted::read(&decoded(&raw), locale.wording);
    if paste.records.is_empty() && paste.broken == 0 {
        return Err(NoLog::Unsupported(Unsupported::of(name, &raw[..raw.len().min(HEAD)])));
    }
    warn(&mut builder, name, &paste, raw.len() as u64);
    let mut group = workers.with(|worker| take(worker, paste, workers));
    workers.retention.admit(&mut group.events);
    builder.push(group, &Window::default());
    Ok(builder.finish(fingerprint.finish(), None))
}

/// Reads on to the end, for the fingerprint alone; how many bytes.
fn pass(input: &mut impl Read, fingerprint: &mut Fingerprint) -> io::Result<u64> {
    let (mut buffer, mut passed) = (vec![0; 1 << 18], 0);
    loop {
        match input.read(&mut buffer)? {
            0 => return Ok(passed),
            read => {
                fingerprint.update(&buffer[..read]);
                passed += read as u64;
            }
        }
    }
}

/// The text; of bytes that are neither UTF-8 nor UTF-16, as Western Windows versions store it.
fn decoded(raw: &[u8]) -> String {
    let (encoding, start) = Encoding::of(raw);
    let unit = match encoding {
        Encoding::Utf8 => {
            let bytes = &raw[start..];
            let western = || bytes.iter().map(|byte| char::from(*byte)).collect();
            return std::str::from_utf8(bytes).map_or_else(|_| western(), str::to_owned);
        }
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    let units = raw[start..].as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// What a reader of the report has to know of pasted records.
fn warn(builder: &mut TextBuilder<'_>, name: &str, paste: &Paste, searched: u64) {
    let warning = |code, message: String| Warning::new(code, name, message);
    let forms = paste.forms.join(", ");
    let message = format!("read from text ({forms}), which shows some records: others may be missing in it");
    builder.warn(warning("text::pasted", message).help(WHOLE_LOG));
    if paste.unclear_dates {
        let message = "the dates in it do not show whether the day or the month comes first".to_owned();
        builder
            .warn(warning("text::date-order", message).help("Compare the dates in the report with the text"));
    }
    if searched == MAX_TEXT {
        let message = format!("only its first {MAX_TEXT} bytes were searched for records");
        builder.warn(warning("text::too-long", message).help(WHOLE_LOG));
    }
    if paste.broken > 0 {
        let message =
            format!("{} pasted without the end (`</Event>`), and not read", RecordCount(paste.broken));
        builder.warn(
            warning("text::cut-off", message).help("Paste the whole XML of the event, down to </Event>"),
        );
    }
}

/// The records of a text as events. One that was pasted more than once counts once.
fn take(worker: &mut Worker<'_>, paste: Paste, workers: &Workers<'_>) -> GroupReading {
    let locale = Locale::of(workers);
    let mut group = GroupReading::default();
    let mut seen: HashSet<(Arc<str>, Arc<str>, u64)> = HashSet::new();
    for (line, record) in paste.records {
        match event(worker, record, locale, &mut group.zoneless) {
            Ok(event) => {
                let key = (Arc::clone(&event.channel), Arc::clone(&event.computer), event.record_id);
                if event.record_id == 0 || seen.insert(key) {
                    group.take(worker, event, workers);
                }
            }
            Err(reason) => group.faults.push((0, format!("line {line}: {reason}"))),
        }
    }
    group
}

fn event(
    worker: &mut Worker<'_>,
    record: Pasted,
    locale: Locale<'_>,
    zoneless: &mut u64,
) -> Result<Event, String> {
    match record {
        Pasted::Xml(xml) => {
            let (event, parsed) = parse_event_xml(&xml, worker.names()).map_err(|error| error.to_string())?;
            parsed.time.ok_or("it has no time that can be read")?;
            Ok(Event { header_id: event.record_id, ..event })
        }
        Pasted::Sketch(sketch) => {
            *zoneless += u64::from(matches!(sketch.time, Some(When::Local(_))) && locale.zone.is_none());
            sketch.into_event(worker.names(), |local| locale.instant(local))
        }
    }
}

#[cfg(test)]
mod tests;
