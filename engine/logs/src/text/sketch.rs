//! A record as another program writes it down, before it is an event.
//!
//! Every form gives what it has. What it lacks is `None` or empty here, and stays unknown.

use std::sync::Arc;

use crate::text::moment::{self, DateOrder, When};
use rdpwhy_event::{Event, FieldList, FileId, FileTime, Guid, Heading, Marks, Names, Payload};

/// Keywords that are written as words.
const KEYWORDS: &[(&str, u64)] = &[
    ("Audit Success", 0x8020_0000_0000_0000),
    ("Audit Failure", 0x8010_0000_0000_0000),
    ("Classic", 0x0080_0000_0000_0000),
];
/// Levels as other programs call them; in Event Viewer also in other languages.
const LEVELS: &[(&str, u8)] = &[
    ("critical", 1),
    ("error", 2),
    ("warning", 3),
    ("information", 4),
    ("informational", 4),
    ("info", 4),
    ("verbose", 5),
    ("logalways", 0),
    ("audit_success", 0),
    ("audit_failure", 0),
    ("kritisch", 1),
    ("fehler", 2),
    ("warnung", 3),
    ("informationen", 4),
    ("ausführlich", 5),
    ("критический", 1),
    ("ошибка", 2),
    ("предупреждение", 3),
    ("сведения", 4),
    ("错误", 2),
    ("警告", 3),
    ("信息", 4),
    ("エラー", 2),
    ("情報", 4),
];

/// The level that a word or number stands for.
pub(crate) fn level(text: &str) -> Option<u8> {
    let text = text.trim();
    let known = || LEVELS.iter().find(|(word, _)| *word == text.to_lowercase()).map(|(_, level)| *level);
    text.parse().ok().or_else(known)
}

/// The bits that a keyword stands for.
pub(crate) fn keyword(word: &str) -> Option<u64> {
    KEYWORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim())).map(|(_, bits)| *bits)
}

/// A record, as far as its form gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sketch {
    pub(crate) provider: String,
    pub(crate) event_source: Option<String>,
    pub(crate) event_id: Option<u32>,
    pub(crate) qualifiers: Option<u32>,
    pub(crate) version: Option<u8>,
    pub(crate) level: Option<u8>,
    pub(crate) task: Option<u32>,
    pub(crate) opcode: Option<u32>,
    pub(crate) keywords: Option<u64>,
    pub(crate) record_id: Option<u64>,
    pub(crate) channel: String,
    pub(crate) computer: String,
    pub(crate) user_sid: Option<String>,
    pub(crate) process_id: Option<u32>,
    pub(crate) thread_id: Option<u32>,
    pub(crate) activity_id: Option<Guid>,
    pub(crate) time: Option<When>,
    /// The time as shown, where only the other dates beside it tell how to read it.
    pub(crate) shown_time: Option<String>,
    pub(crate) payload: Section,
    /// Names and values, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// Values whose names the form leaves out, in the order in which they are stored.
    pub(crate) positions: Vec<String>,
    /// The message that Windows makes of the record.
    pub(crate) message: Option<String>,
}

/// The element that contains a record's own values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Section {
    #[default]
    None,
    EventData,
    /// And the element in it.
    UserData(String),
}

impl Sketch {
    /// Adds a value. Some programs call values without a name `param1` and so on; those go by both names, because some
    /// records have fields of that name.
    pub(crate) fn push_numbered(&mut self, name: &str, value: &str) {
        self.fields.push((name.to_owned(), value.to_owned()));
        let position = name.strip_prefix("param").and_then(|digits| digits.parse::<usize>().ok());
        if let Some(position) = position.and_then(|position| position.checked_sub(1)).filter(|at| *at < 256) {
            self.fields.push((format!("Data[{position}]"), value.to_owned()));
        }
    }

    /// Reads the time shown; `order` is that of the dates beside it.
    pub(crate) fn settle_time(&mut self, order: DateOrder) {
        if self.time.is_none() {
            self.time = self.shown_time.as_deref().and_then(|shown| moment::local(shown, order));
        }
    }

    /// The record as an event. `local` gives the instant of a local time.
    ///
    /// # Errors
    /// In words, when it lacks its event ID or a time that can be read.
    pub(crate) fn into_event(
        self,
        names: &mut Names,
        local: impl Fn(FileTime) -> FileTime,
    ) -> Result<Event, String> {
        let event_id = self.event_id.ok_or("it has no event ID")?;
        let time = match self.time.ok_or("it has no time that can be read")? {
            When::At(time) => time,
            When::Local(time) => local(time),
        };
        let mut shared = |text: &str| -> Arc<str> { names.shared(text) };
        let heading = Heading {
            provider: shared(&self.provider),
            event_source: self.event_source.as_deref().map(&mut shared),
            event_id,
            qualifiers: self.qualifiers,
            version: self.version,
            level: self.level,
            task: self.task,
            opcode: self.opcode,
            keywords: self.keywords,
            channel: shared(&self.channel),
            computer: shared(&self.computer),
            user_sid: self.user_sid.as_deref().map(&mut shared),
            payload: match &self.payload {
                Section::None => Payload::None,
                Section::EventData => Payload::EventData,
                Section::UserData(root) => Payload::UserData { root: shared(root) },
            },
        };
        let mut fields = FieldList::default();
        for (name, value) in &self.fields {
            fields.push(names.shared(name), value);
        }
        let record_id = self.record_id.unwrap_or(0);
        Ok(Event {
            file: FileId(0),
            chunk: 0,
            record_id,
            header_id: record_id,
            time,
            recovered: false,
            heading: names.heading(heading),
            process_id: self.process_id,
            thread_id: self.thread_id,
            activity_id: self.activity_id,
            fields: fields.finish(names),
            marks: Marks::default(),
        })
    }
}
