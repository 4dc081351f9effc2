//! How sure it is that an attempt let its user down: what is believed at first, and which records say more.
//!
//! The records that join an attempt say what they prove. Others are written beside it: the sign-in process that ends, the
//! shell that crashes, the service that goes down. Each of these is a [`Witness`], and the ladder says how much more likely a failure
//! becomes by it.

use std::time::Duration;

use rdpwhy_yaml::{MapReader, Node, Reader};

use super::record::stage_range;
use super::stage::StageName;
use super::thresholds::required;
use crate::id::{SignalId, StageId};
use crate::names::Names;
use crate::shape::{Name, OneOrMany, SideWord, TimeSpan, shape};
use crate::side::Side;

/// What is believed of attempts whose own records do not settle how they ended.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Belief {
    /// From this probability on, an attempt counts as failed.
    pub failed: f64,
    /// From this probability on, nobody can say that it did not.
    pub doubt: f64,
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
    /// Consecutive sessions of a user that last the same, to within this much …
    pub alike_within: Duration,
    /// … at least so many of them …
    pub alike_sessions: usize,
    /// … and none longer than this …
    pub alike_below: Duration,
    /// … are so many times more likely to have been cut.
    pub alike: f64,
    /// Records beside the attempt that say how it ended.
    pub witnesses: Vec<Witness>,
    /// What is believed where records speak of a fault and no attempt is in the logs.
    pub implied: Implied,
    /// Records without which the logs could not show a failure, by side.
    pub visible: Vec<Visible>,
    /// Records without which the logs could not show that sessions go well, by side: one of each line of the side.
    pub healthy: Vec<Visible>,
    /// Sign-ins refused at a logon screen: the logs that would show them.
    pub refusals: Vec<SignalId>,
    /// Connections lost under a session: the logs that would show them where no record says why it ended.
    pub losses: Vec<SignalId>,
    /// Records that say when a machine was up: the logs without which silence does not mean that nothing arrived.
    pub life: Life,
}

/// Records that say when a machine was up.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Life {
    /// From these on it was off or asleep …
    pub down: Vec<SignalId>,
    /// … and from these on up again.
    pub up: Vec<SignalId>,
}

/// A record that says how a connection ended without being part of it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
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
    /// A cause that does not say why the record is there is so many times less likely.
    pub unexplained: f64,
    /// It speaks of an attempt whenever it falls into it, and not only at its beginning and its end.
    pub during: bool,
    /// Records after which the fault is over, so that it opens no case any more.
    pub until: Vec<SignalId>,
}

/// What is believed where records speak of a fault and no attempt is in the logs.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub struct Implied {
    /// Prior of "none of these": nobody has complained of anything.
    pub none: f64,
    /// No cause is said to be more likely than this.
    pub most: f64,
    /// No cause is said to be more likely than this where nothing but the ticket's code speaks for it.
    pub code_most: f64,
    /// A code that makes more causes than this more likely says nothing by itself.
    pub code_causes: usize,
    /// Prior of "none of these" where nothing but a complaint says that something failed.
    pub complaint_none: f64,
    /// By how much the odds grow that such a record is about the failure, where the complaint names its time …
    pub complaint_times: f64,
    /// … and the record is this near to it.
    pub complaint_within: Duration,
    /// At most so many records open a case of their own.
    pub records: usize,
}

/// A kind of record without which the logs of a side could not show that a connection failed.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Visible {
    /// Whose logs.
    pub side: Side,
    /// One of these has to be held over the span.
    pub any: Vec<SignalId>,
}

/// Reads `belief` of the ladder; `unexplained` is what a record counts against causes that do not explain it if it does not say.
pub(super) fn belief(map: &mut MapReader<'_>, unexplained: f64, names: &Names) -> Belief {
    let reader = map.reader();
    let Some(node) = map.required("belief") else { return Belief::default() };
    let mut inner = reader.map(node);
    let (reconnect_within, reconnect) = likelier(&mut inner, "reconnect");
    let (together_within, together) = likelier(&mut inner, "together");
    let (alike_within, alike) = likelier(&mut inner, "alike");
    let implied = implied(&mut inner);
    let witnesses = inner.list("witnesses").iter();
    let witnesses =
        witnesses.filter_map(|node| witness(node, reader, (implied.most, unexplained), names)).collect();
    let belief = Belief {
        failed: required(&mut inner, "failed"),
        doubt: required(&mut inner, "doubt"),
        session: required(&mut inner, "session"),
        unknown: required(&mut inner, "unknown"),
        reconnect_within,
        reconnect,
        together_within,
        together_users: required(&mut inner, "together_users"),
        together,
        alike_within,
        alike_sessions: required(&mut inner, "alike_sessions"),
        alike_below: required(&mut inner, "alike_below"),
        alike,
        witnesses,
        implied,
        visible: inner.list("visible").iter().filter_map(|node| visible(node, reader, names)).collect(),
        healthy: inner.list("healthy").iter().filter_map(|node| visible(node, reader, names)).collect(),
        refusals: names.signals(inner.list("refusals"), reader),
        losses: names.signals(inner.list("losses"), reader),
        life: life(&mut inner, names),
    };
    inner.finish();
    belief
}

/// A span, and how many times likelier what happens within it makes a failure: `{ within: 1 minute, times: 8 }`.
fn likelier(map: &mut MapReader<'_>, key: &'static str) -> (Duration, f64) {
    let Some(node) = map.required(key) else { return (Duration::ZERO, 1.0) };
    let mut inner = map.reader().map(node);
    let found = (required(&mut inner, "within"), required(&mut inner, "times"));
    inner.finish();
    found
}

fn implied(map: &mut MapReader<'_>) -> Implied {
    let Some(node) = map.required("implied") else { return Implied::default() };
    let mut inner = map.reader().map(node);
    let found = Implied {
        none: required(&mut inner, "none"),
        most: required(&mut inner, "most"),
        code_most: required(&mut inner, "code_most"),
        code_causes: required(&mut inner, "code_causes"),
        complaint_none: required(&mut inner, "complaint_none"),
        complaint_times: required(&mut inner, "complaint_times"),
        complaint_within: required(&mut inner, "complaint_within"),
        records: required(&mut inner, "records"),
    };
    inner.finish();
    found
}

fn witness(
    node: &Node,
    reader: Reader<'_>,
    (most, unexplained): (f64, f64),
    names: &Names,
) -> Option<Witness> {
    let mut map = reader.map(node);
    let signal = map.required("signal").and_then(|node| names.signal(node, reader));
    let side = map.required_choice("side", Side::CHOICES);
    let (within, times) = (required(&mut map, "within"), required(&mut map, "times"));
    let breaks = stage_range(&mut map, "breaks", reader, names);
    let alone = map.boolean("alone").unwrap_or(false);
    let most = map.number("most").unwrap_or(most);
    let unexplained = map.number("unexplained").unwrap_or(unexplained);
    let during = map.boolean("during").unwrap_or(false);
    let until = names.signals(map.list("until"), reader);
    map.finish();
    let (signal, side, breaks) = (signal?, side?, breaks?);
    Some(Witness { signal, side, within, times, breaks, alone, most, unexplained, during, until })
}

fn life(map: &mut MapReader<'_>, names: &Names) -> Life {
    let reader = map.reader();
    let Some(node) = map.required("life") else { return Life::default() };
    let mut inner = reader.map(node);
    let found =
        Life { down: names.signals(inner.list("down"), reader), up: names.signals(inner.list("up"), reader) };
    inner.finish();
    found
}

fn visible(node: &Node, reader: Reader<'_>, names: &Names) -> Option<Visible> {
    let mut map = reader.map(node);
    let side = map.required_choice("side", Side::CHOICES);
    let any = names.signals(map.list("any"), reader);
    map.finish();
    Some(Visible { side: side?, any })
}

shape! {
    /// How sure it is that an attempt let its user down.
    pub(super) struct BeliefShape {
        /// From this probability on, an attempt counts as failed.
        failed: f64,
        /// From this probability on, nobody can say that it did not.
        doubt: f64,
        /// Probability that a session without a recorded fault let its user down.
        session: f64,
        /// The same for an attempt whose end the logs do not show.
        unknown: f64,
        /// The same user is back at once.
        reconnect: LikelierShape,
        /// Sessions of several users end together.
        together: LikelierShape,
        /// So many users at least.
        #[schemars(range(min = 2))]
        together_users: u32,
        /// Consecutive sessions of a user last the same.
        alike: LikelierShape,
        /// So many sessions at least.
        #[schemars(range(min = 2))]
        alike_sessions: u32,
        /// None of them longer than this.
        alike_below: TimeSpan,
        /// Records beside an attempt that say how it ended.
        witnesses: Vec<WitnessShape>,
        /// What is believed where no log shows an attempt.
        implied: ImpliedShape,
        /// Without one of these a side's logs could not show a failure.
        visible: Vec<VisibleShape>,
        /// Without one of each line of its side the logs could not show that sessions go well.
        healthy: Vec<VisibleShape>,
        /// Sign-ins refused at a logon screen.
        refusals: Vec<Name>,
        /// Connections lost under a session.
        losses: Vec<Name>,
        /// Records that say when a machine was up.
        life: LifeShape,
    }
}

shape! {
    /// Records that say when a machine was up.
    struct LifeShape {
        /// From these on it was off or asleep …
        down: Vec<Name>,
        /// … and from these on up again.
        up: Vec<Name>,
    }
}

shape! {
    /// How many times likelier what happens within a span makes a failure.
    struct LikelierShape {
        within: TimeSpan,
        times: f64,
    }
}

shape! {
    /// A record beside an attempt that says how it ended.
    struct WitnessShape {
        signal: Name,
        side: SideWord,
        /// How long after an attempt it speaks of it.
        within: TimeSpan,
        /// How many times more likely it makes a failure.
        times: f64,
        /// The stage at which the attempt broke, or the first and the last possible.
        breaks: OneOrMany<StageName>,
        /// Whether it opens a case where no log shows who connected.
        alone: Option<bool>,
        /// No cause is surer than this where such records alone open the case.
        most: Option<f64>,
        /// How many times less likely a cause is that does not explain the record.
        unexplained: Option<f64>,
        /// Whether it speaks of an attempt whenever it falls into it.
        during: Option<bool>,
        /// Records after which the fault is over, so that it opens no case any more.
        until: Option<Vec<Name>>,
    }
}

shape! {
    /// What is believed where no log shows an attempt.
    struct ImpliedShape {
        /// Prior of "none of these".
        none: f64,
        /// No cause is surer than this.
        most: f64,
        /// The same if only the code of the ticket supports it.
        code_most: f64,
        /// A code that makes more causes than this more likely says nothing by itself.
        code_causes: u32,
        /// Prior of "none of these" where a ticket complains.
        complaint_none: f64,
        /// By how much the odds grow that such a record is about the failure, where the complaint names its time …
        complaint_times: f64,
        /// … and the record is this near to it.
        complaint_within: TimeSpan,
        /// So many records open a case at most.
        records: u32,
    }
}

shape! {
    /// Without one of these a side's logs could not show a failure.
    struct VisibleShape {
        side: SideWord,
        any: Vec<Name>,
    }
}
