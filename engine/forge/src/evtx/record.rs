//! An event as it is to be written, and the templates and values that stand for it.

use super::template::{Content, Element, Text};
use super::value::{Guid, Sid, Value};

/// One event, ready to be written to a log.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Header and EventRecordID of the record; ascending within a log.
    pub id: u64,
    /// 100 ns since 1601-01-01 UTC.
    pub time: u64,
    /// Which form of the event's template carries the record.
    pub form: Form,
    /// `Provider/@Name`
    pub provider: String,
    /// `Provider/@Guid`
    pub guid: Option<Guid>,
    /// `Provider/@EventSourceName`, of classic sources; only written in the legacy form.
    pub source_name: Option<String>,
    /// EventID
    pub event_id: u16,
    /// `EventID/@Qualifiers`, of classic sources.
    pub qualifiers: Option<u16>,
    /// Version
    pub version: u8,
    /// Level: 1 critical, 2 error, 3 warning, 4 information, 0 always.
    pub level: u8,
    /// Task
    pub task: u16,
    /// Opcode
    pub opcode: u8,
    /// Keywords
    pub keywords: u64,
    /// `Correlation/@ActivityID`
    pub activity: Option<Guid>,
    /// `Execution/@ProcessID`
    pub process: u32,
    /// `Execution/@ThreadID`
    pub thread: u32,
    /// Channel
    pub channel: String,
    /// Computer
    pub computer: String,
    /// `Security/@UserID`
    pub user: Option<Sid>,
    /// EventData or UserData
    pub payload: Payload,
}

/// The two forms of the event's template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 18 values; provider and channel are values.
    Manifest,
    /// 20 values; provider and channel are literals.
    Legacy,
    /// As legacy, without Version, Opcode, Correlation and Execution: what a classic source with nothing but
    /// a name writes.
    Short,
}

/// What the event carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// `<EventData></EventData>`
    None,
    /// `<EventData><Data Name="…">` in this order, perhaps with an attribute Name and a trailing `<Binary>`.
    Named {
        /// `EventData/@Name`
        name: Option<String>,
        /// Names and values.
        fields: Vec<(String, Value)>,
        /// `EventData/Binary`
        binary: Option<Vec<u8>>,
    },
    /// `<EventData><Data>` by position, as ReportEvent writes it.
    Classic {
        /// The strings.
        texts: Vec<String>,
        /// `EventData/Binary`
        binary: Option<Vec<u8>>,
    },
    /// `<UserData>` with this element.
    User(Node),
}

/// An element of UserData.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Namespaces and other attributes whose values never change.
    pub literals: Vec<(String, String)>,
    /// Attributes with values of their own.
    pub attributes: Vec<(String, Value)>,
    /// Its text, if it has no children.
    pub text: Option<Value>,
    /// Its children.
    pub children: Vec<Node>,
}

/// A template and the values that fill it.
pub(crate) struct Instance {
    pub(crate) root: Element,
    pub(crate) values: Vec<Value>,
}

const EVENT_NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";
const BINXML: u8 = 0x21;

impl Record {
    /// The event's template; its last value is the payload, which [`Record::payload_instance`] gives.
    pub(crate) fn event_instance(&self) -> Instance {
        let mut values = vec![
            Value::U8(self.level),
            Value::U8(self.opcode),
            Value::U16(self.task),
            Value::U16(self.event_id),
            self.qualifiers.map_or(Value::Null, Value::U16),
            Value::Hex64(self.keywords),
            Value::FileTime(self.time),
            self.activity.map_or(Value::Null, Value::Guid),
            Value::U32(self.process),
            Value::U32(self.thread),
            Value::U64(self.id),
            Value::U8(self.version),
            self.user.clone().map_or(Value::Null, Value::Sid),
        ];
        match self.form {
            Form::Manifest => values.extend([
                Value::Null,
                Value::Text(self.provider.clone()),
                self.guid.map_or(Value::Null, Value::Guid),
                Value::Text(self.channel.clone()),
            ]),
            // Session, processor, times and the related activity: absent outside traces.
            Form::Legacy | Form::Short => values.extend(std::iter::repeat_n(Value::Null, 6)),
        }
        Instance { root: self.event_element(values.len() as u16), values }
    }

    fn event_element(&self, payload: u16) -> Element {
        let substitution = Text::optional(payload, BINXML);
        let system = self.system_element();
        let namespace = Text::literal(EVENT_NAMESPACE);
        let children = |last| Content::Elements(vec![system, last]);
        match &self.payload {
            Payload::User(_) => {
                let last = Element::optional("UserData", payload, BINXML);
                Element::new("Event", children(last)).with("xmlns", namespace)
            }
            _ => {
                // The payload is directly in Event, not in an element of the template: the writer knows
                // an element without a name as "only its text".
                let last = Element::new("", Content::Text(substitution));
                let event = Element::new("Event", children(last)).with("xmlns", namespace);
                Element { dependency: payload, ..event }
            }
        }
    }

    fn system_element(&self) -> Element {
        let closed = |name| Element::new(name, Content::Closed);
        let literal = |name, text: &str| Element::new(name, Content::Text(Text::literal(text)));
        let event_id = Element::optional("EventID", 3, 0x06).with("Qualifiers", Text::optional(4, 0x06));
        let mut parts = vec![self.provider_element(), event_id];
        let short = self.form == Form::Short;
        if !short {
            parts.push(Element::optional("Version", 11, 0x04));
        }
        parts.push(Element::optional("Level", 0, 0x04));
        parts.push(Element::optional("Task", 2, 0x06));
        if !short {
            parts.push(Element::optional("Opcode", 1, 0x04));
        }
        parts.push(Element::optional("Keywords", 5, 0x15));
        parts.push(closed("TimeCreated").with("SystemTime", Text::optional(6, 0x11)));
        parts.push(Element::optional("EventRecordID", 10, 0x0A));
        if !short {
            let related = if self.form == Form::Manifest { 13 } else { 18 };
            parts.push(
                closed("Correlation")
                    .with("ActivityID", Text::optional(7, 0x0F))
                    .with("RelatedActivityID", Text::optional(related, 0x0F)),
            );
            parts.push(self.execution_element());
        }
        parts.push(match self.form {
            Form::Manifest => Element::optional("Channel", 16, 0x01),
            Form::Legacy | Form::Short => literal("Channel", &self.channel),
        });
        parts.push(literal("Computer", &self.computer));
        parts.push(closed("Security").with("UserID", Text::optional(12, 0x13)));
        Element::new("System", Content::Elements(parts))
    }

    fn provider_element(&self) -> Element {
        let provider = Element::new("Provider", Content::Closed);
        if self.form == Form::Manifest {
            return provider.with("Name", Text::optional(14, 0x01)).with("Guid", Text::optional(15, 0x0F));
        }
        let mut provider = provider.with("Name", Text::literal(&self.provider));
        if let Some(guid) = self.guid {
            provider = provider.with("Guid", Text::Literal(format!("{{{guid}}}").to_lowercase()));
        }
        if let Some(source) = &self.source_name {
            provider = provider.with("EventSourceName", Text::literal(source));
        }
        provider
    }

    fn execution_element(&self) -> Element {
        let execution = Element::new("Execution", Content::Closed)
            .with("ProcessID", Text::optional(8, 0x08))
            .with("ThreadID", Text::optional(9, 0x08));
        if self.form == Form::Manifest {
            return execution;
        }
        execution
            .with("SessionID", Text::optional(13, 0x08))
            .with("ProcessorID", Text::optional(14, 0x04))
            .with("KernelTime", Text::optional(15, 0x08))
            .with("UserTime", Text::optional(16, 0x08))
            .with("ProcessorTime", Text::optional(17, 0x0A))
    }

    /// The payload's own template and values.
    pub(crate) fn payload_instance(&self) -> Instance {
        match &self.payload {
            Payload::None => Instance { root: Element::new("EventData", Content::Empty), values: Vec::new() },
            Payload::Named { name, fields, binary } => named(name.as_deref(), fields, binary.as_ref()),
            Payload::Classic { texts, binary } => classic(texts, binary.as_ref()),
            Payload::User(node) => {
                let mut values = Vec::new();
                Instance { root: user_element(node, &mut values), values }
            }
        }
    }
}

fn named(name: Option<&str>, fields: &[(String, Value)], binary: Option<&Vec<u8>>) -> Instance {
    let mut values = Vec::new();
    let mut children: Vec<Element> = fields
        .iter()
        .map(|(name, value)| {
            let text = substitute(value, &mut values);
            Element::new("Data", Content::Text(text)).with("Name", Text::literal(name))
        })
        .collect();
    if let Some(bytes) = binary {
        // The size goes before the bytes, as a value that no substitution uses.
        values.push(Value::U32(bytes.len() as u32));
        let text = substitute(&Value::Binary(bytes.clone()), &mut values);
        children.push(Element::new("Binary", Content::Text(text)));
    }
    let content = if children.is_empty() { Content::Empty } else { Content::Elements(children) };
    let mut root = Element::new("EventData", content);
    if let Some(name) = name {
        root = root.with("Name", Text::literal(name));
    }
    Instance { root, values }
}

fn classic(texts: &[String], binary: Option<&Vec<u8>>) -> Instance {
    let children = vec![Element::optional("Data", 0, 0x81), Element::optional("Binary", 2, 0x0E)];
    let values = vec![
        if texts.is_empty() { Value::Null } else { Value::Texts(texts.to_vec()) },
        Value::U32(binary.map_or(0, |b| b.len() as u32)),
        binary.map_or(Value::Null, |b| Value::Binary(b.clone())),
    ];
    Instance { root: Element::new("EventData", Content::Elements(children)), values }
}

fn user_element(node: &Node, values: &mut Vec<Value>) -> Element {
    let mut element = Element::new(&node.name, Content::Empty);
    for (name, text) in &node.literals {
        element = element.with(name, Text::literal(text));
    }
    for (name, value) in &node.attributes {
        element = element.with(name, substitute(value, values));
    }
    element.content = match (&node.text, node.children.is_empty()) {
        (Some(value), _) => Content::Text(substitute(value, values)),
        (None, true) => Content::Empty,
        (None, false) => Content::Elements(node.children.iter().map(|c| user_element(c, values)).collect()),
    };
    element
}

fn substitute(value: &Value, values: &mut Vec<Value>) -> Text {
    let text = Text::value(values.len() as u16, value.code());
    values.push(value.clone());
    text
}
