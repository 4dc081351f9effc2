//! The ladder as it runs: stages, how records join into attempts, what they prove.

use crate::belief::Belief;
use crate::{SignalId, StageId};
use rdpwhy_event::Marks;
use std::time::Duration;

/// Everything about attempts that is knowledge of the domain.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// In the order in which a connection climbs them.
    pub stages: Vec<Stage>,
    /// Numbers of the ranking.
    pub ranking: Ranking,
    /// Which field tells which attribute, by [`Role`] as index.
    pub roles: Vec<Vec<RoleField>>,
    /// Values that mean "not known".
    pub no_value: Vec<String>,
    /// Accounts that are no person; a leading `*` stands for anything.
    pub machine_accounts: Vec<String>,
    /// A record without a connection id joins an attempt at most this much older.
    pub window: Duration,
    /// After this long without a further record an attempt has ended.
    pub patience: Duration,
    /// Records that tell of a clock that was set.
    pub clocks: Vec<ClockRecord>,
    /// Records of a machine that cut off every session at that moment.
    pub cuts: Vec<SignalId>,
    /// Records that show that something went wrong, and not what.
    pub symptoms: Vec<SignalId>,
    /// Changes worth telling between the last success and the first failure.
    pub changes: Vec<SignalId>,
    /// A longer pause between failures starts another incident.
    pub incident_gap: Duration,
    /// Clocks of two machines are searched for an offset up to this.
    pub clock_offset: Duration,
    /// The short connection before the real one.
    pub preconnection: Preconnection,
    /// An attempt that broke at one of these had its credentials refused.
    pub refused: Vec<StageId>,
    /// The logon screen that nobody used: the stages at which it ends.
    pub abandoned: Vec<StageId>,
    /// A session shorter than this, without proof of a desktop, failed at its logon.
    pub short_session: Duration,
    /// Public sources that never get in.
    pub strangers: Strangers,
    /// How sure it is that an attempt let its user down.
    pub belief: Belief,
    /// What is only a slip of the keyboard.
    pub retry: Retry,
    /// What is only a probe.
    pub probe: Probe,
    /// Records that are always written when a stage is passed.
    pub milestones: Vec<Milestone>,
    /// The records that make attempts, in the order of the file.
    pub records: Vec<LadderRecord>,
}

/// A record that tells of a clock that was set.
#[derive(Debug, Clone)]
pub struct ClockRecord {
    /// What it is.
    pub signal: SignalId,
    /// The field that holds the time before.
    pub from: String,
    /// The field that holds the time after.
    pub to: String,
}

/// One rung.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The word in rules and reports.
    pub id: String,
    /// What happens in it.
    pub title: String,
}

/// Numbers of the ranking.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// Prior probability of "none of these".
    pub none: f64,
    /// How much less likely a cause is that does not break where the failures broke.
    pub stage_mismatch: f64,
    /// By how much a cause is less likely that does not explain a record beside the failures.
    pub unexplained: f64,
    /// How many times more likely symptoms alone make a cause at most.
    pub symptoms: f64,
    /// A code that a rule gives at least this ratio names its cause and is no mere symptom.
    pub specific_code: f64,
    /// From this probability on the first cause is the verdict.
    pub diagnosed: f64,
    /// The words for likelihood ratios.
    pub strengths: Vec<(String, f64)>,
}

/// What a record may tell of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Debug, Clone)]
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

/// The short connection that a client makes before the real one.
#[derive(Debug, Clone, Copy)]
pub struct Preconnection {
    /// It ended below this stage.
    pub below: StageId,
    /// The same address came again within this.
    pub within: Duration,
}

/// Refused credentials that the next tries put right.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// A success followed within this.
    pub within: Duration,
    /// After at most so many refusals.
    pub tries: usize,
}

/// A connection that is only a look.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// It ended below this stage.
    pub below: StageId,
    /// Fewer than this from its address.
    pub attempts: usize,
    /// So many from one address, evenly spaced, are a program's, wherever it is.
    pub regular: usize,
    /// So many from one address within five minutes are a program's, too.
    pub burst: usize,
}

/// Public sources that never get in.
#[derive(Debug, Clone, Copy)]
pub struct Strangers {
    /// From so many of them on, a host is exposed.
    pub sources: usize,
    /// From so many of their failures within an hour on, it is under attack; below, on a host that serves others, they
    /// are what every exposed host sees.
    pub hourly: usize,
}

/// Records of which one is always written when a stage is passed.
#[derive(Debug, Clone)]
pub struct Milestone {
    /// Of attempts seen from this side.
    pub side: Side,
    /// The stage.
    pub stage: StageId,
    /// One of these.
    pub any: Vec<SignalId>,
}

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
    /// All of them, with their words in rules.
    pub const ALL: [(&'static str, Side); 3] =
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

/// What joins a record to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// The id of the connection.
    Activity,
    /// The client's address.
    Address,
    /// The connection's name.
    Connection,
    /// The session's number.
    Session,
    /// The user.
    User,
    /// The last attempt that began within the window.
    Time,
}

impl Join {
    /// All of them with the words of the rule file.
    pub const ALL: [(&'static str, Join); 6] = [
        ("activity", Join::Activity),
        ("address", Join::Address),
        ("connection", Join::Connection),
        ("session", Join::Session),
        ("user", Join::User),
        ("time", Join::Time),
    ];
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// An end marker that does not say why.
    Other,
    /// User or client closed it.
    Choice,
    /// A limit or an administrator ended it.
    Policy,
    /// Another connection took the session over.
    Replaced,
    /// Something broke.
    Fault,
}

impl Ending {
    /// All of them with the words of the rule file.
    pub const ALL: [(&'static str, Ending); 5] = [
        ("other", Ending::Other),
        ("choice", Ending::Choice),
        ("policy", Ending::Policy),
        ("replaced", Ending::Replaced),
        ("fault", Ending::Fault),
    ];
}

/// A record that makes attempts.
#[derive(Debug, Clone)]
pub struct LadderRecord {
    /// What it is.
    pub signal: SignalId,
    /// From which side it sees the attempt.
    pub side: Side,
    /// Begins an attempt when none is there to join.
    pub opens: bool,
    /// Begins one if an earlier attempt came from the same address or user.
    pub opens_known: bool,
    /// At most once in an attempt.
    pub once: bool,
    /// What joins it, tried in this order.
    pub join: Vec<Join>,
    /// How much older the attempt may be, without a connection id.
    pub within: Duration,
    /// The stage that it proves.
    pub reaches: Option<StageId>,
    /// The first and the last stage at which it shows the attempt broken.
    pub fails: Option<(StageId, StageId)>,
    /// Where it shows the attempt broken, no record of a later stage overrules it, unless one proves that the attempt
    /// got further.
    pub decides: bool,
    /// Joins only an attempt that had reached this stage.
    pub requires: Option<StageId>,
    /// It ends the attempt.
    pub ends: Option<Ending>,
    /// It breaks a session that had begun.
    pub drops: bool,
}

impl Ladder {
    /// The fields that tell a role in records with these marks, those that count most first.
    pub fn fields<'l, 'm>(
        &'l self,
        role: Role,
        marks: &'m Marks,
    ) -> impl Iterator<Item = &'l RoleField> + use<'l, 'm> {
        self.roles[role as usize].iter().filter(|field| field.is_meant(marks))
    }

    /// Whether such a value means that nothing is known.
    pub fn is_no_value(&self, value: &str) -> bool {
        self.no_value.iter().any(|none| none.eq_ignore_ascii_case(value))
    }

    /// The last rung.
    pub fn last_stage(&self) -> StageId {
        StageId::at(self.stages.len().saturating_sub(1))
    }

    /// The rung above, or the last one.
    pub fn next_stage(&self, stage: StageId) -> StageId {
        StageId::at(stage.index() + 1).min(self.last_stage())
    }

    /// The first stage at which the user is in a session: the one below the last.
    pub fn logon(&self) -> StageId {
        StageId::at(self.stages.len().saturating_sub(2))
    }

    /// The stage that a connection has passed when the host first hears of it.
    pub fn arrival(&self) -> StageId {
        let arriving = self.records.iter().filter(|record| record.side == Side::Host && record.opens);
        arriving.filter_map(|record| record.reaches).min().unwrap_or(StageId::FIRST)
    }
}
