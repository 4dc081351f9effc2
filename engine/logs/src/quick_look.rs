//! The quick look: what a record is, without decoding it.
//!
//! Nearly every record is one instance of a template whose `System` part says, for each value, either the text
//! itself or the number of the instance's value that fills it in. The template is understood once per chunk; each
//! record then costs a look at its table of values. Whatever is out of the ordinary makes the quick look unsure,
//! and the record is decoded in full: sureness is what counts here, not coverage.

use std::collections::HashMap;
use std::ops::Range;

use crate::FileTime;
use crate::kind::{KindId, Kinds, Text};
use crate::record_walk::{u16_at, u32_at, u64_at};

/// Values a template instance may have for the quick look; real ones have about 20.
const MAX_VALUES: usize = 64;
/// Last FILETIME of the year 9999: later ones are not rendered as they are.
const LAST_TIME: u64 = 2_650_467_743_999_999_999;
/// An element start whose element does not depend on a value.
const NO_DEPENDENCY: u16 = 0xffff;

/// What the quick look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) kind: KindId,
    pub(crate) record_id: u64,
    pub(crate) time: FileTime,
}

/// The quick look at one chunk.
pub(crate) struct QuickLook<'c> {
    chunk: &'c [u8],
    /// By the offset of the definition; `None` for templates it is not sure of.
    templates: HashMap<usize, Option<Template>>,
}

/// Where a template has a value: in itself, or in a value of each instance.
#[derive(Debug, Clone)]
enum Source<T> {
    Literal(T),
    Value(usize),
}

/// A text's source, and the last bytes seen there.
#[derive(Debug, Clone)]
struct TextSource {
    source: Source<Text>,
    last: Option<(Range<usize>, Text)>,
}

#[derive(Debug, Clone)]
struct Template {
    provider: TextSource,
    channel: TextSource,
    computer: TextSource,
    event_id: Source<u32>,
    time: Source<FileTime>,
    record_id: Source<u64>,
    /// Values that have to be there for the elements above to be there.
    needed: Vec<usize>,
}

/// A value of an instance: its type and where its bytes are in the chunk.
type Value = (u8, Range<usize>);

impl<'c> QuickLook<'c> {
    pub(crate) fn new(chunk: &'c [u8]) -> QuickLook<'c> {
        QuickLook { chunk, templates: HashMap::new() }
    }

    /// What the record with binary XML at `body` is; `None` if that is not sure.
    pub(crate) fn look(&mut self, body: Range<usize>, kinds: &mut Kinds<'_>) -> Option<Look> {
        let chunk = self.chunk.get(..body.end)?;
        let &[0x0f, 1, 1, 0, 0x0c, 1, _, _, _, _, a, b, c, d] =
            chunk.get(body.start..)?.first_chunk::<14>()?
        else {
            return None;
        };
        let definition = u32::from_le_bytes([a, b, c, d]) as usize;
        let mut table = body.start + 14;
        if definition == table {
            table = table.checked_add(24)?.checked_add(u32_at(chunk, table + 20) as usize)?;
        }
        let mut values: [Value; MAX_VALUES] = [const { (0, 0..0) }; MAX_VALUES];
        let count = values_at(chunk, table, &mut values)?;
        let values = &values[..count];
        let template = self
            .templates
            .entry(definition)
            .or_insert_with(|| template_at(self.chunk, definition, kinds))
            .as_mut()?;
        template.look(self.chunk, values, kinds)
    }
}

impl Template {
    fn look(&mut self, chunk: &[u8], values: &[Value], kinds: &mut Kinds<'_>) -> Option<Look> {
        let is_there =
            |&at: &usize| values.get(at).is_some_and(|(kind, bytes)| *kind != 0 && !bytes.is_empty());
        if !self.needed.iter().all(is_there) {
            return None;
        }
        let event_id = match self.event_id {
            Source::Literal(id) => id,
            Source::Value(at) => match values.get(at)? {
                (0x06, bytes) => u32::from(u16_at(chunk, bytes.start)),
                (0x08, bytes) => u32_at(chunk, bytes.start),
                _ => return None,
            },
        };
        let time = match self.time {
            Source::Literal(time) => time,
            Source::Value(at) => match values.get(at)? {
                (0x11, bytes) => FileTime(u64_at(chunk, bytes.start)),
                _ => return None,
            },
        };
        let record_id = match self.record_id {
            Source::Literal(id) => id,
            Source::Value(at) => match values.get(at)? {
                (0x0a, bytes) => u64_at(chunk, bytes.start),
                _ => return None,
            },
        };
        let provider = self.provider.text(chunk, values, kinds)?;
        let channel = self.channel.text(chunk, values, kinds)?;
        let computer = self.computer.text(chunk, values, kinds)?;
        let kind = kinds.id(computer, channel, provider, event_id);
        (time.0 <= LAST_TIME).then_some(Look { kind, record_id, time })
    }
}

impl TextSource {
    fn text(&mut self, chunk: &[u8], values: &[Value], kinds: &mut Kinds<'_>) -> Option<Text> {
        let at = match self.source {
            Source::Literal(text) => return Some(text),
            Source::Value(at) => at,
        };
        let (0x01, bytes) = values.get(at)? else {
            return None;
        };
        if let Some((last, text)) = &self.last
            && chunk[last.clone()] == chunk[bytes.clone()]
        {
            return Some(*text);
        }
        let text = kinds.text(&plain_text(until_nul(&chunk[bytes.clone()]))?);
        self.last = Some((bytes.clone(), text));
        Some(text)
    }
}

/// Fills in the values of the instance whose table begins at `at`; their number. `None` if a size is not that of
/// the type, for then it is not sure where the values behind it are.
fn values_at(chunk: &[u8], at: usize, values: &mut [Value; MAX_VALUES]) -> Option<usize> {
    let count = u32::from_le_bytes(*chunk.get(at..)?.first_chunk()?) as usize;
    let sizes = chunk.get(at + 4..)?.get(..count.checked_mul(4)?)?;
    let mut start = at + 4 + sizes.len();
    if count > MAX_VALUES {
        return None;
    }
    for (value, &[low, high, kind, _]) in values.iter_mut().zip(sizes.as_chunks::<4>().0) {
        let size = usize::from(u16::from_le_bytes([low, high]));
        let bytes = start..start + size;
        let proper = match kind {
            0x00 | 0x0e | 0x21 | 0x81 => true,
            0x01 => size % 2 == 0,
            0x03 | 0x04 => size == 1,
            0x05 | 0x06 => size == 2,
            0x07 | 0x08 | 0x14 => size == 4,
            0x09 | 0x0a | 0x11 | 0x15 => size == 8,
            0x0f => size == 16,
            0x13 => size == 8 + 4 * usize::from(*chunk.get(start + 1)?),
            _ => false,
        };
        if !proper || bytes.end > chunk.len() {
            return None;
        }
        start = bytes.end;
        *value = (kind, bytes);
    }
    Some(count)
}

/// The bytes before the first NUL of a UTF-16 text.
fn until_nul(bytes: &[u8]) -> &[u8] {
    let units = bytes.as_chunks::<2>().0;
    let length = units.iter().position(|unit| *unit == [0, 0]).unwrap_or(units.len());
    &bytes[..2 * length]
}

/// A UTF-16 text without characters that XML cannot hold or that take two units.
fn plain_text(bytes: &[u8]) -> Option<String> {
    let unit = |bytes: &[u8; 2]| {
        let unit = u16::from_le_bytes(*bytes);
        char::from_u32(u32::from(unit)).filter(|_| (0x20..0xfffe).contains(&unit))
    };
    bytes.as_chunks::<2>().0.iter().map(unit).collect()
}

/// Elements and attributes the quick look knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Event,
    System,
    Provider,
    EventId,
    TimeCreated,
    RecordId,
    Channel,
    Computer,
    Name,
    SystemTime,
    Other,
}

/// A literal, or the number of a value, as found in the template.
#[derive(Debug, Clone)]
enum Content {
    Literal(String),
    Value(usize),
}

/// The contents of a template's `System` that matter.
#[derive(Debug, Default)]
struct Contents {
    provider: Option<Content>,
    event_id: Option<Content>,
    time: Option<Content>,
    record_id: Option<Content>,
    channel: Option<Content>,
    computer: Option<Content>,
}

fn template_at(chunk: &[u8], definition: usize, kinds: &mut Kinds<'_>) -> Option<Template> {
    let size = u32::from_le_bytes(*chunk.get(definition.checked_add(20)?..)?.first_chunk()?) as usize;
    let body = definition.checked_add(24)?;
    let mut parser = TemplateParser {
        chunk,
        at: body,
        end: body.checked_add(size)?,
        path: Vec::new(),
        attribute: None,
        needed: Vec::new(),
    };
    if parser.end > chunk.len() {
        return None;
    }
    let found = parser.parse()?;
    let mut text = |content: Option<Content>| {
        let source = match content? {
            Content::Literal(text) => Source::Literal(kinds.text(&text)),
            Content::Value(at) => Source::Value(at),
        };
        Some(TextSource { source, last: None })
    };
    Some(Template {
        provider: text(found.provider)?,
        channel: text(found.channel)?,
        computer: text(found.computer)?,
        event_id: parsed(found.event_id)?,
        time: parsed(found.time)?,
        record_id: parsed(found.record_id)?,
        needed: parser.needed,
    })
}

fn parsed<T: std::str::FromStr>(content: Option<Content>) -> Option<Source<T>> {
    match content? {
        Content::Literal(text) => text.parse().ok().map(Source::Literal),
        Content::Value(at) => Some(Source::Value(at)),
    }
}

/// Reads a template's tokens up to the end of its first element.
struct TemplateParser<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
    path: Vec<Known>,
    attribute: Option<Known>,
    needed: Vec<usize>,
}

impl<'c> TemplateParser<'c> {
    fn parse(&mut self) -> Option<Contents> {
        let mut found = Contents::default();
        self.take::<4>().filter(|header| header == b"\x0f\x01\x01\0")?;
        loop {
            let [token] = self.take()?;
            match token {
                0x01 | 0x41 => self.open(token == 0x41)?,
                0x02 => self.attribute = None,
                0x03 | 0x04 => {
                    self.attribute = None;
                    self.path.pop()?;
                    if self.path.is_empty() {
                        return Some(found);
                    }
                }
                0x05 | 0x45 => {
                    let text = self.literal()?;
                    self.content(&mut found, || Some(Content::Literal(plain_text(text)?)))?;
                }
                0x06 | 0x46 => self.attribute = Some(self.name()?),
                0x0d | 0x0e => {
                    let [low, high, _] = self.take()?;
                    let value = usize::from(u16::from_le_bytes([low, high]));
                    self.content(&mut found, || Some(Content::Value(value)))?;
                }
                _ => return None,
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = self.chunk.get(self.at..self.end)?.first_chunk::<N>()?;
        self.at += N;
        Some(*bytes)
    }

    fn open(&mut self, has_attributes: bool) -> Option<()> {
        let dependency = u16::from_le_bytes(self.take()?);
        let _size: [u8; 4] = self.take()?;
        let name = self.name()?;
        if has_attributes {
            let _size: [u8; 4] = self.take()?;
        }
        if name != Known::Other && dependency != NO_DEPENDENCY {
            self.needed.push(usize::from(dependency));
        }
        self.attribute = None;
        self.path.push(name);
        Some(())
    }

    /// Reads a name reference, and the name itself where it is stored behind it.
    fn name(&mut self) -> Option<Known> {
        let offset = u32::from_le_bytes(self.take()?) as usize;
        let entry = self.chunk.get(offset.checked_add(6)?..)?;
        let length = 2 * usize::from(u16::from_le_bytes(*entry.first_chunk()?));
        if offset == self.at {
            self.at += 6 + 2 + length + 2;
        }
        Some(known(entry.get(2..)?.get(..length)?))
    }

    /// The bytes of a literal text.
    fn literal(&mut self) -> Option<&'c [u8]> {
        let [1, low, high] = self.take()? else {
            return None;
        };
        let length = 2 * usize::from(u16::from_le_bytes([low, high]));
        let chunk: &'c [u8] = self.chunk;
        let text = chunk.get(self.at..self.end)?.get(..length)?;
        self.at += length;
        Some(text)
    }

    /// Notes the content where it matters; a second one in the same place is `None`.
    fn content(&self, found: &mut Contents, content: impl FnOnce() -> Option<Content>) -> Option<()> {
        let [Known::Event, Known::System, element] = *self.path else {
            return Some(());
        };
        let place = match (element, self.attribute) {
            (Known::Provider, Some(Known::Name)) => &mut found.provider,
            (Known::TimeCreated, Some(Known::SystemTime)) => &mut found.time,
            (Known::EventId, None) => &mut found.event_id,
            (Known::RecordId, None) => &mut found.record_id,
            (Known::Channel, None) => &mut found.channel,
            (Known::Computer, None) => &mut found.computer,
            _ => return Some(()),
        };
        if place.is_some() {
            return None;
        }
        *place = Some(content()?);
        Some(())
    }
}

fn known(name: &[u8]) -> Known {
    const NAMES: [(&str, Known); 10] = [
        ("Event", Known::Event),
        ("System", Known::System),
        ("Provider", Known::Provider),
        ("EventID", Known::EventId),
        ("TimeCreated", Known::TimeCreated),
        ("EventRecordID", Known::RecordId),
        ("Channel", Known::Channel),
        ("Computer", Known::Computer),
        ("Name", Known::Name),
        ("SystemTime", Known::SystemTime),
    ];
    let same = |text: &str| {
        text.len() * 2 == name.len()
            && text.bytes().zip(name.as_chunks::<2>().0).all(|(byte, unit)| *unit == [byte, 0])
    };
    NAMES.iter().find(|(text, _)| same(text)).map_or(Known::Other, |(_, known)| *known)
}
