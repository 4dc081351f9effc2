//! Trees of YAML as bytes: the build reads the built-in rules once, so that no start of the program has to.
//!
//! Numbers are written seven bits to a byte, the low ones first, the top bit set where more follow. A list of documents
//! is their count and their nodes. A node is a tag, its span and its content. Of the span, start and line are written
//! as the difference to the node before, and the end as the length, so that nearly all take one byte. The text of a
//! scalar that stands in the file letter by letter is not written again, but taken from there.

use std::borrow::Cow;

use crate::yaml::{Node, Scalar, Span, Value};

/// A node without content.
const NULL: u8 = 0;
/// A scalar without quotes that fills its span.
const PLAIN: u8 = 1;
/// A scalar that fills its span but for a quote on either side.
const QUOTED: u8 = 2;
/// A scalar whose text is written behind the span; `OWN_PLAIN` without quotes.
const OWN: u8 = 3;
const OWN_PLAIN: u8 = 4;
/// A list: the count of its elements and the elements.
const SEQ: u8 = 5;
/// A map: the count of its entries and their keys and values.
const MAP: u8 = 6;

/// The bytes of the documents that were read from `text`.
#[cfg_attr(not(test), allow(dead_code, reason = "the build writes, the program reads"))]
pub(crate) fn write(text: &str, documents: &[Node]) -> Vec<u8> {
    let mut writer = Writer { text, bytes: Vec::new(), start: 0, line: 0 };
    writer.count(documents.len());
    documents.iter().for_each(|document| writer.node(document));
    writer.bytes
}

/// The documents that [`write`] made `bytes` of, together with the same text.
///
/// # Panics
/// On other bytes or another text.
pub(crate) fn read(text: &'static str, bytes: &'static [u8]) -> Vec<Node> {
    let mut reader = Reader { text, bytes, start: 0, line: 0 };
    let documents = reader.count();
    (0..documents).map(|_| reader.node()).collect()
}

#[cfg_attr(not(test), allow(dead_code, reason = "the build writes, the program reads"))]
struct Writer<'t> {
    text: &'t str,
    bytes: Vec<u8>,
    /// Where the node before this one starts.
    start: u32,
    line: u32,
}

#[cfg_attr(not(test), allow(dead_code, reason = "the build writes, the program reads"))]
impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Null => self.head(NULL, node.span),
            Value::Scalar(scalar) => self.scalar(scalar, node.span),
            Value::Seq(nodes) => {
                self.head(SEQ, node.span);
                self.count(nodes.len());
                nodes.iter().for_each(|node| self.node(node));
            }
            Value::Map(entries) => {
                self.head(MAP, node.span);
                self.count(entries.len());
                entries.iter().flat_map(|(key, value)| [key, value]).for_each(|node| self.node(node));
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span) {
        let stands_in = |from, to| self.text.get(from..to) == Some(&*scalar.text);
        if scalar.plain && stands_in(span.start, span.end) {
            return self.head(PLAIN, span);
        }
        if !scalar.plain && span.end > span.start && stands_in(span.start + 1, span.end - 1) {
            return self.head(QUOTED, span);
        }
        self.head(if scalar.plain { OWN_PLAIN } else { OWN }, span);
        self.count(scalar.text.len());
        self.bytes.extend_from_slice(scalar.text.as_bytes());
    }

    fn head(&mut self, tag: u8, span: Span) {
        self.bytes.push(tag);
        // An alias's nodes stand before it: differences may be negative, and wrap.
        let (start, line) = (small(span.start), small(span.line));
        self.number(start.wrapping_sub(self.start));
        self.number(small(span.end).wrapping_sub(start));
        self.number(line.wrapping_sub(self.line));
        self.number(small(span.column));
        (self.start, self.line) = (start, line);
    }

    fn count(&mut self, count: usize) {
        self.number(small(count));
    }

    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

struct Reader {
    text: &'static str,
    bytes: &'static [u8],
    /// Where the node before this one starts.
    start: u32,
    line: u32,
}

impl Reader {
    fn node(&mut self) -> Node {
        let tag = self.byte();
        let span = self.span();
        let value = match tag {
            NULL => Value::Null,
            PLAIN => scalar(&self.text[span.start..span.end], true),
            QUOTED => scalar(&self.text[span.start + 1..span.end - 1], false),
            OWN | OWN_PLAIN => scalar(self.own_text(), tag == OWN_PLAIN),
            SEQ => Value::Seq((0..self.count()).map(|_| self.node()).collect()),
            MAP => Value::Map((0..self.count()).map(|_| (self.node(), self.node())).collect()),
            _ => unreachable!("no node has the tag {tag}"),
        };
        Node { span, value }
    }

    fn span(&mut self) -> Span {
        self.start = self.start.wrapping_add(self.number());
        let end = self.start.wrapping_add(self.number());
        self.line = self.line.wrapping_add(self.number());
        let column = self.number();
        Span {
            start: self.start as usize,
            end: end as usize,
            line: self.line as usize,
            column: column as usize,
        }
    }

    fn count(&mut self) -> usize {
        self.number() as usize
    }

    fn own_text(&mut self) -> &'static str {
        let length = self.count();
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        str::from_utf8(text).expect("a text was written")
    }

    fn number(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.bytes.split_first().expect("a whole node was written");
        self.bytes = rest;
        *byte
    }
}

/// Files are far smaller than what 32 bits count.
fn small(number: usize) -> u32 {
    u32::try_from(number).expect("the reader of YAML refuses files so large")
}

fn scalar(text: &'static str, plain: bool) -> Value {
    Value::Scalar(Scalar { text: Cow::Borrowed(text), plain })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::yaml;

    fn kept(text: &str) {
        let documents = yaml::parse("a.yml", text, &Faults::new());
        let bytes = write(text, &documents).leak();
        assert_eq!(read(text.to_owned().leak(), bytes), documents, "{text:?}");
    }

    #[test]
    fn trees_come_back_as_they_were() {
        for text in [
            "",
            "a: 0xc000006d\nü: [007, yes, 'it''s', 'plain', \"x\\n\"]\nn: ~\ne:\nl:\n  - k: |\n      two\n      lines\n",
            "a: >-\n  folded\n  text\nb: !!str 7\nc: one\n  two\nd: ''\n",
            "a: &x [1, {b: 'ü'}]\nc: *x\nd: 1\n",
            "\u{feff}---\r\na: 1\r\n---\r\nb: 2\r\n...\r\n",
        ] {
            kept(text);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_tree_comes_back(text in "[-a:{}\\[\\]&*!|>'\"%#? \t\r\n\u{feff}ü,]{0,60}") {
            kept(&text);
        }
    }
}
