//! Records as proof: where each one is, and what it says.

use crate::diagnosis::assemble::assembly::Assembly;
use crate::diagnosis::result as view;
use crate::world::tick::ticks;
use rdpwhy_event::FileTime;

/// So many records of a piece of evidence are handed on with their payload, …
const RECORDS_IN_FULL: usize = 3;
/// … of which at most so many fields, …
const FIELDS_OF_RECORD: usize = 24;
/// … each cut beyond so many characters: payloads can be large, and every cause has its own records.
const FIELD_LONGEST: usize = 300;
/// From this difference on, in ticks of 100 ns, both times of a record are told: a second.
const TOLD: i64 = 10_000_000;

impl Assembly<'_> {
    pub(super) fn records(&self, events: &[u32]) -> Vec<view::Record> {
        events.iter().map(|&event| self.record(event)).collect()
    }

    /// The records, the first of them with their payload.
    pub(super) fn proof(&self, events: &[u32]) -> Vec<view::Record> {
        let mut records = self.records(events);
        for (record, &event) in records.iter_mut().zip(events).take(RECORDS_IN_FULL) {
            let fields = self.scene.timeline.events[event as usize].fields.iter().take(FIELDS_OF_RECORD);
            let cut = |text: &str| if self.options.whole_values { text.to_owned() } else { cut(text) };
            record.fields = fields
                .map(|field| view::Field { name: cut(field.name), value: cut(field.value.trim()) })
                .collect();
        }
        records
    }

    pub(super) fn record(&self, event: u32) -> view::Record {
        let common = self.scene.timeline.time[event as usize];
        let event = &self.scene.timeline.events[event as usize];
        view::Record {
            file: self.reading.logs[event.file.0 as usize].name.clone(),
            channel: event.channel.to_string(),
            computer: event.computer.to_string(),
            provider: event.provider.to_string(),
            event_id: event.event_id,
            record_id: event.record_id,
            recovered: event.recovered,
            time: event.time,
            corrected: Some(common)
                .filter(|common| (common - ticks(event.time)).abs() >= TOLD)
                .and_then(|common| u64::try_from(common).ok())
                .map(FileTime),
            fields: Vec::new(),
        }
    }
}

/// The text, with `…` for what stands beyond the length of a field.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(FIELD_LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
