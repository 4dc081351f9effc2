//! The records that make attempts, and what each of them proves.

use std::time::Duration;

use rdpwhy_yaml::{MapReader, Node, Reader};

use super::stage::StageName;
use crate::field::{owned, span};
use crate::id::{SignalId, StageId};
use crate::names::Names;
use crate::shape::{Name, OneOrMany, SideWord, Text, TimeSpan, shape, value_shape, words};
use crate::side::Side;
use crate::word::word_enum;

word_enum! {
    /// What joins a record to an attempt.
    pub enum Join {
        /// The id of the connection.
        Activity = "activity",
        /// The client's address.
        Address = "address",
        /// The connection's name.
        Connection = "connection",
        /// The session's number.
        Session = "session",
        /// The user.
        User = "user",
        /// The last attempt that began within the window.
        Time = "time",
    }
}

word_enum! {
    /// How an attempt ended.
    pub enum Ending {
        /// An end marker that does not say why.
        Other = "other",
        /// User or client closed it.
        Choice = "choice",
        /// A limit or an administrator ended it.
        Policy = "policy",
        /// Another connection took the session over.
        Replaced = "replaced",
        /// Something broke.
        Fault = "fault",
    }
}

/// A record that makes attempts.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
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

/// Records of which one is always written when a stage is passed.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Milestone {
    /// Of attempts seen from this side.
    pub side: Side,
    /// The stage.
    pub stage: StageId,
    /// One of these.
    pub any: Vec<SignalId>,
}

/// A record that tells of something that was changed: a clock, a name.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct ChangedRecord {
    /// What it is.
    pub signal: SignalId,
    /// The field that holds the time or name before.
    pub from: String,
    /// The field that holds the one after.
    pub to: String,
}

/// A record that makes attempts; `window` is how long after an attempt it may join if it does not say.
pub(super) fn record(
    node: &Node,
    reader: Reader<'_>,
    names: &Names,
    window: Duration,
) -> Option<LadderRecord> {
    let mut map = reader.map(node);
    let signal = map.required("signal").and_then(|node| names.signal(node, reader));
    let side = map.required_choice("side", Side::CHOICES);
    let at = |map: &mut MapReader<'_>, key| map.optional(key).and_then(|node| names.stage(node, reader));
    let record = LadderRecord {
        signal: SignalId::at(0),
        side: Side::Host,
        opens: map.boolean("opens").unwrap_or(false),
        opens_known: map.boolean("opens_known").unwrap_or(false),
        once: map.boolean("once").unwrap_or(false),
        join: map.list("join").iter().filter_map(|node| reader.choice(node, Join::CHOICES)).collect(),
        within: span(&mut map, "within", window),
        reaches: at(&mut map, "reaches"),
        fails: stage_range(&mut map, "fails", reader, names),
        decides: map.boolean("decides").unwrap_or(false),
        requires: at(&mut map, "requires"),
        ends: map.optional("ends").and_then(|node| reader.choice(node, Ending::CHOICES)),
        drops: map.boolean("drops").unwrap_or(false),
    };
    map.finish();
    Some(LadderRecord { signal: signal?, side: side?, ..record })
}

/// One stage, or the first and the last of a range.
pub(super) fn stage_range(
    map: &mut MapReader<'_>,
    key: &'static str,
    reader: Reader<'_>,
    names: &Names,
) -> Option<(StageId, StageId)> {
    let stages = names.stages(map.list(key), reader);
    Some((*stages.iter().min()?, *stages.iter().max()?))
}

pub(super) fn milestone(node: &Node, reader: Reader<'_>, names: &Names) -> Option<Milestone> {
    let mut map = reader.map(node);
    let side = map.required_choice("side", Side::CHOICES);
    let stage = names.required_stage(&mut map, "stage");
    let any = names.signals(map.list("any"), reader);
    map.finish();
    Some(Milestone { side: side?, stage, any })
}

pub(super) fn changed(node: &Node, reader: Reader<'_>, names: &Names) -> Option<ChangedRecord> {
    let mut map = reader.map(node);
    let signal = map.required("signal").and_then(|node| names.signal(node, reader));
    let (from, to) = (owned(map.required_text("from")), owned(map.required_text("to")));
    map.finish();
    Some(ChangedRecord { signal: signal?, from, to })
}

value_shape!(
    /// The words of [`Join`].
    JoinWord = words(Join::WORDS)
);
value_shape!(
    /// The words of [`Ending`].
    EndingWord = words(Ending::WORDS)
);

shape! {
    /// A record.
    pub(super) struct RecordShape {
        signal: Name,
        side: SideWord,
        /// Begins an attempt when none is there to join.
        opens: Option<bool>,
        /// Begins one if an earlier attempt came from the same address or user.
        opens_known: Option<bool>,
        /// At most once in an attempt.
        once: Option<bool>,
        /// What joins it, tried in this order.
        join: Option<OneOrMany<JoinWord>>,
        /// A record without a connection id joins an attempt at most this much older.
        within: Option<TimeSpan>,
        /// The stage that it proves.
        reaches: Option<StageName>,
        /// The stage at which it shows the attempt broken, or the first and the last possible.
        fails: Option<OneOrMany<StageName>>,
        /// No record of a later stage overrules its `fails`, unless one proves that the attempt got further.
        decides: Option<bool>,
        /// Joins only an attempt that had reached this stage.
        requires: Option<StageName>,
        /// How the attempt ended.
        ends: Option<EndingWord>,
        /// Breaks a session that had begun.
        drops: Option<bool>,
    }
}

shape! {
    /// A milestone.
    pub(super) struct MilestoneShape {
        side: SideWord,
        stage: StageName,
        #[schemars(length(min = 1))]
        any: Vec<Name>,
    }
}

shape! {
    /// A record of something that was changed.
    pub(super) struct ChangedShape {
        signal: Name,
        /// Field with the time or name before.
        from: Text,
        /// Field with the one after.
        to: Text,
    }
}
