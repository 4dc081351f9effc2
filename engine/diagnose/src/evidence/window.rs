//! What a relation asks: of which machine, of how many failures, and in which span of time.

use crate::attempts::attempt::Attempt;
use crate::cases::incident::Incident;
use crate::world::tick::span_ticks;
use rdpwhy_rules::thresholds::Evidence;
use rdpwhy_rules::{Anchor, Clause, Direction, Edge, End, Quantifier, Relation, SignalId};

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

/// From when to when a record must lie to stand in the relation to the attempt, in ticks.
pub(crate) fn window(anchor: &Anchor, attempt: &Attempt, limits: &Evidence) -> (i64, i64) {
    match anchor {
        Anchor::During(_) => {
            (attempt.start - span_ticks(limits.before), attempt.end + span_ticks(limits.after))
        }
        Anchor::Before(_) => (i64::MIN, attempt.start),
        Anchor::Within { span, direction, edge, .. } => {
            let span = span_ticks(*span);
            let (first, last) = match edge {
                Edge::Start => (attempt.start, attempt.start),
                Edge::End => (attempt.end, attempt.end),
                Edge::Whole => (attempt.start, attempt.end),
            };
            match direction {
                Direction::Before => (first - span, first),
                Direction::After => (last, last + span),
                Direction::Around => (first - span, last + span),
            }
        }
        Anchor::BeforeFirst { .. } | Anchor::AfterLast { .. } | Anchor::Around { .. } | Anchor::AnyTime => {
            (i64::MIN, i64::MAX)
        }
    }
}

/// From when to when an incident lasts. A single failure spans no time in which others could get in.
pub(crate) fn meanwhile(incident: &Incident, limits: &Evidence) -> (i64, i64) {
    let longer = if incident.failures.len() == 1 { span_ticks(limits.meanwhile) } else { 0 };
    (incident.start, incident.end + longer)
}
