//! One entry of a selection, a field with its values, made a test.

use crate::encoding::{EncodingProblem, MAX_ENCODED_DASHES, encode};
use crate::expression::Expression;
use crate::modifier::{Kind, Modifiers};
use crate::pattern::{Pattern, Placement, TextMatch};
use crate::test::{Matcher, Network, Number, Test};
use rdpwhy_yaml::{Fault, Node, Reader};

/// A keyword without a field: it may be anywhere in any value.
pub(crate) fn keyword(node: &Node, reader: Reader<'_>) -> Option<Test> {
    let text = reader.text(node)?;
    let matcher = TextMatch::new(&Pattern::parse(text), Placement::Anywhere, false);
    Some(Test::Keyword(vec![Matcher::Text(matcher)]))
}

/// `Field|modifier|…: value or values`; reports every fault of the key and the values.
pub(crate) fn read(key: &Node, value: &Node, reader: Reader<'_>) -> Option<Test> {
    let (field, mut modifiers) = Modifiers::read(key, reader)?;
    if field.is_empty() && modifiers.kind == Kind::Text && modifiers.placement == Placement::Whole {
        modifiers.placement = Placement::Anywhere;
    }
    // Null alone is a value here, so `one_or_many`, which reads it as none, does not serve.
    let nodes = value.as_seq().unwrap_or(std::slice::from_ref(value));
    if nodes.is_empty() {
        let fault = Fault::error("sigma::empty-values", "a field needs at least one value");
        reader.report(
            value.span,
            fault.label("an empty list").help("write `null` for a field that is missing"),
        );
        return None;
    }
    let item = Item { field, modifiers: &modifiers, reader };
    let tests: Vec<Option<Test>> = nodes.iter().map(|node| item.value(node)).collect();
    let tests = tests.into_iter().collect::<Option<Vec<Test>>>()?;
    let test = if modifiers.all { Test::all(tests) } else { Test::any(one_look(tests)) };
    Some(if modifiers.negated { Test::Not(Box::new(test)) } else { test })
}

/// The alternatives with all matchers of the same field in one test, so that the field is looked up once.
fn one_look(tests: Vec<Test>) -> Vec<Test> {
    let mut merged: Vec<Test> = Vec::new();
    for test in tests {
        match (merged.last_mut(), test) {
            (Some(Test::Field(_, known)), Test::Field(_, more)) => known.extend(more),
            (Some(Test::Keyword(known)), Test::Keyword(more)) => known.extend(more),
            (_, test) => merged.push(test),
        }
    }
    merged
}

struct Item<'a> {
    field: &'a str,
    modifiers: &'a Modifiers,
    reader: Reader<'a>,
}

impl Item<'_> {
    fn value(&self, node: &Node) -> Option<Test> {
        if node.is_null() {
            return self.null(node);
        }
        let text = self.reader.text(node)?;
        match self.modifiers.kind {
            Kind::Text => self.texts(node, text),
            Kind::Regex => Some(self.matching(vec![Matcher::Regex(self.regex(node, text)?)])),
            Kind::Network => match Network::parse(text) {
                Some(network) => Some(self.matching(vec![Matcher::Network(network)])),
                None => self.refuse(
                    node,
                    "sigma::network",
                    format!("`{text}` is not a network"),
                    "write 10.0.0.0/8",
                ),
            },
            Kind::Compare(comparison) => match Number::parse(text) {
                Some(number) => Some(self.matching(vec![Matcher::Compare(comparison, number)])),
                None => {
                    let message = format!("`{text}` is not a number");
                    self.refuse(
                        node,
                        "sigma::number",
                        message,
                        "write it in decimal, or with 0x in hexadecimal",
                    )
                }
            },
            Kind::Exists => {
                let exists = Test::Exists(self.field.to_owned());
                let wanted = self.reader.boolean(node)?;
                Some(if wanted { exists } else { Test::Not(Box::new(exists)) })
            }
            Kind::Field => Some(Test::SameAs {
                field: self.field.to_owned(),
                other: text.to_owned(),
                placement: self.modifiers.placement,
                cased: self.modifiers.cased,
            }),
        }
    }

    fn null(&self, node: &Node) -> Option<Test> {
        let Modifiers { kind, placement, encodings, .. } = self.modifiers;
        if *kind == Kind::Text && *placement == Placement::Whole && encodings.is_empty() {
            return Some(Test::Null(self.field.to_owned()));
        }
        let message = "`null` stands for a missing field and takes no modifier";
        self.refuse(
            node,
            "sigma::modifier-conflict",
            message,
            "write '' for an empty text, 'null' for this word",
        )
    }

    fn texts(&self, node: &Node, text: &str) -> Option<Test> {
        let Modifiers { placement, cased, .. } = *self.modifiers;
        if self.modifiers.encodings.is_empty()
            && let Some(matcher) = TextMatch::of_plain(text, placement, cased)
        {
            return Some(self.matching(vec![Matcher::Text(matcher)]));
        }
        match encode(Pattern::parse(text), &self.modifiers.encodings) {
            Ok(patterns) => {
                let matcher = |pattern| Matcher::Text(TextMatch::new(pattern, placement, cased));
                Some(self.matching(patterns.iter().map(matcher).collect()))
            }
            Err(EncodingProblem::Wildcard) => {
                let message = "a value with wildcards cannot be encoded";
                self.refuse(node, "sigma::encoding", message, "escape the wildcard: `\\*` or `\\?`")
            }
            Err(EncodingProblem::Dashes) => {
                let message = format!("a value with more than {MAX_ENCODED_DASHES} dashes cannot be encoded");
                self.refuse(node, "sigma::encoding", message, "split it into several")
            }
            Err(EncodingProblem::BytesLeft) => {
                let message = "UTF-16 bytes need `base64` or `base64offset` right after them";
                self.refuse(node, "sigma::encoding", message, "write `|wide|base64offset|contains`")
            }
        }
    }

    fn matching(&self, matchers: Vec<Matcher>) -> Test {
        if self.field.is_empty() {
            Test::Keyword(matchers)
        } else {
            Test::Field(self.field.to_owned(), matchers)
        }
    }

    fn regex(&self, node: &Node, text: &str) -> Option<Expression> {
        let message = match Expression::new(text, &self.modifiers.flags) {
            Ok(regex) => return Some(regex),
            Err(regex::Error::CompiledTooBig(limit)) => {
                let message = format!("the regular expression needs more than {limit} bytes");
                return self.refuse(node, "sigma::regex", message, "repeat less, or split it into several");
            }
            // The last line of the library's message says what is wrong, the ones before it draw a caret.
            Err(error) => error.to_string(),
        };
        let reason = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let message = format!("the regular expression cannot be read: {reason}");
        self.refuse(node, "sigma::regex", message, "the syntax is that of docs.rs/regex, without look-around")
    }

    fn refuse<T>(
        &self,
        node: &Node,
        code: &'static str,
        message: impl Into<String>,
        help: &str,
    ) -> Option<T> {
        self.reader.report(node.span, Fault::error(code, message).label("this value").help(help));
        None
    }
}
