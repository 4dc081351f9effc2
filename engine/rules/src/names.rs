//! The names that rules may refer to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rdpwhy_yaml::{Fault, MapReader, Node, Reader, nearest};

use crate::id::{CauseId, FamilyId, SignalId, StageId, StepId};

/// What the names in rules stand for.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) signals: BTreeMap<String, SignalId>,
    /// Those that something has named.
    pub(crate) named: RefCell<BTreeSet<SignalId>>,
    pub(crate) causes: BTreeMap<String, CauseId>,
    pub(crate) steps: BTreeMap<String, StepId>,
    /// In climbing order.
    pub(crate) stages: Vec<(String, StageId)>,
    /// Families of causes.
    pub(crate) families: Vec<(String, FamilyId)>,
    /// Words for likelihood ratios.
    pub(crate) strengths: Vec<(String, f64)>,
}

impl Names {
    /// The signal that the node names; reports where there is none.
    pub(crate) fn signal(&self, node: &Node, reader: Reader<'_>) -> Option<SignalId> {
        let name = reader.text(node)?;
        let found = self.find_signal(name);
        if found.is_none() {
            reader.report(node.span, unknown("signal", name, &self.signals));
        }
        found
    }

    /// The signal of that name.
    pub(crate) fn find_signal(&self, name: &str) -> Option<SignalId> {
        let found = self.signals.get(name).copied();
        self.named.borrow_mut().extend(found);
        found
    }

    /// All signals that these nodes name.
    pub(crate) fn signals(&self, nodes: &[Node], reader: Reader<'_>) -> Vec<SignalId> {
        nodes.iter().filter_map(|node| self.signal(node, reader)).collect()
    }

    /// The cause that the node names; reports where there is none.
    pub(crate) fn cause(&self, node: &Node, reader: Reader<'_>) -> Option<CauseId> {
        known(node, reader, &self.causes, "cause")
    }

    /// All causes that these nodes name.
    pub(crate) fn causes(&self, nodes: &[Node], reader: Reader<'_>) -> Vec<CauseId> {
        nodes.iter().filter_map(|node| self.cause(node, reader)).collect()
    }

    /// The step that the node names; reports where there is none.
    pub(crate) fn step(&self, node: &Node, reader: Reader<'_>) -> Option<StepId> {
        known(node, reader, &self.steps, "step")
    }

    /// The stage that the node names; reports where there is none.
    pub(crate) fn stage(&self, node: &Node, reader: Reader<'_>) -> Option<StageId> {
        let legal: Vec<(&str, StageId)> = self.stages.iter().map(|(name, id)| (name.as_str(), *id)).collect();
        reader.choice(node, &legal)
    }

    /// The family that the node names; reports where there is none.
    pub(crate) fn family(&self, node: &Node, reader: Reader<'_>) -> Option<FamilyId> {
        let legal: Vec<(&str, FamilyId)> =
            self.families.iter().map(|(name, id)| (name.as_str(), *id)).collect();
        reader.choice(node, &legal)
    }

    /// The stage of a key that must be there; the first one where it is missing.
    pub(crate) fn required_stage(&self, map: &mut MapReader<'_>, key: &'static str) -> StageId {
        let reader = map.reader();
        map.required(key).and_then(|node| self.stage(node, reader)).unwrap_or(StageId::FIRST)
    }

    /// All stages that these nodes name.
    pub(crate) fn stages(&self, nodes: &[Node], reader: Reader<'_>) -> Vec<StageId> {
        nodes.iter().filter_map(|node| self.stage(node, reader)).collect()
    }
}

/// The fault of a name that nothing has.
pub(crate) fn unknown<T>(what: &str, name: &str, known: &BTreeMap<String, T>) -> Fault {
    let near = nearest(name, &known.keys().map(String::as_str).collect::<Vec<_>>());
    let fault = Fault::error("rule::unknown-name", format!("there is no {what} `{name}`"))
        .label(format!("no {what} has this name"));
    match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("there are {} of them; `rdpwhy rules list` lists all", known.len())),
    }
}

fn known<T: Copy>(node: &Node, reader: Reader<'_>, names: &BTreeMap<String, T>, what: &str) -> Option<T> {
    let name = reader.text(node)?;
    let found = names.get(name).copied();
    if found.is_none() {
        reader.report(node.span, unknown(what, name, names));
    }
    found
}
