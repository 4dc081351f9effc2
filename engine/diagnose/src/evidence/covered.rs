//! Whether the logs would hold what is missing.

use crate::attempts::attempt::Attempt;
use crate::evidence::scene::Scene;
use crate::evidence::window::{any_machine, wanted_end, window};
use crate::world::machine::Machine;
use rdpwhy_rules::{Anchor, Relation, SignalId};
use std::collections::BTreeSet;

impl Scene<'_> {
    /// Whether the logs would hold the signals at the attempt: all of them (`all`), or at least one.
    pub(super) fn covered(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        attempt: &Attempt,
        all: bool,
    ) -> bool {
        let span = match relation.anchor {
            Anchor::Within { .. } => {
                window(&relation.anchor, attempt, &self.pack.ladder().thresholds.evidence)
            }
            Anchor::Before(_) => (attempt.start, attempt.start),
            _ => (attempt.start, attempt.end),
        };
        let ends = match wanted_end(relation) {
            Some(end) => [self.end(attempt, end), None],
            None => [Some(attempt.machine), attempt.other.filter(|other| *other != attempt.machine)],
        };
        let ends: Vec<Machine> = ends.into_iter().flatten().collect();
        self.held(signals, relation, &ends, span, all)
    }

    /// Whether the logs of these machines would hold the signals in that span: all of them (`all`), or at least one.
    ///
    /// A machine whose channel was not collected does not matter as long as the other's was. What may stand on any
    /// machine is never known to be missing: the logs of the one that would have it may not be here.
    pub(super) fn held(
        &self,
        signals: &[SignalId],
        relation: &Relation<SignalId>,
        ends: &[Machine],
        (from, to): (i64, i64),
        all: bool,
    ) -> bool {
        if any_machine(relation) {
            return false;
        }
        let held = |signal: &SignalId| {
            let channel = self.pack.signal(*signal).home_channel();
            let covers = |machine: Machine| self.coverage.covers(machine, channel, from, to);
            let mut holding =
                ends.iter().copied().filter(|machine| self.coverage.holds(*machine, channel)).peekable();
            holding.peek().is_some() && holding.all(covers)
        };
        if all { signals.iter().all(held) } else { signals.iter().any(held) }
    }

    /// No machine has a log that would hold any of the signals.
    pub(super) fn is_held_nowhere(&self, signals: &[SignalId]) -> bool {
        let held = |signal: &SignalId| self.coverage.holds_anywhere(self.pack.signal(*signal).home_channel());
        !signals.iter().any(held)
    }

    pub(super) fn not_covered(&self, signals: &[SignalId]) -> String {
        let channels: BTreeSet<&str> =
            signals.iter().map(|signal| self.pack.signal(*signal).home_channel()).collect();
        let list = channels.into_iter().collect::<Vec<_>>().join(" and ");
        format!("not in these logs: {list} does not cover it")
    }
}
