//! A record as JSON to an [`Event`].
//!
//! Three programs' ways of writing one are known: `evtx_dump`, which keeps the shape of the XML; Winlogbeat, which
//! puts it under `winlog`; and NXLog, which writes everything side by side.

use std::sync::Arc;

use rdpwhy_event::system_text::{keywords, number};
use rdpwhy_event::{
    Event, FieldList, FileId, FileTime, Guid, Heading, MAX_FIELD_NAME, Marks, Names, Payload,
};

use crate::text::json::Json;

/// Keywords that Winlogbeat writes as words.
const KEYWORDS: &[(&str, u64)] = &[
    ("Audit Success", 0x8020_0000_0000_0000),
    ("Audit Failure", 0x8010_0000_0000_0000),
    ("Classic", 0x0080_0000_0000_0000),
];
/// Levels as the forwarders call them.
const LEVELS: &[(&str, u8)] = &[
    ("critical", 1),
    ("error", 2),
    ("warning", 3),
    ("information", 4),
    ("info", 4),
    ("verbose", 5),
    ("audit_success", 0),
    ("audit_failure", 0),
];
/// What NXLog adds to the record's own values, or takes from `System`.
const NXLOG_OWN: &[&str] = &[
    "EventTime",
    "EventTimeWritten",
    "EventReceivedTime",
    "Hostname",
    "Keywords",
    "EventType",
    "SeverityValue",
    "Severity",
    "EventID",
    "SourceName",
    "ProviderGuid",
    "Version",
    "LevelValue",
    "Level",
    "TaskValue",
    "Task",
    "OpcodeValue",
    "Opcode",
    "RecordNumber",
    "ExecutionProcessID",
    "ExecutionThreadID",
    "ProcessID",
    "ThreadID",
    "Channel",
    "Domain",
    "AccountName",
    "AccountType",
    "UserID",
    "ActivityID",
    "RelatedActivityID",
    "Category",
    "Message",
    "SourceModuleName",
    "SourceModuleType",
    "MessageSourceAddress",
];

/// An event, and what could not be taken as it stood.
#[derive(Debug)]
pub(crate) struct JsonEvent {
    pub(crate) event: Event,
    /// Its time has no offset from UTC, and was taken as UTC.
    pub(crate) zoneless: bool,
}

/// Reads one record.
///
/// # Errors
/// What is the matter, in words: no JSON, not a record of a known form, or one without number or time.
pub(crate) fn parse_event_json(text: &[u8], names: &mut Names) -> Result<JsonEvent, String> {
    let json: Json = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    // Elasticsearch hands out what it was given under `_source`.
    let json = json.member("_source").unwrap_or(&json);
    let event = json.member("Event").unwrap_or(json);
    let mut draft = Draft::new(names);
    if let Some(system) = event.member("System") {
        draft.take_dumped(system, event);
    } else if json.at("winlog").is_some() || json.members().iter().any(|(key, _)| key.starts_with("winlog."))
    {
        draft.take_beats(json);
    } else if json.member("EventID").is_some() && json.member("EventTime").is_some() {
        draft.take_nxlog(json);
    } else {
        return Err("it is no record of a known form".to_owned());
    }
    draft.finish()
}

struct Draft<'n> {
    names: &'n mut Names,
    heading: Heading,
    event_id: Option<u32>,
    record_id: Option<u64>,
    time: Option<FileTime>,
    zoneless: bool,
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
            zoneless: false,
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

    fn set_time(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        self.time = text.parse().ok().or_else(|| since_1970(text));
        if self.time.is_none() {
            self.time = format!("{text}Z").parse().ok();
            self.zoneless = self.time.is_some();
        }
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
        self.set_time(attribute("TimeCreated", "SystemTime"));
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

    /// As Winlogbeat writes it. Texts stand for some numbers; what cannot be told from them is left out.
    fn take_beats(&mut self, json: &Json) {
        self.set_time(text(json, "@timestamp"));
        self.heading.provider = self.shared(text(json, "winlog.provider_name"));
        self.event_id = value(json, "winlog.event_id").or_else(|| value(json, "event.code"));
        self.record_id = value(json, "winlog.record_id");
        self.heading.channel = self.shared(text(json, "winlog.channel"));
        self.heading.computer = self.shared(text(json, "winlog.computer_name"));
        self.heading.version = value(json, "winlog.version");
        self.heading.task = value(json, "winlog.task");
        self.heading.opcode = value(json, "winlog.opcode");
        self.heading.user_sid = text(json, "winlog.user.identifier").map(|sid| self.names.shared(sid));
        self.heading.level = text(json, "log.level").and_then(level);
        self.heading.keywords = match json.at("winlog.keywords") {
            Some(Json::List(words)) => Some(words.iter().filter_map(Json::text).filter_map(keyword).sum()),
            Some(word) => word.text().and_then(keyword),
            None => None,
        };
        self.process_id = value(json, "winlog.process.pid");
        self.thread_id = value(json, "winlog.process.thread.id");
        self.activity_id = text(json, "winlog.activity_id").and_then(|id| id.parse().ok());
        self.take_beats_payload(json);
    }

    fn take_beats_payload(&mut self, json: &Json) {
        if let Some(root) = text(json, "winlog.user_data.xml_name") {
            self.heading.payload = Payload::UserData { root: self.names.shared(root) };
        }
        for (section, is_event_data) in [("winlog.event_data", true), ("winlog.user_data", false)] {
            let fields = below(json, section);
            if is_event_data && !fields.is_empty() {
                self.heading.payload = Payload::EventData;
            }
            for (name, value) in fields.into_iter().filter(|(name, _)| is_event_data || name != "xml_name") {
                self.push_numbered(&name, value);
            }
        }
    }

    /// As NXLog writes it.
    fn take_nxlog(&mut self, json: &Json) {
        self.set_time(text(json, "EventTime"));
        self.heading.provider = self.shared(text(json, "SourceName"));
        self.event_id = value(json, "EventID");
        self.record_id = value(json, "RecordNumber");
        self.heading.channel = self.shared(text(json, "Channel"));
        self.heading.computer = self.shared(text(json, "Hostname"));
        self.heading.version = value(json, "Version");
        self.heading.task = value(json, "TaskValue").or_else(|| value(json, "Task"));
        self.heading.opcode = value(json, "OpcodeValue");
        self.heading.user_sid = text(json, "UserID").map(|sid| self.names.shared(sid));
        self.heading.level = value(json, "LevelValue").or_else(|| text(json, "EventType").and_then(level));
        self.heading.keywords = text(json, "Keywords").and_then(|text| {
            // A number with its sign, though it is none.
            keywords(text).or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned))
        });
        self.process_id = value(json, "ExecutionProcessID").or_else(|| value(json, "ProcessID"));
        self.thread_id = value(json, "ExecutionThreadID").or_else(|| value(json, "ThreadID"));
        self.activity_id = text(json, "ActivityID").and_then(|id| id.parse().ok());
        for (name, value) in json.members().iter().filter(|(name, _)| !NXLOG_OWN.contains(&name.as_str())) {
            self.heading.payload = Payload::EventData;
            self.push_numbered(name, value);
        }
    }

    /// A field. Forwarders call values without a name `param1` and so on; those go by both names, for some records
    /// have fields of that name.
    fn push_numbered(&mut self, name: &str, value: &Json) {
        self.flatten(name, value);
        let position = name.strip_prefix("param").and_then(|digits| digits.parse::<usize>().ok());
        if let Some(position) = position.and_then(|position| position.checked_sub(1)).filter(|at| *at < 256) {
            let name = self.names.data(position);
            self.push(&name, value.text().unwrap_or_default());
        }
    }

    fn finish(mut self) -> Result<JsonEvent, String> {
        self.heading.event_id = self.event_id.ok_or("it has no event id")?;
        let time = self.time.ok_or("it has no time that can be read")?;
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
        Ok(JsonEvent { event, zoneless: self.zoneless })
    }
}

/// A time as a number since 1970, which forwarders are often told to write: in seconds, milliseconds or microseconds,
/// whichever gives a year of these centuries.
fn since_1970(text: &str) -> Option<FileTime> {
    let number: i64 = text.parse().ok().filter(|number| *number > 0)?;
    let (seconds, rest, unit) = match number {
        ..=99_999_999_999 => (number, 0, 1_000_000_000),
        100_000_000_000..=99_999_999_999_999 => (number / 1_000, number % 1_000, 1_000_000),
        _ => (number / 1_000_000, number % 1_000_000, 1_000),
    };
    Some(FileTime::from_unix(seconds, u32::try_from(rest * unit).ok()?))
}

/// The members below a path, which may be spelled out in each key.
fn below<'j>(json: &'j Json, path: &str) -> Vec<(String, &'j Json)> {
    if let Some(inner) = json.at(path) {
        return inner.members().iter().map(|(name, value)| (name.clone(), value)).collect();
    }
    let parts = json.members().iter().filter_map(|(key, value)| {
        let name = key.strip_prefix(path)?.strip_prefix('.')?;
        Some((name.to_owned(), value))
    });
    parts.collect()
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

fn level(word: &str) -> Option<u8> {
    LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, level)| *level)
}

fn keyword(word: &str) -> Option<u64> {
    KEYWORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, bits)| *bits)
}

#[cfg(test)]
mod tests;
