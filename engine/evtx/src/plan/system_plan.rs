//! How the values of a template's `System` that the quick look leaves alone are read.

use std::sync::Arc;

use rdpwhy_event::{Guid, Heading, Names};

use crate::plan::source::{Source, is_scalar};
use crate::template::element::{Child, Element, Piece, local};
use crate::template::instance::{Value, is_left_out};
use crate::template::rendering::{is_empty, push_value};

/// How `System` is read from the instances of an event's template.
#[derive(Debug)]
pub(super) struct SystemPlan {
    parts: Vec<SystemPart>,
    /// Values that are rendered where nobody looks.
    unseen: Vec<usize>,
}

/// One of the values of `System` that the quick look leaves alone.
#[derive(Debug)]
struct SystemPart {
    key: Key,
    dependency: Option<usize>,
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    EventSourceName,
    Qualifiers,
    Version,
    Level,
    Task,
    Opcode,
    Keywords,
    ActivityId,
    ProcessId,
    ThreadId,
    UserId,
}

/// What `System` says of an event beside what the quick look reads.
#[derive(Debug, Default)]
pub(crate) struct System {
    pub(crate) event_source: Option<Arc<str>>,
    pub(crate) qualifiers: Option<u32>,
    pub(crate) version: Option<u8>,
    pub(crate) level: Option<u8>,
    pub(crate) task: Option<u32>,
    pub(crate) opcode: Option<u32>,
    pub(crate) keywords: Option<u64>,
    pub(crate) activity_id: Option<Guid>,
    pub(crate) process_id: Option<u32>,
    pub(crate) thread_id: Option<u32>,
    pub(crate) user_sid: Option<Arc<str>>,
}

impl System {
    /// A heading says the same.
    pub(crate) fn is_in(&self, heading: &Heading) -> bool {
        let numbers = (self.qualifiers, self.version, self.level, self.task, self.opcode, self.keywords);
        let others = (
            heading.qualifiers,
            heading.version,
            heading.level,
            heading.task,
            heading.opcode,
            heading.keywords,
        );
        numbers == others && self.event_source == heading.event_source && self.user_sid == heading.user_sid
    }
}

impl SystemPlan {
    /// The plan of a template's element `System`; `None` where it leaves any doubt.
    pub(super) fn of(system: &Element) -> Option<SystemPlan> {
        let attributes = system.attributes.iter().flat_map(|(_, pieces)| pieces);
        let mut plan =
            SystemPlan { parts: Vec::new(), unseen: attributes.filter_map(Piece::value).collect() };
        let mut names: Vec<&str> = Vec::new();
        for child in &system.children {
            let Child::Element(element) = child else { return None };
            if names.contains(&element.local()) || system.dependency.is_some() {
                return None;
            }
            names.push(element.local());
            plan.add_element(element)?;
        }
        Some(plan)
    }

    fn add_element(&mut self, element: &Element) -> Option<()> {
        let name = element.local();
        let dependency = element.dependency;
        for (at, (attribute, pieces)) in element.attributes.iter().enumerate() {
            if element.attributes[..at].iter().any(|(other, _)| local(other) == local(attribute)) {
                return None;
            }
            let key = match (name, local(attribute)) {
                ("Provider", "EventSourceName") => Some(Key::EventSourceName),
                ("EventID", "Qualifiers") => Some(Key::Qualifiers),
                ("Correlation", "ActivityID") => Some(Key::ActivityId),
                ("Execution", "ProcessID") => Some(Key::ProcessId),
                ("Execution", "ThreadID") => Some(Key::ThreadId),
                ("Security", "UserID") => Some(Key::UserId),
                _ => None,
            };
            self.add_part(key, dependency, pieces)?;
        }
        let key = match name {
            "Version" => Some(Key::Version),
            "Level" => Some(Key::Level),
            "Task" => Some(Key::Task),
            "Opcode" => Some(Key::Opcode),
            "Keywords" => Some(Key::Keywords),
            _ => None,
        };
        let piece = |child: &Child| match child {
            Child::Piece(piece) => Some(piece.clone()),
            Child::Element(_) => None,
        };
        let pieces: Vec<Piece> = element.children.iter().map(piece).collect::<Option<_>>()?;
        self.add_part(key, dependency, &pieces)
    }

    fn add_part(&mut self, key: Option<Key>, dependency: Option<usize>, pieces: &[Piece]) -> Option<()> {
        let Some(key) = key else {
            self.unseen.extend(pieces.iter().filter_map(Piece::value));
            return Some(());
        };
        if let Some(source) = Source::of(pieces)? {
            self.parts.push(SystemPart { key, dependency, source });
        }
        Some(())
    }

    /// Reads what the plan knows of `System` from an instance.
    pub(super) fn read(
        &self,
        chunk: &[u8],
        values: &[Value],
        text: &mut Vec<u8>,
        names: &mut Names,
    ) -> Option<System> {
        let mut system = System::default();
        for part in &self.parts {
            if !is_left_out(part.dependency, values) {
                part.read(chunk, values, &mut system, text, names)?;
            }
        }
        if self.unseen.iter().any(|value| !is_scalar(values.get(*value))) {
            return None;
        }
        Some(system)
    }
}

impl SystemPart {
    fn read(
        &self,
        chunk: &[u8],
        values: &[Value],
        system: &mut System,
        text: &mut Vec<u8>,
        names: &mut Names,
    ) -> Option<()> {
        let value = match &self.source {
            Source::Literal(text) => return self.put_text(text, system, names),
            Source::Value(value) => *values.get(*value)?,
        };
        let bytes = value.bytes(chunk);
        if is_empty(value.kind, bytes) {
            return value.is_scalar().then_some(());
        }
        let number = number(value.kind, bytes);
        match (self.key, value.kind) {
            (Key::EventSourceName, 0x01) | (Key::UserId, 0x13) => {
                text.clear();
                push_value(value.kind, bytes, text)?;
                return self.put_text(std::str::from_utf8(text).ok()?, system, names);
            }
            (Key::Qualifiers, _) => system.qualifiers = u32::try_from(number?).ok(),
            (Key::Version, _) => system.version = u8::try_from(number?).ok(),
            (Key::Level, _) => system.level = u8::try_from(number?).ok(),
            (Key::Task, _) => system.task = u32::try_from(number?).ok(),
            (Key::Opcode, _) => system.opcode = u32::try_from(number?).ok(),
            (Key::Keywords, 0x14 | 0x15) => {
                system.keywords = Some(u64::from_le_bytes(*bytes.first_chunk()?));
            }
            (Key::ProcessId, _) => system.process_id = u32::try_from(number?).ok(),
            (Key::ThreadId, _) => system.thread_id = u32::try_from(number?).ok(),
            (Key::ActivityId, 0x0f) => system.activity_id = Some(guid(bytes.first_chunk()?)),
            _ => return None,
        }
        Some(())
    }

    fn put_text(&self, text: &str, system: &mut System, names: &mut Names) -> Option<()> {
        let number = || text.parse::<u32>().ok();
        match self.key {
            Key::EventSourceName => system.event_source = Some(names.shared(text)),
            Key::UserId => system.user_sid = Some(names.shared(text)),
            Key::Qualifiers => system.qualifiers = Some(number()?),
            Key::Task => system.task = Some(number()?),
            Key::Opcode => system.opcode = Some(number()?),
            Key::Version => system.version = Some(text.parse().ok()?),
            Key::Level => system.level = Some(text.parse().ok()?),
            Key::ProcessId => system.process_id = Some(number()?),
            Key::ThreadId => system.thread_id = Some(number()?),
            Key::Keywords => {
                system.keywords = Some(u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()?);
            }
            Key::ActivityId => return None,
        }
        Some(())
    }
}

/// An unsigned number, as its digits read.
fn number(kind: u8, bytes: &[u8]) -> Option<u64> {
    match kind {
        0x04 => bytes.first().map(|byte| u64::from(*byte)),
        0x06 => Some(u64::from(u16::from_le_bytes(*bytes.first_chunk()?))),
        0x08 => Some(u64::from(u32::from_le_bytes(*bytes.first_chunk()?))),
        0x0a => Some(u64::from_le_bytes(*bytes.first_chunk()?)),
        _ => None,
    }
}

fn guid(&[a0, a1, a2, a3, b0, b1, c0, c1, d0, d1, e0, e1, e2, e3, e4, e5]: &[u8; 16]) -> Guid {
    Guid(u128::from_be_bytes([a3, a2, a1, a0, b1, b0, c1, c0, d0, d1, e0, e1, e2, e3, e4, e5]))
}
