//! Notices: findings beside the causes.

use rdpwhy_yaml::{Node, Reader};

use crate::field::{self, owned};
use crate::finding::{Finding, FindingShape, finding, lint_absence, lint_relation};
use crate::names::Names;
use crate::shape::{Name, Text, shape, value_shape, words};
use crate::word::word_enum;
use crate::written::{Rule, Written, items};

/// A finding beside the causes.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How much it matters.
    pub severity: Severity,
    /// All must hold.
    pub when: Vec<Finding>,
    /// The sentence of the report; `{Field}` of the first record, `{count}`.
    pub text: String,
    /// What it means for the diagnosis, and what to do.
    pub so: String,
}

word_enum! {
    /// How much a notice matters, the gravest last.
    pub enum Severity {
        /// Good to know.
        Info = "info",
        /// The diagnosis is less sure because of it, or something else is wrong.
        Warning = "warning",
        /// Somebody may be attacking, or has got in.
        Security = "security",
    }
}

/// The notice of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names) -> Option<Notice> {
    let mut map = reader.map(root);
    let id = field::id(&mut map);
    let title = owned(map.required_text("title"));
    let severity = map.required_choice("severity", Severity::CHOICES).unwrap_or(Severity::Info);
    let mut when = Vec::new();
    for node in map.list("when") {
        let mut inner = reader.map(node);
        let found = finding(&mut inner, names);
        inner.finish();
        when.extend(found.map(|(_, finding)| finding));
    }
    let text = owned(map.required_text("text"));
    let so = owned(map.text("so"));
    map.finish();
    Some(Notice { id: id?, title, severity, when, text, so })
}

/// Warns of findings that can never be made.
pub(crate) fn lint(rule: &Rule<'_>, written: &Written<'_>) {
    for piece in items(&rule.root, "when") {
        lint_relation(rule, piece);
        lint_absence(rule, piece, "absent", written);
    }
}

value_shape!(
    /// How much it matters.
    SeverityWord = words(Severity::WORDS)
);

shape! {
    /// A finding beside the causes: rules/notices/ID.yml.
    #[schemars(title = "Notice")]
    pub(crate) struct NoticeFile {
        /// Kebab-case id, the name of the file.
        id: Name,
        /// What it is called.
        title: Text,
        /// How much it matters.
        severity: SeverityWord,
        /// All must hold.
        #[schemars(length(min = 1))]
        when: Vec<FindingShape>,
        /// The sentence of the report; {Field} of the first record, {count}.
        text: Text,
        /// What it means for the diagnosis, and what to do.
        so: Option<Text>,
    }
}
