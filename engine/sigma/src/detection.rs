//! A compiled detection: named selections and a condition over them, as in the Sigma specification (2.x).
//!
//! What follows from the specification, and what it leaves open:
//! - texts are compared without regard to case, regular expressions with it; `cased` and `re|i` turn that round;
//! - a value is compared as the text the record contains: `EventID: 4625` is the text `4625`;
//! - a field with several values fits when any of them does; a missing field fits nothing but `null` and
//!   `exists: false`, and so it does fit what is negated (`neq`, `not`);
//! - `null` means: missing, or empty in all its values, since logs do not tell these apart; `''` means: there, and empty;
//! - a keyword may be anywhere in any text of the record, those of `System` included;
//! - `windash` lets each dash before a word stand for any other, one by one;
//! - `neq` with several values means: none of them;
//! - `gt` and its kin compare numbers, decimal or `0x` on either side; other values do not fit;
//! - `cidr` also reads addresses with a port, and IPv4 addresses written as IPv6;
//! - a regular expression may match anywhere, in the first 64 KiB of a value.

use rdpwhy_yaml::{Fault, Node, Reader, Value};

use crate::item;
use crate::plan::{self, Plan};
use crate::record::Record;
use crate::test::Test;

/// A compiled detection: it cannot be wrong any more, and matching does not look at YAML.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Detection {
    selections: Vec<(String, Test)>,
    plan: Plan,
}

impl Detection {
    /// Compiles the map under `detection:`; reports every fault, and gives `None` where there is an error.
    #[must_use]
    pub fn read(node: &Node, reader: Reader<'_>) -> Option<Detection> {
        let Some(entries) = node.as_map() else {
            reader.wrong_kind(node, "a map of selections with a `condition`");
            return None;
        };
        let mut selections = Vec::new();
        let mut sound = true;
        for (key, value) in entries.iter().filter(|(key, _)| key.as_text() != Some("condition")) {
            let name = key.as_text().unwrap_or_default();
            match read_selection(key, value, reader) {
                Some(test) => selections.push((name.to_owned(), Some(test))),
                None => {
                    sound = false;
                    // The name still counts as defined, or the condition would be blamed for this selection.
                    selections.extend((name != "timeframe").then(|| (name.to_owned(), None)));
                }
            }
        }
        let names: Vec<&str> = selections.iter().map(|(name, _)| name.as_str()).collect();
        let plan = plan::read(node, entries, &names, reader)?;
        let selections: Vec<(String, Test)> =
            selections.into_iter().filter_map(|(name, test)| test.map(|test| (name, test))).collect();
        sound.then_some(Detection { selections, plan })
    }

    /// Whether the record fits the condition.
    #[must_use]
    pub fn is_match(&self, record: &dyn Record) -> bool {
        self.holds(&self.plan, record)
    }

    /// The names of all selections that fit the record, in the order written, where it fits the condition.
    ///
    /// Selections that the condition does not mention are among them: they can serve to tell matches apart.
    #[must_use]
    pub fn matches(&self, record: &dyn Record) -> Option<Vec<&str>> {
        if !self.is_match(record) {
            return None;
        }
        let fitting = self.selections.iter().filter(|(_, test)| test.holds(record));
        Some(fitting.map(|(name, _)| name.as_str()).collect())
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn selection(&self, index: usize) -> &Test {
        &self.selections[index].1
    }

    fn holds(&self, plan: &Plan, record: &dyn Record) -> bool {
        match plan {
            Plan::All(parts) => parts.iter().all(|part| self.holds(part, record)),
            Plan::Any(parts) => parts.iter().any(|part| self.holds(part, record)),
            Plan::Not(part) => !self.holds(part, record),
            Plan::Selection(index) => self.selections[*index].1.holds(record),
        }
    }
}

fn read_selection(key: &Node, value: &Node, reader: Reader<'_>) -> Option<Test> {
    if key.as_text() == Some("timeframe") {
        let fault =
            Fault::error("sigma::unsupported", "`timeframe` is not supported: signals look at single events");
        let help = "count in the relation of a cause: `at least N times within D`";
        reader.report(key.span, fault.label("not supported").help(help));
        return None;
    }
    selection(value, reader)
}

/// A selection: a map, a list of maps and keywords, or one keyword.
fn selection(node: &Node, reader: Reader<'_>) -> Option<Test> {
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            let items: Vec<Option<Test>> =
                entries.iter().map(|(key, value)| item::read(key, value, reader)).collect();
            items.into_iter().collect::<Option<Vec<Test>>>().map(Test::all)
        }
        Value::Seq(nodes) if !nodes.is_empty() => {
            let parts: Vec<Option<Test>> = nodes.iter().map(|node| alternative(node, reader)).collect();
            parts.into_iter().collect::<Option<Vec<Test>>>().map(Test::any)
        }
        Value::Scalar(_) => item::keyword(node, reader),
        Value::Map(_) | Value::Seq(_) | Value::Null => {
            let fault =
                Fault::error("sigma::empty-selection", "a selection must name at least one field or keyword");
            reader.report(node.span, fault.label("nothing to look for"));
            None
        }
    }
}

fn alternative(node: &Node, reader: Reader<'_>) -> Option<Test> {
    match &node.value {
        Value::Map(_) | Value::Scalar(_) => selection(node, reader),
        _ => {
            reader.wrong_kind(node, "a map of fields or a keyword");
            None
        }
    }
}

#[cfg(test)]
mod tests;
