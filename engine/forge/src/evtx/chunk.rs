//! One chunk of 64 KiB: its records, names, templates and checksums.

use std::collections::BTreeMap;

use super::record::{Instance, Record};
use super::template::{Content, Element, Text};
use super::value::{Guid, Value, push_utf16};

pub(crate) const CHUNK_SIZE: usize = 0x1_0000;
const HEADER_SIZE: usize = 512;
/// Windows never fills a chunk to its last byte.
const LAST_END: usize = CHUNK_SIZE - 8;

/// Why a record did not go into the chunk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It would end here, beyond the chunk.
    Full { end: usize },
    /// A single value has more bytes than its 16-bit size can say.
    ValueTooLong { size: usize },
}

/// A chunk being filled.
pub(crate) struct Chunk {
    bytes: Vec<u8>,
    names: BTreeMap<String, u32>,
    name_heads: [u32; 64],
    templates: BTreeMap<Guid, u32>,
    template_heads: [u32; 32],
    first_number: u64,
    ids: Option<(u64, u64)>,
    count: u64,
    last_record: u32,
}

impl Chunk {
    /// An empty chunk whose first record will be the `first_number`-th of the file, from 1.
    pub(crate) fn new(first_number: u64) -> Chunk {
        Chunk {
            bytes: vec![0; HEADER_SIZE],
            names: BTreeMap::new(),
            name_heads: [0; 64],
            templates: BTreeMap::new(),
            template_heads: [0; 32],
            first_number,
            ids: None,
            count: 0,
            last_record: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Number that the next record will have within the file.
    pub(crate) fn next_number(&self) -> u64 {
        self.first_number + self.count
    }

    /// Writes the record, or leaves the chunk as it was.
    pub(crate) fn push(&mut self, record: &Record) -> Result<(), Refused> {
        let start = self.bytes.len();
        let (name_heads, template_heads) = (self.name_heads, self.template_heads);
        let result = self.write_record(record);
        if result.is_err() {
            self.bytes.truncate(start);
            self.name_heads = name_heads;
            self.template_heads = template_heads;
            self.names.retain(|_, offset| (*offset as usize) < start);
            self.templates.retain(|_, offset| (*offset as usize) < start);
            return result;
        }
        self.last_record = start as u32;
        self.count += 1;
        let first = self.ids.map_or(record.id, |(first, _)| first);
        self.ids = Some((first, record.id));
        Ok(())
    }

    fn write_record(&mut self, record: &Record) -> Result<(), Refused> {
        let start = self.bytes.len();
        self.bytes.extend([0x2A, 0x2A, 0, 0, 0, 0, 0, 0]);
        self.bytes.extend(record.id.to_le_bytes());
        self.bytes.extend(record.time.to_le_bytes());
        self.fragment_header();
        let payload_size = self.instance(&record.event_instance(), true)?;
        let payload = self.bytes.len();
        self.fragment_header();
        self.instance(&record.payload_instance(), false)?;
        self.bytes.push(0);
        let size = self.bytes.len() - payload;
        let size = u16::try_from(size).map_err(|_| Refused::ValueTooLong { size })?;
        self.bytes[payload_size..payload_size + 2].copy_from_slice(&size.to_le_bytes());
        self.bytes.push(0);
        let end = (self.bytes.len() + 4).next_multiple_of(8);
        if end > LAST_END {
            return Err(Refused::Full { end });
        }
        self.bytes.resize(end - 4, 0);
        let size = (end - start) as u32;
        self.bytes.extend(size.to_le_bytes());
        self.patch(start + 4, size);
        Ok(())
    }

    /// Writes a template instance and returns the place of the last value's size. With `open`, that value is a
    /// BinXml fragment which the caller appends.
    fn instance(&mut self, instance: &Instance, open: bool) -> Result<usize, Refused> {
        let guid = instance.root.guid();
        self.bytes.extend([0x0C, 0x01]);
        self.bytes.extend(&guid.0[..4]);
        match self.templates.get(&guid) {
            Some(offset) => self.bytes.extend(offset.to_le_bytes()),
            None => self.definition(guid, &instance.root),
        }
        let count = instance.values.len() + usize::from(open);
        self.push_u32(count as u32);
        let mut data = Vec::new();
        for value in &instance.values {
            let before = data.len();
            value.write(&mut data);
            let size = data.len() - before;
            let size = u16::try_from(size).map_err(|_| Refused::ValueTooLong { size })?;
            self.descriptor(size, value);
        }
        let last = self.bytes.len();
        if open {
            self.bytes.extend([0, 0, 0x21, 0]);
        }
        self.bytes.extend(data);
        Ok(last)
    }

    fn descriptor(&mut self, size: u16, value: &Value) {
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend([value.code(), 0]);
    }

    fn definition(&mut self, guid: Guid, root: &Element) {
        let offset = self.bytes.len() as u32 + 4;
        self.push_u32(offset);
        let bucket = template_bucket(guid);
        self.push_u32(self.template_heads[bucket]);
        self.template_heads[bucket] = offset;
        self.templates.insert(guid, offset);
        self.bytes.extend(guid.0);
        let size = self.reserve_size();
        self.fragment_header();
        self.element(root);
        self.bytes.push(0);
        self.fill_size(size);
    }

    fn element(&mut self, element: &Element) {
        self.bytes.push(if element.attributes.is_empty() { 0x01 } else { 0x41 });
        self.bytes.extend(element.dependency.to_le_bytes());
        let size = self.reserve_size();
        self.name(&element.name);
        if !element.attributes.is_empty() {
            self.attributes(&element.attributes);
        }
        match &element.content {
            Content::Closed => self.bytes.push(0x03),
            Content::Empty => self.bytes.extend([0x02, 0x04]),
            Content::Text(text) => {
                self.bytes.push(0x02);
                self.text(text, false);
                self.bytes.push(0x04);
            }
            Content::Elements(children) => {
                self.bytes.push(0x02);
                children.iter().for_each(|child| self.child(child));
                self.bytes.push(0x04);
            }
        }
        self.fill_size(size);
    }

    /// A child without a name is only its text.
    fn child(&mut self, child: &Element) {
        match &child.content {
            Content::Text(text) if child.name.is_empty() => self.text(text, false),
            _ => self.element(child),
        }
    }

    fn attributes(&mut self, attributes: &[(String, Text)]) {
        let size = self.reserve_size();
        for (i, (name, text)) in attributes.iter().enumerate() {
            self.bytes.push(if i + 1 == attributes.len() { 0x06 } else { 0x46 });
            self.name(name);
            self.text(text, true);
        }
        self.fill_size(size);
    }

    fn text(&mut self, text: &Text, in_attribute: bool) {
        match text {
            Text::Value { index, code, optional } => {
                self.bytes.push(if *optional { 0x0E } else { 0x0D });
                self.bytes.extend(index.to_le_bytes());
                self.bytes.push(*code);
            }
            Text::Literal(text) => self.literal(text, in_attribute),
        }
    }

    /// Literal text; what XML would escape becomes entity tokens.
    fn literal(&mut self, text: &str, in_attribute: bool) {
        let escaped = |c: char| matches!(c, '<' | '>' | '&') || (in_attribute && c == '"');
        let mut rest = text;
        loop {
            let plain = rest.find(escaped).unwrap_or(rest.len());
            if plain > 0 || text.is_empty() {
                let more = if plain < rest.len() { 0x40 } else { 0 };
                self.bytes.extend([0x05 | more, 0x01]);
                self.bytes.extend((rest[..plain].encode_utf16().count() as u16).to_le_bytes());
                push_utf16(&mut self.bytes, &rest[..plain]);
            }
            let Some(special) = rest[plain..].chars().next() else { return };
            rest = &rest[plain + 1..];
            self.bytes.push(if rest.is_empty() { 0x09 } else { 0x49 });
            self.name(match special {
                '<' => "lt",
                '>' => "gt",
                '&' => "amp",
                _ => "quot",
            });
            if rest.is_empty() {
                return;
            }
        }
    }

    /// A reference to the name, followed by its entry at first use.
    fn name(&mut self, name: &str) {
        if let Some(offset) = self.names.get(name) {
            self.bytes.extend(offset.to_le_bytes());
            return;
        }
        let offset = self.bytes.len() as u32 + 4;
        let hash = name_hash(name.encode_utf16());
        let bucket = (hash % 64) as usize;
        self.push_u32(offset);
        self.push_u32(self.name_heads[bucket]);
        self.bytes.extend((hash as u16).to_le_bytes());
        self.bytes.extend((name.encode_utf16().count() as u16).to_le_bytes());
        push_utf16(&mut self.bytes, name);
        self.bytes.extend([0, 0]);
        self.name_heads[bucket] = offset;
        self.names.insert(name.to_owned(), offset);
    }

    fn fragment_header(&mut self) {
        self.bytes.extend([0x0F, 0x01, 0x01, 0x00]);
    }

    fn push_u32(&mut self, n: u32) {
        self.bytes.extend(n.to_le_bytes());
    }

    fn patch(&mut self, at: usize, n: u32) {
        self.bytes[at..at + 4].copy_from_slice(&n.to_le_bytes());
    }

    fn reserve_size(&mut self) -> usize {
        self.push_u32(0);
        self.bytes.len()
    }

    /// Sizes count from the byte after their field.
    fn fill_size(&mut self, from: usize) {
        self.patch(from - 4, (self.bytes.len() - from) as u32);
    }

    /// The finished chunk, [`CHUNK_SIZE`] bytes.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let none = u64::MAX;
        let last_number = if self.is_empty() { none } else { self.next_number() - 1 };
        let (first_id, last_id) = self.ids.unwrap_or((none, none));
        let free = self.bytes.len() as u32;
        let records_crc = crc32fast::hash(&self.bytes[HEADER_SIZE..]);
        let mut header = Vec::with_capacity(HEADER_SIZE);
        header.extend(b"ElfChnk\0");
        for n in [self.first_number, last_number, first_id, last_id] {
            header.extend(n.to_le_bytes());
        }
        for n in [128, self.last_record, free, records_crc] {
            header.extend(n.to_le_bytes());
        }
        header.resize(120, 0);
        header.extend(1u32.to_le_bytes());
        header.extend([0; 4]);
        self.name_heads.iter().chain(&self.template_heads).for_each(|n| header.extend(n.to_le_bytes()));
        let mut crc = crc32fast::Hasher::new();
        crc.update(&header[..120]);
        crc.update(&header[128..]);
        header[124..128].copy_from_slice(&crc.finalize().to_le_bytes());
        self.bytes[..HEADER_SIZE].copy_from_slice(&header);
        self.bytes.resize(CHUNK_SIZE, 0);
        self.bytes
    }
}

/// The hash of names: 32 bits, of which the entry stores the low half.
fn name_hash(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0u32, |hash, unit| hash.wrapping_mul(65599).wrapping_add(u32::from(unit)))
}

fn template_bucket(guid: Guid) -> usize {
    let units = guid.0.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    (name_hash(units) % 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_hashes_equal_those_of_real_logs() {
        for (name, stored) in [("Event", 0x0CBA), ("System", 0x546F), ("xmlns", 0x0FBC), ("Guid", 0x1529)] {
            assert_eq!(name_hash(name.encode_utf16()) as u16, stored, "{name}");
        }
    }
}
