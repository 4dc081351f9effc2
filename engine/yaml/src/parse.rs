//! Text to a tree of nodes; nothing that input controls grows without bound.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Marker, Options, Parser, ScalarStyle, Tag};

use crate::fault::Fault;
use crate::faults::Faults;
use crate::node::{Node, Scalar, Value};
use crate::span::Span;

/// Bytes of one rule file that are read at most; larger files are refused.
pub(crate) const MAX_FILE_BYTES: usize = 4 << 20;
/// Levels of lists and maps inside each other that are accepted, aliases expanded.
pub(crate) const MAX_DEPTH: usize = 64;
/// Nodes of one file that are accepted, aliases expanded.
pub(crate) const MAX_NODES: usize = 200_000;

/// Reads all documents of one file.
///
/// `file` is the name that faults carry; the text is kept in `faults` so that they can show the line. Reading goes
/// on behind faults that leave the structure readable (a key given twice: the first one counts); behind a syntax
/// error it stops, and the documents that were whole by then come back. An empty file has no documents.
///
/// # Example
/// ```
/// let faults = rdpwhy_yaml::Faults::new();
/// let documents = rdpwhy_yaml::parse("rule.yml", "code: 0xc000006d\n", &faults);
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
    // A stop has been reported where it happened; what was whole before it counts.
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

    /// Whether a key may be in a map that has keys in `lines`; reports where not.
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
        let help = format!("it is already in line {line}");
        self.report(fault.help(help), key.span, "the second time");
        false
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Node, Stopped> {
        let Some(target) = self.anchors.get(&anchor) else {
            let fault = Fault::error("yaml::alias", "an alias is inside the node that it repeats");
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
            Fault::error("yaml::too-many-nodes", format!("the file contains more than {MAX_NODES} values"));
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
mod tests;
