//! What the names in patterns stand for at one point of a ticket.

use std::collections::BTreeMap;

use crate::ForgeError;
use crate::evtx::hash128;
use crate::node::Node;
use crate::pattern;
use crate::ticket::Machine;

/// Parameters of an event or of a scene's step, on top of those around it.
pub(crate) struct Scope<'a> {
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) parent: Option<&'a Scope<'a>>,
    pub(crate) machine: &'a Machine,
}

impl Scope<'_> {
    /// The value of a name: the nearest that was given, else one that follows from what was given.
    pub(crate) fn look_up(&self, name: &str) -> Option<String> {
        self.given(name).or_else(|| match name {
            "computer" => Some(self.machine.computer.clone()),
            "hostname" => self.machine.computer.split('.').next().map(str::to_uppercase),
            "sid" => self.given("user").map(|user| sid(&user)),
            _ => None,
        })
    }

    fn given(&self, name: &str) -> Option<String> {
        match self.values.get(name) {
            Some(value) => Some(value.clone()),
            None => self.parent.and_then(|parent| parent.given(name)),
        }
    }

    /// Fills in the text of a scalar.
    pub(crate) fn fill(&self, node: &Node) -> Result<String, ForgeError> {
        pattern::expand(node.text()?, &|name| self.look_up(name))
            .map_err(|name| node.fault(format!("parameter `{name}` is needed here and was not given")))
    }
}

/// A made-up domain SID: the same for the same user, whatever the case.
pub(crate) fn sid(user: &str) -> String {
    let rid = 1100 + hash128(user.to_lowercase().as_bytes()) % 8000;
    format!("S-1-5-21-3623811015-3361044348-30300820-{rid}")
}
