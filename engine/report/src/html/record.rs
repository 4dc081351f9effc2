//! Records as proof: where each is, and what it contains.

use super::page::Page;
use crate::words::figure::{count, several};
use crate::words::visible::value;
use maud::{Markup, html};
use rdpwhy_diagnose::diagnosis::Record;

impl Page<'_> {
    /// Records behind a line that opens; `all` is how many there are.
    pub(super) fn records(&self, records: &[Record], all: usize) -> Markup {
        let Some(first) = records.first() else { return html! {} };
        let untold = all.saturating_sub(records.len());
        html! {
            details.records {
                summary {
                    (self.clock.of_record(first)) " · " (self.places.name(first, ""))
                    @if all > 1 { " · " (count(all as u64)) " records" }
                }
                ul {
                    @for record in records { li { (self.record(record)) } }
                    @if untold > 0 { li.soft { "… and " (several(untold, "more record")) } }
                }
            }
        }
    }

    fn record(&self, record: &Record) -> Markup {
        html! {
            p {
                span.time { (self.clock.of_record(record)) } " · "
                strong { (value(&record.channel)) " #" (record.record_id) } " · event " (record.event_id)
                @if record.recovered { " · " strong.careful { "recovered" } }
                " · " (value(&record.provider)) " · " (value(&record.computer))
                " · " span.soft { (value(&record.file)) }
            }
            @if !record.fields.is_empty() {
                dl.fields {
                    @for field in &record.fields {
                        div { dt { (value(&field.name)) } dd { (value(&field.value)) } }
                    }
                }
            }
        }
    }

    /// A record in a line.
    pub(super) fn line_of(&self, record: &Record) -> String {
        format!("{} · {}", self.clock.of_record(record), self.places.name(record, ""))
    }
}
