//! What a relation asks: of which machine, of how many failures, and in which span of time.

use crate::cases::incident::Incident;
use crate::evidence::stay::Stay;
use crate::world::tick::span_ticks;
use rdpwhy_rules::SignalId;
use rdpwhy_rules::ladder::thresholds::Evidence;
use rdpwhy_rules::phrase::{Anchor, Clause, Direction, Edge, End, Quantifier, Relation};

/// Whether the relation holds for records of any machine.
pub(crate) fn any_machine(relation: &Relation<SignalId>) -> bool {
    relation.clauses.iter().any(|clause| matches!(clause, Clause::AnyMachine))
}

/// The end of the attempt whose records the relation asks for, if it names one.
pub(crate) fn wanted_end(relation: &Relation<SignalId>) -> Option<End> {
    relation.clauses.iter().find_map(|clause| if let Clause::On(end) = clause { Some(*end) } else { None })
}

/// Of how many failures the relation must hold; `None` where it is about the whole incident.
pub(crate) fn quantifier(anchor: &Anchor) -> Option<Quantifier> {
    match anchor {
        Anchor::During(quantifier) | Anchor::Before(quantifier) | Anchor::Within { of: quantifier, .. } => {
            Some(*quantifier)
        }
        Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } | Anchor::Around { .. } | Anchor::AnyTime => {
            None
        }
    }
}

/// From when to when a record must lie to stand in a relation to an attempt, in ticks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    from: Bound,
    to: Bound,
}

/// A moment of an attempt moved by a span, or none.
#[derive(Debug, Clone, Copy)]
enum Bound {
    Start(i64),
    /// Of the end that saw it break first, …
    FirstEnd(i64),
    /// … and of the other one.
    End(i64),
    Open(i64),
}

/// A moment of an attempt, moved by so much.
type Moved = fn(i64) -> Bound;

impl Window {
    /// The window of an anchor.
    pub(crate) fn new(anchor: &Anchor, limits: &Evidence) -> Window {
        let (from, to) = match anchor {
            Anchor::During(_) => {
                (Bound::Start(-span_ticks(limits.before)), Bound::End(span_ticks(limits.after)))
            }
            Anchor::Before(_) => (Bound::Open(i64::MIN), Bound::Start(0)),
            Anchor::Within { span, direction, edge, .. } => {
                let span = span_ticks(*span);
                let (first, last): (Moved, Moved) = match edge {
                    Edge::Start => (Bound::Start, Bound::Start),
                    Edge::End => (Bound::FirstEnd, Bound::End),
                    Edge::Whole => (Bound::Start, Bound::End),
                };
                // What was before the whole was before its start, and what came after it came after its end.
                let (before, after) = if *edge == Edge::Whole { (first, last) } else { (last, first) };
                match direction {
                    Direction::Before => (first(-span), before(0)),
                    Direction::After => (after(0), last(span)),
                    Direction::Around => (first(-span), last(span)),
                }
            }
            Anchor::BeforeFirst { .. }
            | Anchor::AfterLast { .. }
            | Anchor::Around { .. }
            | Anchor::AnyTime => (Bound::Open(i64::MIN), Bound::Open(i64::MAX)),
        };
        Window { from, to }
    }

    /// The window at that attempt.
    pub(crate) fn of(&self, attempt: &Stay) -> (i64, i64) {
        (self.from.of(attempt), self.to.of(attempt))
    }
}

impl Bound {
    fn of(self, attempt: &Stay) -> i64 {
        match self {
            Bound::Start(by) => attempt.start + by,
            Bound::FirstEnd(by) => attempt.first_end + by,
            Bound::End(by) => attempt.end + by,
            Bound::Open(end) => end,
        }
    }
}

/// From when to when an incident lasts. A single failure spans no time in which others could get in.
pub(crate) fn meanwhile(incident: &Incident, limits: &Evidence) -> (i64, i64) {
    let longer = if incident.failures.len() == 1 { span_ticks(limits.meanwhile) } else { 0 };
    (incident.start, incident.end + longer)
}
