//! Where a record must lie in time to count, and under which further conditions.

use std::time::Duration;

/// How many of an incident's failures must show the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Quantifier {
    /// Seen at `k` of `n` failures, the likelihood ratio is raised to the power `k / n`.
    Some,
    /// Holds in full from half of the failures on.
    Most,
    /// Holds in full only when every failure shows it.
    Every,
}

/// On which side of the moment a record may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Direction {
    /// Earlier than the moment.
    Before,
    /// Later than the moment.
    After,
    /// On either side.
    Around,
}

/// Which moment of a failed attempt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Edge {
    /// Its first record.
    Start,
    /// Its last record.
    End,
    /// From its first record to its last.
    Whole,
}

/// Where a record must lie to count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Anchor {
    /// A record of the attempt, or of its machines while it lasted.
    During(Quantifier),
    /// Within a span of a moment of the attempt.
    Within {
        /// The largest distance.
        span: Duration,
        /// On which side.
        direction: Direction,
        /// Of which moment.
        edge: Edge,
        /// At how many failures.
        of: Quantifier,
    },
    /// Any time before the attempt's start.
    Before(Quantifier),
    /// Before the incident's first failure.
    BeforeFirst {
        /// At most this long before, if given.
        within: Option<Duration>,
    },
    /// After the incident's last failure.
    AfterLast {
        /// At most this long after, if given.
        within: Option<Duration>,
    },
    /// From so long before the incident's first failure until as long after its last.
    Around {
        /// So long.
        within: Duration,
    },
    /// Anywhere in the logs.
    AnyTime,
}

/// What is counted by `at least N different …`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Distinct {
    /// Client addresses, by the ladder's roles.
    Addresses,
    /// User names, by the ladder's roles.
    Users,
    /// The values of one field.
    Field(String),
}

/// An attribute that records and attempts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Shared {
    /// The client's address.
    Address,
    /// The user's name.
    User,
    /// The session's number.
    Session,
}

/// A further condition on the records that fit the anchor. `S` names a signal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Clause<S> {
    /// None of these between the record and the failure: the state still holds.
    WithNo(Vec<S>),
    /// Another signal after (or before) the record.
    Neighbour {
        /// Must it be there, or must it be missing?
        present: bool,
        /// After the record, or before it?
        after: bool,
        /// The other signal.
        signal: S,
        /// The largest distance.
        within: Duration,
        /// A field that must be equal in both.
        same: Option<String>,
    },
    /// The record's attribute equals the attempt's.
    Same(Shared),
    /// Enough of them.
    AtLeast {
        /// How many.
        count: u32,
        /// Different values of this, instead of records.
        different: Option<Distinct>,
        /// In a window of this length.
        within: Option<Duration>,
    },
    /// Some attempt succeeded before the record.
    EarlierSuccess,
    /// It accompanies failures far more often than successes.
    RarelyAtSuccesses,
    /// Only records of the machine at this end of the attempt.
    On(End),
    /// Also records of machines that took no part in the attempt.
    AnyMachine,
}

/// An end of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum End {
    /// The machine connected to.
    Host,
    /// The machine that connects.
    Client,
}

/// A whole phrase.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Relation<S> {
    /// Where.
    pub anchor: Anchor,
    /// And how.
    pub clauses: Vec<Clause<S>>,
}
