//! A log in the making, of records as text.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use rdpwhy_event::{Event, FileTime, Warning};
use rdpwhy_evtx::{Damage, Kind, RecordCount, Span, SpanPart, WatchedRecord};

use crate::gather::log::{Log, LogForm};
use crate::gather::log_reading::LogReading;
use crate::gather::tally::TallyBuilder;
use crate::input::format::Format;
use crate::input::limit_reached::LimitReached;
use crate::text::dialect;
use crate::text::group_reading::GroupReading;
use crate::text::window::Window;

/// Ids and times kept before they are summed up. Within this many, records may be in any order.
const MAX_PLACES: usize = 1 << 20;

/// What is better than any text.
const EXPORT: &str = "Export the log again, best as .evtx: wevtutil epl <channel> <file>.evtx";

/// Record ids and times by channel and computer.
type Places = HashMap<(Arc<str>, Arc<str>), Vec<(u64, FileTime)>>;

pub(super) struct TextBuilder<'n> {
    name: &'n str,
    form: LogForm,
    pub(super) bytes: u64,
    records: u64,
    pub(super) events: Vec<Event>,
    tally: TallyBuilder,
    watched: Vec<WatchedRecord>,
    places: Places,
    placed: usize,
    parts: Vec<SpanPart>,
    faults: u64,
    /// Byte, line and reason.
    first_fault: Option<(u64, u64, String)>,
    zoneless: u64,
    garbled: u64,
    warnings: Vec<Warning>,
}

impl<'n> TextBuilder<'n> {
    pub(super) fn new(name: &'n str, format: Format) -> TextBuilder<'n> {
        TextBuilder {
            name,
            form: match format {
                Format::Json => LogForm::Json,
                Format::Text => LogForm::Text,
                _ => LogForm::Xml,
            },
            bytes: 0,
            records: 0,
            events: Vec::new(),
            tally: TallyBuilder::default(),
            watched: Vec::new(),
            places: Places::new(),
            placed: 0,
            parts: Vec::new(),
            faults: 0,
            first_fault: None,
            zoneless: 0,
            garbled: 0,
            warnings: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, group: GroupReading, window: &Window) {
        if let (None, Some((at, reason))) = (&self.first_fault, group.faults.first()) {
            let (offset, line) = window.place(*at);
            self.first_fault = Some((offset, line, reason.clone()));
        }
        self.faults += group.faults.len() as u64;
        self.zoneless += group.zoneless;
        self.garbled += group.garbled;
        self.records += group.seen.len() as u64;
        self.events.extend(group.events);
        self.watched.extend(group.watched);
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

    /// Says something that a reader of the report has to know.
    pub(super) fn warn(&mut self, warning: Warning) {
        self.warnings.push(warning);
    }

    pub(super) fn finish(mut self, sha256: String, error: Option<io::Error>) -> LogReading {
        self.sum_up();
        let (mut damages, mut warnings) = (Vec::new(), std::mem::take(&mut self.warnings));
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
        let mut spans = SpanPart::join(self.parts);
        if self.form == LogForm::Text {
            spans.iter_mut().for_each(forget_order);
        }
        let log = Log {
            name: self.name.to_owned(),
            form: self.form,
            bytes: self.bytes,
            sha256,
            recovered: 0,
            records: self.records,
            dirty: false,
            wrapped: false,
            spans,
            whole: damages.is_empty(),
            damages,
        };
        LogReading {
            log,
            events: self.events,
            carved: Vec::new(),
            tally: self.tally,
            warnings,
            watched: self.watched,
        }
    }

    fn note_faults(&self, damages: &mut Vec<Damage>, warnings: &mut Vec<Warning>) {
        if let Some((offset, line, reason)) = &self.first_fault {
            let what = format!("{} could not be read; the first: {reason}", RecordCount(self.faults));
            let place = format!("line {line}, byte {offset}");
            let help = match (self.records, self.form) {
                (0, LogForm::Json) => {
                    format!(
                        "No record was read. JSON of these programs is: evtx_dump, {}. {EXPORT}",
                        dialect::names()
                    )
                }
                (0, _) => format!("No record was read. {EXPORT}"),
                _ => format!("The other records were read. {EXPORT}"),
            };
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
            let message = format!("{} with a time without zone; taken as UTC", RecordCount(self.zoneless));
            let help = "If they are local times, name their zone with --tz, forward them with their offset from UTC, or send the log as .evtx";
            warnings.push(Warning::new("text::no-zone", self.name, message).help(help));
        }
        if self.garbled > 0 {
            let message =
                format!("{} with letters that are no UTF-8; they are shown as �", RecordCount(self.garbled));
            let help =
                "Names may not match those of other logs. Export as .evtx, or with `wevtutil qe /uni:true`";
            warnings.push(Warning::new("text::letters", self.name, message).help(help));
        }
        if self.records == 0 && self.faults == 0 {
            warnings.push(Warning::new("text::no-records", self.name, "there are no records in it"));
        }
    }
}

/// Of records that somebody chose, those between them are missing for no other reason.
fn forget_order(span: &mut Span) {
    span.gaps.clear();
    span.gap_count = 0;
    span.steps_back.clear();
    span.out_of_order = 0;
}
