//! What the failures of an incident say about a finding, counted.

use crate::evidence::seen::{Seen, State};
use rdpwhy_rules::phrase::Quantifier;

/// At most so many records stand as proof of one piece of evidence.
pub(crate) const KEPT: usize = 20;

/// Records that speak for a failure, counted without a look at each.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counted {
    /// All of them.
    pub(super) all: usize,
    /// Those that no earlier failure had.
    pub(super) fresh: usize,
    /// The latest.
    pub(super) latest: Option<u32>,
}

impl Counted {
    /// These records as well, which are in time order.
    pub(super) fn add(&mut self, list: &[u32], counted: Option<u32>) {
        self.all += list.len();
        self.fresh += list.len() - list.partition_point(|event| Some(*event) <= counted);
        self.latest = self.latest.max(list.last().copied());
    }
}

/// Counts what failures say.
#[derive(Debug, Default)]
pub(super) struct Votes {
    /// Failures at which it holds.
    pub(super) for_it: usize,
    /// Failures at which it does not.
    pub(super) against: usize,
    /// Failures of which the logs do not tell.
    pub(super) unknown: usize,
    /// Something else than recovered records spoke for it.
    live: bool,
    events: Vec<u32>,
    total: usize,
    /// The latest record that has been counted: the spans of failures overlap, and a record is one record.
    counted: Option<u32>,
}

impl Votes {
    /// A failure that these records speak for; `live` where something else than recovered records does.
    pub(super) fn vote(&mut self, events: &[u32], live: bool) {
        self.live |= live;
        self.for_it += 1;
        self.total += events.iter().filter(|event| Some(**event) > self.counted).count();
        self.counted = self.counted.max(events.iter().max().copied());
        let room = KEPT.saturating_sub(self.events.len());
        // One record of each failure first; all of them when there is room.
        self.events.extend(events.iter().take(if self.for_it > 4 { room.min(1) } else { room.min(5) }));
    }

    /// So many failures that no record speaks for: what is missing there is missing for sure.
    pub(super) fn vote_all(&mut self, failures: usize) {
        self.live |= failures > 0;
        self.for_it += failures;
    }

    /// Whether nothing but the counts depends on the records of further failures.
    pub(super) fn is_full(&self) -> bool {
        self.live && self.events.len() >= KEPT
    }

    /// The latest record that has been counted.
    pub(super) fn counted(&self) -> Option<u32> {
        self.counted
    }

    /// One more failure that records speak for, when there is proof enough.
    pub(super) fn vote_more(&mut self, records: &Counted) {
        self.for_it += 1;
        self.total += records.fresh;
        self.counted = self.counted.max(records.latest);
    }

    /// Whether something else than recovered records spoke for it.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// The result. `why` says why it is unknown.
    pub(super) fn decide(mut self, quantifier: Quantifier, why: impl FnOnce() -> String) -> Seen {
        let of = self.for_it + self.against;
        self.events.sort_unstable();
        self.events.dedup();
        let unknown = of == 0;
        let holds = match quantifier {
            Quantifier::Some => self.for_it > 0,
            Quantifier::Most => self.for_it > 0 && self.for_it * 2 >= of,
            Quantifier::Every => self.for_it > 0 && self.against == 0,
        };
        let state = match (unknown, holds) {
            (true, _) => State::Unknown,
            (false, true) => State::Present,
            (false, false) => State::Absent,
        };
        let all = of + self.unknown;
        let share = match (state, quantifier) {
            (State::Unknown, _) => 0.0,
            (State::Present, Quantifier::Some) => ratio(self.for_it, of),
            (State::Present, _) => 1.0,
            // Absence speaks only for the failures that the logs cover.
            (State::Absent, _) => ratio(self.against, all),
        };
        let why = unknown.then(why);
        Seen {
            state,
            count: self.for_it,
            of,
            share,
            events: self.events,
            total: self.total,
            successes: None,
            why,
            recovered: state == State::Present && !self.live,
        }
    }
}

/// The part of a whole, 0 of nothing.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of attempts are far below 2^52")]
    let ratio = part as f64 / whole as f64;
    ratio
}
