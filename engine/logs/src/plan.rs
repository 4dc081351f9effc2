//! How a template's instances become events, without the XML between.
//!
//! A plan is what [`parse_event_xml`](crate::parse_event_xml) would make of the template's XML, worked out once: which
//! element is which field, and which of the instance's values it holds. Templates that leave any doubt have no
//! plan, and instances whose values do are refused; the `evtx` crate decodes those.

use std::sync::Arc;

use crate::definition::{Child, Element, Piece, local};
use crate::instance::{Value, is_left_out};
use crate::rendering::{is_empty, push_value};
use crate::sighting::{SightId, Spot};
use rdpwhy_event::{Event, Guid, Names};
use rdpwhy_event::{FieldNames, Fields, MAX_FIELD_NAME};
use rdpwhy_event::{Heading, Payload};

/// Lists of names a plan remembers: as many as there are ways to leave elements out and repeat them.
const MAX_LISTS: usize = 64;
/// Sights whose spots a plan remembers; the events of a template are of one kind, or of a few.
const MAX_SIGHTS: usize = 64;
/// In a list of names, the names `Data[0]`, `Data[1]`… begin here.
const POSITIONS: u16 = 0x8000;

/// How instances of an event's own template become events.
#[derive(Debug)]
pub(crate) struct EventPlan {
    system: Vec<SystemPart>,
    pub(crate) payload: PayloadPlace,
    /// Values that are rendered where nobody looks.
    unseen: Vec<usize>,
}

/// Where an event's payload is.
#[derive(Debug)]
pub(crate) enum PayloadPlace {
    Nowhere,
    /// In the template itself.
    Here(PayloadPlan, Option<usize>),
    /// In the value of this number, which fills in a template of its own.
    Value {
        value: usize,
        within: Within,
        dependency: Option<usize>,
    },
}

/// The element that a template's instance stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    Event,
    UserData,
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

/// A text: as the template has it, or as the instance's value of this number.
#[derive(Debug)]
enum Source {
    Literal(Arc<str>),
    Value(usize),
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

impl EventPlan {
    /// The plan of the template of an `Event`.
    pub(crate) fn of(event: &Element) -> Option<EventPlan> {
        let mut plan = EventPlan { system: Vec::new(), payload: PayloadPlace::Nowhere, unseen: Vec::new() };
        let mut has_system = false;
        if event.name != "Event" {
            return None;
        }
        plan.leave(event.attributes.iter().map(|(_, pieces)| pieces));
        for child in &event.children {
            match child {
                Child::Element(system) if system.local() == "System" && !has_system => {
                    has_system = true;
                    plan.add_system(system)?;
                }
                Child::Element(element) => plan.put_payload(PayloadPlace::of(element)?)?,
                Child::Piece(Piece::Value(value)) => {
                    let place =
                        PayloadPlace::Value { value: *value, within: Within::Event, dependency: None };
                    plan.put_payload(place)?;
                }
                Child::Piece(Piece::Literal(_)) => return None,
            }
        }
        has_system.then_some(plan)
    }

    fn put_payload(&mut self, place: PayloadPlace) -> Option<()> {
        let is_first = matches!(self.payload, PayloadPlace::Nowhere);
        self.payload = place;
        is_first.then_some(())
    }

    fn leave<'p>(&mut self, pieces: impl Iterator<Item = &'p Vec<Piece>>) {
        self.unseen.extend(pieces.flatten().filter_map(Piece::value));
    }

    fn add_system(&mut self, system: &Element) -> Option<()> {
        self.leave(system.attributes.iter().map(|(_, pieces)| pieces));
        let mut names: Vec<&str> = Vec::new();
        for child in &system.children {
            let Child::Element(element) = child else { return None };
            if names.contains(&element.local()) || system.dependency.is_some() {
                return None;
            }
            names.push(element.local());
            self.add_system_element(element)?;
        }
        Some(())
    }

    fn add_system_element(&mut self, element: &Element) -> Option<()> {
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
            self.system.push(SystemPart { key, dependency, source });
        }
        Some(())
    }

    /// Reads what the plan knows of `System` from an instance.
    pub(crate) fn system(
        &self,
        chunk: &[u8],
        values: &[Value],
        text: &mut Vec<u8>,
        names: &mut Names,
    ) -> Option<System> {
        let mut system = System::default();
        for part in &self.system {
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

impl PayloadPlace {
    fn of(element: &Element) -> Option<PayloadPlace> {
        match (element.local(), &*element.children) {
            ("UserData", &[Child::Piece(Piece::Value(value))]) => {
                Some(PayloadPlace::Value { value, within: Within::UserData, dependency: element.dependency })
            }
            ("UserData" | "EventData", _) => {
                Some(PayloadPlace::Here(PayloadPlan::of(element, Within::Event)?, element.dependency))
            }
            _ => None,
        }
    }
}

impl Piece {
    fn value(&self) -> Option<usize> {
        match self {
            Piece::Value(value) => Some(*value),
            Piece::Literal(_) => None,
        }
    }
}

impl Source {
    /// The text of these pieces, `Some(None)` when there is none; `None` when it has several parts.
    fn of(pieces: &[Piece]) -> Option<Option<Source>> {
        match pieces {
            [] => Some(None),
            [Piece::Literal(text)] if text.is_empty() => Some(None),
            [Piece::Literal(text)] => Some(Some(Source::Literal(text.as_str().into()))),
            [Piece::Value(value)] => Some(Some(Source::Value(*value))),
            _ => None,
        }
    }
}

/// The value is there, and rendered wherever it stands.
fn is_scalar(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_scalar())
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

/// How instances of a payload's template become fields.
#[derive(Debug)]
pub(crate) struct PayloadPlan {
    pub(crate) payload: Payload,
    names: Vec<Arc<str>>,
    parts: Vec<Part>,
    unseen: Vec<usize>,
    /// Lists of names met, and the list of shared names each is.
    lists: Vec<(Vec<u16>, FieldNames)>,
    /// Where the fields are that a sight asks about; `None` where that is not certain.
    spots: Vec<(SightId, Option<Vec<Spot>>)>,
}

#[derive(Debug)]
enum Part {
    Attribute(Attribute),
    Element(FieldElement),
}

#[derive(Debug)]
struct Attribute {
    name: u16,
    source: Source,
}

/// An element of the payload.
#[derive(Debug)]
struct FieldElement {
    dependency: Option<usize>,
    /// `None` for the next of the unnamed ones.
    name: Option<u16>,
    attributes: Vec<Attribute>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Value(usize),
    Pieces(Vec<Piece>),
    Elements(Vec<FieldElement>),
}

/// What a payload's plan makes of an instance, kept from record to record.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    text: Vec<u8>,
    ends: Vec<usize>,
    names: Vec<u16>,
    unnamed: u16,
}

impl PayloadPlan {
    /// The plan of a template whose instances stand in this element.
    pub(crate) fn of(root: &Element, within: Within) -> Option<PayloadPlan> {
        let mut plan = PayloadPlan {
            payload: Payload::None,
            names: Vec::new(),
            parts: Vec::new(),
            unseen: Vec::new(),
            lists: Vec::new(),
            spots: Vec::new(),
        };
        match (within, root.local()) {
            (Within::UserData, _) => plan.add_root(root)?,
            (Within::Event, "EventData") => plan.add_event_data(root)?,
            (Within::Event, "UserData") => {
                plan.unseen
                    .extend(root.attributes.iter().flat_map(|(_, pieces)| pieces).filter_map(Piece::value));
                let [Child::Element(inner)] = &*root.children else { return None };
                plan.add_root(inner).filter(|()| inner.dependency.is_none())?;
            }
            _ => return None,
        }
        (plan.names.len() < usize::from(POSITIONS)).then_some(plan)
    }

    fn add_event_data(&mut self, root: &Element) -> Option<()> {
        self.payload = Payload::EventData;
        for (name, pieces) in &root.attributes {
            match local(name) {
                "Name" => self.add_attribute("EventData.Name".to_owned(), pieces)?,
                _ => self.unseen.extend(pieces.iter().filter_map(Piece::value)),
            }
        }
        for child in &root.children {
            let Child::Element(element) = child else { return None };
            let element = self.element(element, "", true)?;
            self.parts.push(Part::Element(element));
        }
        Some(())
    }

    fn add_root(&mut self, root: &Element) -> Option<()> {
        self.payload = Payload::UserData { root: root.local().into() };
        for (name, pieces) in root.attributes.iter().filter(|(name, _)| !name.starts_with("xmlns")) {
            self.add_attribute(local(name).to_owned(), pieces)?;
        }
        let declarations = root.attributes.iter().filter(|(name, _)| name.starts_with("xmlns"));
        self.unseen.extend(declarations.flat_map(|(_, pieces)| pieces).filter_map(Piece::value));
        for child in &root.children {
            let Child::Element(element) = child else { return None };
            let element = self.element(element, "", false)?;
            self.parts.push(Part::Element(element));
        }
        Some(())
    }

    fn add_attribute(&mut self, name: String, pieces: &[Piece]) -> Option<()> {
        if let Some(source) = Source::of(pieces)? {
            let name = self.name(name)?;
            self.parts.push(Part::Attribute(Attribute { name, source }));
        }
        Some(())
    }

    fn name(&mut self, name: String) -> Option<u16> {
        let number = u16::try_from(self.names.len()).ok().filter(|_| name.len() <= MAX_FIELD_NAME)?;
        self.names.push(name.into());
        Some(number)
    }

    /// Plans an element below one whose field is called `outer`; `is_data` directly in `EventData`.
    fn element(&mut self, element: &Element, outer: &str, is_data: bool) -> Option<FieldElement> {
        let mut given = "";
        let mut attributes = Vec::new();
        for (name, pieces) in &element.attributes {
            match pieces.as_slice() {
                _ if name.starts_with("xmlns") => {
                    self.unseen.extend(pieces.iter().filter_map(Piece::value));
                }
                pieces if is_data && local(name) == "Name" => match pieces {
                    [Piece::Literal(text)] if given.is_empty() && *name == "Name" => given = text,
                    _ => return None,
                },
                pieces => attributes.push((local(name), Source::of(pieces)?)),
            }
        }
        let is_unnamed = given.is_empty() && is_data && element.local() == "Data";
        let own = if given.is_empty() { element.local() } else { given };
        let full = if outer.is_empty() { own.to_owned() } else { format!("{outer}.{own}") };
        let content = self.content(element, &full, is_unnamed)?;
        let mut planned = Vec::new();
        for (name, source) in attributes {
            if let Some(source) = source {
                let name = self.name(format!("{full}.{name}")).filter(|_| !is_unnamed)?;
                planned.push(Attribute { name, source });
            }
        }
        let name = if is_unnamed { None } else { Some(self.name(full)?) };
        Some(FieldElement { dependency: element.dependency, name, attributes: planned, content })
    }

    fn content(&mut self, element: &Element, full: &str, is_unnamed: bool) -> Option<Content> {
        if let [Child::Piece(Piece::Value(value))] = &*element.children {
            return Some(Content::Value(*value));
        }
        let elements = element.children.iter().filter(|child| matches!(child, Child::Element(_))).count();
        if elements == 0 {
            let pieces = element.children.iter().filter_map(|child| match child {
                Child::Piece(piece) => Some(piece.clone()),
                Child::Element(_) => None,
            });
            return Some(Content::Pieces(pieces.collect()));
        }
        if elements < element.children.len() || is_unnamed {
            return None;
        }
        let mut inner = Vec::new();
        for child in &element.children {
            if let Child::Element(child) = child {
                inner.push(self.element(child, full, false)?);
            }
        }
        Some(Content::Elements(inner))
    }

    /// The fields of an instance.
    pub(crate) fn fields(
        &mut self,
        chunk: &[u8],
        values: &[Value],
        draft: &mut Draft,
        names: &mut Names,
    ) -> Option<Fields> {
        draft.text.clear();
        draft.ends.clear();
        draft.names.clear();
        draft.unnamed = 0;
        if self.unseen.iter().any(|value| !is_scalar(values.get(*value))) {
            return None;
        }
        for part in &self.parts {
            match part {
                Part::Attribute(attribute) => {
                    attribute.put(chunk, values, draft)?;
                }
                Part::Element(element) => {
                    element.put(chunk, values, draft)?;
                }
            }
        }
        Fields::new(self.list(&draft.names, names), &draft.text, &draft.ends)
    }

    /// Where the fields are that a sight asks about; `None` where that is not certain.
    pub(crate) fn spots(&mut self, sight: SightId, fields: &[&str]) -> Option<&[Spot]> {
        let known = match self.spots.iter().position(|(known, _)| *known == sight) {
            Some(known) => known,
            None => {
                let spots = fields.iter().map(|field| self.spot(field)).collect();
                if self.spots.len() == MAX_SIGHTS {
                    self.spots.clear();
                }
                self.spots.push((sight, spots));
                self.spots.len() - 1
            }
        };
        self.spots[known].1.as_deref()
    }

    fn spot(&self, field: &str) -> Option<Spot> {
        // Names of unnamed elements depend on how many there are.
        if field.starts_with("Data") {
            return None;
        }
        let mut numbers = (0u16..).zip(&self.names).filter(|(_, name)| ***name == *field);
        match (numbers.next(), numbers.next()) {
            (None, _) => (!Event::is_system_name(field)).then_some(Spot::Nowhere),
            (Some((number, _)), None) => self.parts.iter().find_map(|part| match part {
                Part::Element(FieldElement {
                    dependency,
                    name: Some(name),
                    attributes,
                    content: Content::Value(value),
                }) if *name == number && attributes.is_empty() => {
                    Some(Spot::Value { value: *value, dependency: *dependency })
                }
                _ => None,
            }),
            _ => None,
        }
    }

    fn list(&mut self, numbers: &[u16], names: &mut Names) -> FieldNames {
        if let Some((_, list)) = self.lists.iter().find(|(known, _)| known == numbers) {
            return Arc::clone(list);
        }
        let name = |&number: &u16| match number.checked_sub(POSITIONS) {
            Some(position) => names.data(usize::from(position)),
            None => Arc::clone(&self.names[usize::from(number)]),
        };
        let shared: Vec<Arc<str>> = numbers.iter().map(name).collect();
        let list = names.list(shared);
        if self.lists.len() < MAX_LISTS {
            self.lists.push((numbers.to_vec(), Arc::clone(&list)));
        }
        list
    }
}

impl Draft {
    /// Ends the value that was appended to the text.
    fn end(&mut self, name: u16) {
        self.names.push(name);
        self.ends.push(self.text.len());
    }

    fn push(&mut self, value: Option<&Value>, chunk: &[u8]) -> Option<()> {
        let value = value.filter(|value| !value.is_xml())?;
        push_value(value.kind, value.bytes(chunk), &mut self.text)
    }
}

impl Attribute {
    /// Puts it, unless it is empty; whether it was put.
    fn put(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        match &self.source {
            Source::Literal(text) => draft.text.extend_from_slice(text.as_bytes()),
            Source::Value(number) => {
                let value = values.get(*number).filter(|value| value.is_scalar())?;
                if is_empty(value.kind, value.bytes(chunk)) {
                    return Some(false);
                }
                draft.push(Some(value), chunk)?;
            }
        }
        draft.end(self.name);
        Some(true)
    }
}

impl FieldElement {
    /// Puts it, unless it is left out; whether it was put.
    fn put(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        if is_left_out(self.dependency, values) {
            return Some(false);
        }
        if let Content::Value(number) = self.content
            && let Some(value) = values.get(number).filter(|value| value.is_texts())
        {
            return self.put_each(chunk, values, *value, draft);
        }
        let mut structured = self.put_attributes(chunk, values, draft)?;
        let start = draft.text.len();
        match &self.content {
            Content::Value(number) => draft.push(values.get(*number), chunk)?,
            Content::Pieces(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => draft.text.extend_from_slice(text.as_bytes()),
                        Piece::Value(number) => draft.push(values.get(*number), chunk)?,
                    }
                }
            }
            Content::Elements(elements) => {
                for element in elements {
                    structured |= element.put(chunk, values, draft)?;
                }
                if structured {
                    return Some(true);
                }
            }
        }
        self.end(draft, start, structured)
    }

    fn put_attributes(&self, chunk: &[u8], values: &[Value], draft: &mut Draft) -> Option<bool> {
        let mut any = false;
        for attribute in &self.attributes {
            any |= attribute.put(chunk, values, draft)?;
        }
        Some(any)
    }

    /// Ends the element whose text begins at `start`. Beside attributes, blank text says nothing.
    fn end(&self, draft: &mut Draft, start: usize, structured: bool) -> Option<bool> {
        if structured && draft.text[start..].trim_ascii().is_empty() {
            draft.text.truncate(start);
            return Some(true);
        }
        let name = match self.name {
            Some(name) => name,
            None => {
                let position = draft.unnamed;
                draft.unnamed += 1;
                POSITIONS.checked_add(position).filter(|name| *name < u16::MAX)?
            }
        };
        draft.end(name);
        Some(true)
    }

    /// Puts the element once for each of the texts of an array.
    fn put_each(&self, chunk: &[u8], values: &[Value], array: Value, draft: &mut Draft) -> Option<bool> {
        let units = array.bytes(chunk).as_chunks::<2>().0;
        let Some((&[0, 0], texts)) = units.split_last() else {
            // Without its last NUL, an array would go on into the bytes behind it.
            let structured = units.is_empty().then(|| self.put_attributes(chunk, values, draft))??;
            return self.end(draft, draft.text.len(), structured);
        };
        for text in texts.split(|unit| *unit == [0, 0]) {
            let structured = self.put_attributes(chunk, values, draft)?;
            let start = draft.text.len();
            push_value(0x01, text.as_flattened(), &mut draft.text)?;
            self.end(draft, start, structured)?;
        }
        Some(true)
    }
}
