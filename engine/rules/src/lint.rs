//! What is legal in rules and yet useless: signals that nothing uses, evidence that can never count, missing advice.
//!
//! Only what is certain is said. It looks at the rules as written, so that it also speaks where a rule is faulty.

mod backing;
mod detection;

use std::collections::BTreeSet;

use rdpwhy_yaml::{Fault, Faults, Node, Reader};

use crate::file::RuleFile;
use crate::files::{Files, Source};
use crate::finding::signals_of;
use crate::kind::Kind;
use crate::kinds::logsources::LogSources;
use crate::kinds::{cause, notice, step};
use crate::written::{Rule, Written, items};

/// Adds a warning for everything useless in the rules, as [`Pack::load`](crate::Pack::load) would take them.
///
/// `proved` holds the causes that some ticket proves; `None` where no tickets are at hand.
pub fn lint(base: &[RuleFile], added: &[RuleFile], proved: Option<&BTreeSet<String>>, faults: &Faults) {
    let written = written(&Files::new(base.iter().chain(added).map(Source::from)), faults);
    unused_signals(&written);
    unused_steps(&written);
    unfinished(&written);
    written.of(Kind::Signal).for_each(detection::lint);
    backing::references(&written);
    backing::unseen(&written);
    written.of(Kind::Cause).for_each(backing::ids);
    written.of(Kind::Step).for_each(step::lint);
    written.of(Kind::Cause).for_each(|rule| cause::lint(rule, &written, proved));
    written.of(Kind::Notice).for_each(|rule| notice::lint(rule, &written));
}

/// The rules as written. Faults of reading are reported by loading.
fn written<'a>(files: &Files<'a>, faults: &'a Faults) -> Written<'a> {
    let unheard = Faults::new();
    let mut sources = LogSources::default();
    let mut rules = Vec::new();
    for (kind, file) in files.all() {
        let documents = rdpwhy_yaml::parse(file.path, file.text, &unheard);
        if kind == Kind::LogSources {
            sources = LogSources::of(&documents, Reader::new(file.path, &unheard));
        }
        faults.remember(file.path, file.text);
        let root = documents.into_iter().next();
        rules.extend(root.map(|root| Rule { kind, path: file.path, root, faults }));
    }
    Written { rules, sources }
}

fn unused_signals(written: &Written<'_>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for rule in written.of(Kind::Cause).chain(written.of(Kind::Notice)) {
        for key in ["evidence", "against", "when"] {
            items(&rule.root, key).iter().for_each(|piece| signals_of(piece, &mut used));
        }
    }
    for rule in written.of(Kind::Ladder) {
        all_texts(&rule.root, &mut used);
    }
    for rule in written.of(Kind::Signal).filter(|rule| !used.contains(rule.name())) {
        let fault = Fault::warning("signal::unused", "no cause, notice or ladder uses this signal");
        let fault = fault.label("used nowhere").help("name it in the evidence of a cause, or remove it");
        rule.warn_all(fault);
    }
}

fn unused_steps(written: &Written<'_>) {
    let fixes = written.of(Kind::Cause).flat_map(|rule| {
        let variants = items(&rule.root, "variants").iter().flat_map(|variant| items(variant, "first"));
        items(&rule.root, "fix").iter().chain(variants)
    });
    let used: BTreeSet<&str> = fixes.filter_map(|fix| fix.get("step")?.as_text()).collect();
    for rule in written.of(Kind::Step).filter(|rule| !used.contains(rule.name())) {
        let fault = Fault::warning("step::unused", "no cause has this step in its `fix`");
        rule.warn_all(fault.label("used nowhere").help("add it to a cause, or remove it"));
    }
}

fn all_texts(node: &Node, found: &mut BTreeSet<String>) {
    found.extend(node.as_text().map(str::to_owned));
    node.as_seq().unwrap_or(&[]).iter().for_each(|node| all_texts(node, found));
    node.as_map().unwrap_or(&[]).iter().for_each(|(_, node)| all_texts(node, found));
}

/// What a template leaves for the author begins with this.
const UNFINISHED: &str = "TODO";

/// Reports texts of a template that nobody has replaced.
fn unfinished(written: &Written<'_>) {
    fn below(rule: &Rule<'_>, node: &Node) {
        if let Some(text) = node.as_text()
            && let Some(at) = text.find(UNFINISHED)
        {
            let fault = Fault::error("rule::unfinished", "this text of the template has not been replaced");
            let fault = fault.label("still to be written").help("replace it, or remove the key");
            let span = node.span.part(text, at..at + UNFINISHED.len());
            rule.faults.push(fault.file(rule.path).span(span));
        }
        node.as_seq().unwrap_or_default().iter().for_each(|node| below(rule, node));
        node.as_map().unwrap_or_default().iter().for_each(|(_, node)| below(rule, node));
    }
    written.rules.iter().filter(|rule| rule.kind != Kind::Foreign).for_each(|rule| below(rule, &rule.root));
}
