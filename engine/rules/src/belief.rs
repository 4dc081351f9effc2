//! How sure it is that an attempt let its user down: what is believed at first, and which records say more.
//!
//! The records that join an attempt say what they prove. Others are written beside it: the sign-in process that ends, the
//! shell that crashes, the service that goes down. Each of these is a [`Witness`], and the ladder says how much more likely a failure
//! becomes by it.

use crate::fault::Faults;
use crate::load::{Names, known, phrase, stage_range};
use crate::relation;
use crate::yaml::{MapReader, Node};
use crate::{Side, SignalId, StageId};
use std::time::Duration;

/// What is believed of attempts whose own records do not settle how they ended.
#[derive(Debug, Clone, Default)]
pub struct Belief {
    /// From this probability on, an attempt counts as failed.
    pub failed: f64,
    /// Probability that a session without any recorded fault let its user down.
    pub session: f64,
    /// The same for an attempt whose end the logs do not show.
    pub unknown: f64,
    /// The same user is back this soon after a session that ended without a choice of anybody's …
    pub reconnect_within: Duration,
    /// … which makes it so many times more likely that it was cut.
    pub reconnect: f64,
    /// Sessions of several users that end within this span …
    pub together_within: Duration,
    /// … of at least so many users …
    pub together_users: usize,
    /// … are so many times more likely to have been cut.
    pub together: f64,
    /// Records beside the attempt that say how it ended.
    pub witnesses: Vec<Witness>,
    /// What is believed where records speak of a fault and no attempt is in the logs.
    pub implied: Implied,
    /// Records without which the logs could not show a failure, by side.
    pub visible: Vec<Visible>,
    /// Sign-ins refused at a logon screen: the logs that would show them.
    pub refusals: Vec<SignalId>,
    /// Records that say when a machine was up: the logs without which silence does not mean that nothing arrived.
    pub life: Vec<SignalId>,
}

/// A record that says how a connection ended without being part of it.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The signal.
    pub signal: SignalId,
    /// Which end writes it.
    pub side: Side,
    /// How long after the end of an attempt, or during it, it speaks of that attempt.
    pub within: Duration,
    /// How many times more likely a failure is by it.
    pub times: f64,
    /// The first and the last stage at which the attempt may have broken then.
    pub breaks: (StageId, StageId),
    /// Whether it opens a case where no log shows who connected.
    pub alone: bool,
    /// How sure a cause may be where such records alone open the case.
    pub most: f64,
}

/// What is believed where records speak of a fault and no attempt is in the logs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Implied {
    /// Prior of "none of these": nobody has complained of anything.
    pub none: f64,
    /// No cause is said to be more likely than this.
    pub most: f64,
    /// The same where nothing but a complaint says that something failed.
    pub complaint_none: f64,
    /// At most so many records open a case of their own.
    pub records: usize,
}

/// A kind of record without which the logs of a side could not show that a connection failed.
#[derive(Debug, Clone)]
pub struct Visible {
    /// Whose logs.
    pub side: Side,
    /// One of these has to be held over the span.
    pub any: Vec<SignalId>,
}

/// Reads `belief` of the ladder.
pub(crate) fn belief(map: &mut MapReader<'_>, names: &Names<'_>, faults: &Faults, path: &str) -> Belief {
    let Some(node) = map.required("belief") else { return Belief::default() };
    let mut inner = MapReader::new(node, faults, path);
    let (failed, session, unknown) =
        (inner.number("failed"), inner.number("session"), inner.number("unknown"));
    let (reconnect_within, reconnect) = pair(&mut inner, "reconnect", faults, path);
    let (together_within, together) = pair(&mut inner, "together", faults, path);
    let together_users = inner.integer("together_users").and_then(|n| usize::try_from(n).ok());
    let implied = implied(&mut inner, faults, path);
    let witnesses =
        inner.list("witnesses").iter().filter_map(|node| witness(node, implied.most, names, faults, path));
    let witnesses = witnesses.collect();
    let visible = inner.list("visible").iter().filter_map(|node| visible(node, names, faults, path));
    let visible = visible.collect();
    let reader = inner.reader();
    let refusals =
        inner.list("refusals").iter().filter_map(|node| known(node, reader, names.signals, "signal"));
    let refusals = refusals.collect();
    let life = inner.list("life").iter().filter_map(|node| known(node, reader, names.signals, "signal"));
    let life = life.collect();
    inner.finish();
    Belief {
        failed: failed.unwrap_or(1.0),
        session: session.unwrap_or(0.0),
        unknown: unknown.unwrap_or(0.0),
        reconnect_within,
        reconnect,
        together_within,
        together_users: together_users.unwrap_or(usize::MAX),
        together,
        witnesses,
        implied,
        visible,
        refusals,
        life,
    }
}

/// A span and what it makes likelier: `{ within: 1 minute, times: 8 }`.
fn pair(map: &mut MapReader<'_>, key: &'static str, faults: &Faults, path: &str) -> (Duration, f64) {
    let Some(node) = map.required(key) else { return (Duration::ZERO, 1.0) };
    let mut inner = MapReader::new(node, faults, path);
    let reader = inner.reader();
    let within = inner.required("within").and_then(|node| phrase(node, reader, relation::parse_span));
    let times = inner.number("times");
    inner.finish();
    (within.map_or(Duration::ZERO, |(_, span)| span), times.unwrap_or(1.0))
}

fn implied(map: &mut MapReader<'_>, faults: &Faults, path: &str) -> Implied {
    let Some(node) = map.required("implied") else { return Implied::default() };
    let mut inner = MapReader::new(node, faults, path);
    let found = Implied {
        none: inner.number("none").unwrap_or(1.0),
        most: inner.number("most").unwrap_or(1.0),
        complaint_none: inner.number("complaint_none").unwrap_or(1.0),
        records: inner.integer("records").and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
    };
    inner.finish();
    found
}

fn witness(node: &Node, most: f64, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Witness> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let signal = map.required("signal").and_then(|node| known(node, reader, names.signals, "signal"));
    let side = map.required_choice("side", &Side::ALL);
    let within = map.required("within").and_then(|node| phrase(node, reader, relation::parse_span));
    let times = map.number("times");
    let breaks = stage_range(&mut map, "breaks", reader, names);
    let alone = map.boolean("alone").unwrap_or(false);
    let most = map.number("most").unwrap_or(most);
    map.finish();
    let (signal, side, within) = (signal?, side?, within?.1);
    Some(Witness { signal, side, within, times: times?, breaks: breaks?, alone, most })
}

fn visible(node: &Node, names: &Names<'_>, faults: &Faults, path: &str) -> Option<Visible> {
    let mut map = MapReader::new(node, faults, path);
    let reader = map.reader();
    let side = map.required_choice("side", &Side::ALL);
    let any = map.list("any").iter().filter_map(|node| known(node, reader, names.signals, "signal"));
    let any = any.collect();
    map.finish();
    Some(Visible { side: side?, any })
}
