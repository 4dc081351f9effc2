//! A decoded record.

use std::borrow::Cow;
use std::sync::Arc;

use crate::fields::Fields;
use crate::{FileTime, Guid, Marks, Names};

/// The position of a log among those read together.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
pub struct FileId(pub u32);

/// A decoded record: what `System` says of it, and its payload as named fields.
///
/// What it has in common with many others, such as `provider` and `event_id`, is in its [`Heading`], and reads as if
/// it were here: `event.provider`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The log it was read from.
    pub file: FileId,
    /// The position in the file of the chunk that holds it, from 0.
    pub chunk: u32,
    /// `EventRecordID`, or the record header's id where the record has none.
    pub record_id: u64,
    /// The id in the record's header. Exports number these anew.
    pub header_id: u64,
    /// No log holds it any more: it was recovered from free space, or from a chunk by itself.
    pub recovered: bool,
    /// `TimeCreated`; the time in the record's header only where that is absent or unreadable.
    pub time: FileTime,
    /// What it has in common with others.
    pub heading: Arc<Heading>,
    /// `Execution/@ProcessID`.
    pub process_id: Option<u32>,
    /// `Execution/@ThreadID`.
    pub thread_id: Option<u32>,
    /// `Correlation/@ActivityID`.
    pub activity_id: Option<Guid>,
    /// The payload's values in document order.
    pub fields: Fields,
    /// What it shows to whoever asked for it; nothing where nobody did.
    pub marks: Marks,
}

/// The part of a record's `System` that many records have in common, and stored once for them.
///
/// What the record leaves out is `None`; `provider`, `channel` and `computer` are then empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Heading {
    /// `Provider/@Name`.
    pub provider: Arc<str>,
    /// `Provider/@EventSourceName`, the name of a classic source.
    pub event_source: Option<Arc<str>>,
    /// `EventID`.
    pub event_id: u32,
    /// `EventID/@Qualifiers`, the upper half of a classic event's id.
    pub qualifiers: Option<u32>,
    /// `Version`.
    pub version: Option<u8>,
    /// `Level`.
    pub level: Option<u8>,
    /// `Task`.
    pub task: Option<u32>,
    /// `Opcode`.
    pub opcode: Option<u32>,
    /// `Keywords`.
    pub keywords: Option<u64>,
    /// `Channel`.
    pub channel: Arc<str>,
    /// `Computer`.
    pub computer: Arc<str>,
    /// `Security/@UserID`.
    pub user_sid: Option<Arc<str>>,
    /// Which element held the fields.
    pub payload: Payload,
}

impl Heading {
    /// A heading without any value yet.
    pub fn empty(names: &mut Names) -> Heading {
        let empty = names.shared("");
        Heading {
            provider: Arc::clone(&empty),
            event_source: None,
            event_id: 0,
            qualifiers: None,
            version: None,
            level: None,
            task: None,
            opcode: None,
            keywords: None,
            channel: Arc::clone(&empty),
            computer: empty,
            user_sid: None,
            payload: Payload::None,
        }
    }
}

impl std::ops::Deref for Event {
    type Target = Heading;

    #[inline]
    fn deref(&self) -> &Heading {
        &self.heading
    }
}

/// A value of `System` that goes by a name of its own where the payload has no field of that name.
#[derive(Clone, Copy)]
enum SystemName {
    Provider,
    EventSource,
    Channel,
    Computer,
    UserSid,
    EventId,
    RecordId,
    Version,
    Level,
    Task,
    Opcode,
    Keywords,
    Qualifiers,
    ProcessId,
    ThreadId,
    ActivityId,
}

impl SystemName {
    /// The value of this name, as Sigma calls them.
    fn of(name: &str) -> Option<SystemName> {
        Some(match name {
            "Provider_Name" => SystemName::Provider,
            "EventSourceName" => SystemName::EventSource,
            "Channel" => SystemName::Channel,
            "Computer" => SystemName::Computer,
            "Security_UserID" => SystemName::UserSid,
            "EventID" => SystemName::EventId,
            "EventRecordID" => SystemName::RecordId,
            "Version" => SystemName::Version,
            "Level" => SystemName::Level,
            "Task" => SystemName::Task,
            "Opcode" => SystemName::Opcode,
            "Keywords" => SystemName::Keywords,
            "Qualifiers" => SystemName::Qualifiers,
            "Execution_ProcessID" => SystemName::ProcessId,
            "Execution_ThreadID" => SystemName::ThreadId,
            "ActivityID" => SystemName::ActivityId,
            _ => return None,
        })
    }
}

/// The element that holds a record's own values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Payload {
    /// `EventData`.
    EventData,
    /// `UserData`, and the local name of the element in it.
    UserData {
        /// For example `EventXML` or `LogFileCleared`.
        root: Arc<str>,
    },
    /// Neither.
    None,
}

impl Event {
    /// The first text under `name`: a payload field, or else one of the `System` values that are text
    /// (`Provider_Name`, `EventSourceName`, `Channel`, `Computer`, `Security_UserID`). Case matters.
    /// [`Event::values`] also has the numbers.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.named(name).next().or_else(|| self.system_text(SystemName::of(name)?))
    }

    /// Every value under `name`, in document order. Case matters.
    ///
    /// `Data` stands for all unnamed data elements, unless the payload has a field of that name. Where the
    /// payload has no such field, Sigma's names of the `System` values apply: `EventID`, `Provider_Name`,
    /// `Channel`, `Computer`, `Level`, `Task`, `Opcode`, `Keywords`, `Qualifiers`, `Version`, `EventRecordID`,
    /// `EventSourceName`, `Execution_ProcessID`, `Execution_ThreadID`, `Security_UserID`, `ActivityID`.
    pub fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = Cow<'a, str>> + use<'a, 'n> {
        let mut payload = self.fields.named(name).map(Cow::Borrowed).peekable();
        let system = if payload.peek().is_none() { SystemName::of(name) } else { None };
        payload.chain(system.and_then(|name| self.system_value(name)))
    }

    /// Where the payload has no field of this name, it stands for a value of `System`.
    pub fn is_system_name(name: &str) -> bool {
        SystemName::of(name).is_some()
    }

    fn system_text(&self, name: SystemName) -> Option<&str> {
        match name {
            SystemName::Provider => Some(&self.provider),
            SystemName::EventSource => self.event_source.as_deref(),
            SystemName::Channel => Some(&self.channel),
            SystemName::Computer => Some(&self.computer),
            SystemName::UserSid => self.user_sid.as_deref(),
            _ => None,
        }
    }

    fn system_value(&self, name: SystemName) -> Option<Cow<'_, str>> {
        let text = match name {
            SystemName::EventId => self.event_id.to_string(),
            SystemName::RecordId => self.record_id.to_string(),
            SystemName::Version => self.version?.to_string(),
            SystemName::Level => self.level?.to_string(),
            SystemName::Task => self.task?.to_string(),
            SystemName::Opcode => self.opcode?.to_string(),
            SystemName::Keywords => format!("{:#x}", self.keywords?),
            SystemName::Qualifiers => self.qualifiers?.to_string(),
            SystemName::ProcessId => self.process_id?.to_string(),
            SystemName::ThreadId => self.thread_id?.to_string(),
            SystemName::ActivityId => self.activity_id?.to_string(),
            _ => return self.system_text(name).map(Cow::Borrowed),
        };
        Some(Cow::Owned(text))
    }
}
