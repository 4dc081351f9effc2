//! A record as JSON to an [`Event`].
//!
//! `evtx_dump` keeps the shape of the XML; how other programs write a record is in [`dialect`].

use std::sync::Arc;

use rdpwhy_event::system_text::{keywords, number};
use rdpwhy_event::{Event, FieldList, FileId, Guid, Heading, MAX_FIELD_NAME, Marks, Names, Payload};
use rdpwhy_evtx::parse_event_xml;

use crate::text::dialect::{self, Found};
use crate::text::json::Json;
use crate::text::locale::Locale;
use crate::text::message;
use crate::text::moment::{self, DateOrder, When};
use crate::text::sketch::Sketch;

/// An event, and what could not be taken as it stood.
#[derive(Debug)]
pub(crate) struct JsonEvent {
    pub(crate) event: Event,
    /// Its time has no offset from UTC, and was taken as UTC.
    pub(crate) zoneless: bool,
}

/// Reads one record: as `evtx_dump` writes it, or in a [`dialect`].
///
/// # Errors
/// What is the matter, in words: no JSON, not a record of a known form, or one without number or time.
pub(crate) fn parse_event_json(
    text: &[u8],
    names: &mut Names,
    locale: Locale<'_>,
) -> Result<JsonEvent, String> {
    let json: Json = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let dumped = |event: &Json, names: &mut Names| {
        let mut draft = Draft::new(names);
        event.member("System").map(|system| draft.take_dumped(system, event))?;
        Some(draft.finish(locale))
    };
    if let Some(event) = json.member("Event").and_then(|event| dumped(event, names)) {
        return event;
    }
    match dialect::read(&json, locale.wording) {
        Some((Found::Xml(xml), _)) => {
            let (event, parsed) = parse_event_xml(xml, names).map_err(|error| error.to_string())?;
            parsed.time.ok_or(NO_TIME)?;
            Ok(JsonEvent { event: Event { header_id: event.record_id, ..event }, zoneless: false })
        }
        Some((Found::Sketch(sketch), _)) => finish_sketch(*sketch, names, locale),
        None => dumped(&json, names).unwrap_or_else(|| Err("it is not a record of a known form".to_owned())),
    }
}

/// A record by itself: its own date is all there is to tell the order of dates by.
fn finish_sketch(mut sketch: Sketch, names: &mut Names, locale: Locale<'_>) -> Result<JsonEvent, String> {
    sketch.settle_time(DateOrder::of(sketch.shown_time.as_deref().into_iter()));
    message::complete(&mut sketch, locale.wording);
    let zoneless = matches!(sketch.time, Some(When::Local(_))) && locale.zone.is_none();
    Ok(JsonEvent { event: sketch.into_event(names, |local| locale.instant(local))?, zoneless })
}

const NO_TIME: &str = "it has no time that can be read";

struct Draft<'n> {
    names: &'n mut Names,
    heading: Heading,
    event_id: Option<u32>,
    record_id: Option<u64>,
    time: Option<When>,
    activity_id: Option<Guid>,
    process_id: Option<u32>,
    thread_id: Option<u32>,
    unnamed: usize,
    fields: FieldList,
}

fn text<'j>(json: &'j Json, path: &str) -> Option<&'j str> {
    json.at(path)?.text().filter(|text| !text.is_empty())
}

fn value<T: std::str::FromStr>(json: &Json, path: &str) -> Option<T> {
    number(text(json, path)?)
}

impl<'n> Draft<'n> {
    fn new(names: &'n mut Names) -> Draft<'n> {
        let heading = Heading::empty(names);
        Draft {
            names,
            heading,
            event_id: None,
            record_id: None,
            time: None,
            activity_id: None,
            process_id: None,
            thread_id: None,
            unnamed: 0,
            fields: FieldList::default(),
        }
    }

    fn shared(&mut self, text: Option<&str>) -> Arc<str> {
        self.names.shared(text.unwrap_or_default())
    }

    /// As `evtx_dump` writes it: the elements of the XML, attributes under `#attributes`.
    fn take_dumped(&mut self, system: &Json, event: &Json) {
        let attribute = |element: &str, name: &str| {
            let inside = || system.member(element)?.member("#attributes")?.member(name)?.text();
            let beside = || system.member(&format!("{element}_attributes"))?.member(name)?.text();
            inside().or_else(beside).filter(|text| !text.is_empty())
        };
        self.heading.provider = self.shared(attribute("Provider", "Name"));
        self.heading.event_source =
            attribute("Provider", "EventSourceName").map(|name| self.names.shared(name));
        self.heading.qualifiers = attribute("EventID", "Qualifiers").and_then(number);
        self.time = attribute("TimeCreated", "SystemTime").and_then(moment::written);
        self.activity_id = attribute("Correlation", "ActivityID").and_then(|id| id.parse().ok());
        self.process_id = attribute("Execution", "ProcessID").and_then(number);
        self.thread_id = attribute("Execution", "ThreadID").and_then(number);
        self.heading.user_sid = attribute("Security", "UserID").map(|sid| self.names.shared(sid));
        self.event_id = value(system, "EventID");
        self.record_id = value(system, "EventRecordID");
        self.heading.version = value(system, "Version");
        self.heading.level = value(system, "Level");
        self.heading.task = value(system, "Task");
        self.heading.opcode = value(system, "Opcode");
        self.heading.keywords = text(system, "Keywords").and_then(keywords);
        self.heading.channel = self.shared(text(system, "Channel"));
        self.heading.computer = self.shared(text(system, "Computer"));
        if let Some(data) = event.member("EventData") {
            self.take_event_data(data);
        }
        if let Some(data) = event.member("UserData") {
            self.take_user_data(data);
        }
    }

    fn take_event_data(&mut self, data: &Json) {
        self.heading.payload = Payload::EventData;
        if let Some(name) = data.member("#attributes").and_then(|attributes| attributes.member("Name")) {
            self.push("EventData.Name", name.text().unwrap_or_default());
        }
        for (name, value) in data.elements() {
            match value {
                _ if name == "Data" => self.take_unnamed(value),
                // An element that has its name as an attribute.
                Json::Object(_) => match value.at("#attributes.Name").and_then(Json::text) {
                    Some(name) => self.push(name, value.text().unwrap_or_default()),
                    None => self.flatten(name, value),
                },
                _ => self.flatten(name, value),
            }
        }
    }

    fn take_unnamed(&mut self, value: &Json) {
        match value {
            Json::List(values) => values.iter().for_each(|value| self.take_unnamed(value)),
            Json::Object(_) if value.member("#text").is_some() => {
                value.member("#text").into_iter().for_each(|value| self.take_unnamed(value));
            }
            _ => {
                let name = self.names.data(self.unnamed);
                self.unnamed += 1;
                self.push(&name, value.text().unwrap_or_default());
            }
        }
    }

    fn take_user_data(&mut self, data: &Json) {
        let Some((root, value)) = data.elements().next() else { return };
        if self.heading.payload == Payload::None {
            self.heading.payload = Payload::UserData { root: self.names.shared(local(root)) };
        }
        match value {
            Json::Object(_) => {
                self.push_attributes("", value);
                value.elements().for_each(|(name, value)| self.flatten(local(name), value));
            }
            _ => self.flatten(local(root), value),
        }
    }

    /// An element and what is in it, as fields whose names are joined with dots.
    fn flatten(&mut self, name: &str, value: &Json) {
        match value {
            Json::List(values) => values.iter().for_each(|value| self.flatten(name, value)),
            Json::Object(_) => {
                self.push_attributes(name, value);
                if let Some(own) = value.member("#text") {
                    self.flatten(name, own);
                }
                for (inner, value) in value.elements() {
                    self.flatten(&joined(name, local(inner)), value);
                }
            }
            Json::Null | Json::Text(_) => self.push(name, value.text().unwrap_or_default()),
        }
    }

    fn push_attributes(&mut self, name: &str, element: &Json) {
        let attributes = element.member("#attributes").map(Json::members).unwrap_or_default();
        for (key, value) in attributes.iter().filter(|(key, _)| !key.starts_with("xmlns")) {
            self.push(&joined(name, local(key)), value.text().unwrap_or_default());
        }
    }

    fn push(&mut self, name: &str, value: &str) {
        let name = self.names.shared(name);
        self.fields.push(name, value);
    }

    fn finish(mut self, locale: Locale<'_>) -> Result<JsonEvent, String> {
        self.heading.event_id = self.event_id.ok_or("it has no event ID")?;
        let (time, is_local) = match self.time.ok_or(NO_TIME)? {
            When::At(time) => (time, false),
            When::Local(time) => (locale.instant(time), true),
        };
        let record_id = self.record_id.unwrap_or(0);
        let event = Event {
            file: FileId(0),
            chunk: 0,
            record_id,
            header_id: record_id,
            time,
            recovered: false,
            heading: self.names.heading(self.heading),
            process_id: self.process_id,
            thread_id: self.thread_id,
            activity_id: self.activity_id,
            fields: self.fields.finish(self.names),
            marks: Marks::default(),
        };
        Ok(JsonEvent { event, zoneless: is_local && locale.zone.is_none() })
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn joined(outer: &str, name: &str) -> String {
    match outer {
        "" => name.to_owned(),
        _ if outer.len() + 1 + name.len() > MAX_FIELD_NAME => outer.to_owned(),
        _ => format!("{outer}.{name}"),
    }
}

#[cfg(test)]
mod tests;
