//! The plain reading of a detection straight from its YAML: slow, and obvious.

use rdpwhy_yaml::{Node, Value};

use crate::condition::{Condition, Group, Quantifier};
use crate::strategy::Fields;

pub(super) fn detection(node: &Node, record: &Fields) -> bool {
    let condition = node.get("condition").unwrap().as_text().unwrap();
    condition_holds(&Condition::parse(condition).unwrap(), node, record)
}

fn condition_holds(condition: &Condition, node: &Node, record: &Fields) -> bool {
    let holds = |part: &Condition| condition_holds(part, node, record);
    match condition {
        Condition::Any(parts) => parts.iter().any(holds),
        Condition::All(parts) => parts.iter().all(holds),
        Condition::Not(part) => !holds(part),
        Condition::Name(name) => selection(node.get(name).unwrap(), record),
        Condition::Of(quantifier, group) => {
            let named = node.as_map().unwrap().iter().filter(|(key, _)| {
                let name = key.as_text().unwrap();
                name != "condition"
                    && match group {
                        Group::Them => !name.starts_with('_'),
                        Group::Named(pattern) => name.starts_with(pattern.trim_end_matches('*')),
                    }
            });
            let found: Vec<bool> = named.map(|(_, value)| selection(value, record)).collect();
            match quantifier {
                Quantifier::One => found.contains(&true),
                Quantifier::All => !found.contains(&false),
            }
        }
    }
}

fn selection(node: &Node, record: &Fields) -> bool {
    match &node.value {
        Value::Map(entries) => entries.iter().all(|(key, value)| item(key.as_text().unwrap(), value, record)),
        Value::Seq(nodes) => nodes.iter().any(|node| selection(node, record)),
        Value::Scalar(word) => {
            let values: Vec<&String> = record.0.values().flatten().collect();
            values.iter().any(|value| wild(&format!("*{}*", word.text), value))
        }
        Value::Null => false,
    }
}

fn item(key: &str, value: &Node, record: &Fields) -> bool {
    let mut parts = key.split('|');
    let field = record.0.get(parts.next().unwrap()).cloned().unwrap_or_default();
    let modifiers: Vec<&str> = parts.collect();
    let one = |wanted: &Node| {
        let Some(text) = wanted.as_text() else { return field.iter().all(String::is_empty) };
        field.iter().any(|value| compare(&modifiers, text, value))
    };
    let wanted = value.as_seq().unwrap_or(std::slice::from_ref(value));
    let found = if modifiers.contains(&"all") { wanted.iter().all(one) } else { wanted.iter().any(one) };
    found != modifiers.contains(&"neq")
}

fn compare(modifiers: &[&str], wanted: &str, value: &str) -> bool {
    let numbers = || Some((value.parse::<i64>().ok()?, wanted.parse::<i64>().ok()?));
    match *modifiers {
        ["contains", ..] => wild(&format!("*{wanted}*"), value),
        ["startswith", ..] => wild(&format!("{wanted}*"), value),
        ["endswith", ..] => wild(&format!("*{wanted}"), value),
        ["gt", ..] => numbers().is_some_and(|(value, wanted)| value > wanted),
        ["lte", ..] => numbers().is_some_and(|(value, wanted)| value <= wanted),
        _ => wild(wanted, value),
    }
}

/// Wildcards by recursion over characters; no escapes.
pub(super) fn wild(pattern: &str, value: &str) -> bool {
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    fn walk(pattern: &[char], value: &[char]) -> bool {
        match (pattern, value) {
            ([], []) => true,
            (['*', rest @ ..], _) => walk(rest, value) || (!value.is_empty() && walk(pattern, &value[1..])),
            (['?', rest @ ..], [_, tail @ ..]) => walk(rest, tail),
            ([a, rest @ ..], [b, tail @ ..]) if a == b => walk(rest, tail),
            _ => false,
        }
    }
    walk(&lower(pattern), &lower(value))
}
