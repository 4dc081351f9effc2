//! The quick look: what a record is, without decoding it.
//!
//! Nearly every record is one instance of a template whose `System` part says, for each value, either the text
//! itself or the number of the instance's value that fills it in. The template is understood once; each record
//! then costs a look at its table of values. Whatever is out of the ordinary makes the quick look unsure, and the
//! record is decoded in full: sureness is what counts here, not coverage.

use rdpwhy_event::FileTime;

use crate::layout::little_endian::{u16_at, u32_at, u64_at};
use crate::layout::record::LAST_TIME;
use crate::record::kind::{KindId, Kinds, Text};
use crate::template::element::{Child, Element, Piece};
use crate::template::instance::Value;

/// What the quick look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) kind: KindId,
    pub(crate) record_id: u64,
    pub(crate) time: FileTime,
}

/// Where a template has what the quick look looks for.
#[derive(Debug)]
pub(crate) struct QuickLook {
    provider: TextSource,
    channel: TextSource,
    computer: TextSource,
    event_id: Source<u32>,
    time: Source<FileTime>,
    record_id: Source<u64>,
    /// Values that have to be there for the elements above to be there.
    needed: Vec<usize>,
}

/// Where a template has a value: in itself, or in a value of each instance.
#[derive(Debug, Clone, Copy)]
enum Source<T> {
    Literal(T),
    Value(usize),
}

/// A text's source, and the last bytes seen there.
#[derive(Debug)]
struct TextSource {
    source: Source<Text>,
    last: Option<(Vec<u8>, Text)>,
}

impl QuickLook {
    /// What to look for in instances of this template; `None` where that is not sure.
    pub(crate) fn of(event: &Element, kinds: &mut Kinds<'_>) -> Option<QuickLook> {
        let mut systems = elements(event).filter(|element| element.name == "System");
        let (Some(system), None) = (systems.next(), systems.next()) else { return None };
        if event.name != "Event" {
            return None;
        }
        let mut needed = Vec::from_iter(system.dependency);
        let mut found = |name: &str, attribute: Option<&str>| {
            let mut same = elements(system).filter(|element| element.name == name);
            let (Some(element), None) = (same.next(), same.next()) else { return None };
            needed.extend(element.dependency);
            match attribute {
                Some(attribute) => attribute_piece(element, attribute),
                None => content_piece(element),
            }
        };
        let provider = found("Provider", Some("Name"))?;
        let (channel, computer) = (found("Channel", None)?, found("Computer", None)?);
        let (event_id, record_id) = (found("EventID", None)?, found("EventRecordID", None)?);
        let time = found("TimeCreated", Some("SystemTime"))?;
        Some(QuickLook {
            provider: TextSource::new(&provider, kinds),
            channel: TextSource::new(&channel, kinds),
            computer: TextSource::new(&computer, kinds),
            event_id: number(&event_id)?,
            record_id: number(&record_id)?,
            time: number(&time)?,
            needed,
        })
    }

    /// What the instance with these values is; `None` where that is not sure.
    pub(crate) fn look(&mut self, chunk: &[u8], values: &[Value], kinds: &mut Kinds<'_>) -> Option<Look> {
        let is_there = |&at: &usize| {
            values.get(at).is_some_and(|value| value.kind != 0 && !value.bytes(chunk).is_empty())
        };
        if !self.needed.iter().all(is_there) {
            return None;
        }
        let bytes = |at: usize, kind: u8| {
            values.get(at).filter(|value| value.kind == kind).map(|value| value.bytes(chunk))
        };
        let event_id = match self.event_id {
            Source::Literal(id) => id,
            Source::Value(at) => match bytes(at, 0x06) {
                Some(bytes) => u32::from(u16_at(bytes, 0)),
                None => u32_at(bytes(at, 0x08)?, 0),
            },
        };
        let time = match self.time {
            Source::Literal(time) => time,
            Source::Value(at) => FileTime(u64_at(bytes(at, 0x11)?, 0)),
        };
        let record_id = match self.record_id {
            Source::Literal(id) => id,
            Source::Value(at) => u64_at(bytes(at, 0x0a)?, 0),
        };
        let provider = self.provider.text(chunk, values, kinds)?;
        let channel = self.channel.text(chunk, values, kinds)?;
        let computer = self.computer.text(chunk, values, kinds)?;
        let kind = kinds.id(computer, channel, provider, event_id);
        (time.0 <= LAST_TIME).then_some(Look { kind, record_id, time })
    }
}

impl TextSource {
    fn new(piece: &Piece, kinds: &mut Kinds<'_>) -> TextSource {
        let source = match piece {
            Piece::Literal(text) => Source::Literal(kinds.text(text)),
            Piece::Value(at) => Source::Value(*at),
        };
        TextSource { source, last: None }
    }

    fn text(&mut self, chunk: &[u8], values: &[Value], kinds: &mut Kinds<'_>) -> Option<Text> {
        let at = match self.source {
            Source::Literal(text) => return Some(text),
            Source::Value(at) => at,
        };
        let value = values.get(at).filter(|value| value.kind == 0x01)?;
        let bytes = value.bytes(chunk);
        if let Some((last, text)) = &self.last
            && last == bytes
        {
            return Some(*text);
        }
        let text = kinds.text(&plain_text(until_nul(bytes))?);
        self.last = Some((bytes.to_vec(), text));
        Some(text)
    }
}

fn elements(element: &Element) -> impl Iterator<Item = &Element> {
    element.children.iter().filter_map(|child| match child {
        Child::Element(element) => Some(element),
        Child::Piece(_) => None,
    })
}

fn attribute_piece(element: &Element, name: &str) -> Option<Piece> {
    let mut same = element.attributes.iter().filter(|(attribute, _)| attribute == name);
    match (same.next(), same.next()) {
        (Some((_, pieces)), None) => pieces.as_slice().first().filter(|_| pieces.len() == 1).cloned(),
        _ => None,
    }
}

fn content_piece(element: &Element) -> Option<Piece> {
    match element.children.as_slice() {
        [Child::Piece(piece)] => Some(piece.clone()),
        _ => None,
    }
}

fn number<T: std::str::FromStr>(piece: &Piece) -> Option<Source<T>> {
    match piece {
        Piece::Literal(text) => text.parse().ok().map(Source::Literal),
        Piece::Value(at) => Some(Source::Value(*at)),
    }
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
