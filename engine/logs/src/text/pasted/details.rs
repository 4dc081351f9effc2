//! The details of a record as Event Viewer copies them and `wevtutil qe /f:text` prints them: a label and a value on each line,
//! then the message.

use super::labels::{Label, labelled};
use crate::text::sketch::{Sketch, keyword, level};
use rdpwhy_event::system_text::number;

/// The records in a text.
pub(super) fn read(text: &str) -> Vec<Sketch> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.take(line);
    }
    reader.end();
    reader.records
}

#[derive(Default)]
struct Reader {
    records: Vec<Sketch>,
    record: Sketch,
    /// Labels read of the record.
    seen: Vec<Label>,
    in_message: bool,
}

impl Reader {
    fn take(&mut self, line: &str) {
        let line = line.trim_end();
        if is_heading(line) {
            return self.end();
        }
        match labelled(line) {
            // In a message, the same words may label something else.
            Some((Label::Channel, value)) if !value.is_empty() => {
                self.end();
                self.put(Label::Channel, value);
            }
            Some((Label::Xml, _)) => self.end_message(),
            Some((label, value)) if !self.in_message => {
                if self.begins_next(label) {
                    self.end();
                }
                self.put(label, value);
            }
            _ if self.in_message => {
                let message = self.record.message.get_or_insert_default();
                message.push_str(line);
                message.push('\n');
            }
            _ => {}
        }
    }

    /// A record without the name of its log begins with a value that the one before has.
    fn begins_next(&self, label: Label) -> bool {
        matches!(label, Label::Source | Label::EventId | Label::Level) && self.seen.contains(&label)
    }

    fn put(&mut self, label: Label, value: &str) {
        self.seen.push(label);
        let record = &mut self.record;
        match label {
            Label::Channel => value.clone_into(&mut record.channel),
            Label::Source => value.clone_into(&mut record.provider),
            Label::Date => record.shown_time = Some(value.to_owned()),
            Label::Time => {
                let date = record.shown_time.take().unwrap_or_default();
                record.shown_time = Some(format!("{date} {value}"));
            }
            Label::EventId => record.event_id = number(value),
            Label::Level => record.level = level(value),
            Label::Keywords => record.keywords = keyword(value),
            Label::User if value.starts_with("S-1-") => record.user_sid = Some(value.to_owned()),
            Label::Computer => value.clone_into(&mut record.computer),
            Label::RecordId => record.record_id = number(value),
            Label::Description => {
                self.in_message = true;
                record.message = Some(if value.is_empty() { String::new() } else { format!("{value}\n") });
            }
            Label::User | Label::Xml | Label::Other => {}
        }
    }

    fn end_message(&mut self) {
        self.in_message = false;
    }

    fn end(&mut self) {
        let record = std::mem::take(&mut self.record);
        let has = |label| self.seen.contains(&label);
        if has(Label::EventId)
            && has(Label::Source)
            && (has(Label::Date) || has(Label::Computer))
            && record.event_id.is_some()
        {
            self.records.push(record);
        }
        self.seen.clear();
        self.in_message = false;
    }
}

/// `Event[3]:` above a record of `wevtutil`.
fn is_heading(line: &str) -> bool {
    let number = line.trim().strip_prefix("Event[").map(|rest| rest.trim_end_matches(':'));
    number
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}
