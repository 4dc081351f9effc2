//! Rules as written, for lints: they also speak where a rule is faulty.

use rdpwhy_yaml::{Fault, Faults, Node, Span};

use crate::kind::{Kind, stem};
use crate::kinds::logsources::LogSources;

/// A rule file with its node.
pub(crate) struct Rule<'a> {
    pub(crate) kind: Kind,
    pub(crate) path: &'a str,
    pub(crate) root: Node,
    pub(crate) faults: &'a Faults,
}

impl Rule<'_> {
    /// The name of its file.
    pub(crate) fn name(&self) -> &str {
        stem(self.path)
    }

    /// Adds a warning at a place of this file.
    pub(crate) fn warn(&self, span: Span, fault: Fault) {
        self.faults.push(fault.file(self.path).span(span));
    }

    /// Adds a warning where the rule says its name; at the start of the file where it does not.
    pub(crate) fn warn_all(&self, fault: Fault) {
        self.warn(self.name_span(), fault);
    }

    /// Where the rule says its name; the start of the file where it does not.
    pub(crate) fn name_span(&self) -> Span {
        let name = self.root.get("id").or_else(|| self.root.get("name"));
        name.map_or(Span { line: 1, column: 1, ..self.root.span }, |node| node.span)
    }
}

/// All rules as written.
pub(crate) struct Written<'a> {
    pub(crate) rules: Vec<Rule<'a>>,
    pub(crate) sources: LogSources,
}

impl<'a> Written<'a> {
    /// The rules of one kind.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Rule<'a>> {
        self.rules.iter().filter(move |rule| rule.kind == kind)
    }

    /// The number of a strength, given as such or in the ladder's words.
    pub(crate) fn ratio(&self, piece: &Node, key: &str) -> Option<f64> {
        let text = piece.get(key)?.as_text()?;
        let ladder = self.of(Kind::Ladder).next();
        let word = ladder.and_then(|rule| rule.root.get("ranking")?.get("strengths")?.get(text)?.as_f64());
        word.or_else(|| text.parse().ok())
    }

    /// Whether a signal of that name stands in no channel that is known.
    pub(crate) fn has_no_channel(&self, signal: &str) -> bool {
        let rule = self.of(Kind::Signal).find(|rule| rule.name() == signal);
        rule.is_some_and(|rule| {
            let service = rule.root.get("logsource").and_then(|source| source.get("service")?.as_text());
            service.and_then(|service| self.sources.channels(service)).is_none_or(<[String]>::is_empty)
        })
    }
}

/// The elements of a key, or its one value.
pub(crate) fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map_or(&[], Node::one_or_many)
}

/// The texts of a key.
pub(crate) fn texts<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n str> {
    items(node, key).iter().filter_map(Node::as_text)
}

/// Whether a key is missing or says nothing.
pub(crate) fn is_blank(node: &Node, key: &str) -> bool {
    match node.get(key) {
        None => true,
        Some(value) => match value.as_text() {
            Some(text) => text.trim().is_empty(),
            None => value.one_or_many().is_empty(),
        },
    }
}
