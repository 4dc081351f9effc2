//! Records as other programs write them in JSON.
//!
//! [`table`] says where each program keeps what; here the values are fetched.

mod table;

use crate::text::event_lines;
use crate::text::json::Json;
use crate::text::moment::{self, When};
use crate::text::sketch::{Section, Sketch, keyword, level};
use rdpwhy_event::system_text::{keywords, number};
use rdpwhy_event::{MAX_FIELD_NAME, Names, Payload, Wording};
use rdpwhy_evtx::parse_event_xml;
use table::{DIALECTS, Dialect, Key, Values};

pub(crate) use table::names;

/// Members that contain a record which another program has wrapped up.
const WRAPPERS: &[&str] = &["_source", "result", "data"];
/// Values that are joined to one text at most.
const MAX_JOINED: usize = 256;
/// Names that Windows writes with a small first letter.
const SMALL: &[&str] =
    &["param", "update", "error", "serviceGuid", "restarttime", "listenerName", "messageName"];

/// What was found in a value.
#[derive(Debug)]
pub(crate) enum Found<'j> {
    /// A record.
    Sketch(Box<Sketch>),
    /// The record's XML.
    Xml(&'j str),
}

/// The record in a JSON value and the name of its dialect; `None` where it is not a record of a known dialect.
pub(crate) fn read<'j>(json: &'j Json, wording: Option<&Wording>) -> Option<(Found<'j>, &'static str)> {
    let json = unwrapped(json);
    let dialect = DIALECTS.iter().find(|dialect| dialect.is_of(json))?;
    Some((dialect.read(json, wording)?, dialect.name))
}

/// A member may be named like a wrapper without being one: only a record's own members count then.
fn unwrapped(json: &Json) -> &Json {
    let is_record = |inner: &&Json| DIALECTS.iter().any(|dialect| dialect.is_of(inner));
    let mut record = json;
    for wrapper in WRAPPERS {
        let inner = record.member(wrapper).filter(|inner| !inner.members().is_empty());
        record = inner.filter(|inner| *wrapper != "data" || is_record(inner)).unwrap_or(record);
    }
    record
}

impl Dialect {
    fn is_of(&self, json: &Json) -> bool {
        self.marks.iter().any(|marks| marks.iter().all(|path| json.at(path).is_some()))
    }

    fn read<'j>(&self, json: &'j Json, wording: Option<&Wording>) -> Option<Found<'j>> {
        let mut sketch = Sketch::default();
        for (key, paths) in self.keys {
            let found = paths.iter().filter_map(|path| json.at(path)).find(|value| !is_empty(value));
            if let Some(value) = found {
                self.take_key(&mut sketch, *key, value);
            }
        }
        for values in self.values {
            match values {
                Values::Xml(path) => {
                    let text = json.at(path).and_then(Json::text)?;
                    if text.trim_start().starts_with('<') {
                        return Some(Found::Xml(text));
                    }
                }
                Values::Lines(path) => {
                    let text = json.at(path).and_then(Json::text)?;
                    sketch = event_lines::read(text).into_iter().next()?;
                }
                _ => self.take_values(&mut sketch, json, values, wording),
            }
        }
        Some(Found::Sketch(Box::new(sketch)))
    }

    fn take_key(&self, sketch: &mut Sketch, key: Key, value: &Json) {
        if key == Key::Keywords {
            sketch.keywords = bits(value);
            return;
        }
        let Some(text) = value.text() else { return };
        match key {
            Key::Provider => text.clone_into(&mut sketch.provider),
            Key::Channel => text.clone_into(&mut sketch.channel),
            Key::Computer => text.clone_into(&mut sketch.computer),
            Key::EventSource => sketch.event_source = Some(text.to_owned()),
            Key::User => sketch.user_sid = Some(text.to_owned()).filter(|sid| sid.starts_with("S-1-")),
            Key::Message => sketch.message = Some(text.to_owned()),
            Key::EventId => sketch.event_id = number(text),
            Key::Qualifiers => sketch.qualifiers = number(text),
            Key::Version => sketch.version = number(text),
            Key::Level => sketch.level = level(text),
            Key::Task => sketch.task = number(text),
            Key::Opcode => sketch.opcode = number(text),
            Key::RecordId => sketch.record_id = number(text),
            Key::ProcessId => sketch.process_id = number(text),
            Key::ThreadId => sketch.thread_id = number(text),
            Key::ActivityId => sketch.activity_id = text.parse().ok(),
            Key::Time => self.take_time(sketch, text),
            Key::Keywords => {}
        }
    }

    fn take_time(&self, sketch: &mut Sketch, text: &str) {
        sketch.time = moment::written(text).map(|when| match when {
            When::Local(time) if self.is_utc => When::At(time),
            when => when,
        });
        if sketch.time.is_none() {
            sketch.shown_time = Some(text.to_owned());
        }
    }

    fn take_values(&self, sketch: &mut Sketch, json: &Json, values: &Values, wording: Option<&Wording>) {
        match *values {
            Values::Below(path) => {
                for (name, value) in below(json, path) {
                    push(sketch, name, value);
                }
            }
            Values::Lowered(path) => {
                for (name, value) in below(json, path) {
                    take_lowered(sketch, name, value, wording);
                }
            }
            Values::Elements("") => take_elements(sketch, json),
            Values::Elements(path) => {
                if let Some(value) = json.at(path) {
                    take_elements(sketch, value);
                }
            }
            Values::ElementsInText(path) => {
                let text = json.at(path).and_then(Json::text).unwrap_or_default();
                if let Ok(value) = serde_json::from_str::<Json>(text) {
                    take_elements(sketch, &value);
                }
            }
            Values::UserData(path, root) => {
                if let Some(root) = json.at(root).and_then(Json::text) {
                    sketch.payload = Section::UserData(root.to_owned());
                }
                for (name, value) in below(json, path) {
                    if root.strip_prefix(path).is_none_or(|own| own.trim_start_matches('.') != name) {
                        push(sketch, name, value);
                    }
                }
            }
            Values::Positions(path) => take_positions(sketch, json.at(path)),
            Values::Prefixed(prefix) => {
                for (name, value) in json.members().iter().filter(|(name, _)| !self.is_key(name)) {
                    if let Some(name) = name.strip_prefix(prefix) {
                        push(sketch, name, value);
                    }
                }
            }
            Values::Beside(others) => {
                let is_own = |name: &str| !self.is_key(name) && !others.contains(&name);
                for (name, value) in json.members().iter().filter(|(name, _)| is_own(name)) {
                    push(sketch, name, value);
                }
            }
            Values::XmlData(path) => {
                take_xml_data(sketch, json.at(path).and_then(Json::text).unwrap_or_default())
            }
            Values::XmlWithin(path, element) => {
                if let Some(text) = json.at(path).and_then(Json::text) {
                    take_xml(sketch, &format!("<{element}>{text}</{element}>"));
                }
            }
            Values::Xml(_) | Values::Lines(_) => {}
        }
    }

    fn is_key(&self, name: &str) -> bool {
        self.keys.iter().any(|(_, paths)| paths.contains(&name))
    }
}

fn is_empty(value: &Json) -> bool {
    matches!(value, Json::Null) || value.text().is_some_and(str::is_empty)
}

/// Keywords as a number of any sign, or as words.
fn bits(value: &Json) -> Option<u64> {
    let word = |text: &str| {
        let signed = || text.trim().parse::<i64>().ok().map(i64::cast_unsigned);
        keywords(text).or_else(signed).or_else(|| keyword(text))
    };
    match value {
        Json::List(words) => {
            Some(words.iter().filter_map(Json::text).filter_map(word).fold(0, |all, bits| all | bits))
        }
        value => value.text().and_then(word),
    }
}

/// The members below a path, which may be spelled out in each key.
fn below<'j>(json: &'j Json, path: &str) -> Vec<(&'j str, &'j Json)> {
    if let Some(inner) = json.at(path) {
        return inner.members().iter().map(|(name, value)| (name.as_str(), value)).collect();
    }
    let spelled = |key: &'j str| key.strip_prefix(path)?.strip_prefix('.');
    json.members().iter().filter_map(|(key, value)| Some((spelled(key)?, value))).collect()
}

/// A field, and what is in it under names joined with dots.
fn push(sketch: &mut Sketch, name: &str, value: &Json) {
    match value {
        Json::List(values) => values.iter().for_each(|value| push(sketch, name, value)),
        Json::Object(members) => {
            for (inner, value) in members.iter().filter(|(inner, _)| !inner.starts_with(['#', '@'])) {
                let joined = match name {
                    _ if name.len() + 1 + inner.len() > MAX_FIELD_NAME => name.to_owned(),
                    _ => format!("{name}.{inner}"),
                };
                push(sketch, &joined, value);
            }
            if let Some(own) = value.member("#text") {
                push(sketch, name, own);
            }
        }
        Json::Null | Json::Text(_) => sketch.push_numbered(name, value.text().unwrap_or_default()),
    }
}

/// A field whose name has lost the case of its first letter. Values without names are one text, joined with commas: which
/// of those belong to the values nobody can tell.
fn take_lowered(sketch: &mut Sketch, name: &str, value: &Json, wording: Option<&Wording>) {
    if name == "data" {
        return take_joined(sketch, value.text().unwrap_or_default());
    }
    let known = wording.and_then(|wording| {
        let provider = wording.full_name(&sketch.provider);
        let messages = wording.messages(provider, sketch.event_id?).iter();
        let mut fields = messages.flat_map(|message| &message.fields).map(|field| field.name.as_str());
        fields.find(|field| field.eq_ignore_ascii_case(name))
    });
    let capital = || match name.chars().next() {
        Some(first) if !SMALL.iter().any(|small| name.starts_with(small)) => {
            format!("{}{}", first.to_uppercase(), &name[first.len_utf8()..])
        }
        _ => name.to_owned(),
    };
    let name = known.map_or_else(capital, str::to_owned);
    push(sketch, &name, value);
}

fn take_joined(sketch: &mut Sketch, text: &str) {
    sketch.positions.extend(text.splitn(MAX_JOINED, ", ").map(str::to_owned));
}

/// `EventData` and `UserData` as elements of XML.
fn take_elements(sketch: &mut Sketch, parent: &Json) {
    if let Some(data) = parent.member("EventData") {
        if !data.members().is_empty() {
            sketch.payload = Section::EventData;
        }
        for (name, value) in data.members().iter().filter(|(name, _)| !name.starts_with(['#', '@'])) {
            if name == "Data" { take_data(sketch, value) } else { push(sketch, name, value) }
        }
    }
    let root = parent
        .member("UserData")
        .and_then(|data| data.members().iter().find(|(name, _)| !name.starts_with(['#', '@'])));
    if let Some((root, value)) = root {
        sketch.payload = Section::UserData(root.rsplit(':').next().unwrap_or(root).to_owned());
        let members = value
            .members()
            .iter()
            .filter(|(name, _)| !name.starts_with(['#', '@']) && !name.starts_with("xmlns"));
        for (name, value) in members {
            push(sketch, name.rsplit(':').next().unwrap_or(name), value);
        }
    }
}

/// `Data` elements: one or several, with names or without.
fn take_data(sketch: &mut Sketch, value: &Json) {
    match value {
        Json::List(values) => {
            for value in values {
                match value {
                    Json::Text(text) => sketch.positions.push(text.clone()),
                    value => take_data(sketch, value),
                }
            }
        }
        Json::Object(_) => {
            let name = value.member("@Name").and_then(Json::text).filter(|name| !name.is_empty());
            let text = value.member("#text").and_then(Json::text).unwrap_or_default();
            match name {
                Some(name) => sketch.fields.push((name.to_owned(), text.to_owned())),
                None => sketch.positions.push(text.to_owned()),
            }
        }
        Json::Null => {}
        Json::Text(text) => take_joined(sketch, text),
    }
}

/// Values in their order; each by itself or as the member `Value` of an object. PowerShell writes the name of a type
/// for what was nested too deeply to be written.
fn take_positions(sketch: &mut Sketch, list: Option<&Json>) {
    let Some(Json::List(values)) = list else { return };
    let text = |value: &Json| match value {
        Json::Object(_) => value.member("Value").and_then(Json::text).map(str::to_owned),
        value => value.text().map(str::to_owned),
    };
    let texts: Option<Vec<String>> = values.iter().map(text).collect();
    let texts = texts.filter(|texts| !texts.iter().any(|text| text.starts_with("System.Diagnostics.")));
    sketch.positions = texts.unwrap_or_default();
}

/// The `EventData` element in a text, as that of a record.
fn take_xml_data(sketch: &mut Sketch, text: &str) {
    const END: &str = "</EventData>";
    let (Some(start), Some(end)) = (text.find("<EventData"), text.rfind(END)) else { return };
    if let Some(data) = text.get(start..end + END.len()) {
        take_xml(sketch, data);
    }
}

/// The values in an element of a record's XML.
fn take_xml(sketch: &mut Sketch, element: &str) {
    let xml = format!("<Event><System><EventID>0</EventID></System>{element}</Event>");
    if let Ok((event, _)) = parse_event_xml(&xml, &mut Names::default()) {
        if let Payload::UserData { root } = &event.payload {
            sketch.payload = Section::UserData(root.to_string());
        }
        let fields = event.fields.iter().map(|field| (field.name.to_owned(), field.value.to_owned()));
        sketch.fields.extend(fields);
    }
}

#[cfg(test)]
mod tests;
