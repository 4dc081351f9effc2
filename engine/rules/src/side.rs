//! The machines of a connection.

/// From where an attempt was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The machine connected to.
    Host,
    /// The machine that connects.
    Client,
    /// The machine in between.
    Gateway,
}

impl Side {
    /// All of them with the words of rule files.
    pub(crate) const ALL: [(&'static str, Side); 3] =
        [("host", Side::Host), ("client", Side::Client), ("gateway", Side::Gateway)];

    /// The word in rules and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Host => "host",
            Side::Client => "client",
            Side::Gateway => "gateway",
        }
    }
}
