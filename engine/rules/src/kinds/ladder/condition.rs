//! States of a machine that last: found by scanning time, whether or not anybody tried to connect.

use std::time::Duration;

use rdpwhy_yaml::{Node, Reader};

use super::record::stage_range;
use super::stage::StageName;
use super::thresholds::required;
use crate::field::owned;
use crate::id::{SignalId, StageId};
use crate::names::Names;
use crate::shape::{Name, OneOrMany, SideWord, Text, TimeSpan, shape};
use crate::side::Side;

/// A state that begins with one record and ends with another.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Condition {
    /// Its word in results.
    pub id: String,
    /// What the machine was like.
    pub title: String,
    /// Whose logs tell it.
    pub side: Side,
    /// Records from which on it holds …
    pub from: Vec<SignalId>,
    /// … until one of these.
    pub until: Vec<SignalId>,
    /// Records after its beginning that show that it kept nobody out.
    pub refuted_by: Vec<SignalId>,
    /// Shorter spans do not matter.
    pub longer: Duration,
    /// Nobody could connect as long as it held: logs do not show then that nobody tried.
    pub closes: bool,
    /// The first and the last stage at which attempts break. With it the state opens a case where it outlasts the logs and
    /// nobody arrives any more.
    pub breaks: Option<(StageId, StageId)>,
    /// How sure a cause may be in that case.
    pub most: f64,
}

/// Reads a condition; `most` is how sure a cause may be if it does not say.
pub(super) fn condition(node: &Node, reader: Reader<'_>, most: f64, names: &Names) -> Option<Condition> {
    let mut map = reader.map(node);
    let id = owned(map.required_text("id"));
    let title = owned(map.required_text("title"));
    let side = map.required_choice("side", Side::CHOICES);
    let from = names.signals(map.list("from"), reader);
    let until = names.signals(map.list("until"), reader);
    let refuted_by = names.signals(map.list("refuted_by"), reader);
    let longer = required(&mut map, "longer");
    let closes = map.boolean("closes").unwrap_or(false);
    let has_breaks = map.optional("breaks").is_some();
    let breaks = has_breaks.then(|| stage_range(&mut map, "breaks", reader, names)).flatten();
    let most = map.number("most").unwrap_or(most);
    map.finish();
    Some(Condition { id, title, side: side?, from, until, refuted_by, longer, closes, breaks, most })
}

shape! {
    /// A state of a machine that lasts.
    pub(super) struct ConditionShape {
        /// Its word in results.
        id: Text,
        /// What the machine was like.
        title: Text,
        /// Whose logs tell it.
        side: SideWord,
        /// Records from which on it holds …
        from: Vec<Name>,
        /// … until one of these.
        until: Vec<Name>,
        /// Records after its beginning that show that it kept nobody out.
        refuted_by: Option<Vec<Name>>,
        /// Shorter spans do not matter.
        longer: TimeSpan,
        /// Whether nobody could connect as long as it held.
        closes: Option<bool>,
        /// The stage at which attempts break, or the first and the last possible: with it the state opens a case where it
        /// outlasts the logs and nobody arrives any more.
        breaks: Option<OneOrMany<StageName>>,
        /// No cause is surer than this in that case.
        most: Option<f64>,
    }
}
