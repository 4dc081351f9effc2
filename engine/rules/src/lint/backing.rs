//! What rules rest on: references that lead somewhere, evidence that can be named, and records that somebody has seen.

use std::collections::BTreeSet;

use rdpwhy_yaml::{Fault, Node, nearest};

use crate::kind::Kind;
use crate::kinds::sources::{is_address, split};
use crate::written::{Rule, Written, is_blank, items};

/// The keys whose values are references, wherever they are.
const REFERENCES: [&str; 4] = ["references", "sources", "seen", "source"];

/// Warns of references to sources that nobody lists.
pub(super) fn references(written: &Written<'_>) {
    let sources = written.of(Kind::Sources).flat_map(|rule| items(&rule.root, "sources"));
    let known: Vec<&str> = sources.filter_map(|source| source.get("id")?.as_text()).collect();
    for rule in written.rules.iter().filter(|rule| rule.kind != Kind::Sources && rule.kind != Kind::Foreign) {
        below(rule, &rule.root, &known);
    }
}

fn below(rule: &Rule<'_>, node: &Node, known: &[&str]) {
    for item in node.as_seq().unwrap_or_default() {
        below(rule, item, known);
    }
    for (key, value) in node.as_map().unwrap_or_default() {
        // The `source` of a table of codes is prose; its references have a key of their own.
        let is_prose = rule.kind == Kind::Codes && key.as_text() == Some("source");
        if key.as_text().is_some_and(|key| REFERENCES.contains(&key)) && !is_prose {
            value.one_or_many().iter().for_each(|one| resolve(rule, one, known));
        }
        below(rule, value, known);
    }
}

fn resolve(rule: &Rule<'_>, node: &Node, known: &[&str]) {
    // In the ladder, `sources` of strangers is a number, and roles have a `source` as well.
    let Some(text) = node.as_text().filter(|_| rule.kind != Kind::Ladder || node.as_f64().is_none()) else {
        return;
    };
    let id = split(text).0;
    if is_address(text) || known.contains(&id) {
        return;
    }
    let fault = Fault::warning("rule::unknown-source", format!("the source `{id}` is not listed"))
        .label("leads nowhere");
    rule.warn(
        node.span,
        match nearest(id, known) {
            Some(near) => fault
                .help(format!("did you mean `{near}`? Otherwise list it in sources.yml, or give an address")),
            None => fault.help("list it in sources.yml, with title and publisher, or give an address"),
        },
    );
}

/// Warns of evidence that has no ID of its own, or that of another piece.
pub(super) fn ids(rule: &Rule<'_>) {
    let mut seen = BTreeSet::new();
    for piece in ["evidence", "against"].into_iter().flat_map(|key| items(&rule.root, key)) {
        let Some(node) = piece.get("id") else {
            let fault = Fault::warning("cause::evidence-id", "this evidence has no `id`");
            rule.warn(
                piece.span,
                fault.help("add `id`, unique in this cause: reports and scripts name the evidence by it"),
            );
            continue;
        };
        if !seen.insert(node.as_text().unwrap_or_default()) {
            let fault =
                Fault::error("cause::same-id", "another piece of evidence of this cause has the same ID");
            rule.warn(node.span, fault.help("give each piece an ID of its own"));
        }
    }
}

/// Warns of evidence that weighs much although nobody has seen such a record.
pub(super) fn unseen(written: &Written<'_>) {
    let most =
        written.of(Kind::Ladder).next().and_then(|rule| rule.root.get("ranking")?.get("unseen")?.as_f64());
    let Some(most) = most else { return };
    let is_unseen = |rule: &&Rule<'_>| {
        rule.root.get("status").and_then(Node::as_text) == Some("experimental")
            && is_blank(&rule.root, "seen")
    };
    let unseen: BTreeSet<&str> = written.of(Kind::Signal).filter(is_unseen).map(|rule| rule.name()).collect();
    for rule in written.of(Kind::Cause) {
        for piece in ["evidence", "against"].into_iter().flat_map(|key| items(&rule.root, key)) {
            weight(rule, piece, written, (&unseen, most));
        }
    }
}

fn weight(rule: &Rule<'_>, piece: &Node, written: &Written<'_>, (unseen, most): (&BTreeSet<&str>, f64)) {
    let named = |key: &str| -> Vec<&str> { items(piece, key).iter().filter_map(Node::as_text).collect() };
    let (signals, absent) = (named("signal"), named("absent"));
    let first = signals.iter().find(|name| unseen.contains(*name));
    let all = |names: &[&str]| !names.is_empty() && names.iter().all(|name| unseen.contains(name));
    let too_much = |key: &str| written.ratio(piece, key).is_some_and(|ratio| ratio > most);
    let what = match first {
        Some(name) if too_much("strength") => Some(("strength", *name)),
        _ if all(&absent) && too_much("strength") => Some(("strength", absent[0])),
        _ if all(&signals) && too_much("if_absent") => Some(("if_absent", signals[0])),
        _ => None,
    };
    let Some((key, name)) = what else { return };
    let Some(node) = piece.get(key) else { return };
    let message =
        format!("`{name}` is experimental: nobody has seen such a record, so it weighs at most {most}");
    let fault = Fault::warning("cause::unseen", message).label("too much for it");
    let mut help =
        format!("use {most} or less, or say in `seen` of the signal where such a record has been seen");
    if key == "strength" && signals.len() > 1 && signals.iter().any(|name| !unseen.contains(name)) {
        help += &format!(
            "; or give `{name}` a piece of evidence of its own, so that the others keep this strength"
        );
    }
    rule.warn(node.span, fault.help(help));
}
