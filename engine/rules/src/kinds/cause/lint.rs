//! What is legal in a cause and yet useless or incomplete.

use std::collections::{BTreeMap, BTreeSet};

use rdpwhy_yaml::{Fault, Node};

use crate::finding::{lint_absence, lint_relation, shown};
use crate::kind::Kind;
use crate::phrase::{Anchor, parse_relation};
use crate::written::{Rule, Written, is_blank, items};

/// Warns of advice that is missing and evidence that can never count.
///
/// `proved` holds the causes that some ticket proves; `None` where no tickets are at hand.
pub(crate) fn lint(rule: &Rule<'_>, written: &Written<'_>, proved: Option<&BTreeSet<String>>) {
    for (key, code, message) in [
        ("evidence", "cause::no-evidence", "the cause has no evidence"),
        ("fix", "cause::no-fix", "the cause does not say what to do"),
        ("collect", "cause::no-collect", "the cause does not say which logs to get next"),
        ("references", "cause::no-references", "the cause does not say where its knowledge comes from"),
    ] {
        if is_blank(&rule.root, key) {
            rule.warn_all(Fault::warning(code, message).help(format!("add `{key}`")));
        }
    }
    for fix in
        items(&rule.root, "fix").iter().filter(|fix| fix.as_map().is_some() && fix.get("helps").is_none())
    {
        let fault = Fault::warning(
            "cause::helps",
            "the cause does not say how likely this step alone ends the fault",
        );
        rule.warn(fix.span, fault.help("add `helps`, a probability; 0 for a check"));
    }
    order(rule, written);
    variants(rule);
    if proved.is_some_and(|proved| !proved.contains(rule.name())) {
        let fault = Fault::warning("cause::no-ticket", "no ticket proves that this cause is found");
        rule.warn_all(fault.help("write a ticket with `expect: { first: … }`"));
    }
    for (key, supports) in [("evidence", true), ("against", false)] {
        lint_evidence(rule, key, supports, written);
    }
}

/// Warns of a variant that can never show: nothing among the evidence looks at its records.
fn variants(rule: &Rule<'_>) {
    let evidence = ["evidence", "against"].into_iter().flat_map(|key| items(&rule.root, key));
    let looked_at: BTreeSet<&str> =
        evidence.flat_map(|piece| items(piece, "signal")).filter_map(Node::as_text).collect();
    for variant in items(&rule.root, "variants") {
        for node in items(variant, "signal") {
            if node.as_text().is_some_and(|name| !looked_at.contains(name)) {
                let fault =
                    Fault::warning("cause::variant", "no evidence of this cause looks at this signal");
                rule.warn(node.span, fault.help("add the evidence, or remove the signal from the variant"));
            }
        }
    }
}

/// Warns of a read-only step behind one that changes something.
fn order(rule: &Rule<'_>, written: &Written<'_>) {
    let is_read_only = |name: &str| {
        let step = written.of(Kind::Step).find(|step| step.name() == name)?;
        Some(step.root.get("cost")?.as_text()? == "read-only")
    };
    let mut changed = false;
    for node in items(&rule.root, "fix").iter().filter_map(|fix| fix.get("step")) {
        match node.as_text().and_then(is_read_only) {
            Some(true) if changed => {
                let fault =
                    Fault::warning("cause::order", "a read-only step comes after one that changes something");
                rule.warn(node.span, fault.help("move it up: look first, then change"));
            }
            Some(false) => changed = true,
            _ => {}
        }
    }
}

/// What speaks for a cause stands in a relation in time to the failures.
fn lint_time(rule: &Rule<'_>, piece: &Node) {
    let relation = piece.get("relation");
    let Some(text) = piece.get("signal").and(relation).and_then(Node::as_text) else { return };
    let Ok(found) = parse_relation(text) else { return };
    if let (Anchor::AnyTime, Some(node)) = (found.anchor, relation) {
        let message = "a record of any time counts for the cause, however far from the failures it is";
        let fault = Fault::warning("cause::any-time", message).label("this names no time");
        rule.warn(
            node.span,
            fault.help("begin with `within … of the failures` or `within … before a failure`"),
        );
    }
}

fn lint_evidence(rule: &Rule<'_>, key: &str, supports: bool, written: &Written<'_>) {
    let mut seen: BTreeMap<String, (f64, usize)> = BTreeMap::new();
    for piece in items(&rule.root, key) {
        lint_relation(rule, piece);
        if supports {
            lint_time(rule, piece);
        }
        lint_absence(rule, piece, "absent", written);
        let ratio = written.ratio(piece, "strength");
        let if_absent = written.ratio(piece, "if_absent");
        if if_absent.is_some() {
            lint_absence(rule, piece, "signal", written);
        }
        if let Some(node) = piece.get("strength")
            && ratio == Some(1.0)
            && if_absent.is_none_or(|ratio| ratio == 1.0)
        {
            let fault = Fault::warning(
                "cause::no-weight",
                "this evidence can never count: a ratio of 1 moves nothing",
            );
            rule.warn(node.span, fault.label("as likely with the cause as without it"));
        }
        let (Some(group), Some(ratio)) = (piece.get("group").and_then(Node::as_text), ratio) else {
            continue;
        };
        let looked_at = format!("{group}|{supports}|{}", shown(piece));
        match seen.get(&looked_at) {
            Some((stronger, line)) if *stronger >= ratio && if_absent.is_none() => {
                let message = format!(
                    "this evidence can never count: of the group `{group}` only the strongest counts"
                );
                let fault = Fault::warning("cause::outdone", message);
                let help = format!("the evidence in line {line} looks at the same and is as strong");
                rule.warn(piece.span, fault.help(help));
            }
            _ => {
                seen.insert(looked_at, (ratio, piece.span.line));
            }
        }
    }
}
