//! A connection attempt: who tried to reach what, how far it got and how it ended.

use crate::world::address::{Address, Reach, user_key};
use crate::world::key::{Key, Keys};
use crate::world::machine::Machine;
use crate::world::tick::span_ticks;
use rdpwhy_event::Guid;
use rdpwhy_rules::ladder::{Ending, Ladder};
use rdpwhy_rules::phrase::Shared;
use rdpwhy_rules::{Side, StageId};
use std::sync::Arc;

/// How an attempt came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It broke.
    Failed,
    /// The user got a desktop.
    Succeeded,
    /// Nobody meant it to get further: a pre-connection, a probe, a closed prompt.
    Aborted,
    /// The logs do not say.
    Unknown,
}

/// A record of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Joined {
    /// Index of the event.
    pub event: u32,
    /// Index into the ladder's records.
    pub record: u16,
}

/// One client trying to reach one host, from its first record to its last. Names are shared among attempts: there can be a
/// million of them.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// From where it was seen.
    pub side: Side,
    /// The machine that saw it.
    pub machine: Machine,
    /// The machine at the other end, if its logs saw it too.
    pub other: Option<Machine>,
    /// First record, in ticks on the common clock.
    pub start: i64,
    /// Last record, in ticks on the common clock.
    pub end: i64,
    /// The client's address.
    pub address: Option<Address>,
    /// The user.
    pub user: Option<Arc<str>>,
    /// The session's number.
    pub session: Option<Arc<str>>,
    /// The connection's name.
    pub connection: Option<Arc<str>>,
    /// What the client was told to connect to.
    pub target: Option<Arc<str>>,
    /// The address that the client went to.
    pub server: Option<Box<Address>>,
    /// The user's domain, or the machine that holds his account.
    pub domain: Option<Arc<str>>,
    /// Why the client disconnected.
    pub code: Option<u32>,
    /// Its records, in time order.
    pub records: Vec<Joined>,
    /// The furthest stage that a record proves.
    pub reached: Option<StageId>,
    /// The stage at which a record shows it broken.
    pub failed: Option<StageId>,
    /// The last stage at which that record leaves it open.
    pub failed_last: Option<StageId>,
    /// When `reached` was shown; the start where nothing is.
    pub(super) reached_at: i64,
    /// A record shows for sure that it broke there.
    pub(super) decided: bool,
    /// When the stage of a logon was reached.
    pub(super) logged_on: Option<i64>,
    /// Its beginning is older than the logs: what they show first is that it was cut.
    pub older: bool,
    /// How it ended, the most telling of its end records.
    pub ended: Option<Ending>,
    /// A session had begun and was cut.
    pub dropped: bool,
    /// Another connection took its session over.
    pub replaced: bool,
    /// How it came out.
    pub outcome: Outcome,
    /// What speaks against a session that seems to have gone well is not enough to call it cut, and too much to call it well.
    pub doubted: bool,
    /// The first and the last stage at which it may have broken.
    pub broke: Option<(StageId, StageId)>,
    /// Why it is no failure, for an aborted attempt.
    pub aborted: Option<Aborted>,
    /// When the end that saw it break first did, where both ends' logs have it: a host takes its time to give up a lost client.
    pub(super) first_end: Option<i64>,
    /// The ticket speaks of it, and the host's log, which would hold it, holds nothing that it can be.
    pub missing: bool,
    pub(super) activity: Option<Guid>,
    pub(super) absorbed: bool,
}

/// Why an attempt counts as ended on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aborted {
    /// The client looked first and then came again.
    Preconnection,
    /// The user closed it before it was done.
    Closed,
    /// Nobody signed in at the logon screen.
    LogonScreen,
    /// A stranger looked and went away.
    Probe,
    /// The credentials were mistyped; the next try got in.
    Retried,
}

impl Attempt {
    /// An attempt of which nothing is known but when it was seen, and where.
    pub(super) fn new(side: Side, machine: Machine, at: i64) -> Attempt {
        Attempt {
            side,
            machine,
            other: None,
            start: at,
            end: at,
            address: None,
            user: None,
            session: None,
            connection: None,
            target: None,
            server: None,
            domain: None,
            code: None,
            records: Vec::new(),
            reached: None,
            failed: None,
            failed_last: None,
            reached_at: at,
            decided: false,
            logged_on: None,
            older: false,
            ended: None,
            dropped: false,
            replaced: false,
            outcome: Outcome::Unknown,
            doubted: false,
            broke: None,
            aborted: None,
            first_end: None,
            missing: false,
            activity: None,
            absorbed: false,
        }
    }

    /// The same of that user and that client, as far as they are known.
    pub(crate) fn of(self, user: Option<&str>, source: Option<&str>) -> Attempt {
        Attempt { user: user.map(Arc::from), address: source.map(Address::parse), ..self }
    }

    /// When it ended, at the end that saw it first.
    pub(crate) fn first_end(&self) -> i64 {
        self.first_end.unwrap_or(self.end)
    }

    /// The client's address without its port.
    pub(crate) fn source(&self) -> Option<&str> {
        self.address.as_ref().map(|address| &*address.host)
    }

    /// Where the client's network lies.
    pub(crate) fn reach(&self) -> Reach {
        self.address.as_ref().map_or(Reach::Unknown, Address::reach)
    }

    /// Both machines of the attempt, as far as known.
    pub(crate) fn involves(&self, machine: Machine) -> bool {
        self.machine == machine || self.other == Some(machine)
    }

    /// Whether the user was let down: it broke, or a session that had begun was cut.
    pub(crate) fn is_failure(&self) -> bool {
        self.outcome == Outcome::Failed || (self.outcome == Outcome::Succeeded && self.dropped)
    }

    /// Whether its credentials were refused.
    pub(crate) fn was_refused(&self, ladder: &Ladder) -> bool {
        self.failed.is_some_and(|failed| ladder.refused.contains(&failed))
    }

    /// Whether the user got a desktop and kept it.
    pub(crate) fn is_success(&self) -> bool {
        self.outcome == Outcome::Succeeded && !self.dropped
    }

    /// Whether a record proves that the user was logged on in a session.
    pub(crate) fn logged_on(&self) -> bool {
        self.logged_on.is_some()
    }

    /// When the user was logged on in a session; its start where nobody was.
    pub(crate) fn started_work(&self) -> i64 {
        self.logged_on.unwrap_or(self.start)
    }

    /// Whether any of it lies in that span.
    pub(crate) fn touches(&self, (from, to): (i64, i64)) -> bool {
        self.start <= to && from <= self.end
    }

    /// Whether a session of it ended so soon that nobody worked in it.
    pub(crate) fn is_brief(&self, ladder: &Ladder) -> bool {
        !self.older && self.logged_on.is_some_and(|at| self.end - at < span_ticks(ladder.short_session))
    }

    /// Ticks from its first record to its last.
    pub(crate) fn length(&self) -> i64 {
        self.end - self.start
    }

    /// What the attempt has in common with records, where any record tells the same.
    pub(crate) fn key(&self, keys: &Keys, shared: Shared) -> Option<Key> {
        match shared {
            Shared::Address => self.source().and_then(|source| keys.find(source)),
            Shared::User => self.user.as_deref().and_then(|user| keys.find(&user_key(user))),
            Shared::Session => self.session.as_deref().and_then(|session| keys.find(session)),
        }
    }

    /// Whether the client's own records show that the connection reached no host.
    pub(super) fn never_arrived(&self, ladder: &Ladder) -> bool {
        self.failed.is_some_and(|failed| failed <= ladder.arrival())
    }
}

/// By start, machine, side and first record.
pub(crate) fn sort(attempts: &mut [Attempt]) {
    attempts.sort_by_key(|a| (a.start, a.machine, a.side, a.records.first().copied()));
}

/// Moves the attempts of each machine by its shift of the clock.
pub(crate) fn move_clocks(attempts: &mut [Attempt], shift: &[i64]) {
    for attempt in attempts {
        let by = shift[attempt.machine.0 as usize];
        attempt.start += by;
        attempt.end += by;
        attempt.reached_at += by;
        attempt.logged_on = attempt.logged_on.map(|at| at + by);
    }
}

/// A failed attempt that no record shows, at that moment: what a ticket without a trace says.
pub(crate) fn assumed(side: Side, machine: Machine, at: i64, broke: (StageId, StageId)) -> Attempt {
    Attempt { outcome: Outcome::Failed, broke: Some(broke), ..Attempt::new(side, machine, at) }
}
