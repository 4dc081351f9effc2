//! Which values of records name people, machines and domains.

use crate::SignalId;
use crate::fault::Faults;
use crate::ladder::RoleField;
use crate::load::{known, owned};
use crate::yaml::{MapReader, Node};
use std::collections::BTreeMap;

/// The fields whose values name somebody or something, and the names that name nobody.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    /// Fields that name users.
    pub users: Vec<RoleField>,
    /// Fields that name machines.
    pub machines: Vec<RoleField>,
    /// Fields that name domains.
    pub domains: Vec<RoleField>,
    /// Names that belong to nobody, with `*` for any letters.
    pub keep: Vec<String>,
}

pub(crate) fn identities(
    path: &str,
    root: &Node,
    signals: &BTreeMap<String, SignalId>,
    faults: &Faults,
) -> Identities {
    let mut map = MapReader::new(root, faults, path);
    let mut fields =
        |key| map.list(key).iter().filter_map(|node| field(node, signals, faults, path)).collect();
    let (users, machines, domains) = (fields("user"), fields("machine"), fields("domain"));
    let keep = map.texts("keep").into_iter().map(str::to_owned).collect();
    map.finish();
    Identities { users, machines, domains, keep }
}

/// A field by its name, or the field of records of some signals only.
fn field(
    node: &Node,
    signals: &BTreeMap<String, SignalId>,
    faults: &Faults,
    path: &str,
) -> Option<RoleField> {
    if let Some(field) = node.as_text() {
        return Some(RoleField { field: field.to_owned(), signals: Vec::new() });
    }
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let field = owned(map.required_text("field"));
    let signals: Vec<SignalId> =
        map.list("signals").iter().filter_map(|node| known(node, reader, signals, "signal")).collect();
    map.finish();
    (!signals.is_empty()).then_some(RoleField { field, signals })
}
