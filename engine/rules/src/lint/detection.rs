//! What a signal asks for: without exact `Provider_Name` and `EventID` it matches nothing, or everything.

use rdpwhy_yaml::{Fault, Node, Span};

use crate::written::Rule;

/// The keys by which records are found before they are decoded.
const NEEDED: [&str; 2] = ["Provider_Name", "EventID"];

/// Reports keys of the detection in another case, which match nothing, and those that are missing.
pub(super) fn lint(rule: &Rule<'_>) {
    let Some(detection) = rule.root.get("detection") else { return };
    let mut keys: Vec<(&str, Span)> = Vec::new();
    gather(detection, &mut keys);
    let report = |span: Span, fault: Fault| rule.faults.push(fault.file(rule.path).span(span));
    for needed in NEEDED {
        let alike = |key: &str| {
            key.eq_ignore_ascii_case(needed) || key.eq_ignore_ascii_case(&needed.replace('_', ""))
        };
        let (right, wrong): (Vec<_>, Vec<_>) =
            keys.iter().filter(|(key, _)| alike(key)).partition(|(key, _)| *key == needed);
        for (key, span) in &wrong {
            let fault = Fault::error("signal::key-case", format!("`{key}` is not a field of any record"));
            report(*span, fault.label("matches nothing").help(format!("did you mean `{needed}`?")));
        }
        if right.is_empty() && wrong.is_empty() {
            let fault =
                Fault::error("signal::missing-key", format!("the signal does not ask for `{needed}`"));
            let help = format!(
                "add `{needed}` with exact values to a selection; the XML view of Event Viewer shows it"
            );
            report(detection.span, fault.help(help));
        }
    }
}

/// The keys of all selections, without their modifiers.
fn gather<'n>(node: &'n Node, keys: &mut Vec<(&'n str, Span)>) {
    node.as_seq().unwrap_or_default().iter().for_each(|node| gather(node, keys));
    for (key, value) in node.as_map().unwrap_or_default() {
        if let Some(text) = key.as_text() {
            keys.push((text.split('|').next().unwrap_or(text), key.span));
        }
        gather(value, keys);
    }
}
