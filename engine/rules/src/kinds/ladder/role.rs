//! Which fields of records tell which attribute of a connection.

use rdpwhy_event::Marks;
use rdpwhy_yaml::{MapReader, Node, Reader};

use crate::field::owned;
use crate::id::SignalId;
use crate::names::Names;
use crate::shape::{Name, Text, shape};

/// What a record may tell of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// Client address, perhaps with a port.
    Address,
    /// User name.
    User,
    /// Number of the session.
    Session,
    /// Name of the connection.
    Connection,
    /// What the client was told to connect to.
    Target,
    /// Why the client disconnected.
    Code,
    /// The address that the client went to.
    Server,
    /// The domain of the user, or the machine that holds a local account.
    Domain,
}

impl Role {
    /// All of them with the words of the rule file, in index order.
    pub const ALL: [(&'static str, Role); 8] = [
        ("address", Role::Address),
        ("user", Role::User),
        ("session", Role::Session),
        ("connection", Role::Connection),
        ("target", Role::Target),
        ("code", Role::Code),
        ("server", Role::Server),
        ("domain", Role::Domain),
    ];
}

/// A field that tells an attribute.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct RoleField {
    /// Name of the field.
    pub field: String,
    /// Only in records of these signals; any if empty.
    pub signals: Vec<SignalId>,
}

impl RoleField {
    /// Whether it tells anything in records with these marks.
    pub fn is_meant(&self, marks: &Marks) -> bool {
        self.signals.is_empty() || SignalId::of_marks(marks).any(|signal| self.signals.contains(&signal))
    }
}

impl RoleField {
    /// A field by its name, or the field of records of some signals only.
    pub(crate) fn load(node: &Node, reader: Reader<'_>, names: &Names) -> RoleField {
        if let Some(field) = node.as_text() {
            return RoleField { field: field.to_owned(), signals: Vec::new() };
        }
        let mut map = reader.map(node);
        let field = owned(map.required_text("field"));
        let signals = names.signals(map.list("signals"), reader);
        map.finish();
        RoleField { field, signals }
    }
}

/// The fields of each role, in index order.
pub(super) fn load(map: &mut MapReader<'_>, names: &Names) -> Vec<Vec<RoleField>> {
    let reader = map.reader();
    let mut roles = vec![Vec::new(); Role::ALL.len()];
    let Some(node) = map.required("roles") else { return roles };
    let mut inner = reader.map(node);
    for (word, role) in Role::ALL {
        let fields = inner.list(word).iter().map(|node| RoleField::load(node, reader, names));
        roles[role as usize].extend(fields);
    }
    inner.finish();
    roles
}

/// A field by its name, or the field of records of some signals only.
#[derive(schemars::JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "the schema is made of it, and nothing else")]
pub(crate) enum RoleFieldShape {
    Everywhere(String),
    OfSignals(OfSignalsShape),
}

shape! {
    /// Only in records of these signals.
    pub(crate) struct OfSignalsShape {
        /// Field name.
        field: Text,
        signals: Vec<Name>,
    }
}

shape! {
    /// Which field tells which attribute; the first one that is there counts.
    pub(super) struct RolesShape {
        /// The client's address.
        address: Option<Vec<RoleFieldShape>>,
        /// The user.
        user: Option<Vec<RoleFieldShape>>,
        /// Number of the session.
        session: Option<Vec<RoleFieldShape>>,
        /// Name of the connection.
        connection: Option<Vec<RoleFieldShape>>,
        /// What the client was told to connect to.
        target: Option<Vec<RoleFieldShape>>,
        /// Why the client disconnected.
        code: Option<Vec<RoleFieldShape>>,
        /// The address that the client went to.
        server: Option<Vec<RoleFieldShape>>,
        /// The domain of the user, or the machine that holds a local account.
        domain: Option<Vec<RoleFieldShape>>,
    }
}
