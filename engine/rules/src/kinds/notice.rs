//! Notices: findings beside the causes.

use rdpwhy_yaml::{Node, Reader};

use crate::field::{self, owned};
use crate::finding::{Finding, finding, lint_absence, lint_relation};
use crate::names::Names;
use crate::written::{Rule, Written, items};

/// A finding beside the causes.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Kebab-case id, the name of its file.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// `info`, `warning` or `security`.
    pub severity: String,
    /// All must hold.
    pub when: Vec<Finding>,
    /// The sentence of the report; `{Field}` of the first record, `{count}`.
    pub text: String,
    /// What it means for the diagnosis, and what to do.
    pub so: String,
}

/// The notice of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names) -> Option<Notice> {
    let mut map = reader.map(root);
    let id = field::id(&mut map);
    let severities = [("info", "info"), ("warning", "warning"), ("security", "security")];
    let title = owned(map.required_text("title"));
    let severity = map.required_choice("severity", &severities).unwrap_or("info").to_owned();
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
