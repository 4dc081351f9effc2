//! The detection part of the Sigma specification (2.x): named selections and a condition over them.
//!
//! What follows from the specification, and what it leaves open:
//! - texts are compared without regard to case, regular expressions with it; `cased` and `re|i` turn that round;
//! - a value is compared as the text the record holds: `EventID: 4625` is the text `4625`;
//! - a field with several values fits when any of them does; a missing field fits nothing but `null` and
//!   `exists: false`, and so it does fit what is negated (`neq`, `not`);
//! - `null` means: missing, or empty in all its values, since logs do not tell these apart; `''` means: there, and empty;
//! - a keyword may stand anywhere in any text of the record, those of `System` included;
//! - `windash` lets each dash before a word stand for any other, one by one;
//! - `neq` with several values means: none of them;
//! - `gt` and its kin compare numbers, decimal or `0x` on either side; other values do not fit;
//! - `cidr` also reads addresses with a port, and IPv4 addresses written as IPv6;
//! - a regular expression may match anywhere, in the first [`MAX_REGEX_INPUT`] bytes of a value.

mod condition;
mod encoding;
mod item;
mod modifier;
mod pattern;
mod residue;
mod test;

pub use condition::{
    Condition, ConditionError, ConditionProblem, Group, MAX_CONDITION_DEPTH, Quantifier, Reference,
};
pub use item::{MAX_REGEX_CACHE, MAX_REGEX_PROGRAM};
pub use test::MAX_REGEX_INPUT;

pub(crate) use pattern::{fold, folded_equal};
pub(crate) use residue::{Known, Questions, Residue};
pub(crate) use test::{Matcher, Test};

use crate::fault::{Fault, listed, suggest};
use crate::record::Record;
use crate::yaml::{Node, Reader, Value};

/// A compiled detection: it cannot be wrong any more, and matching does not look at YAML.
#[derive(Clone, Debug)]
pub struct Detection {
    selections: Vec<(String, Test)>,
    condition: Condition,
    plan: Plan,
}

/// The condition with selections by their number.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    Selection(usize),
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
        let (condition, plan) = read_condition(node, entries, &names, reader)?;
        let selections: Vec<(String, Test)> =
            selections.into_iter().filter_map(|(name, test)| test.map(|test| (name, test))).collect();
        sound.then_some(Detection { selections, condition, plan })
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

    /// The names of the selections, in the order written.
    pub fn selection_names(&self) -> impl Iterator<Item = &str> {
        self.selections.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the selection `name` fits the record; `None` where there is no such selection.
    #[must_use]
    pub fn selection_holds(&self, name: &str, record: &dyn Record) -> Option<bool> {
        self.selections.iter().find(|(own, _)| own == name).map(|(_, test)| test.holds(record))
    }

    /// The condition as written.
    #[must_use]
    pub fn condition(&self) -> &Condition {
        &self.condition
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

fn read_condition(
    detection: &Node,
    entries: &[(Node, Node)],
    names: &[&str],
    reader: Reader<'_>,
) -> Option<(Condition, Plan)> {
    let Some(node) = detection.get("condition").filter(|node| !node.one_or_many().is_empty()) else {
        let at = entries.first().map_or(detection.span, |(key, _)| key.span);
        let fault = Fault::error("rule::missing-key", "the key `condition` is required");
        reader.report(at, fault.label("no `condition` beside the selections"));
        return None;
    };
    let read = |node: &Node| {
        let condition = parse_condition(node, reader)?;
        let plan = plan(&condition, names, node, reader);
        Some((condition, plan?))
    };
    // A list of conditions is their alternative; all of them are read, so that all faults show.
    let parts: Vec<Option<(Condition, Plan)>> = node.one_or_many().iter().map(read).collect();
    let (mut conditions, mut plans): (Vec<_>, Vec<_>) =
        parts.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
    if conditions.len() == 1 {
        return conditions.pop().zip(plans.pop());
    }
    Some((Condition::Any(conditions), Plan::Any(plans)))
}

fn parse_condition(node: &Node, reader: Reader<'_>) -> Option<Condition> {
    let text = reader.text(node)?;
    let error = match Condition::parse(text) {
        Ok(condition) => return Some(condition),
        Err(error) => error,
    };
    let unsupported = matches!(error.problem, ConditionProblem::Aggregation | ConditionProblem::Count(_));
    let code = if unsupported { "sigma::unsupported" } else { "sigma::condition" };
    let label = if unsupported { "not supported" } else { "here" };
    let fault = Fault::error(code, error.to_string()).label(label).help(error.problem.help());
    reader.report(node.span.part(text, error.range), fault);
    None
}

/// Resolves the names of a condition; reports those that no selection has.
fn plan(condition: &Condition, names: &[&str], node: &Node, reader: Reader<'_>) -> Option<Plan> {
    let parts = |parts: &[Condition]| {
        // All parts are looked at before giving up, so that all faults show.
        let plans: Vec<Option<Plan>> = parts.iter().map(|part| plan(part, names, node, reader)).collect();
        plans.into_iter().collect::<Option<Vec<Plan>>>()
    };
    match condition {
        Condition::Any(inner) => parts(inner).map(Plan::Any),
        Condition::All(inner) => parts(inner).map(Plan::All),
        Condition::Not(inner) => plan(inner, names, node, reader).map(|plan| Plan::Not(Box::new(plan))),
        Condition::Name(name) => match names.iter().position(|own| own == name) {
            Some(index) => Some(Plan::Selection(index)),
            None => {
                unknown_selection(name, names, node, reader);
                None
            }
        },
        Condition::Of(quantifier, group) => {
            let members = (0..names.len()).filter(|&index| group.holds(names[index]));
            let members: Vec<Plan> = members.map(Plan::Selection).collect();
            if members.is_empty() {
                empty_group(group, names, node, reader);
                return None;
            }
            Some(match quantifier {
                Quantifier::One => Plan::Any(members),
                Quantifier::All => Plan::All(members),
            })
        }
    }
}

fn unknown_selection(name: &str, names: &[&str], node: &Node, reader: Reader<'_>) {
    let message = format!("the condition names `{name}`, which this rule does not define");
    let fault = Fault::error("sigma::unknown-selection", message).label("no selection has this name");
    reader.report(word_span(name, node), fault.help(suggest(name, names, &defined(names))));
}

fn empty_group(group: &Group, names: &[&str], node: &Node, reader: Reader<'_>) {
    let word = match group {
        Group::Them => "them",
        Group::Named(pattern) => pattern,
    };
    let message = format!("no selection of this rule belongs to `{word}`");
    let fault = Fault::error("sigma::unknown-selection", message).label("stands for nothing");
    reader.report(word_span(word, node), fault.help(defined(names)));
}

fn defined(names: &[&str]) -> String {
    if names.is_empty() {
        "this rule defines none".to_owned()
    } else {
        format!("this rule defines {}", listed(names))
    }
}

/// Where the whole word `word` first stands in a condition.
fn word_span(word: &str, node: &Node) -> crate::yaml::Span {
    let text = node.as_text().unwrap_or_default();
    let is_edge = |char: Option<char>| char.is_none_or(|char| char.is_whitespace() || "()|".contains(char));
    let found = text.match_indices(word).find(|(at, _)| {
        is_edge(text[..*at].chars().next_back()) && is_edge(text[at + word.len()..].chars().next())
    });
    found.map_or(node.span, |(at, _)| node.span.part(text, at..at + word.len()))
}

#[cfg(test)]
pub(crate) mod tests;
