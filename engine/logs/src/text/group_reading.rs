//! Some records of a text, which one thread reads.

use std::ops::Range;
use std::sync::Arc;

use rdpwhy_event::{Event, FileTime};
use rdpwhy_evtx::{Kind, WatchedRecord, Worker, parse_event_xml};

use crate::gather::workers::Workers;
use crate::input::format::Format;
use crate::text::event_json::parse_event_json;
use crate::text::locale::Locale;
use crate::text::xml_pieces::last_record_start;

/// What some records held.
#[derive(Default)]
pub(super) struct GroupReading {
    pub(super) events: Vec<Event>,
    /// Kind, record id and time of every record.
    pub(super) seen: Vec<(Arc<Kind>, u64, FileTime)>,
    pub(super) watched: Vec<WatchedRecord>,
    /// Where pieces that are no record begin, and why.
    pub(super) faults: Vec<(usize, String)>,
    pub(super) zoneless: u64,
    /// Records with bytes that are no UTF-8.
    pub(super) garbled: u64,
}

impl GroupReading {
    pub(super) fn of(
        worker: &mut Worker<'_>,
        block: &[u8],
        pieces: &[Range<usize>],
        format: Format,
        workers: &Workers<'_>,
    ) -> GroupReading {
        worker.trim();
        let mut group = GroupReading::default();
        for piece in pieces {
            let bytes = &block[piece.clone()];
            match group.parse(worker, bytes, format, workers) {
                Ok(event) => group.take(worker, event, workers),
                Err(reason) => {
                    group.faults.push((piece.start, reason));
                    // A record that breaks off may have taken in the next one, which is whole.
                    let inner = last_record_start(bytes).filter(|_| format == Format::Xml);
                    if let Some(Ok(event)) =
                        inner.map(|at| group.parse(worker, &bytes[at..], format, workers))
                    {
                        group.take(worker, event, workers);
                    }
                }
            }
        }
        group
    }

    pub(super) fn take(&mut self, worker: &mut Worker<'_>, mut event: Event, workers: &Workers<'_>) {
        let (kind, keeps) = worker.sort_in(&mut event);
        self.watched.extend(workers.watched(&kind, event.record_id, event.time));
        self.seen.push((kind, event.record_id, event.time));
        if keeps {
            self.events.push(event);
        }
    }

    fn parse(
        &mut self,
        worker: &mut Worker<'_>,
        piece: &[u8],
        format: Format,
        workers: &Workers<'_>,
    ) -> Result<Event, String> {
        let text = String::from_utf8_lossy(piece);
        let event = if format == Format::Json {
            let parsed = parse_event_json(text.as_bytes(), worker.names(), Locale::of(workers))?;
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
