//! The friendly view of a record's details in Event Viewer: the elements of its XML as an indented list.

use crate::text::moment;
use crate::text::sketch::{Section, Sketch};
use rdpwhy_event::system_text::{keywords, number};

/// The records in a text.
pub(super) fn read(text: &str) -> Vec<Sketch> {
    let mut reader = Reader::default();
    for line in text.lines() {
        let line = line.trim().trim_start_matches(['-', '+']).trim();
        if !line.is_empty() {
            reader.take(line);
        }
    }
    reader.end();
    reader.records
}

/// Where in a record a line is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Part {
    #[default]
    Outside,
    System,
    EventData,
    /// The next line is the element in it.
    UserDataRoot,
    UserData,
}

#[derive(Default)]
struct Reader {
    records: Vec<Sketch>,
    record: Sketch,
    part: Part,
    /// The element of `System` whose attributes come next.
    element: String,
}

impl Reader {
    fn take(&mut self, line: &str) {
        if line == "System" {
            self.end();
            self.part = Part::System;
            return;
        }
        if self.part == Part::Outside {
            return;
        }
        match line {
            "EventData" => self.part = Part::EventData,
            "UserData" => self.part = Part::UserDataRoot,
            // Bytes are shown twice, as words and as bytes.
            "Binary data:" => self.end(),
            _ => match self.part {
                Part::System => self.take_system(line),
                Part::EventData => self.take_value(line),
                Part::UserDataRoot => {
                    self.record.payload = Section::UserData(line.to_owned());
                    self.part = Part::UserData;
                }
                Part::UserData if !line.starts_with('[') => self.take_value(line),
                Part::UserData | Part::Outside => {}
            },
        }
    }

    fn take_system(&mut self, line: &str) {
        if let Some((name, value)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            return self.take_attribute(name.trim(), value.trim());
        }
        let (element, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (value, record) = (value.trim(), &mut self.record);
        element.clone_into(&mut self.element);
        match element {
            "EventID" => record.event_id = number(value),
            "Version" => record.version = number(value),
            "Level" => record.level = number(value),
            "Task" => record.task = number(value),
            "Opcode" => record.opcode = number(value),
            "Keywords" => record.keywords = keywords(value),
            "EventRecordID" => record.record_id = number(value),
            "Channel" => value.clone_into(&mut record.channel),
            "Computer" => value.clone_into(&mut record.computer),
            _ => {}
        }
    }

    fn take_attribute(&mut self, name: &str, value: &str) {
        let record = &mut self.record;
        match (self.element.as_str(), name) {
            ("Provider", "Name") => value.clone_into(&mut record.provider),
            ("Provider", "EventSourceName") => record.event_source = Some(value.to_owned()),
            ("EventID", "Qualifiers") => record.qualifiers = number(value),
            ("TimeCreated", "SystemTime") => record.time = moment::written(value),
            ("Correlation", "ActivityID") => record.activity_id = value.parse().ok(),
            ("Execution", "ProcessID") => record.process_id = number(value),
            ("Execution", "ThreadID") => record.thread_id = number(value),
            ("Security", "UserID") => {
                record.user_sid = Some(value.to_owned()).filter(|sid| sid.starts_with("S-1-"))
            }
            _ => {}
        }
    }

    /// A name and its value, or a value without a name.
    fn take_value(&mut self, line: &str) {
        match line.split_once(char::is_whitespace) {
            Some((name, value)) => self.record.fields.push((name.to_owned(), value.trim().to_owned())),
            None => self.record.positions.push(line.to_owned()),
        }
    }

    fn end(&mut self) {
        let record = std::mem::take(&mut self.record);
        if record.event_id.is_some() && !record.provider.is_empty() {
            self.records.push(record);
        }
        self.part = Part::Outside;
        self.element.clear();
    }
}
