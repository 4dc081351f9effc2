//! The XML of one event to an [`Event`].

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event as Token};

use rdpwhy_event::system_text::{keywords, number};
use rdpwhy_event::{
    Event, FieldList, FileId, FileTime, Guid, Heading, MAX_FIELD_NAME, Marks, Names, Payload,
};

/// XML that is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventXmlError {
    /// It breaks off or is not well-formed.
    #[error("its XML cannot be read: {0}")]
    Malformed(String),
    /// The outermost element is another one.
    #[error("not an <Event> element")]
    NotAnEvent,
    /// An event without a number says nothing.
    #[error("it has no EventID")]
    NoEventId,
}

/// Reads one `<Event>` element, whatever its namespaces and prefixes.
///
/// In the event, `file` and `chunk` are 0, and so are `header_id` and, where the XML has none, `record_id`.
/// `None` beside it means that `TimeCreated` is absent or unreadable; the event's `time` is then 0. Values
/// that should be numbers and are not are left out.
///
/// # Errors
/// [`EventXmlError`]: not well-formed, not an event, or without an `EventID`.
///
/// # Example
/// ```
/// use rdpwhy_event::Names;
///
/// let log = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
///     <Provider Name="Schannel"/><EventID>36870</EventID><TimeCreated SystemTime="2026-03-09T08:41:10Z"/>
///     <EventRecordID>8812</EventRecordID><Channel>System</Channel><Computer>SRV-RDS01</Computer></System>
///     <EventData><Data Name="ErrorCode">0x8009030D</Data></EventData></Event>"#;
/// let (event, parsed) = rdpwhy_evtx::parse_event_xml(log, &mut Names::default())?;
/// assert_eq!((event.heading.event_id, event.field("ErrorCode")), (36870, Some("0x8009030D")));
/// assert_eq!(event.time.to_string(), "2026-03-09T08:41:10.0000000Z");
/// # let _ = parsed;
/// # Ok::<(), rdpwhy_evtx::EventXmlError>(())
/// ```
pub fn parse_event_xml(xml: &str, names: &mut Names) -> Result<(Event, Parsed), EventXmlError> {
    let mut reader = Reader::from_str(xml);
    let mut builder = Builder::new(names);
    loop {
        let token = reader.read_event().map_err(|error| EventXmlError::Malformed(error.to_string()))?;
        match token {
            Token::Start(start) => builder.open(&start)?,
            Token::Empty(start) => {
                builder.open(&start)?;
                builder.close();
            }
            Token::End(_) => builder.close(),
            Token::Text(text) => builder.text.push_str(&text.into_inner()),
            Token::CData(text) => builder.text.push_str(&text.into_inner()),
            Token::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => builder.text.push(character),
                _ => builder.push_entity(&reference.into_inner()),
            },
            Token::Eof => return builder.finish(),
            Token::Comment(_) | Token::Decl(_) | Token::PI(_) | Token::DocType(_) => {}
        }
    }
}

/// What the XML itself said, where an [`Event`] has to hold a value in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parsed {
    /// `TimeCreated/@SystemTime`.
    pub time: Option<FileTime>,
    /// `EventRecordID`.
    pub record_id: Option<u64>,
}

/// Where in the event the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    System,
    EventData,
    UserData,
    Other,
}

/// An open element of the payload.
struct Open {
    /// Length of the field name without this element.
    outer_name: usize,
    /// Where its own text begins.
    text: usize,
    /// It has elements or attributes, so that its own text matters only where there is some.
    structured: bool,
}

struct Builder<'n> {
    names: &'n mut Names,
    heading: Heading,
    activity_id: Option<Guid>,
    process_id: Option<u32>,
    thread_id: Option<u32>,
    parsed: Parsed,
    event_id: Option<u32>,
    depth: usize,
    section: Section,
    /// Name of the open element of `System`.
    system: String,
    /// Name of the field that the open elements make.
    name: String,
    open: Vec<Open>,
    text: String,
    unnamed: usize,
    fields: FieldList,
}

impl<'n> Builder<'n> {
    fn new(names: &'n mut Names) -> Builder<'n> {
        let heading = Heading::empty(names);
        Builder {
            names,
            heading,
            activity_id: None,
            process_id: None,
            thread_id: None,
            parsed: Parsed::default(),
            event_id: None,
            depth: 0,
            section: Section::Other,
            system: String::new(),
            name: String::new(),
            open: Vec::new(),
            text: String::new(),
            unnamed: 0,
            fields: FieldList::default(),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), EventXmlError> {
        let local = start.local_name();
        let local = local.as_ref();
        match self.depth {
            0 if local != "Event" => return Err(EventXmlError::NotAnEvent),
            0 => {}
            1 => self.open_section(local, start),
            2 if self.section == Section::System => self.open_system(local, start),
            2 if self.section == Section::UserData => self.open_root(local, start),
            _ if matches!(self.section, Section::EventData | Section::UserData) => {
                self.open_field(local, start)
            }
            _ => {}
        }
        self.depth += 1;
        Ok(())
    }

    fn open_section(&mut self, local: &str, start: &BytesStart<'_>) {
        self.text.clear();
        self.section = match local {
            "System" => Section::System,
            "EventData" => Section::EventData,
            "UserData" => Section::UserData,
            _ => Section::Other,
        };
        if self.section == Section::EventData {
            self.heading.payload = Payload::EventData;
            for (key, value) in attributes(start).filter(|(key, _)| *key == "Name") {
                self.push_field(&format!("EventData.{key}"), &value);
            }
        }
    }

    fn open_system(&mut self, local: &str, start: &BytesStart<'_>) {
        self.text.clear();
        self.system.clear();
        self.system.push_str(local);
        for (key, value) in attributes(start) {
            let heading = &mut self.heading;
            match (local, key) {
                ("Provider", "Name") => heading.provider = self.names.shared(&value),
                ("Provider", "EventSourceName") => heading.event_source = Some(self.names.shared(&value)),
                ("EventID", "Qualifiers") => heading.qualifiers = number(&value),
                ("TimeCreated", "SystemTime") => self.parsed.time = value.parse().ok(),
                ("Correlation", "ActivityID") => self.activity_id = value.parse::<Guid>().ok(),
                ("Execution", "ProcessID") => self.process_id = number(&value),
                ("Execution", "ThreadID") => self.thread_id = number(&value),
                ("Security", "UserID") if !value.is_empty() => {
                    heading.user_sid = Some(self.names.shared(&value))
                }
                _ => {}
            }
        }
    }

    fn close_system(&mut self) {
        let (text, heading) = (self.text.as_str(), &mut self.heading);
        match self.system.as_str() {
            "EventID" => self.event_id = number(text),
            "Version" => heading.version = number(text),
            "Level" => heading.level = number(text),
            "Task" => heading.task = number(text),
            "Opcode" => heading.opcode = number(text),
            "Keywords" => heading.keywords = keywords(text),
            "EventRecordID" => self.parsed.record_id = number(text),
            "Channel" => heading.channel = self.names.shared(text),
            "Computer" => heading.computer = self.names.shared(text),
            _ => {}
        }
        self.text.clear();
    }

    /// The element in `UserData`, whose name is no part of its fields' names.
    fn open_root(&mut self, local: &str, start: &BytesStart<'_>) {
        if self.heading.payload == Payload::None {
            self.heading.payload = Payload::UserData { root: self.names.shared(local) };
        }
        self.text.clear();
        self.name.clear();
        self.open.push(Open { outer_name: 0, text: 0, structured: true });
        self.push_attributes(start, false);
    }

    fn open_field(&mut self, local: &str, start: &BytesStart<'_>) {
        if let Some(parent) = self.open.last_mut() {
            parent.structured = true;
        }
        let outer_name = self.name.len();
        let in_event_data = self.section == Section::EventData && self.depth == 2;
        let only_name = if in_event_data { only_name(start) } else { None };
        let given = match only_name {
            Some(name) => Some(Cow::Borrowed(name)),
            None if in_event_data => attributes(start).find(|(key, _)| *key == "Name").map(|(_, name)| name),
            None => None,
        };
        match given {
            Some(name) if !name.is_empty() => self.extend_name(&name),
            _ if in_event_data && local == "Data" => {
                let name = self.names.data(self.unnamed);
                self.extend_name(&name);
                self.unnamed += 1;
            }
            _ => self.extend_name(local),
        }
        self.open.push(Open { outer_name, text: self.text.len(), structured: false });
        if only_name.is_none() {
            self.push_attributes(start, in_event_data);
        }
    }

    /// Appends an element's name to the field name, as far as there is room.
    fn extend_name(&mut self, name: &str) {
        let length = self.name.len() + 1 + name.len();
        if length > MAX_FIELD_NAME {
            return;
        }
        if !self.name.is_empty() {
            self.name.push('.');
        }
        self.name.push_str(name);
    }

    fn push_attributes(&mut self, start: &BytesStart<'_>, named: bool) {
        if start.attributes_raw().is_empty() {
            return;
        }
        let outer_name = self.name.len();
        for (key, value) in attributes(start).filter(|(key, _)| !(named && *key == "Name")) {
            self.extend_name(key);
            let name = std::mem::take(&mut self.name);
            self.push_field(&name, &value);
            self.name = name;
            self.name.truncate(outer_name);
            if let Some(open) = self.open.last_mut() {
                open.structured = true;
            }
        }
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        match (self.depth, self.section) {
            (2, Section::System) => self.close_system(),
            (2.., Section::EventData | Section::UserData) => self.close_field(),
            _ => {}
        }
    }

    fn close_field(&mut self) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let own = self.text.get(open.text..).unwrap_or_default();
        if !open.structured || !own.trim_ascii().is_empty() {
            let name = match &self.heading.payload {
                // A root with text of its own: the only name there is for it.
                Payload::UserData { root } if self.name.is_empty() => root,
                _ => self.name.as_str(),
            };
            let name = self.names.shared(name);
            self.fields.push(name, own);
        }
        self.text.truncate(open.text);
        self.name.truncate(open.outer_name);
    }

    fn push_field(&mut self, name: &str, value: &str) {
        let name = self.names.shared(name);
        self.fields.push(name, value);
    }

    fn push_entity(&mut self, name: &str) {
        match resolve_predefined_entity(name) {
            Some(text) => self.text.push_str(text),
            None => self.text.extend(["&", name, ";"]),
        }
    }

    fn finish(mut self) -> Result<(Event, Parsed), EventXmlError> {
        if self.depth > 0 {
            return Err(EventXmlError::Malformed("it breaks off".into()));
        }
        self.heading.event_id = self.event_id.ok_or(EventXmlError::NoEventId)?;
        let event = Event {
            recovered: false,
            file: FileId(0),
            chunk: 0,
            record_id: self.parsed.record_id.unwrap_or(0),
            header_id: 0,
            time: self.parsed.time.unwrap_or(FileTime(0)),
            heading: self.names.heading(self.heading),
            process_id: self.process_id,
            thread_id: self.thread_id,
            activity_id: self.activity_id,
            fields: self.fields.finish(self.names),
            marks: Marks::default(),
        };
        Ok((event, self.parsed))
    }
}

/// The value of the attribute `Name` of an element that has no other and nothing to unescape: what nearly all
/// data elements look like, without the cost of looking closely.
fn only_name<'a>(start: &'a BytesStart<'_>) -> Option<&'a str> {
    let name = start.attributes_raw().strip_prefix(" Name=\"")?.strip_suffix('"')?;
    (!name.bytes().any(|byte| matches!(byte, b'"' | b'&'))).then_some(name)
}

/// Local names and values of an element's attributes, without namespace declarations and broken ones.
fn attributes<'a>(start: &'a BytesStart<'_>) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes.filter_map(Result::ok).filter(|attribute| !attribute.key.as_ref().starts_with("xmlns")).map(
        |Attribute { key, value }| {
            let value = match unescape(&value) {
                Ok(Cow::Owned(text)) => Cow::Owned(text),
                Ok(Cow::Borrowed(_)) | Err(_) => value,
            };
            (key.local_name().into_inner(), value)
        },
    )
}

#[cfg(test)]
mod tests;
