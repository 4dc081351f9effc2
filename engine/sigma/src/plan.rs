//! The condition with its selections resolved.

use rdpwhy_yaml::{Fault, Node, Reader, Span, listed, suggest};

use crate::condition::{Condition, ConditionProblem, Group, Quantifier};

/// The condition with selections by their number.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum Plan {
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    Selection(usize),
}

/// Reads the condition of a detection whose selections have these names; a list of conditions is their alternative.
pub(crate) fn read(
    detection: &Node,
    entries: &[(Node, Node)],
    names: &[&str],
    reader: Reader<'_>,
) -> Option<Plan> {
    let Some(node) = detection.get("condition").filter(|node| !node.one_or_many().is_empty()) else {
        let at = entries.first().map_or(detection.span, |(key, _)| key.span);
        let fault = Fault::error("rule::missing-key", "the key `condition` is required");
        reader.report(at, fault.label("no `condition` beside the selections"));
        return None;
    };
    let one = |node: &Node| {
        let condition = parse_condition(node, reader)?;
        plan(&condition, names, node, reader)
    };
    // A list of conditions is their alternative; all of them are read, so that all faults show.
    let parts: Vec<Option<Plan>> = node.one_or_many().iter().map(one).collect();
    let mut plans = parts.into_iter().collect::<Option<Vec<Plan>>>()?;
    if plans.len() == 1 { plans.pop() } else { Some(Plan::Any(plans)) }
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

/// Where the whole word `word` first occurs in a condition.
fn word_span(word: &str, node: &Node) -> Span {
    let text = node.as_text().unwrap_or_default();
    let is_edge = |char: Option<char>| char.is_none_or(|char| char.is_whitespace() || "()|".contains(char));
    let found = text.match_indices(word).find(|(at, _)| {
        is_edge(text[..*at].chars().next_back()) && is_edge(text[at + word.len()..].chars().next())
    });
    found.map_or(node.span, |(at, _)| node.span.part(text, at..at + word.len()))
}
