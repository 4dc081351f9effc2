//! YAML as a tree of nodes with their places, scalars kept as written.
//!
//! Rules say `0xc000006d`, `007` and `yes` and mean those characters; so nothing here turns a scalar into a
//! number or a truth value unless the reader of the node asks for it.

mod reader;

pub use reader::{MapReader, Reader};

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Marker, Options, Parser, ScalarStyle, Tag};

use crate::fault::{Fault, Faults};

/// Bytes of one rule file that are read at most; larger files are refused.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// Levels of lists and maps inside each other that are accepted, aliases expanded.
pub const MAX_DEPTH: usize = 64;
/// Nodes of one file that are accepted, aliases expanded.
pub const MAX_NODES: usize = 200_000;

/// A place in a file: bytes `start..end`, and where `start` lies (line and column from 1, column in characters).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

/// A value of a YAML document with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the value stands; for an alias, where the alias stands (its children: where they were defined).
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null` without quotes.
    Null,
    /// A text, number or truth value, as written.
    Scalar(Scalar),
    /// A list, in the order written.
    Seq(Vec<Node>),
    /// A map, in the order written; keys are scalars and differ from each other.
    Map(Vec<(Node, Node)>),
}

/// A scalar as written: quotes and escapes resolved, nothing else changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text; borrowed where it stands in a file that is built into the program.
    pub text: Cow<'static, str>,
    /// Written without quotes and not as a block (`|`, `>`): only such text can be meant as a number.
    pub plain: bool,
}

impl Span {
    /// The part `range` (bytes) of a scalar whose text is `text` and which stands at this span.
    ///
    /// The whole span where the text does not stand in the file letter by letter (escapes, blocks, several lines).
    #[must_use]
    pub fn part(self, text: &str, range: Range<usize>) -> Span {
        let quote = match (self.end - self.start).checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return self,
        };
        if range.end > text.len() || !text.is_char_boundary(range.start) || text.contains('\n') {
            return self;
        }
        let column = self.column + quote + text[..range.start].chars().count();
        Span { start: self.start + quote + range.start, end: self.start + quote + range.end, column, ..self }
    }
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// `true` or `false` without quotes (in any of YAML's three spellings).
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A whole number without quotes, decimal or `0x` hexadecimal, with an optional sign.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        integer(self.as_plain()?)
    }

    /// A finite number without quotes; whole numbers as [`Node::as_i64`] reads them, else decimal with `.` and `e`.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        if let Some(whole) = self.as_i64() {
            return Some(whole as f64);
        }
        let text = self.as_plain()?;
        let numeric = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        text.parse::<f64>().ok().filter(|number| numeric && number.is_finite())
    }

    /// The elements of a list.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Seq(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a map's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// The elements of a list, nothing for null, else the node itself: for values that may be one or many.
    #[must_use]
    pub fn one_or_many(&self) -> &[Node] {
        match &self.value {
            Value::Null => &[],
            Value::Seq(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether the node is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What the node is, in words for a fault: `nothing`, `a text`, `a list`, `a map`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) if self.as_f64().is_some() => "a number",
            Value::Scalar(_) => "a text",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    fn as_plain(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if scalar.plain => Some(&scalar.text),
            _ => None,
        }
    }

    /// Levels of the tree below and with this node.
    fn height(&self) -> usize {
        1 + match &self.value {
            Value::Seq(nodes) => nodes.iter().map(Node::height).max().unwrap_or(0),
            Value::Map(entries) => entries.iter().map(|(_, value)| value.height()).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn count(&self) -> usize {
        1 + match &self.value {
            Value::Seq(nodes) => nodes.iter().map(Node::count).sum::<usize>(),
            Value::Map(entries) => entries.iter().map(|(_, value)| 1 + value.count()).sum(),
            _ => 0,
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = hex.map_or((digits, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// Reads all documents of one file.
///
/// `file` is the name that faults carry; the text is kept in `faults` so that they can show the line. Reading goes
/// on behind faults that leave the structure readable (a key given twice: the first one counts); behind a syntax
/// error it stops, and the documents that were whole by then come back. An empty file has no documents.
///
/// # Example
/// ```
/// use rdpwhy_rules::{fault::Faults, yaml};
/// let faults = Faults::new();
/// let documents = yaml::parse("rule.yml", "code: 0xc000006d\n", &faults);
/// assert_eq!(documents[0].get("code").and_then(|code| code.as_text()), Some("0xc000006d"));
/// assert!(faults.is_empty());
/// ```
pub fn parse(file: &str, text: &str, faults: &Faults) -> Vec<Node> {
    faults.remember(file, text);
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file has {} bytes; rule files may have {MAX_FILE_BYTES}", text.len());
        faults.push(Fault::error("yaml::too-large", message).file(file));
        return Vec::new();
    }
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(file, text, faults, options);
    let mut documents = Vec::new();
    // A stop has been reported where it happened; what was whole before it stands.
    while let Ok(Some(document)) = builder.document() {
        documents.push(document);
    }
    documents
}

/// The reading stopped; the fault is already reported.
struct Stopped;

struct Builder<'a> {
    file: &'a str,
    faults: &'a Faults,
    text: &'a str,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn new(file: &'a str, text: &'a str, faults: &'a Faults, options: Options) -> Self {
        let parser = Parser::new_from_str_with_options(text, options);
        Builder { file, faults, text, parser, anchors: HashMap::new(), nodes: 0 }
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Stopped> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => Ok(Some((event, place(span.start, span.end)))),
            Some(Err(error)) => {
                let at = self.visible(place(*error.marker(), *error.marker()));
                let fault = Fault::error("yaml::syntax", "the file is not readable as YAML");
                Err(self.stop(fault, at, &error.info()))
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Stopped> {
        let mut document = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) => self.anchors.clear(),
                Event::DocumentEnd => return Ok(document),
                event => {
                    if let Some(node) = self.node(event, span, 1)? {
                        document = Some(node);
                    }
                }
            }
        }
        Ok(None)
    }

    /// The node that starts with `event`; `None` for events that start none.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Option<Node>, Stopped> {
        if depth > MAX_DEPTH {
            let fault =
                Fault::error("yaml::too-deep", format!("more than {MAX_DEPTH} levels inside each other"));
            return Err(self.stop(fault, span, "too deep from here"));
        }
        self.spend(1, span)?;
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, self.scalar(&text, style, tag.as_deref(), span))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.sequence(span, depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), span);
                (anchor, self.mapping(span, depth)?)
            }
            Event::Alias(anchor) => return self.alias(anchor, span, depth).map(Some),
            _ => return Ok(None),
        };
        if anchor != 0 {
            self.spend(node.count(), span)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(Some(node))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Node {
        let text_tag = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
        if !text_tag {
            self.refuse_tag(tag, span);
        }
        let plain = style == ScalarStyle::Plain && !text_tag;
        let null = plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let value = if null {
            Value::Null
        } else {
            Value::Scalar(Scalar { text: Cow::Owned(text.to_owned()), plain })
        };
        Node { span, value }
    }

    fn sequence(&mut self, span: Span, depth: usize) -> Result<Node, Stopped> {
        let mut nodes = Vec::new();
        let mut end = span.end;
        while let Some((event, at)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                end = end.max(self.last_byte(at));
                break;
            }
            if let Some(node) = self.node(event, at, depth + 1)? {
                end = end.max(node.span.end);
                nodes.push(node);
            }
        }
        Ok(Node { span: Span { end, ..span }, value: Value::Seq(nodes) })
    }

    fn mapping(&mut self, span: Span, depth: usize) -> Result<Node, Stopped> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        let mut end = span.end;
        let mut key: Option<Node> = None;
        while let Some((event, at)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                end = end.max(self.last_byte(at));
                break;
            }
            let Some(node) = self.node(event, at, depth + 1)? else { continue };
            end = end.max(node.span.end);
            match key.take() {
                None => key = Some(node),
                Some(name) if self.accept_key(&name, &mut lines) => entries.push((name, node)),
                Some(_) => {}
            }
        }
        Ok(Node { span: Span { end, ..span }, value: Value::Map(entries) })
    }

    /// Whether a key may stand in a map that has keys in `lines`; reports where not.
    fn accept_key(&self, key: &Node, lines: &mut HashMap<String, usize>) -> bool {
        let Some(name) = key.as_text() else {
            let message = format!("a key must be a text, but {} stands here", key.kind());
            self.report(Fault::error("yaml::key", message), key.span, "not a text");
            return false;
        };
        if name == "<<" {
            let fault = Fault::error("yaml::merge-key", "the merge key `<<` is not supported");
            self.report(fault.help("write the keys out"), key.span, "merges another map");
            return false;
        }
        let Some(line) = lines.insert(name.to_owned(), key.span.line) else { return true };
        let fault = Fault::error("yaml::duplicate-key", format!("the key `{name}` is given twice"));
        let help = format!("it already stands in line {line}");
        self.report(fault.help(help), key.span, "the second time");
        false
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Node, Stopped> {
        let Some(target) = self.anchors.get(&anchor) else {
            let fault = Fault::error("yaml::alias", "an alias stands inside the node it repeats");
            return Err(self.stop(fault, span, "repeats what is not finished yet"));
        };
        let (height, count) = (target.height(), target.count());
        if depth + height > MAX_DEPTH + 1 {
            let fault =
                Fault::error("yaml::too-deep", format!("more than {MAX_DEPTH} levels inside each other"));
            return Err(self.stop(fault, span, "too deep with what this repeats"));
        }
        self.spend(count, span)?;
        let target = &self.anchors[&anchor];
        Ok(Node { span, value: target.value.clone() })
    }

    fn spend(&mut self, count: usize, span: Span) -> Result<(), Stopped> {
        self.nodes += count;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let fault =
            Fault::error("yaml::too-many-nodes", format!("the file holds more than {MAX_NODES} values"));
        Err(self.stop(fault, span, "reading stops here"))
    }

    fn refuse_tag(&self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag {
            let fault = Fault::error("yaml::tag", format!("the tag `{}` is not supported", tag.original()));
            self.report(fault, span, "tagged");
        }
    }

    fn report(&self, fault: Fault, span: Span, label: &str) {
        self.faults.push(fault.file(self.file).span(span).label(label));
    }

    fn stop(&self, fault: Fault, span: Span, label: &str) -> Stopped {
        self.report(fault, span, label);
        Stopped
    }

    /// Where the bracket that ends a flow collection ends; 0 for a block, whose end is that of its last child.
    fn last_byte(&self, end: Span) -> usize {
        match self.text.get(end.start..end.end) {
            Some("]" | "}") => end.end,
            _ => 0,
        }
    }

    /// The end of the file has nothing to show; point at the end of the last line that has.
    fn visible(&self, span: Span) -> Span {
        let shown = self.text.trim_end();
        if span.start < shown.len() {
            return span;
        }
        let line_start = shown.rfind('\n').map_or(0, |newline| newline + 1);
        Span {
            start: shown.len(),
            end: shown.len(),
            line: shown.matches('\n').count() + 1,
            column: shown[line_start..].chars().count() + 1,
        }
    }
}

fn place(start: Marker, end: Marker) -> Span {
    let first = start.byte_offset().unwrap_or(0);
    let last = end.byte_offset().unwrap_or(first).max(first);
    Span { start: first, end: last, line: start.line().max(1), column: start.col() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Node>, Faults) {
        let faults = Faults::new();
        let documents = parse("a.yml", text, &faults);
        (documents, faults)
    }

    /// Every scalar as `text@line:column` with the bytes at its span.
    fn places(node: &Node, source: &str, out: &mut Vec<String>) {
        match &node.value {
            Value::Seq(nodes) => nodes.iter().for_each(|node| places(node, source, out)),
            Value::Map(entries) => entries.iter().for_each(|(key, value)| {
                places(key, source, out);
                places(value, source, out);
            }),
            _ => {
                let Span { start, end, line, column } = node.span;
                out.push(format!("{line}:{column} {:?}", &source[start..end]));
            }
        }
    }

    #[test]
    fn scalars_keep_their_text_and_place() {
        let text = "a: 0xc000006d\nü: [007, yes, 1e3, 'it''s', \"x\\n\"]\nn: ~\ne:\nl:\n  - k: |\n      two\n      lines\n";
        let (documents, faults) = read(text);
        assert!(faults.is_empty(), "{}", faults.render(false));
        let mut out = Vec::new();
        places(&documents[0], text, &mut out);
        insta::assert_snapshot!(out.join("\n"), @r#"
        1:1 "a"
        1:4 "0xc000006d"
        2:1 "ü"
        2:5 "007"
        2:10 "yes"
        2:15 "1e3"
        2:20 "'it''s'"
        2:29 "\"x\\n\""
        3:1 "n"
        3:4 "~"
        4:1 "e"
        4:2 ""
        5:1 "l"
        6:5 "k"
        7:7 "two\n      lines\n"
        "#);
        let list: Vec<_> =
            documents[0].get("ü").unwrap().as_seq().unwrap().iter().map(|n| n.as_text().unwrap()).collect();
        assert_eq!(list, ["007", "yes", "1e3", "it's", "x\n"]);
    }

    #[test]
    fn several_documents_and_windows_line_ends() {
        let (documents, faults) = read("\u{feff}---\r\na: 1\r\n---\r\nb: 2\r\n...\r\n");
        assert!(faults.is_empty(), "{}", faults.render(false));
        assert_eq!(documents.len(), 2);
        let b = documents[1].get("b").unwrap();
        assert_eq!((b.as_i64(), b.span.line, b.span.column), (Some(2), 4, 4));
    }

    #[test]
    fn numbers_are_read_on_request() {
        let (documents, _) = read("[0x10, -5, 1.5, '7', yes, true, 0x, .inf, 1_0, 2e2]");
        let nodes = documents[0].as_seq().unwrap();
        let whole: Vec<_> = nodes.iter().map(Node::as_i64).collect();
        assert_eq!(whole, [Some(16), Some(-5), None, None, None, None, None, None, None, None]);
        let numbers: Vec<_> = nodes.iter().map(Node::as_f64).collect();
        assert_eq!(
            numbers,
            [Some(16.0), Some(-5.0), Some(1.5), None, None, None, None, None, None, Some(200.0)]
        );
        assert_eq!(nodes[5].as_bool(), Some(true));
    }

    #[test]
    fn faults_of_the_text_have_their_place() {
        let (_, faults) = read("a: 1\nb: !mine 2\na: 3\n? [x]\n: 4\n<<: {c: 1}\n");
        insta::assert_snapshot!(faults.render(false), @r"
        error[yaml::tag]: the tag `!mine` is not supported
         --> a.yml:2:10
          |
        2 | b: !mine 2
          |          ^ tagged

        error[yaml::duplicate-key]: the key `a` is given twice
         --> a.yml:3:1
          |
        3 | a: 3
          | ^ the second time
          |
          = help: it already stands in line 1

        error[yaml::key]: a key must be a text, but a list stands here
         --> a.yml:4:3
          |
        4 | ? [x]
          |   ^^^ not a text

        error[yaml::merge-key]: the merge key `<<` is not supported
         --> a.yml:6:1
          |
        6 | <<: {c: 1}
          | ^^ merges another map
          |
          = help: write the keys out
        ");
        let (_, faults) = read("a:\n\tb: 1\n");
        insta::assert_snapshot!(faults.render(false), @r"
        error[yaml::syntax]: the file is not readable as YAML
         --> a.yml:2:2
          |
        2 |     b: 1
          |     ^ tabs disallowed within this context (block indentation)
        ");
        let (_, faults) = read("a: [1, 2\n\n\n");
        insta::assert_snapshot!(faults.render(false), @r"
        error[yaml::syntax]: the file is not readable as YAML
         --> a.yml:1:4
          |
        1 | a: [1, 2
          |    ^ unclosed bracket '['
        ");
    }

    #[test]
    fn aliases_repeat_a_node_and_are_bounded() {
        let (documents, faults) = read("a: &x [1, 2]\nb: *x\n");
        assert!(faults.is_empty());
        assert_eq!(documents[0].get("b").unwrap().as_seq().unwrap().len(), 2);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let below = level - 1;
            bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 10].join(", "));
        }
        let (documents, faults) = read(&bomb);
        assert!(documents.is_empty());
        assert_eq!(faults.sorted()[0].code, "yaml::too-many-nodes");
        let (documents, faults) = read(&("[".repeat(70) + &"]".repeat(70)));
        assert!(documents.is_empty());
        assert_eq!(faults.len(), 1);
        let mut deep = "a0: &a0 [x]\n".to_owned();
        for level in 1..100 {
            deep += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        assert_eq!(read(&deep).1.sorted()[0].code, "yaml::too-deep");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[-a:{}\\[\\]&*!|>'\"%#? \t\r\n\u{feff}ü,]{0,60}") {
            let (documents, faults) = read(&text);
            let _ = faults.render(false);
            for document in &documents {
                places(document, &text, &mut Vec::new());
            }
        }
    }
}
