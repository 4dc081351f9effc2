//! Failures that belong together.

use crate::attempts::attempt::Attempt;
use crate::world::machine::Machine;
use rdpwhy_rules::{Side, StageId};

/// Failures that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incident {
    /// The machine that saw them.
    pub machine: Machine,
    /// From which end.
    pub side: Side,
    /// Indices of its failed attempts, by start.
    pub failures: Vec<usize>,
    /// First start, in ticks on the common clock.
    pub start: i64,
    /// Last end, in ticks on the common clock.
    pub end: i64,
    /// The stages at which all of them may have broken.
    pub broke: (StageId, StageId),
    /// Strangers' failures, told only because there are no others.
    pub strangers: bool,
}

/// Failures that were put aside because the ticket is about others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Background {
    /// Indices of the failed attempts, by start.
    pub failures: Vec<usize>,
}

/// Some of the failures of an incident as one of their own.
pub(crate) fn part(whole: &Incident, failures: Vec<usize>, attempts: &[Attempt]) -> Incident {
    let of = || failures.iter().map(|&index| &attempts[index]);
    let broke =
        of().filter_map(|attempt| attempt.broke).fold(None, |kept: Option<(StageId, StageId)>, broke| {
            match kept {
                None => Some(broke),
                Some(kept) => Some((kept.0.max(broke.0), kept.1.min(broke.1))),
            }
        });
    let start = of().map(|attempt| attempt.start).min().unwrap_or(whole.start);
    let end = of().map(|attempt| attempt.end).max().unwrap_or(whole.end);
    Incident {
        machine: whole.machine,
        side: of().next().map_or(whole.side, |attempt| attempt.side),
        start,
        end,
        broke: broke.unwrap_or(whole.broke),
        strangers: whole.strangers,
        failures,
    }
}

/// One incident out of two of the same machine.
pub(crate) fn join(first: &Incident, second: &Incident) -> Incident {
    let mut failures: Vec<usize> = first.failures.iter().chain(&second.failures).copied().collect();
    failures.sort_unstable();
    failures.dedup();
    Incident {
        machine: first.machine,
        side: first.side,
        failures,
        start: first.start.min(second.start),
        end: first.end.max(second.end),
        broke: (first.broke.0.min(second.broke.0), first.broke.1.max(second.broke.1)),
        strangers: first.strangers && second.strangers,
    }
}
