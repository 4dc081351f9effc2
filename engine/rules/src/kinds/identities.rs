//! Which values of records name people, machines and domains.

use rdpwhy_yaml::{Node, Reader};

use super::ladder::role::RoleField;
use super::ladder::role::RoleFieldShape;
use crate::names::Names;
use crate::shape::shape;

/// The fields whose values name somebody or something, and the names that name nobody.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Identities {
    /// Fields that name users.
    pub users: Vec<RoleField>,
    /// Fields that name machines.
    pub machines: Vec<RoleField>,
    /// Fields that name domains.
    pub domains: Vec<RoleField>,
    /// Names that belong to nobody, with `*` for a number.
    pub keep: Vec<String>,
    /// Fields that hold command lines, in which passwords can stand.
    pub commands: Vec<String>,
    /// What the full names of machines end with, beside the two letters of countries.
    pub endings: Vec<String>,
}

/// The identities of a file; reports every fault of it.
pub(crate) fn load(root: &Node, reader: Reader<'_>, names: &Names) -> Identities {
    let mut map = reader.map(root);
    let mut fields = |key| map.list(key).iter().filter_map(|node| field(node, reader, names)).collect();
    let (users, machines, domains) = (fields("user"), fields("machine"), fields("domain"));
    let mut texts = |key| map.texts(key).into_iter().map(str::to_owned).collect();
    let (keep, commands, endings) = (texts("keep"), texts("command"), texts("ending"));
    map.finish();
    Identities { users, machines, domains, keep, commands, endings }
}

/// A field; none where it is meant for some signals and names none that is known.
fn field(node: &Node, reader: Reader<'_>, names: &Names) -> Option<RoleField> {
    let field = RoleField::load(node, reader, names);
    (node.as_text().is_some() || !field.signals.is_empty()).then_some(field)
}

shape! {
    /// Which values of records name people, machines and domains: rules/identities.yml.
    #[schemars(title = "Identities")]
    pub(crate) struct IdentitiesFile {
        /// Fields that name users.
        user: Option<Vec<RoleFieldShape>>,
        /// Fields that name machines.
        machine: Option<Vec<RoleFieldShape>>,
        /// Fields that name domains.
        domain: Option<Vec<RoleFieldShape>>,
        /// Names that belong to nobody, with * for a number.
        keep: Option<Vec<String>>,
        /// Fields that hold command lines, in which passwords can stand.
        command: Option<Vec<String>>,
        /// What the full names of machines end with, beside the two letters of countries.
        ending: Option<Vec<String>>,
    }
}
