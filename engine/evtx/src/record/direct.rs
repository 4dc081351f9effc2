//! Records read straight from the values of their templates, without the decoder.

use rdpwhy_event::{Event, Fields, FileId, Marks, Payload, Shown};

use crate::layout::record::{RECORD_HEADER, Record};
use crate::plan::event_plan::PayloadPlace;
use crate::plan::payload_plan::Within;
use crate::record::quick_look::Look;
use crate::record::templates::TemplateId;
use crate::record::worker::Worker;
use crate::template::instance;

impl Worker<'_> {
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
}
